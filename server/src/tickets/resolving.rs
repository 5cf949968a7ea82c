//! Tickets that a verified repair resolves.

use sqlx::{Any, Transaction};

use super::history::record;
use super::state::TicketState;
use crate::http::Problem;

/// Resolves a ticket when its state allows that, and says whether it did: one that somebody has
/// resolved, closed or cancelled already stays as it is.
pub(crate) async fn resolve(
    tx: &mut Transaction<'_, Any>,
    ticket_id: &str,
    now: i64,
    who: &str,
    why: &str,
) -> Result<bool, Problem> {
    let to = TicketState::Resolved;
    for from in TicketState::ALL.into_iter().filter(|from| from.next().contains(&to)) {
        let changed = sqlx::query("UPDATE tickets SET state = $2 WHERE id = $1 AND state = $3")
            .bind(ticket_id)
            .bind(to.as_str())
            .bind(from.as_str())
            .execute(&mut **tx)
            .await?;
        if changed.rows_affected() > 0 {
            record(tx, ticket_id, now, (Some(from), to), who, why).await?;
            return Ok(true);
        }
    }
    Ok(false)
}
