//! A shipment moves from state to state, and stock with it.

use axum::Json;
use axum::extract::{Path, State};
use serde::Deserialize;
use sqlx::{Any, Transaction};
use utoipa::ToSchema;

use super::news;
use super::ordering::check_depot;
use super::parcels::{Way, go};
use super::shipment::{Shipment, Shown, announce, hold, shown};
use super::state::ShipmentState;
use super::telling::{News, tell};
use crate::access::Subject;
use crate::app::App;
use crate::changes::{self, NewChange};
use crate::http::{Caller, IfMatch, Problem, check_length, check_text};
use crate::limits::{TEXT_CHARS, WORD_CHARS};
use crate::service_levels::Act;

/// Body of a transition.
#[derive(Debug, Deserialize, ToSchema)]
pub struct ShipmentTransition {
    to: ShipmentState,
    why: String,
    /// With `shipped`: where parts are taken from. With `closed` of one that failed: where they came
    /// back to; without it they are lost.
    depot_id: Option<String>,
    /// With `shipped`.
    carrier: Option<String>,
    /// With `shipped`.
    tracking_number: Option<String>,
}

/// Takes a step of a shipment that is held, or says which are possible.
pub(super) async fn advance(
    tx: &mut Transaction<'_, Any>,
    shipment: &Shipment,
    to: ShipmentState,
    (who, why, now): (&str, &str, i64),
) -> Result<(), Problem> {
    let to = shipment.state.step(to)?;
    let over = matches!(to, ShipmentState::Closed | ShipmentState::Cancelled);
    let at = |is: bool, before: Option<i64>| if is { before.or(Some(now)) } else { before };
    let shipped_at = at(to == ShipmentState::Shipped, shipment.shipped_at.map(|at| at.0));
    let delivered_at = at(to == ShipmentState::Delivered, shipment.delivered_at.map(|at| at.0));
    sqlx::query(
        "UPDATE shipments SET state = $2, shipped_at = $3, delivered_at = $4, closed_at = $5, \
         version = version + 1 WHERE id = $1",
    )
    .bind(&shipment.id)
    .bind(to.as_str())
    .bind(shipped_at)
    .bind(delivered_at)
    .bind(over.then_some(now))
    .execute(&mut **tx)
    .await?;
    let change = NewChange {
        kind: "shipment",
        id: &shipment.id,
        who,
        field: "state",
        from: Some(shipment.state.as_str()),
        to: Some(to.as_str()),
        why,
        version: Some(shipment.version + 1),
        ..NewChange::default()
    };
    changes::record(tx, now, change).await?;
    news::follow(tx, shipment, to, Act { who, why, at: now }).await?;
    tell(tx, &shipment.id, News::Moved, now).await
}

/// Moves a shipment to its next state. When it leaves, its parts are taken out of stock.
///
/// A step that is not allowed is a 409 whose `next_states` are those that are. A confirmation makes it
/// confirmed.
#[utoipa::path(
    post,
    path = "/api/v1/shipments/{id}/transition",
    operation_id = "move_shipment",
    tag = "shipments",
    responses((status = 200, body = Shipment), Problem)
)]
pub(crate) async fn transition(
    caller: Caller,
    if_match: IfMatch,
    State(app): State<App>,
    Path(id): Path<String>,
    Json(wanted): Json<ShipmentTransition>,
) -> Result<Shown, Problem> {
    let why = wanted.why.trim();
    check_text("why", why, TEXT_CHARS)?;
    if let Some(depot) = &wanted.depot_id {
        caller.reach.check(&app.database, Subject::Depot, depot).await?;
    }
    let now = app.clock.now_us();
    let mut tx = app.begin().await?;
    let shipment = hold(&mut tx, &id).await?;
    if_match.check(shipment.version)?;
    let to = shipment.state.step(wanted.to)?;
    if to == ShipmentState::Confirmed {
        return Err(Problem::Conflict("write a confirmation down: that makes it confirmed".into()));
    }
    let by = (caller.name.as_str(), why, now);
    match to {
        ShipmentState::Shipped => leave(&mut tx, &shipment, &wanted, by).await?,
        ShipmentState::Closed if shipment.state == ShipmentState::Failed => {
            if let Some(depot) = wanted.depot_id.as_deref() {
                check_depot(&mut tx, Some(depot)).await?;
                go(&mut tx, (&id, Some(depot)), Way::Back, by).await?;
            }
        }
        _ if wanted.depot_id.is_some() => {
            let text = "`depot_id` goes with `shipped`, or with `closed` of one that failed";
            return Err(Problem::Invalid(text.into()));
        }
        _ => {}
    }
    advance(&mut tx, &shipment, to, by).await?;
    tx.commit().await?;
    announce(&app, &id).await?;
    shown(&app, &id).await
}

/// It leaves the house. One that goes out again has left already: its parts were taken then.
async fn leave(
    tx: &mut Transaction<'_, Any>,
    shipment: &Shipment,
    wanted: &ShipmentTransition,
    by: (&str, &str, i64),
) -> Result<(), Problem> {
    let carrier = wanted.carrier.as_deref().unwrap_or(&shipment.carrier).trim();
    check_length("carrier", carrier, WORD_CHARS)?;
    let number = wanted.tracking_number.as_deref().unwrap_or(&shipment.tracking_number).trim();
    check_length("tracking_number", number, TEXT_CHARS)?;
    let mut depot_id = shipment.depot_id.as_deref();
    if shipment.shipped_at.is_none() {
        depot_id = wanted.depot_id.as_deref().or(depot_id);
        check_depot(tx, depot_id).await?;
        go(tx, (&shipment.id, depot_id), Way::Out, by).await?;
    }
    sqlx::query(
        "UPDATE shipments SET carrier = $2, tracking_number = $3, depot_id = $4 WHERE id = $1",
    )
    .bind(&shipment.id)
    .bind(carrier)
    .bind(number)
    .bind(depot_id)
    .execute(&mut **tx)
    .await?;
    Ok(())
}
