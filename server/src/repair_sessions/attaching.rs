//! Photos and documents on the time axis of a session.

use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, Query, State};
use serde::Deserialize;
use utoipa::IntoParams;

use super::content::{Act, Content};
use super::entries::{self, Entry, Writing};
use super::session;
use crate::app::App;
use crate::attachments::{self, Holder, NewLink};
use crate::http::{By, Problem, check_length};
use crate::limits::TEXT_CHARS;
use crate::time::{self, Time};

/// Query of a new attachment.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct NewSessionAttachment {
    /// What it shows.
    #[serde(default)]
    caption: String,
    /// When it was taken, by the author's device.
    #[param(format = DateTime)]
    at: Option<String>,
    /// Unique for the author's device: the same attachment sent again changes nothing.
    key: Option<String>,
}

/// Puts a photo, a recording or a document on the time axis; the body is the file.
///
/// JPEG, PNG, WebP, HEIC, PDF or a sound recording of at most 16 MiB; the first bytes decide what it
/// is.
#[utoipa::path(
    post,
    path = "/api/v1/repair-sessions/{id}/attachments",
    operation_id = "attach_to_repair_session",
    tag = "repair sessions",
    params(NewSessionAttachment),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 200, body = Entry), Problem)
)]
pub(crate) async fn attach(
    By(who): By,
    State(app): State<App>,
    Path(id): Path<String>,
    Query(new): Query<NewSessionAttachment>,
    body: Result<Bytes, BytesRejection>,
) -> Result<Json<Entry>, Problem> {
    let bytes = attachments::body(body)?;
    check_length("caption", &new.caption, TEXT_CHARS)?;
    entries::check_key(new.key.as_deref())?;
    let device_at = new.at.as_deref().map(|at| time::needed("at", at)).transpose()?.map(Time);
    let session = session::find(&app, &id).await?;
    entries::check_open(&session)?;
    let kept = attachments::keep(&app, &app.database, bytes).await?;
    let (caption, now) = (new.caption.trim(), app.clock.now_us());
    let act = Act::Attached {
        sha256: kept.sha256.clone(),
        media_type: kept.media_type.to_owned(),
        bytes: kept.bytes,
        caption: caption.to_owned(),
    };
    let writing = Writing {
        content: Content::Act(act),
        device_at,
        author: &who,
        corrects: None,
        key: new.key.as_deref(),
    };
    let new = NewLink {
        sha256: &kept.sha256,
        to: (Holder::RepairSession, &id),
        title: caption,
        document_kind: None,
        who: &who,
    };
    let mut tx = app.begin().await?;
    attachments::link(&mut tx, new, now).await?;
    let entry = entries::write(&mut tx, &session, &writing, now).await?;
    tx.commit().await?;
    Ok(Json(entries::written(&app, &session, &entry).await?))
}
