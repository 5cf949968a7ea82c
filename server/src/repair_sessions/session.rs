//! A repair session as it is kept, prepared and listed.

use axum::Json;
use axum::extract::{Query, State};
use serde::{Deserialize, Serialize};
use sqlx::{Any, FromRow, Transaction};
use utoipa::{IntoParams, ToSchema};

use super::state::SessionState;
use super::{from_json, text, to_json};
use crate::access::{Reach, Subject};
use crate::app::App;
use crate::database::{id_from, new_id};
use crate::http::{Caller, Page, Problem, taken};
use crate::limits::{LIST_ROWS, SESSION_LENGTH_US, SESSION_LONGEST_US, SESSION_TECHNICIANS};
use crate::time::Time;

#[derive(Debug, FromRow)]
struct Row {
    id: String,
    asset_id: String,
    asset_name: String,
    ticket_id: Option<String>,
    visit_id: Option<String>,
    title: String,
    state: String,
    technicians: String,
    phase: i64,
    fault_since_at: Option<i64>,
    planned_us: i64,
    planned_end_at: Option<i64>,
    acceptance_version_id: Option<String>,
    created_at: i64,
    started_at: Option<i64>,
    ended_at: Option<i64>,
    verdict: Option<String>,
}

/// A repair session.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RepairSession {
    pub(super) id: String,
    pub(super) asset_id: String,
    asset_name: String,
    #[schema(required)]
    pub(super) ticket_id: Option<String>,
    /// The visit whose work it is.
    #[schema(required)]
    pub(super) visit_id: Option<String>,
    pub(super) title: String,
    pub(super) state: SessionState,
    #[schema(value_type = Vec<SessionState>)]
    next_states: &'static [SessionState],
    pub(super) technicians: Vec<String>,
    /// When the work began; null before.
    #[schema(required)]
    pub(super) started_at: Option<Time>,
    /// When the newest acceptance test began, which is when the work ended; null before.
    #[schema(required)]
    pub(super) ended_at: Option<Time>,
    /// Until when the work is planned, and no longer are alarms shelved; null before it began.
    #[schema(required)]
    pub(super) planned_end: Option<Time>,
    /// When the fault began, where a person said so; otherwise the ticket says it.
    #[schema(required)]
    pub(super) fault_since: Option<Time>,
    /// Overall verdict of the newest version; null before there is one.
    #[schema(required)]
    verdict: Option<String>,
    pub(super) created_at: Time,
    /// Grows whenever work or an acceptance test begins.
    #[serde(skip)]
    pub(super) phase: i64,
    #[serde(skip)]
    pub(super) planned_us: i64,
    #[serde(skip)]
    pub(super) acceptance_version_id: Option<String>,
}

impl TryFrom<Row> for RepairSession {
    type Error = Problem;
    fn try_from(r: Row) -> Result<Self, Problem> {
        let state = SessionState::parse(&r.state)?;
        Ok(Self {
            state,
            next_states: state.next(),
            technicians: from_json(&r.technicians)?,
            id: r.id,
            asset_id: r.asset_id,
            asset_name: r.asset_name,
            ticket_id: r.ticket_id,
            visit_id: r.visit_id,
            title: r.title,
            started_at: r.started_at.map(Time),
            ended_at: r.ended_at.map(Time),
            planned_end: r.planned_end_at.map(Time),
            fault_since: r.fault_since_at.map(Time),
            verdict: r.verdict,
            created_at: Time(r.created_at),
            phase: r.phase,
            planned_us: r.planned_us,
            acceptance_version_id: r.acceptance_version_id,
        })
    }
}

const SELECT: &str = "SELECT s.id, s.asset_id, a.name AS asset_name, s.ticket_id, s.visit_id, s.title, \
     s.state, s.technicians, s.phase, s.fault_since_at, s.planned_us, s.planned_end_at, \
     s.acceptance_version_id, s.created_at, \
     (SELECT min(p.at) FROM repair_session_steps p WHERE p.session_id = s.id \
     AND p.to_state = 'running') AS started_at, \
     (SELECT max(p.at) FROM repair_session_steps p WHERE p.session_id = s.id \
     AND p.to_state = 'acceptance_test') AS ended_at, \
     (SELECT v.overall FROM repair_verdicts v WHERE v.session_id = s.id \
     ORDER BY v.version DESC LIMIT 1) AS verdict \
     FROM repair_sessions s JOIN assets a ON a.id = s.asset_id";

/// The session of an id.
pub(super) async fn find(app: &App, id: &str) -> Result<RepairSession, Problem> {
    let row: Option<Row> = sqlx::query_as(sqlx::AssertSqlSafe(format!("{SELECT} WHERE s.id = $1")))
        .bind(id)
        .fetch_optional(&app.database)
        .await?;
    row.ok_or(Problem::NotFound("repair session"))?.try_into()
}

/// Tells watchers how a session stands.
pub(super) async fn announce(app: &App, id: &str) -> Result<(), Problem> {
    app.announce("repair_session", &find(app, id).await?);
    Ok(())
}

/// Body of a new session.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewSession {
    /// A UUIDv7 (RFC 9562) that the author's device chose, so that it can go on with the session while
    /// it is offline; without one the server chooses.
    id: Option<String>,
    asset_id: String,
    /// The ticket that it mends; without one it is work without a fault, such as maintenance.
    ticket_id: Option<String>,
    /// The visit whose work it is: it and its work order follow the session.
    visit_id: Option<String>,
    title: String,
    /// Names of those who will work.
    technicians: Vec<String>,
    /// Planned length of the work, at most a day; four hours when nothing is said.
    planned_seconds: Option<u32>,
    /// When the fault began, where the ticket does not know it. Readings before it are healthy,
    /// readings from then to the start of the work are faulty.
    fault_since: Option<Time>,
}

/// Prepares a repair session: a draft, which shelves nothing yet.
#[utoipa::path(
    post,
    path = "/api/v1/repair-sessions",
    operation_id = "prepare_repair_session",
    tag = "repair sessions",
    responses((status = 200, body = RepairSession), Problem)
)]
pub(crate) async fn create(
    Caller { name: who, reach, .. }: Caller,
    State(app): State<App>,
    Json(new): Json<NewSession>,
) -> Result<Json<RepairSession>, Problem> {
    reach.check(&app.database, Subject::Asset, &new.asset_id).await?;
    let title = text("title", &new.title)?;
    if !(1..=SESSION_TECHNICIANS).contains(&new.technicians.len()) {
        return Err(Problem::Invalid(format!(
            "`technicians` has to hold 1 to {SESSION_TECHNICIANS} names"
        )));
    }
    let technicians = new.technicians.iter().map(|name| text("technicians", name));
    let technicians = to_json(&technicians.collect::<Result<Vec<_>, _>>()?)?;
    let planned_us = new.planned_seconds.map_or(SESSION_LENGTH_US, |s| i64::from(s) * 1_000_000);
    if !(1..=SESSION_LONGEST_US).contains(&planned_us) {
        return Err(Problem::Invalid(format!(
            "`planned_seconds` has to be between 1 and {}",
            SESSION_LONGEST_US / 1_000_000
        )));
    }
    check_belongings(&app, &new).await?;
    let (id, now) = (id_from(new.id.as_deref())?, app.clock.now_us());
    let mut tx = app.database.begin().await?;
    sqlx::query(
        "INSERT INTO repair_sessions (id, asset_id, ticket_id, title, state, technicians, phase, \
         fault_since_at, planned_us, created_at, visit_id) \
         VALUES ($1, $2, $3, $4, $5, $6, 0, $7, $8, $9, $10)",
    )
    .bind(&id)
    .bind(&new.asset_id)
    .bind(&new.ticket_id)
    .bind(title)
    .bind(SessionState::Draft.as_str())
    .bind(technicians)
    .bind(new.fault_since.map(|t| t.0))
    .bind(planned_us)
    .bind(now)
    .bind(&new.visit_id)
    .execute(&mut *tx)
    .await
    .map_err(|e| taken(e, || "there is a repair session with this `id`".into()))?;
    let step =
        Step { at: now, from: None, to: SessionState::Draft, who: &who, why: title, ..Step::EMPTY };
    record(&mut tx, &id, now, step).await?;
    tx.commit().await?;
    announce(&app, &id).await?;
    Ok(Json(find(&app, &id).await?))
}

/// The asset is there, and the ticket is one of its own.
async fn check_belongings(app: &App, new: &NewSession) -> Result<(), Problem> {
    let asset: Option<String> = sqlx::query_scalar("SELECT id FROM assets WHERE id = $1")
        .bind(&new.asset_id)
        .fetch_optional(&app.database)
        .await?;
    asset.ok_or(Problem::NotFound("asset"))?;
    if let Some(visit_id) = &new.visit_id {
        let of_asset: Option<String> = sqlx::query_scalar(
            "SELECT w.asset_id FROM visits v JOIN work_orders w ON w.id = v.work_order_id \
             WHERE v.id = $1",
        )
        .bind(visit_id)
        .fetch_optional(&app.database)
        .await?;
        if of_asset.ok_or(Problem::NotFound("visit"))? != new.asset_id {
            return Err(Problem::Invalid("the visit is to another asset".into()));
        }
    }
    let Some(ticket_id) = &new.ticket_id else { return Ok(()) };
    let of_asset: Option<String> = sqlx::query_scalar("SELECT asset_id FROM tickets WHERE id = $1")
        .bind(ticket_id)
        .fetch_optional(&app.database)
        .await?;
    if of_asset.ok_or(Problem::NotFound("ticket"))? == new.asset_id {
        return Ok(());
    }
    Err(Problem::Invalid("the ticket belongs to another asset".into()))
}

/// A step to be recorded.
pub(super) struct Step<'a> {
    /// When it took effect.
    pub at: i64,
    pub from: Option<SessionState>,
    pub to: SessionState,
    pub who: &'a str,
    pub why: &'a str,
    /// With a start or an extension of work: its planned end.
    pub planned_end: Option<i64>,
    /// With these also: what shelves the alarms that the work causes.
    pub suspension_id: Option<&'a str>,
    /// With an end of the acceptance test: how every check stood, JSON.
    pub acceptance: Option<&'a str>,
}

impl Step<'_> {
    pub const EMPTY: Self = Self {
        at: 0,
        from: None,
        to: SessionState::Draft,
        who: "",
        why: "",
        planned_end: None,
        suspension_id: None,
        acceptance: None,
    };
}

/// Records a step that was learnt of now.
pub(super) async fn record(
    tx: &mut Transaction<'_, Any>,
    session_id: &str,
    now: i64,
    step: Step<'_>,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO repair_session_steps (id, session_id, at, recorded_at, from_state, to_state, \
         who, why, planned_end_at, suspension_id, acceptance) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
    )
    .bind(new_id())
    .bind(session_id)
    .bind(step.at)
    .bind(now)
    .bind(step.from.map(SessionState::as_str))
    .bind(step.to.as_str())
    .bind(step.who)
    .bind(step.why)
    .bind(step.planned_end)
    .bind(step.suspension_id)
    .bind(step.acceptance)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Query of the list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct SessionsQuery {
    asset: Option<String>,
    ticket: Option<String>,
    cursor: Option<String>,
}

/// Repair sessions, the newest first.
#[utoipa::path(
    get,
    path = "/api/v1/repair-sessions",
    operation_id = "list_repair_sessions",
    tag = "repair sessions",
    params(SessionsQuery),
    responses((status = 200, body = Page<RepairSession>), Problem)
)]
pub(crate) async fn list(
    reach: Reach,
    State(app): State<App>,
    Query(query): Query<SessionsQuery>,
) -> Result<Json<Page<RepairSession>>, Problem> {
    let mine = reach.assets("s.asset_id", "$4");
    let sql = format!(
        "{SELECT} WHERE ($1 = '' OR s.asset_id = $1) AND ($2 = '' OR s.ticket_id = $2) \
         AND s.id < $3 AND {mine} ORDER BY s.id DESC LIMIT $5"
    );
    let rows: Vec<Row> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(query.asset.unwrap_or_default())
        .bind(query.ticket.unwrap_or_default())
        .bind(query.cursor.unwrap_or_else(|| "~".to_owned()))
        .bind(reach.bind())
        .bind(LIST_ROWS + 1)
        .fetch_all(&app.database)
        .await?;
    let items = rows.into_iter().map(RepairSession::try_from).collect::<Result<Vec<_>, _>>()?;
    Ok(Json(Page::cut(items, LIST_ROWS as usize, |s| s.id.clone())))
}
