//! What a policy would promise, before anybody is promised anything.

use axum::Json;
use axum::extract::{Path, State};
use serde::{Deserialize, Serialize};
use sla::{Calendar, Target, due};
use utoipa::ToSchema;

use super::calendar::calendar_at;
use super::named;
use super::policy::{SlaPolicy, TargetKind, counts, due_soon_s};
use crate::alarms::Priority;
use crate::app::App;
use crate::http::Problem;
use crate::time::Time;

/// Something that might happen.
#[derive(Debug, Deserialize, ToSchema)]
pub struct PreviewQuestion {
    priority: Priority,
    /// When it begins.
    start: Time,
    /// IANA name, of the site.
    time_zone: String,
}

/// When a target would be due.
#[derive(Debug, Serialize, ToSchema)]
pub struct PreviewedTarget {
    kind: TargetKind,
    #[schema(required)]
    due_soon_at: Option<Time>,
    #[schema(required)]
    due_at: Option<Time>,
}

/// What a policy would promise.
#[derive(Debug, Serialize, ToSchema)]
pub struct Preview {
    policy_version: i64,
    targets: Vec<PreviewedTarget>,
}

/// When each target of a policy would be due for something that begins at a time in a time zone.
#[utoipa::path(
    post,
    path = "/api/v1/sla-policies/{name}/preview",
    operation_id = "preview_sla_policy",
    tag = "service levels",
    responses((status = 200, body = Preview), Problem)
)]
pub(crate) async fn preview(
    State(app): State<App>,
    Path(name): Path<String>,
    Json(question): Json<PreviewQuestion>,
) -> Result<Json<Preview>, Problem> {
    let time_zone = Calendar::time_zone(&question.time_zone)
        .map_err(|e| Problem::Invalid(format!("`time_zone`: {e}")))?;
    let mut tx = app.database.begin().await?;
    let policy = named::at::<SlaPolicy>(&mut tx, &name, None).await?;
    let mut targets = Vec::new();
    for target in policy.content.for_priority(question.priority) {
        let hours = match &target.calendar {
            Some(calendar) => calendar_at(&mut tx, calendar, None, &time_zone).await?.1,
            None => Calendar::always(),
        };
        let at = |seconds| {
            let target = Target { seconds, counts: counts(target.calendar.as_deref()) };
            due(&hours, question.start.0, target, &[])
                .map(|at| at.map(Time))
                .map_err(|e| Problem::Invalid(format!("`start`: {e}")))
        };
        targets.push(PreviewedTarget {
            kind: target.kind,
            due_soon_at: at(due_soon_s(target.seconds, policy.content.due_soon_percent))?,
            due_at: at(target.seconds)?,
        });
    }
    Ok(Json(Preview { policy_version: policy.version(), targets }))
}
