//! A customer wants to send something back.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use sqlx::{Any, Transaction};
use utoipa::ToSchema;

use super::policy::{ReturnPolicy, ReturnReason};
use super::promises;
use super::rma::{Return, Shown, announce, shown};
use super::state::{ReturnKind, ReturnMethod, ReturnState};
use super::steps::{check_owner, enter};
use super::telling::tell;
use crate::access::{Reach, Role, Subject};
use crate::app::App;
use crate::changes;
use crate::database::{new_id, take_turn, to_json};
use crate::http::{Caller, Problem, check_length};
use crate::limits::{MESSAGE_CHARS, QUANTITY_MOST, TEXT_CHARS};
use crate::policies;
use crate::requests::Links;
use crate::service_levels::Act;
use crate::time::Time;
use crate::tokens::new_secret;

/// Something to be sent back: a machine, or so many of a part.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewReturn {
    kind: ReturnKind,
    asset_id: Option<String>,
    part_id: Option<String>,
    /// Of the part; one when nothing is said.
    quantity: Option<i64>,
    /// Known by the machine, the site, the contact, the request or the ticket, or said here.
    customer_id: Option<String>,
    site_id: Option<String>,
    contact_id: Option<String>,
    request_id: Option<String>,
    ticket_id: Option<String>,
    /// A code of the policy.
    reason: String,
    /// What the customer says.
    #[serde(default)]
    note: String,
    method: ReturnMethod,
    /// Where it is picked up or dropped off.
    #[serde(default)]
    place: String,
    /// When it was bought or delivered; without it nobody looks at the days that the policy allows.
    bought_at: Option<Time>,
    /// Account of whoever decides; without it nobody has it yet.
    owner_id: Option<String>,
}

impl NewReturn {
    fn check(&self) -> Result<(), Problem> {
        check_length("note", &self.note, MESSAGE_CHARS)?;
        check_length("place", &self.place, TEXT_CHARS)?;
        let quantity = self.quantity.unwrap_or(1);
        if self.asset_id.is_some() == self.part_id.is_some() {
            return Err(Problem::Invalid("`asset_id` or `part_id`: one of the two".into()));
        }
        if !(1..=QUANTITY_MOST).contains(&quantity) || (self.asset_id.is_some() && quantity != 1) {
            return Err(Problem::Invalid(format!(
                "`quantity` has to be from 1 to {QUANTITY_MOST}, and of a machine 1"
            )));
        }
        Ok(())
    }

    /// Whose it is, as far as anything that is named says so.
    async fn links(&self, tx: &mut Transaction<'_, Any>, reach: &Reach) -> Result<Links, Problem> {
        let mut links = Links {
            customer_id: self.customer_id.clone(),
            contact_id: self.contact_id.clone(),
            site_id: self.site_id.clone(),
            asset_id: self.asset_id.clone(),
        };
        links.check(tx, reach).await?;
        if let Some(id) = &self.request_id {
            reach.check(&mut **tx, Subject::Request, id).await?;
            let known: Option<(Option<String>, Option<String>, Option<String>)> = sqlx::query_as(
                "SELECT customer_id, contact_id, site_id FROM requests WHERE id = $1",
            )
            .bind(id)
            .fetch_optional(&mut **tx)
            .await?;
            let (customer, contact, site) = known.ok_or(Problem::NotFound("request"))?;
            links.customer_id = links.customer_id.or(customer);
            links.contact_id = links.contact_id.or(contact);
            links.site_id = links.site_id.or(site);
        }
        if let Some(id) = &self.ticket_id {
            reach.check(&mut **tx, Subject::Ticket, id).await?;
            let site: Option<Option<String>> = sqlx::query_scalar(
                "SELECT a.site_id FROM tickets t JOIN assets a ON a.id = t.asset_id WHERE t.id = $1",
            )
            .bind(id)
            .fetch_optional(&mut **tx)
            .await?;
            links.site_id = links.site_id.or(site.ok_or(Problem::NotFound("ticket"))?);
        }
        links.settle(tx).await
    }
}

/// Asks for a return. Whoever has the link in the answer follows it without an account.
#[utoipa::path(
    post,
    path = "/api/v1/returns",
    operation_id = "add_return",
    tag = "returns",
    responses((status = 201, body = Return), Problem)
)]
pub(crate) async fn create(
    caller: Caller,
    State(app): State<App>,
    Json(new): Json<NewReturn>,
) -> Result<(StatusCode, Shown), Problem> {
    new.check()?;
    if new.owner_id.is_some() && caller.role == Role::Customer {
        return Err(Problem::Invalid("`owner_id` is for us to say".into()));
    }
    let now = app.clock.now_us();
    let mut tx = app.begin().await?;
    let links = new.links(&mut tx, &caller.reach).await?;
    if let Some(owner) = &new.owner_id {
        check_owner(&mut tx, owner).await?;
    }
    if let Some(part) = &new.part_id {
        let found: Option<String> = sqlx::query_scalar("SELECT id FROM parts WHERE id = $1")
            .bind(part)
            .fetch_optional(&mut *tx)
            .await?;
        found.ok_or(Problem::NotFound("part"))?;
    }
    let id = insert(&mut tx, &new, &links, &caller.name, now).await?;
    // What follows from a request or a contact may lie outside of what the author sees.
    if !caller.reach.holds(&mut *tx, Subject::Return, &id).await? {
        return Err(Problem::Invalid("say which site or machine of yours it is about".into()));
    }
    tell(&mut tx, &id, "a return is asked for", now).await?;
    tx.commit().await?;
    announce(&app, &id).await?;
    Ok((StatusCode::CREATED, shown(&app, &id).await?))
}

async fn insert(
    tx: &mut Transaction<'_, Any>,
    new: &NewReturn,
    links: &Links,
    who: &str,
    now: i64,
) -> Result<String, Problem> {
    let customer = links.customer_id.as_deref();
    let customer =
        customer.ok_or_else(|| Problem::Invalid("`customer_id`: whose is it?".into()))?;
    let lane: i64 = sqlx::query_scalar("SELECT priority_lane FROM customers WHERE id = $1")
        .bind(customer)
        .fetch_one(&mut **tx)
        .await?;
    let (policy_version, policy): (i64, ReturnPolicy) = policies::newest(&mut **tx).await?;
    let reason = reason(&policy, &new.reason)?;
    let bought_at = new.bought_at.map(|at| at.0);
    let allowed_until = bought_at.map(|at| policy.allowed_until(new.kind, at));
    take_turn(tx, "return numbers").await?;
    let id = new_id();
    sqlx::query(
        "INSERT INTO returns (id, number, kind, state, customer_id, site_id, contact_id, asset_id, \
         part_id, quantity, request_id, ticket_id, reason, reason_words, note, method, place, \
         bought_at, allowed_until, policy_version, priority_lane, stocked, secret, created_at, \
         created_by, version) SELECT $1, coalesce(max(number), 0) + 1, $2, 'requested', $3, $4, $5, \
         $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, 0, $20, $21, $22, 1 \
         FROM returns",
    )
    .bind(&id)
    .bind(new.kind.as_str())
    .bind(customer)
    .bind(links.site_id.as_deref())
    .bind(links.contact_id.as_deref())
    .bind(new.asset_id.as_deref())
    .bind(new.part_id.as_deref())
    .bind(new.quantity.unwrap_or(1))
    .bind(new.request_id.as_deref())
    .bind(new.ticket_id.as_deref())
    .bind(&reason.code)
    .bind(to_json(&reason.words)?)
    .bind(new.note.trim())
    .bind(new.method.as_str())
    .bind(new.place.trim())
    .bind(bought_at)
    .bind(allowed_until)
    .bind(policy_version)
    .bind(lane)
    .bind(new_secret())
    .bind(now)
    .bind(who)
    .execute(&mut **tx)
    .await?;
    enter(tx, (&id, ReturnState::Requested, lane == 1), new.owner_id.as_deref(), now).await?;
    changes::made(
        tx,
        now,
        ("return", &id, "state", ReturnState::Requested.as_str()),
        (who, &reason.code),
    )
    .await?;
    let act = Act { who, why: &reason.code, at: now };
    promises::begin(tx, &id, (links, lane == 1), act).await?;
    Ok(id)
}

fn reason<'p>(policy: &'p ReturnPolicy, code: &str) -> Result<&'p ReturnReason, Problem> {
    policy.reasons.iter().find(|reason| reason.code == code).ok_or_else(|| {
        let codes: Vec<&str> = policy.reasons.iter().map(|reason| reason.code.as_str()).collect();
        Problem::Invalid(format!("`reason` has to be one of: {}", codes.join(", ")))
    })
}
