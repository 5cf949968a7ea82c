//! Photos, recordings and documents of a person who follows their request by its link.

use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use serde::Deserialize;
use utoipa::IntoParams;

use super::following::{self, FollowedRequest};
use super::public::bring_back;
use super::request::{announce, of_secret};
use super::throttle;
use crate::app::App;
use crate::attachments::{self, Holder, NewLink};
use crate::http::{Problem, check_length};
use crate::limits::{PUBLIC_ATTACHMENTS, PUBLIC_ATTACHMENTS_EACH, TEXT_CHARS};

/// Query of a file that a person sends.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct NewPublicFile {
    /// What it shows or says.
    #[serde(default)]
    title: String,
}

/// Adds a photo, a recording or a document to a request by its link; the body is the file. A request
/// that was over is opened again, as by a message.
///
/// So many an hour through one link, and so many through all; then 429.
#[utoipa::path(
    post,
    path = "/api/v1/public/requests/{secret}/attachments",
    operation_id = "send_file",
    tag = "requests",
    security(()),
    params(NewPublicFile),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 201, body = FollowedRequest), Problem)
)]
pub(crate) async fn send_file(
    State(app): State<App>,
    Path(secret): Path<String>,
    Query(new): Query<NewPublicFile>,
    body: Result<Bytes, BytesRejection>,
) -> Result<(StatusCode, Json<FollowedRequest>), Problem> {
    check_length("title", &new.title, TEXT_CHARS)?;
    let known = of_secret(&app, &secret).await?;
    let bytes = attachments::body(body)?;
    let now = app.clock.now_us();
    // Counted before anything is kept, and not taken back: whoever sends too much fills no disk.
    let mut tx = app.begin().await?;
    let writer = format!("attachment of {}", known.id);
    throttle::count(&mut tx, &writer, PUBLIC_ATTACHMENTS_EACH, now).await?;
    throttle::count(&mut tx, "attachments", PUBLIC_ATTACHMENTS, now).await?;
    tx.commit().await?;
    let kept = attachments::keep(&app, &app.database, bytes).await?;
    let mut tx = app.begin().await?;
    bring_back(&mut tx, &known.id, now, "they sent a file").await?;
    let new = NewLink {
        sha256: &kept.sha256,
        to: (Holder::Request, &known.id),
        title: &new.title,
        document_kind: None,
        who: "",
    };
    attachments::link(&mut tx, new, now).await?;
    tx.commit().await?;
    announce(&app, &known.id).await?;
    Ok((StatusCode::CREATED, Json(following::followed(&app, &secret).await?)))
}

/// A file that is attached to a request, by the link of the request.
#[utoipa::path(
    get,
    path = "/api/v1/public/requests/{secret}/attachments/{sha256}",
    operation_id = "read_file",
    tag = "requests",
    security(()),
    responses(
        (status = 200, content_type = "application/octet-stream", body = Vec<u8>),
        Problem
    )
)]
pub(crate) async fn read_file(
    State(app): State<App>,
    Path((secret, sha256)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let request = of_secret(&app, &secret).await?;
    let own = attachments::own(&app, (Holder::Request, &request.id)).await?;
    if !own.iter().any(|attachment| attachment.sha256 == sha256) {
        return Err(Problem::NotFound("attachment"));
    }
    let mut answer = attachments::answer(&app, &sha256).await?;
    let headers = answer.headers_mut();
    // The address is a secret: it is not to stay in caches, nor to travel on to other sites.
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    Ok(answer)
}
