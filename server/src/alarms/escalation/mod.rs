//! Escalation by time: an active alarm that nobody acknowledges becomes more urgent. After how long
//! and how urgent is policy data with versions, never a constant.

mod policy;

pub(crate) use policy::{__path_change, __path_versions, change, versions};
pub use policy::{EscalationStep, EscalationVersion, NewEscalation};

use sqlx::FromRow;

use super::class::Priority;
use super::ledger::{CLOCK, Ledger};
use super::state::AlarmState;
use crate::app::App;
use crate::http::Problem;
use crate::metrics::Metrics;
use crate::notifications::{About, Event, What, notify};

/// Alarms that wait, with what the newest version of the policy says about their priority.
const WAITING: &str = "FROM alarms l JOIN alarm_escalations e ON e.priority = l.priority \
     AND e.version = (SELECT max(v.version) FROM alarm_escalation_versions v) \
     WHERE l.waiting_since IS NOT NULL AND l.escalation_over = 0";

#[derive(FromRow)]
struct Due {
    machine: String,
    summary: String,
    version: i64,
    escalation_level: i64,
    priority: String,
    after_s: i64,
    raise_to: String,
    note: String,
    ticket_id: Option<String>,
}

/// Escalates what has waited too long.
pub(super) async fn attend(app: &App, now: i64) -> Result<(), Problem> {
    let sql = format!(
        "SELECT l.asset_id, l.id {WAITING} AND l.waiting_since + e.after_s * 1000000 <= $1 \
         ORDER BY l.waiting_since"
    );
    let due: Vec<(String, String)> =
        sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(now).fetch_all(&app.database).await?;
    for (asset_id, alarm_id) in due {
        let mut tx = app.database.begin().await?;
        let mut ledger = Ledger::hold(&mut tx, &asset_id, now).await?;
        let escalated = ledger.escalate(&alarm_id).await?;
        let mut changes = ledger.changes;
        tx.commit().await?;
        if escalated {
            Metrics::add(&app.metrics.escalated, 1);
            changes.escalated.insert(alarm_id);
        }
        changes.announce(app).await?;
    }
    Ok(())
}

/// When the next alarm has waited too long.
pub(super) async fn next_due(app: &App) -> Result<Option<i64>, Problem> {
    let sql = format!("SELECT min(l.waiting_since + e.after_s * 1000000) {WAITING}");
    Ok(sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).fetch_one(&app.database).await?)
}

impl Ledger<'_, '_> {
    /// Escalates an alarm once, when it is still due: somebody may have seen it meanwhile.
    async fn escalate(&mut self, alarm_id: &str) -> Result<bool, Problem> {
        let sql = format!(
            "SELECT (SELECT a.name FROM assets a WHERE a.id = l.asset_id) AS machine, l.summary, \
             e.version, l.escalation_level, l.priority, e.after_s, e.raise_to, e.note, l.ticket_id \
             {WAITING} AND l.waiting_since + e.after_s * 1000000 <= $1 AND l.id = $2"
        );
        let due: Option<Due> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
            .bind(self.now)
            .bind(alarm_id)
            .fetch_optional(&mut **self.tx)
            .await?;
        let Some(due) = due else { return Ok(false) };
        let (from, to) = (Priority::parse(&due.priority)?, Priority::parse(&due.raise_to)?);
        sqlx::query(
            "UPDATE alarms SET priority = $2, escalation_level = escalation_level + 1, \
             escalation_over = $3, waiting_since = $4 WHERE id = $1",
        )
        .bind(alarm_id)
        .bind(to.as_str())
        .bind(i64::from(to <= from))
        .bind(self.now)
        .execute(&mut **self.tx)
        .await?;
        let why = format!(
            "not acknowledged for {} s: {} becomes {}. {}",
            due.after_s,
            from.as_str(),
            to.as_str(),
            due.note
        );
        let state = AlarmState::UnacknowledgedActive;
        self.record(alarm_id, Some(state), state, CLOCK, why.trim()).await?;
        self.tell_escalated(alarm_id, &due, to).await?;
        if let Some(ticket_id) = due.ticket_id {
            self.ticket_follows(ticket_id).await?;
        }
        Ok(true)
    }

    async fn tell_escalated(
        &mut self,
        alarm_id: &str,
        due: &Due,
        to: Priority,
    ) -> Result<(), Problem> {
        let key = format!("alarm-escalated:{alarm_id}:{}", due.escalation_level + 1);
        let what = What::AlarmEscalated {
            machine: &due.machine,
            alarm: &due.summary,
            priority: to.as_str(),
        };
        let path = format!("/alarms/{alarm_id}");
        let about = About { kind: "alarm", id: alarm_id, path: &path };
        let rule = format!("alarm escalation, version {}", due.version);
        notify(self.tx, Event::new(&key, what, about, &rule), self.now).await?;
        Ok(())
    }
}
