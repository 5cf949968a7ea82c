//! The key that identifies us to the push services of browsers, the same one for every server.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use sqlx::AnyPool;
use utoipa::ToSchema;

use crate::app::{App, StartError};
use crate::http::Problem;
use crate::tokens::new_secret;

/// The private key; made now where there is none yet.
pub(super) async fn kept(database: &AnyPool, now: i64) -> Result<Vec<u8>, StartError> {
    sqlx::query(
        "INSERT INTO push_key (one, private_key, made_at) VALUES (1, $1, $2) \
         ON CONFLICT (one) DO NOTHING",
    )
    .bind(new_secret())
    .bind(now)
    .execute(database)
    .await?;
    let key: String = sqlx::query_scalar("SELECT private_key FROM push_key WHERE one = 1")
        .fetch_one(database)
        .await?;
    let bytes = (0..key.len()).step_by(2);
    let bytes =
        bytes.map(|at| key.get(at..at + 2).and_then(|pair| u8::from_str_radix(pair, 16).ok()));
    bytes
        .collect::<Option<_>>()
        .ok_or_else(|| StartError::State("the push key does not read".into()))
}

/// What a browser needs to subscribe to messages.
#[derive(Debug, Serialize, ToSchema)]
pub struct PublicKey {
    /// `applicationServerKey` of `PushManager.subscribe`: base64url.
    public_key: String,
}

/// The public key of this installation for web push (RFC 8292).
#[utoipa::path(
    get,
    path = "/api/v1/push-key",
    operation_id = "show_push_key",
    tag = "notifications",
    responses((status = 200, body = PublicKey), Problem)
)]
pub(crate) async fn show(State(app): State<App>) -> Json<PublicKey> {
    Json(PublicKey { public_key: app.notifications.messenger.push_public_key() })
}
