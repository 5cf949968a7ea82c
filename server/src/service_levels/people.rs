//! People stop a clock, and let it run again.

use axum::Json;
use axum::extract::{Path, State};
use serde::Deserialize;
use utoipa::ToSchema;

use super::clock::{Act, take};
use super::list::{SlaClock, find};
use super::moving::HeldBy;
use super::state::{ClockState, Step};
use crate::app::App;
use crate::http::{By, Problem, check_text};
use crate::limits::TEXT_CHARS;

/// Why a clock is to stand still.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewHold {
    reason: String,
}

/// Stops a clock for a reason that is not ours, until it is resumed. One that is late already is not
/// stopped any more.
#[utoipa::path(
    post,
    path = "/api/v1/sla-clocks/{id}/hold",
    operation_id = "hold_sla_clock",
    tag = "service levels",
    responses((status = 200, body = SlaClock), Problem)
)]
pub(crate) async fn hold(
    By(who): By,
    State(app): State<App>,
    Path(id): Path<String>,
    Json(wanted): Json<NewHold>,
) -> Result<Json<SlaClock>, Problem> {
    let why = wanted.reason.trim();
    check_text("reason", why, TEXT_CHARS)?;
    let act = Act { who: &who, why, at: app.clock.now_us() };
    let mut tx = app.begin().await?;
    let mut clock = take(&mut tx, &id).await?.ok_or(Problem::NotFound("SLA clock"))?;
    clock.settle(&mut tx, act.at).await?;
    if clock.state != ClockState::OnHold {
        clock.state.by_person(Step::Hold, ClockState::OnHold)?;
    }
    if !clock.hold(&mut tx, HeldBy::Person, act).await? {
        return Err(Problem::Conflict("somebody has put this clock on hold already".into()));
    }
    tx.commit().await?;
    announced(&app, &id).await
}

/// Why a clock is to run again.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Resumption {
    why: String,
}

/// Ends what a person put on hold. The clock runs again unless a work order holds it as well.
#[utoipa::path(
    post,
    path = "/api/v1/sla-clocks/{id}/resume",
    operation_id = "resume_sla_clock",
    tag = "service levels",
    responses((status = 200, body = SlaClock), Problem)
)]
pub(crate) async fn resume(
    By(who): By,
    State(app): State<App>,
    Path(id): Path<String>,
    Json(wanted): Json<Resumption>,
) -> Result<Json<SlaClock>, Problem> {
    let why = wanted.why.trim();
    check_text("why", why, TEXT_CHARS)?;
    let act = Act { who: &who, why, at: app.clock.now_us() };
    let mut tx = app.begin().await?;
    let mut clock = take(&mut tx, &id).await?.ok_or(Problem::NotFound("SLA clock"))?;
    clock.state.by_person(Step::Resume, ClockState::Running)?;
    if !clock.resume(&mut tx, HeldBy::Person, act).await? {
        return Err(Problem::Conflict(
            "a work order holds this clock: it runs again when the work order goes on".into(),
        ));
    }
    tx.commit().await?;
    announced(&app, &id).await
}

async fn announced(app: &App, id: &str) -> Result<Json<SlaClock>, Problem> {
    let clock = find(app, id).await?;
    app.announce("sla", &clock);
    Ok(Json(clock))
}
