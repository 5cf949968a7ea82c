//! Contracts are made and changed.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;

use super::contract::{Contract, Shown, hold, shown};
use super::terms::Terms;
use crate::access::Subject;
use crate::app::App;
use crate::changes::{self, NewChange};
use crate::database::new_id;
use crate::http::{By, Caller, IfMatch, Problem, check_text, said, taken};
use crate::limits::TEXT_CHARS;
use crate::proposals::Money;
use crate::time::Time;

/// A contract to be.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewContract {
    customer_id: String,
    /// Unique for the customer.
    name: String,
    from: Time,
    /// The first moment in which it does not hold any more; null: until somebody ends it.
    to: Option<Time>,
    /// Name of the policy that says what is promised.
    sla_policy: String,
    /// For so long a repair of the same fault costs nothing.
    #[serde(default)]
    free_repair_days: i64,
    price_a_year: Option<Money>,
    /// Sites that it covers; with `assets` empty as well, everything of the customer.
    #[serde(default)]
    sites: Vec<String>,
    /// Machines that it covers.
    #[serde(default)]
    assets: Vec<String>,
}

fn name_taken(name: &str) -> String {
    format!("the customer has a contract {name:?} already")
}

/// Adds a contract of a customer. What is promised about new tickets follows it from `from` on.
#[utoipa::path(
    post,
    path = "/api/v1/contracts",
    operation_id = "add_contract",
    tag = "customers",
    responses((status = 201, body = Contract), Problem)
)]
pub(crate) async fn create(
    caller: Caller,
    State(app): State<App>,
    Json(new): Json<NewContract>,
) -> Result<(StatusCode, Shown), Problem> {
    caller.reach.check(&app.database, Subject::Customer, &new.customer_id).await?;
    let terms = Terms {
        name: new.name,
        from: new.from,
        to: new.to,
        sla_policy: new.sla_policy,
        free_repair_days: new.free_repair_days,
        price_a_year: new.price_a_year,
        sites: new.sites,
        assets: new.assets,
    };
    let terms = terms.settled();
    let (id, now) = (new_id(), app.clock.now_us());
    let mut tx = app.begin().await?;
    let customer: Option<String> = sqlx::query_scalar("SELECT id FROM customers WHERE id = $1")
        .bind(&new.customer_id)
        .fetch_optional(&mut *tx)
        .await?;
    customer.ok_or(Problem::NotFound("customer"))?;
    terms.check(&mut tx, &new.customer_id).await?;
    sqlx::query(
        "INSERT INTO contracts (id, customer_id, name, from_at, to_at, sla_policy, \
         free_repair_days, price_minor, currency, created_at, version) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 1)",
    )
    .bind(&id)
    .bind(&new.customer_id)
    .bind(&terms.name)
    .bind(terms.from.0)
    .bind(terms.to.map(|to| to.0))
    .bind(&terms.sla_policy)
    .bind(terms.free_repair_days)
    .bind(terms.price_a_year.as_ref().map(|price| price.minor))
    .bind(terms.price_a_year.as_ref().map(|price| price.currency.as_str()))
    .bind(now)
    .execute(&mut *tx)
    .await
    .map_err(|e| taken(e, || name_taken(&terms.name)))?;
    terms.cover(&mut tx, &id).await?;
    changes::made(&mut tx, now, ("contract", &id, "name", &terms.name), (&caller.name, "added"))
        .await?;
    tx.commit().await?;
    Ok((StatusCode::CREATED, shown(&app, &id).await?))
}

/// What is changed about a contract; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
pub struct ContractChange {
    name: Option<String>,
    from: Option<Time>,
    /// `null`: until somebody ends it.
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = Option<Time>)]
    to: Option<Option<Time>>,
    sla_policy: Option<String>,
    free_repair_days: Option<i64>,
    /// `null` takes it away.
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = Option<Money>)]
    price_a_year: Option<Option<Money>>,
    sites: Option<Vec<String>>,
    assets: Option<Vec<String>>,
    #[schema(min_length = 1)]
    why: String,
}

impl ContractChange {
    fn over(self, before: &Terms) -> Terms {
        let before = before.clone();
        let terms = Terms {
            name: self.name.unwrap_or(before.name),
            from: self.from.unwrap_or(before.from),
            to: self.to.unwrap_or(before.to),
            sla_policy: self.sla_policy.unwrap_or(before.sla_policy),
            free_repair_days: self.free_repair_days.unwrap_or(before.free_repair_days),
            price_a_year: self.price_a_year.unwrap_or(before.price_a_year),
            sites: self.sites.unwrap_or(before.sites),
            assets: self.assets.unwrap_or(before.assets),
        };
        terms.settled()
    }
}

/// Changes or ends a contract. What is promised already stays as it was promised.
#[utoipa::path(
    patch,
    path = "/api/v1/contracts/{id}",
    operation_id = "change_contract",
    tag = "customers",
    responses((status = 200, body = Contract), Problem)
)]
pub(crate) async fn change(
    By(who): By,
    if_match: IfMatch,
    State(app): State<App>,
    Path(id): Path<String>,
    Json(wanted): Json<ContractChange>,
) -> Result<Shown, Problem> {
    check_text("why", &wanted.why, TEXT_CHARS)?;
    let (now, why) = (app.clock.now_us(), wanted.why.trim().to_owned());
    let mut tx = app.begin().await?;
    let (customer_id, version, before) = hold(&mut tx, &id).await?;
    if_match.check(version)?;
    let after = wanted.over(&before);
    let fields = before.changed(&after);
    if fields.is_empty() {
        tx.commit().await?;
        return shown(&app, &id).await;
    }
    after.check(&mut tx, &customer_id).await?;
    sqlx::query(
        "UPDATE contracts SET name = $2, from_at = $3, to_at = $4, sla_policy = $5, \
         free_repair_days = $6, price_minor = $7, currency = $8, version = $9 WHERE id = $1",
    )
    .bind(&id)
    .bind(&after.name)
    .bind(after.from.0)
    .bind(after.to.map(|to| to.0))
    .bind(&after.sla_policy)
    .bind(after.free_repair_days)
    .bind(after.price_a_year.as_ref().map(|price| price.minor))
    .bind(after.price_a_year.as_ref().map(|price| price.currency.as_str()))
    .bind(version + 1)
    .execute(&mut *tx)
    .await
    .map_err(|e| taken(e, || name_taken(&after.name)))?;
    after.cover(&mut tx, &id).await?;
    let change = NewChange {
        kind: "contract",
        id: &id,
        who: &who,
        why: &why,
        version: Some(version + 1),
        ..NewChange::default()
    };
    changes::record_fields(&mut tx, now, change, &fields).await?;
    tx.commit().await?;
    shown(&app, &id).await
}
