//! What happens to the clocks of something. Every function works inside the caller's transaction, so
//! that a thing and its promises change together or not at all.

use sqlx::{Any, Transaction};

use super::clock::{About, Act, Clock, take, take_live};
use super::policy::TargetKind;
use super::state::{ClockState, Step};
use crate::alarms::Priority;
use crate::database::new_id;
use crate::http::Problem;

/// What holds a clock. Several things can at once; it runs again when the last of them is over.
#[derive(Debug, Clone, Copy)]
pub(crate) enum HeldBy<'a> {
    /// Somebody who says so.
    Person,
    /// A work order on hold, by its id.
    WorkOrder(&'a str),
    /// A customer who still has what is to come back.
    Customer,
}

impl HeldBy<'_> {
    fn key(self) -> String {
        match self {
            Self::Person => "person".to_owned(),
            Self::WorkOrder(id) => format!("work_order:{id}"),
            Self::Customer => "customer".to_owned(),
        }
    }
}

/// What was promised is done. Without such a clock nothing happens.
pub(crate) async fn meet(
    tx: &mut Transaction<'_, Any>,
    about: About<'_>,
    kind: TargetKind,
    act: Act<'_>,
) -> Result<(), Problem> {
    for mut clock in take_live(tx, about, act.at).await?.into_iter().filter(|c| c.kind == kind) {
        clock.end(tx, Step::Meet, act).await?;
    }
    Ok(())
}

/// Nobody waits for it any more.
pub(crate) async fn cancel(
    tx: &mut Transaction<'_, Any>,
    about: About<'_>,
    act: Act<'_>,
) -> Result<(), Problem> {
    for mut clock in take_live(tx, about, act.at).await? {
        clock.end(tx, Step::Cancel, act).await?;
    }
    Ok(())
}

/// It turns out that what counted as done was not: the newest clock of the kind goes on, as if it had
/// never stopped.
pub(crate) async fn take_back(
    tx: &mut Transaction<'_, Any>,
    about: About<'_>,
    kind: TargetKind,
    act: Act<'_>,
) -> Result<(), Problem> {
    let newest: Option<String> = sqlx::query_scalar(
        "SELECT id FROM sla_clocks WHERE subject_kind = $1 AND subject_id = $2 AND kind = $3 \
         ORDER BY id DESC LIMIT 1",
    )
    .bind(about.kind.as_str())
    .bind(about.id)
    .bind(kind.as_str())
    .fetch_optional(&mut **tx)
    .await?;
    let Some(id) = newest else { return Ok(()) };
    let Some(mut clock) = take(tx, &id).await? else { return Ok(()) };
    if clock.state != ClockState::Met {
        return Ok(());
    }
    clock.step(tx, Step::TakeBack, act, clock.due_at).await?;
    clock.save(tx).await?;
    clock.settle(tx, act.at).await?;
    Ok(())
}

/// Stops the clocks of a kind that run. One that is late already stays so.
pub(crate) async fn hold(
    tx: &mut Transaction<'_, Any>,
    about: About<'_>,
    kind: TargetKind,
    by: HeldBy<'_>,
    act: Act<'_>,
) -> Result<(), Problem> {
    for mut clock in take_live(tx, about, act.at).await?.into_iter().filter(|c| c.kind == kind) {
        clock.hold(tx, by, act).await?;
    }
    Ok(())
}

/// What held clocks is over; those that nothing else holds run again.
pub(crate) async fn resume(
    tx: &mut Transaction<'_, Any>,
    about: About<'_>,
    by: HeldBy<'_>,
    act: Act<'_>,
) -> Result<(), Problem> {
    for mut clock in take_live(tx, about, act.at).await? {
        clock.resume(tx, by, act).await?;
    }
    Ok(())
}

/// It has become more or less urgent: what is due is found out anew. The promise stays.
pub(crate) async fn reprioritise(
    tx: &mut Transaction<'_, Any>,
    about: About<'_>,
    priority: Priority,
    act: Act<'_>,
) -> Result<(), Problem> {
    for mut clock in take_live(tx, about, act.at).await? {
        if clock.priority != priority {
            clock.priority = priority;
            clock.retarget(tx, act).await?;
        }
    }
    Ok(())
}

impl Clock {
    /// Stops it, and says whether anything holds it that did not before.
    pub(super) async fn hold(
        &mut self,
        tx: &mut Transaction<'_, Any>,
        by: HeldBy<'_>,
        act: Act<'_>,
    ) -> Result<bool, Problem> {
        if !matches!(self.state, ClockState::Running | ClockState::OnHold) {
            return Ok(false);
        }
        let held = sqlx::query(
            "INSERT INTO sla_holds (id, clock_id, source, from_at, who, reason) \
             VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (clock_id, source) WHERE to_at IS NULL \
             DO NOTHING",
        )
        .bind(new_id())
        .bind(&self.id)
        .bind(by.key())
        .bind(act.at)
        .bind(act.who)
        .bind(act.why)
        .execute(&mut **tx)
        .await?;
        let due_before = self.due_at;
        self.compute(tx).await?;
        self.step(tx, Step::Hold, act, due_before).await?;
        self.save(tx).await?;
        Ok(held.rows_affected() > 0)
    }

    /// Ends what one source held, and says whether it held anything.
    pub(super) async fn resume(
        &mut self,
        tx: &mut Transaction<'_, Any>,
        by: HeldBy<'_>,
        act: Act<'_>,
    ) -> Result<bool, Problem> {
        let ended = sqlx::query(
            "UPDATE sla_holds SET to_at = $3 WHERE clock_id = $1 AND source = $2 AND to_at IS NULL",
        )
        .bind(&self.id)
        .bind(by.key())
        .bind(act.at)
        .execute(&mut **tx)
        .await?;
        if ended.rows_affected() == 0 {
            return Ok(false);
        }
        let others: i64 = sqlx::query_scalar(
            "SELECT count(*) FROM sla_holds WHERE clock_id = $1 AND to_at IS NULL",
        )
        .bind(&self.id)
        .fetch_one(&mut **tx)
        .await?;
        if others == 0 && self.state == ClockState::OnHold {
            self.compute(tx).await?;
            self.step(tx, Step::Resume, act, None).await?;
            self.save(tx).await?;
            self.settle(tx, act.at).await?;
        }
        Ok(true)
    }

    /// Ends it, and with it whatever holds it.
    async fn end(
        &mut self,
        tx: &mut Transaction<'_, Any>,
        step: Step,
        act: Act<'_>,
    ) -> Result<(), Problem> {
        let due_before = self.due_at;
        let held =
            sqlx::query("UPDATE sla_holds SET to_at = $2 WHERE clock_id = $1 AND to_at IS NULL")
                .bind(&self.id)
                .bind(act.at)
                .execute(&mut **tx)
                .await?;
        if held.rows_affected() > 0 {
            // When it would have been due, for whoever compares later.
            self.compute(tx).await?;
        }
        self.step(tx, step, act, due_before).await?;
        self.save(tx).await
    }
}
