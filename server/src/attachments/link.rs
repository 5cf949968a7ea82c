//! A file is attached to something, and shown where that leads.

use serde::Serialize;
use sqlx::{Any, Executor, FromRow, Transaction};
use utoipa::ToSchema;

use super::holder::Holder;
use crate::app::App;
use crate::database::new_id;
use crate::http::{Page, Problem};
use crate::limits::{ATTACHMENTS_EACH, LIST_ROWS};
use crate::time::Time;

/// A file that is attached to something.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Attachment {
    pub(crate) id: String,
    /// Digest of its content; `GET /api/v1/attachments/{sha256}` has the bytes.
    pub(crate) sha256: String,
    /// As its first bytes say.
    pub(crate) media_type: String,
    pub(crate) bytes: i64,
    /// What it shows or says; empty without one.
    pub(crate) title: String,
    /// What it was attached to: where it is shown, or what that came from.
    pub(crate) attached_to: AttachedTo,
    /// Who attached it; null: the person who asked, through their link.
    #[schema(required)]
    pub(crate) by: Option<String>,
    pub(crate) at: Time,
}

/// What a file was attached to.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AttachedTo {
    pub(crate) kind: Holder,
    pub(crate) id: String,
}

#[derive(FromRow)]
struct Row {
    id: String,
    sha256: String,
    media_type: String,
    bytes: i64,
    title: String,
    subject_kind: String,
    subject_id: String,
    who: String,
    at: i64,
}

impl TryFrom<Row> for Attachment {
    type Error = Problem;
    fn try_from(r: Row) -> Result<Self, Problem> {
        let attached_to = AttachedTo { kind: Holder::parse(&r.subject_kind)?, id: r.subject_id };
        Ok(Self {
            id: r.id,
            sha256: r.sha256,
            media_type: r.media_type,
            bytes: r.bytes,
            title: r.title,
            attached_to,
            by: Some(r.who).filter(|who| !who.is_empty()),
            at: Time(r.at),
        })
    }
}

const SELECT: &str = "SELECT l.id, l.sha256, f.media_type, f.bytes, l.title, l.subject_kind, \
     l.subject_id, l.who, l.at FROM attachment_links l JOIN attachments f ON f.sha256 = l.sha256";

/// What a file is attached with.
#[derive(Debug, Clone, Copy)]
pub(crate) struct NewLink<'a> {
    pub sha256: &'a str,
    pub to: (Holder, &'a str),
    pub title: &'a str,
    /// Of a machine's document: which kind.
    pub document_kind: Option<&'a str>,
    /// Empty: the person who asked, through their link.
    pub who: &'a str,
}

/// Attaches a file that is kept, and says the id of the link. The same file attached to the same thing
/// again is the first link.
pub(crate) async fn link(
    tx: &mut Transaction<'_, Any>,
    new: NewLink<'_>,
    now: i64,
) -> Result<String, Problem> {
    let (holder, subject_id) = new.to;
    holder.check(&mut **tx, subject_id).await?;
    let id = new_id();
    let linked = sqlx::query(
        "INSERT INTO attachment_links (id, sha256, subject_kind, subject_id, title, document_kind, \
         who, at) SELECT $1, $2, $3, $4, $5, $6, $7, $8 WHERE (SELECT count(*) \
         FROM attachment_links l WHERE l.subject_kind = $3 AND l.subject_id = $4) < $9 \
         ON CONFLICT (subject_kind, subject_id, sha256) DO NOTHING",
    )
    .bind(&id)
    .bind(new.sha256)
    .bind(holder.as_str())
    .bind(subject_id)
    .bind(new.title.trim())
    .bind(new.document_kind)
    .bind(new.who)
    .bind(now)
    .bind(ATTACHMENTS_EACH)
    .execute(&mut **tx)
    .await?;
    if linked.rows_affected() > 0 {
        return Ok(id);
    }
    let before: Option<String> = sqlx::query_scalar(
        "SELECT id FROM attachment_links WHERE subject_kind = $1 AND subject_id = $2 \
         AND sha256 = $3",
    )
    .bind(holder.as_str())
    .bind(subject_id)
    .bind(new.sha256)
    .fetch_optional(&mut **tx)
    .await?;
    let full = || Problem::Conflict(format!("there are {ATTACHMENTS_EACH} attachments already"));
    before.ok_or_else(full)
}

/// One attachment, by the id of its link.
pub(super) async fn find<'e>(
    db: impl Executor<'e, Database = Any>,
    id: &str,
) -> Result<Attachment, Problem> {
    let sql = format!("{SELECT} WHERE l.id = $1");
    let row: Option<Row> =
        sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(id).fetch_optional(db).await?;
    row.ok_or(Problem::NotFound("attachment"))?.try_into()
}

/// What is attached to something and to what it came from, the oldest first; a page after `cursor`.
pub(super) async fn page(
    app: &App,
    (holder, id): (Holder, &str),
    cursor: Option<&str>,
) -> Result<Page<Attachment>, Problem> {
    holder.check(&app.database, id).await?;
    let items = rows(app, (holder, id), cursor.unwrap_or_default(), LIST_ROWS + 1).await?;
    Ok(Page::cut(items, LIST_ROWS as usize, |a| a.id.clone()))
}

/// All of it.
pub(crate) async fn carried(app: &App, of: (Holder, &str)) -> Result<Vec<Attachment>, Problem> {
    rows(app, of, "", i64::MAX).await
}

async fn rows(
    app: &App,
    (holder, id): (Holder, &str),
    after: &str,
    most: i64,
) -> Result<Vec<Attachment>, Problem> {
    let sql = format!(
        "{} {SELECT} JOIN chain c ON c.kind = l.subject_kind AND c.id = l.subject_id \
         WHERE l.id > $2 ORDER BY l.id LIMIT $3",
        holder.chain()
    );
    let rows: Vec<Row> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(id)
        .bind(after)
        .bind(most)
        .fetch_all(&app.database)
        .await?;
    rows.into_iter().map(Attachment::try_from).collect()
}

/// What is attached to one thing itself, the oldest first.
pub(crate) async fn own(
    app: &App,
    (holder, id): (Holder, &str),
) -> Result<Vec<Attachment>, Problem> {
    let sql = format!("{SELECT} WHERE l.subject_kind = $1 AND l.subject_id = $2 ORDER BY l.id");
    let rows: Vec<Row> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(holder.as_str())
        .bind(id)
        .fetch_all(&app.database)
        .await?;
    rows.into_iter().map(Attachment::try_from).collect()
}
