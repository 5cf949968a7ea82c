//! Sites: where machines of a customer stand.

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderName, StatusCode};
use serde::{Deserialize, Serialize};
use sqlx::{Any, Executor, FromRow, Transaction};
use utoipa::{IntoParams, ToSchema};

use crate::access::{Reach, Subject};
use crate::app::App;
use crate::changes::{self, Field, NewChange};
use crate::database::{Double, new_id};
use crate::http::{
    By, Caller, IfMatch, Page, Problem, anywhere, check_length, check_text, etag, said, taken,
};
use crate::limits::{LIST_ROWS, NOTES_CHARS, TEXT_CHARS, WORD_CHARS};
use crate::time::Time;

/// A place with machines.
#[derive(Debug, FromRow, Serialize, ToSchema)]
pub struct Site {
    id: String,
    customer_id: String,
    customer_name: String,
    name: String,
    address: String,
    /// Planning area, a word of the house; empty without one.
    area: String,
    /// IANA name; clocks and visits follow it.
    time_zone: String,
    /// Degrees north.
    #[schema(required)]
    latitude: Option<f64>,
    /// Degrees east.
    #[schema(required)]
    longitude: Option<f64>,
    /// Gate, whom to ask for, dangers.
    access_notes: String,
    #[sqlx(try_from = "i64")]
    created_at: Time,
    /// Also the `ETag`: send it as `If-Match` with a change.
    version: i64,
}

const SELECT: &str = "SELECT s.id, s.customer_id, c.name AS customer_name, s.name, s.address, s.area, \
     s.time_zone, s.latitude, s.longitude, s.access_notes, s.created_at, s.version FROM sites s \
     JOIN customers c ON c.id = s.customer_id";

async fn find<'e>(db: impl Executor<'e, Database = Any>, id: &str) -> Result<Site, Problem> {
    let site: Option<Site> =
        sqlx::query_as(sqlx::AssertSqlSafe(format!("{SELECT} WHERE s.id = $1")))
            .bind(id)
            .fetch_optional(db)
            .await?;
    site.ok_or(Problem::NotFound("site"))
}

type Shown = ([(HeaderName, String); 1], Json<Site>);

async fn shown(app: &App, id: &str) -> Result<Shown, Problem> {
    let site = find(&app.database, id).await?;
    Ok((etag(site.version), Json(site)))
}

/// Query of the list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct SitesQuery {
    customer: Option<String>,
    /// Part of the name or the address.
    q: Option<String>,
    cursor: Option<String>,
}

/// Sites by name.
#[utoipa::path(
    get,
    path = "/api/v1/sites",
    operation_id = "list_sites",
    tag = "customers",
    params(SitesQuery),
    responses((status = 200, body = Page<Site>), Problem)
)]
pub(crate) async fn list(
    reach: Reach,
    State(app): State<App>,
    Query(query): Query<SitesQuery>,
) -> Result<Json<Page<Site>>, Problem> {
    let mine = reach.sites("s.id", "$4");
    let sql = format!(
        "{SELECT} WHERE ($1 = '' OR s.customer_id = $1) AND (lower(s.name) LIKE lower($2) ESCAPE '!' \
         OR lower(s.address) LIKE lower($2) ESCAPE '!') AND ($3 = '' OR \
         (s.name, s.id) > (SELECT l.name, l.id FROM sites l WHERE l.id = $3)) AND {mine} \
         ORDER BY s.name, s.id LIMIT $5"
    );
    let items: Vec<Site> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(query.customer.unwrap_or_default())
        .bind(anywhere(query.q.as_deref()))
        .bind(query.cursor.unwrap_or_default())
        .bind(reach.bind())
        .bind(LIST_ROWS + 1)
        .fetch_all(&app.database)
        .await?;
    Ok(Json(Page::cut(items, LIST_ROWS as usize, |s| s.id.clone())))
}

/// One site.
#[utoipa::path(
    get,
    path = "/api/v1/sites/{id}",
    operation_id = "show_site",
    tag = "customers",
    responses((status = 200, body = Site), Problem)
)]
pub(crate) async fn show(State(app): State<App>, Path(id): Path<String>) -> Result<Shown, Problem> {
    shown(&app, &id).await
}

/// A site to be.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewSite {
    pub(crate) customer_id: String,
    #[schema(min_length = 1)]
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) address: String,
    #[serde(default)]
    pub(crate) area: String,
    /// IANA name, such as `Asia/Shanghai`.
    pub(crate) time_zone: String,
    pub(crate) latitude: Option<f64>,
    pub(crate) longitude: Option<f64>,
    #[serde(default)]
    pub(crate) access_notes: String,
}

fn name_taken(name: &str) -> String {
    format!("the customer has a site {:?} already", name.trim())
}

fn time_zone(name: &str) -> Result<String, Problem> {
    let unknown =
        |_| Problem::Invalid("`time_zone` has to be an IANA name such as Asia/Shanghai".into());
    sla::Calendar::time_zone(name.trim()).map_err(unknown)
}

fn check_texts(address: &str, area: &str, access_notes: &str) -> Result<(), Problem> {
    check_length("address", address, TEXT_CHARS)?;
    check_length("area", area, WORD_CHARS)?;
    check_length("access_notes", access_notes, NOTES_CHARS)
}

/// Both or neither: half a place is none.
fn check_place(latitude: Option<f64>, longitude: Option<f64>) -> Result<(), Problem> {
    match (latitude, longitude) {
        (None, None) => Ok(()),
        (Some(north), Some(east))
            if (-90.0..=90.0).contains(&north) && (-180.0..=180.0).contains(&east) =>
        {
            Ok(())
        }
        _ => Err(Problem::Invalid(
            "`latitude` (-90 to 90) and `longitude` (-180 to 180) come together".into(),
        )),
    }
}

/// Adds a site of a customer.
#[utoipa::path(
    post,
    path = "/api/v1/sites",
    operation_id = "add_site",
    tag = "customers",
    responses((status = 201, body = Site), Problem)
)]
pub(crate) async fn create(
    caller: Caller,
    State(app): State<App>,
    Json(new): Json<NewSite>,
) -> Result<(StatusCode, Shown), Problem> {
    caller.reach.check(&app.database, Subject::Customer, &new.customer_id).await?;
    let mut tx = app.begin().await?;
    let id = add(&mut tx, &new, (&caller.name, "added"), app.clock.now_us()).await?;
    tx.commit().await?;
    Ok((StatusCode::CREATED, shown(&app, &id).await?))
}

/// Adds a site of a customer, and says its id.
pub(crate) async fn add(
    tx: &mut Transaction<'_, Any>,
    new: &NewSite,
    (who, why): (&str, &str),
    now: i64,
) -> Result<String, Problem> {
    check_text("name", &new.name, TEXT_CHARS)?;
    check_texts(&new.address, &new.area, &new.access_notes)?;
    check_place(new.latitude, new.longitude)?;
    let id = new_id();
    let added = sqlx::query(
        "INSERT INTO sites (id, customer_id, name, address, area, time_zone, latitude, longitude, \
         access_notes, created_at, version) SELECT $1, c.id, $3, $4, $5, $6, \
         CAST($7 AS DOUBLE PRECISION), CAST($8 AS DOUBLE PRECISION), $9, $10, 1 \
         FROM customers c WHERE c.id = $2",
    )
    .bind(&id)
    .bind(&new.customer_id)
    .bind(new.name.trim())
    .bind(new.address.trim())
    .bind(new.area.trim())
    .bind(time_zone(&new.time_zone)?)
    .bind(Double(new.latitude))
    .bind(Double(new.longitude))
    .bind(new.access_notes.trim())
    .bind(now)
    .execute(&mut **tx)
    .await
    .map_err(|e| taken(e, || name_taken(&new.name)))?;
    if added.rows_affected() == 0 {
        return Err(Problem::NotFound("customer"));
    }
    changes::made(tx, now, ("site", &id, "name", new.name.trim()), (who, why)).await?;
    Ok(id)
}

/// What is changed about a site; what is left out stays.
#[derive(Debug, Default, Deserialize, ToSchema)]
pub struct SiteChange {
    pub(crate) name: Option<String>,
    pub(crate) address: Option<String>,
    pub(crate) area: Option<String>,
    pub(crate) time_zone: Option<String>,
    /// `null` takes it away.
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = Option<f64>)]
    pub(crate) latitude: Option<Option<f64>>,
    /// `null` takes it away.
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = Option<f64>)]
    pub(crate) longitude: Option<Option<f64>>,
    pub(crate) access_notes: Option<String>,
    #[schema(min_length = 1)]
    pub(crate) why: String,
}

impl SiteChange {
    fn check(&self) -> Result<(), Problem> {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        check_text("why", &self.why, TEXT_CHARS)?;
        if let Some(name) = &self.name {
            check_text("name", name, TEXT_CHARS)?;
        }
        check_texts(&text(&self.address), &text(&self.area), &text(&self.access_notes))
    }

    fn fields(&self, before: &Site, time_zone: Option<&str>) -> Vec<Field> {
        let fields = [
            Field::text("name", &before.name, self.name.as_deref()),
            Field::text("address", &before.address, self.address.as_deref()),
            Field::text("area", &before.area, self.area.as_deref()),
            Field::text("time_zone", &before.time_zone, time_zone),
            Field::new("latitude", before.latitude, self.latitude),
            Field::new("longitude", before.longitude, self.longitude),
            Field::text("access_notes", &before.access_notes, self.access_notes.as_deref()),
        ];
        fields.into_iter().flatten().collect()
    }
}

/// Changes a site.
#[utoipa::path(
    patch,
    path = "/api/v1/sites/{id}",
    operation_id = "change_site",
    tag = "customers",
    responses((status = 200, body = Site), Problem)
)]
pub(crate) async fn change(
    By(who): By,
    if_match: IfMatch,
    State(app): State<App>,
    Path(id): Path<String>,
    Json(wanted): Json<SiteChange>,
) -> Result<Shown, Problem> {
    let mut tx = app.begin().await?;
    apply(&mut tx, (&id, if_match), &wanted, &who, app.clock.now_us()).await?;
    tx.commit().await?;
    shown(&app, &id).await
}

/// Changes a site, and names the fields that are other ones now.
pub(crate) async fn apply(
    tx: &mut Transaction<'_, Any>,
    (id, if_match): (&str, IfMatch),
    wanted: &SiteChange,
    who: &str,
    now: i64,
) -> Result<Vec<&'static str>, Problem> {
    wanted.check()?;
    let zone = wanted.time_zone.as_deref().map(time_zone).transpose()?;
    let before = find(&mut **tx, id).await?;
    if_match.check(before.version)?;
    let place =
        (wanted.latitude.unwrap_or(before.latitude), wanted.longitude.unwrap_or(before.longitude));
    check_place(place.0, place.1)?;
    let fields = wanted.fields(&before, zone.as_deref());
    if fields.is_empty() {
        return Ok(Vec::new());
    }
    let changed = sqlx::query(
        "UPDATE sites SET name = $3, address = $4, area = $5, time_zone = $6, latitude = $7, \
         longitude = $8, access_notes = $9, version = version + 1 WHERE id = $1 AND version = $2",
    )
    .bind(id)
    .bind(before.version)
    .bind(wanted.name.as_deref().unwrap_or(&before.name).trim())
    .bind(wanted.address.as_deref().unwrap_or(&before.address).trim())
    .bind(wanted.area.as_deref().unwrap_or(&before.area).trim())
    .bind(zone.as_deref().unwrap_or(&before.time_zone))
    .bind(Double(place.0))
    .bind(Double(place.1))
    .bind(wanted.access_notes.as_deref().unwrap_or(&before.access_notes).trim())
    .execute(&mut **tx)
    .await
    .map_err(|e| taken(e, || name_taken(wanted.name.as_deref().unwrap_or_default())))?;
    if changed.rows_affected() == 0 {
        return Err(Problem::Stale { version: before.version + 1 });
    }
    let change = NewChange {
        kind: "site",
        id,
        who,
        why: wanted.why.trim(),
        version: Some(before.version + 1),
        ..NewChange::default()
    };
    changes::record_fields(tx, now, change, &fields).await?;
    Ok(fields.iter().map(Field::name).collect())
}
