//! People move stock: it is received, counted, moved between depots, and thrown away.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use utoipa::ToSchema;

use super::ledger::{self, Cause, Delta};
use super::levels::{StockLevel, shown};
use super::reason::Reason;
use super::reservations::give_back;
use crate::access::Subject;
use crate::app::App;
use crate::http::{Caller, Problem, check_text};
use crate::limits::{QUANTITY_MOST, TEXT_CHARS};

/// Refuses what is no quantity.
pub(super) fn check_quantity(quantity: i64) -> Result<(), Problem> {
    match quantity {
        1..=QUANTITY_MOST => Ok(()),
        _ => Err(Problem::Invalid(format!("`quantity` has to be from 1 to {QUANTITY_MOST}"))),
    }
}

fn cause<'a>(app: &App, reason: Reason, caller: &'a Caller, why: &'a str) -> Cause<'a> {
    Cause { reason, about: None, who: &caller.name, why: why.trim(), at: app.clock.now_us() }
}

/// Puts parts into a depot, or takes them out for good.
async fn change_by(
    app: &App,
    caller: &Caller,
    (part_id, depot_id): (&str, &str),
    (reason, quantity, why): (Reason, i64, &str),
) -> Result<Json<StockLevel>, Problem> {
    caller.reach.check(&app.database, Subject::Depot, depot_id).await?;
    check_text("why", why, TEXT_CHARS)?;
    check_quantity(quantity)?;
    let cause = cause(app, reason, caller, why);
    let mut tx = app.begin().await?;
    match reason {
        Reason::Scrapped => ledger::take(&mut tx, (part_id, depot_id), quantity, &cause).await?,
        _ => ledger::put(&mut tx, (part_id, depot_id), quantity, &cause).await?,
    };
    tx.commit().await?;
    shown(app, part_id, depot_id).await
}

/// Parts that came from a supplier.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewReceipt {
    part_id: String,
    depot_id: String,
    quantity: i64,
    /// Such as the number of the delivery note.
    #[schema(min_length = 1)]
    why: String,
}

/// Takes parts into a depot.
#[utoipa::path(
    post,
    path = "/api/v1/stock/receipts",
    operation_id = "receive_stock",
    tag = "stock",
    responses((status = 200, body = StockLevel), Problem)
)]
pub(crate) async fn receive(
    caller: Caller,
    State(app): State<App>,
    Json(new): Json<NewReceipt>,
) -> Result<Json<StockLevel>, Problem> {
    let place = (new.part_id.as_str(), new.depot_id.as_str());
    change_by(&app, &caller, place, (Reason::Received, new.quantity, &new.why)).await
}

/// Parts that are thrown away.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewScrap {
    part_id: String,
    depot_id: String,
    quantity: i64,
    #[schema(min_length = 1)]
    why: String,
}

/// Takes parts out of a depot for good.
#[utoipa::path(
    post,
    path = "/api/v1/stock/scrap",
    operation_id = "scrap_stock",
    tag = "stock",
    responses((status = 200, body = StockLevel), Problem)
)]
pub(crate) async fn scrap(
    caller: Caller,
    State(app): State<App>,
    Json(new): Json<NewScrap>,
) -> Result<Json<StockLevel>, Problem> {
    let place = (new.part_id.as_str(), new.depot_id.as_str());
    change_by(&app, &caller, place, (Reason::Scrapped, new.quantity, &new.why)).await
}

/// What somebody found.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewCount {
    part_id: String,
    depot_id: String,
    /// What lies there, without what technicians have picked.
    counted: i64,
    #[schema(min_length = 1)]
    why: String,
}

/// Sets a level to what was counted.
///
/// Where fewer are there than are reserved, the newest reservations are wanted again.
#[utoipa::path(
    post,
    path = "/api/v1/stock/counts",
    operation_id = "count_stock",
    tag = "stock",
    responses((status = 200, body = StockLevel), Problem)
)]
pub(crate) async fn count(
    caller: Caller,
    State(app): State<App>,
    Json(new): Json<NewCount>,
) -> Result<Json<StockLevel>, Problem> {
    caller.reach.check(&app.database, Subject::Depot, &new.depot_id).await?;
    check_text("why", &new.why, TEXT_CHARS)?;
    if !(0..=QUANTITY_MOST).contains(&new.counted) {
        return Err(Problem::Invalid(format!("`counted` has to be from 0 to {QUANTITY_MOST}")));
    }
    let cause = cause(&app, Reason::Counted, &caller, &new.why);
    let mut tx = app.begin().await?;
    let part = ledger::hold(&mut tx, &new.part_id).await?;
    let mut level = ledger::level(&mut tx, &part, &new.depot_id).await?;
    let found = new.counted + level.picked;
    while found < level.reserved && give_back(&mut tx, &part, &new.depot_id, &cause).await? {
        level = ledger::level(&mut tx, &part, &new.depot_id).await?;
    }
    let delta = Delta { on_hand: found - level.on_hand, ..Delta::default() };
    ledger::change(&mut tx, &part, &new.depot_id, delta, &cause).await?;
    tx.commit().await?;
    shown(&app, &new.part_id, &new.depot_id).await
}

/// Parts on their way from one depot to another.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewTransfer {
    part_id: String,
    from_depot_id: String,
    to_depot_id: String,
    quantity: i64,
    #[schema(min_length = 1)]
    why: String,
}

/// Moves parts between depots; the answer is the level where they went.
#[utoipa::path(
    post,
    path = "/api/v1/stock/transfers",
    operation_id = "move_stock",
    tag = "stock",
    responses((status = 200, body = StockLevel), Problem)
)]
pub(crate) async fn transfer(
    caller: Caller,
    State(app): State<App>,
    Json(new): Json<NewTransfer>,
) -> Result<Json<StockLevel>, Problem> {
    for depot in [&new.from_depot_id, &new.to_depot_id] {
        caller.reach.check(&app.database, Subject::Depot, depot).await?;
    }
    check_text("why", &new.why, TEXT_CHARS)?;
    check_quantity(new.quantity)?;
    if new.from_depot_id == new.to_depot_id {
        return Err(Problem::Invalid("`from_depot_id` and `to_depot_id` are the same".into()));
    }
    let cause = cause(&app, Reason::Moved, &caller, &new.why);
    let mut tx = app.begin().await?;
    ledger::take(&mut tx, (&new.part_id, &new.from_depot_id), new.quantity, &cause).await?;
    ledger::put(&mut tx, (&new.part_id, &new.to_depot_id), new.quantity, &cause).await?;
    tx.commit().await?;
    shown(&app, &new.part_id, &new.to_depot_id).await
}
