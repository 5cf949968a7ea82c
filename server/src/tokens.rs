//! API tokens: random secrets, kept only as their SHA-256.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use sqlx::AnyPool;
use utoipa::ToSchema;

use crate::app::App;
use crate::database::new_id;
use crate::http::{Admin, Problem};

/// What a token may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Everything.
    Admin,
    /// Hand in deliveries.
    Gateway,
}

impl Scope {
    /// Its name, as in the API.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Gateway => "gateway",
        }
    }
}

/// Hex SHA-256. Secrets have 256 random bits, so a plain digest cannot be searched backwards.
pub(crate) fn digest(secret: &[u8]) -> String {
    Sha256::digest(secret).iter().map(|b| format!("{b:02x}")).collect()
}

/// 256 random bits as hex.
pub(crate) fn new_secret() -> String {
    rand::random::<[u8; 32]>().iter().map(|b| format!("{b:02x}")).collect()
}

pub(crate) async fn find(db: &AnyPool, secret: &str) -> Result<Option<(String, Scope)>, Problem> {
    let row: Option<(String, String)> =
        sqlx::query_as("SELECT name, scope FROM api_tokens WHERE secret_sha256 = $1")
            .bind(digest(secret.as_bytes()))
            .fetch_optional(db)
            .await?;
    Ok(row
        .map(|(name, scope)| (name, if scope == "admin" { Scope::Admin } else { Scope::Gateway })))
}

/// Keeps a token. A secret that is known already stays as it is.
pub(crate) async fn keep(
    db: &AnyPool,
    name: &str,
    scope: Scope,
    secret: &str,
    now_us: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO api_tokens (id, name, scope, secret_sha256, created_at) \
         VALUES ($1, $2, $3, $4, $5) ON CONFLICT (secret_sha256) DO NOTHING",
    )
    .bind(new_id())
    .bind(name)
    .bind(scope.as_str())
    .bind(digest(secret.as_bytes()))
    .bind(now_us)
    .execute(db)
    .await?;
    Ok(())
}

/// Makes a secret the first administrator's token, when there is no token yet.
pub(crate) async fn bootstrap(db: &AnyPool, secret: &str, now_us: i64) -> Result<(), sqlx::Error> {
    let known: i64 = sqlx::query_scalar("SELECT count(*) FROM api_tokens").fetch_one(db).await?;
    if known > 0 {
        return Ok(());
    }
    keep(db, "first administrator", Scope::Admin, secret, now_us).await
}

/// Issues a token straight into a database that a server has made, for somebody who has no token
/// yet. Answers the secret.
///
/// # Errors
/// When there is no such database.
pub async fn issue_into(
    database: &str,
    name: &str,
    scope: Scope,
    now_us: i64,
) -> Result<String, sqlx::Error> {
    let db = crate::database::open(database).await?;
    let secret = new_secret();
    keep(&db, name, scope, &secret, now_us).await?;
    db.close().await;
    Ok(secret)
}

/// Body of `POST /api/v1/tokens`.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewToken {
    name: String,
    scope: Scope,
}

/// A token as it is shown once.
#[derive(Debug, Serialize, ToSchema)]
pub struct IssuedToken {
    name: String,
    scope: Scope,
    secret: String,
}

/// Issues an API token. The secret is in this answer and never shown again.
#[utoipa::path(
    post,
    path = "/api/v1/tokens",
    operation_id = "issue_token",
    tag = "access",
    responses((status = 201, body = IssuedToken), Problem)
)]
pub(crate) async fn issue(
    _: Admin,
    State(app): State<App>,
    Json(new): Json<NewToken>,
) -> Result<(StatusCode, Json<IssuedToken>), Problem> {
    let secret = new_secret();
    keep(&app.database, &new.name, new.scope, &secret, app.clock.now_us()).await?;
    let token = IssuedToken { name: new.name, scope: new.scope, secret };
    Ok((StatusCode::CREATED, Json(token)))
}
