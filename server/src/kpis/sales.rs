//! What the house sells in a month: entered by people, with every correction kept.

use axum::Json;
use axum::extract::{Path, Query, State};
use serde::{Deserialize, Serialize};
use sqlx::FromRow;
use utoipa::{IntoParams, ToSchema};

use super::report::Period;
use crate::app::App;
use crate::http::{By, Page, Problem, check_text};
use crate::limits::{LIST_ROWS, TEXT_CHARS};
use crate::proposals::Money;
use crate::time::Time;

/// Sales of a month.
#[derive(Debug, Serialize, ToSchema)]
pub struct Sales {
    /// Such as `2026-11`.
    month: String,
    /// How often it was entered; the newest holds.
    version: i64,
    /// In the smallest unit of the currency.
    minor: i64,
    currency: String,
    by: String,
    why: String,
    at: Time,
}

#[derive(FromRow)]
struct Row {
    month: String,
    version: i64,
    minor: i64,
    currency: String,
    who: String,
    why: String,
    at: i64,
}

impl From<Row> for Sales {
    fn from(r: Row) -> Self {
        Self {
            month: r.month,
            version: r.version,
            minor: r.minor,
            currency: r.currency,
            by: r.who,
            why: r.why,
            at: Time(r.at),
        }
    }
}

/// Query of the list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct SalesQuery {
    cursor: Option<String>,
}

/// Sales by month, the newest month first; of each what holds.
#[utoipa::path(
    get,
    path = "/api/v1/sales",
    operation_id = "list_sales",
    tag = "reports",
    params(SalesQuery),
    responses((status = 200, body = Page<Sales>), Problem)
)]
pub(crate) async fn list_sales(
    State(app): State<App>,
    Query(query): Query<SalesQuery>,
) -> Result<Json<Page<Sales>>, Problem> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT month, version, minor, currency, who, why, at FROM sales_figures s \
         WHERE NOT EXISTS (SELECT 1 FROM sales_figures n WHERE n.month = s.month \
         AND n.version > s.version) AND month < $1 ORDER BY month DESC LIMIT $2",
    )
    .bind(query.cursor.unwrap_or_else(|| "~".to_owned()))
    .bind(LIST_ROWS + 1)
    .fetch_all(&app.database)
    .await?;
    let items = rows.into_iter().map(Sales::from).collect();
    Ok(Json(Page::cut(items, LIST_ROWS as usize, |s: &Sales| s.month.clone())))
}

/// What was sold in a month.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewSales {
    /// In the smallest unit of the currency.
    minor: i64,
    /// ISO 4217.
    #[schema(example = "EUR")]
    currency: String,
    #[schema(min_length = 1)]
    why: String,
}

/// Enters or corrects the sales of a month.
#[utoipa::path(
    put,
    path = "/api/v1/sales/{month}",
    operation_id = "keep_sales",
    tag = "reports",
    responses((status = 200, body = Sales), Problem)
)]
pub(crate) async fn keep_sales(
    By(who): By,
    State(app): State<App>,
    Path(month): Path<String>,
    Json(new): Json<NewSales>,
) -> Result<Json<Sales>, Problem> {
    let month = Period::month(&month)?;
    check_text("why", &new.why, TEXT_CHARS)?;
    let sold = Money { minor: new.minor, currency: new.currency };
    sold.check("sales")?;
    let row: Option<Row> = sqlx::query_as(
        "INSERT INTO sales_figures (month, version, begins_at, minor, currency, who, why, at) \
         SELECT $1, coalesce(max(version), 0) + 1, $2, $3, $4, $5, $6, $7 FROM sales_figures \
         WHERE month = $1 ON CONFLICT DO NOTHING \
         RETURNING month, version, minor, currency, who, why, at",
    )
    .bind(month.to_string())
    .bind(month.span("UTC")?.0)
    .bind(sold.minor)
    .bind(&sold.currency)
    .bind(&who)
    .bind(new.why.trim())
    .bind(app.clock.now_us())
    .fetch_optional(&app.database)
    .await?;
    let taken = || Problem::Conflict("somebody else has just entered this month".into());
    Ok(Json(row.ok_or_else(taken)?.into()))
}
