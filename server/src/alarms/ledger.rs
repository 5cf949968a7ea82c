//! Changes of the alarms of one asset, in one transaction, each transition recorded.

use std::collections::BTreeSet;

use sqlx::{Any, FromRow, Transaction};

use super::class::{Class, Priority};
use super::state::{AlarmState, Step};
use super::{flood, list};
use crate::app::App;
use crate::database::new_id;
use crate::http::Problem;
use crate::{requests, tickets};

/// Who moves alarms when readings do.
pub(crate) const DETECTION: &str = "detection";
/// Who moves alarms when time does.
pub(super) const CLOCK: &str = "clock";

/// Takes the row of the asset, so that whatever changes its alarms, suspensions and tickets goes one
/// after the other. Has to be the first statement of the transaction: SQLite cannot turn a
/// transaction that has read into one that writes when somebody else has written since.
///
/// # Errors
/// [`Problem::NotFound`] when there is no such asset.
pub(crate) async fn hold(tx: &mut Transaction<'_, Any>, asset_id: &str) -> Result<(), Problem> {
    let held = sqlx::query("UPDATE assets SET name = name WHERE id = $1")
        .bind(asset_id)
        .execute(&mut **tx)
        .await?;
    match held.rows_affected() {
        0 => Err(Problem::NotFound("asset")),
        _ => Ok(()),
    }
}

/// What a transaction changed; announced when it has been committed.
#[derive(Debug, Default)]
#[must_use = "what was committed has to be announced"]
pub(super) struct Changes {
    pub alarms: BTreeSet<String>,
    pub tickets: BTreeSet<String>,
    /// Floods that began or ended.
    pub floods: BTreeSet<String>,
    /// Alarms that were escalated.
    pub escalated: BTreeSet<String>,
    /// Requests that alarms made.
    pub requests: BTreeSet<String>,
}

impl Changes {
    /// Tells watchers, and wakes the task that waits for the next due time.
    pub async fn announce(self, app: &App) -> Result<(), Problem> {
        for id in &self.alarms {
            app.announce("alarm", &list::find(app, id).await?);
        }
        for id in &self.escalated {
            app.announce("escalation", &list::find(app, id).await?);
        }
        for id in &self.floods {
            flood::announce(app, id).await?;
        }
        for id in &self.tickets {
            tickets::announce(app, id).await?;
        }
        for id in &self.requests {
            requests::announce(app, id).await?;
        }
        app.alarms_due.notify_one();
        Ok(())
    }
}

/// An alarm as the rules need it.
#[derive(Debug, Clone, FromRow)]
pub(super) struct Kept {
    pub id: String,
    pub tag: String,
    pub class: String,
    pub signature: Option<String>,
    pub state: String,
    pub priority: String,
    pub latched: i64,
    pub summary: String,
    pub since_at: i64,
    pub raised_at: i64,
    pub last_raised_at: i64,
    pub cleared_at: Option<i64>,
    pub deviations: String,
    pub hidden_by: Option<String>,
    pub chattering_until: Option<i64>,
    pub ticket_id: Option<String>,
}

/// Columns of [`Kept`], from `alarms l`.
const KEPT: &str = "l.id, l.tag, l.class, l.signature, l.state, l.priority, l.latched, \
     l.summary, l.since_at, l.raised_at, l.last_raised_at, l.cleared_at, l.deviations, \
     l.hidden_by, l.chattering_until, l.ticket_id";

impl Kept {
    pub fn state(&self) -> Result<AlarmState, Problem> {
        AlarmState::parse(&self.state)
    }

    pub fn class(&self) -> Result<Class, Problem> {
        Class::parse(&self.class)
    }
}

/// One asset's alarms, held while they are changed.
pub(super) struct Ledger<'t, 'c> {
    pub tx: &'t mut Transaction<'c, Any>,
    pub asset_id: String,
    pub now: i64,
    pub changes: Changes,
}

impl<'t, 'c> Ledger<'t, 'c> {
    /// Holds the asset until the transaction ends.
    pub async fn hold(
        tx: &'t mut Transaction<'c, Any>,
        asset_id: &str,
        now: i64,
    ) -> Result<Self, Problem> {
        hold(tx, asset_id).await?;
        Ok(Self { tx, asset_id: asset_id.to_owned(), now, changes: Changes::default() })
    }

    /// Alarms of the asset that meet a condition with one parameter, `$2`; the oldest first.
    pub async fn kept(&mut self, condition: &str, parameter: &str) -> Result<Vec<Kept>, Problem> {
        let sql = format!(
            "SELECT {KEPT} FROM alarms l WHERE l.asset_id = $1 AND {condition} \
             ORDER BY l.last_raised_at, l.id"
        );
        Ok(sqlx::query_as(sqlx::AssertSqlSafe(sql))
            .bind(&self.asset_id)
            .bind(parameter)
            .fetch_all(&mut **self.tx)
            .await?)
    }

    /// The newest alarm of a tag that meets a condition.
    pub async fn newest(&mut self, condition: &str, tag: &str) -> Result<Option<Kept>, Problem> {
        let sql = format!(
            "SELECT {KEPT} FROM alarms l WHERE l.asset_id = $1 AND l.tag = $2 AND {condition} \
             ORDER BY l.last_raised_at DESC, l.id DESC LIMIT 1"
        );
        Ok(sqlx::query_as(sqlx::AssertSqlSafe(sql))
            .bind(&self.asset_id)
            .bind(tag)
            .fetch_optional(&mut **self.tx)
            .await?)
    }

    /// Moves an alarm when the diagram has that step, and records it.
    pub async fn step(
        &mut self,
        alarm: &Kept,
        step: Step,
        who: &str,
        why: &str,
    ) -> Result<Option<AlarmState>, Problem> {
        let from = alarm.state()?;
        let Some(to) = from.after(step) else { return Ok(None) };
        sqlx::query("UPDATE alarms SET state = $2, waiting_since = $3 WHERE id = $1")
            .bind(&alarm.id)
            .bind(to.as_str())
            .bind((to == AlarmState::UnacknowledgedActive).then_some(self.now))
            .execute(&mut **self.tx)
            .await?;
        if to == AlarmState::UnacknowledgedActive {
            // It asks for attention anew, with the urgency that it was raised with.
            sqlx::query(
                "UPDATE alarms SET priority = raised_priority, escalation_level = 0, \
                 escalation_over = 0, acknowledged_at = NULL, acknowledged_by = NULL WHERE id = $1",
            )
            .bind(&alarm.id)
            .execute(&mut **self.tx)
            .await?;
        }
        self.record(&alarm.id, Some(from), to, who, why).await?;
        Ok(Some(to))
    }

    /// Writes down what happened to an alarm.
    pub async fn record(
        &mut self,
        alarm_id: &str,
        from: Option<AlarmState>,
        to: AlarmState,
        who: &str,
        why: &str,
    ) -> Result<(), Problem> {
        sqlx::query(
            "INSERT INTO alarm_steps (id, alarm_id, at, from_state, to_state, who, why) \
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(new_id())
        .bind(alarm_id)
        .bind(self.now)
        .bind(from.map(AlarmState::as_str))
        .bind(to.as_str())
        .bind(who)
        .bind(why)
        .execute(&mut **self.tx)
        .await?;
        self.changes.alarms.insert(alarm_id.to_owned());
        Ok(())
    }

    /// Lets a visible alarm open its ticket, or join the one that is open.
    pub async fn open_or_join_ticket(&mut self, alarm: &Kept) -> Result<(), Problem> {
        let Some(signature) = &alarm.signature else { return Ok(()) };
        let opening = tickets::Opening {
            asset_id: &self.asset_id,
            signature,
            title: &alarm.summary,
            priority: &alarm.priority,
            since_at: alarm.since_at,
            deviations: &alarm.deviations,
            who: DETECTION,
            told: true,
        };
        let tickets::Opened { id: ticket_id, is_new } =
            tickets::open_or_join(self.tx, opening, self.now).await?;
        if is_new {
            let seen = requests::Seen {
                asset_id: &self.asset_id,
                ticket_id: &ticket_id,
                what: &alarm.summary,
                priority: Priority::parse(&alarm.priority)?,
            };
            let made = requests::from_readings(self.tx, seen, self.now).await?;
            self.changes.requests.extend(made);
        }
        sqlx::query("UPDATE alarms SET ticket_id = $2 WHERE id = $1")
            .bind(&alarm.id)
            .bind(&ticket_id)
            .execute(&mut **self.tx)
            .await?;
        self.ticket_follows(ticket_id).await
    }

    /// Lets a ticket show how its alarms are now.
    pub async fn ticket_follows(&mut self, ticket_id: String) -> Result<(), Problem> {
        tickets::follow_alarms(self.tx, &ticket_id, self.now).await?;
        self.changes.tickets.insert(ticket_id);
        Ok(())
    }
}
