//! Something is to be sent to a customer.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use sqlx::{Any, Transaction};
use utoipa::ToSchema;

use super::promises;
use super::shipment::{Shipment, Shown, announce, shown};
use super::state::ShipmentState;
use crate::access::{Reach, Subject};
use crate::app::App;
use crate::changes;
use crate::database::{new_id, take_turn};
use crate::http::{Caller, Problem, check_length, check_text};
use crate::limits::{QUANTITY_MOST, SHIPMENT_LINES, TEXT_CHARS, WORD_CHARS};
use crate::requests::Links;
use crate::time::Time;
use crate::tokens::new_secret;
use crate::{returns, work_orders};

/// A line of a shipment: a part, or anything else in words.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewShipmentLine {
    part_id: Option<String>,
    text: Option<String>,
    quantity: i64,
}

impl NewShipmentLine {
    fn check(&self) -> Result<(), Problem> {
        if self.part_id.is_some() == self.text.is_some() {
            return Err(Problem::Invalid("`lines`: `part_id` or `text`, one of the two".into()));
        }
        if let Some(text) = &self.text {
            check_text("text", text, TEXT_CHARS)?;
        }
        if !(1..=QUANTITY_MOST).contains(&self.quantity) {
            return Err(Problem::Invalid(format!(
                "`quantity` has to be from 1 to {QUANTITY_MOST}"
            )));
        }
        Ok(())
    }
}

/// Something to be sent.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewShipment {
    /// Known by the site, the contact, the work order or the return, or said here.
    customer_id: Option<String>,
    site_id: Option<String>,
    contact_id: Option<String>,
    /// Without one, that of the site.
    address: Option<String>,
    /// The work that it is for.
    work_order_id: Option<String>,
    /// The exchange that it is for: without lines, what came back is sent anew.
    return_id: Option<String>,
    /// Where parts are taken from; may be said when it leaves.
    depot_id: Option<String>,
    #[serde(default)]
    lines: Vec<NewShipmentLine>,
    /// When the customer will have it.
    promised_at: Option<Time>,
    #[serde(default)]
    carrier: String,
}

/// What is known of a shipment that is ordered.
struct Order {
    links: Links,
    lines: Vec<NewShipmentLine>,
}

impl NewShipment {
    fn check(&self, now: i64) -> Result<(), Problem> {
        check_length("address", self.address.as_deref().unwrap_or_default(), TEXT_CHARS)?;
        check_length("carrier", &self.carrier, WORD_CHARS)?;
        if self.promised_at.is_some_and(|Time(at)| at <= now) {
            return Err(Problem::Invalid("`promised_at` has to be ahead".into()));
        }
        self.lines.iter().try_for_each(NewShipmentLine::check)
    }

    async fn settle(
        &mut self,
        tx: &mut Transaction<'_, Any>,
        reach: &Reach,
        now: i64,
    ) -> Result<Order, Problem> {
        let mut links = Links {
            customer_id: self.customer_id.take(),
            contact_id: self.contact_id.take(),
            site_id: self.site_id.take(),
            asset_id: None,
        };
        links.check(tx, reach).await?;
        let mut lines = std::mem::take(&mut self.lines);
        if let Some(id) = &self.return_id {
            reach.check(&mut **tx, Subject::Return, id).await?;
            let rma = returns::find(&mut **tx, id, now).await?;
            links.customer_id = links.customer_id.or(Some(rma.customer_id));
            links.site_id = links.site_id.or(rma.site_id);
            links.contact_id = links.contact_id.or(rma.contact_id);
            if lines.is_empty() {
                let text = rma.part_id.is_none().then_some(rma.item);
                let (part_id, quantity) = (rma.part_id, rma.quantity);
                lines.push(NewShipmentLine { part_id, text, quantity });
            }
        }
        if let Some(id) = &self.work_order_id {
            reach.check(&mut **tx, Subject::WorkOrder, id).await?;
            let order = work_orders::find(&mut **tx, id).await?;
            links.site_id = links.site_id.or(order.site_id);
        }
        if let Some(id) = &self.depot_id {
            reach.check(&mut **tx, Subject::Depot, id).await?;
        }
        if !(1..=SHIPMENT_LINES).contains(&lines.len()) {
            let text = format!("`lines` has to have 1 to {SHIPMENT_LINES} lines");
            return Err(Problem::Invalid(text));
        }
        Ok(Order { links: links.settle(tx).await?, lines })
    }
}

/// Orders a shipment. Whoever has the link in the answer follows it without an account.
#[utoipa::path(
    post,
    path = "/api/v1/shipments",
    operation_id = "add_shipment",
    tag = "shipments",
    responses((status = 201, body = Shipment), Problem)
)]
pub(crate) async fn create(
    caller: Caller,
    State(app): State<App>,
    Json(mut new): Json<NewShipment>,
) -> Result<(StatusCode, Shown), Problem> {
    let now = app.clock.now_us();
    new.check(now)?;
    let mut tx = app.begin().await?;
    let order = new.settle(&mut tx, &caller.reach, now).await?;
    let id = insert(&mut tx, &new, &order, &caller.name, now).await?;
    if !caller.reach.holds(&mut *tx, Subject::Shipment, &id).await? {
        return Err(Problem::Invalid("say which site of yours it goes to".into()));
    }
    tx.commit().await?;
    announce(&app, &id).await?;
    Ok((StatusCode::CREATED, shown(&app, &id).await?))
}

async fn insert(
    tx: &mut Transaction<'_, Any>,
    new: &NewShipment,
    order: &Order,
    who: &str,
    now: i64,
) -> Result<String, Problem> {
    let links = &order.links;
    let customer = links.customer_id.as_deref();
    let customer =
        customer.ok_or_else(|| Problem::Invalid("`customer_id`: to whom does it go?".into()))?;
    check_depot(tx, new.depot_id.as_deref()).await?;
    let site: Option<String> = sqlx::query_scalar("SELECT address FROM sites WHERE id = $1")
        .bind(links.site_id.as_deref())
        .fetch_optional(&mut **tx)
        .await?;
    let address = new.address.clone().or(site).unwrap_or_default();
    take_turn(tx, "shipment numbers").await?;
    let id = new_id();
    sqlx::query(
        "INSERT INTO shipments (id, number, state, customer_id, site_id, contact_id, address, \
         work_order_id, return_id, depot_id, carrier, tracking_number, secret, created_at, \
         created_by, version) SELECT $1, coalesce(max(number), 0) + 1, 'draft', $2, $3, $4, $5, $6, \
         $7, $8, $9, '', $10, $11, $12, 1 FROM shipments",
    )
    .bind(&id)
    .bind(customer)
    .bind(links.site_id.as_deref())
    .bind(links.contact_id.as_deref())
    .bind(address.trim())
    .bind(new.work_order_id.as_deref())
    .bind(new.return_id.as_deref())
    .bind(new.depot_id.as_deref())
    .bind(new.carrier.trim())
    .bind(new_secret())
    .bind(now)
    .bind(who)
    .execute(&mut **tx)
    .await?;
    for (position, line) in (0_i64..).zip(&order.lines) {
        write_line(tx, &id, position, line).await?;
    }
    if let Some(Time(promised_at)) = new.promised_at {
        promises::make(tx, (&id, 1), (promised_at, "", None), (who, now)).await?;
    }
    changes::made(
        tx,
        now,
        ("shipment", &id, "state", ShipmentState::Draft.as_str()),
        (who, "ordered"),
    )
    .await?;
    Ok(id)
}

async fn write_line(
    tx: &mut Transaction<'_, Any>,
    shipment_id: &str,
    position: i64,
    line: &NewShipmentLine,
) -> Result<(), Problem> {
    if let Some(part) = &line.part_id {
        let found: Option<String> = sqlx::query_scalar("SELECT id FROM parts WHERE id = $1")
            .bind(part)
            .fetch_optional(&mut **tx)
            .await?;
        found.ok_or(Problem::NotFound("part"))?;
    }
    sqlx::query(
        "INSERT INTO shipment_lines (shipment_id, position, part_id, text, quantity) \
         VALUES ($1, $2, $3, $4, $5)",
    )
    .bind(shipment_id)
    .bind(position)
    .bind(line.part_id.as_deref())
    .bind(line.text.as_deref().unwrap_or_default().trim())
    .bind(line.quantity)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Refuses a depot that is not there.
pub(super) async fn check_depot(
    tx: &mut Transaction<'_, Any>,
    depot_id: Option<&str>,
) -> Result<(), Problem> {
    let Some(depot_id) = depot_id else { return Ok(()) };
    let found: Option<String> = sqlx::query_scalar("SELECT id FROM depots WHERE id = $1")
        .bind(depot_id)
        .fetch_optional(&mut **tx)
        .await?;
    found.map(|_| ()).ok_or(Problem::NotFound("depot"))
}
