//! Writes that may be sent again: a write with an `Idempotency-Key` is done once, and whoever sends it
//! again with the same key gets the first answer (draft-ietf-httpapi-idempotency-key-header).
//!
//! The key is taken before the write begins, so of two at the same time one is refused with 409. When
//! the server is cut off in the middle, the key is free again after a minute; whether the write had
//! been committed cannot be known then, so what must not happen twice carries a key of its own as
//! well (entries of a repair session, versions of a work order).

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use sha2::{Digest as _, Sha256};
use sqlx::{AnyPool, FromRow};

use super::{Caller, Problem};
use crate::app::App;
use crate::limits::{
    ATTACHMENT_BYTES, IDEMPOTENCY_BODY_BYTES, IDEMPOTENCY_KEY_CHARS, IDEMPOTENCY_LEASE_US,
    IDEMPOTENCY_US,
};

const KEY: &str = "idempotency-key";
/// Says that an answer was given before.
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

/// Deletes answers that are too old; called at the start.
pub(crate) async fn forget_expired(db: &AnyPool, now_us: i64) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM idempotency_keys WHERE begun_at <= $1")
        .bind(now_us - IDEMPOTENCY_US)
        .execute(db)
        .await?;
    Ok(())
}

/// Does a write once for its key.
pub(crate) async fn once(State(app): State<App>, request: Request, next: Next) -> Response {
    let key = match key(request.headers()) {
        Ok(Some(key)) if !request.method().is_safe() => key,
        Ok(_) => return next.run(request).await,
        Err(problem) => return problem.into_response(),
    };
    // The guard has let them through, so there is one; routes without a login have no keys.
    let Some(caller) = request.extensions().get::<Caller>() else {
        return next.run(request).await;
    };
    let caller = caller.keys.clone();
    match do_once(&app, &caller, &key, request, next).await {
        Ok(response) => response,
        Err(problem) => problem.into_response(),
    }
}

fn key(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let Some(value) = headers.get(KEY) else { return Ok(None) };
    let key = value.to_str().unwrap_or_default().trim().trim_matches('"');
    if key.is_empty() || key.chars().count() > IDEMPOTENCY_KEY_CHARS {
        return Err(Problem::Invalid(format!(
            "`Idempotency-Key` has to have 1 to {IDEMPOTENCY_KEY_CHARS} plain characters"
        )));
    }
    Ok(Some(key.to_owned()))
}

async fn do_once(
    app: &App,
    caller: &str,
    key: &str,
    request: Request,
    next: Next,
) -> Result<Response, Problem> {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, ATTACHMENT_BYTES)
        .await
        .map_err(|_| Problem::Invalid("the body is too large".into()))?;
    let digest = digest(&parts.method, parts.uri.path(), &body);
    if let Some(answer) = take(app, caller, key, &digest).await? {
        return Ok(answer);
    }
    let response = next.run(Request::from_parts(parts, Body::from(body))).await;
    keep(app, caller, key, response).await
}

fn digest(method: &axum::http::Method, path: &str, body: &Bytes) -> String {
    let mut sha = Sha256::new();
    sha.update(method.as_str());
    sha.update([0]);
    sha.update(path);
    sha.update([0]);
    sha.update(body);
    sha.finalize().iter().map(|b| format!("{b:02x}")).collect()
}

#[derive(FromRow)]
struct Known {
    request_sha256: String,
    status: Option<i64>,
    content_type: Option<String>,
    body: Option<String>,
}

/// Takes the key, or finds the answer that was given under it.
async fn take(
    app: &App,
    caller: &str,
    key: &str,
    digest: &str,
) -> Result<Option<Response>, Problem> {
    let now = app.clock.now_us();
    let taken = sqlx::query(
        "INSERT INTO idempotency_keys (caller, key, request_sha256, begun_at) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (caller, key) DO UPDATE SET begun_at = $4 \
         WHERE idempotency_keys.status IS NULL AND idempotency_keys.begun_at <= $5 \
         AND idempotency_keys.request_sha256 = $3",
    )
    .bind(caller)
    .bind(key)
    .bind(digest)
    .bind(now)
    .bind(now - IDEMPOTENCY_LEASE_US)
    .execute(&app.database)
    .await?;
    if taken.rows_affected() > 0 {
        return Ok(None);
    }
    let known: Option<Known> = sqlx::query_as(
        "SELECT request_sha256, status, content_type, body FROM idempotency_keys \
         WHERE caller = $1 AND key = $2",
    )
    .bind(caller)
    .bind(key)
    .fetch_optional(&app.database)
    .await?;
    let under_way =
        || Problem::Conflict("the same write is under way: ask again in a moment".into());
    let known = known.ok_or_else(under_way)?;
    if known.request_sha256 != digest {
        let text = "this `Idempotency-Key` was used for another write: take a new one";
        return Err(Problem::Conflict(text.into()));
    }
    let status = known.status.ok_or_else(under_way)?;
    let status = u16::try_from(status).ok().and_then(|s| StatusCode::from_u16(s).ok());
    let status = status.unwrap_or(StatusCode::OK);
    let mut answer = (status, known.body.unwrap_or_default()).into_response();
    answer.headers_mut().remove(header::CONTENT_TYPE);
    if let Some(kind) = known.content_type.and_then(|t| HeaderValue::from_str(&t).ok()) {
        answer.headers_mut().insert(header::CONTENT_TYPE, kind);
    }
    answer.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
    Ok(Some(answer))
}

/// Keeps an answer for its key. Our own failures are not kept: the write may be sent again.
async fn keep(app: &App, caller: &str, key: &str, response: Response) -> Result<Response, Problem> {
    let (parts, body) = response.into_parts();
    let body =
        to_bytes(body, IDEMPOTENCY_BODY_BYTES).await.map_err(|e| Problem::Internal(Box::new(e)))?;
    let text = std::str::from_utf8(&body).ok();
    if parts.status.is_server_error() || text.is_none() {
        sqlx::query("DELETE FROM idempotency_keys WHERE caller = $1 AND key = $2")
            .bind(caller)
            .bind(key)
            .execute(&app.database)
            .await?;
    } else {
        let kind = parts.headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok());
        sqlx::query(
            "UPDATE idempotency_keys SET status = $3, content_type = $4, body = $5 \
             WHERE caller = $1 AND key = $2",
        )
        .bind(caller)
        .bind(key)
        .bind(i64::from(parts.status.as_u16()))
        .bind(kind)
        .bind(text)
        .execute(&app.database)
        .await?;
    }
    Ok(Response::from_parts(parts, Body::from(body)))
}
