//! The documents of a machine: what its maker wrote, and what it was certified with.

use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use sqlx::FromRow;
use utoipa::{IntoParams, ToSchema};

use crate::app::App;
use crate::attachments::{self, Holder, NewLink};
use crate::http::{By, Page, Problem, check_text};
use crate::limits::{LIST_ROWS, TEXT_CHARS};
use crate::states;
use crate::time::Time;

/// What a document is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DocumentKind {
    /// How it is used and kept.
    Manual,
    /// How it is built or wired.
    Drawing,
    /// What somebody vouches for.
    Certificate,
    /// Anything else.
    Other,
}

impl DocumentKind {
    const ALL: [Self; 4] = [Self::Manual, Self::Drawing, Self::Certificate, Self::Other];

    const fn as_str(self) -> &'static str {
        match self {
            Self::Manual => "manual",
            Self::Drawing => "drawing",
            Self::Certificate => "certificate",
            Self::Other => "other",
        }
    }
}

/// A document of a machine.
#[derive(Debug, Serialize, ToSchema)]
pub struct AssetDocument {
    id: String,
    kind: DocumentKind,
    title: String,
    /// Digest of its content; `GET /api/v1/attachments/{sha256}` has the bytes.
    sha256: String,
    media_type: String,
    bytes: i64,
    by: String,
    at: Time,
}

#[derive(FromRow)]
struct Row {
    id: String,
    document_kind: String,
    title: String,
    sha256: String,
    media_type: String,
    bytes: i64,
    who: String,
    at: i64,
}

impl TryFrom<Row> for AssetDocument {
    type Error = Problem;
    fn try_from(r: Row) -> Result<Self, Problem> {
        let (all, name) = (&DocumentKind::ALL, DocumentKind::as_str);
        Ok(Self {
            id: r.id,
            kind: states::read("kind of document", all, name, &r.document_kind)?,
            title: r.title,
            sha256: r.sha256,
            media_type: r.media_type,
            bytes: r.bytes,
            by: r.who,
            at: Time(r.at),
        })
    }
}

const SELECT: &str = "SELECT l.id, l.document_kind, l.title, l.sha256, f.media_type, f.bytes, l.who, \
     l.at FROM attachment_links l JOIN attachments f ON f.sha256 = l.sha256 \
     WHERE l.subject_kind = 'asset' AND l.document_kind IS NOT NULL";

/// Query of the list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct DocumentsQuery {
    kind: Option<DocumentKind>,
    cursor: Option<String>,
}

/// The documents of a machine, the newest first.
#[utoipa::path(
    get,
    path = "/api/v1/assets/{id}/documents",
    operation_id = "list_documents",
    tag = "assets",
    params(DocumentsQuery),
    responses((status = 200, body = Page<AssetDocument>), Problem)
)]
pub(crate) async fn list_documents(
    State(app): State<App>,
    Path(id): Path<String>,
    Query(query): Query<DocumentsQuery>,
) -> Result<Json<Page<AssetDocument>>, Problem> {
    let sql = format!(
        "{SELECT} AND l.subject_id = $1 AND ($2 = '' OR l.document_kind = $2) AND l.id < $3 \
         ORDER BY l.id DESC LIMIT $4"
    );
    let rows: Vec<Row> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(&id)
        .bind(query.kind.map_or("", DocumentKind::as_str))
        .bind(query.cursor.unwrap_or_else(|| "~".to_owned()))
        .bind(LIST_ROWS + 1)
        .fetch_all(&app.database)
        .await?;
    let items = rows.into_iter().map(AssetDocument::try_from).collect::<Result<Vec<_>, _>>()?;
    Ok(Json(Page::cut(items, LIST_ROWS as usize, |d| d.id.clone())))
}

/// Query of a new document.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct NewDocument {
    title: String,
    kind: DocumentKind,
}

/// Adds a document to a machine; the body is the file.
#[utoipa::path(
    post,
    path = "/api/v1/assets/{id}/documents",
    operation_id = "add_document",
    tag = "assets",
    params(NewDocument),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 201, body = AssetDocument), Problem)
)]
pub(crate) async fn add_document(
    By(who): By,
    State(app): State<App>,
    Path(asset_id): Path<String>,
    Query(new): Query<NewDocument>,
    body: Result<Bytes, BytesRejection>,
) -> Result<(StatusCode, Json<AssetDocument>), Problem> {
    check_text("title", &new.title, TEXT_CHARS)?;
    let bytes = attachments::body(body)?;
    let kept = attachments::keep(&app, &app.database, bytes).await?;
    let link = NewLink {
        sha256: &kept.sha256,
        to: (Holder::Asset, &asset_id),
        title: &new.title,
        document_kind: Some(new.kind.as_str()),
        who: &who,
    };
    let mut tx = app.begin().await?;
    let id = attachments::link(&mut tx, link, app.clock.now_us()).await?;
    let sql = format!("{SELECT} AND l.id = $1");
    let row: Row = sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(&id).fetch_one(&mut *tx).await?;
    tx.commit().await?;
    Ok((StatusCode::CREATED, Json(row.try_into()?)))
}
