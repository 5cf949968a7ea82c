//! API tokens: random secrets, kept only as their SHA-256.

mod directory;

pub(crate) use directory::{__path_issue, __path_list, __path_revoke, issue, list, revoke};
pub use directory::{IssuedToken, NewToken, Token};

use sha2::{Digest, Sha256};
use sqlx::{AnyPool, FromRow};

use crate::access::Role;
use crate::app::App;
use crate::database::new_id;
use crate::http::{Caller, Problem};

/// Hex SHA-256. Secrets have 256 random bits, so a plain digest cannot be searched backwards.
pub(crate) fn digest(secret: &[u8]) -> String {
    Sha256::digest(secret).iter().map(|b| format!("{b:02x}")).collect()
}

/// 256 random bits as hex.
pub(crate) fn new_secret() -> String {
    rand::random::<[u8; 32]>().iter().map(|b| format!("{b:02x}")).collect()
}

#[derive(FromRow)]
struct Known {
    id: String,
    name: String,
    scope: String,
    account_id: Option<String>,
    limited: Option<i64>,
}

/// Who a token speaks for: nobody when it is not known, expired or revoked, or its account disabled.
pub(crate) async fn caller(app: &App, secret: &str) -> Result<Option<Caller>, Problem> {
    let known: Option<Known> = sqlx::query_as(
        "SELECT t.id, t.name, t.scope, t.account_id, a.limited FROM api_tokens t \
         LEFT JOIN accounts a ON a.id = t.account_id WHERE t.secret_sha256 = $1 \
         AND t.revoked_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > $2) \
         AND (a.id IS NULL OR a.state = 'active')",
    )
    .bind(digest(secret.as_bytes()))
    .bind(app.clock.now_us())
    .fetch_optional(&app.database)
    .await?;
    let Some(known) = known else { return Ok(None) };
    let role = Role::parse(&known.scope)?;
    let caller = Caller::new(known.name, known.account_id, role, known.limited == Some(1));
    Ok(Some(caller.known_by(&format!("token:{}", known.id))))
}

/// A token that is made.
pub(crate) struct New<'a> {
    pub name: &'a str,
    pub scope: Role,
    pub account_id: Option<&'a str>,
    pub expires_at: Option<i64>,
}

impl<'a> New<'a> {
    /// One that belongs to no account and is good until it is revoked.
    pub fn lasting(name: &'a str, scope: Role) -> Self {
        Self { name, scope, account_id: None, expires_at: None }
    }
}

/// Keeps a token and answers its id. A secret that is known already stays as it is.
pub(crate) async fn keep(
    db: &AnyPool,
    new: New<'_>,
    secret: &str,
    now_us: i64,
) -> Result<String, sqlx::Error> {
    let id = new_id();
    sqlx::query(
        "INSERT INTO api_tokens (id, name, scope, secret_sha256, created_at, account_id, expires_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (secret_sha256) DO NOTHING",
    )
    .bind(&id)
    .bind(new.name)
    .bind(new.scope.as_str())
    .bind(digest(secret.as_bytes()))
    .bind(now_us)
    .bind(new.account_id)
    .bind(new.expires_at)
    .execute(db)
    .await?;
    Ok(id)
}

/// Makes a secret the first administrator's token, when there is no token yet.
pub(crate) async fn bootstrap(db: &AnyPool, secret: &str, now_us: i64) -> Result<(), sqlx::Error> {
    let known: i64 = sqlx::query_scalar("SELECT count(*) FROM api_tokens").fetch_one(db).await?;
    if known > 0 {
        return Ok(());
    }
    let first = New::lasting("first administrator", Role::Admin);
    keep(db, first, secret, now_us).await.map(drop)
}

/// Issues a token straight into a database that a server has made, for somebody who has no token
/// yet. Answers the secret.
///
/// # Errors
/// When there is no such database.
pub async fn issue_into(
    database: &str,
    name: &str,
    scope: Role,
    now_us: i64,
) -> Result<String, sqlx::Error> {
    let db = crate::database::open(database).await?;
    let secret = new_secret();
    keep(&db, New::lasting(name, scope), &secret, now_us).await?;
    db.close().await;
    Ok(secret)
}
