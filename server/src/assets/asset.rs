//! An asset as people see it: one, and lists of them.

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::HeaderName;
use serde::{Deserialize, Serialize};
use sqlx::FromRow;
use utoipa::{IntoParams, ToSchema};

use crate::access::Reach;
use crate::app::App;
use crate::http::{Page, Problem, etag};
use crate::limits::{LIST_ROWS, SILENT_AFTER_US};
use crate::search::{SearchKind, Wanted};
use crate::time::Time;
use crate::watch::Condition;

#[derive(Debug, FromRow)]
struct Row {
    id: String,
    name: String,
    kind: String,
    model: Option<String>,
    serial: Option<String>,
    code: Option<String>,
    site_id: Option<String>,
    site_name: Option<String>,
    customer_id: Option<String>,
    customer_name: Option<String>,
    purchased_at: Option<i64>,
    warranty_until: Option<i64>,
    version: i64,
    created_at: i64,
    ticket_id: Option<String>,
    ticket_number: Option<i64>,
}

/// The ticket of an asset that is still open.
#[derive(Debug, Serialize, ToSchema)]
pub struct OpenTicket {
    id: String,
    number: String,
}

/// An asset with how it does now.
#[derive(Debug, Serialize, ToSchema)]
pub struct Asset {
    id: String,
    name: String,
    kind: String,
    #[schema(required)]
    model: Option<String>,
    #[schema(required)]
    serial: Option<String>,
    /// The short code on its label.
    #[schema(required)]
    code: Option<String>,
    /// Where it stands; null: nobody has said so, and only people who see everything see it.
    #[schema(required)]
    site_id: Option<String>,
    #[schema(required)]
    site_name: Option<String>,
    /// Whose site it is.
    #[schema(required)]
    customer_id: Option<String>,
    #[schema(required)]
    customer_name: Option<String>,
    #[schema(required)]
    purchased_at: Option<Time>,
    #[schema(required)]
    warranty_until: Option<Time>,
    condition: Condition,
    #[schema(required)]
    open_ticket: Option<OpenTicket>,
    #[schema(required)]
    last_reading_at: Option<Time>,
    created_at: Time,
    /// Also the `ETag`: send it as `If-Match` with a change.
    version: i64,
}

const SELECT: &str = "SELECT a.id, a.name, a.kind, a.model, a.serial, a.code, a.site_id, \
     s.name AS site_name, s.customer_id, c.name AS customer_name, a.purchased_at, \
     a.warranty_until, a.version, \
     a.created_at, t.id AS ticket_id, t.number AS ticket_number FROM assets a \
     LEFT JOIN sites s ON s.id = a.site_id LEFT JOIN customers c ON c.id = s.customer_id \
     LEFT JOIN tickets t ON t.id = (SELECT min(o.id) FROM tickets o WHERE o.asset_id = a.id \
     AND o.state NOT IN ('closed', 'cancelled'))";

async fn with_condition(app: &App, row: Row) -> Asset {
    let directory = app.directory.read().await;
    let last = directory.last_of_asset(&row.id);
    drop(directory);
    let silent = last.is_some_and(|(_, received)| app.clock.now_us() - received > SILENT_AFTER_US);
    let condition = match app.watches.lock().await.condition(&row.id) {
        _ if silent => Condition::Silent,
        condition => condition,
    };
    let ticket = row.ticket_id.zip(row.ticket_number);
    Asset {
        id: row.id,
        name: row.name,
        kind: row.kind,
        model: row.model,
        serial: row.serial,
        code: row.code,
        site_id: row.site_id,
        site_name: row.site_name,
        customer_id: row.customer_id,
        customer_name: row.customer_name,
        purchased_at: row.purchased_at.map(Time),
        warranty_until: row.warranty_until.map(Time),
        condition,
        open_ticket: ticket.map(|(id, n)| OpenTicket { id, number: format!("T-{n}") }),
        last_reading_at: last.map(|(measured, _)| Time(measured)),
        created_at: Time(row.created_at),
        version: row.version,
    }
}

/// How a handler shows an asset.
pub(super) type Shown = ([(HeaderName, String); 1], Json<Asset>);

pub(super) async fn shown(app: &App, id: &str) -> Result<Shown, Problem> {
    let row: Option<Row> = sqlx::query_as(sqlx::AssertSqlSafe(format!("{SELECT} WHERE a.id = $1")))
        .bind(id)
        .fetch_optional(&app.database)
        .await?;
    let asset = with_condition(app, row.ok_or(Problem::NotFound("asset"))?).await;
    Ok((etag(asset.version), Json(asset)))
}

/// Query of a list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ListQuery {
    site: Option<String>,
    customer: Option<String>,
    /// Words of the name, the model, the serial number, the site or the customer; begun or mistyped.
    q: Option<String>,
    cursor: Option<String>,
}

/// All assets by name.
#[utoipa::path(
    get,
    path = "/api/v1/assets",
    operation_id = "list_assets",
    tag = "assets",
    params(ListQuery),
    responses((status = 200, body = Page<Asset>), Problem)
)]
pub(crate) async fn list(
    reach: Reach,
    State(app): State<App>,
    Query(query): Query<ListQuery>,
) -> Result<Json<Page<Asset>>, Problem> {
    let mine = reach.sites("a.site_id", "$2");
    let wanted = Wanted::read(&app, query.q.as_deref()).await?;
    let after = query.cursor.unwrap_or_default();
    let all = reach == Reach::Everything && query.site.is_none() && query.customer.is_none();
    let page = all.then_some(after.as_str());
    let found =
        Wanted::condition(wanted.as_ref(), &app.database, SearchKind::Asset, "a.id", page).await?;
    let rows: Vec<Row> = sqlx::query_as(sqlx::AssertSqlSafe(format!(
        "{SELECT} WHERE a.name > $1 AND {mine} AND ($3 = '' OR a.site_id = $3) \
         AND ($4 = '' OR s.customer_id = $4) AND {found} ORDER BY a.name LIMIT $5"
    )))
    .bind(&after)
    .bind(reach.bind())
    .bind(query.site.unwrap_or_default())
    .bind(query.customer.unwrap_or_default())
    .bind(LIST_ROWS + 1)
    .fetch_all(&app.database)
    .await?;
    let mut items = Vec::with_capacity(rows.len());
    for row in rows {
        items.push(with_condition(&app, row).await);
    }
    Ok(Json(Page::cut(items, LIST_ROWS as usize, |a| a.name.clone())))
}

/// One asset.
#[utoipa::path(
    get,
    path = "/api/v1/assets/{id}",
    operation_id = "show_asset",
    tag = "assets",
    responses((status = 200, body = Asset), Problem)
)]
pub(crate) async fn show(State(app): State<App>, Path(id): Path<String>) -> Result<Shown, Problem> {
    shown(&app, &id).await
}
