//! A suspension that runs for longer.

use sqlx::{Any, Transaction};

use super::{Ledger, Suspend};
use crate::http::Problem;

/// Lets a suspension of the asset run until the wanted end; where it has ended by itself, the
/// wanted one begins. The rules of [`super::suspend`] hold here too. Answers the id of the suspension
/// that runs now.
///
/// # Errors
/// As [`super::suspend`].
pub(crate) async fn prolong(
    tx: &mut Transaction<'_, Any>,
    running: Option<&str>,
    wanted: &Suspend<'_>,
) -> Result<String, Problem> {
    let mut ledger = Ledger::hold(tx, wanted.asset_id, wanted.now).await?;
    ledger.settle().await?;
    let prolonged: Option<String> = sqlx::query_scalar(
        "UPDATE alarm_suspensions SET until_at = $2 WHERE id = $1 AND ended_at IS NULL \
         RETURNING id",
    )
    .bind(running)
    .bind(wanted.until_at)
    .fetch_optional(&mut **ledger.tx)
    .await?;
    match prolonged {
        Some(id) => Ok(id),
        None => ledger.suspend(wanted, None).await,
    }
}
