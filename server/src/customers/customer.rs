//! Customers.

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderName, StatusCode};
use serde::{Deserialize, Serialize};
use sqlx::{Any, Executor, FromRow, Transaction};
use utoipa::{IntoParams, ToSchema};

use crate::access::Reach;
use crate::app::App;
use crate::changes::{self, Field, NewChange};
use crate::database::new_id;
use crate::http::{
    By, IfMatch, Language, Page, Problem, anywhere, check_length, check_text, etag, taken,
};
use crate::limits::{LIST_ROWS, NOTES_CHARS, TEXT_CHARS, WORD_CHARS};
use crate::time::Time;

/// Somebody who has machines.
#[derive(Debug, Serialize, ToSchema)]
pub struct Customer {
    id: String,
    name: String,
    /// A word of the house, such as `key account`; empty without one.
    segment: String,
    language: Language,
    /// Flagged wherever the customer appears.
    high_risk: bool,
    /// Requests and returns go first.
    priority_lane: bool,
    notes: String,
    created_at: Time,
    /// Also the `ETag`: send it as `If-Match` with a change.
    version: i64,
}

#[derive(FromRow)]
struct Row {
    id: String,
    name: String,
    segment: String,
    language: String,
    high_risk: i64,
    priority_lane: i64,
    notes: String,
    created_at: i64,
    version: i64,
}

const SELECT: &str = "SELECT id, name, segment, language, high_risk, priority_lane, notes, \
     created_at, version FROM customers";

impl TryFrom<Row> for Customer {
    type Error = Problem;
    fn try_from(r: Row) -> Result<Self, Problem> {
        Ok(Self {
            id: r.id,
            name: r.name,
            segment: r.segment,
            language: Language::parse(&r.language)?,
            high_risk: r.high_risk == 1,
            priority_lane: r.priority_lane == 1,
            notes: r.notes,
            created_at: Time(r.created_at),
            version: r.version,
        })
    }
}

async fn find<'e>(db: impl Executor<'e, Database = Any>, id: &str) -> Result<Customer, Problem> {
    let row: Option<Row> = sqlx::query_as(sqlx::AssertSqlSafe(format!("{SELECT} WHERE id = $1")))
        .bind(id)
        .fetch_optional(db)
        .await?;
    row.ok_or(Problem::NotFound("customer"))?.try_into()
}

type Shown = ([(HeaderName, String); 1], Json<Customer>);

async fn shown(app: &App, id: &str) -> Result<Shown, Problem> {
    let customer = find(&app.database, id).await?;
    Ok((etag(customer.version), Json(customer)))
}

/// Query of the list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct CustomersQuery {
    /// Part of the name.
    q: Option<String>,
    segment: Option<String>,
    cursor: Option<String>,
}

/// Customers by name.
#[utoipa::path(
    get,
    path = "/api/v1/customers",
    operation_id = "list_customers",
    tag = "customers",
    params(CustomersQuery),
    responses((status = 200, body = Page<Customer>), Problem)
)]
pub(crate) async fn list(
    reach: Reach,
    State(app): State<App>,
    Query(query): Query<CustomersQuery>,
) -> Result<Json<Page<Customer>>, Problem> {
    let mine = reach.customers("id", "$4");
    let sql = format!(
        "{SELECT} WHERE lower(name) LIKE lower($1) ESCAPE '!' AND ($2 = '' OR segment = $2) \
         AND name > $3 AND {mine} ORDER BY name LIMIT $5"
    );
    let rows: Vec<Row> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(anywhere(query.q.as_deref()))
        .bind(query.segment.unwrap_or_default())
        .bind(query.cursor.unwrap_or_default())
        .bind(reach.bind())
        .bind(LIST_ROWS + 1)
        .fetch_all(&app.database)
        .await?;
    let items = rows.into_iter().map(Customer::try_from).collect::<Result<Vec<_>, _>>()?;
    Ok(Json(Page::cut(items, LIST_ROWS as usize, |c| c.name.clone())))
}

/// One customer.
#[utoipa::path(
    get,
    path = "/api/v1/customers/{id}",
    operation_id = "show_customer",
    tag = "customers",
    responses((status = 200, body = Customer), Problem)
)]
pub(crate) async fn show(State(app): State<App>, Path(id): Path<String>) -> Result<Shown, Problem> {
    shown(&app, &id).await
}

/// A customer to be.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewCustomer {
    #[schema(min_length = 1)]
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) segment: String,
    #[serde(default)]
    pub(crate) language: Language,
    #[serde(default)]
    pub(crate) high_risk: bool,
    #[serde(default)]
    pub(crate) priority_lane: bool,
    #[serde(default)]
    pub(crate) notes: String,
}

fn name_taken(name: &str) -> String {
    format!("there is a customer {:?} already", name.trim())
}

/// Adds a customer.
#[utoipa::path(
    post,
    path = "/api/v1/customers",
    operation_id = "add_customer",
    tag = "customers",
    responses((status = 201, body = Customer), Problem)
)]
pub(crate) async fn create(
    By(who): By,
    State(app): State<App>,
    Json(new): Json<NewCustomer>,
) -> Result<(StatusCode, Shown), Problem> {
    let mut tx = app.begin().await?;
    let id = add(&mut tx, &new, (&who, "added"), app.clock.now_us()).await?;
    tx.commit().await?;
    Ok((StatusCode::CREATED, shown(&app, &id).await?))
}

/// Adds a customer, and says the id.
pub(crate) async fn add(
    tx: &mut Transaction<'_, Any>,
    new: &NewCustomer,
    (who, why): (&str, &str),
    now: i64,
) -> Result<String, Problem> {
    check_text("name", &new.name, TEXT_CHARS)?;
    check_length("segment", &new.segment, WORD_CHARS)?;
    check_length("notes", &new.notes, NOTES_CHARS)?;
    let id = new_id();
    sqlx::query(
        "INSERT INTO customers (id, name, segment, language, high_risk, priority_lane, notes, \
         created_at, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1)",
    )
    .bind(&id)
    .bind(new.name.trim())
    .bind(new.segment.trim())
    .bind(new.language.as_str())
    .bind(i64::from(new.high_risk))
    .bind(i64::from(new.priority_lane))
    .bind(new.notes.trim())
    .bind(now)
    .execute(&mut **tx)
    .await
    .map_err(|e| taken(e, || name_taken(&new.name)))?;
    changes::made(tx, now, ("customer", &id, "name", new.name.trim()), (who, why)).await?;
    Ok(id)
}

/// What is changed about a customer; what is left out stays.
#[derive(Debug, Default, Deserialize, ToSchema)]
pub struct CustomerChange {
    pub(crate) name: Option<String>,
    pub(crate) segment: Option<String>,
    pub(crate) language: Option<Language>,
    pub(crate) high_risk: Option<bool>,
    pub(crate) priority_lane: Option<bool>,
    pub(crate) notes: Option<String>,
    #[schema(min_length = 1)]
    pub(crate) why: String,
}

impl CustomerChange {
    fn check(&self) -> Result<(), Problem> {
        check_text("why", &self.why, TEXT_CHARS)?;
        if let Some(name) = &self.name {
            check_text("name", name, TEXT_CHARS)?;
        }
        check_length("segment", self.segment.as_deref().unwrap_or_default(), WORD_CHARS)?;
        check_length("notes", self.notes.as_deref().unwrap_or_default(), NOTES_CHARS)
    }

    fn fields(&self, before: &Customer) -> Vec<Field> {
        let flag =
            |name, before, wanted: Option<bool>| Field::new(name, Some(before), wanted.map(Some));
        let language = self.language.map(Language::as_str);
        let fields = [
            Field::text("name", &before.name, self.name.as_deref()),
            Field::text("segment", &before.segment, self.segment.as_deref()),
            Field::text("language", before.language.as_str(), language),
            flag("high_risk", before.high_risk, self.high_risk),
            flag("priority_lane", before.priority_lane, self.priority_lane),
            Field::text("notes", &before.notes, self.notes.as_deref()),
        ];
        fields.into_iter().flatten().collect()
    }
}

/// Changes a customer.
#[utoipa::path(
    patch,
    path = "/api/v1/customers/{id}",
    operation_id = "change_customer",
    tag = "customers",
    responses((status = 200, body = Customer), Problem)
)]
pub(crate) async fn change(
    By(who): By,
    if_match: IfMatch,
    State(app): State<App>,
    Path(id): Path<String>,
    Json(wanted): Json<CustomerChange>,
) -> Result<Shown, Problem> {
    let mut tx = app.begin().await?;
    apply(&mut tx, (&id, if_match), &wanted, &who, app.clock.now_us()).await?;
    tx.commit().await?;
    shown(&app, &id).await
}

/// Changes a customer, and names the fields that are other ones now.
pub(crate) async fn apply(
    tx: &mut Transaction<'_, Any>,
    (id, if_match): (&str, IfMatch),
    wanted: &CustomerChange,
    who: &str,
    now: i64,
) -> Result<Vec<&'static str>, Problem> {
    wanted.check()?;
    let before = find(&mut **tx, id).await?;
    if_match.check(before.version)?;
    let fields = wanted.fields(&before);
    if fields.is_empty() {
        return Ok(Vec::new());
    }
    let changed = sqlx::query(
        "UPDATE customers SET name = $3, segment = $4, language = $5, high_risk = $6, \
         priority_lane = $7, notes = $8, version = version + 1 WHERE id = $1 AND version = $2",
    )
    .bind(id)
    .bind(before.version)
    .bind(wanted.name.as_deref().unwrap_or(&before.name).trim())
    .bind(wanted.segment.as_deref().unwrap_or(&before.segment).trim())
    .bind(wanted.language.unwrap_or(before.language).as_str())
    .bind(i64::from(wanted.high_risk.unwrap_or(before.high_risk)))
    .bind(i64::from(wanted.priority_lane.unwrap_or(before.priority_lane)))
    .bind(wanted.notes.as_deref().unwrap_or(&before.notes).trim())
    .execute(&mut **tx)
    .await
    .map_err(|e| taken(e, || name_taken(wanted.name.as_deref().unwrap_or_default())))?;
    if changed.rows_affected() == 0 {
        return Err(Problem::Stale { version: before.version + 1 });
    }
    let change = NewChange {
        kind: "customer",
        id,
        who,
        why: wanted.why.trim(),
        version: Some(before.version + 1),
        ..NewChange::default()
    };
    changes::record_fields(tx, now, change, &fields).await?;
    Ok(fields.iter().map(Field::name).collect())
}
