//! The ledger, for people.

use axum::Json;
use axum::extract::{Query, State};
use serde::{Deserialize, Serialize};
use sqlx::FromRow;
use utoipa::{IntoParams, ToSchema};

use super::depots::within;
use super::reason::Reason;
use crate::access::Reach;
use crate::app::App;
use crate::http::{Page, Problem};
use crate::limits::LIST_ROWS;
use crate::parts::price;
use crate::proposals::Money;
use crate::time::Time;

/// A line of the ledger.
#[derive(Debug, Serialize, ToSchema)]
pub struct StockMove {
    id: String,
    part_id: String,
    part_number: String,
    depot_id: String,
    depot_name: String,
    /// 1, 2, 3, … of this part in this depot: a line that is missing would be seen.
    number: i64,
    delta: i64,
    /// On hand afterwards.
    balance: i64,
    reason: Reason,
    /// `work_order`, `return` or `shipment`.
    #[schema(required)]
    subject_kind: Option<String>,
    #[schema(required)]
    subject_id: Option<String>,
    /// Of one unit, at that time.
    #[schema(required)]
    price: Option<Money>,
    who: String,
    why: String,
    at: Time,
}

#[derive(FromRow)]
struct Row {
    id: String,
    part_id: String,
    part_number: String,
    depot_id: String,
    depot_name: String,
    number: i64,
    delta: i64,
    balance: i64,
    reason: String,
    subject_kind: Option<String>,
    subject_id: Option<String>,
    price_minor: Option<i64>,
    price_currency: Option<String>,
    who: String,
    why: String,
    at: i64,
}

impl TryFrom<Row> for StockMove {
    type Error = Problem;
    fn try_from(r: Row) -> Result<Self, Problem> {
        Ok(Self {
            reason: Reason::parse(&r.reason)?,
            price: price(r.price_minor, r.price_currency),
            id: r.id,
            part_id: r.part_id,
            part_number: r.part_number,
            depot_id: r.depot_id,
            depot_name: r.depot_name,
            number: r.number,
            delta: r.delta,
            balance: r.balance,
            subject_kind: r.subject_kind,
            subject_id: r.subject_id,
            who: r.who,
            why: r.why,
            at: Time(r.at),
        })
    }
}

/// Query of the ledger.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct MovesQuery {
    part: Option<String>,
    depot: Option<String>,
    reason: Option<Reason>,
    /// Id of the work order, return or shipment that it was for.
    subject: Option<String>,
    cursor: Option<String>,
}

/// The ledger, the newest line first.
#[utoipa::path(
    get,
    path = "/api/v1/stock/moves",
    operation_id = "list_stock_moves",
    tag = "stock",
    params(MovesQuery),
    responses((status = 200, body = Page<StockMove>), Problem)
)]
pub(crate) async fn list(
    reach: Reach,
    State(app): State<App>,
    Query(query): Query<MovesQuery>,
) -> Result<Json<Page<StockMove>>, Problem> {
    let mine = within(&reach, "$6");
    let sql = format!(
        "SELECT m.id, m.part_id, p.part_number, m.depot_id, d.name AS depot_name, m.number, m.delta, \
         m.balance, m.reason, m.subject_kind, m.subject_id, m.price_minor, m.price_currency, m.who, \
         m.why, m.at FROM stock_moves m JOIN parts p ON p.id = m.part_id \
         JOIN depots d ON d.id = m.depot_id WHERE ($1 = '' OR m.part_id = $1) \
         AND ($2 = '' OR m.depot_id = $2) AND ($3 = '' OR m.reason = $3) \
         AND ($4 = '' OR m.subject_id = $4) AND m.id < $5 AND {mine} ORDER BY m.id DESC LIMIT $7"
    );
    let rows: Vec<Row> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(query.part.unwrap_or_default())
        .bind(query.depot.unwrap_or_default())
        .bind(query.reason.map_or("", Reason::as_str))
        .bind(query.subject.unwrap_or_default())
        .bind(query.cursor.unwrap_or_else(|| "~".to_owned()))
        .bind(reach.bind())
        .bind(LIST_ROWS + 1)
        .fetch_all(&app.database)
        .await?;
    let items = rows.into_iter().map(StockMove::try_from).collect::<Result<Vec<_>, _>>()?;
    Ok(Json(Page::cut(items, LIST_ROWS as usize, |m| m.id.clone())))
}
