//! A work order as people see it: one, and lists of them.

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::HeaderName;
use serde::{Deserialize, Serialize};
use sqlx::{Any, Executor, FromRow};
use utoipa::{IntoParams, ToSchema};

use super::state::WorkOrderState;
use super::steps::{self, WorkOrderStep};
use crate::access::Reach;
use crate::alarms::Priority;
use crate::app::App;
use crate::database::from_json;
use crate::http::{Page, Problem, etag};
use crate::limits::LIST_ROWS;
use crate::tickets;
use crate::time::Time;

/// What has to be done to a machine.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct WorkOrder {
    pub(crate) id: String,
    pub(crate) number: String,
    pub(crate) ticket_id: String,
    ticket_number: String,
    /// The approved proposal that it carries out.
    #[schema(required)]
    proposal_id: Option<String>,
    pub(crate) asset_id: String,
    asset_name: String,
    #[schema(required)]
    pub(crate) site_id: Option<String>,
    #[schema(required)]
    site_name: Option<String>,
    pub(crate) state: WorkOrderState,
    pub(crate) title: String,
    pub(crate) instructions: String,
    pub(crate) priority: Priority,
    /// What the technician has to be able to do.
    pub(crate) skills: Vec<String>,
    /// Work beside the machine, without the way.
    pub(crate) planned_minutes: i64,
    /// Not before: parts have to come, or nobody is there.
    #[schema(required)]
    pub(crate) earliest_at: Option<Time>,
    /// Promised.
    #[schema(required)]
    pub(crate) latest_at: Option<Time>,
    /// While on hold.
    #[schema(required)]
    hold_reason: Option<String>,
    created_at: Time,
    created_by: String,
    /// Also the `ETag`: send it as `If-Match` with an edit.
    pub(crate) version: i64,
    #[schema(value_type = Vec<WorkOrderState>)]
    next_states: &'static [WorkOrderState],
    #[serde(skip_serializing_if = "Option::is_none")]
    steps: Option<Vec<WorkOrderStep>>,
}

#[derive(FromRow)]
struct Row {
    id: String,
    number: i64,
    ticket_id: String,
    ticket_number: i64,
    proposal_id: Option<String>,
    asset_id: String,
    asset_name: String,
    site_id: Option<String>,
    site_name: Option<String>,
    state: String,
    title: String,
    instructions: String,
    priority: String,
    skills: String,
    planned_minutes: i64,
    earliest_at: Option<i64>,
    latest_at: Option<i64>,
    hold_reason: Option<String>,
    created_at: i64,
    created_by: String,
    version: i64,
}

impl TryFrom<Row> for WorkOrder {
    type Error = Problem;
    fn try_from(r: Row) -> Result<Self, Problem> {
        let state = WorkOrderState::parse(&r.state)?;
        Ok(Self {
            number: format!("W-{}", r.number),
            ticket_number: tickets::number(r.ticket_number),
            state,
            next_states: state.next(),
            priority: Priority::parse(&r.priority)?,
            skills: from_json(&r.skills)?,
            id: r.id,
            ticket_id: r.ticket_id,
            proposal_id: r.proposal_id,
            asset_id: r.asset_id,
            asset_name: r.asset_name,
            site_id: r.site_id,
            site_name: r.site_name,
            title: r.title,
            instructions: r.instructions,
            planned_minutes: r.planned_minutes,
            earliest_at: r.earliest_at.map(Time),
            latest_at: r.latest_at.map(Time),
            hold_reason: r.hold_reason,
            created_at: Time(r.created_at),
            created_by: r.created_by,
            version: r.version,
            steps: None,
        })
    }
}

const SELECT: &str = "SELECT w.id, w.number, w.ticket_id, t.number AS ticket_number, w.proposal_id, \
     w.asset_id, a.name AS asset_name, a.site_id, s.name AS site_name, w.state, w.title, w.instructions, \
     w.priority, w.skills, w.planned_minutes, w.earliest_at, w.latest_at, w.hold_reason, \
     w.created_at, w.created_by, w.version FROM work_orders w JOIN tickets t ON t.id = w.ticket_id \
     JOIN assets a ON a.id = w.asset_id LEFT JOIN sites s ON s.id = a.site_id";

/// One work order, without its steps.
pub(crate) async fn find<'e>(
    db: impl Executor<'e, Database = Any>,
    id: &str,
) -> Result<WorkOrder, Problem> {
    let row: Option<Row> = sqlx::query_as(sqlx::AssertSqlSafe(format!("{SELECT} WHERE w.id = $1")))
        .bind(id)
        .fetch_optional(db)
        .await?;
    row.ok_or(Problem::NotFound("work order"))?.try_into()
}

/// How a handler shows a work order.
pub(super) type Shown = ([(HeaderName, String); 1], Json<WorkOrder>);

pub(super) async fn shown(app: &App, id: &str) -> Result<Shown, Problem> {
    let mut order = find(&app.database, id).await?;
    order.steps = Some(steps::of(app, id).await?);
    Ok((etag(order.version), Json(order)))
}

/// Tells watchers how a work order stands.
pub(crate) async fn announce(app: &App, id: &str) -> Result<(), Problem> {
    app.announce("work_order", &find(&app.database, id).await?);
    Ok(())
}

/// Query of the list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct WorkOrdersQuery {
    state: Option<WorkOrderState>,
    ticket: Option<String>,
    asset: Option<String>,
    /// `true`: only those that are neither closed nor cancelled.
    open: Option<bool>,
    cursor: Option<String>,
}

/// Work orders, the newest first.
#[utoipa::path(
    get,
    path = "/api/v1/work-orders",
    operation_id = "list_work_orders",
    tag = "work orders",
    params(WorkOrdersQuery),
    responses((status = 200, body = Page<WorkOrder>), Problem)
)]
pub(crate) async fn list(
    reach: Reach,
    State(app): State<App>,
    Query(query): Query<WorkOrdersQuery>,
) -> Result<Json<Page<WorkOrder>>, Problem> {
    let mine = reach.sites("a.site_id", "$5");
    let sql = format!(
        "{SELECT} WHERE ($1 = '' OR w.state = $1) AND ($2 = '' OR w.ticket_id = $2) \
         AND ($3 = '' OR w.asset_id = $3) AND ($4 = 0 OR w.state NOT IN ('closed', 'cancelled')) \
         AND {mine} AND w.id < $6 ORDER BY w.id DESC LIMIT $7"
    );
    let rows: Vec<Row> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(query.state.map_or("", WorkOrderState::as_str))
        .bind(query.ticket.unwrap_or_default())
        .bind(query.asset.unwrap_or_default())
        .bind(i64::from(query.open == Some(true)))
        .bind(reach.bind())
        .bind(query.cursor.unwrap_or_else(|| "~".to_owned()))
        .bind(LIST_ROWS + 1)
        .fetch_all(&app.database)
        .await?;
    let items = rows.into_iter().map(WorkOrder::try_from).collect::<Result<Vec<_>, _>>()?;
    Ok(Json(Page::cut(items, LIST_ROWS as usize, |w| w.id.clone())))
}

/// One work order with its steps.
#[utoipa::path(
    get,
    path = "/api/v1/work-orders/{id}",
    operation_id = "show_work_order",
    tag = "work orders",
    responses((status = 200, body = WorkOrder), Problem)
)]
pub(crate) async fn show(State(app): State<App>, Path(id): Path<String>) -> Result<Shown, Problem> {
    shown(&app, &id).await
}
