//! Trying an address out: a message at once, with the answer of the other side.

use axum::Json;
use axum::extract::{Path, State};
use messenger::Outcome;
use serde::Serialize;
use utoipa::ToSchema;

use super::list::found;
use crate::app::App;
use crate::database::new_id;
use crate::http::{By, Problem};
use crate::notifications::delivering::{Draft, send};
use crate::notifications::kind::What;

/// What came of a test message.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TriedOutcome {
    /// The other side took it.
    Delivered,
    /// It did not work now; a message would be tried again.
    Retry,
    /// It will never work as it is; a message would be refused.
    Refused,
}

/// The answer to a test message.
#[derive(Debug, Serialize, ToSchema)]
pub struct Tried {
    outcome: TriedOutcome,
    /// What the other side said.
    #[schema(required)]
    why: Option<String>,
}

/// Sends a test message to an address at once, past the outbox and quiet hours.
#[utoipa::path(
    post,
    path = "/api/v1/notification-addresses/{id}/test",
    operation_id = "try_notification_address",
    tag = "notifications",
    responses((status = 200, body = Tried), Problem)
)]
pub(crate) async fn try_out(
    By(who): By,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Json<Tried>, Problem> {
    let address = found(&app.database, &id).await?;
    let address = address.ok_or(Problem::NotFound("notification address"))?;
    let what = What::Test { tried_by: &who };
    let facts = serde_json::to_value(what).map_err(|e| Problem::Internal(Box::new(e)))?;
    let draft = Draft {
        id: &new_id(),
        kind: what.kind(),
        facts: &facts,
        about: ("address", &id),
        path: "/",
        language: address.language,
        time_zone: &address.time_zone,
        urgent: false,
        in_reply_to: None,
        thread: None,
        rule: &format!("{who} tried this address"),
        written_at: app.clock.now_us(),
    };
    let (outcome, why) = match send(&app, &address.channel()?, &draft).await? {
        Outcome::Delivered => (TriedOutcome::Delivered, None),
        Outcome::Retry { why, .. } => (TriedOutcome::Retry, Some(why)),
        Outcome::Refused { why, .. } => (TriedOutcome::Refused, Some(why)),
    };
    Ok(Json(Tried { outcome, why }))
}
