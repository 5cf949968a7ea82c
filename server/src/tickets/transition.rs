//! People move a ticket from state to state.

use axum::Json;
use axum::extract::{Path, State};
use serde::Deserialize;
use sqlx::{Any, Transaction};
use utoipa::ToSchema;

use super::guarantee;
use super::history::record;
use super::list::{Ticket, announce, find, with_history};
use super::state::TicketState;
use crate::alarms;
use crate::app::App;
use crate::http::{By, Problem, check_text};
use crate::limits::TEXT_CHARS;
use crate::{fault_signatures, surveys};

/// Body of a transition.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Transition {
    to: TicketState,
    why: String,
    /// Closes the ticket although the condition of one of its alarms still holds. When it grows, the
    /// ticket is reopened.
    #[serde(default)]
    despite_active_alarms: bool,
}

/// Moves a ticket to its next state.
///
/// A step that is not allowed is a 409 whose `next_states` are those that are. So is closing while
/// an alarm of the ticket is active, without `despite_active_alarms`.
#[utoipa::path(
    post,
    path = "/api/v1/tickets/{id}/transition",
    operation_id = "move_ticket",
    tag = "tickets",
    responses((status = 200, body = Ticket), Problem)
)]
pub(crate) async fn transition(
    By(who): By,
    State(app): State<App>,
    Path(id): Path<String>,
    Json(wanted): Json<Transition>,
) -> Result<Json<Ticket>, Problem> {
    let why = wanted.why.trim();
    check_text("why", why, TEXT_CHARS)?;
    let ticket = find(&app, &id).await?;
    let from = ticket.state();
    let to = from.step(wanted.to)?;
    let now = app.clock.now_us();
    let mut tx = app.database.begin().await?;
    alarms::hold(&mut tx, ticket.asset_id()).await?;
    if to == TicketState::Closed && !wanted.despite_active_alarms {
        refuse_while_active(&mut tx, &id).await?;
    }
    let closing = to == TicketState::Closed;
    let probation_until = match closing {
        true => Some(guarantee::probation_until(&mut tx, ticket.asset_id(), now).await?),
        false => None,
    };
    let changed = sqlx::query(
        "UPDATE tickets SET state = $2, closed_at = $4, probation_until = $5 \
         WHERE id = $1 AND state = $3",
    )
    .bind(&id)
    .bind(to.as_str())
    .bind(from.as_str())
    .bind(closing.then_some(now))
    .bind(probation_until)
    .execute(&mut *tx)
    .await?;
    if changed.rows_affected() == 0 {
        return Err(Problem::Conflict("somebody else has just changed this ticket".into()));
    }
    record(&mut tx, &id, now, (Some(from), to), &who, why).await?;
    if closing {
        fault_signatures::remember(&mut tx, &id, now).await?;
        surveys::ask(&mut tx, &id, now).await?;
    }
    tx.commit().await?;
    announce(&app, &id).await?;
    with_history(&app, &id).await
}

async fn refuse_while_active(tx: &mut Transaction<'_, Any>, id: &str) -> Result<(), Problem> {
    let active: Vec<String> = sqlx::query_scalar(
        "SELECT summary FROM alarms WHERE ticket_id = $1 AND cleared_at IS NULL \
         ORDER BY raised_at DESC LIMIT 3",
    )
    .bind(id)
    .fetch_all(&mut **tx)
    .await?;
    if active.is_empty() {
        return Ok(());
    }
    Err(Problem::Conflict(format!(
        "the machine still deviates ({}): wait until that is over, or close with \
         `despite_active_alarms` and say why that is right",
        active.join("; ")
    )))
}
