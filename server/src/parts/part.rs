//! A spare part as people see it: one, and the catalogue.

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::HeaderName;
use serde::{Deserialize, Serialize};
use sqlx::{Any, Executor, FromRow};
use utoipa::{IntoParams, ToSchema};

use crate::app::App;
use crate::database::{from_json, to_json};
use crate::http::{Page, Problem, anywhere, etag};
use crate::limits::LIST_ROWS;
use crate::proposals::Money;
use crate::time::Time;

/// A spare part.
#[derive(Debug, Serialize, ToSchema)]
pub struct SparePart {
    pub(super) id: String,
    /// Of the maker or of the house; no two parts have the same.
    pub(super) part_number: String,
    pub(super) name: String,
    /// What stock is counted in.
    pub(super) unit: String,
    /// Of one unit.
    #[schema(required)]
    pub(super) price: Option<Money>,
    /// Models of machines that it fits.
    pub(super) models: Vec<String>,
    /// As it is scanned: a GTIN or a barcode of the house.
    #[schema(required)]
    pub(super) code: Option<String>,
    /// No longer used; its history stays.
    pub(super) archived: bool,
    created_at: Time,
    /// Also the `ETag`: send it as `If-Match` with a change.
    pub(super) version: i64,
}

#[derive(FromRow)]
struct Row {
    id: String,
    part_number: String,
    name: String,
    unit: String,
    price_minor: Option<i64>,
    price_currency: Option<String>,
    models: String,
    code: Option<String>,
    archived: i64,
    created_at: i64,
    version: i64,
}

const SELECT: &str = "SELECT id, part_number, name, unit, price_minor, price_currency, models, code, \
     archived, created_at, version FROM parts";

/// An amount that is kept in two columns.
pub(crate) fn price(minor: Option<i64>, currency: Option<String>) -> Option<Money> {
    minor.zip(currency).map(|(minor, currency)| Money { minor, currency })
}

impl TryFrom<Row> for SparePart {
    type Error = Problem;
    fn try_from(r: Row) -> Result<Self, Problem> {
        Ok(Self {
            id: r.id,
            part_number: r.part_number,
            name: r.name,
            unit: r.unit,
            price: price(r.price_minor, r.price_currency),
            models: from_json(&r.models)?,
            code: r.code,
            archived: r.archived == 1,
            created_at: Time(r.created_at),
            version: r.version,
        })
    }
}

pub(super) async fn find<'e>(
    db: impl Executor<'e, Database = Any>,
    id: &str,
) -> Result<SparePart, Problem> {
    let row: Option<Row> = sqlx::query_as(sqlx::AssertSqlSafe(format!("{SELECT} WHERE id = $1")))
        .bind(id)
        .fetch_optional(db)
        .await?;
    row.ok_or(Problem::NotFound("part"))?.try_into()
}

/// How a handler shows a part.
pub(super) type Shown = ([(HeaderName, String); 1], Json<SparePart>);

pub(super) async fn shown(app: &App, id: &str) -> Result<Shown, Problem> {
    let part = find(&app.database, id).await?;
    Ok((etag(part.version), Json(part)))
}

/// Query of the catalogue.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PartsQuery {
    /// Part of the number or the name.
    q: Option<String>,
    /// What was scanned: the code, or the whole part number.
    code: Option<String>,
    /// Only what fits this model.
    model: Option<String>,
    /// `true`: also parts that are no longer used. What is scanned is found in any case.
    archived: Option<bool>,
    cursor: Option<String>,
}

/// Parts by number.
#[utoipa::path(
    get,
    path = "/api/v1/parts",
    operation_id = "list_parts",
    tag = "parts",
    params(PartsQuery),
    responses((status = 200, body = Page<SparePart>), Problem)
)]
pub(crate) async fn list(
    State(app): State<App>,
    Query(query): Query<PartsQuery>,
) -> Result<Json<Page<SparePart>>, Problem> {
    let code = query.code.as_deref().unwrap_or_default().trim();
    // A model is found as it stands in the list: between its quotation marks.
    let model = query.model.as_deref().map(|model| to_json(model.trim())).transpose()?;
    let archived = query.archived == Some(true) || !code.is_empty();
    let sql = format!(
        "{SELECT} WHERE (lower(part_number) LIKE lower($1) ESCAPE '!' \
         OR lower(name) LIKE lower($1) ESCAPE '!') \
         AND ($2 = '' OR code = $2 OR lower(part_number) = lower($2)) \
         AND lower(models) LIKE lower($3) ESCAPE '!' AND archived <= $4 AND part_number > $5 \
         ORDER BY part_number LIMIT $6"
    );
    let rows: Vec<Row> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(anywhere(query.q.as_deref()))
        .bind(code)
        .bind(anywhere(model.as_deref()))
        .bind(i64::from(archived))
        .bind(query.cursor.unwrap_or_default())
        .bind(LIST_ROWS + 1)
        .fetch_all(&app.database)
        .await?;
    let items = rows.into_iter().map(SparePart::try_from).collect::<Result<Vec<_>, _>>()?;
    Ok(Json(Page::cut(items, LIST_ROWS as usize, |p| p.part_number.clone())))
}

/// One part.
#[utoipa::path(
    get,
    path = "/api/v1/parts/{id}",
    operation_id = "show_part",
    tag = "parts",
    responses((status = 200, body = SparePart), Problem)
)]
pub(crate) async fn show(State(app): State<App>, Path(id): Path<String>) -> Result<Shown, Problem> {
    shown(&app, &id).await
}
