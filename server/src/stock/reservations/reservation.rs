//! The parts of a work order as people see them, and what the used ones cost.

use axum::Json;
use axum::extract::{Path, State};
use serde::Serialize;
use sqlx::{Any, FromRow, Transaction};
use utoipa::ToSchema;

use super::state::ReservationState;
use crate::app::App;
use crate::database::from_json;
use crate::http::Problem;
use crate::proposals::Money;
use crate::time::Time;

/// A part that a work order needs.
#[derive(Debug, Serialize, ToSchema)]
pub struct Reservation {
    pub(super) id: String,
    pub(super) work_order_id: String,
    pub(super) part_id: String,
    pub(super) part_number: String,
    pub(super) part_name: String,
    unit: String,
    pub(super) quantity: i64,
    /// So many of them went into the machine.
    pub(super) used: i64,
    pub(super) state: ReservationState,
    /// Null while wanted.
    #[schema(required)]
    pub(super) depot_id: Option<String>,
    #[schema(required)]
    depot_name: Option<String>,
    /// Why this depot, or why none.
    reasons: Vec<String>,
    created_at: Time,
    created_by: String,
    pub(super) version: i64,
    #[schema(value_type = Vec<ReservationState>)]
    next_states: &'static [ReservationState],
}

impl Reservation {
    /// What is kept and not used yet.
    pub(super) fn rest(&self) -> i64 {
        self.quantity - self.used
    }
}

#[derive(FromRow)]
pub(super) struct Row {
    id: String,
    work_order_id: String,
    part_id: String,
    part_number: String,
    part_name: String,
    unit: String,
    quantity: i64,
    used: i64,
    state: String,
    depot_id: Option<String>,
    depot_name: Option<String>,
    reasons: String,
    created_at: i64,
    created_by: String,
    version: i64,
}

impl TryFrom<Row> for Reservation {
    type Error = Problem;
    fn try_from(r: Row) -> Result<Self, Problem> {
        let state = ReservationState::parse(&r.state)?;
        Ok(Self {
            state,
            next_states: state.next(),
            reasons: from_json(&r.reasons)?,
            id: r.id,
            work_order_id: r.work_order_id,
            part_id: r.part_id,
            part_number: r.part_number,
            part_name: r.part_name,
            unit: r.unit,
            quantity: r.quantity,
            used: r.used,
            depot_id: r.depot_id,
            depot_name: r.depot_name,
            created_at: Time(r.created_at),
            created_by: r.created_by,
            version: r.version,
        })
    }
}

const SELECT: &str = "SELECT r.id, r.work_order_id, r.part_id, p.part_number, p.name AS part_name, \
     p.unit, r.quantity, r.used, r.state, r.depot_id, d.name AS depot_name, r.reasons, r.created_at, \
     r.created_by, r.version FROM work_order_parts r JOIN parts p ON p.id = r.part_id \
     LEFT JOIN depots d ON d.id = r.depot_id";

/// The reservations that a condition on `r` finds, in the order of their parts: whoever takes several
/// parts takes them in this order.
pub(super) async fn of(
    tx: &mut Transaction<'_, Any>,
    condition: &str,
    binds: &[&str],
) -> Result<Vec<Reservation>, Problem> {
    let sql = format!("{SELECT} WHERE {condition} ORDER BY r.part_id, r.id");
    let mut query = sqlx::query_as::<_, Row>(sqlx::AssertSqlSafe(sql));
    for bind in binds {
        query = query.bind(*bind);
    }
    query.fetch_all(&mut **tx).await?.into_iter().map(Reservation::try_from).collect()
}

/// One reservation of a work order.
pub(super) async fn find(
    tx: &mut Transaction<'_, Any>,
    order_id: &str,
    id: &str,
) -> Result<Reservation, Problem> {
    let found = of(tx, "r.work_order_id = $1 AND r.id = $2", &[order_id, id]).await?;
    found.into_iter().next().ok_or(Problem::NotFound("part of the work order"))
}

/// What a work order waits for, in words.
pub(crate) async fn missing(
    tx: &mut Transaction<'_, Any>,
    order_id: &str,
) -> Result<Vec<String>, Problem> {
    let wanted = of(tx, "r.work_order_id = $1 AND r.state = 'wanted'", &[order_id]).await?;
    let words = |r: &Reservation| format!("{} × {} ({})", r.rest(), r.part_name, r.part_number);
    Ok(wanted.iter().map(words).collect())
}

/// What used parts cost, at the prices of the time when they were used.
#[derive(Debug, Serialize, ToSchema)]
pub struct PartsCost {
    /// A sum for each currency.
    sums: Vec<Money>,
    /// Pieces that had no price: the sums are without them.
    without_price: i64,
}

/// The parts of a work order.
#[derive(Debug, Serialize, ToSchema)]
pub struct WorkOrderParts {
    items: Vec<Reservation>,
    parts_cost: PartsCost,
}

/// What a work order needs and has used, and what that cost.
#[utoipa::path(
    get,
    path = "/api/v1/work-orders/{id}/parts",
    operation_id = "list_work_order_parts",
    tag = "stock",
    responses((status = 200, body = WorkOrderParts), Problem)
)]
pub(crate) async fn list(
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Json<WorkOrderParts>, Problem> {
    let mut tx = app.database.begin().await?;
    crate::work_orders::find(&mut *tx, &id).await?;
    let mut items = of(&mut tx, "r.work_order_id = $1", &[&id]).await?;
    items.sort_by(|a, b| a.id.cmp(&b.id));
    // PostgreSQL adds BIGINTs to a NUMERIC.
    let spent: Vec<(Option<String>, i64, i64)> = sqlx::query_as(
        "SELECT price_currency, CAST(sum(-delta * coalesce(price_minor, 0)) AS BIGINT), \
         CAST(sum(-delta) AS BIGINT) FROM stock_moves WHERE subject_kind = 'work_order' \
         AND subject_id = $1 GROUP BY price_currency ORDER BY price_currency",
    )
    .bind(&id)
    .fetch_all(&mut *tx)
    .await?;
    let mut parts_cost = PartsCost { sums: Vec::new(), without_price: 0 };
    for (currency, minor, pieces) in spent {
        match currency {
            Some(currency) => parts_cost.sums.push(Money { minor, currency }),
            None => parts_cost.without_price = pieces,
        }
    }
    Ok(Json(WorkOrderParts { items, parts_cost }))
}
