//! The customer confirms what is to be sent, over one channel or several.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use sqlx::{Any, Executor, FromRow};
use utoipa::ToSchema;

use super::moving::advance;
use super::shipment::{Shipment, Shown, announce, hold, shown};
use super::state::ShipmentState;
use crate::app::App;
use crate::database::new_id;
use crate::http::{By, Problem, check_text};
use crate::limits::{SHIPMENT_PROMISES, TEXT_CHARS};
use crate::states;
use crate::time::Time;

/// Over what somebody confirmed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ConfirmationChannel {
    /// On the telephone.
    Phone,
    /// By e-mail.
    Email,
    /// In a chat or by a short message.
    Message,
    /// In the customer portal.
    Portal,
    /// Face to face.
    Visit,
}

impl ConfirmationChannel {
    const ALL: [Self; 5] = [Self::Phone, Self::Email, Self::Message, Self::Portal, Self::Visit];

    fn as_str(self) -> &'static str {
        match self {
            Self::Phone => "phone",
            Self::Email => "email",
            Self::Message => "message",
            Self::Portal => "portal",
            Self::Visit => "visit",
        }
    }

    fn parse(text: &str) -> Result<Self, Problem> {
        states::read("confirmation channel", &Self::ALL, Self::as_str, text)
    }
}

/// A confirmation.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShipmentConfirmation {
    channel: ConfirmationChannel,
    /// Who of the customer said so.
    confirmed_by: String,
    /// Who wrote it down.
    who: String,
    at: Time,
}

#[derive(FromRow)]
struct Row {
    channel: String,
    confirmed_by: String,
    who: String,
    at: i64,
}

/// All confirmations of a shipment, the oldest first.
pub(super) async fn of<'e>(
    db: impl Executor<'e, Database = Any>,
    shipment_id: &str,
) -> Result<Vec<ShipmentConfirmation>, Problem> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT channel, confirmed_by, who, at FROM shipment_confirmations WHERE shipment_id = $1 \
         ORDER BY id",
    )
    .bind(shipment_id)
    .fetch_all(db)
    .await?;
    let confirmation = |r: Row| {
        Ok(ShipmentConfirmation {
            channel: ConfirmationChannel::parse(&r.channel)?,
            confirmed_by: r.confirmed_by,
            who: r.who,
            at: Time(r.at),
        })
    };
    rows.into_iter().map(confirmation).collect()
}

/// Somebody of the customer confirmed.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewConfirmation {
    channel: ConfirmationChannel,
    /// Who of the customer said so.
    confirmed_by: String,
}

/// Writes a confirmation down. The first one makes the shipment confirmed.
#[utoipa::path(
    post,
    path = "/api/v1/shipments/{id}/confirmations",
    operation_id = "confirm_shipment",
    tag = "shipments",
    responses((status = 201, body = Shipment), Problem)
)]
pub(crate) async fn confirm(
    By(who): By,
    State(app): State<App>,
    Path(id): Path<String>,
    Json(new): Json<NewConfirmation>,
) -> Result<(StatusCode, Shown), Problem> {
    let by = new.confirmed_by.trim();
    check_text("confirmed_by", by, TEXT_CHARS)?;
    let now = app.clock.now_us();
    let mut tx = app.begin().await?;
    let shipment = hold(&mut tx, &id).await?;
    if !shipment.state.is_awaited() {
        return Err(Problem::Conflict(format!("the shipment is {}", shipment.state.as_str())));
    }
    let written = sqlx::query(
        "INSERT INTO shipment_confirmations (id, shipment_id, channel, confirmed_by, who, at) \
         SELECT $1, s.id, $3, $4, $5, $6 FROM shipments s WHERE s.id = $2 \
         AND (SELECT count(*) FROM shipment_confirmations c WHERE c.shipment_id = $2) < $7",
    )
    .bind(new_id())
    .bind(&id)
    .bind(new.channel.as_str())
    .bind(by)
    .bind(&who)
    .bind(now)
    .bind(SHIPMENT_PROMISES)
    .execute(&mut *tx)
    .await?;
    if written.rows_affected() == 0 {
        let text = format!("a shipment has at most {SHIPMENT_PROMISES} confirmations");
        return Err(Problem::Conflict(text));
    }
    if shipment.state == ShipmentState::Draft {
        let why = format!("{by} confirmed by {}", new.channel.as_str());
        advance(&mut tx, &shipment, ShipmentState::Confirmed, (&who, &why, now)).await?;
    }
    tx.commit().await?;
    announce(&app, &id).await?;
    Ok((StatusCode::CREATED, shown(&app, &id).await?))
}
