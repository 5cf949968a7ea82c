//! News of the way of a shipment. Never changed: what was wrong is said anew.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use sqlx::{Any, Executor, FromRow};
use utoipa::ToSchema;

use super::news;
use super::shipment::{Shipment, Shown, announce, hold, shown};
use super::telling::{News, tell};
use crate::app::App;
use crate::database::new_id;
use crate::http::{By, Problem, check_length, check_text};
use crate::limits::{SHIPMENT_UPDATES, TEXT_CHARS, WORD_CHARS};
use crate::service_levels::Act;
use crate::time::Time;

/// News of the way.
#[derive(Debug, Serialize, ToSchema, FromRow)]
pub struct ShipmentUpdate {
    /// When it happened.
    #[sqlx(try_from = "i64")]
    pub(super) happened_at: Time,
    pub(super) place: String,
    pub(super) text: String,
    /// Who says so, such as the carrier.
    source: String,
    /// Who wrote it down …
    who: String,
    /// … and when.
    #[sqlx(try_from = "i64")]
    at: Time,
}

/// All news of a shipment, in the order in which it happened.
pub(super) async fn of<'e>(
    db: impl Executor<'e, Database = Any>,
    shipment_id: &str,
) -> Result<Vec<ShipmentUpdate>, Problem> {
    Ok(sqlx::query_as(
        "SELECT happened_at, place, text, source, who, at FROM shipment_updates \
         WHERE shipment_id = $1 ORDER BY happened_at, id",
    )
    .bind(shipment_id)
    .fetch_all(db)
    .await?)
}

/// Something that happened on the way.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewShipmentUpdate {
    /// Now when nothing is said.
    happened_at: Option<Time>,
    #[serde(default)]
    place: String,
    text: String,
    /// Who says so, such as the carrier.
    #[serde(default)]
    source: String,
}

/// Adds news of the way. The customer is told.
#[utoipa::path(
    post,
    path = "/api/v1/shipments/{id}/updates",
    operation_id = "add_shipment_update",
    tag = "shipments",
    responses((status = 201, body = Shipment), Problem)
)]
pub(crate) async fn add(
    By(who): By,
    State(app): State<App>,
    Path(id): Path<String>,
    Json(new): Json<NewShipmentUpdate>,
) -> Result<(StatusCode, Shown), Problem> {
    let (text, place) = (new.text.trim(), new.place.trim());
    check_text("text", text, TEXT_CHARS)?;
    check_length("place", place, TEXT_CHARS)?;
    check_length("source", &new.source, WORD_CHARS)?;
    let now = app.clock.now_us();
    let happened_at = new.happened_at.map_or(now, |at| at.0);
    if happened_at > now {
        return Err(Problem::Invalid("`happened_at` has to be behind".into()));
    }
    let (mut tx, update_id) = (app.begin().await?, new_id());
    let shipment = hold(&mut tx, &id).await?;
    let written = sqlx::query(
        "INSERT INTO shipment_updates (id, shipment_id, happened_at, place, text, source, who, at) \
         SELECT $1, s.id, $3, $4, $5, $6, $7, $8 FROM shipments s WHERE s.id = $2 \
         AND (SELECT count(*) FROM shipment_updates u WHERE u.shipment_id = $2) < $9",
    )
    .bind(&update_id)
    .bind(&id)
    .bind(happened_at)
    .bind(place)
    .bind(text)
    .bind(new.source.trim())
    .bind(&who)
    .bind(now)
    .bind(SHIPMENT_UPDATES)
    .execute(&mut *tx)
    .await?;
    if written.rows_affected() == 0 {
        let text = format!("a shipment has at most {SHIPMENT_UPDATES} updates");
        return Err(Problem::Conflict(text));
    }
    let said = if place.is_empty() { text.to_owned() } else { format!("{place}: {text}") };
    let key = format!("shipment-update:{update_id}");
    tell(&mut tx, &id, News::Said { key: &key, text: &said }, now).await?;
    news::heard(&mut tx, &shipment, Act { who: &who, why: &said, at: now }).await?;
    tx.commit().await?;
    announce(&app, &id).await?;
    Ok((StatusCode::CREATED, shown(&app, &id).await?))
}
