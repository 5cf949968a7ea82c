//! A visit as people see it: one, and the calendar.

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::HeaderName;
use serde::{Deserialize, Serialize};
use sqlx::{Any, Executor, FromRow, Transaction};
use utoipa::{IntoParams, ToSchema};

use super::state::VisitState;
use crate::app::App;
use crate::database::from_json;
use crate::http::{Caller, Page, Problem, etag};
use crate::limits::LIST_ROWS;
use crate::time::{Time, bound};

/// Somebody is beside a machine for a while.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Visit {
    pub(crate) id: String,
    pub(crate) work_order_id: String,
    pub(super) work_order_number: String,
    pub(super) title: String,
    asset_id: String,
    pub(super) asset_name: String,
    #[schema(required)]
    site_name: Option<String>,
    #[schema(required)]
    site_address: Option<String>,
    /// Where the site is, for directions.
    #[schema(required)]
    latitude: Option<f64>,
    #[schema(required)]
    longitude: Option<f64>,
    #[schema(required)]
    time_zone: Option<String>,
    pub(crate) technician_id: String,
    pub(super) technician_name: String,
    pub(crate) state: VisitState,
    pub(crate) starts_at: Time,
    pub(crate) ends_at: Time,
    planned_by: String,
    /// Of an automatic planning: the rule that did it.
    #[schema(required)]
    rule: Option<String>,
    /// Why this technician and this time.
    reasons: Vec<String>,
    /// Also the `ETag`: send it as `If-Match` with a change.
    pub(crate) version: i64,
    #[schema(value_type = Vec<VisitState>)]
    next_states: &'static [VisitState],
}

#[derive(FromRow)]
struct Row {
    id: String,
    work_order_id: String,
    work_order_number: i64,
    title: String,
    asset_id: String,
    asset_name: String,
    site_name: Option<String>,
    site_address: Option<String>,
    latitude: Option<f64>,
    longitude: Option<f64>,
    time_zone: Option<String>,
    technician_id: String,
    technician_name: String,
    state: String,
    starts_at: i64,
    ends_at: i64,
    planned_by: String,
    rule: Option<String>,
    reasons: String,
    version: i64,
}

impl TryFrom<Row> for Visit {
    type Error = Problem;
    fn try_from(r: Row) -> Result<Self, Problem> {
        let state = VisitState::parse(&r.state)?;
        Ok(Self {
            work_order_number: format!("W-{}", r.work_order_number),
            state,
            next_states: state.next(),
            reasons: from_json(&r.reasons)?,
            id: r.id,
            work_order_id: r.work_order_id,
            title: r.title,
            asset_id: r.asset_id,
            asset_name: r.asset_name,
            site_name: r.site_name,
            site_address: r.site_address,
            latitude: r.latitude,
            longitude: r.longitude,
            time_zone: r.time_zone,
            technician_id: r.technician_id,
            technician_name: r.technician_name,
            starts_at: Time(r.starts_at),
            ends_at: Time(r.ends_at),
            planned_by: r.planned_by,
            rule: r.rule,
            version: r.version,
        })
    }
}

const SELECT: &str = "SELECT v.id, v.work_order_id, w.number AS work_order_number, w.title, \
     w.asset_id, a.name AS asset_name, s.name AS site_name, s.address AS site_address, s.latitude, \
     s.longitude, s.time_zone, v.technician_id, p.name AS technician_name, v.state, v.starts_at, \
     v.ends_at, v.planned_by, v.rule, v.reasons, v.version FROM visits v \
     JOIN work_orders w ON w.id = v.work_order_id JOIN assets a ON a.id = w.asset_id \
     JOIN accounts p ON p.id = v.technician_id LEFT JOIN sites s ON s.id = a.site_id";

/// One visit.
pub(crate) async fn find<'e>(
    db: impl Executor<'e, Database = Any>,
    id: &str,
) -> Result<Visit, Problem> {
    let row: Option<Row> = sqlx::query_as(sqlx::AssertSqlSafe(format!("{SELECT} WHERE v.id = $1")))
        .bind(id)
        .fetch_optional(db)
        .await?;
    row.ok_or(Problem::NotFound("visit"))?.try_into()
}

/// The visit of a work order that is not over yet.
pub(crate) async fn ahead(
    tx: &mut Transaction<'_, Any>,
    order_id: &str,
) -> Result<Option<Visit>, Problem> {
    let sql = format!(
        "{SELECT} WHERE v.work_order_id = $1 AND v.state NOT IN ('done', 'missed', 'cancelled')"
    );
    let row: Option<Row> =
        sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(order_id).fetch_optional(&mut **tx).await?;
    row.map(Visit::try_from).transpose()
}

/// How a handler shows a visit.
pub(super) type Shown = ([(HeaderName, String); 1], Json<Visit>);

pub(super) async fn shown(app: &App, id: &str) -> Result<Shown, Problem> {
    let visit = find(&app.database, id).await?;
    Ok((etag(visit.version), Json(visit)))
}

/// Tells watchers how a visit stands.
pub(crate) async fn announce(app: &App, id: &str) -> Result<(), Problem> {
    app.announce("visit", &find(&app.database, id).await?);
    Ok(())
}

/// Query of the calendar.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct VisitsQuery {
    /// Those that end after it, RFC 3339.
    #[param(format = DateTime)]
    from: Option<String>,
    /// Those that begin before it, RFC 3339.
    #[param(format = DateTime)]
    to: Option<String>,
    /// Account of a technician; `me`: the caller's own.
    technician: Option<String>,
    work_order: Option<String>,
    state: Option<VisitState>,
    cursor: Option<String>,
}

/// Visits in order of their beginning.
#[utoipa::path(
    get,
    path = "/api/v1/visits",
    operation_id = "list_visits",
    tag = "visits",
    params(VisitsQuery),
    responses((status = 200, body = Page<Visit>), Problem)
)]
pub(crate) async fn list(
    caller: Caller,
    State(app): State<App>,
    Query(query): Query<VisitsQuery>,
) -> Result<Json<Page<Visit>>, Problem> {
    let technician = match query.technician.as_deref() {
        Some("me") => caller.account_id.unwrap_or_else(|| "nobody".to_owned()),
        other => other.unwrap_or_default().to_owned(),
    };
    let (begins, id) = match query.cursor.as_deref().map(|c| c.split_once('/')) {
        None => (i64::MIN, String::new()),
        Some(Some((at, id))) => (crate::http::cursor(Some(at))?.unwrap_or(i64::MIN), id.to_owned()),
        Some(None) => return Err(Problem::Invalid("`cursor` is not one of ours".into())),
    };
    let mine = caller.reach.sites("a.site_id", "$6");
    let sql = format!(
        "{SELECT} WHERE v.ends_at > $1 AND v.starts_at < $2 AND ($3 = '' OR v.technician_id = $3) \
         AND ($4 = '' OR v.work_order_id = $4) AND ($5 = '' OR v.state = $5) AND {mine} \
         AND (v.starts_at > $7 OR (v.starts_at = $7 AND v.id > $8)) \
         ORDER BY v.starts_at, v.id LIMIT $9"
    );
    let rows: Vec<Row> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(bound("from", query.from.as_deref(), i64::MIN)?)
        .bind(bound("to", query.to.as_deref(), i64::MAX)?)
        .bind(technician)
        .bind(query.work_order.unwrap_or_default())
        .bind(query.state.map_or("", VisitState::as_str))
        .bind(caller.reach.bind())
        .bind(begins)
        .bind(id)
        .bind(LIST_ROWS + 1)
        .fetch_all(&app.database)
        .await?;
    let items = rows.into_iter().map(Visit::try_from).collect::<Result<Vec<_>, _>>()?;
    let cursor = |v: &Visit| format!("{}/{}", v.starts_at.0, v.id);
    Ok(Json(Page::cut(items, LIST_ROWS as usize, cursor)))
}

/// One visit.
#[utoipa::path(
    get,
    path = "/api/v1/visits/{id}",
    operation_id = "show_visit",
    tag = "visits",
    responses((status = 200, body = Visit), Problem)
)]
pub(crate) async fn show(State(app): State<App>, Path(id): Path<String>) -> Result<Shown, Problem> {
    shown(&app, &id).await
}
