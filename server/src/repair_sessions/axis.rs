//! A session with everything that happened in it, on one time axis.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::{Path, State};
use serde::Serialize;
use sqlx::FromRow;
use utoipa::ToSchema;

use super::entries::{self, Entry};
use super::moving;
use super::session::{self, RepairSession};
use super::state::SessionState;
use crate::alarms::{self, Alarm};
use crate::app::App;
use crate::http::Problem;
use crate::time::Time;

/// A step of the session.
#[derive(Debug, Serialize, ToSchema)]
pub struct SessionStep {
    #[schema(required)]
    pub(super) from: Option<SessionState>,
    /// The same as `from`: the work was extended.
    pub(super) to: SessionState,
    pub(super) who: String,
    pub(super) why: String,
    /// When the server learnt of it.
    recorded_at: Time,
    /// With a start or an extension of work.
    #[schema(required)]
    planned_end: Option<Time>,
    /// With these: what shelves the alarms that the work causes, until when, and how it ended, is in
    /// `GET /api/v1/suspensions/{id}`.
    #[schema(required)]
    suspension_id: Option<String>,
}

/// What happened.
#[derive(Debug, Serialize, ToSchema)]
#[serde(tag = "what", content = "is", rename_all = "snake_case")]
pub enum Happening {
    /// The session moved on.
    Step(SessionStep),
    /// Somebody wrote something down, signed, or attached something.
    Entry(Entry),
    /// An alarm that the work caused and the session shelved.
    HiddenAlarm(Box<Alarm>),
}

/// Something on the axis.
#[derive(Debug, Serialize, ToSchema)]
pub struct AxisItem {
    pub(super) at: Time,
    #[serde(flatten)]
    pub(super) happening: Happening,
}

/// A session with its axis.
#[derive(Debug, Serialize, ToSchema)]
pub struct WholeSession {
    #[serde(flatten)]
    session: RepairSession,
    /// In the order of time.
    axis: Vec<AxisItem>,
}

#[derive(FromRow)]
struct StepRow {
    at: i64,
    recorded_at: i64,
    from_state: Option<String>,
    to_state: String,
    who: String,
    why: String,
    planned_end_at: Option<i64>,
    suspension_id: Option<String>,
}

impl TryFrom<StepRow> for AxisItem {
    type Error = Problem;
    fn try_from(r: StepRow) -> Result<Self, Problem> {
        let step = SessionStep {
            from: r.from_state.as_deref().map(SessionState::parse).transpose()?,
            to: SessionState::parse(&r.to_state)?,
            who: r.who,
            why: r.why,
            recorded_at: Time(r.recorded_at),
            planned_end: r.planned_end_at.map(Time),
            suspension_id: r.suspension_id,
        };
        Ok(Self { at: Time(r.at), happening: Happening::Step(step) })
    }
}

async fn steps(app: &App, session_id: &str) -> Result<Vec<AxisItem>, Problem> {
    let rows: Vec<StepRow> = sqlx::query_as(
        "SELECT at, recorded_at, from_state, to_state, who, why, planned_end_at, suspension_id \
         FROM repair_session_steps WHERE session_id = $1 ORDER BY id",
    )
    .bind(session_id)
    .fetch_all(&app.database)
    .await?;
    rows.into_iter().map(AxisItem::try_from).collect()
}

/// A repair session with everything that happened in it, on one time axis.
///
/// The steps, what people wrote down, and the alarms that it hid, in the order of time. Readings
/// of the same time: `GET /api/v1/assets/{id}/readings`.
#[utoipa::path(
    get,
    path = "/api/v1/repair-sessions/{id}",
    operation_id = "show_repair_session",
    tag = "repair sessions",
    responses((status = 200, body = WholeSession), Problem)
)]
pub(crate) async fn show(
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Json<WholeSession>, Problem> {
    let session = session::find(&app, &id).await?;
    let axis = of(&app, &session).await?;
    Ok(Json(WholeSession { session, axis }))
}

/// Everything that happened in a session, in the order of time.
pub(super) async fn of(app: &App, session: &RepairSession) -> Result<Vec<AxisItem>, Problem> {
    let id = &session.id;
    let mut axis = steps(app, id).await?;
    for entry in entries::of(app, id).await? {
        axis.push(AxisItem { at: entry.at, happening: Happening::Entry(entry) });
    }
    let mut hidden = BTreeMap::new();
    for suspension in moving::suspensions(app, id).await? {
        let alarms = alarms::hidden_by(app, &suspension).await?;
        // One that was hidden twice, as by an extension, is one alarm.
        hidden.extend(alarms.into_iter().map(|a| (a.id().to_owned(), a)));
    }
    for alarm in hidden.into_values() {
        let at = alarm.raised_at();
        axis.push(AxisItem { at, happening: Happening::HiddenAlarm(Box::new(alarm)) });
    }
    axis.sort_by_key(|item| item.at.0);
    Ok(axis)
}
