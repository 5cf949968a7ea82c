//! The web page, built into the binary (`dashboards/build`).

use axum::http::{StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use rust_embed::RustEmbed;

use super::Problem;

#[derive(RustEmbed)]
#[folder = "../dashboards/build"]
#[allow_missing = true]
struct Files;

/// A file of the page. Any other address outside `/api` is the page itself, which finds its own
/// way; inside `/api` it is a 404.
pub async fn show(uri: Uri) -> Response {
    let path = uri.path().trim_start_matches('/');
    if path.starts_with("api/") {
        return Problem::NotFound("route").into_response();
    }
    let (path, file) = match Files::get(path) {
        Some(file) => (path, file),
        None => match Files::get("index.html") {
            Some(file) => ("index.html", file),
            None => return missing(),
        },
    };
    // Names under _app/immutable carry a digest of their content.
    let cache = if path.contains("/immutable/") {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    let kind = file.metadata.mimetype().to_owned();
    ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, cache.to_owned())], file.data)
        .into_response()
}

fn missing() -> Response {
    let text = "This binary was built without its web page: run `npm ci && npm run build` in \
                dashboards, then build again.\n";
    (StatusCode::NOT_FOUND, text).into_response()
}
