//! What was changed, by whom, when, from what, to what, and why. Every slice of the field service
//! writes its changes here, in the transaction that makes them.

use axum::Json;
use axum::extract::{Query, State};
use serde::{Deserialize, Serialize};
use sqlx::{Any, FromRow, Transaction};
use utoipa::{IntoParams, ToSchema};

use crate::app::App;
use crate::database::new_id;
use crate::http::{Page, Problem};
use crate::limits::LIST_ROWS;
use crate::search::{self, SearchKind};
use crate::time::Time;

/// A change that is written down.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct NewChange<'a> {
    /// What kind of thing it is, such as `work_order`.
    pub kind: &'a str,
    pub id: &'a str,
    pub who: &'a str,
    /// Of an automatic act: which rule did it.
    pub rule: Option<&'a str>,
    pub field: &'a str,
    pub from: Option<&'a str>,
    pub to: Option<&'a str>,
    pub why: &'a str,
    /// As the author's device told it, when it was offline.
    pub device_at: Option<i64>,
    /// Of the thing after the change, where it has versions.
    pub version: Option<i64>,
}

/// Writes a change down, and lets the search index know.
pub(crate) async fn record(
    tx: &mut Transaction<'_, Any>,
    now: i64,
    change: NewChange<'_>,
) -> Result<(), sqlx::Error> {
    write(tx, now, change).await?;
    indexed(tx, change).await
}

/// Writes down that something with versions is there now: its kind, id, and the field that names it with its
/// value; by whom and why.
pub(crate) async fn made(
    tx: &mut Transaction<'_, Any>,
    now: i64,
    (kind, id, field, value): (&str, &str, &str, &str),
    (who, why): (&str, &str),
) -> Result<(), sqlx::Error> {
    let (to, version) = (Some(value), Some(1));
    let change = NewChange { kind, id, who, field, to, why, version, ..NewChange::default() };
    record(tx, now, change).await
}

async fn indexed(tx: &mut Transaction<'_, Any>, change: NewChange<'_>) -> Result<(), sqlx::Error> {
    match SearchKind::parse(change.kind) {
        Some(kind) => search::changed(tx, kind, change.id).await,
        None => Ok(()),
    }
}

async fn write(
    tx: &mut Transaction<'_, Any>,
    now: i64,
    change: NewChange<'_>,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO changes (id, subject_kind, subject_id, at, device_at, who, rule, field, \
         from_value, to_value, why, version, since_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, \
         $10, $11, $12, CASE WHEN $8 = 'state' THEN (SELECT max(s.at) FROM changes s \
         WHERE s.subject_kind = $2 AND s.subject_id = $3 AND s.field = 'state') END)",
    )
    .bind(new_id())
    .bind(change.kind)
    .bind(change.id)
    .bind(now)
    .bind(change.device_at)
    .bind(change.who)
    .bind(change.rule)
    .bind(change.field)
    .bind(change.from)
    .bind(change.to)
    .bind(change.why)
    .bind(change.version)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// A field of something, before and after a change, as text.
pub(crate) struct Field {
    name: &'static str,
    before: Option<String>,
    after: Option<String>,
}

impl Field {
    /// A field that is changed; none when nothing is said about it, or it stays as it is.
    pub fn new<T: ToString>(
        name: &'static str,
        before: Option<T>,
        wanted: Option<Option<T>>,
    ) -> Option<Self> {
        let text = |value: Option<T>| value.map(|value| value.to_string());
        let (before, after) = (text(before), text(wanted?));
        (before != after).then_some(Self { name, before, after })
    }

    /// What it is called.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// A text that is always there.
    pub fn text(name: &'static str, before: &str, wanted: Option<&str>) -> Option<Self> {
        Self::new(name, Some(before), wanted.map(|wanted| Some(wanted.trim())))
    }
}

/// Writes down the fields that were changed about one thing; `all` says what they have in common.
pub(crate) async fn record_fields(
    tx: &mut Transaction<'_, Any>,
    now: i64,
    all: NewChange<'_>,
    fields: &[Field],
) -> Result<(), sqlx::Error> {
    for field in fields {
        let (from, to) = (field.before.as_deref(), field.after.as_deref());
        write(tx, now, NewChange { field: field.name, from, to, ..all }).await?;
    }
    indexed(tx, all).await
}

/// What two people have made of one field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FieldConflict {
    field: String,
    /// What is there, by whom and when.
    #[schema(required)]
    theirs: Option<String>,
    by: String,
    at: Time,
    /// What was wanted.
    #[schema(required)]
    yours: Option<String>,
}

/// Lets a change of the version `seen` be merged into the one that is there, or refuses it where others
/// have made something else of the same fields since.
///
/// # Errors
/// [`Problem::Clash`], with both values of each such field.
pub(crate) async fn merge(
    tx: &mut Transaction<'_, Any>,
    (kind, id): (&str, &str),
    (seen, version): (Option<i64>, i64),
    fields: &[Field],
) -> Result<(), Problem> {
    let Some(seen) = seen.filter(|seen| *seen < version) else { return Ok(()) };
    let mut conflicts = Vec::new();
    for field in fields {
        let theirs: Option<(Option<String>, String, i64)> = sqlx::query_as(
            "SELECT to_value, who, at FROM changes WHERE subject_kind = $1 AND subject_id = $2 \
             AND field = $3 AND version > $4 ORDER BY id DESC LIMIT 1",
        )
        .bind(kind)
        .bind(id)
        .bind(field.name)
        .bind(seen)
        .fetch_optional(&mut **tx)
        .await?;
        let Some((theirs, by, at)) = theirs else { continue };
        if theirs != field.after {
            let (field, yours) = (field.name.to_owned(), field.after.clone());
            conflicts.push(FieldConflict { field, theirs, by, at: Time(at), yours });
        }
    }
    match conflicts.is_empty() {
        true => Ok(()),
        false => Err(Problem::Clash { conflicts }),
    }
}

/// A change.
#[derive(Debug, Serialize, ToSchema)]
pub struct Change {
    id: String,
    at: Time,
    /// When the author's device says it was made, when it was offline then.
    #[schema(required)]
    device_at: Option<Time>,
    who: String,
    /// Of an automatic act: the rule that did it.
    #[schema(required)]
    rule: Option<String>,
    field: String,
    #[schema(required)]
    from: Option<String>,
    #[schema(required)]
    to: Option<String>,
    why: String,
    /// Of the thing after the change, where it has versions.
    #[schema(required)]
    version: Option<i64>,
}

#[derive(FromRow)]
struct Row {
    id: String,
    at: i64,
    device_at: Option<i64>,
    who: String,
    rule: Option<String>,
    field: String,
    from_value: Option<String>,
    to_value: Option<String>,
    why: String,
    version: Option<i64>,
}

impl From<Row> for Change {
    fn from(r: Row) -> Self {
        Self {
            id: r.id,
            at: Time(r.at),
            device_at: r.device_at.map(Time),
            who: r.who,
            rule: r.rule,
            field: r.field,
            from: r.from_value,
            to: r.to_value,
            why: r.why,
            version: r.version,
        }
    }
}

/// Query of the list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ChangesQuery {
    /// Kind of the thing, such as `customer`.
    subject_kind: String,
    subject_id: String,
    cursor: Option<String>,
}

/// Everything that was changed about one thing, the newest first.
#[utoipa::path(
    get,
    path = "/api/v1/changes",
    operation_id = "list_changes",
    tag = "access",
    params(ChangesQuery),
    responses((status = 200, body = Page<Change>), Problem)
)]
pub(crate) async fn list(
    State(app): State<App>,
    Query(query): Query<ChangesQuery>,
) -> Result<Json<Page<Change>>, Problem> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT id, at, device_at, who, rule, field, from_value, to_value, why, version FROM changes \
         WHERE subject_kind = $1 AND subject_id = $2 AND id < $3 ORDER BY id DESC LIMIT $4",
    )
    .bind(query.subject_kind)
    .bind(query.subject_id)
    .bind(query.cursor.unwrap_or_else(|| "~".to_owned()))
    .bind(LIST_ROWS + 1)
    .fetch_all(&app.database)
    .await?;
    let items = rows.into_iter().map(Change::from).collect();
    Ok(Json(Page::cut(items, LIST_ROWS as usize, |c: &Change| c.id.clone())))
}
