//! A level falls below its minimum: people hear of it once for each fall.

use sqlx::{Any, Transaction};

use super::ledger::{Held, Level};
use crate::http::Problem;
use crate::notifications::{About, Event, What, notify};

/// Looks at a level after a change. What is reserved counts as gone: it is about to be.
pub(super) async fn look(
    tx: &mut Transaction<'_, Any>,
    part: &Held,
    depot_id: &str,
    level: &Level,
    now: i64,
) -> Result<(), Problem> {
    let low = level.free() < level.minimum;
    if low == level.low_since.is_some() {
        return Ok(());
    }
    let fall = level.falls + i64::from(low);
    sqlx::query(
        "UPDATE stock_levels SET low_since = $3, falls = $4 WHERE part_id = $1 AND depot_id = $2",
    )
    .bind(&part.id)
    .bind(depot_id)
    .bind(low.then_some(now))
    .bind(fall)
    .execute(&mut **tx)
    .await?;
    if !low {
        return Ok(());
    }
    let depot: String = sqlx::query_scalar("SELECT name FROM depots WHERE id = $1")
        .bind(depot_id)
        .fetch_one(&mut **tx)
        .await?;
    let called = part.called();
    let (left, minimum) = (level.free(), level.minimum);
    let what = What::LowStock { part: &called, depot: &depot, left, minimum };
    let key = format!("low-stock:{}:{depot_id}:{fall}", part.id);
    let about = About { kind: "part", id: &part.id, path: "/stock" };
    notify(tx, Event::new(&key, what, about, "minimum of a stock level"), now).await?;
    Ok(())
}
