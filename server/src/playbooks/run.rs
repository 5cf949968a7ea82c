//! A playbook at work, as people see it: one, and lists of them.

use axum::Json;
use axum::extract::{Path, Query, State};
use serde::{Deserialize, Serialize};
use sqlx::{Any, Executor, FromRow, Transaction};
use utoipa::{IntoParams, ToSchema};

use super::content::PlaybookContent;
use super::state::PlaybookRunState;
use super::steps::{self, PlaybookRunStep};
use crate::access::Reach;
use crate::app::App;
use crate::database::from_json;
use crate::http::{Page, Problem};
use crate::limits::LIST_ROWS;
use crate::tickets;
use crate::time::Time;

/// A playbook at work: on a ticket, or as a drill.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlaybookRun {
    pub(super) id: String,
    playbook_id: String,
    playbook_name: String,
    /// The version that it was started with.
    playbook_version: i64,
    /// Null: a drill.
    #[schema(required)]
    ticket_id: Option<String>,
    #[schema(required)]
    ticket_number: Option<String>,
    #[schema(required)]
    asset_id: Option<String>,
    #[schema(required)]
    asset_name: Option<String>,
    pub(super) drill: bool,
    /// Of a drill: what is supposed to have happened.
    scenario: String,
    /// Of a drill on a recorded fault: where its readings are.
    #[schema(required)]
    recorded_from: Option<Time>,
    #[schema(required)]
    recorded_to: Option<Time>,
    pub(super) state: PlaybookRunState,
    #[schema(value_type = Vec<PlaybookRunState>)]
    next_states: &'static [PlaybookRunState],
    /// What was learnt.
    findings: String,
    /// Who took part.
    pub(super) participants: Vec<String>,
    started_at: Time,
    started_by: String,
    #[schema(required)]
    ended_at: Option<Time>,
    pub(super) steps_in_all: PlaybookStepCounts,
    #[serde(skip_serializing_if = "Option::is_none")]
    steps: Option<Vec<PlaybookRunStep>>,
    /// The version that it was started with: whom to call, what to have at hand.
    #[serde(skip_serializing_if = "Option::is_none")]
    content: Option<PlaybookContent>,
}

/// How the steps of a run stand against their goal times.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct PlaybookStepCounts {
    on_time: i64,
    late: i64,
    skipped: i64,
    /// Nobody has done them; once the run is over, they were missed.
    pub(super) open: i64,
    /// Of those, how many should have been done by now, or by the end.
    overdue: i64,
}

#[derive(FromRow)]
struct Row {
    id: String,
    playbook_id: String,
    playbook_name: String,
    playbook_version: i64,
    ticket_id: Option<String>,
    ticket_number: Option<i64>,
    asset_id: Option<String>,
    asset_name: Option<String>,
    drill: i64,
    scenario: String,
    recorded_from: Option<i64>,
    recorded_to: Option<i64>,
    state: String,
    findings: String,
    participants: String,
    started_at: i64,
    started_by: String,
    ended_at: Option<i64>,
    on_time: i64,
    late: i64,
    skipped: i64,
    open: i64,
    overdue: i64,
}

impl TryFrom<Row> for PlaybookRun {
    type Error = Problem;
    fn try_from(r: Row) -> Result<Self, Problem> {
        let state = PlaybookRunState::parse(&r.state)?;
        Ok(Self {
            state,
            next_states: state.next(),
            participants: from_json(&r.participants)?,
            steps_in_all: PlaybookStepCounts {
                on_time: r.on_time,
                late: r.late,
                skipped: r.skipped,
                open: r.open,
                overdue: r.overdue,
            },
            id: r.id,
            playbook_id: r.playbook_id,
            playbook_name: r.playbook_name,
            playbook_version: r.playbook_version,
            ticket_id: r.ticket_id,
            ticket_number: r.ticket_number.map(tickets::number),
            asset_id: r.asset_id,
            asset_name: r.asset_name,
            drill: r.drill == 1,
            scenario: r.scenario,
            recorded_from: r.recorded_from.map(Time),
            recorded_to: r.recorded_to.map(Time),
            findings: r.findings,
            started_at: Time(r.started_at),
            started_by: r.started_by,
            ended_at: r.ended_at.map(Time),
            steps: None,
            content: None,
        })
    }
}

/// `$1` is the time now.
const SELECT: &str = "SELECT r.id, r.playbook_id, p.name AS playbook_name, r.playbook_version, \
     r.ticket_id, t.number AS ticket_number, r.asset_id, a.name AS asset_name, r.drill, r.scenario, \
     r.recorded_from, r.recorded_to, r.state, r.findings, r.participants, r.started_at, r.started_by, \
     r.ended_at, \
     (SELECT count(*) FROM playbook_run_steps s WHERE s.run_id = r.id AND s.mark = 'done' \
     AND s.marked_at <= s.due_at) AS on_time, \
     (SELECT count(*) FROM playbook_run_steps s WHERE s.run_id = r.id AND s.mark = 'done' \
     AND s.marked_at > s.due_at) AS late, \
     (SELECT count(*) FROM playbook_run_steps s WHERE s.run_id = r.id AND s.mark = 'skipped') \
     AS skipped, \
     (SELECT count(*) FROM playbook_run_steps s WHERE s.run_id = r.id AND s.mark = 'open') AS open, \
     (SELECT count(*) FROM playbook_run_steps s WHERE s.run_id = r.id AND s.mark = 'open' \
     AND s.due_at < coalesce(r.ended_at, $1)) AS overdue \
     FROM playbook_runs r JOIN playbooks p ON p.id = r.playbook_id \
     LEFT JOIN tickets t ON t.id = r.ticket_id LEFT JOIN assets a ON a.id = r.asset_id";

async fn find<'e>(
    db: impl Executor<'e, Database = Any>,
    id: &str,
    now: i64,
) -> Result<PlaybookRun, Problem> {
    let row: Option<Row> = sqlx::query_as(sqlx::AssertSqlSafe(format!("{SELECT} WHERE r.id = $2")))
        .bind(now)
        .bind(id)
        .fetch_optional(db)
        .await?;
    row.ok_or(Problem::NotFound("playbook run"))?.try_into()
}

/// A run that is about to change: until the transaction ends nobody else changes it.
pub(super) async fn hold(
    tx: &mut Transaction<'_, Any>,
    id: &str,
    now: i64,
) -> Result<PlaybookRun, Problem> {
    sqlx::query("UPDATE playbook_runs SET version = version + 1 WHERE id = $1")
        .bind(id)
        .execute(&mut **tx)
        .await?;
    find(&mut **tx, id, now).await
}

pub(super) async fn shown(app: &App, id: &str) -> Result<Json<PlaybookRun>, Problem> {
    let now = app.clock.now_us();
    let mut run = find(&app.database, id, now).await?;
    let end = run.ended_at.map_or(now, |at| at.0);
    let steps = steps::of(app, id, end).await?;
    let content: String = sqlx::query_scalar(
        "SELECT content FROM playbook_versions WHERE playbook_id = $1 AND version = $2",
    )
    .bind(&run.playbook_id)
    .bind(run.playbook_version)
    .fetch_one(&app.database)
    .await?;
    (run.steps, run.content) = (Some(steps), Some(from_json(&content)?));
    Ok(Json(run))
}

/// Tells watchers how a run stands.
pub(super) async fn announce(app: &App, id: &str) -> Result<(), Problem> {
    app.announce("playbook_run", &find(&app.database, id, app.clock.now_us()).await?);
    Ok(())
}

/// Query of the list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PlaybookRunsQuery {
    ticket: Option<String>,
    playbook: Option<String>,
    state: Option<PlaybookRunState>,
    /// `true`: only drills; `false`: only runs on tickets.
    drill: Option<bool>,
    cursor: Option<String>,
}

/// Runs of playbooks and drills, the newest first, without their steps.
#[utoipa::path(
    get,
    path = "/api/v1/playbook-runs",
    operation_id = "list_playbook_runs",
    tag = "playbooks",
    params(PlaybookRunsQuery),
    responses((status = 200, body = Page<PlaybookRun>), Problem)
)]
pub(crate) async fn list(
    reach: Reach,
    State(app): State<App>,
    Query(query): Query<PlaybookRunsQuery>,
) -> Result<Json<Page<PlaybookRun>>, Problem> {
    let mine = reach.assets("r.asset_id", "$6");
    let sql = format!(
        "{SELECT} WHERE ($2 = '' OR r.ticket_id = $2) AND ($3 = '' OR r.playbook_id = $3) \
         AND ($4 = '' OR r.state = $4) AND ($5 < 0 OR r.drill = $5) AND {mine} AND r.id < $7 \
         ORDER BY r.id DESC LIMIT $8"
    );
    let rows: Vec<Row> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(app.clock.now_us())
        .bind(query.ticket.unwrap_or_default())
        .bind(query.playbook.unwrap_or_default())
        .bind(query.state.map_or("", PlaybookRunState::as_str))
        .bind(query.drill.map_or(-1, i64::from))
        .bind(reach.bind())
        .bind(query.cursor.unwrap_or_else(|| "~".to_owned()))
        .bind(LIST_ROWS + 1)
        .fetch_all(&app.database)
        .await?;
    let items = rows.into_iter().map(PlaybookRun::try_from).collect::<Result<Vec<_>, _>>()?;
    Ok(Json(Page::cut(items, LIST_ROWS as usize, |r| r.id.clone())))
}

/// One run with its steps.
#[utoipa::path(
    get,
    path = "/api/v1/playbook-runs/{id}",
    operation_id = "show_playbook_run",
    tag = "playbooks",
    responses((status = 200, body = PlaybookRun), Problem)
)]
pub(crate) async fn show(
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Json<PlaybookRun>, Problem> {
    shown(&app, &id).await
}
