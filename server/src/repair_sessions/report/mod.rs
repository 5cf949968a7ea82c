//! The evidence report of a session: what is known of it now, as a signed document or as a page.

mod contents;
mod lines;
mod machine;
mod measured;

use std::collections::HashSet;

use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use evidence::{Document, Line, Photo};

use super::content::{Act, Content};
use crate::app::App;
use crate::http::{By, Problem};
use crate::limits::REPORT_PHOTO_BYTES;
use contents::Contents;

/// The report of a session as a page: one HTML file that needs nothing else, with the signed document
/// in it.
///
/// It says how things stand now; a session that goes on gets another report later. `aftercare verify`
/// checks it without a server (docs/evidence.md).
#[utoipa::path(
    get,
    path = "/api/v1/repair-sessions/{id}/report.html",
    operation_id = "read_report_page",
    tag = "evidence",
    responses((status = 200, content_type = "text/html", body = String), Problem)
)]
pub(crate) async fn page(
    By(who): By,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let contents = Contents::of(&app, &id).await?;
    let photos = photos(&app, &contents).await?;
    let signer = app.signing_key.signer(&app).await?;
    let key = signer.public().fingerprint();
    let name = contents.file_name();
    let lines = lines::of(&contents, app.clock.now_us(), &who, key)?;
    let made = tokio::task::spawn_blocking(move || {
        let document = Document::write(&lines, &signer)?;
        Ok::<_, serde_json::Error>(evidence::page(&lines, &photos, &document, &signer))
    });
    let page = finished(made.await)?;
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8".to_owned()),
        // What people wrote is text in it; should that ever fail, it runs nowhere.
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; img-src data:; style-src 'unsafe-inline'; sandbox".to_owned(),
        ),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
        (header::CACHE_CONTROL, "private, no-store".to_owned()),
        (header::CONTENT_DISPOSITION, format!("inline; filename=\"{name}.html\"")),
    ];
    Ok((headers, page).into_response())
}

/// The report of a session as a signed document: the same items and readings as on the page.
#[utoipa::path(
    get,
    path = "/api/v1/repair-sessions/{id}/report.json",
    operation_id = "read_report_document",
    tag = "evidence",
    responses((status = 200, content_type = "application/json", body = Object), Problem)
)]
pub(crate) async fn document(
    By(who): By,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let contents = Contents::of(&app, &id).await?;
    let signer = app.signing_key.signer(&app).await?;
    let key = signer.public().fingerprint();
    let name = contents.file_name();
    let lines: Vec<Line> = lines::of(&contents, app.clock.now_us(), &who, key)?;
    let made = tokio::task::spawn_blocking(move || Document::write(&lines, &signer));
    let headers = [
        (header::CONTENT_TYPE, "application/json".to_owned()),
        (header::CACHE_CONTROL, "private, no-store".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}.aftercare.json\"")),
    ];
    Ok((headers, finished(made.await)?.into_bytes()).into_response())
}

fn finished<T>(
    made: Result<Result<T, serde_json::Error>, tokio::task::JoinError>,
) -> Result<T, Problem> {
    let made = made.map_err(|e| Problem::Internal(Box::new(e)))?;
    made.map_err(|e| Problem::Internal(Box::new(e)))
}

/// The pictures of a session, and those that came with it, that browsers show: each once, as long as
/// they fit together. Its own go first.
async fn photos(app: &App, contents: &Contents) -> Result<Vec<Photo>, Problem> {
    let entries = contents.entries();
    let own = entries.iter().filter_map(|entry| match &entry.content {
        Content::Act(Act::Attached { sha256, media_type, bytes, .. }) => {
            Some((sha256, media_type, *bytes))
        }
        _ => None,
    });
    let carried = contents.carried.iter();
    let carried = carried.map(|a| (&a.sha256, &a.media_type, a.bytes.unsigned_abs()));
    let mut photos = Vec::new();
    let mut room = REPORT_PHOTO_BYTES;
    let mut seen = HashSet::new();
    for (sha256, media_type, bytes) in own.chain(carried) {
        let shown = matches!(media_type.as_str(), "image/jpeg" | "image/png" | "image/webp");
        if !shown || bytes > room || !seen.insert(sha256) {
            continue;
        }
        room -= bytes;
        let bytes = app.attachments.read(sha256).await?;
        photos.push(Photo { sha256: sha256.clone(), media_type: media_type.clone(), bytes });
    }
    Ok(photos)
}
