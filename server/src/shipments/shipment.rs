//! A shipment as people see it: one, and lists of them.

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::HeaderName;
use serde::{Deserialize, Serialize};
use sqlx::{Any, Executor, FromRow, Transaction};
use utoipa::{IntoParams, ToSchema};

use super::confirming::{self, ShipmentConfirmation};
use super::parcels::{self, ShipmentLine};
use super::promises::{self, ShipmentPromise};
use super::state::ShipmentState;
use super::tracking::{self, ShipmentUpdate};
use super::{link, number};
use crate::access::Reach;
use crate::app::App;
use crate::http::{Page, Problem, etag};
use crate::limits::LIST_ROWS;
use crate::time::Time;

/// What is sent to a customer.
#[derive(Debug, Serialize, ToSchema)]
pub struct Shipment {
    pub(super) id: String,
    pub(super) number: String,
    pub(super) state: ShipmentState,
    pub(super) customer_id: String,
    customer_name: String,
    #[schema(required)]
    pub(super) site_id: Option<String>,
    #[schema(required)]
    site_name: Option<String>,
    #[schema(required)]
    pub(super) contact_id: Option<String>,
    pub(super) address: String,
    /// The first thing in it, and how many more.
    pub(super) item: String,
    #[schema(required)]
    work_order_id: Option<String>,
    #[schema(required)]
    return_id: Option<String>,
    /// Where parts are taken from.
    #[schema(required)]
    pub(super) depot_id: Option<String>,
    /// Empty while nobody said so.
    pub(super) carrier: String,
    pub(super) tracking_number: String,
    /// The promise that holds.
    #[schema(required)]
    pub(super) promised_at: Option<Time>,
    /// Of promises: 1 is the first.
    #[schema(required)]
    pub(super) promise_number: Option<i64>,
    /// The promise that holds was broken: somebody has to say what is done about it.
    pub(super) late: bool,
    #[schema(required)]
    pub(super) shipped_at: Option<Time>,
    #[schema(required)]
    pub(super) delivered_at: Option<Time>,
    created_at: Time,
    created_by: String,
    #[schema(required)]
    closed_at: Option<Time>,
    /// Also the `ETag`: send it as `If-Match` with a change.
    pub(super) version: i64,
    #[schema(value_type = Vec<ShipmentState>)]
    next_states: &'static [ShipmentState],
    /// Where the customer follows it without an account; tell it to nobody else.
    #[serde(skip_serializing_if = "Option::is_none")]
    link: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    lines: Option<Vec<ShipmentLine>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    confirmations: Option<Vec<ShipmentConfirmation>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    promises: Option<Vec<ShipmentPromise>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    updates: Option<Vec<ShipmentUpdate>>,
    #[serde(skip)]
    pub(super) secret: String,
}

#[derive(FromRow)]
struct Row {
    id: String,
    number: i64,
    state: String,
    customer_id: String,
    customer_name: String,
    site_id: Option<String>,
    site_name: Option<String>,
    contact_id: Option<String>,
    address: String,
    first_item: Option<String>,
    items: i64,
    work_order_id: Option<String>,
    return_id: Option<String>,
    depot_id: Option<String>,
    carrier: String,
    tracking_number: String,
    promised_at: Option<i64>,
    promise_number: Option<i64>,
    late_at: Option<i64>,
    shipped_at: Option<i64>,
    delivered_at: Option<i64>,
    secret: String,
    created_at: i64,
    created_by: String,
    closed_at: Option<i64>,
    version: i64,
}

const SELECT: &str = "SELECT s.id, s.number, s.state, s.customer_id, c.name AS customer_name, \
     s.site_id, t.name AS site_name, s.contact_id, s.address, (SELECT coalesce(p.name, l.text) \
     FROM shipment_lines l LEFT JOIN parts p ON p.id = l.part_id WHERE l.shipment_id = s.id \
     AND l.position = 0) AS first_item, (SELECT count(*) FROM shipment_lines l \
     WHERE l.shipment_id = s.id) AS items, s.work_order_id, s.return_id, s.depot_id, s.carrier, \
     s.tracking_number, n.promised_at, n.number AS promise_number, n.late_at, s.shipped_at, \
     s.delivered_at, s.secret, s.created_at, s.created_by, s.closed_at, s.version FROM shipments s \
     JOIN customers c ON c.id = s.customer_id LEFT JOIN sites t ON t.id = s.site_id \
     LEFT JOIN shipment_promises n ON n.shipment_id = s.id AND n.number = \
     (SELECT max(m.number) FROM shipment_promises m WHERE m.shipment_id = s.id)";

impl TryFrom<Row> for Shipment {
    type Error = Problem;
    fn try_from(r: Row) -> Result<Self, Problem> {
        let state = ShipmentState::parse(&r.state)?;
        let first = r.first_item.unwrap_or_default();
        Ok(Self {
            number: number(r.number),
            state,
            next_states: state.next(),
            item: if r.items > 1 { format!("{first} (+{})", r.items - 1) } else { first },
            promised_at: r.promised_at.map(Time),
            promise_number: r.promise_number,
            late: r.late_at.is_some() && state.is_awaited(),
            shipped_at: r.shipped_at.map(Time),
            delivered_at: r.delivered_at.map(Time),
            created_at: Time(r.created_at),
            closed_at: r.closed_at.map(Time),
            link: None,
            id: r.id,
            customer_id: r.customer_id,
            customer_name: r.customer_name,
            site_id: r.site_id,
            site_name: r.site_name,
            contact_id: r.contact_id,
            address: r.address,
            work_order_id: r.work_order_id,
            return_id: r.return_id,
            depot_id: r.depot_id,
            carrier: r.carrier,
            tracking_number: r.tracking_number,
            created_by: r.created_by,
            version: r.version,
            lines: None,
            confirmations: None,
            promises: None,
            updates: None,
            secret: r.secret,
        })
    }
}

/// One shipment, without what belongs to it.
pub(super) async fn find<'e>(
    db: impl Executor<'e, Database = Any>,
    id: &str,
) -> Result<Shipment, Problem> {
    let row: Option<Row> = sqlx::query_as(sqlx::AssertSqlSafe(format!("{SELECT} WHERE s.id = $1")))
        .bind(id)
        .fetch_optional(db)
        .await?;
    row.ok_or(Problem::NotFound("shipment"))?.try_into()
}

/// The shipment that a link opens.
pub(super) async fn of_secret(app: &App, secret: &str) -> Result<Shipment, Problem> {
    let sql = format!("{SELECT} WHERE s.secret = $1");
    let row: Option<Row> =
        sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(secret).fetch_optional(&app.database).await?;
    row.ok_or(Problem::NotFound("shipment"))?.try_into()
}

/// A shipment that is about to change: until the transaction ends nobody else changes it.
pub(super) async fn hold(tx: &mut Transaction<'_, Any>, id: &str) -> Result<Shipment, Problem> {
    sqlx::query("UPDATE shipments SET version = version WHERE id = $1")
        .bind(id)
        .execute(&mut **tx)
        .await?;
    find(&mut **tx, id).await
}

/// How a handler shows a shipment.
pub(super) type Shown = ([(HeaderName, String); 1], Json<Shipment>);

pub(super) async fn shown(app: &App, id: &str) -> Result<Shown, Problem> {
    let mut shipment = find(&app.database, id).await?;
    shipment.link = Some(link(&shipment.secret));
    shipment.lines = Some(parcels::of(&app.database, id).await?);
    shipment.confirmations = Some(confirming::of(&app.database, id).await?);
    shipment.promises = Some(promises::of(&app.database, id).await?);
    shipment.updates = Some(tracking::of(&app.database, id).await?);
    Ok((etag(shipment.version), Json(shipment)))
}

/// Tells watchers how a shipment stands.
pub(super) async fn announce(app: &App, id: &str) -> Result<(), Problem> {
    app.announce("shipment", &find(&app.database, id).await?);
    Ok(())
}

/// Query of the list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ShipmentsQuery {
    state: Option<ShipmentState>,
    customer: Option<String>,
    work_order: Option<String>,
    r#return: Option<String>,
    /// `true`: only those that are neither closed nor cancelled.
    open: Option<bool>,
    /// `true`: only those that are late and have no new promise yet.
    late: Option<bool>,
    cursor: Option<String>,
}

/// Shipments, the newest first.
#[utoipa::path(
    get,
    path = "/api/v1/shipments",
    operation_id = "list_shipments",
    tag = "shipments",
    params(ShipmentsQuery),
    responses((status = 200, body = Page<Shipment>), Problem)
)]
pub(crate) async fn list(
    reach: Reach,
    State(app): State<App>,
    Query(query): Query<ShipmentsQuery>,
) -> Result<Json<Page<Shipment>>, Problem> {
    let mine = reach.shipments("s.id", "$7");
    let sql = format!(
        "{SELECT} WHERE ($1 = '' OR s.state = $1) AND ($2 = '' OR s.customer_id = $2) \
         AND ($3 = '' OR s.work_order_id = $3) AND ($4 = '' OR s.return_id = $4) \
         AND ($5 = 0 OR s.state NOT IN ('closed', 'cancelled')) AND ($6 = 0 OR (n.late_at IS NOT NULL \
         AND s.state NOT IN ('delivered', 'closed', 'cancelled'))) AND {mine} AND s.id < $8 \
         ORDER BY s.id DESC LIMIT $9"
    );
    let rows: Vec<Row> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(query.state.map_or("", ShipmentState::as_str))
        .bind(query.customer.unwrap_or_default())
        .bind(query.work_order.unwrap_or_default())
        .bind(query.r#return.unwrap_or_default())
        .bind(i64::from(query.open == Some(true)))
        .bind(i64::from(query.late == Some(true)))
        .bind(reach.bind())
        .bind(query.cursor.unwrap_or_else(|| "~".to_owned()))
        .bind(LIST_ROWS + 1)
        .fetch_all(&app.database)
        .await?;
    let items = rows.into_iter().map(Shipment::try_from).collect::<Result<Vec<_>, _>>()?;
    Ok(Json(Page::cut(items, LIST_ROWS as usize, |s| s.id.clone())))
}

/// One shipment with its lines, confirmations, promises and updates.
#[utoipa::path(
    get,
    path = "/api/v1/shipments/{id}",
    operation_id = "show_shipment",
    tag = "shipments",
    responses((status = 200, body = Shipment), Problem)
)]
pub(crate) async fn show(State(app): State<App>, Path(id): Path<String>) -> Result<Shown, Problem> {
    shown(&app, &id).await
}
