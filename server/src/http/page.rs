//! The web page, built into the binary (`dashboards/build`).

use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use rust_embed::{EmbeddedFile, RustEmbed};

use super::Problem;

#[derive(RustEmbed)]
#[folder = "../dashboards/build"]
#[allow_missing = true]
struct Files;

/// What the build compresses files with beside themselves, the smallest first: the content coding
/// (RFC 9110, section 8.4.1; Brotli: RFC 7932) and the ending.
const CODINGS: [(&str, &str); 2] = [("br", ".br"), ("gzip", ".gz")];

/// A file of the page, compressed where the browser takes it so. Any other address outside `/api` is
/// the page itself, which finds its own way; inside `/api` it is a 404.
pub async fn show(uri: Uri, headers: HeaderMap) -> Response {
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
    let told = [
        (header::CONTENT_TYPE, kind),
        (header::CACHE_CONTROL, cache.to_owned()),
        (header::VARY, header::ACCEPT_ENCODING.to_string()),
    ];
    match compressed(path, &headers) {
        Some((coding, smaller)) => {
            (told, [(header::CONTENT_ENCODING, coding)], smaller.data).into_response()
        }
        None => (told, file.data).into_response(),
    }
}

fn compressed(path: &str, headers: &HeaderMap) -> Option<(&'static str, EmbeddedFile)> {
    let wanted = headers.get(header::ACCEPT_ENCODING)?.to_str().ok()?;
    CODINGS
        .into_iter()
        .filter(|(coding, _)| takes(wanted, coding))
        .find_map(|(coding, ending)| Some((coding, Files::get(&format!("{path}{ending}"))?)))
}

/// Whether `Accept-Encoding` names a coding, and does not refuse it with a weight of nothing.
fn takes(wanted: &str, coding: &str) -> bool {
    wanted.split(',').any(|part| {
        let (name, weight) = part.split_once(';').unwrap_or((part, ""));
        let refused = matches!(weight.trim(), "q=0" | "q=0.0" | "q=0.00" | "q=0.000");
        name.trim().eq_ignore_ascii_case(coding) && !refused
    })
}

fn missing() -> Response {
    let text = "This binary was built without its web page: run `npm ci && npm run build` in \
                dashboards, then build again.\n";
    (StatusCode::NOT_FOUND, text).into_response()
}

#[cfg(test)]
mod tests {
    use super::takes;

    #[test]
    fn a_browser_gets_only_what_it_takes() {
        assert!(takes("gzip, deflate, br", "br"));
        assert!(takes("GZIP;q=0.8", "gzip"));
        assert!(!takes("gzip, br;q=0", "br"));
        assert!(!takes("identity", "br"));
    }
}
