//! The one HTTP error: outcomes that a client can see, as `application/problem+json` (RFC 9457).
//! Causes go to the log, never to the client.

use crate::changes::FieldConflict;
use axum::Json;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use utoipa::openapi::{Ref, RefOr, Response as ApiResponse};
use utoipa::{IntoResponses, ToSchema};

const CONTENT_TYPE: [(header::HeaderName, &str); 1] =
    [(header::CONTENT_TYPE, "application/problem+json")];

/// What went wrong, for the client.
#[derive(Debug, thiserror::Error)]
pub enum Problem {
    /// The request itself is wrong; the text says what to change.
    #[error("{0}")]
    Invalid(String),
    /// The request cannot be read, or asks for what the route does not have; the text is axum's.
    #[error("{says}")]
    Refused {
        /// Why, such as 413 or 415.
        status: StatusCode,
        /// What to change.
        says: String,
    },
    /// No token, or one that is not known.
    #[error("a valid API token is needed: Authorization: Bearer …")]
    Unauthorized,
    /// The login link is spent.
    #[error(
        "this login link was used before or is too old; a new one is printed at the next start"
    )]
    LinkUsed,
    /// The link that sets a password is spent.
    #[error("this link was used before or is too old: ask whoever invited you for a new one")]
    CodeUsed,
    /// The address or the password is not right; which of them is not said.
    #[error("the e-mail address or the password is not right")]
    WrongPassword,
    /// What a program sent is not signed by whom it says.
    #[error("{0}")]
    Unsigned(String),
    /// Too much of something; later it is allowed again.
    #[error("too many tries: wait {retry_after_s} s")]
    TooMany {
        /// Seconds to wait.
        retry_after_s: u64,
    },
    /// The client's version is not the newest.
    #[error("somebody else has changed this: read it again, it is at version {version}")]
    Stale {
        /// The version that is there.
        version: i64,
    },
    /// Two people have changed the same fields differently; nothing was written.
    #[error("somebody else has changed the same fields: `conflicts` has both values")]
    Clash {
        /// The fields with both values.
        conflicts: Vec<FieldConflict>,
    },
    /// A change with a session's cookie, perhaps made by another site.
    #[error("a change in a session needs the header X-Requested-With")]
    Forged,
    /// The token is for something else.
    #[error("this token may not do that")]
    Forbidden,
    /// Nothing there.
    #[error("there is no {0} with this id")]
    NotFound(&'static str),
    /// The name is taken.
    #[error("{0}")]
    Conflict(String),
    /// The step is not allowed in this state; `allowed` are the steps that are.
    #[error("the {subject} is {state} and cannot become {wanted}")]
    IllegalStep {
        /// What was to change.
        subject: &'static str,
        /// Its state.
        state: String,
        /// The state asked for.
        wanted: String,
        /// The states that can follow.
        allowed: Vec<String>,
    },
    /// The leave-site gate is closed; `missing` says what to do first, in order.
    #[error("the leave-site gate is closed; `missing` says what to do first")]
    GateClosed {
        /// What is missing, in the order in which to do it.
        missing: Vec<String>,
    },
    /// A part that we need does not work now; the same request may succeed later.
    #[error("the telemetry store does not answer now; the log has the cause")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// Our own failure.
    #[error("something failed here; the log has the cause")]
    Internal(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl Problem {
    fn kind(&self) -> (&'static str, StatusCode) {
        match self {
            Self::Invalid(_) => ("invalid", StatusCode::BAD_REQUEST),
            Self::Refused { status, .. } => match *status {
                StatusCode::METHOD_NOT_ALLOWED => ("method-not-allowed", *status),
                StatusCode::PAYLOAD_TOO_LARGE => ("too-large", *status),
                StatusCode::UNSUPPORTED_MEDIA_TYPE => ("unsupported-media-type", *status),
                _ => ("invalid", *status),
            },
            Self::Unauthorized => ("unauthorized", StatusCode::UNAUTHORIZED),
            Self::LinkUsed => ("link-used", StatusCode::UNAUTHORIZED),
            Self::CodeUsed => ("code-used", StatusCode::UNAUTHORIZED),
            Self::WrongPassword => ("wrong-password", StatusCode::UNAUTHORIZED),
            Self::Unsigned(_) => ("unsigned", StatusCode::UNAUTHORIZED),
            Self::TooMany { .. } => ("too-many", StatusCode::TOO_MANY_REQUESTS),
            Self::Clash { .. } => ("clash", StatusCode::CONFLICT),
            Self::Stale { .. } => ("stale", StatusCode::PRECONDITION_FAILED),
            Self::Forged => ("forged", StatusCode::FORBIDDEN),
            Self::Forbidden => ("forbidden", StatusCode::FORBIDDEN),
            Self::NotFound(_) => ("not-found", StatusCode::NOT_FOUND),
            Self::Conflict(_) => ("conflict", StatusCode::CONFLICT),
            Self::IllegalStep { .. } => ("illegal-step", StatusCode::CONFLICT),
            Self::GateClosed { .. } => ("gate-closed", StatusCode::CONFLICT),
            Self::Unavailable(_) => ("unavailable", StatusCode::SERVICE_UNAVAILABLE),
            Self::Internal(_) => ("internal", StatusCode::INTERNAL_SERVER_ERROR),
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let (kind, status) = self.kind();
        if let Self::Internal(cause) | Self::Unavailable(cause) = &self {
            tracing::error!(%cause, "A request failed");
        }
        let mut body = json!({
            "type": format!("/problems/{kind}"),
            "title": status.canonical_reason(),
            "status": status.as_u16(),
            "detail": self.to_string(),
        });
        match self {
            Self::IllegalStep { allowed, .. } => body["next_states"] = Value::from(allowed),
            Self::GateClosed { missing } => body["missing"] = Value::from(missing),
            Self::Clash { conflicts } => body["conflicts"] = json!(conflicts),
            Self::Stale { version } => body["version"] = Value::from(version),
            Self::TooMany { retry_after_s } => {
                let retry = [(header::RETRY_AFTER, retry_after_s.to_string())];
                return (status, retry, CONTENT_TYPE, Json(body)).into_response();
            }
            _ => {}
        }
        (status, CONTENT_TYPE, Json(body)).into_response()
    }
}

/// How every problem looks to a client.
#[derive(ToSchema)]
#[schema(as = Problem)]
#[expect(dead_code, reason = "describes the body that `into_response` writes")]
pub(crate) struct Body {
    /// Stable name of the outcome, such as `/problems/not-found`.
    r#type: String,
    title: String,
    status: u16,
    /// What to change, for people.
    detail: String,
    /// With `/problems/illegal-step`: the states that can follow.
    next_states: Option<Vec<String>>,
    /// With `/problems/gate-closed`: what to do first, in order.
    missing: Option<Vec<String>>,
    /// With `/problems/clash`: the fields with both values.
    conflicts: Option<Vec<FieldConflict>>,
    /// With `/problems/stale`: the version that is there.
    version: Option<i64>,
}

impl IntoResponses for Problem {
    fn responses() -> std::collections::BTreeMap<String, RefOr<ApiResponse>> {
        let body = Ref::from_schema_name("Problem");
        let content = utoipa::openapi::ContentBuilder::new().schema(Some(body)).build();
        let response = utoipa::openapi::ResponseBuilder::new()
            .description("What went wrong")
            .content("application/problem+json", content)
            .build();
        [("default".to_owned(), response.into())].into()
    }
}

impl From<sqlx::Error> for Problem {
    fn from(error: sqlx::Error) -> Self {
        Self::Internal(Box::new(error))
    }
}

impl From<store::StoreError> for Problem {
    fn from(error: store::StoreError) -> Self {
        match error {
            store::StoreError::Query(text) => Self::Invalid(text.to_owned()),
            error => Self::Unavailable(Box::new(error)),
        }
    }
}
