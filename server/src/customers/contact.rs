//! Contacts: the people at a customer.

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderName, StatusCode};
use serde::{Deserialize, Serialize};
use sqlx::{Any, Executor, FromRow};
use utoipa::{IntoParams, ToSchema};

use super::reachable::{email, phone};
use crate::access::{Reach, Subject};
use crate::app::App;
use crate::changes::{self, Field, NewChange};
use crate::database::new_id;
use crate::http::{
    By, Caller, IfMatch, Language, Page, Problem, anywhere, check_length, check_text, etag, said,
};
use crate::limits::{LIST_ROWS, TEXT_CHARS};
use crate::time::Time;

/// Somebody to talk to at a customer.
#[derive(Debug, Serialize, ToSchema)]
pub struct Contact {
    id: String,
    customer_id: String,
    customer_name: String,
    name: String,
    /// In lower case.
    #[schema(required)]
    email: Option<String>,
    /// Digits, with `+` in front where it was given.
    #[schema(required)]
    phone: Option<String>,
    language: Language,
    /// What they do there.
    role: String,
    /// Wants no care reminders.
    no_care: bool,
    created_at: Time,
    /// Also the `ETag`: send it as `If-Match` with a change.
    version: i64,
}

#[derive(FromRow)]
struct Row {
    id: String,
    customer_id: String,
    customer_name: String,
    name: String,
    email: Option<String>,
    phone: Option<String>,
    language: String,
    role: String,
    no_care: i64,
    created_at: i64,
    version: i64,
}

const SELECT: &str = "SELECT p.id, p.customer_id, c.name AS customer_name, p.name, p.email, p.phone, \
     p.language, p.role, p.no_care, p.created_at, p.version FROM contacts p \
     JOIN customers c ON c.id = p.customer_id";

impl TryFrom<Row> for Contact {
    type Error = Problem;
    fn try_from(r: Row) -> Result<Self, Problem> {
        Ok(Self {
            id: r.id,
            customer_id: r.customer_id,
            customer_name: r.customer_name,
            name: r.name,
            email: r.email,
            phone: r.phone,
            language: Language::parse(&r.language)?,
            role: r.role,
            no_care: r.no_care == 1,
            created_at: Time(r.created_at),
            version: r.version,
        })
    }
}

async fn find<'e>(db: impl Executor<'e, Database = Any>, id: &str) -> Result<Contact, Problem> {
    let row: Option<Row> = sqlx::query_as(sqlx::AssertSqlSafe(format!("{SELECT} WHERE p.id = $1")))
        .bind(id)
        .fetch_optional(db)
        .await?;
    row.ok_or(Problem::NotFound("contact"))?.try_into()
}

type Shown = ([(HeaderName, String); 1], Json<Contact>);

async fn shown(app: &App, id: &str) -> Result<Shown, Problem> {
    let contact = find(&app.database, id).await?;
    Ok((etag(contact.version), Json(contact)))
}

/// Query of the list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ContactsQuery {
    customer: Option<String>,
    /// Part of the name, the e-mail address or the phone number.
    q: Option<String>,
    cursor: Option<String>,
}

/// Contacts by name.
#[utoipa::path(
    get,
    path = "/api/v1/contacts",
    operation_id = "list_contacts",
    tag = "customers",
    params(ContactsQuery),
    responses((status = 200, body = Page<Contact>), Problem)
)]
pub(crate) async fn list(
    reach: Reach,
    State(app): State<App>,
    Query(query): Query<ContactsQuery>,
) -> Result<Json<Page<Contact>>, Problem> {
    let mine = reach.customers("p.customer_id", "$4");
    let sql = format!(
        "{SELECT} WHERE ($1 = '' OR p.customer_id = $1) AND (lower(p.name) LIKE lower($2) ESCAPE '!' \
         OR p.email LIKE lower($2) ESCAPE '!' OR p.phone LIKE $2 ESCAPE '!') AND ($3 = '' OR \
         (p.name, p.id) > (SELECT l.name, l.id FROM contacts l WHERE l.id = $3)) AND {mine} \
         ORDER BY p.name, p.id LIMIT $5"
    );
    let rows: Vec<Row> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(query.customer.unwrap_or_default())
        .bind(anywhere(query.q.as_deref()))
        .bind(query.cursor.unwrap_or_default())
        .bind(reach.bind())
        .bind(LIST_ROWS + 1)
        .fetch_all(&app.database)
        .await?;
    let items = rows.into_iter().map(Contact::try_from).collect::<Result<Vec<_>, _>>()?;
    Ok(Json(Page::cut(items, LIST_ROWS as usize, |c| c.id.clone())))
}

/// One contact.
#[utoipa::path(
    get,
    path = "/api/v1/contacts/{id}",
    operation_id = "show_contact",
    tag = "customers",
    responses((status = 200, body = Contact), Problem)
)]
pub(crate) async fn show(State(app): State<App>, Path(id): Path<String>) -> Result<Shown, Problem> {
    shown(&app, &id).await
}

/// A contact to be.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewContact {
    customer_id: String,
    #[schema(min_length = 1)]
    name: String,
    email: Option<String>,
    phone: Option<String>,
    #[serde(default)]
    language: Language,
    #[serde(default)]
    role: String,
}

/// Adds a contact of a customer.
#[utoipa::path(
    post,
    path = "/api/v1/contacts",
    operation_id = "add_contact",
    tag = "customers",
    responses((status = 201, body = Contact), Problem)
)]
pub(crate) async fn create(
    caller: Caller,
    State(app): State<App>,
    Json(new): Json<NewContact>,
) -> Result<(StatusCode, Shown), Problem> {
    caller.reach.check(&app.database, Subject::Customer, &new.customer_id).await?;
    check_text("name", &new.name, TEXT_CHARS)?;
    check_length("role", &new.role, TEXT_CHARS)?;
    let (id, now) = (new_id(), app.clock.now_us());
    let mut tx = app.begin().await?;
    let added = sqlx::query(
        "INSERT INTO contacts (id, customer_id, name, email, phone, language, role, created_at, \
         version) SELECT $1, c.id, $3, $4, $5, $6, $7, $8, 1 FROM customers c WHERE c.id = $2",
    )
    .bind(&id)
    .bind(&new.customer_id)
    .bind(new.name.trim())
    .bind(email(new.email.as_deref())?)
    .bind(phone(new.phone.as_deref())?)
    .bind(new.language.as_str())
    .bind(new.role.trim())
    .bind(now)
    .execute(&mut *tx)
    .await?;
    if added.rows_affected() == 0 {
        return Err(Problem::NotFound("customer"));
    }
    changes::made(&mut tx, now, ("contact", &id, "name", new.name.trim()), (&caller.name, "added"))
        .await?;
    tx.commit().await?;
    Ok((StatusCode::CREATED, shown(&app, &id).await?))
}

/// What is changed about a contact; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
pub struct ContactChange {
    name: Option<String>,
    /// `null` takes it away.
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = Option<String>)]
    email: Option<Option<String>>,
    /// `null` takes it away.
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = Option<String>)]
    phone: Option<Option<String>>,
    language: Option<Language>,
    role: Option<String>,
    /// `true`: wants no care reminders.
    no_care: Option<bool>,
    #[schema(min_length = 1)]
    why: String,
}

/// Changes a contact.
#[utoipa::path(
    patch,
    path = "/api/v1/contacts/{id}",
    operation_id = "change_contact",
    tag = "customers",
    responses((status = 200, body = Contact), Problem)
)]
pub(crate) async fn change(
    By(who): By,
    if_match: IfMatch,
    State(app): State<App>,
    Path(id): Path<String>,
    Json(wanted): Json<ContactChange>,
) -> Result<Shown, Problem> {
    check_text("why", &wanted.why, TEXT_CHARS)?;
    if let Some(name) = &wanted.name {
        check_text("name", name, TEXT_CHARS)?;
    }
    check_length("role", wanted.role.as_deref().unwrap_or_default(), TEXT_CHARS)?;
    let wanted_email = wanted.email.as_ref().map(|e| email(e.as_deref())).transpose()?;
    let wanted_phone = wanted.phone.as_ref().map(|p| phone(p.as_deref())).transpose()?;
    let now = app.clock.now_us();
    let mut tx = app.begin().await?;
    let before = find(&mut *tx, &id).await?;
    if_match.check(before.version)?;
    let language = wanted.language.map(Language::as_str);
    let fields = [
        Field::text("name", &before.name, wanted.name.as_deref()),
        Field::new("email", before.email.clone(), wanted_email.clone()),
        Field::new("phone", before.phone.clone(), wanted_phone.clone()),
        Field::text("language", before.language.as_str(), language),
        Field::text("role", &before.role, wanted.role.as_deref()),
        Field::new("no_care", Some(before.no_care), wanted.no_care.map(Some)),
    ];
    let fields: Vec<Field> = fields.into_iter().flatten().collect();
    if fields.is_empty() {
        return Ok((etag(before.version), Json(before)));
    }
    let changed = sqlx::query(
        "UPDATE contacts SET name = $3, email = $4, phone = $5, language = $6, role = $7, \
         no_care = $8, version = version + 1 WHERE id = $1 AND version = $2",
    )
    .bind(&id)
    .bind(before.version)
    .bind(wanted.name.as_deref().unwrap_or(&before.name).trim())
    .bind(wanted_email.unwrap_or(before.email))
    .bind(wanted_phone.unwrap_or(before.phone))
    .bind(wanted.language.unwrap_or(before.language).as_str())
    .bind(wanted.role.as_deref().unwrap_or(&before.role).trim())
    .bind(i64::from(wanted.no_care.unwrap_or(before.no_care)))
    .execute(&mut *tx)
    .await?;
    if changed.rows_affected() == 0 {
        return Err(Problem::Stale { version: before.version + 1 });
    }
    let change = NewChange {
        kind: "contact",
        id: &id,
        who: &who,
        why: wanted.why.trim(),
        version: Some(before.version + 1),
        ..NewChange::default()
    };
    changes::record_fields(&mut tx, now, change, &fields).await?;
    tx.commit().await?;
    shown(&app, &id).await
}
