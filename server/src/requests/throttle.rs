//! How much may be written without a login. The database counts, so that several servers count
//! together and a restart forgets nothing.

use sqlx::{Any, Transaction};

use crate::http::Problem;
use crate::tokens::digest;

const HOUR_US: i64 = 3_600 * 1_000_000;

/// Counts a write of `writer` in this hour, or says how long it has to wait. Writers are kept as
/// digests: the count is no list of addresses.
pub(super) async fn count(
    tx: &mut Transaction<'_, Any>,
    writer: &str,
    most: i64,
    now: i64,
) -> Result<(), Problem> {
    let hour = now.div_euclid(HOUR_US);
    // The hour before stays: another write that began in it may be counting still.
    sqlx::query("DELETE FROM public_writes WHERE hour < $1")
        .bind(hour - 1)
        .execute(&mut **tx)
        .await?;
    let counted = sqlx::query(
        "INSERT INTO public_writes (writer, hour, writes) VALUES ($1, $2, 1) \
         ON CONFLICT (writer, hour) DO UPDATE SET writes = public_writes.writes + 1 \
         WHERE public_writes.writes < $3",
    )
    .bind(digest(writer.as_bytes()))
    .bind(hour)
    .bind(most)
    .execute(&mut **tx)
    .await?;
    if counted.rows_affected() > 0 {
        return Ok(());
    }
    let wait_us = (hour + 1) * HOUR_US - now;
    Err(Problem::TooMany { retry_after_s: (wait_us / 1_000_000 + 1).unsigned_abs() })
}
