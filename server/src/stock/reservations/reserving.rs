//! A work order asks for a part: a depot keeps it, or it is wanted.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::Deserialize;
use sqlx::{Any, Transaction};
use utoipa::ToSchema;

use super::choosing::{Work, ranking};
use super::reservation::{Reservation, find};
use super::state::ReservationState;
use crate::access::Subject;
use crate::app::App;
use crate::changes::{self, NewChange};
use crate::database::{new_id, to_json};
use crate::http::{Caller, Problem};
use crate::limits::WORK_ORDER_PARTS;
use crate::stock::ledger::{About, Cause, Delta, Held, change, hold, try_change};
use crate::stock::moving::check_quantity;
use crate::stock::reason::Reason;
use crate::work_orders::WorkOrderState;
use crate::{visits, work_orders};

/// A part that a work order needs.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewReservation {
    part_id: String,
    quantity: i64,
    /// Where to keep it; without it the depot is chosen.
    depot_id: Option<String>,
}

/// Where a part is kept, with reasons; or nowhere, with reasons.
pub(super) struct Kept {
    pub depot_id: Option<String>,
    pub reasons: Vec<String>,
}

impl Kept {
    pub fn state(&self) -> ReservationState {
        match self.depot_id {
            Some(_) => ReservationState::Reserved,
            None => ReservationState::Wanted,
        }
    }
}

/// Keeps pieces of a held part for a work order, in the best depot that has enough.
pub(super) async fn keep(
    tx: &mut Transaction<'_, Any>,
    (order_id, part): (&str, &Held),
    quantity: i64,
    (who, at): (&str, i64),
) -> Result<Kept, Problem> {
    let order = work_orders::find(&mut **tx, order_id).await?;
    let technician_id = visits::ahead(tx, order_id).await?.map(|visit| visit.technician_id);
    let work = Work { site_id: order.site_id, technician_id };
    let ranking = ranking(tx, &part.id, quantity, &work).await?;
    let cause = cause(order_id, (who, "reserved", at));
    let delta = Delta { reserved: quantity, ..Delta::default() };
    for (depot_id, reasons) in ranking.depots {
        if try_change(tx, part, &depot_id, delta, &cause).await? {
            return Ok(Kept { depot_id: Some(depot_id), reasons });
        }
    }
    let mut reasons = vec![format!("nowhere are {quantity} of {}", part.called())];
    reasons.extend(ranking.refused);
    Ok(Kept { depot_id: None, reasons })
}

/// Why stock changes for a work order.
pub(super) fn cause<'a>(order_id: &'a str, (who, why, at): (&'a str, &'a str, i64)) -> Cause<'a> {
    let about = Some(About { kind: "work_order", id: order_id });
    Cause { reason: Reason::Used, about, who, why, at }
}

/// Asks for a part. The depot is chosen, with reasons: the van of whoever goes, else the nearest with
/// enough. Where nowhere are enough, the part is wanted, and the work order is not dispatched.
#[utoipa::path(
    post,
    path = "/api/v1/work-orders/{id}/parts",
    operation_id = "reserve_part",
    tag = "stock",
    responses((status = 201, body = Reservation), Problem)
)]
pub(crate) async fn reserve(
    caller: Caller,
    State(app): State<App>,
    Path(order_id): Path<String>,
    Json(new): Json<NewReservation>,
) -> Result<(StatusCode, Json<Reservation>), Problem> {
    check_quantity(new.quantity)?;
    if let Some(depot) = &new.depot_id {
        caller.reach.check(&app.database, Subject::Depot, depot).await?;
    }
    let (id, now, who) = (new_id(), app.clock.now_us(), caller.name.as_str());
    let mut tx = app.begin().await?;
    check_order(&mut tx, &order_id).await?;
    let part = hold(&mut tx, &new.part_id).await?;
    if part.archived {
        return Err(Problem::Conflict(format!("{} is no longer used", part.called())));
    }
    let kept = match new.depot_id {
        None => keep(&mut tx, (&order_id, &part), new.quantity, (who, now)).await?,
        Some(depot_id) => {
            let delta = Delta { reserved: new.quantity, ..Delta::default() };
            let cause = cause(&order_id, (who, "reserved", now));
            change(&mut tx, &part, &depot_id, delta, &cause).await?;
            let reasons = vec![format!("{who} chose it")];
            Kept { depot_id: Some(depot_id), reasons }
        }
    };
    insert(&mut tx, (&id, &order_id), &new.part_id, new.quantity, &kept, (who, now)).await?;
    let reservation = find(&mut tx, &order_id, &id).await?;
    tx.commit().await?;
    Ok((StatusCode::CREATED, Json(reservation)))
}

/// Holds the work order, which may need parts and does not need too many.
async fn check_order(tx: &mut Transaction<'_, Any>, order_id: &str) -> Result<(), Problem> {
    sqlx::query("UPDATE work_orders SET version = version WHERE id = $1")
        .bind(order_id)
        .execute(&mut **tx)
        .await?;
    let order = work_orders::find(&mut **tx, order_id).await?;
    if matches!(order.state, WorkOrderState::Closed | WorkOrderState::Cancelled) {
        return Err(Problem::Conflict(format!("the work order is {}", order.state.as_str())));
    }
    let lines: i64 =
        sqlx::query_scalar("SELECT count(*) FROM work_order_parts WHERE work_order_id = $1")
            .bind(order_id)
            .fetch_one(&mut **tx)
            .await?;
    if lines >= WORK_ORDER_PARTS {
        let text = format!("a work order has at most {WORK_ORDER_PARTS} lines of parts");
        return Err(Problem::Conflict(text));
    }
    Ok(())
}

async fn insert(
    tx: &mut Transaction<'_, Any>,
    (id, order_id): (&str, &str),
    part_id: &str,
    quantity: i64,
    kept: &Kept,
    (who, now): (&str, i64),
) -> Result<(), Problem> {
    sqlx::query(
        "INSERT INTO work_order_parts (id, work_order_id, part_id, quantity, used, state, depot_id, \
         reasons, created_at, created_by, version) VALUES ($1, $2, $3, $4, 0, $5, $6, $7, $8, $9, 1)",
    )
    .bind(id)
    .bind(order_id)
    .bind(part_id)
    .bind(quantity)
    .bind(kept.state().as_str())
    .bind(kept.depot_id.as_deref())
    .bind(to_json(&kept.reasons)?)
    .bind(now)
    .bind(who)
    .execute(&mut **tx)
    .await?;
    let why = kept.reasons.join("; ");
    let change = NewChange {
        kind: "work_order_part",
        id,
        who,
        field: "state",
        to: Some(kept.state().as_str()),
        why: &why,
        version: Some(1),
        ..NewChange::default()
    };
    changes::record(tx, now, change).await?;
    Ok(())
}
