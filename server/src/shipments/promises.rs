//! When a customer will have a shipment: the first promise, and what is promised instead.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use sqlx::{Any, Executor, FromRow, Transaction};
use utoipa::ToSchema;

use super::news;
use super::shipment::{Shipment, Shown, announce, hold, shown};
use super::telling::{News, tell};
use crate::app::App;
use crate::changes::{self, NewChange};
use crate::http::{By, Problem, check_text};
use crate::limits::{SHIPMENT_PROMISES, TEXT_CHARS};
use crate::parts::price;
use crate::proposals::Money;
use crate::service_levels::Act;
use crate::time::{Time, rfc3339};

/// A promise. The newest holds; the others stay on record.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShipmentPromise {
    number: i64,
    promised_at: Time,
    /// What is done about the delay; empty with the order.
    pub(super) plan: String,
    #[schema(required)]
    compensation: Option<Money>,
    /// When it was noticed to be broken.
    #[schema(required)]
    late_at: Option<Time>,
    who: String,
    at: Time,
}

#[derive(FromRow)]
struct Row {
    number: i64,
    promised_at: i64,
    plan: String,
    compensation_minor: Option<i64>,
    compensation_currency: Option<String>,
    late_at: Option<i64>,
    who: String,
    at: i64,
}

/// All promises of a shipment, the first one first.
pub(super) async fn of<'e>(
    db: impl Executor<'e, Database = Any>,
    shipment_id: &str,
) -> Result<Vec<ShipmentPromise>, Problem> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT number, promised_at, plan, compensation_minor, compensation_currency, late_at, who, \
         at FROM shipment_promises WHERE shipment_id = $1 ORDER BY number",
    )
    .bind(shipment_id)
    .fetch_all(db)
    .await?;
    let promise = |r: Row| ShipmentPromise {
        number: r.number,
        promised_at: Time(r.promised_at),
        plan: r.plan,
        compensation: price(r.compensation_minor, r.compensation_currency),
        late_at: r.late_at.map(Time),
        who: r.who,
        at: Time(r.at),
    };
    Ok(rows.into_iter().map(promise).collect())
}

/// Writes a promise down.
pub(super) async fn make(
    tx: &mut Transaction<'_, Any>,
    (shipment_id, number): (&str, i64),
    (promised_at, plan, compensation): (i64, &str, Option<&Money>),
    (who, now): (&str, i64),
) -> Result<(), Problem> {
    sqlx::query(
        "INSERT INTO shipment_promises (shipment_id, number, promised_at, plan, compensation_minor, \
         compensation_currency, who, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(shipment_id)
    .bind(number)
    .bind(promised_at)
    .bind(plan)
    .bind(compensation.map(|amount| amount.minor))
    .bind(compensation.map(|amount| amount.currency.as_str()))
    .bind(who)
    .bind(now)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// What is done about a delay.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewShipmentPlan {
    /// What is done; the customer reads it.
    text: String,
    /// When the customer will have it.
    promised_at: Time,
    /// What the customer gets for the delay.
    compensation: Option<Money>,
}

/// Makes a plan and promises anew. The customer is told; the promise before stays on record.
#[utoipa::path(
    post,
    path = "/api/v1/shipments/{id}/plans",
    operation_id = "plan_late_shipment",
    tag = "shipments",
    responses((status = 201, body = Shipment), Problem)
)]
pub(crate) async fn plan(
    By(who): By,
    State(app): State<App>,
    Path(id): Path<String>,
    Json(new): Json<NewShipmentPlan>,
) -> Result<(StatusCode, Shown), Problem> {
    let text = new.text.trim();
    check_text("text", text, TEXT_CHARS)?;
    let now = app.clock.now_us();
    if new.promised_at.0 <= now {
        return Err(Problem::Invalid("`promised_at` has to be ahead".into()));
    }
    if let Some(compensation) = &new.compensation {
        compensation.check("compensation")?;
    }
    let mut tx = app.begin().await?;
    let shipment = hold(&mut tx, &id).await?;
    if !shipment.state.is_awaited() {
        return Err(Problem::Conflict(format!("the shipment is {}", shipment.state.as_str())));
    }
    let number = shipment.promise_number.unwrap_or(0) + 1;
    if number > SHIPMENT_PROMISES {
        let text = format!("a shipment has at most {SHIPMENT_PROMISES} promises");
        return Err(Problem::Conflict(text));
    }
    let promise = (new.promised_at.0, text, new.compensation.as_ref());
    make(&mut tx, (&id, number), promise, (&who, now)).await?;
    let before = shipment.promised_at.map(|at| rfc3339(at.0));
    let change = NewChange {
        kind: "shipment",
        id: &id,
        who: &who,
        field: "promised_at",
        from: before.as_deref(),
        to: Some(&rfc3339(new.promised_at.0)),
        why: text,
        version: Some(shipment.version),
        ..NewChange::default()
    };
    changes::record(&mut tx, now, change).await?;
    let key = format!("shipment-plan:{id}:{number}");
    tell(&mut tx, &id, News::Said { key: &key, text }, now).await?;
    news::heard(&mut tx, &shipment, Act { who: &who, why: text, at: now }).await?;
    tx.commit().await?;
    announce(&app, &id).await?;
    Ok((StatusCode::CREATED, shown(&app, &id).await?))
}
