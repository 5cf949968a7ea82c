//! Hours with a name: looking at them and changing them.

use axum::Json;
use axum::extract::{Path, Query, State};
use sla::{Calendar, Schedule};
use sqlx::{Any, Transaction};

use super::clock::Act;
use super::named::{self, Named, NamedQuery, NamedVersion, NewVersion};
use super::policy::{SlaPolicy, check_target};
use super::recomputing::recompute;
use crate::app::App;
use crate::database::from_json;
use crate::http::{By, IfMatch, Page, Problem};

impl Named for Schedule {
    const SUBJECT: &'static str = "calendar";
    const HEADS: &'static str = "calendars";
    const VERSIONS: &'static str = "calendar_versions";

    fn check(&self) -> Result<(), Problem> {
        self.check().map_err(|e| Problem::Invalid(format!("`content`: {e}")))
    }
}

/// The hours of a name in a time zone, and their version: the one asked for, or the one that holds.
pub(super) async fn calendar_at(
    tx: &mut Transaction<'_, Any>,
    name: &str,
    version: Option<i64>,
    time_zone: &str,
) -> Result<(i64, Calendar), Problem> {
    let schedule = named::at::<Schedule>(tx, name, version).await?;
    let calendar =
        Calendar::new(&schedule.content, time_zone).map_err(|e| Problem::Internal(Box::new(e)))?;
    Ok((schedule.version(), calendar))
}

/// Hours by name, each as they hold now.
#[utoipa::path(
    get,
    path = "/api/v1/calendars",
    operation_id = "list_calendars",
    tag = "service levels",
    params(NamedQuery),
    responses((status = 200, body = Page<NamedVersion<Schedule>>), Problem)
)]
pub(crate) async fn list(
    State(app): State<App>,
    Query(query): Query<NamedQuery>,
) -> Result<Json<Page<NamedVersion<Schedule>>>, Problem> {
    Ok(Json(named::list(&app, &query).await?))
}

/// All versions of the hours of a name, the one that holds first.
#[utoipa::path(
    get,
    path = "/api/v1/calendars/{name}",
    operation_id = "show_calendar",
    tag = "service levels",
    params(NamedQuery),
    responses((status = 200, body = Page<NamedVersion<Schedule>>), Problem)
)]
pub(crate) async fn show(
    State(app): State<App>,
    Path(name): Path<String>,
    Query(query): Query<NamedQuery>,
) -> Result<Json<Page<NamedVersion<Schedule>>>, Problem> {
    Ok(Json(named::versions(&app, &name, &query).await?))
}

/// Makes hours, or a new version of them. What is due by them is found out anew; the promises stay.
#[utoipa::path(
    put,
    path = "/api/v1/calendars/{name}",
    operation_id = "change_calendar",
    tag = "service levels",
    request_body = NewVersion<Schedule>,
    responses((status = 200, body = NamedVersion<Schedule>), Problem)
)]
pub(crate) async fn change(
    By(who): By,
    if_match: IfMatch,
    State(app): State<App>,
    Path(name): Path<String>,
    Json(new): Json<NewVersion<Schedule>>,
) -> Result<Json<NamedVersion<Schedule>>, Problem> {
    let at = app.clock.now_us();
    let why = new.why.clone();
    let mut tx = app.begin().await?;
    let changed = named::change(&mut tx, &name, new, if_match, (who.clone(), at)).await?;
    check_policies(&mut tx, &name, &changed.content).await?;
    let why = format!("calendar {name}: {}", why.trim());
    recompute(&mut tx, i64::MAX, Act { who: &who, why: &why, at }).await?;
    tx.commit().await?;
    Ok(Json(changed))
}

/// Refuses hours that are too few for a target that counts them.
async fn check_policies(
    tx: &mut Transaction<'_, Any>,
    name: &str,
    schedule: &Schedule,
) -> Result<(), Problem> {
    let hours =
        Calendar::new(schedule, "UTC").map_err(|e| Problem::Invalid(format!("`content`: {e}")))?;
    let policies: Vec<(String, String)> = sqlx::query_as(
        "SELECT h.name, v.content FROM sla_policies h JOIN sla_policy_versions v \
         ON v.name = h.name AND v.version = h.version ORDER BY h.name",
    )
    .fetch_all(&mut **tx)
    .await?;
    for (policy, content) in policies {
        let content: SlaPolicy = from_json(&content)?;
        for target in content.targets.iter().filter(|t| t.calendar.as_deref() == Some(name)) {
            check_target(target, &hours).map_err(|problem| match problem {
                Problem::Invalid(text) => Problem::Conflict(format!("policy {policy}, {text}")),
                other => other,
            })?;
        }
    }
    Ok(())
}
