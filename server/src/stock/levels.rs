//! How much of which part lies where, and how much there should be.

use axum::Json;
use axum::extract::{Query, State};
use serde::{Deserialize, Serialize};
use sqlx::FromRow;
use utoipa::{IntoParams, ToSchema};

use super::depots::within;
use super::ledger::{hold, level};
use super::low;
use crate::access::{Reach, Subject};
use crate::app::App;
use crate::changes::{self, NewChange};
use crate::http::{Caller, Page, Problem, check_text};
use crate::limits::{LIST_ROWS, QUANTITY_MOST, TEXT_CHARS};
use crate::time::Time;

/// What a depot has of a part, in the unit of the part.
#[derive(Debug, Serialize, ToSchema)]
pub struct StockLevel {
    part_id: String,
    part_number: String,
    part_name: String,
    unit: String,
    depot_id: String,
    depot_name: String,
    /// With what is reserved.
    on_hand: i64,
    /// For work orders, with what is picked.
    reserved: i64,
    /// With a technician, and not used yet.
    picked: i64,
    /// What nobody waits for.
    free: i64,
    /// There should be so many that are free; 0: nobody looks.
    minimum: i64,
    /// Since when there are fewer.
    #[schema(required)]
    low_since: Option<Time>,
}

#[derive(FromRow)]
struct Row {
    part_id: String,
    part_number: String,
    part_name: String,
    unit: String,
    depot_id: String,
    depot_name: String,
    on_hand: i64,
    reserved: i64,
    picked: i64,
    minimum: i64,
    low_since: Option<i64>,
}

impl From<Row> for StockLevel {
    fn from(r: Row) -> Self {
        Self {
            part_id: r.part_id,
            part_number: r.part_number,
            part_name: r.part_name,
            unit: r.unit,
            depot_id: r.depot_id,
            depot_name: r.depot_name,
            on_hand: r.on_hand,
            reserved: r.reserved,
            picked: r.picked,
            free: r.on_hand - r.reserved,
            minimum: r.minimum,
            low_since: r.low_since.map(Time),
        }
    }
}

const SELECT: &str = "SELECT l.part_id, p.part_number, p.name AS part_name, p.unit, l.depot_id, \
     d.name AS depot_name, l.on_hand, l.reserved, l.picked, l.minimum, l.low_since \
     FROM stock_levels l JOIN parts p ON p.id = l.part_id JOIN depots d ON d.id = l.depot_id";

/// Query of the list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct LevelsQuery {
    part: Option<String>,
    depot: Option<String>,
    /// `true`: only what is below its minimum.
    below_minimum: Option<bool>,
    cursor: Option<String>,
}

/// Levels by part number and depot.
#[utoipa::path(
    get,
    path = "/api/v1/stock",
    operation_id = "list_stock",
    tag = "stock",
    params(LevelsQuery),
    responses((status = 200, body = Page<StockLevel>), Problem)
)]
pub(crate) async fn list(
    reach: Reach,
    State(app): State<App>,
    Query(query): Query<LevelsQuery>,
) -> Result<Json<Page<StockLevel>>, Problem> {
    let cursor = query.cursor.unwrap_or_default();
    let (part, depot) = cursor.split_once(' ').unwrap_or_default();
    let mine = within(&reach, "$6");
    let sql = format!(
        "{SELECT} WHERE ($1 = '' OR l.part_id = $1) AND ($2 = '' OR l.depot_id = $2) \
         AND ($3 = 0 OR l.low_since IS NOT NULL) AND ($4 = '' OR (p.part_number, d.name) > \
         (SELECT c.part_number, e.name FROM parts c, depots e WHERE c.id = $4 AND e.id = $5)) \
         AND {mine} \
         ORDER BY p.part_number, d.name LIMIT $7"
    );
    let rows: Vec<Row> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(query.part.unwrap_or_default())
        .bind(query.depot.unwrap_or_default())
        .bind(i64::from(query.below_minimum == Some(true)))
        .bind(part)
        .bind(depot)
        .bind(reach.bind())
        .bind(LIST_ROWS + 1)
        .fetch_all(&app.database)
        .await?;
    let items = rows.into_iter().map(StockLevel::from).collect();
    let next = |l: &StockLevel| format!("{} {}", l.part_id, l.depot_id);
    Ok(Json(Page::cut(items, LIST_ROWS as usize, next)))
}

/// How a handler shows one level.
pub(super) async fn shown(
    app: &App,
    part_id: &str,
    depot_id: &str,
) -> Result<Json<StockLevel>, Problem> {
    let sql = format!("{SELECT} WHERE l.part_id = $1 AND l.depot_id = $2");
    let row: Row = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(part_id)
        .bind(depot_id)
        .fetch_one(&app.database)
        .await?;
    Ok(Json(row.into()))
}

/// How much there should be.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewMinimum {
    part_id: String,
    depot_id: String,
    /// 0: nobody looks.
    minimum: i64,
    why: String,
}

/// Says how many of a part should be free in a depot. When there are fewer, people are told.
#[utoipa::path(
    put,
    path = "/api/v1/stock/minimum",
    operation_id = "set_stock_minimum",
    tag = "stock",
    responses((status = 200, body = StockLevel), Problem)
)]
pub(crate) async fn set_minimum(
    caller: Caller,
    State(app): State<App>,
    Json(new): Json<NewMinimum>,
) -> Result<Json<StockLevel>, Problem> {
    caller.reach.check(&app.database, Subject::Depot, &new.depot_id).await?;
    check_text("why", &new.why, TEXT_CHARS)?;
    if !(0..=QUANTITY_MOST).contains(&new.minimum) {
        return Err(Problem::Invalid(format!("`minimum` has to be from 0 to {QUANTITY_MOST}")));
    }
    let now = app.clock.now_us();
    let mut tx = app.begin().await?;
    let part = hold(&mut tx, &new.part_id).await?;
    let before = level(&mut tx, &part, &new.depot_id).await?;
    sqlx::query("UPDATE stock_levels SET minimum = $3 WHERE part_id = $1 AND depot_id = $2")
        .bind(&new.part_id)
        .bind(&new.depot_id)
        .bind(new.minimum)
        .execute(&mut *tx)
        .await?;
    let change = NewChange {
        kind: "stock_level",
        id: &format!("{} {}", new.part_id, new.depot_id),
        who: &caller.name,
        field: "minimum",
        from: Some(&before.minimum.to_string()),
        to: Some(&new.minimum.to_string()),
        why: new.why.trim(),
        ..NewChange::default()
    };
    changes::record(&mut tx, now, change).await?;
    let after = level(&mut tx, &part, &new.depot_id).await?;
    low::look(&mut tx, &part, &new.depot_id, &after, now).await?;
    tx.commit().await?;
    shown(&app, &new.part_id, &new.depot_id).await
}
