//! The policy of escalation over HTTP: its versions, and a new one.

use axum::Json;
use axum::extract::{Query, State};
use serde::{Deserialize, Serialize};
use sqlx::{Any, Transaction};
use utoipa::{IntoParams, ToSchema};

use crate::alarms::Priority;
use crate::app::App;
use crate::http::{By, Page, Problem, check_text, cursor};
use crate::limits::{ESCALATE_AFTER_S, LIST_ROWS, TEXT_CHARS};
use crate::time::Time;

/// What happens to an unacknowledged active alarm of a priority.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct EscalationStep {
    priority: Priority,
    /// Seconds after which it is escalated.
    after_s: i64,
    /// What it becomes; the same priority: it is escalated once and stays.
    raise_to: Priority,
    /// What people should do then.
    #[serde(default)]
    note: String,
}

/// A version of the policy; the newest holds. A priority without a step is never escalated.
#[derive(Debug, Serialize, ToSchema)]
pub struct EscalationVersion {
    version: i64,
    at: Time,
    by: String,
    why: String,
    steps: Vec<EscalationStep>,
}

/// A new version of the policy.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewEscalation {
    steps: Vec<EscalationStep>,
    #[schema(min_length = 1)]
    why: String,
}

impl NewEscalation {
    fn check(&self) -> Result<(), Problem> {
        let invalid = |text: String| Err(Problem::Invalid(text));
        check_text("why", &self.why, TEXT_CHARS)?;
        for priority in Priority::ALL {
            if self.steps.iter().filter(|s| s.priority == priority).count() > 1 {
                return invalid(format!("{} has two steps", priority.as_str()));
            }
        }
        for step in &self.steps {
            if !(1..=ESCALATE_AFTER_S).contains(&step.after_s) {
                return invalid(format!("`after_s` has to be from 1 to {ESCALATE_AFTER_S}"));
            }
            if step.raise_to < step.priority {
                return invalid("`raise_to` may not be below `priority`".into());
            }
            if step.note.chars().count() > TEXT_CHARS {
                return invalid("`note` may have 500 characters".into());
            }
        }
        Ok(())
    }
}

/// Query of the list of versions.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct VersionsQuery {
    cursor: Option<String>,
}

/// The policy of escalation in all its versions, the one that holds first.
#[utoipa::path(
    get,
    path = "/api/v1/alarm-escalations",
    operation_id = "list_alarm_escalations",
    tag = "alarms",
    params(VersionsQuery),
    responses((status = 200, body = Page<EscalationVersion>), Problem)
)]
pub(crate) async fn versions(
    State(app): State<App>,
    Query(query): Query<VersionsQuery>,
) -> Result<Json<Page<EscalationVersion>>, Problem> {
    let below = cursor(query.cursor.as_deref())?.unwrap_or(i64::MAX);
    let rows: Vec<(i64, String, String, i64)> = sqlx::query_as(
        "SELECT version, who, why, at FROM alarm_escalation_versions WHERE version < $1 \
         ORDER BY version DESC LIMIT $2",
    )
    .bind(below)
    .bind(LIST_ROWS + 1)
    .fetch_all(&app.database)
    .await?;
    let mut items = Vec::with_capacity(rows.len());
    for (version, by, why, at) in rows {
        let steps = steps_of(&app, version).await?;
        items.push(EscalationVersion { version, at: Time(at), by, why, steps });
    }
    Ok(Json(Page::cut(items, LIST_ROWS as usize, |v| v.version.to_string())))
}

async fn steps_of(app: &App, version: i64) -> Result<Vec<EscalationStep>, Problem> {
    let rows: Vec<(String, i64, String, String)> = sqlx::query_as(
        "SELECT priority, after_s, raise_to, note FROM alarm_escalations WHERE version = $1",
    )
    .bind(version)
    .fetch_all(&app.database)
    .await?;
    let step = |(priority, after_s, raise_to, note): (String, _, String, _)| {
        let (priority, raise_to) = (Priority::parse(&priority)?, Priority::parse(&raise_to)?);
        Ok(EscalationStep { priority, after_s, raise_to, note })
    };
    let mut steps = rows.into_iter().map(step).collect::<Result<Vec<_>, Problem>>()?;
    steps.sort_by_key(|s| std::cmp::Reverse(s.priority));
    Ok(steps)
}

/// Changes the policy of escalation. It holds from now on, also for alarms that wait already.
#[utoipa::path(
    put,
    path = "/api/v1/alarm-escalations",
    operation_id = "change_alarm_escalations",
    tag = "alarms",
    responses((status = 200, body = EscalationVersion), Problem)
)]
pub(crate) async fn change(
    By(who): By,
    State(app): State<App>,
    Json(wanted): Json<NewEscalation>,
) -> Result<Json<EscalationVersion>, Problem> {
    wanted.check()?;
    let (why, now) = (wanted.why.trim(), app.clock.now_us());
    let mut tx = app.database.begin().await?;
    let version: Option<i64> = sqlx::query_scalar(
        "INSERT INTO alarm_escalation_versions (version, who, why, at) SELECT max(version) + 1, \
         $1, $2, $3 FROM alarm_escalation_versions WHERE true ON CONFLICT DO NOTHING \
         RETURNING version",
    )
    .bind(&who)
    .bind(why)
    .bind(now)
    .fetch_optional(&mut *tx)
    .await?;
    let conflict = || Problem::Conflict("somebody else has just changed this policy".into());
    let version = version.ok_or_else(conflict)?;
    for step in &wanted.steps {
        keep(&mut tx, version, step).await?;
    }
    tx.commit().await?;
    app.alarms_due.notify_one();
    let (at, why) = (Time(now), why.to_owned());
    let steps = steps_of(&app, version).await?;
    Ok(Json(EscalationVersion { version, at, by: who, why, steps }))
}

async fn keep(
    tx: &mut Transaction<'_, Any>,
    version: i64,
    step: &EscalationStep,
) -> Result<(), Problem> {
    sqlx::query(
        "INSERT INTO alarm_escalations (version, priority, after_s, raise_to, note) \
         VALUES ($1, $2, $3, $4, $5)",
    )
    .bind(version)
    .bind(step.priority.as_str())
    .bind(step.after_s)
    .bind(step.raise_to.as_str())
    .bind(step.note.trim())
    .execute(&mut **tx)
    .await?;
    Ok(())
}
