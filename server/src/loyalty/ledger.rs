//! The ledger: entries that are never changed, each with the balance after it.

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use sqlx::{Any, FromRow, Transaction};
use utoipa::{IntoParams, ToSchema};

use crate::access::Reach;
use crate::app::App;
use crate::database::new_id;
use crate::http::{By, Page, Problem, check_text, cursor};
use crate::limits::{LIST_ROWS, LOYALTY_MOST, TEXT_CHARS};
use crate::time::Time;

/// An entry that is wanted.
pub(super) struct NewEntry<'a> {
    pub delta: i64,
    pub reason: &'a str,
    pub subject_id: &'a str,
    pub rule: Option<&'a str>,
    pub why: &'a str,
    pub who: &'a str,
}

/// Writes an entry. What a rule gave points for already gives none again.
///
/// # Errors
/// [`Problem::Conflict`] when the balance would be negative.
pub(super) async fn enter(
    tx: &mut Transaction<'_, Any>,
    customer_id: &str,
    entry: NewEntry<'_>,
    now: i64,
) -> Result<(), Problem> {
    // Entries of a customer take turns.
    let held = sqlx::query("UPDATE customers SET version = version WHERE id = $1")
        .bind(customer_id)
        .execute(&mut **tx)
        .await?;
    if held.rows_affected() == 0 {
        return Err(Problem::NotFound("customer"));
    }
    let last: Option<(i64, i64)> = sqlx::query_as(
        "SELECT position, balance FROM loyalty_entries WHERE customer_id = $1 \
         ORDER BY position DESC LIMIT 1",
    )
    .bind(customer_id)
    .fetch_optional(&mut **tx)
    .await?;
    let (position, before) = last.unwrap_or_default();
    let balance = before + entry.delta;
    if balance < 0 {
        return Err(Problem::Conflict(format!("the customer has {before} points")));
    }
    sqlx::query(
        "INSERT INTO loyalty_entries (id, customer_id, position, delta, balance, reason, subject_id, \
         rule, why, who, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) \
         ON CONFLICT (reason, subject_id) WHERE rule IS NOT NULL DO NOTHING",
    )
    .bind(new_id())
    .bind(customer_id)
    .bind(position + 1)
    .bind(entry.delta)
    .bind(balance)
    .bind(entry.reason)
    .bind(entry.subject_id)
    .bind(entry.rule)
    .bind(entry.why)
    .bind(entry.who)
    .bind(now)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// An entry of the ledger.
#[derive(Debug, Serialize, ToSchema)]
pub struct LoyaltyEntry {
    /// 1, 2, … of the customer.
    position: i64,
    delta: i64,
    /// After it.
    balance: i64,
    /// `survey_answered`, `suggestion_adopted`, or `by_hand`.
    reason: String,
    /// What the points are for; empty by hand.
    subject_id: String,
    /// Of an automatic entry: the rule that did it.
    #[schema(required)]
    rule: Option<String>,
    why: String,
    by: String,
    at: Time,
}

#[derive(FromRow)]
struct Row {
    position: i64,
    delta: i64,
    balance: i64,
    reason: String,
    subject_id: String,
    rule: Option<String>,
    why: String,
    who: String,
    at: i64,
}

impl From<Row> for LoyaltyEntry {
    fn from(r: Row) -> Self {
        Self {
            position: r.position,
            delta: r.delta,
            balance: r.balance,
            reason: r.reason,
            subject_id: r.subject_id,
            rule: r.rule,
            why: r.why,
            by: r.who,
            at: Time(r.at),
        }
    }
}

/// The points of a customer.
#[derive(Debug, Serialize, ToSchema)]
pub struct LoyaltyPoints {
    customer_id: String,
    customer_name: String,
    balance: i64,
    /// The newest first.
    entries: Page<LoyaltyEntry>,
}

/// Query of the entries of a customer.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct EntriesQuery {
    cursor: Option<String>,
}

async fn shown(app: &App, id: &str, below: i64) -> Result<Json<LoyaltyPoints>, Problem> {
    let customer: Option<(String, i64)> = sqlx::query_as(
        "SELECT c.name, coalesce((SELECT l.balance FROM loyalty_entries l WHERE l.customer_id = c.id \
         ORDER BY l.position DESC LIMIT 1), 0) AS balance FROM customers c WHERE c.id = $1",
    )
    .bind(id)
    .fetch_optional(&app.database)
    .await?;
    let (customer_name, balance) = customer.ok_or(Problem::NotFound("customer"))?;
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT position, delta, balance, reason, subject_id, rule, why, who, at \
         FROM loyalty_entries WHERE customer_id = $1 AND position < $2 ORDER BY position DESC LIMIT $3",
    )
    .bind(id)
    .bind(below)
    .bind(LIST_ROWS + 1)
    .fetch_all(&app.database)
    .await?;
    let items = rows.into_iter().map(LoyaltyEntry::from).collect();
    let entries = Page::cut(items, LIST_ROWS as usize, |e: &LoyaltyEntry| e.position.to_string());
    Ok(Json(LoyaltyPoints { customer_id: id.to_owned(), customer_name, balance, entries }))
}

/// The points of a customer, and what they are for.
#[utoipa::path(
    get,
    path = "/api/v1/customers/{id}/loyalty-points",
    operation_id = "show_loyalty_points",
    tag = "care",
    params(EntriesQuery),
    responses((status = 200, body = LoyaltyPoints), Problem)
)]
pub(crate) async fn show(
    State(app): State<App>,
    Path(id): Path<String>,
    Query(query): Query<EntriesQuery>,
) -> Result<Json<LoyaltyPoints>, Problem> {
    shown(&app, &id, cursor(query.cursor.as_deref())?.unwrap_or(i64::MAX)).await
}

/// Points that are given or redeemed by hand.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewLoyaltyEntry {
    /// Below 0: redeemed.
    delta: i64,
    why: String,
}

/// Gives or redeems points by hand. Nobody can redeem more than there is; what was wrong is put right by
/// another entry.
#[utoipa::path(
    post,
    path = "/api/v1/customers/{id}/loyalty-points",
    operation_id = "enter_loyalty_points",
    tag = "care",
    responses((status = 201, body = LoyaltyPoints), Problem)
)]
pub(crate) async fn add(
    By(who): By,
    State(app): State<App>,
    Path(id): Path<String>,
    Json(new): Json<NewLoyaltyEntry>,
) -> Result<(StatusCode, Json<LoyaltyPoints>), Problem> {
    let why = new.why.trim();
    check_text("why", why, TEXT_CHARS)?;
    if new.delta == 0 || !(-LOYALTY_MOST..=LOYALTY_MOST).contains(&new.delta) {
        return Err(Problem::Invalid(format!(
            "`delta` has to be from -{LOYALTY_MOST} to {LOYALTY_MOST}, and not 0"
        )));
    }
    let mut tx = app.begin().await?;
    let entry = NewEntry {
        delta: new.delta,
        reason: "by_hand",
        subject_id: "",
        rule: None,
        why,
        who: &who,
    };
    enter(&mut tx, &id, entry, app.clock.now_us()).await?;
    tx.commit().await?;
    Ok((StatusCode::CREATED, shown(&app, &id, i64::MAX).await?))
}

/// The balance of a customer.
#[derive(Debug, Serialize, FromRow, ToSchema)]
pub struct LoyaltyBalance {
    customer_id: String,
    customer_name: String,
    balance: i64,
}

/// Customers who have points, by name.
#[utoipa::path(
    get,
    path = "/api/v1/loyalty-points",
    operation_id = "list_loyalty_points",
    tag = "care",
    params(EntriesQuery),
    responses((status = 200, body = Page<LoyaltyBalance>), Problem)
)]
pub(crate) async fn list(
    reach: Reach,
    State(app): State<App>,
    Query(query): Query<EntriesQuery>,
) -> Result<Json<Page<LoyaltyBalance>>, Problem> {
    let mine = reach.customers("c.id", "$2");
    let sql = format!(
        "SELECT c.id AS customer_id, c.name AS customer_name, l.balance FROM loyalty_entries l \
         JOIN customers c ON c.id = l.customer_id WHERE l.position = (SELECT max(n.position) \
         FROM loyalty_entries n WHERE n.customer_id = l.customer_id) AND l.balance > 0 \
         AND c.name > $1 AND {mine} ORDER BY c.name LIMIT $3"
    );
    let items: Vec<LoyaltyBalance> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(query.cursor.unwrap_or_default())
        .bind(reach.bind())
        .bind(LIST_ROWS + 1)
        .fetch_all(&app.database)
        .await?;
    Ok(Json(Page::cut(items, LIST_ROWS as usize, |b| b.customer_name.clone())))
}
