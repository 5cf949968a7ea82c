//! People send a message again, or take it back before it is sent.

use axum::Json;
use axum::extract::{Path, State};
use serde::Deserialize;
use utoipa::ToSchema;

use super::list::{OutboxMessage, find, with_history};
use super::settling::{FORGET_LINK, record};
use crate::app::App;
use crate::http::{By, Problem, check_text};
use crate::limits::TEXT_CHARS;
use crate::notifications::state::MessageState;

/// Why a message is sent again or taken back.
#[derive(Debug, Deserialize, ToSchema)]
pub struct MessageReason {
    why: String,
}

/// Tries a message at once: one that waits for its next attempt, was refused or given up.
#[utoipa::path(
    post,
    path = "/api/v1/outbox/{id}/retry",
    operation_id = "retry_message",
    tag = "notifications",
    responses((status = 200, body = OutboxMessage), Problem)
)]
pub(crate) async fn retry(
    By(who): By,
    State(app): State<App>,
    Path(id): Path<String>,
    Json(reason): Json<MessageReason>,
) -> Result<Json<OutboxMessage>, Problem> {
    step(&app, &id, MessageState::Waiting, &who, &reason).await?;
    app.notifications.due.notify_one();
    with_history(&app, &id).await
}

/// Takes a message back that was not sent yet. One that is being sent just now is a 409.
#[utoipa::path(
    post,
    path = "/api/v1/outbox/{id}/withdraw",
    operation_id = "withdraw_message",
    tag = "notifications",
    responses((status = 200, body = OutboxMessage), Problem)
)]
pub(crate) async fn withdraw(
    By(who): By,
    State(app): State<App>,
    Path(id): Path<String>,
    Json(reason): Json<MessageReason>,
) -> Result<Json<OutboxMessage>, Problem> {
    step(&app, &id, MessageState::Withdrawn, &who, &reason).await?;
    with_history(&app, &id).await
}

async fn step(
    app: &App,
    id: &str,
    to: MessageState,
    who: &str,
    reason: &MessageReason,
) -> Result<(), Problem> {
    let why = reason.why.trim();
    check_text("why", why, TEXT_CHARS)?;
    let from = find(app, id).await?.state;
    let to = from.step(to)?;
    let now = app.clock.now_us();
    let mut tx = app.begin().await?;
    let forget = if to == MessageState::Withdrawn { FORGET_LINK } else { "path = path" };
    let sql = format!(
        "UPDATE outbox SET state = $2, next_at = $4, attempts = 0, tried_at = NULL, lease = NULL, \
         leased_until = NULL, {forget} WHERE id = $1 AND state = $3 \
         AND (leased_until IS NULL OR leased_until <= $4)"
    );
    let changed = sqlx::query(sqlx::AssertSqlSafe(sql))
        .bind(id)
        .bind(to.as_str())
        .bind(from.as_str())
        .bind(now)
        .execute(&mut *tx)
        .await?;
    if changed.rows_affected() == 0 {
        return Err(Problem::Conflict("this message is being sent just now".into()));
    }
    record(&mut tx, id, now, (Some(from), to), who, why).await?;
    tx.commit().await?;
    Ok(())
}
