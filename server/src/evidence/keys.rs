//! Public keys: the one in force, and all that were in force before, since old reports stay.

use axum::Json;
use axum::extract::State;
use evidence::PublicKey;
use serde::{Deserialize, Serialize};
use sqlx::FromRow;
use utoipa::ToSchema;

use crate::app::App;
use crate::http::{By, Problem, check_text};
use crate::limits::{LIST_ROWS, TEXT_CHARS};
use crate::time::Time;

/// A public key.
#[derive(Debug, Serialize, ToSchema)]
pub struct EvidenceKey {
    /// SHA-256 of its 32 bytes, in hexadecimal digits; reports name it.
    fingerprint: String,
    /// SPKI PEM, for `aftercare verify --key FILE` or OpenSSL.
    public_key: String,
    /// When this database learnt of it.
    made_at: Time,
    /// Null: nobody has retired it.
    #[schema(required)]
    retired_at: Option<Time>,
    #[schema(required)]
    retired_by: Option<String>,
    #[schema(required)]
    retired_why: Option<String>,
}

/// The keys of a server.
#[derive(Debug, Serialize, ToSchema)]
pub struct EvidenceKeys {
    /// What this server signs with now.
    current: EvidenceKey,
    /// Every other key that reports were signed with, the newest first; also those of other servers
    /// on the same database.
    others: Vec<EvidenceKey>,
}

#[derive(FromRow)]
struct Row {
    fingerprint: String,
    public_key: String,
    made_at: i64,
    retired_at: Option<i64>,
    retired_by: Option<String>,
    retired_why: Option<String>,
}

impl From<Row> for EvidenceKey {
    fn from(r: Row) -> Self {
        Self {
            fingerprint: r.fingerprint,
            public_key: r.public_key,
            made_at: Time(r.made_at),
            retired_at: r.retired_at.map(Time),
            retired_by: r.retired_by,
            retired_why: r.retired_why,
        }
    }
}

/// Writes a public key down; one that is known stays as it is.
pub(super) async fn know(app: &App, key: &PublicKey) -> Result<(), Problem> {
    sqlx::query(
        "INSERT INTO evidence_keys (fingerprint, public_key, made_at) VALUES ($1, $2, $3) \
         ON CONFLICT (fingerprint) DO NOTHING",
    )
    .bind(key.fingerprint())
    .bind(key.to_pem().map_err(|e| Problem::Internal(Box::new(e)))?)
    .bind(app.clock.now_us())
    .execute(&app.database)
    .await?;
    Ok(())
}

async fn all(app: &App, current: &PublicKey) -> Result<EvidenceKeys, Problem> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT fingerprint, public_key, made_at, retired_at, retired_by, retired_why \
         FROM evidence_keys ORDER BY made_at DESC, fingerprint LIMIT $1",
    )
    .bind(LIST_ROWS)
    .fetch_all(&app.database)
    .await?;
    let fingerprint = current.fingerprint();
    let keys = rows.into_iter().map(EvidenceKey::from);
    let (mut current, others): (Vec<_>, _) = keys.partition(|k| k.fingerprint == fingerprint);
    let current = current
        .pop()
        .ok_or_else(|| Problem::Internal("the key in force is not in the database".into()))?;
    Ok(EvidenceKeys { current, others })
}

/// The public key that this server signs reports with, and those before it.
///
/// It needs no token: whoever holds a report may check it. A key that came with a report proves
/// nothing by itself; this one is as trustworthy as the connection that it came over.
#[utoipa::path(
    get,
    path = "/api/v1/evidence/key",
    operation_id = "show_evidence_key",
    tag = "evidence",
    security(()),
    responses((status = 200, body = EvidenceKeys), Problem)
)]
pub(crate) async fn show(State(app): State<App>) -> Result<Json<EvidenceKeys>, Problem> {
    let signer = app.signing_key.signer(&app).await?;
    Ok(Json(all(&app, &signer.public()).await?))
}

/// Body of a rotation.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Rotation {
    /// Why; kept with the old key.
    why: String,
}

/// Signs with a new key from now on. The old private key is deleted, its public key stays listed.
#[utoipa::path(
    post,
    path = "/api/v1/evidence/key/rotation",
    operation_id = "rotate_evidence_key",
    tag = "evidence",
    responses((status = 200, body = EvidenceKeys), Problem)
)]
pub(crate) async fn rotate(
    By(who): By,
    State(app): State<App>,
    Json(rotation): Json<Rotation>,
) -> Result<Json<EvidenceKeys>, Problem> {
    let why = rotation.why.trim();
    check_text("why", why, TEXT_CHARS)?;
    let (old, new) = app.signing_key.renew(&app).await?;
    sqlx::query(
        "UPDATE evidence_keys SET retired_at = $2, retired_by = $3, retired_why = $4 \
         WHERE fingerprint = $1 AND retired_at IS NULL",
    )
    .bind(old.fingerprint())
    .bind(app.clock.now_us())
    .bind(&who)
    .bind(why)
    .execute(&app.database)
    .await?;
    Ok(Json(all(&app, &new).await?))
}
