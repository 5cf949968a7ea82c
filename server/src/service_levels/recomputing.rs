//! A policy or its hours have a newer version: what is due is found out anew, and what was promised
//! first stays on record.

use sqlx::{Any, Transaction};

use super::clock::{Act, Clock, take};
use super::named;
use super::policy::SlaPolicy;
use super::state::ClockState;
use crate::http::Problem;

/// Brings the clocks that run under an older version than the one that holds up to it, and says how
/// many that were; `most` at a time. Doing it again changes nothing.
pub(super) async fn recompute(
    tx: &mut Transaction<'_, Any>,
    most: i64,
    act: Act<'_>,
) -> Result<usize, Problem> {
    let ids: Vec<String> = sqlx::query_scalar(
        "SELECT c.id FROM sla_clocks c JOIN sla_policies p ON p.name = c.policy \
         LEFT JOIN calendars k ON k.name = c.calendar WHERE c.state IN ('running', 'on_hold') \
         AND (c.policy_version < p.version OR c.calendar_version < k.version) \
         ORDER BY c.id LIMIT $1",
    )
    .bind(most)
    .fetch_all(&mut **tx)
    .await?;
    for id in &ids {
        if let Some(mut clock) = take(tx, id).await? {
            // What was late before the change stays late.
            clock.settle(tx, act.at).await?;
            clock.retarget(tx, act).await?;
        }
    }
    Ok(ids.len())
}

impl Clock {
    /// Takes over what the policy and the hours that hold now say. A target that the policy has no
    /// more stays as it was promised.
    pub(super) async fn retarget(
        &mut self,
        tx: &mut Transaction<'_, Any>,
        act: Act<'_>,
    ) -> Result<(), Problem> {
        if matches!(self.state, ClockState::Running | ClockState::OnHold) {
            let policy = named::at::<SlaPolicy>(tx, &self.policy, None).await?;
            self.policy_version = policy.version();
            self.due_soon_percent = policy.content.due_soon_percent;
            let target_before = self.target_s;
            if let Some(target) = policy.content.target(self.kind, self.priority) {
                self.target_s = target.seconds;
                self.calendar.clone_from(&target.calendar);
            }
            self.calendar_version = None;
            let due_before = self.due_at;
            self.compute(tx).await?;
            if (due_before, target_before) != (self.due_at, self.target_s) {
                self.record(tx, Some(self.state), act, due_before).await?;
            }
        }
        self.save(tx).await?;
        self.settle(tx, act.at).await?;
        Ok(())
    }
}
