//! What happened to a ticket, by whom and why.

use serde::Serialize;
use sqlx::{Any, Transaction};
use utoipa::ToSchema;

use super::promises;
use super::state::TicketState;
use super::telling::tell;
use crate::app::App;
use crate::database::new_id;
use crate::http::Problem;
use crate::service_levels::Act;
use crate::time::Time;

/// A step in a ticket's history.
#[derive(Debug, Serialize, ToSchema)]
pub struct HistoryStep {
    pub(crate) at: Time,
    #[schema(required)]
    pub(crate) from: Option<TicketState>,
    pub(crate) to: TicketState,
    pub(crate) who: String,
    pub(crate) why: String,
}

/// Writes a step down, and lets what was promised about the ticket follow it.
pub(super) async fn record(
    tx: &mut Transaction<'_, Any>,
    ticket_id: &str,
    at: i64,
    (from, to): (Option<TicketState>, TicketState),
    who: &str,
    why: &str,
) -> Result<(), Problem> {
    let step_id = new_id();
    sqlx::query(
        "INSERT INTO ticket_steps (id, ticket_id, at, from_state, to_state, who, why, since_at, \
         round_at) SELECT $1, $2, $3, $4, $5, $6, $7, max(s.at), CASE WHEN $5 = 'open' THEN $3 \
         ELSE max(CASE WHEN s.to_state = 'open' THEN s.at END) END FROM ticket_steps s \
         WHERE s.ticket_id = $2",
    )
    .bind(&step_id)
    .bind(ticket_id)
    .bind(at)
    .bind(from.map(TicketState::as_str))
    .bind(to.as_str())
    .bind(who)
    .bind(why)
    .execute(&mut **tx)
    .await?;
    let ended = matches!(to, TicketState::Closed | TicketState::Cancelled).then_some(at);
    sqlx::query("UPDATE tickets SET ended_at = $2 WHERE id = $1")
        .bind(ticket_id)
        .bind(ended)
        .execute(&mut **tx)
        .await?;
    promises::follow(tx, ticket_id, (from, to), Act { who, why, at }).await?;
    tell(tx, (ticket_id, &step_id), (from, to), (who, why), at).await
}

/// All steps of a ticket, the oldest first.
pub(crate) async fn of(app: &App, ticket_id: &str) -> Result<Vec<HistoryStep>, Problem> {
    let steps: Vec<(i64, Option<String>, String, String, String)> = sqlx::query_as(
        "SELECT at, from_state, to_state, who, why FROM ticket_steps WHERE ticket_id = $1 ORDER BY id",
    )
    .bind(ticket_id)
    .fetch_all(&app.database)
    .await?;
    let step = |(at, from, to, who, why): (_, Option<String>, String, _, _)| {
        let from = from.as_deref().map(TicketState::parse).transpose()?;
        Ok(HistoryStep { at: Time(at), from, to: TicketState::parse(&to)?, who, why })
    };
    steps.into_iter().map(step).collect()
}
