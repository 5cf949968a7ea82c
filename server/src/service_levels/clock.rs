//! One clock, held while it is changed: its row, its steps, and when it is due.

use sla::{Calendar, Hold, Target, due};
use sqlx::{Any, FromRow, Transaction};

use super::SubjectKind;
use super::calendar::calendar_at;
use super::notices::Notice;
use super::policy::{TargetKind, counts, due_soon_s};
use super::state::{ClockState, Step};
use crate::alarms::Priority;
use crate::database::new_id;
use crate::http::Problem;

/// Who moves clocks when time does.
pub(super) const CLOCK: &str = "clock";

/// What clocks are about.
#[derive(Debug, Clone, Copy)]
pub(crate) struct About<'a> {
    pub kind: SubjectKind,
    pub id: &'a str,
}

/// Somebody does something, for a reason, at a time (microseconds).
#[derive(Debug, Clone, Copy)]
pub(crate) struct Act<'a> {
    pub who: &'a str,
    pub why: &'a str,
    pub at: i64,
}

/// Columns of [`Row`].
const ROW: &str = "id, kind, priority, policy, policy_version, calendar, calendar_version, time_zone, \
     target_s, due_soon_percent, state, started_at, due_at, due_soon_at, due_soon_noticed_at, \
     breached_at, breach_noticed_at, met_at";

#[derive(FromRow)]
struct Row {
    id: String,
    kind: String,
    priority: String,
    policy: String,
    policy_version: i64,
    calendar: Option<String>,
    calendar_version: Option<i64>,
    time_zone: String,
    target_s: i64,
    due_soon_percent: i64,
    state: String,
    started_at: i64,
    due_at: Option<i64>,
    due_soon_at: Option<i64>,
    due_soon_noticed_at: Option<i64>,
    breached_at: Option<i64>,
    breach_noticed_at: Option<i64>,
    met_at: Option<i64>,
}

/// A clock whose row is ours until the transaction ends.
#[derive(Debug)]
pub(super) struct Clock {
    pub id: String,
    pub kind: TargetKind,
    pub priority: Priority,
    pub policy: String,
    pub policy_version: i64,
    pub calendar: Option<String>,
    pub calendar_version: Option<i64>,
    pub time_zone: String,
    pub target_s: i64,
    pub due_soon_percent: i64,
    pub state: ClockState,
    pub started_at: i64,
    pub due_at: Option<i64>,
    pub due_soon_at: Option<i64>,
    pub due_soon_noticed_at: Option<i64>,
    pub breached_at: Option<i64>,
    pub breach_noticed_at: Option<i64>,
    pub met_at: Option<i64>,
}

impl TryFrom<Row> for Clock {
    type Error = Problem;
    fn try_from(r: Row) -> Result<Self, Problem> {
        Ok(Self {
            kind: TargetKind::parse(&r.kind)?,
            priority: Priority::parse(&r.priority)?,
            state: ClockState::parse(&r.state)?,
            id: r.id,
            policy: r.policy,
            policy_version: r.policy_version,
            calendar: r.calendar,
            calendar_version: r.calendar_version,
            time_zone: r.time_zone,
            target_s: r.target_s,
            due_soon_percent: r.due_soon_percent,
            started_at: r.started_at,
            due_at: r.due_at,
            due_soon_at: r.due_soon_at,
            due_soon_noticed_at: r.due_soon_noticed_at,
            breached_at: r.breached_at,
            breach_noticed_at: r.breach_noticed_at,
            met_at: r.met_at,
        })
    }
}

/// Takes the row of a clock: whoever changes it takes turns, and sees what the one before has done.
pub(super) async fn take(
    tx: &mut Transaction<'_, Any>,
    id: &str,
) -> Result<Option<Clock>, Problem> {
    let sql = format!("UPDATE sla_clocks SET version = version + 1 WHERE id = $1 RETURNING {ROW}");
    let row: Option<Row> =
        sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(id).fetch_optional(&mut **tx).await?;
    row.map(Clock::try_from).transpose()
}

/// Takes the clocks of something whose promise is still to be kept, each brought up to now. They are
/// taken one by one in the order of their ids, so that nobody waits in a circle.
pub(super) async fn take_live(
    tx: &mut Transaction<'_, Any>,
    about: About<'_>,
    now: i64,
) -> Result<Vec<Clock>, Problem> {
    let ids: Vec<String> = sqlx::query_scalar(
        "SELECT id FROM sla_clocks WHERE subject_kind = $1 AND subject_id = $2 \
         AND state IN ('running', 'on_hold', 'breached') ORDER BY id",
    )
    .bind(about.kind.as_str())
    .bind(about.id)
    .fetch_all(&mut **tx)
    .await?;
    let mut clocks = Vec::with_capacity(ids.len());
    for id in ids {
        if let Some(mut clock) = take(tx, &id).await?
            && clock.state.is_live()
        {
            clock.settle(tx, now).await?;
            clocks.push(clock);
        }
    }
    Ok(clocks)
}

impl Clock {
    /// Takes a step that its state allows, and writes it down.
    pub async fn step(
        &mut self,
        tx: &mut Transaction<'_, Any>,
        step: Step,
        act: Act<'_>,
        due_before: Option<i64>,
    ) -> Result<(), Problem> {
        let Some(to) = self.state.after(step) else { return Ok(()) };
        let from = std::mem::replace(&mut self.state, to);
        match step {
            Step::Breach => self.breached_at = self.breached_at.or(self.due_at),
            Step::Meet => self.met_at = Some(act.at),
            Step::TakeBack => self.met_at = None,
            Step::Hold | Step::Resume | Step::Cancel => {}
        }
        self.record(tx, Some(from), act, due_before).await
    }

    /// Does what time has brought about: what is not done by its due time is late.
    pub async fn settle(&mut self, tx: &mut Transaction<'_, Any>, now: i64) -> Result<(), Problem> {
        if self.state == ClockState::Running && self.due_at.is_some_and(|at| at <= now) {
            let act = Act { who: CLOCK, why: "it was not done by then", at: now };
            self.step(tx, Step::Breach, act, self.due_at).await?;
            self.save(tx).await?;
        }
        Ok(())
    }

    /// What nobody was told yet: that it is late, or that it is due soon.
    pub fn unnoticed(&self, now: i64) -> Option<Notice> {
        let at = self.attend_at().filter(|at| *at <= now);
        at.map(|_| if self.breached_at.is_some() { Notice::Breached } else { Notice::DueSoon })
    }

    /// Finds out anew when it is due: by its target and hours, without the time on hold. Nothing is
    /// due while it is held.
    pub async fn compute(&mut self, tx: &mut Transaction<'_, Any>) -> Result<(), Problem> {
        let (calendar_version, hours) = match &self.calendar {
            Some(name) => {
                let (version, hours) =
                    calendar_at(tx, name, self.calendar_version, &self.time_zone).await?;
                (Some(version), hours)
            }
            None => (None, Calendar::always()),
        };
        self.calendar_version = calendar_version;
        let holds = holds(tx, &self.id).await?;
        let counts = counts(self.calendar.as_deref());
        let at = |seconds| {
            due(&hours, self.started_at, Target { seconds, counts }, &holds)
                .map_err(|e| Problem::Internal(Box::new(e)))
        };
        self.due_at = at(self.target_s)?;
        self.due_soon_at = at(due_soon_s(self.target_s, self.due_soon_percent))?;
        Ok(())
    }

    /// When somebody has to look after it next.
    fn attend_at(&self) -> Option<i64> {
        match self.state {
            ClockState::Breached | ClockState::Met if self.breach_noticed_at.is_none() => {
                self.breached_at
            }
            ClockState::Running if self.due_soon_noticed_at.is_none() => {
                self.due_soon_at.min(self.due_at)
            }
            ClockState::Running => self.due_at,
            _ => None,
        }
    }

    /// Writes it back.
    pub async fn save(&self, tx: &mut Transaction<'_, Any>) -> Result<(), Problem> {
        sqlx::query(
            "UPDATE sla_clocks SET priority = $2, policy_version = $3, calendar = $4, \
             calendar_version = $5, target_s = $6, due_soon_percent = $7, state = $8, due_at = $9, \
             due_soon_at = $10, due_soon_noticed_at = $11, breached_at = $12, met_at = $13, \
             attend_at = $14, breach_noticed_at = $15 WHERE id = $1",
        )
        .bind(&self.id)
        .bind(self.priority.as_str())
        .bind(self.policy_version)
        .bind(self.calendar.as_deref())
        .bind(self.calendar_version)
        .bind(self.target_s)
        .bind(self.due_soon_percent)
        .bind(self.state.as_str())
        .bind(self.due_at)
        .bind(self.due_soon_at)
        .bind(self.due_soon_noticed_at)
        .bind(self.breached_at)
        .bind(self.met_at)
        .bind(self.attend_at())
        .bind(self.breach_noticed_at)
        .execute(&mut **tx)
        .await?;
        Ok(())
    }

    /// Writes down what happened.
    pub async fn record(
        &self,
        tx: &mut Transaction<'_, Any>,
        from: Option<ClockState>,
        act: Act<'_>,
        due_before: Option<i64>,
    ) -> Result<(), Problem> {
        sqlx::query(
            "INSERT INTO sla_clock_steps (id, clock_id, at, from_state, to_state, who, why, \
             due_before, due_after) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        )
        .bind(new_id())
        .bind(&self.id)
        .bind(act.at)
        .bind(from.map(ClockState::as_str))
        .bind(self.state.as_str())
        .bind(act.who)
        .bind(act.why)
        .bind(due_before)
        .bind(self.due_at)
        .execute(&mut **tx)
        .await?;
        Ok(())
    }
}

async fn holds(tx: &mut Transaction<'_, Any>, clock_id: &str) -> Result<Vec<Hold>, sqlx::Error> {
    let rows: Vec<(i64, Option<i64>)> =
        sqlx::query_as("SELECT from_at, to_at FROM sla_holds WHERE clock_id = $1")
            .bind(clock_id)
            .fetch_all(&mut **tx)
            .await?;
    Ok(rows.into_iter().map(|(from_us, to_us)| Hold { from_us, to_us }).collect())
}
