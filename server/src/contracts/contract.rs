//! A contract as people see it: one, and lists of them.

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::HeaderName;
use serde::{Deserialize, Serialize};
use sqlx::{Any, Executor, FromRow, Transaction};
use utoipa::{IntoParams, ToSchema};

use super::terms::Terms;
use crate::access::Reach;
use crate::app::App;
use crate::http::{Page, Problem, etag};
use crate::limits::LIST_ROWS;
use crate::proposals::Money;
use crate::time::Time;

/// What was agreed with a customer.
#[derive(Debug, Serialize, ToSchema)]
pub struct Contract {
    id: String,
    customer_id: String,
    customer_name: String,
    /// Unique for the customer.
    name: String,
    from: Time,
    /// The first moment in which it does not hold; null: until somebody ends it.
    #[schema(required)]
    to: Option<Time>,
    /// Name of the policy that says what is promised.
    sla_policy: String,
    /// For so long after a ticket is closed the same fault opens it again and is repaired for nothing, unless
    /// the machine's guarantee window is longer.
    free_repair_days: i64,
    #[schema(required)]
    price_a_year: Option<Money>,
    /// Sites that it covers; with `assets` empty as well, everything of the customer. Only in the
    /// answer about one contract, as `assets`.
    #[serde(skip_serializing_if = "Option::is_none")]
    sites: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    assets: Option<Vec<String>>,
    created_at: Time,
    /// Also the `ETag`: send it as `If-Match` with a change.
    pub(super) version: i64,
}

#[derive(FromRow)]
struct Row {
    id: String,
    customer_id: String,
    customer_name: String,
    name: String,
    from_at: i64,
    to_at: Option<i64>,
    sla_policy: String,
    free_repair_days: i64,
    price_minor: Option<i64>,
    currency: Option<String>,
    created_at: i64,
    version: i64,
}

impl From<Row> for Contract {
    fn from(r: Row) -> Self {
        let price = r.price_minor.zip(r.currency);
        Self {
            id: r.id,
            customer_id: r.customer_id,
            customer_name: r.customer_name,
            name: r.name,
            from: Time(r.from_at),
            to: r.to_at.map(Time),
            sla_policy: r.sla_policy,
            free_repair_days: r.free_repair_days,
            price_a_year: price.map(|(minor, currency)| Money { minor, currency }),
            sites: None,
            assets: None,
            created_at: Time(r.created_at),
            version: r.version,
        }
    }
}

const SELECT: &str = "SELECT k.id, k.customer_id, c.name AS customer_name, k.name, k.from_at, k.to_at, \
     k.sla_policy, k.free_repair_days, k.price_minor, k.currency, k.created_at, k.version \
     FROM contracts k JOIN customers c ON c.id = k.customer_id";

async fn head<'e>(db: impl Executor<'e, Database = Any>, id: &str) -> Result<Contract, Problem> {
    let row: Option<Row> = sqlx::query_as(sqlx::AssertSqlSafe(format!("{SELECT} WHERE k.id = $1")))
        .bind(id)
        .fetch_optional(db)
        .await?;
    row.map(Contract::from).ok_or(Problem::NotFound("contract"))
}

/// A contract that is about to change: whose it is, its version, and what it says.
pub(super) async fn hold(
    tx: &mut Transaction<'_, Any>,
    id: &str,
) -> Result<(String, i64, Terms), Problem> {
    sqlx::query("UPDATE contracts SET version = version WHERE id = $1")
        .bind(id)
        .execute(&mut **tx)
        .await?;
    let contract = head(&mut **tx, id).await?;
    let terms = Terms {
        name: contract.name,
        from: contract.from,
        to: contract.to,
        sla_policy: contract.sla_policy,
        free_repair_days: contract.free_repair_days,
        price_a_year: contract.price_a_year,
        sites: sites(&mut **tx, id).await?,
        assets: assets(&mut **tx, id).await?,
    };
    Ok((contract.customer_id, contract.version, terms))
}

async fn sites<'e>(
    db: impl Executor<'e, Database = Any>,
    id: &str,
) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar("SELECT site_id FROM contract_sites WHERE contract_id = $1 ORDER BY site_id")
        .bind(id)
        .fetch_all(db)
        .await
}

async fn assets<'e>(
    db: impl Executor<'e, Database = Any>,
    id: &str,
) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar(
        "SELECT asset_id FROM contract_assets WHERE contract_id = $1 ORDER BY asset_id",
    )
    .bind(id)
    .fetch_all(db)
    .await
}

pub(super) type Shown = ([(HeaderName, String); 1], Json<Contract>);

pub(super) async fn shown(app: &App, id: &str) -> Result<Shown, Problem> {
    let mut contract = head(&app.database, id).await?;
    contract.sites = Some(sites(&app.database, id).await?);
    contract.assets = Some(assets(&app.database, id).await?);
    Ok((etag(contract.version), Json(contract)))
}

/// Query of the list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ContractsQuery {
    customer: Option<String>,
    /// `true`: only those that hold now.
    in_force: Option<bool>,
    cursor: Option<String>,
}

/// Contracts, the newest first.
#[utoipa::path(
    get,
    path = "/api/v1/contracts",
    operation_id = "list_contracts",
    tag = "customers",
    params(ContractsQuery),
    responses((status = 200, body = Page<Contract>), Problem)
)]
pub(crate) async fn list(
    reach: Reach,
    State(app): State<App>,
    Query(query): Query<ContractsQuery>,
) -> Result<Json<Page<Contract>>, Problem> {
    let mine = reach.whole_customers("k.customer_id", "$4");
    let sql = format!(
        "{SELECT} WHERE ($1 = '' OR k.customer_id = $1) AND ($2 = 0 OR (k.from_at <= $3 \
         AND (k.to_at IS NULL OR k.to_at > $3))) AND {mine} AND k.id < $5 \
         ORDER BY k.id DESC LIMIT $6"
    );
    let rows: Vec<Row> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(query.customer.unwrap_or_default())
        .bind(i64::from(query.in_force == Some(true)))
        .bind(app.clock.now_us())
        .bind(reach.bind())
        .bind(query.cursor.unwrap_or_else(|| "~".to_owned()))
        .bind(LIST_ROWS + 1)
        .fetch_all(&app.database)
        .await?;
    let items = rows.into_iter().map(Contract::from).collect();
    Ok(Json(Page::cut(items, LIST_ROWS as usize, |c: &Contract| c.id.clone())))
}

/// One contract, with what it covers.
#[utoipa::path(
    get,
    path = "/api/v1/contracts/{id}",
    operation_id = "show_contract",
    tag = "customers",
    responses((status = 200, body = Contract), Problem)
)]
pub(crate) async fn show(State(app): State<App>, Path(id): Path<String>) -> Result<Shown, Problem> {
    shown(&app, &id).await
}
