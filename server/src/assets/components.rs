//! What a machine is made of, and was: components with their dates. A component that is replaced stays
//! in the list.

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use sqlx::{Any, Executor, FromRow, Transaction};
use utoipa::{IntoParams, ToSchema};

use super::registering::filled;
use crate::app::App;
use crate::changes::{self, NewChange};
use crate::database::new_id;
use crate::http::{By, Page, Problem, check_length, check_text};
use crate::limits::{COMPONENTS, LIST_ROWS, TEXT_CHARS};
use crate::time::Time;

/// A part of a machine that is followed by itself.
#[derive(Debug, Serialize, ToSchema)]
pub struct Component {
    id: String,
    asset_id: String,
    /// What it is, such as `shaft seal`.
    name: String,
    /// Part number of the maker.
    #[schema(required)]
    part_number: Option<String>,
    #[schema(required)]
    serial: Option<String>,
    installed_at: Time,
    /// Null: it is in the machine.
    #[schema(required)]
    removed_at: Option<Time>,
    /// The component whose place it took.
    #[schema(required)]
    replaces: Option<String>,
    /// Who wrote it down.
    by: String,
}

#[derive(FromRow)]
struct Row {
    id: String,
    asset_id: String,
    name: String,
    part_number: Option<String>,
    serial: Option<String>,
    installed_at: i64,
    removed_at: Option<i64>,
    replaces: Option<String>,
    who: String,
}

impl From<Row> for Component {
    fn from(r: Row) -> Self {
        Self {
            id: r.id,
            asset_id: r.asset_id,
            name: r.name,
            part_number: r.part_number,
            serial: r.serial,
            installed_at: Time(r.installed_at),
            removed_at: r.removed_at.map(Time),
            replaces: r.replaces,
            by: r.who,
        }
    }
}

const SELECT: &str = "SELECT id, asset_id, name, part_number, serial, installed_at, removed_at, \
     replaces, who FROM components";

async fn find<'e>(
    db: impl Executor<'e, Database = Any>,
    (asset_id, id): (&str, &str),
) -> Result<Component, Problem> {
    let sql = format!("{SELECT} WHERE id = $1 AND asset_id = $2");
    let row: Option<Row> =
        sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(id).bind(asset_id).fetch_optional(db).await?;
    row.map(Component::from).ok_or(Problem::NotFound("component"))
}

/// Query of the list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ComponentsQuery {
    /// `true`: only those that are in the machine.
    installed: Option<bool>,
    cursor: Option<String>,
}

/// The components of a machine, also those that were replaced or removed; the newest first.
#[utoipa::path(
    get,
    path = "/api/v1/assets/{id}/components",
    operation_id = "list_components",
    tag = "assets",
    params(ComponentsQuery),
    responses((status = 200, body = Page<Component>), Problem)
)]
pub(crate) async fn list_components(
    State(app): State<App>,
    Path(id): Path<String>,
    Query(query): Query<ComponentsQuery>,
) -> Result<Json<Page<Component>>, Problem> {
    let sql = format!(
        "{SELECT} WHERE asset_id = $1 AND ($2 = 0 OR removed_at IS NULL) AND id < $3 \
         ORDER BY id DESC LIMIT $4"
    );
    let rows: Vec<Row> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(&id)
        .bind(i64::from(query.installed == Some(true)))
        .bind(query.cursor.unwrap_or_else(|| "~".to_owned()))
        .bind(LIST_ROWS + 1)
        .fetch_all(&app.database)
        .await?;
    let items = rows.into_iter().map(Component::from).collect();
    Ok(Json(Page::cut(items, LIST_ROWS as usize, |c: &Component| c.id.clone())))
}

/// A component that was put into a machine.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewComponent {
    /// What it is, such as `shaft seal`.
    #[schema(min_length = 1)]
    name: String,
    part_number: Option<String>,
    serial: Option<String>,
    /// Now, when nothing is said.
    installed_at: Option<Time>,
    /// The component whose place it takes: that one is removed at the same time.
    replaces: Option<String>,
    #[schema(min_length = 1)]
    why: String,
}

/// Writes down that a component was put into a machine, or took the place of another one.
#[utoipa::path(
    post,
    path = "/api/v1/assets/{id}/components",
    operation_id = "install_component",
    tag = "assets",
    responses((status = 201, body = Component), Problem)
)]
pub(crate) async fn install_component(
    By(who): By,
    State(app): State<App>,
    Path(asset_id): Path<String>,
    Json(new): Json<NewComponent>,
) -> Result<(StatusCode, Json<Component>), Problem> {
    check_text("name", &new.name, TEXT_CHARS)?;
    check_text("why", &new.why, TEXT_CHARS)?;
    check_length("part_number", new.part_number.as_deref().unwrap_or_default(), TEXT_CHARS)?;
    check_length("serial", new.serial.as_deref().unwrap_or_default(), TEXT_CHARS)?;
    let now = app.clock.now_us();
    let installed_at = past("installed_at", new.installed_at, now)?;
    let (id, mut tx) = (new_id(), app.begin().await?);
    let old = match &new.replaces {
        Some(old) => Some(take_out(&mut tx, (&asset_id, old), installed_at).await?),
        None => None,
    };
    let added = sqlx::query(
        "INSERT INTO components (id, asset_id, name, part_number, serial, installed_at, replaces, \
         who, created_at) SELECT $1, a.id, $3, $4, $5, $6, $7, $8, $9 FROM assets a WHERE a.id = $2 \
         AND (SELECT count(*) FROM components c WHERE c.asset_id = $2) < $10",
    )
    .bind(&id)
    .bind(&asset_id)
    .bind(new.name.trim())
    .bind(filled(new.part_number.as_deref()))
    .bind(filled(new.serial.as_deref()))
    .bind(installed_at)
    .bind(new.replaces.as_deref())
    .bind(&who)
    .bind(now)
    .bind(COMPONENTS)
    .execute(&mut *tx)
    .await?;
    if added.rows_affected() == 0 {
        let known: Option<String> = sqlx::query_scalar("SELECT id FROM assets WHERE id = $1")
            .bind(&asset_id)
            .fetch_optional(&mut *tx)
            .await?;
        known.ok_or(Problem::NotFound("asset"))?;
        return Err(Problem::Conflict(format!("a machine may have {COMPONENTS} components")));
    }
    let component = find(&mut *tx, (&asset_id, &id)).await?;
    let (from, to) = (old.as_ref().map(Component::called), component.called());
    let step = (from.as_deref(), Some(to.as_str()));
    note(&mut tx, (&asset_id, &who, new.why.trim()), step, now).await?;
    tx.commit().await?;
    Ok((StatusCode::CREATED, Json(component)))
}

/// Why a component was taken out.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Removal {
    /// Now, when nothing is said.
    removed_at: Option<Time>,
    #[schema(min_length = 1)]
    why: String,
}

/// Writes down that a component was taken out and nothing took its place.
#[utoipa::path(
    post,
    path = "/api/v1/assets/{id}/components/{component_id}/removal",
    operation_id = "remove_component",
    tag = "assets",
    responses((status = 200, body = Component), Problem)
)]
pub(crate) async fn remove_component(
    By(who): By,
    State(app): State<App>,
    Path((asset_id, id)): Path<(String, String)>,
    Json(removal): Json<Removal>,
) -> Result<Json<Component>, Problem> {
    check_text("why", &removal.why, TEXT_CHARS)?;
    let now = app.clock.now_us();
    let removed_at = past("removed_at", removal.removed_at, now)?;
    let mut tx = app.begin().await?;
    let old = take_out(&mut tx, (&asset_id, &id), removed_at).await?;
    let step = (Some(&*old.called()), None);
    note(&mut tx, (&asset_id, &who, removal.why.trim()), step, now).await?;
    tx.commit().await?;
    Ok(Json(old))
}

/// What was done cannot be ahead.
fn past(name: &str, at: Option<Time>, now: i64) -> Result<i64, Problem> {
    match at {
        Some(Time(at)) if at > now => Err(Problem::Invalid(format!("`{name}` is in the future"))),
        Some(Time(at)) => Ok(at),
        None => Ok(now),
    }
}

async fn take_out(
    tx: &mut Transaction<'_, Any>,
    component: (&str, &str),
    at: i64,
) -> Result<Component, Problem> {
    let (asset_id, id) = component;
    let before = find(&mut **tx, component).await?;
    let removed = sqlx::query(
        "UPDATE components SET removed_at = $3 WHERE id = $1 AND asset_id = $2 \
         AND removed_at IS NULL AND installed_at <= $3",
    )
    .bind(id)
    .bind(asset_id)
    .bind(at)
    .execute(&mut **tx)
    .await?;
    match removed.rows_affected() {
        0 if before.removed_at.is_some() => {
            Err(Problem::Conflict("this component was taken out already".into()))
        }
        0 => Err(Problem::Invalid("it was not in the machine yet at that time".into())),
        _ => find(&mut **tx, component).await,
    }
}

impl Component {
    /// What it is called in the history of the machine.
    fn called(&self) -> String {
        let more = [self.part_number.as_deref(), self.serial.as_deref()].into_iter().flatten();
        [self.name.as_str()].into_iter().chain(more).collect::<Vec<_>>().join(", ")
    }
}

/// The machine's history says it, too.
async fn note(
    tx: &mut Transaction<'_, Any>,
    (asset_id, who, why): (&str, &str, &str),
    (from, to): (Option<&str>, Option<&str>),
    now: i64,
) -> Result<(), sqlx::Error> {
    let change = NewChange {
        kind: "asset",
        id: asset_id,
        who,
        field: "component",
        from,
        to,
        why,
        ..NewChange::default()
    };
    changes::record(tx, now, change).await
}
