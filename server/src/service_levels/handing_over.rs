//! One promise goes on as another: whoever asked waits once, also when what they asked for becomes a
//! ticket, or when it turns out later whose machine it is.

use sqlx::{Any, Transaction};

use super::clock::{About, Clock, take_live};
use super::policy::TargetKind;
use super::starting::{Start, Terms};
use crate::http::Problem;

/// Lets the clocks of something go on as those of `start`, with their beginning, their holds and what was
/// promised first. A kind that runs there already stays, and so does the clock here. What is due is found
/// out anew by the contract and the priority of `start`.
pub(crate) async fn hand_over(
    tx: &mut Transaction<'_, Any>,
    from: About<'_>,
    start: Start<'_>,
) -> Result<(), Problem> {
    let wanted = |clock: &Clock| start.kinds.contains(&clock.kind);
    let clocks = take_live(tx, from, start.act.at).await?;
    if !clocks.iter().any(wanted) {
        return Ok(());
    }
    let terms = Terms::of(tx, start.whose, start.act.at).await?;
    for mut clock in clocks.into_iter().filter(wanted) {
        if moved(tx, &clock, &start, &terms).await? {
            clock.priority = start.priority;
            if let Some(policy) = &terms.policy {
                clock.policy.clone_from(policy);
            }
            clock.time_zone.clone_from(&terms.time_zone);
            clock.retarget(tx, start.act).await?;
        }
    }
    Ok(())
}

/// Whether it belongs to what is started now.
async fn moved(
    tx: &mut Transaction<'_, Any>,
    clock: &Clock,
    start: &Start<'_>,
    terms: &Terms,
) -> Result<bool, Problem> {
    let moved = sqlx::query(
        "UPDATE sla_clocks SET subject_kind = $2, subject_id = $3, asset_id = $4, \
         contract_id = $5, policy = coalesce($6, policy), time_zone = $7 WHERE id = $1 \
         AND NOT EXISTS (SELECT 1 FROM sla_clocks o WHERE o.subject_kind = $2 \
         AND o.subject_id = $3 AND o.kind = $8 AND o.id <> $1 \
         AND o.state IN ('running', 'on_hold', 'breached'))",
    )
    .bind(&clock.id)
    .bind(start.about.kind.as_str())
    .bind(start.about.id)
    .bind(start.whose.asset_id)
    .bind(terms.contract.as_ref().map(|cover| cover.contract_id.as_str()))
    .bind(terms.policy.as_deref())
    .bind(&terms.time_zone)
    .bind(clock.kind.as_str())
    .execute(&mut **tx)
    .await?;
    Ok(moved.rows_affected() > 0)
}

/// When something is due by its clock that runs; `None` without one, and while it is on hold.
pub(crate) async fn due_at(
    tx: &mut Transaction<'_, Any>,
    about: About<'_>,
    kind: TargetKind,
) -> Result<Option<i64>, Problem> {
    let due: Option<Option<i64>> = sqlx::query_scalar(
        "SELECT due_at FROM sla_clocks WHERE subject_kind = $1 AND subject_id = $2 AND kind = $3 \
         AND state IN ('running', 'on_hold', 'breached')",
    )
    .bind(about.kind.as_str())
    .bind(about.id)
    .bind(kind.as_str())
    .fetch_optional(&mut **tx)
    .await?;
    Ok(due.flatten())
}
