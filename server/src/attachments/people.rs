//! People attach files to requests, tickets, work orders, returns and articles, and see what came with
//! them.

use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::IntoParams;

use super::holder::Holder;
use super::link::{self, Attachment, NewLink};
use super::{media, store};
use crate::app::App;
use crate::http::{By, Page, Problem, check_length};
use crate::limits::TEXT_CHARS;

/// Query of a new attachment.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct NewAttachment {
    /// What it shows or says.
    #[serde(default)]
    title: String,
}

/// Query of a list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AttachmentsQuery {
    cursor: Option<String>,
}

async fn attach(
    app: &App,
    to: (Holder, &str),
    new: &NewAttachment,
    body: Result<Bytes, BytesRejection>,
    who: &str,
) -> Result<(StatusCode, Json<Attachment>), Problem> {
    check_length("title", &new.title, TEXT_CHARS)?;
    let body = media::body(body)?;
    to.0.check(&app.database, to.1).await?;
    let kept = store::keep(app, &app.database, body).await?;
    let now = app.clock.now_us();
    let new = NewLink { sha256: &kept.sha256, to, title: &new.title, document_kind: None, who };
    let mut tx = app.begin().await?;
    let id = link::link(&mut tx, new, now).await?;
    let attachment = link::find(&mut *tx, &id).await?;
    tx.commit().await?;
    Ok((StatusCode::CREATED, Json(attachment)))
}

/// Attaches a file to a request; the body is the file. Whoever follows the request by its link sees it.
///
/// JPEG, PNG, WebP, HEIC, PDF or a sound recording of at most 16 MiB; the first bytes decide what it
/// is. The same file sent again is attached once.
#[utoipa::path(
    post,
    path = "/api/v1/requests/{id}/attachments",
    operation_id = "attach_to_request",
    tag = "attachments",
    params(NewAttachment),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 201, body = Attachment), Problem)
)]
pub(crate) async fn attach_to_request(
    By(who): By,
    State(app): State<App>,
    Path(id): Path<String>,
    Query(new): Query<NewAttachment>,
    body: Result<Bytes, BytesRejection>,
) -> Result<(StatusCode, Json<Attachment>), Problem> {
    attach(&app, (Holder::Request, &id), &new, body, &who).await
}

/// Attaches a file to a ticket; the body is the file.
#[utoipa::path(
    post,
    path = "/api/v1/tickets/{id}/attachments",
    operation_id = "attach_to_ticket",
    tag = "attachments",
    params(NewAttachment),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 201, body = Attachment), Problem)
)]
pub(crate) async fn attach_to_ticket(
    By(who): By,
    State(app): State<App>,
    Path(id): Path<String>,
    Query(new): Query<NewAttachment>,
    body: Result<Bytes, BytesRejection>,
) -> Result<(StatusCode, Json<Attachment>), Problem> {
    attach(&app, (Holder::Ticket, &id), &new, body, &who).await
}

/// Attaches a file to a work order; the body is the file.
#[utoipa::path(
    post,
    path = "/api/v1/work-orders/{id}/attachments",
    operation_id = "attach_to_work_order",
    tag = "attachments",
    params(NewAttachment),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 201, body = Attachment), Problem)
)]
pub(crate) async fn attach_to_work_order(
    By(who): By,
    State(app): State<App>,
    Path(id): Path<String>,
    Query(new): Query<NewAttachment>,
    body: Result<Bytes, BytesRejection>,
) -> Result<(StatusCode, Json<Attachment>), Problem> {
    attach(&app, (Holder::WorkOrder, &id), &new, body, &who).await
}

/// What is attached to a request, and to those that were joined to it, the oldest first.
#[utoipa::path(
    get,
    path = "/api/v1/requests/{id}/attachments",
    operation_id = "list_request_attachments",
    tag = "attachments",
    params(AttachmentsQuery),
    responses((status = 200, body = Page<Attachment>), Problem)
)]
pub(crate) async fn of_request(
    State(app): State<App>,
    Path(id): Path<String>,
    Query(query): Query<AttachmentsQuery>,
) -> Result<Json<Page<Attachment>>, Problem> {
    Ok(Json(link::page(&app, (Holder::Request, &id), query.cursor.as_deref()).await?))
}

/// What is attached to a ticket and to the requests that became it, the oldest first.
#[utoipa::path(
    get,
    path = "/api/v1/tickets/{id}/attachments",
    operation_id = "list_ticket_attachments",
    tag = "attachments",
    params(AttachmentsQuery),
    responses((status = 200, body = Page<Attachment>), Problem)
)]
pub(crate) async fn of_ticket(
    State(app): State<App>,
    Path(id): Path<String>,
    Query(query): Query<AttachmentsQuery>,
) -> Result<Json<Page<Attachment>>, Problem> {
    Ok(Json(link::page(&app, (Holder::Ticket, &id), query.cursor.as_deref()).await?))
}

/// What is attached to a work order, to its ticket and to the requests before it, the oldest first.
#[utoipa::path(
    get,
    path = "/api/v1/work-orders/{id}/attachments",
    operation_id = "list_work_order_attachments",
    tag = "attachments",
    params(AttachmentsQuery),
    responses((status = 200, body = Page<Attachment>), Problem)
)]
pub(crate) async fn of_work_order(
    State(app): State<App>,
    Path(id): Path<String>,
    Query(query): Query<AttachmentsQuery>,
) -> Result<Json<Page<Attachment>>, Problem> {
    Ok(Json(link::page(&app, (Holder::WorkOrder, &id), query.cursor.as_deref()).await?))
}

/// What is attached to a repair session and to everything that it came from, the oldest first.
#[utoipa::path(
    get,
    path = "/api/v1/repair-sessions/{id}/attachments",
    operation_id = "list_repair_session_attachments",
    tag = "attachments",
    params(AttachmentsQuery),
    responses((status = 200, body = Page<Attachment>), Problem)
)]
pub(crate) async fn of_repair_session(
    State(app): State<App>,
    Path(id): Path<String>,
    Query(query): Query<AttachmentsQuery>,
) -> Result<Json<Page<Attachment>>, Problem> {
    Ok(Json(link::page(&app, (Holder::RepairSession, &id), query.cursor.as_deref()).await?))
}

/// Attaches a file to a return, such as a photo of the damage; the body is the file.
#[utoipa::path(
    post,
    path = "/api/v1/returns/{id}/attachments",
    operation_id = "attach_to_return",
    tag = "attachments",
    params(NewAttachment),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 201, body = Attachment), Problem)
)]
pub(crate) async fn attach_to_return(
    By(who): By,
    State(app): State<App>,
    Path(id): Path<String>,
    Query(new): Query<NewAttachment>,
    body: Result<Bytes, BytesRejection>,
) -> Result<(StatusCode, Json<Attachment>), Problem> {
    attach(&app, (Holder::Return, &id), &new, body, &who).await
}

/// What is attached to a return, its ticket and its requests, the oldest first.
#[utoipa::path(
    get,
    path = "/api/v1/returns/{id}/attachments",
    operation_id = "list_return_attachments",
    tag = "attachments",
    params(AttachmentsQuery),
    responses((status = 200, body = Page<Attachment>), Problem)
)]
pub(crate) async fn of_return(
    State(app): State<App>,
    Path(id): Path<String>,
    Query(query): Query<AttachmentsQuery>,
) -> Result<Json<Page<Attachment>>, Problem> {
    Ok(Json(link::page(&app, (Holder::Return, &id), query.cursor.as_deref()).await?))
}

/// Attaches a file to an article; the body is the file.
#[utoipa::path(
    post,
    path = "/api/v1/articles/{id}/attachments",
    operation_id = "attach_to_article",
    tag = "attachments",
    params(NewAttachment),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 201, body = Attachment), Problem)
)]
pub(crate) async fn attach_to_article(
    By(who): By,
    State(app): State<App>,
    Path(id): Path<String>,
    Query(new): Query<NewAttachment>,
    body: Result<Bytes, BytesRejection>,
) -> Result<(StatusCode, Json<Attachment>), Problem> {
    attach(&app, (Holder::Article, &id), &new, body, &who).await
}

/// What is attached to an article, the oldest first.
#[utoipa::path(
    get,
    path = "/api/v1/articles/{id}/attachments",
    operation_id = "list_article_attachments",
    tag = "attachments",
    params(AttachmentsQuery),
    responses((status = 200, body = Page<Attachment>), Problem)
)]
pub(crate) async fn of_article(
    State(app): State<App>,
    Path(id): Path<String>,
    Query(query): Query<AttachmentsQuery>,
) -> Result<Json<Page<Attachment>>, Problem> {
    Ok(Json(link::page(&app, (Holder::Article, &id), query.cursor.as_deref()).await?))
}
