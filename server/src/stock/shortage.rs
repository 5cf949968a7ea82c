//! What people are told when a depot has not enough.

use sqlx::{Any, Transaction};

use super::ledger::{Delta, Held, level};
use crate::http::Problem;
use crate::limits::{OTHER_DEPOTS, QUANTITY_MOST};

/// Depots that have some of a part free, but for one: the fullest first, each with how many.
pub(super) async fn elsewhere(
    tx: &mut Transaction<'_, Any>,
    part: &Held,
    but_for: &str,
) -> Result<Vec<String>, Problem> {
    let rows: Vec<(String, i64)> = sqlx::query_as(
        "SELECT d.name, l.on_hand - l.reserved AS free FROM stock_levels l \
         JOIN depots d ON d.id = l.depot_id WHERE l.part_id = $1 AND l.depot_id <> $2 \
         AND d.site_id IS NULL AND l.on_hand > l.reserved ORDER BY free DESC, d.name LIMIT $3",
    )
    .bind(&part.id)
    .bind(but_for)
    .bind(OTHER_DEPOTS)
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows.into_iter().map(|(name, free)| format!("{name} has {free}")).collect())
}

/// Why a level cannot change.
pub(super) async fn conflict(
    tx: &mut Transaction<'_, Any>,
    part: &Held,
    depot_id: &str,
    delta: Delta,
) -> Result<Problem, Problem> {
    let there = level(tx, part, depot_id).await?;
    let depot: String = sqlx::query_scalar("SELECT name FROM depots WHERE id = $1")
        .bind(depot_id)
        .fetch_one(&mut **tx)
        .await?;
    let called = part.called();
    if there.on_hand + delta.on_hand > QUANTITY_MOST {
        return Ok(Problem::Conflict(format!("a depot holds at most {QUANTITY_MOST} of a part")));
    }
    let needed = delta.reserved - delta.on_hand;
    let (free, reserved) = (there.free(), there.reserved);
    let mut text = format!("{depot} has {free} of {called} free, and {needed} are needed");
    if reserved > 0 {
        text += &format!(" ({reserved} more are reserved)");
    }
    let others = elsewhere(tx, part, depot_id).await?;
    text += "; ";
    text += &match others.is_empty() {
        true => "nowhere else are any".to_owned(),
        false => others.join(", "),
    };
    Ok(Problem::Conflict(text))
}
