//! A shipment for whoever has its link.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::HeaderName;
use serde::Serialize;
use sqlx::{Any, Transaction};
use utoipa::ToSchema;

use super::shipment::of_secret;
use super::state::ShipmentState;
use super::{link, parcels, promises, tracking};
use crate::app::App;
use crate::http::{KEPT_QUIET, Problem};
use crate::time::Time;

/// Something that is in it.
#[derive(Debug, Serialize, ToSchema)]
pub struct FollowedLine {
    name: String,
    quantity: i64,
}

/// News of the way.
#[derive(Debug, Serialize, ToSchema)]
pub struct FollowedUpdate {
    at: Time,
    place: String,
    text: String,
}

/// A shipment for whoever has its link.
#[derive(Debug, Serialize, ToSchema)]
pub struct FollowedShipment {
    number: String,
    state: ShipmentState,
    lines: Vec<FollowedLine>,
    /// Empty while nobody said so.
    carrier: String,
    tracking_number: String,
    #[schema(required)]
    promised_at: Option<Time>,
    /// That has passed, and it is not there.
    late: bool,
    /// What is done about a delay, where there was one; empty otherwise.
    plan: String,
    #[schema(required)]
    shipped_at: Option<Time>,
    #[schema(required)]
    delivered_at: Option<Time>,
    updates: Vec<FollowedUpdate>,
}

/// A shipment by its link, without an account.
#[utoipa::path(
    get,
    path = "/api/v1/public/shipments/{secret}",
    operation_id = "follow_shipment",
    tag = "shipments",
    security(()),
    responses((status = 200, body = FollowedShipment), Problem)
)]
pub(crate) async fn follow(
    State(app): State<App>,
    Path(secret): Path<String>,
) -> Result<([(HeaderName, &'static str); 2], Json<FollowedShipment>), Problem> {
    let shipment = of_secret(&app, &secret).await?;
    let lines = parcels::of(&app.database, &shipment.id).await?.into_iter();
    let updates = tracking::of(&app.database, &shipment.id).await?.into_iter();
    let newest = promises::of(&app.database, &shipment.id).await?.pop();
    let followed = FollowedShipment {
        number: shipment.number,
        state: shipment.state,
        lines: lines.map(|l| FollowedLine { name: l.name, quantity: l.quantity }).collect(),
        carrier: shipment.carrier,
        tracking_number: shipment.tracking_number,
        promised_at: shipment.promised_at,
        late: shipment.late,
        plan: newest.map(|promise| promise.plan).unwrap_or_default(),
        shipped_at: shipment.shipped_at,
        delivered_at: shipment.delivered_at,
        updates: updates
            .map(|u| FollowedUpdate { at: u.happened_at, place: u.place, text: u.text })
            .collect(),
    };
    Ok((KEPT_QUIET, Json(followed)))
}

/// Where the shipments of a return can be followed, the oldest first.
pub(crate) async fn links_of_return(
    tx: &mut Transaction<'_, Any>,
    return_id: &str,
) -> Result<Vec<String>, Problem> {
    let secrets: Vec<String> = sqlx::query_scalar(
        "SELECT secret FROM shipments WHERE return_id = $1 AND state <> 'cancelled' ORDER BY id",
    )
    .bind(return_id)
    .fetch_all(&mut **tx)
    .await?;
    Ok(secrets.iter().map(|secret| link(secret)).collect())
}
