//! People hide alarms: shelving, maintenance windows, out of service; and end that again.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;

use super::list::{Suspension, find};
use crate::access::Subject;
use crate::alarms::{Suspend, SuspensionKind, resume, suspend, suspended};
use crate::app::App;
use crate::http::{By, Caller, Problem, check_text};
use crate::limits::{SHELVED_US, TAG_CHARS, TEXT_CHARS};
use crate::time::Time;

/// What people can ask for; the other kinds follow from repairs and rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum WantedKind {
    /// Put aside, at once and for 24 hours at most.
    Shelved,
    /// Planned maintenance of the whole asset, from–until.
    Maintenance,
    /// The asset, or one alarm of it, is out of service until somebody says otherwise.
    OutOfService,
}

/// What to hide, and why.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewSuspension {
    asset_id: String,
    /// One alarm of the asset; all of them without it. Safety alarms are shelved by name only.
    tag: Option<String>,
    kind: WantedKind,
    /// Maintenance: from when on; now without it.
    from: Option<Time>,
    /// Needed except out of service.
    until: Option<Time>,
    #[schema(min_length = 1)]
    reason: String,
}

impl NewSuspension {
    fn checked<'a>(&'a self, who: &'a str, now: i64) -> Result<Suspend<'a>, Problem> {
        let invalid = |text: &str| Problem::Invalid(text.to_owned());
        check_text("reason", &self.reason, TEXT_CHARS)?;
        self.tag.as_deref().map_or(Ok(()), |tag| check_text("tag", tag, TAG_CHARS))?;
        let from_at = self.from.map_or(now, |from| from.0);
        let until_at = self.until.map(|until| until.0);
        if until_at.is_some_and(|until| until <= now.max(from_at)) {
            return Err(invalid("`until` has to lie after `from` and after now"));
        }
        match self.kind {
            WantedKind::Maintenance if self.tag.is_some() => {
                return Err(invalid("maintenance is of the whole asset: leave `tag` out"));
            }
            WantedKind::Shelved | WantedKind::OutOfService if self.from.is_some() => {
                return Err(invalid("this begins now: leave `from` out"));
            }
            WantedKind::Shelved | WantedKind::Maintenance if until_at.is_none() => {
                return Err(invalid("`until` is missing"));
            }
            WantedKind::Shelved if until_at.is_some_and(|until| until > now + SHELVED_US) => {
                return Err(invalid(
                    "alarms are shelved for 24 hours at most; take longer ones out of service",
                ));
            }
            WantedKind::Shelved | WantedKind::Maintenance | WantedKind::OutOfService => {}
        }
        let kind = match self.kind {
            WantedKind::Shelved => SuspensionKind::Shelved,
            WantedKind::Maintenance => SuspensionKind::Maintenance,
            WantedKind::OutOfService => SuspensionKind::OutOfService,
        };
        Ok(Suspend {
            asset_id: &self.asset_id,
            tag: self.tag.as_deref(),
            kind,
            keep_safety: self.kind == WantedKind::Maintenance,
            from_at,
            until_at,
            reason: self.reason.trim(),
            who,
            now,
        })
    }
}

/// Hides alarms of an asset for a while: shelves them, plans maintenance, or takes it out of service.
#[utoipa::path(
    post,
    path = "/api/v1/suspensions",
    operation_id = "suspend_alarms",
    tag = "alarms",
    responses((status = 201, body = Suspension), Problem)
)]
pub(crate) async fn add(
    caller: Caller,
    State(app): State<App>,
    Json(wanted): Json<NewSuspension>,
) -> Result<(StatusCode, Json<Suspension>), Problem> {
    caller.reach.check(&app.database, Subject::Asset, &wanted.asset_id).await?;
    let wanted = wanted.checked(&caller.name, app.clock.now_us())?;
    let mut tx = app.database.begin().await?;
    let id = suspend(&mut tx, &wanted).await?;
    tx.commit().await?;
    suspended(&app, &id).await?;
    Ok((StatusCode::CREATED, find(&app, &id).await?))
}

/// Body that shelves an alarm.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Shelving {
    until: Time,
    #[schema(min_length = 1)]
    reason: String,
}

/// Shelves an alarm, and whatever is raised under its name, with a reason and until a time at most 24
/// hours from now. Its ticket stays.
#[utoipa::path(
    post,
    path = "/api/v1/alarms/{id}/shelve",
    operation_id = "shelve_alarm",
    tag = "alarms",
    responses((status = 201, body = Suspension), Problem)
)]
pub(crate) async fn shelve(
    caller: Caller,
    State(app): State<App>,
    Path(id): Path<String>,
    Json(wanted): Json<Shelving>,
) -> Result<(StatusCode, Json<Suspension>), Problem> {
    let (asset_id, tag) = name_of(&app, &id).await?;
    let wanted = NewSuspension {
        asset_id,
        tag: Some(tag),
        kind: WantedKind::Shelved,
        from: None,
        until: Some(wanted.until),
        reason: wanted.reason,
    };
    add(caller, State(app), Json(wanted)).await
}

async fn name_of(app: &App, alarm_id: &str) -> Result<(String, String), Problem> {
    let found = sqlx::query_as("SELECT asset_id, tag FROM alarms WHERE id = $1")
        .bind(alarm_id)
        .fetch_optional(&app.database)
        .await?;
    found.ok_or(Problem::NotFound("alarm"))
}

/// Why something is ended.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Ending {
    #[schema(min_length = 1)]
    why: String,
}

/// Takes an alarm off the shelf before its time. When its condition holds, it has to be seen anew.
#[utoipa::path(
    post,
    path = "/api/v1/alarms/{id}/unshelve",
    operation_id = "unshelve_alarm",
    tag = "alarms",
    responses((status = 200, body = Suspension), Problem)
)]
pub(crate) async fn unshelve(
    by: By,
    State(app): State<App>,
    Path(id): Path<String>,
    Json(ending): Json<Ending>,
) -> Result<Json<Suspension>, Problem> {
    let (asset_id, tag) = name_of(&app, &id).await?;
    let shelf: Option<String> = sqlx::query_scalar(
        "SELECT id FROM alarm_suspensions WHERE asset_id = $1 AND tag = $2 AND kind = 'shelved' \
         AND ended_at IS NULL",
    )
    .bind(asset_id)
    .bind(tag)
    .fetch_optional(&app.database)
    .await?;
    let shelf = shelf.ok_or_else(|| Problem::Conflict("nobody has shelved this alarm".into()))?;
    end(by, State(app), Path(shelf), Json(ending)).await
}

/// Ends a suspension before its time, or cancels a planned one. Alarms whose condition holds come out
/// as unacknowledged and open or join their ticket. Ending it again changes nothing.
#[utoipa::path(
    post,
    path = "/api/v1/suspensions/{id}/end",
    operation_id = "end_suspension",
    tag = "alarms",
    responses((status = 200, body = Suspension), Problem)
)]
pub(crate) async fn end(
    By(who): By,
    State(app): State<App>,
    Path(id): Path<String>,
    Json(ending): Json<Ending>,
) -> Result<Json<Suspension>, Problem> {
    check_text("why", &ending.why, TEXT_CHARS)?;
    let kind: Option<String> =
        sqlx::query_scalar("SELECT kind FROM alarm_suspensions WHERE id = $1")
            .bind(&id)
            .fetch_optional(&app.database)
            .await?;
    match SuspensionKind::parse(&kind.ok_or(Problem::NotFound("suspension"))?)? {
        SuspensionKind::RepairSession => {
            return Err(Problem::Conflict("it ends with its repair session".into()));
        }
        SuspensionKind::ByDesign => {
            return Err(Problem::Conflict("it ends with the alarm that explains it".into()));
        }
        SuspensionKind::Shelved | SuspensionKind::Maintenance | SuspensionKind::OutOfService => {}
    }
    resume(&app, &id, app.clock.now_us(), &who, ending.why.trim()).await?;
    find(&app, &id).await
}
