//! What is refused before a handler sees it: here it becomes a [`Problem`] like every other refusal.

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use super::Problem;
use crate::limits::BODY_BYTES;

/// Gives refusals of axum (bodies and parameters that cannot be read, methods that a route does not
/// have) the body that every problem has. They come as plain text.
pub(crate) async fn as_problem(request: Request, next: Next) -> Response {
    let answer = next.run(request).await;
    if !answer.status().is_client_error() || is_ours(answer.headers()) {
        return answer;
    }
    let (parts, body) = answer.into_parts();
    let says = to_bytes(body, BODY_BYTES).await.unwrap_or_default();
    let mut says = String::from_utf8_lossy(&says).into_owned();
    if says.is_empty() {
        says = "the route does not take this".to_owned();
    }
    let mut problem = Problem::Refused { status: parts.status, says }.into_response();
    if let Some(allowed) = parts.headers.get(header::ALLOW) {
        problem.headers_mut().insert(header::ALLOW, allowed.clone());
    }
    problem
}

fn is_ours(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok());
    kind.is_some_and(|kind| !kind.starts_with("text/plain"))
}

/// Refuses addresses with the character NUL: PostgreSQL cannot keep it, and nobody writes it.
pub(crate) async fn nul_in_address(request: Request, next: Next) -> Response {
    let address = request.uri().path_and_query().map_or("", |p| p.as_str());
    if address.contains("%00") {
        return nul("the address").into_response();
    }
    next.run(request).await
}

/// Refuses JSON with the character NUL, for the same reason.
pub(crate) async fn nul_in_body(request: Request, next: Next) -> Response {
    if !is_json(request.headers()) {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, BODY_BYTES).await else {
        let status = StatusCode::PAYLOAD_TOO_LARGE;
        let says = format!("the body may have {BODY_BYTES} bytes");
        return Problem::Refused { status, says }.into_response();
    };
    if says_nul(&body) {
        return nul("a text").into_response();
    }
    next.run(Request::from_parts(parts, Body::from(body))).await
}

fn nul(what: &str) -> Problem {
    Problem::Invalid(format!("{what} has the character NUL"))
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok());
    kind.is_some_and(|kind| kind.contains("json"))
}

/// Whether a JSON text has the escape of NUL; as it is, the character is no JSON (RFC 8259, 7).
fn says_nul(json: &Bytes) -> bool {
    let mut escaped = false;
    for (at, byte) in json.iter().enumerate() {
        if escaped && json[at..].starts_with(b"u0000") {
            return true;
        }
        escaped = !escaped && *byte == b'\\';
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_escape_of_nul_is_found_and_its_likeness_is_not() {
        for (json, nul) in [
            (r#"{"a": "\u0000"}"#, true),
            (r#"{"a": "x\\\u0000"}"#, true),
            (r#"{"a": "\\u0000"}"#, false),
            (r#"{"a": "u0000\u0001"}"#, false),
            ("", false),
        ] {
            assert_eq!(says_nul(&Bytes::from(json)), nul, "{json}");
        }
    }
}
