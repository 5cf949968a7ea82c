//! Who is asking: extractors that a handler names in its signature.

use axum::extract::FromRequestParts;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use axum_extra::extract::CookieJar;

use super::Problem;
use crate::app::App;
use crate::sessions;
use crate::tokens::{self, Scope};

/// Somebody with an administrator's token or session; holds the name.
#[derive(Debug)]
pub struct Admin(pub String);

/// A gateway, or an administrator.
#[derive(Debug)]
pub struct Gateway;

async fn scope(parts: &Parts, app: &App) -> Result<(String, Scope), Problem> {
    let header = parts.headers.get(AUTHORIZATION).and_then(|v| v.to_str().ok());
    if let Some(secret) = header.and_then(|v| v.strip_prefix("Bearer ")) {
        return tokens::find(&app.database, secret.trim()).await?.ok_or(Problem::Unauthorized);
    }
    let jar = CookieJar::from_headers(&parts.headers);
    let cookie = jar.get(sessions::COOKIE).ok_or(Problem::Unauthorized)?;
    // Other sites can make a browser send a form, but not with a header of its own.
    if !parts.method.is_safe() && !parts.headers.contains_key("x-requested-with") {
        return Err(Problem::Forged);
    }
    let name = sessions::find(app, cookie.value()).await?.ok_or(Problem::Unauthorized)?;
    Ok((name, Scope::Admin))
}

impl FromRequestParts<App> for Admin {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        match scope(parts, app).await? {
            (name, Scope::Admin) => Ok(Self(name)),
            _ => Err(Problem::Forbidden),
        }
    }
}

impl FromRequestParts<App> for Gateway {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        scope(parts, app).await.map(|_| Self)
    }
}
