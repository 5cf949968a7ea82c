//! The bytes of an attachment.

use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};

use crate::app::App;
use crate::http::Problem;

/// The bytes of an attachment, as they were sent. Whoever sees anything that it is attached to, or
/// that shows it, may read it.
#[utoipa::path(
    get,
    path = "/api/v1/attachments/{sha256}",
    operation_id = "read_attachment",
    tag = "attachments",
    responses(
        (status = 200, content_type = "application/octet-stream", body = Vec<u8>),
        Problem
    )
)]
pub(crate) async fn read(
    State(app): State<App>,
    Path(sha256): Path<String>,
) -> Result<Response, Problem> {
    answer(&app, &sha256).await
}

/// A file as an answer: it is shown or saved, and never runs.
pub(crate) async fn answer(app: &App, sha256: &str) -> Result<Response, Problem> {
    // Known names only: what is asked for never becomes a path by itself.
    let known: Option<(String, String)> =
        sqlx::query_as("SELECT sha256, media_type FROM attachments WHERE sha256 = $1")
            .bind(sha256)
            .fetch_optional(&app.database)
            .await?;
    let (sha256, media_type) = known.ok_or(Problem::NotFound("attachment"))?;
    let bytes = app.attachments.read(&sha256).await?;
    let headers = [
        (header::CONTENT_TYPE, media_type),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox".to_owned()),
        // The name is the content's digest: what is behind it never changes.
        (header::CACHE_CONTROL, "private, max-age=31536000, immutable".to_owned()),
    ];
    Ok((headers, bytes).into_response())
}
