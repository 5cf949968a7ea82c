//! What people did, on the time axis of the readings. An entry is never changed: a correction is a
//! new entry that names the old one.

use axum::Json;
use axum::extract::{Path, State};
use serde::{Deserialize, Serialize};
use sqlx::{Any, FromRow, Transaction};
use utoipa::ToSchema;

use super::content::{Act, Content, Remark};
use super::session::{self, RepairSession};
use super::state::SessionState;
use super::{from_json, to_json};
use crate::app::App;
use crate::database::new_id;
use crate::http::{By, Problem};
use crate::limits::{QUANTITY_MOST, SESSION_ENTRIES, TEXT_CHARS};
use crate::stock;
use crate::time::Time;

/// An entry on the axis.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Entry {
    pub(super) id: String,
    /// Where it stands on the axis: the device's time, or the server's where the device told none
    /// or one in the future.
    pub(super) at: Time,
    /// As the author's device told it.
    #[schema(required)]
    pub(super) device_at: Option<Time>,
    /// When the server learnt of it.
    pub(super) recorded_at: Time,
    pub(super) author: String,
    /// Id of the entry that it corrects.
    #[schema(required)]
    pub(super) corrects: Option<String>,
    #[serde(flatten)]
    pub(super) content: Content,
    #[serde(skip)]
    pub(super) phase: i64,
}

#[derive(Debug, FromRow)]
struct Row {
    id: String,
    phase: i64,
    content: String,
    device_at: Option<i64>,
    recorded_at: i64,
    author: String,
    corrects: Option<String>,
}

impl TryFrom<Row> for Entry {
    type Error = Problem;
    fn try_from(r: Row) -> Result<Self, Problem> {
        let at = r.device_at.map_or(r.recorded_at, |at| at.min(r.recorded_at));
        Ok(Self {
            id: r.id,
            at: Time(at),
            device_at: r.device_at.map(Time),
            recorded_at: Time(r.recorded_at),
            author: r.author,
            corrects: r.corrects,
            content: from_json(&r.content)?,
            phase: r.phase,
        })
    }
}

const SELECT: &str = "SELECT id, phase, content, device_at, recorded_at, author, corrects \
     FROM repair_session_entries";

/// All entries of a session, in the order in which they were recorded.
pub(super) async fn of(app: &App, session_id: &str) -> Result<Vec<Entry>, Problem> {
    let sql = format!("{SELECT} WHERE session_id = $1 ORDER BY id");
    let rows: Vec<Row> =
        sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(session_id).fetch_all(&app.database).await?;
    rows.into_iter().map(Entry::try_from).collect()
}

/// An entry to be written.
pub(super) struct Writing<'a> {
    pub content: Content,
    pub device_at: Option<Time>,
    pub author: &'a str,
    pub corrects: Option<&'a str>,
    pub key: Option<&'a str>,
}

impl<'a> Writing<'a> {
    /// An act, now.
    pub fn act(act: Act, author: &'a str) -> Self {
        Self { content: Content::Act(act), device_at: None, author, corrects: None, key: None }
    }
}

/// An entry that is there now.
pub(super) struct Written {
    id: String,
    /// It was not there before.
    new: bool,
}

/// Writes an entry. With a key that was used before, the entry of that key is the answer and nothing
/// is written.
pub(super) async fn write(
    tx: &mut Transaction<'_, Any>,
    session: &RepairSession,
    writing: &Writing<'_>,
    now: i64,
) -> Result<Written, Problem> {
    let id = new_id();
    let written = sqlx::query(
        "INSERT INTO repair_session_entries (id, session_id, phase, kind, content, device_at, \
         recorded_at, author, corrects, key) SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10 \
         FROM repair_sessions s WHERE s.id = $2 AND (SELECT count(*) FROM repair_session_entries \
         e WHERE e.session_id = $2) < $11 ON CONFLICT (session_id, key) DO NOTHING",
    )
    .bind(&id)
    .bind(&session.id)
    .bind(session.phase)
    .bind(writing.content.kind())
    .bind(to_json(&writing.content)?)
    .bind(writing.device_at.map(|t| t.0))
    .bind(now)
    .bind(writing.author)
    .bind(writing.corrects)
    .bind(writing.key)
    .bind(SESSION_ENTRIES)
    .execute(&mut **tx)
    .await?;
    if written.rows_affected() > 0 {
        return Ok(Written { id, new: true });
    }
    let before: Option<String> = sqlx::query_scalar(
        "SELECT id FROM repair_session_entries WHERE session_id = $1 AND key = $2",
    )
    .bind(&session.id)
    .bind(writing.key)
    .fetch_optional(&mut **tx)
    .await?;
    let before = before.map(|id| Written { id, new: false });
    before.ok_or_else(|| {
        Problem::Conflict(format!("a repair session has at most {SESSION_ENTRIES} entries"))
    })
}

/// An abandoned session takes no more entries; a verified one does, such as a late signature.
pub(super) fn check_open(session: &RepairSession) -> Result<(), Problem> {
    if session.state == SessionState::Abandoned {
        return Err(Problem::Conflict("this repair session was abandoned".into()));
    }
    Ok(())
}

/// Reads the key that a device gave to an entry.
pub(super) fn check_key(key: Option<&str>) -> Result<(), Problem> {
    match key {
        Some(key) if key.is_empty() || key.chars().count() > TEXT_CHARS => {
            Err(Problem::Invalid("`key` has to have 1 to 500 characters".into()))
        }
        _ => Ok(()),
    }
}

/// Body of a new entry.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewEntry {
    #[serde(flatten)]
    content: Remark,
    /// When it happened, by the author's device.
    at: Option<Time>,
    /// Unique for the author's device: the same entry sent again changes nothing.
    key: Option<String>,
    /// Id of the entry that it corrects.
    corrects: Option<String>,
}

/// Puts an entry on the time axis.
#[utoipa::path(
    post,
    path = "/api/v1/repair-sessions/{id}/entries",
    operation_id = "add_repair_session_entry",
    tag = "repair sessions",
    responses((status = 200, body = Entry), Problem)
)]
pub(crate) async fn add(
    By(who): By,
    State(app): State<App>,
    Path(id): Path<String>,
    Json(new): Json<NewEntry>,
) -> Result<Json<Entry>, Problem> {
    new.content.check()?;
    check_key(new.key.as_deref())?;
    let session = session::find(&app, &id).await?;
    check_open(&session)?;
    if let Remark::Measurement { point_id: Some(point), .. } = &new.content {
        check_point(&app, &session, point).await?;
    }
    if let Some(corrected) = &new.corrects {
        check_corrected(&app, &session, corrected).await?;
    }
    let writing = Writing {
        content: Content::Remark(new.content),
        device_at: new.at,
        author: &who,
        corrects: new.corrects.as_deref(),
        key: new.key.as_deref(),
    };
    Ok(Json(keep(&app, &session, writing).await?))
}

/// Writes one entry in a transaction of its own, and shows it.
pub(super) async fn keep(
    app: &App,
    session: &RepairSession,
    writing: Writing<'_>,
) -> Result<Entry, Problem> {
    let now = app.clock.now_us();
    let mut tx = app.begin().await?;
    let entry = write(&mut tx, session, &writing, now).await?;
    if entry.new {
        use_part(&mut tx, session, &writing, now).await?;
    }
    tx.commit().await?;
    written(app, session, &entry).await
}

/// Tells watchers of an entry that is written, and shows it.
pub(super) async fn written(
    app: &App,
    session: &RepairSession,
    entry: &Written,
) -> Result<Entry, Problem> {
    session::announce(app, &session.id).await?;
    let row: Row = sqlx::query_as(sqlx::AssertSqlSafe(format!("{SELECT} WHERE id = $1")))
        .bind(&entry.id)
        .fetch_one(&app.database)
        .await?;
    row.try_into()
}

/// Takes a part that went into the machine off what the work order of the visit keeps. A correction
/// changes what is said, and leaves stock to people.
async fn use_part(
    tx: &mut Transaction<'_, Any>,
    session: &RepairSession,
    writing: &Writing<'_>,
    now: i64,
) -> Result<(), Problem> {
    let Content::Remark(Remark::PartUsed(part)) = &writing.content else { return Ok(()) };
    let (Some(visit), None) = (&session.visit_id, writing.corrects) else { return Ok(()) };
    // Stock is kept in whole units; what is not one, and what is no number of them, is a note.
    let whole = part.quantity.fract() == 0.0 && part.quantity <= QUANTITY_MOST as f64;
    if whole {
        let used = (part.part_number.as_str(), part.quantity as i64);
        stock::use_for_visit(tx, visit, used, (writing.author, now)).await?;
    }
    Ok(())
}

async fn check_point(app: &App, session: &RepairSession, point: &str) -> Result<(), Problem> {
    let found: Option<String> =
        sqlx::query_scalar("SELECT id FROM points WHERE id = $1 AND asset_id = $2")
            .bind(point)
            .bind(&session.asset_id)
            .fetch_optional(&app.database)
            .await?;
    found.map(|_| ()).ok_or(Problem::NotFound("point of this asset"))
}

async fn check_corrected(app: &App, session: &RepairSession, id: &str) -> Result<(), Problem> {
    let found: Option<String> = sqlx::query_scalar(
        "SELECT id FROM repair_session_entries WHERE id = $1 AND session_id = $2",
    )
    .bind(id)
    .bind(&session.id)
    .fetch_optional(&app.database)
    .await?;
    found.map(|_| ()).ok_or(Problem::NotFound("entry of this session"))
}
