//! Names and passwords of boards.

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};

use ::telemetry::name::BoardId;
use axum::Json;
use axum::extract::{Path, State};
use serde::Serialize;
use sqlx::AnyPool;
use utoipa::ToSchema;

use super::keep_board;
use crate::app::App;
use crate::http::Problem;
use crate::tokens::{digest, new_secret};

/// Digests of the boards' passwords. Apart from the directory: a board that connects must never
/// wait for, or be refused because of, somebody who adopts another one.
#[derive(Debug, Default)]
pub(crate) struct Credentials(RwLock<HashMap<String, String>>);

impl Credentials {
    pub async fn load(db: &AnyPool) -> Result<Self, sqlx::Error> {
        let issued: Vec<(String, String)> = sqlx::query_as(
            "SELECT id, credential_sha256 FROM boards WHERE credential_sha256 IS NOT NULL",
        )
        .fetch_all(db)
        .await?;
        Ok(Self(RwLock::new(issued.into_iter().collect())))
    }

    pub fn of(&self, board: &str) -> Option<String> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).get(board).cloned()
    }

    fn set(&self, board: String, digest: String) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).insert(board, digest);
    }
}

/// A board's credential as it is shown once.
#[derive(Debug, Serialize, ToSchema)]
pub struct Credential {
    username: String,
    password: String,
    /// Secret of board and server by which commands are sealed, hexadecimal.
    command_key: String,
}

/// Issues a credential that the board has to use from now on, and the key that it knows commands
/// by; both replace older ones.
#[utoipa::path(
    post,
    path = "/api/v1/boards/{id}/credential",
    operation_id = "issue_board_credential",
    tag = "boards",
    responses((status = 200, body = Credential), Problem)
)]
pub(crate) async fn issue_credential(
    State(app): State<App>,
    Path(board): Path<String>,
) -> Result<Json<Credential>, Problem> {
    BoardId::check(&board).map_err(|e| Problem::Invalid(format!("board: {e}")))?;
    let password = new_secret();
    let hash = digest(password.as_bytes());
    let command_key = new_secret();
    let mut tx = app.database.begin().await?;
    keep_board(&mut tx, &board, app.clock.now_us()).await?;
    sqlx::query("UPDATE boards SET credential_sha256 = $2, command_key = $3 WHERE id = $1")
        .bind(&board)
        .bind(&hash)
        .bind(&command_key)
        .execute(&mut *tx)
        .await?;
    tx.commit().await?;
    app.credentials.set(board.clone(), hash);
    Ok(Json(Credential { username: board, password, command_key }))
}

/// Whether a credential was issued to this board.
pub fn credential_issued(app: &App, board: &BoardId) -> bool {
    app.credentials.of(board.as_str()).is_some()
}

/// Whether the password is the board's.
pub fn credential_matches(app: &App, board: &BoardId, password: &[u8]) -> bool {
    app.credentials.of(board.as_str()).is_some_and(|known| known == digest(password))
}
