//! Who is asking: what the guard has found out, for handlers that name it in their signature.

use axum::extract::FromRequestParts;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method};
use axum_extra::extract::CookieJar;

use super::Problem;
use crate::access::{Reach, Role};
use crate::app::App;
use crate::{sessions, tokens};

/// Somebody whom the guard has let through.
#[derive(Debug, Clone)]
pub struct Caller {
    /// What histories call them.
    pub name: String,
    /// Their account; none with an administrator's link or a program's token.
    pub account_id: Option<String>,
    /// What they are.
    pub role: Role,
    /// Whose data they see here.
    pub reach: Reach,
    /// What keeps their idempotency keys apart from those of others: names may be the same.
    pub(super) keys: String,
}

impl Caller {
    /// Who a request's token or cookie belongs to.
    pub(crate) async fn of(
        app: &App,
        method: &Method,
        headers: &HeaderMap,
    ) -> Result<Self, Problem> {
        let header = headers.get(AUTHORIZATION).and_then(|v| v.to_str().ok());
        if let Some(secret) = header.and_then(|v| v.strip_prefix("Bearer ")) {
            return tokens::caller(app, secret.trim()).await?.ok_or(Problem::Unauthorized);
        }
        let jar = CookieJar::from_headers(headers);
        let cookie = jar.get(sessions::COOKIE).ok_or(Problem::Unauthorized)?;
        // Other sites can make a browser send a form, but not with a header of its own.
        if !method.is_safe() && !headers.contains_key("x-requested-with") {
            return Err(Problem::Forged);
        }
        sessions::caller(app, cookie.value()).await?.ok_or(Problem::Unauthorized)
    }

    /// Of an account, or of somebody without one who sees everything.
    pub(crate) fn new(name: String, account_id: Option<String>, role: Role, limited: bool) -> Self {
        let keys = account_id.clone().unwrap_or_else(|| name.clone());
        let mut caller = Self { name, account_id, role, reach: Reach::Everything, keys };
        if limited || role == Role::Customer {
            caller.limit();
        }
        caller
    }

    /// Somebody without an account, who is known by this token or session only.
    pub(crate) fn known_by(mut self, id: &str) -> Self {
        if self.account_id.is_none() {
            id.clone_into(&mut self.keys);
        }
        self
    }

    /// Leaves them what they were granted.
    pub(crate) fn limit(&mut self) {
        // Nothing is granted to somebody without an account.
        let account_id = self.account_id.clone().unwrap_or_else(|| "nobody".to_owned());
        self.reach = Reach::Granted { account_id };
    }
}

fn caller(parts: &Parts) -> Result<Caller, Problem> {
    parts.extensions.get().cloned().ok_or(Problem::Unauthorized)
}

impl<S: Sync> FromRequestParts<S> for Caller {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        caller(parts)
    }
}

/// The name of the caller, for histories.
#[derive(Debug)]
pub struct By(pub String);

impl<S: Sync> FromRequestParts<S> for By {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        caller(parts).map(|caller| Self(caller.name))
    }
}

impl<S: Sync> FromRequestParts<S> for Reach {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        caller(parts).map(|caller| caller.reach)
    }
}

/// The version that a client changes, from `If-Match`; none when it does not say.
#[derive(Debug, Clone, Copy)]
pub struct IfMatch(pub Option<i64>);

impl IfMatch {
    /// Refuses a change of another version than the one that is there.
    pub fn check(self, version: i64) -> Result<(), Problem> {
        match self.0 {
            Some(known) if known != version => Err(Problem::Stale { version }),
            _ => Ok(()),
        }
    }
}

impl<S: Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let Some(value) = parts.headers.get(axum::http::header::IF_MATCH) else {
            return Ok(Self(None));
        };
        let version = value.to_str().ok().and_then(|v| v.trim().trim_matches('"').parse().ok());
        let invalid =
            || Problem::Invalid("`If-Match` has to be the ETag of an earlier answer".into());
        version.map(|v| Self(Some(v))).ok_or_else(invalid)
    }
}

/// An `ETag` header that says which version an answer shows.
pub fn etag(version: i64) -> [(axum::http::HeaderName, String); 1] {
    [(axum::http::header::ETAG, format!("\"{version}\""))]
}
