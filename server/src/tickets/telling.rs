//! The customer hears that the machine is mended and that the ticket is closed; not any more when that is
//! taken back before the message has left.

use sqlx::{Any, Transaction};

use super::customer::customer;
use super::state::TicketState;
use crate::http::Problem;
use crate::notifications::{self, About, Event, Kind, What, notify};

/// Tells of a step of a ticket, by the id of the step.
pub(super) async fn tell(
    tx: &mut Transaction<'_, Any>,
    (ticket_id, step_id): (&str, &str),
    (from, to): (Option<TicketState>, TicketState),
    (who, why): (&str, &str),
    now: i64,
) -> Result<(), Problem> {
    if matches!(from, Some(TicketState::Resolved | TicketState::Closed))
        && to != TicketState::Closed
    {
        let events = [Kind::TicketResolved, Kind::TicketClosed];
        let about = ("ticket", ticket_id);
        notifications::take_back_news(tx, about, &events, (who, why), now).await?;
    }
    if !matches!(to, TicketState::Resolved | TicketState::Closed) {
        return Ok(());
    }
    let (number, summary, machine): (i64, String, String) = sqlx::query_as(
        "SELECT t.number, t.title, a.name FROM tickets t JOIN assets a ON a.id = t.asset_id \
         WHERE t.id = $1",
    )
    .bind(ticket_id)
    .fetch_one(&mut **tx)
    .await?;
    let number = super::number(number);
    let (number, summary, machine) = (number.as_str(), summary.as_str(), machine.as_str());
    let (what, rule) = match to {
        TicketState::Closed => {
            (What::TicketClosed { number, machine, summary }, "a ticket is closed")
        }
        _ => (What::TicketResolved { number, machine, summary }, "a ticket is resolved"),
    };
    let customer = customer(tx, ticket_id).await?;
    let audience: Vec<_> = customer.iter().map(|c| c.addressee.recipient()).collect();
    let ours = format!("/tickets/{ticket_id}");
    let path = customer.as_ref().map_or(ours.as_str(), |customer| customer.path.as_str());
    let about = About { kind: "ticket", id: ticket_id, path };
    let key = format!("ticket-step:{step_id}");
    notify(tx, Event { audience: &audience, ..Event::new(&key, what, about, rule) }, now).await?;
    Ok(())
}
