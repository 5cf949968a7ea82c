//! Whose request it is, and about which machine: as far as it is known.

use axum::Json;
use axum::extract::{Path, State};
use serde::Deserialize;
use sqlx::{Any, Transaction};
use utoipa::ToSchema;

use super::promises;
use super::request::{Request, Shown, announce, hold, shown};
use super::state::RequestState;
use crate::access::{Reach, Subject};
use crate::app::App;
use crate::changes::{self, Field, NewChange};
use crate::http::{Caller, IfMatch, Problem, check_text, said};
use crate::limits::TEXT_CHARS;
use crate::service_levels::Act;

/// What a request is linked to. What is known of the machine or the site tells the rest.
#[derive(Debug, Clone, Default)]
pub(crate) struct Links {
    pub customer_id: Option<String>,
    pub contact_id: Option<String>,
    pub site_id: Option<String>,
    pub asset_id: Option<String>,
}

/// The customer of a contact or a site, or the site of a machine, wherever there is one.
type Parent = Option<Option<String>>;

impl Links {
    pub(super) fn of(request: &Request) -> Self {
        Self {
            customer_id: request.customer_id.clone(),
            contact_id: request.contact_id.clone(),
            site_id: request.site_id.clone(),
            asset_id: request.asset_id.clone(),
        }
    }

    /// Refuses what is not within reach of whoever names it.
    pub async fn check(&self, tx: &mut Transaction<'_, Any>, reach: &Reach) -> Result<(), Problem> {
        for (id, subject) in [
            (&self.customer_id, Subject::Customer),
            (&self.contact_id, Subject::Contact),
            (&self.site_id, Subject::Site),
            (&self.asset_id, Subject::Asset),
        ] {
            if let Some(id) = id {
                reach.check(&mut **tx, subject, id).await?;
            }
        }
        Ok(())
    }

    /// Fills in what follows, and refuses what does not belong together.
    pub async fn settle(mut self, tx: &mut Transaction<'_, Any>) -> Result<Self, Problem> {
        if let Some(id) = &self.asset_id {
            let site = parent(tx, "SELECT site_id FROM assets WHERE id = $1", id).await?;
            follow("the machine stands at another site", "asset", site, &mut self.site_id)?;
        }
        if let Some(id) = &self.site_id {
            let customer = parent(tx, "SELECT customer_id FROM sites WHERE id = $1", id).await?;
            follow("the site is another customer's", "site", customer, &mut self.customer_id)?;
        }
        if let Some(id) = &self.contact_id {
            let customer = parent(tx, "SELECT customer_id FROM contacts WHERE id = $1", id).await?;
            follow(
                "the contact is another customer's",
                "contact",
                customer,
                &mut self.customer_id,
            )?;
        }
        if let Some(id) = &self.customer_id {
            let known = parent(tx, "SELECT id FROM customers WHERE id = $1", id).await?;
            known.ok_or(Problem::NotFound("customer"))?;
        }
        Ok(self)
    }
}

async fn parent(
    tx: &mut Transaction<'_, Any>,
    sql: &'static str,
    id: &str,
) -> Result<Parent, sqlx::Error> {
    sqlx::query_scalar(sql).bind(id).fetch_optional(&mut **tx).await
}

fn follow(
    otherwise: &str,
    subject: &'static str,
    parent: Parent,
    named: &mut Option<String>,
) -> Result<(), Problem> {
    let Some(parent) = parent.ok_or(Problem::NotFound(subject))? else { return Ok(()) };
    if named.as_ref().is_some_and(|named| *named != parent) {
        return Err(Problem::Invalid(format!("{otherwise}: change both, or take one away")));
    }
    *named = Some(parent);
    Ok(())
}

/// Refuses a request that its author would see no more.
pub(super) async fn keep_in_reach(
    tx: &mut Transaction<'_, Any>,
    reach: &Reach,
    id: &str,
) -> Result<(), Problem> {
    match reach.holds(&mut **tx, Subject::Request, id).await? {
        true => Ok(()),
        false => Err(Problem::Invalid("say which site or machine of yours it is about".into())),
    }
}

/// What is changed about a request; what is left out stays. `null` takes a link away.
#[derive(Debug, Deserialize, ToSchema)]
pub struct RequestChange {
    subject: Option<String>,
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = Option<String>)]
    customer_id: Option<Option<String>>,
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = Option<String>)]
    contact_id: Option<Option<String>>,
    /// Tells the customer as well.
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = Option<String>)]
    site_id: Option<Option<String>>,
    /// Tells the site and the customer as well.
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = Option<String>)]
    asset_id: Option<Option<String>>,
    #[schema(min_length = 1)]
    why: String,
}

impl RequestChange {
    fn named(&self) -> Links {
        Links {
            customer_id: self.customer_id.clone().flatten(),
            contact_id: self.contact_id.clone().flatten(),
            site_id: self.site_id.clone().flatten(),
            asset_id: self.asset_id.clone().flatten(),
        }
    }

    fn over(&self, before: Links) -> Links {
        Links {
            customer_id: self.customer_id.clone().unwrap_or(before.customer_id),
            contact_id: self.contact_id.clone().unwrap_or(before.contact_id),
            site_id: self.site_id.clone().unwrap_or(before.site_id),
            asset_id: self.asset_id.clone().unwrap_or(before.asset_id),
        }
    }
}

/// Links a request to a customer, contact, site or machine, or gives it another subject.
///
/// A request that is a ticket stays with the machine of the ticket.
#[utoipa::path(
    patch,
    path = "/api/v1/requests/{id}",
    operation_id = "change_request",
    tag = "requests",
    responses((status = 200, body = Request), Problem)
)]
pub(crate) async fn change(
    caller: Caller,
    if_match: IfMatch,
    State(app): State<App>,
    Path(id): Path<String>,
    Json(wanted): Json<RequestChange>,
) -> Result<Shown, Problem> {
    check_text("why", &wanted.why, TEXT_CHARS)?;
    if let Some(subject) = &wanted.subject {
        check_text("subject", subject, TEXT_CHARS)?;
    }
    let now = app.clock.now_us();
    let mut tx = app.begin().await?;
    let request = hold(&mut tx, &id).await?;
    if_match.check(request.version)?;
    wanted.named().check(&mut tx, &caller.reach).await?;
    let before = Links::of(&request);
    let after = wanted.over(before.clone()).settle(&mut tx).await?;
    if request.state == RequestState::Ticketed && before.asset_id != after.asset_id {
        let text = "the request has a ticket: it stays with the machine of the ticket";
        return Err(Problem::Conflict(text.into()));
    }
    let subject = wanted.subject.as_deref().unwrap_or(&request.subject).trim();
    let id_of = |name, before, after| Field::new(name, before, Some(after));
    let fields = [
        Field::text("subject", &request.subject, Some(subject)),
        id_of("customer_id", before.customer_id, after.customer_id.clone()),
        id_of("contact_id", before.contact_id, after.contact_id.clone()),
        id_of("site_id", before.site_id, after.site_id.clone()),
        id_of("asset_id", before.asset_id, after.asset_id.clone()),
    ];
    let fields: Vec<Field> = fields.into_iter().flatten().collect();
    if !fields.is_empty() {
        write(&mut tx, &id, subject, &after).await?;
        keep_in_reach(&mut tx, &caller.reach, &id).await?;
        let change = NewChange {
            kind: "request",
            id: &id,
            who: &caller.name,
            why: wanted.why.trim(),
            version: Some(request.version + 1),
            ..NewChange::default()
        };
        changes::record_fields(&mut tx, now, change, &fields).await?;
        let act = Act { who: &caller.name, why: "it became known whose it is", at: now };
        promises::linked(&mut tx, &request, &after, act).await?;
    }
    tx.commit().await?;
    announce(&app, &id).await?;
    shown(&app, &caller.reach, &id).await
}

async fn write(
    tx: &mut Transaction<'_, Any>,
    id: &str,
    subject: &str,
    links: &Links,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE requests SET subject = $2, customer_id = $3, contact_id = $4, site_id = $5, \
         asset_id = $6, version = version + 1 WHERE id = $1",
    )
    .bind(id)
    .bind(subject)
    .bind(links.customer_id.as_deref())
    .bind(links.contact_id.as_deref())
    .bind(links.site_id.as_deref())
    .bind(links.asset_id.as_deref())
    .execute(&mut **tx)
    .await?;
    Ok(())
}
