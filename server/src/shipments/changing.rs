//! What is known of a shipment changes.

use axum::Json;
use axum::extract::{Path, State};
use serde::Deserialize;
use utoipa::ToSchema;

use super::shipment::{Shipment, Shown, announce, hold, shown};
use crate::app::App;
use crate::changes::{self, Field, NewChange};
use crate::http::{By, IfMatch, Problem, check_length, check_text};
use crate::limits::{TEXT_CHARS, WORD_CHARS};

/// What is changed about a shipment; what is left out stays. A promise is changed by a plan.
#[derive(Debug, Deserialize, ToSchema)]
pub struct ShipmentChange {
    address: Option<String>,
    carrier: Option<String>,
    tracking_number: Option<String>,
    #[schema(min_length = 1)]
    why: String,
}

impl ShipmentChange {
    fn check(&self) -> Result<(), Problem> {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        check_text("why", &self.why, TEXT_CHARS)?;
        check_length("address", &text(&self.address), TEXT_CHARS)?;
        check_length("carrier", &text(&self.carrier), WORD_CHARS)?;
        check_length("tracking_number", &text(&self.tracking_number), TEXT_CHARS)
    }

    fn fields(&self, before: &Shipment) -> Vec<Field> {
        let number = self.tracking_number.as_deref();
        let fields = [
            Field::text("address", &before.address, self.address.as_deref()),
            Field::text("carrier", &before.carrier, self.carrier.as_deref()),
            Field::text("tracking_number", &before.tracking_number, number),
        ];
        fields.into_iter().flatten().collect()
    }
}

/// Changes a shipment.
#[utoipa::path(
    patch,
    path = "/api/v1/shipments/{id}",
    operation_id = "change_shipment",
    tag = "shipments",
    responses((status = 200, body = Shipment), Problem)
)]
pub(crate) async fn change(
    By(who): By,
    if_match: IfMatch,
    State(app): State<App>,
    Path(id): Path<String>,
    Json(wanted): Json<ShipmentChange>,
) -> Result<Shown, Problem> {
    wanted.check()?;
    let now = app.clock.now_us();
    let mut tx = app.begin().await?;
    let before = hold(&mut tx, &id).await?;
    if_match.check(before.version)?;
    let fields = wanted.fields(&before);
    if fields.is_empty() {
        return shown(&app, &id).await;
    }
    sqlx::query(
        "UPDATE shipments SET address = $2, carrier = $3, tracking_number = $4, \
         version = version + 1 WHERE id = $1",
    )
    .bind(&id)
    .bind(wanted.address.as_deref().unwrap_or(&before.address).trim())
    .bind(wanted.carrier.as_deref().unwrap_or(&before.carrier).trim())
    .bind(wanted.tracking_number.as_deref().unwrap_or(&before.tracking_number).trim())
    .execute(&mut *tx)
    .await?;
    let change = NewChange {
        kind: "shipment",
        id: &id,
        who: &who,
        why: wanted.why.trim(),
        version: Some(before.version + 1),
        ..NewChange::default()
    };
    changes::record_fields(&mut tx, now, change, &fields).await?;
    tx.commit().await?;
    announce(&app, &id).await?;
    shown(&app, &id).await
}
