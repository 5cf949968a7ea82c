//! Assets: the machines.

use axum::Json;
use axum::extract::{Path, Query, State};
use serde::{Deserialize, Serialize};
use sqlx::FromRow;
use utoipa::{IntoParams, ToSchema};

use crate::access::Reach;
use crate::app::App;
use crate::http::{Page, Problem};
use crate::limits::{LIST_ROWS, SILENT_AFTER_US};
use crate::time::Time;
use crate::watch::Condition;

#[derive(Debug, FromRow)]
struct Row {
    id: String,
    name: String,
    kind: String,
    model: Option<String>,
    serial: Option<String>,
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
    condition: Condition,
    #[schema(required)]
    open_ticket: Option<OpenTicket>,
    #[schema(required)]
    last_reading_at: Option<Time>,
    created_at: Time,
}

const SELECT: &str = "SELECT a.id, a.name, a.kind, a.model, a.serial, a.created_at, \
     t.id AS ticket_id, t.number AS ticket_number FROM assets a \
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
        condition,
        open_ticket: ticket.map(|(id, n)| OpenTicket { id, number: format!("T-{n}") }),
        last_reading_at: last.map(|(measured, _)| Time(measured)),
        created_at: Time(row.created_at),
    }
}

/// Query of a list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ListQuery {
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
    let mine = Reach::sites("a.site_id", "$2");
    let rows: Vec<Row> = sqlx::query_as(sqlx::AssertSqlSafe(format!(
        "{SELECT} WHERE a.name > $1 AND {mine} ORDER BY a.name LIMIT $3"
    )))
    .bind(query.cursor.unwrap_or_default())
    .bind(reach.bind())
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
pub(crate) async fn show(
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Json<Asset>, Problem> {
    let row: Option<Row> = sqlx::query_as(sqlx::AssertSqlSafe(format!("{SELECT} WHERE a.id = $1")))
        .bind(id)
        .fetch_optional(&app.database)
        .await?;
    let row = row.ok_or(Problem::NotFound("asset"))?;
    Ok(Json(with_condition(&app, row).await))
}
