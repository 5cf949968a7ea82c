//! Looks after reminders: plans those that come, drops those that are not due any more, sends those whose
//! time has come. However many servers do so, a reminder is planned and sent once.

use std::collections::BTreeMap;

use sqlx::{Any, FromRow, Transaction};
use tokio::sync::watch;

use super::due::{self, Machine, Window};
use super::policy::CarePolicy;
use super::sending;
use super::state::CareReminderState;
use crate::app::App;
use crate::changes::{self, NewChange};
use crate::database::new_id;
use crate::http::Problem;
use crate::limits::{ATTEND_CARE_EVERY, LIST_ROWS};
use crate::policies;

/// What histories call whoever plans reminders.
pub(super) const CARE: &str = "care policy";

impl App {
    /// Looks after reminders, until `stop` becomes true.
    pub async fn attend_care(self, mut stop: watch::Receiver<bool>) {
        loop {
            if let Err(error) = attend(&self).await {
                tracing::warn!(%error, "Care reminders were not looked after");
            }
            tokio::select! {
                _ = stop.wait_for(|stop| *stop) => return,
                () = tokio::time::sleep(ATTEND_CARE_EVERY) => {}
            }
        }
    }
}

#[derive(FromRow)]
struct Row {
    id: String,
    model: Option<String>,
    segment: String,
    time_zone: String,
    purchased_at: Option<i64>,
    warranty_until: Option<i64>,
    ticket_closed_at: Option<i64>,
    work_closed_at: Option<i64>,
}

/// A reminder that is due by the policy: its rule and day.
type Due = (String, String);

/// Plans, drops and sends.
pub(super) async fn attend(app: &App) -> Result<(), Problem> {
    let now = app.clock.now_us();
    let (version, policy): (i64, CarePolicy) = policies::newest(&app.database).await?;
    if !policy.active && !is_any_planned(app).await? {
        return Ok(());
    }
    let mut last = String::new();
    loop {
        let machines = machines(app, &last).await?;
        let Some(end) = machines.last().map(|m| m.id.clone()) else { break };
        plan(app, (version, &policy), &machines, (&last, &end), now).await?;
        last = end;
    }
    let due: Vec<String> = sqlx::query_scalar(
        "SELECT id FROM care_reminders WHERE state = 'planned' AND due_at <= $1 ORDER BY due_at, id",
    )
    .bind(now)
    .fetch_all(&app.database)
    .await?;
    for id in due {
        sending::send(app, &id, &policy, now).await?;
    }
    Ok(())
}

async fn is_any_planned(app: &App) -> Result<bool, Problem> {
    let one: Option<String> =
        sqlx::query_scalar("SELECT id FROM care_reminders WHERE state = 'planned' LIMIT 1")
            .fetch_optional(&app.database)
            .await?;
    Ok(one.is_some())
}

/// The next machines that belong to a customer.
async fn machines(app: &App, after: &str) -> Result<Vec<Row>, Problem> {
    Ok(sqlx::query_as(
        "SELECT a.id, a.model, c.segment, s.time_zone, a.purchased_at, a.warranty_until, \
         (SELECT max(t.closed_at) FROM tickets t WHERE t.asset_id = a.id AND t.state = 'closed') \
         AS ticket_closed_at, \
         (SELECT max(h.at) FROM work_orders w JOIN changes h ON h.subject_kind = 'work_order' \
         AND h.subject_id = w.id WHERE w.asset_id = a.id AND h.field = 'state' \
         AND h.to_value = 'closed') AS work_closed_at \
         FROM assets a JOIN sites s ON s.id = a.site_id JOIN customers c ON c.id = s.customer_id \
         WHERE a.id > $1 ORDER BY a.id LIMIT $2",
    )
    .bind(after)
    .bind(LIST_ROWS)
    .fetch_all(&app.database)
    .await?)
}

/// Plans what comes for some machines, and drops what they are planned for and is not due any more.
async fn plan(
    app: &App,
    (version, policy): (i64, &CarePolicy),
    machines: &[Row],
    (after, until): (&str, &str),
    now: i64,
) -> Result<(), Problem> {
    let planned: Vec<(String, String, String, String)> = sqlx::query_as(
        "SELECT id, asset_id, rule, due_on FROM care_reminders WHERE asset_id > $1 \
         AND asset_id <= $2 AND state = 'planned'",
    )
    .bind(after)
    .bind(until)
    .fetch_all(&app.database)
    .await?;
    let Some(window) = Window::around(now, policy.late_days, policy.ahead_days) else {
        return Ok(());
    };
    let mut due = BTreeMap::new();
    for machine in machines {
        for (due_by, new) in dues(policy, machine, window) {
            due.insert((machine.id.clone(), due_by), new);
        }
    }
    let mut tx = app.begin().await?;
    for (id, asset_id, rule, due_on) in planned {
        if due.remove(&(asset_id, (rule, due_on))).is_none() {
            drop_planned(&mut tx, &id, "it is not due any more", now).await?;
        }
    }
    for ((asset_id, (rule, due_on)), (kind, due_at)) in due {
        let id = new_id();
        let added = sqlx::query(
            "INSERT INTO care_reminders (id, rule, policy_version, kind, asset_id, due_on, due_at, \
             state, advice, why, planned_at) VALUES ($1, $2, $3, $4, $5, $6, $7, 'planned', '', '', $8) \
             ON CONFLICT (rule, asset_id, due_on) DO NOTHING",
        )
        .bind(&id)
        .bind(&rule)
        .bind(version)
        .bind(kind)
        .bind(&asset_id)
        .bind(&due_on)
        .bind(due_at)
        .bind(now)
        .execute(&mut *tx)
        .await?;
        if added.rows_affected() > 0 {
            record(&mut tx, &id, (None, CareReminderState::Planned), &rule, now).await?;
        }
    }
    tx.commit().await?;
    Ok(())
}

/// What is due for a machine, with its kind and moment.
fn dues(policy: &CarePolicy, machine: &Row, window: Window) -> Vec<(Due, (&'static str, i64))> {
    let known = Machine {
        purchased_at: machine.purchased_at,
        warranty_until: machine.warranty_until,
        ticket_closed_at: machine.ticket_closed_at,
        work_closed_at: machine.work_closed_at,
    };
    let rules = policy.rules.iter().filter(|_| policy.active);
    let rules = rules.filter(|r| r.is_for(machine.model.as_deref(), &machine.segment));
    let due = rules.filter_map(|rule| {
        let day = due::due(&rule.when, known, window)?;
        let at = due::moment(day, policy.hour, &machine.time_zone)?;
        Some(((rule.key.clone(), day.to_string()), (rule.kind.as_str(), at)))
    });
    due.collect()
}

/// Drops a reminder that is planned.
pub(super) async fn drop_planned(
    tx: &mut Transaction<'_, Any>,
    id: &str,
    why: &str,
    now: i64,
) -> Result<(), Problem> {
    let (from, to) =
        (CareReminderState::Planned, CareReminderState::Planned.step(CareReminderState::Dropped)?);
    let dropped =
        sqlx::query("UPDATE care_reminders SET state = $3, why = $4 WHERE id = $1 AND state = $2")
            .bind(id)
            .bind(from.as_str())
            .bind(to.as_str())
            .bind(why)
            .execute(&mut **tx)
            .await?;
    if dropped.rows_affected() > 0 {
        record(tx, id, (Some(from), to), why, now).await?;
    }
    Ok(())
}

/// Writes down what the policy did with a reminder.
pub(super) async fn record(
    tx: &mut Transaction<'_, Any>,
    id: &str,
    (from, to): (Option<CareReminderState>, CareReminderState),
    why: &str,
    now: i64,
) -> Result<(), Problem> {
    let change = NewChange {
        kind: "care_reminder",
        id,
        who: CARE,
        rule: Some(CARE),
        field: "state",
        from: from.map(CareReminderState::as_str),
        to: Some(to.as_str()),
        why,
        ..NewChange::default()
    };
    changes::record(tx, now, change).await?;
    Ok(())
}
