//! A playbook as people see it, with its versions; writing one, and revising it.

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderName, StatusCode};
use serde::{Deserialize, Serialize};
use sqlx::{Any, Executor, FromRow, Transaction};
use utoipa::{IntoParams, ToSchema};

use super::content::PlaybookContent;
use crate::app::App;
use crate::changes::{self, Field, NewChange};
use crate::database::{from_json, new_id, to_json};
use crate::http::{By, IfMatch, Page, Problem, anywhere, check_text, etag, taken};
use crate::limits::{LIST_ROWS, TEXT_CHARS};
use crate::time::Time;

/// What is done when it matters: a contingency plan with its checklist.
#[derive(Debug, Serialize, ToSchema)]
pub struct Playbook {
    id: String,
    pub(super) name: String,
    /// Neither suggested nor started any more.
    pub(super) retired: bool,
    /// Of the content; also the `ETag`: send it as `If-Match` with a revision.
    pub(super) version: i64,
    pub(super) content: PlaybookContent,
    /// Who wrote this version, and why.
    by: String,
    why: String,
    at: Time,
}

#[derive(FromRow)]
struct Row {
    id: String,
    name: String,
    retired: i64,
    version: i64,
    content: String,
    who: String,
    why: String,
    at: i64,
}

impl TryFrom<Row> for Playbook {
    type Error = Problem;
    fn try_from(r: Row) -> Result<Self, Problem> {
        Ok(Self {
            id: r.id,
            name: r.name,
            retired: r.retired == 1,
            version: r.version,
            content: from_json(&r.content)?,
            by: r.who,
            why: r.why,
            at: Time(r.at),
        })
    }
}

const SELECT: &str = "SELECT p.id, p.name, p.retired, v.version, v.content, v.who, v.why, v.at \
     FROM playbooks p JOIN playbook_versions v ON v.playbook_id = p.id";

/// A playbook in its newest version.
pub(super) async fn find<'e>(
    db: impl Executor<'e, Database = Any>,
    id: &str,
) -> Result<Playbook, Problem> {
    let sql = format!("{SELECT} AND v.version = p.version WHERE p.id = $1");
    let row: Option<Row> =
        sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(id).fetch_optional(db).await?;
    row.ok_or(Problem::NotFound("playbook"))?.try_into()
}

type Shown = ([(HeaderName, String); 1], Json<Playbook>);

async fn shown(app: &App, id: &str) -> Result<Shown, Problem> {
    let playbook = find(&app.database, id).await?;
    Ok((etag(playbook.version), Json(playbook)))
}

/// Query of the list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PlaybooksQuery {
    /// Part of the name.
    q: Option<String>,
    /// `true`: those that are retired as well.
    retired: Option<bool>,
    cursor: Option<String>,
}

/// Playbooks by name, each in its newest version.
#[utoipa::path(
    get,
    path = "/api/v1/playbooks",
    operation_id = "list_playbooks",
    tag = "playbooks",
    params(PlaybooksQuery),
    responses((status = 200, body = Page<Playbook>), Problem)
)]
pub(crate) async fn list(
    State(app): State<App>,
    Query(query): Query<PlaybooksQuery>,
) -> Result<Json<Page<Playbook>>, Problem> {
    let sql = format!(
        "{SELECT} AND v.version = p.version WHERE lower(p.name) LIKE lower($1) ESCAPE '!' \
         AND ($2 = 1 OR p.retired = 0) AND p.name > $3 ORDER BY p.name LIMIT $4"
    );
    let rows: Vec<Row> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(anywhere(query.q.as_deref()))
        .bind(i64::from(query.retired == Some(true)))
        .bind(query.cursor.unwrap_or_default())
        .bind(LIST_ROWS + 1)
        .fetch_all(&app.database)
        .await?;
    let items = rows.into_iter().map(Playbook::try_from).collect::<Result<Vec<_>, _>>()?;
    Ok(Json(Page::cut(items, LIST_ROWS as usize, |p| p.name.clone())))
}

/// One playbook in its newest version.
#[utoipa::path(
    get,
    path = "/api/v1/playbooks/{id}",
    operation_id = "show_playbook",
    tag = "playbooks",
    responses((status = 200, body = Playbook), Problem)
)]
pub(crate) async fn show(State(app): State<App>, Path(id): Path<String>) -> Result<Shown, Problem> {
    shown(&app, &id).await
}

/// All versions of a playbook, the newest first.
#[utoipa::path(
    get,
    path = "/api/v1/playbooks/{id}/versions",
    operation_id = "list_playbook_versions",
    tag = "playbooks",
    responses((status = 200, body = Page<Playbook>), Problem)
)]
pub(crate) async fn versions(
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Json<Page<Playbook>>, Problem> {
    let sql = format!("{SELECT} WHERE p.id = $1 ORDER BY v.version DESC LIMIT $2");
    let rows: Vec<Row> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(&id)
        .bind(LIST_ROWS)
        .fetch_all(&app.database)
        .await?;
    if rows.is_empty() {
        return Err(Problem::NotFound("playbook"));
    }
    let items = rows.into_iter().map(Playbook::try_from).collect::<Result<Vec<_>, _>>()?;
    Ok(Json(Page { items, next_cursor: None }))
}

fn name_taken(name: &str) -> String {
    format!("there is a playbook {:?} already", name.trim())
}

async fn keep_version(
    tx: &mut Transaction<'_, Any>,
    (id, version): (&str, i64),
    content: &PlaybookContent,
    (who, why): (&str, &str),
    now: i64,
) -> Result<(), Problem> {
    let content = to_json(content)?;
    sqlx::query(
        "INSERT INTO playbook_versions (playbook_id, version, content, who, why, at) \
         VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(id)
    .bind(version)
    .bind(content)
    .bind(who)
    .bind(why)
    .bind(now)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// A playbook to be.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewPlaybook {
    name: String,
    content: PlaybookContent,
    why: String,
}

/// Writes a playbook.
#[utoipa::path(
    post,
    path = "/api/v1/playbooks",
    operation_id = "write_playbook",
    tag = "playbooks",
    responses((status = 201, body = Playbook), Problem)
)]
pub(crate) async fn create(
    By(who): By,
    State(app): State<App>,
    Json(new): Json<NewPlaybook>,
) -> Result<(StatusCode, Shown), Problem> {
    let (name, why) = (new.name.trim(), new.why.trim());
    check_text("name", name, TEXT_CHARS)?;
    check_text("why", why, TEXT_CHARS)?;
    new.content.check()?;
    let (id, now) = (new_id(), app.clock.now_us());
    let mut tx = app.begin().await?;
    sqlx::query(
        "INSERT INTO playbooks (id, name, retired, version, created_at) VALUES ($1, $2, 0, 1, $3)",
    )
    .bind(&id)
    .bind(name)
    .bind(now)
    .execute(&mut *tx)
    .await
    .map_err(|e| taken(e, || name_taken(name)))?;
    keep_version(&mut tx, (&id, 1), &new.content, (&who, why), now).await?;
    changes::made(&mut tx, now, ("playbook", &id, "name", name), (&who, why)).await?;
    tx.commit().await?;
    Ok((StatusCode::CREATED, shown(&app, &id).await?))
}

/// A new version of a playbook; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
pub struct PlaybookRevision {
    name: Option<String>,
    content: Option<PlaybookContent>,
    /// `true`: neither suggested nor started any more.
    retired: Option<bool>,
    why: String,
}

/// Makes a new version of a playbook. Runs go on with the version that they were started with.
#[utoipa::path(
    patch,
    path = "/api/v1/playbooks/{id}",
    operation_id = "revise_playbook",
    tag = "playbooks",
    responses((status = 200, body = Playbook), Problem)
)]
pub(crate) async fn revise(
    By(who): By,
    if_match: IfMatch,
    State(app): State<App>,
    Path(id): Path<String>,
    Json(new): Json<PlaybookRevision>,
) -> Result<Shown, Problem> {
    let why = new.why.trim();
    check_text("why", why, TEXT_CHARS)?;
    if let Some(name) = &new.name {
        check_text("name", name, TEXT_CHARS)?;
    }
    let now = app.clock.now_us();
    let mut tx = app.begin().await?;
    let before = find(&mut *tx, &id).await?;
    if_match.check(before.version)?;
    let content = new.content.as_ref().unwrap_or(&before.content);
    content.check()?;
    let (version, name) = (before.version + 1, new.name.as_deref().unwrap_or(&before.name).trim());
    let revised = sqlx::query(
        "UPDATE playbooks SET name = $3, retired = $4, version = $5 WHERE id = $1 AND version = $2",
    )
    .bind(&id)
    .bind(before.version)
    .bind(name)
    .bind(i64::from(new.retired.unwrap_or(before.retired)))
    .bind(version)
    .execute(&mut *tx)
    .await
    .map_err(|e| taken(e, || name_taken(name)))?;
    if revised.rows_affected() == 0 {
        return Err(Problem::Stale { version });
    }
    keep_version(&mut tx, (&id, version), content, (&who, why), now).await?;
    let fields = [
        Field::text("name", &before.name, Some(name)),
        Field::new("retired", Some(before.retired), new.retired.map(Some)),
        Field::new("version", Some(before.version), Some(Some(version))),
    ];
    let fields: Vec<Field> = fields.into_iter().flatten().collect();
    let change = NewChange {
        kind: "playbook",
        id: &id,
        who: &who,
        why,
        version: Some(version),
        ..NewChange::default()
    };
    changes::record_fields(&mut tx, now, change, &fields).await?;
    tx.commit().await?;
    shown(&app, &id).await
}
