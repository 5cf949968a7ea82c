//! Who is asking: extractors that a handler names in its signature.

use axum::extract::FromRequestParts;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;

use super::Problem;
use crate::app::App;
use crate::tokens::{self, Scope};

/// Somebody with an administrator's token; holds the token's name.
#[derive(Debug)]
pub struct Admin(pub String);

/// A gateway, or an administrator.
#[derive(Debug)]
pub struct Gateway;

async fn scope(parts: &Parts, app: &App) -> Result<(String, Scope), Problem> {
    let header = parts.headers.get(AUTHORIZATION).and_then(|v| v.to_str().ok());
    let secret = header.and_then(|v| v.strip_prefix("Bearer ")).ok_or(Problem::Unauthorized)?;
    tokens::find(&app.database, secret.trim()).await?.ok_or(Problem::Unauthorized)
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
