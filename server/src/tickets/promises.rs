//! What is promised about a ticket follows its states.

use sqlx::{Any, Transaction};

use super::state::TicketState;
use crate::alarms::Priority;
use crate::http::Problem;
use crate::requests;
use crate::service_levels::{self, About, Act, HeldBy, Start, SubjectKind, TargetKind, Whose};

/// What a ticket is held to.
const PROMISED: [TargetKind; 2] = [TargetKind::FirstResponse, TargetKind::Resolution];

/// What its clocks are about.
pub(super) fn about(ticket_id: &str) -> About<'_> {
    About { kind: SubjectKind::Ticket, id: ticket_id }
}

/// Moves the clocks of a ticket that has just moved.
pub(super) async fn follow(
    tx: &mut Transaction<'_, Any>,
    ticket_id: &str,
    (from, to): (Option<TicketState>, TicketState),
    act: Act<'_>,
) -> Result<(), Problem> {
    let ticket = about(ticket_id);
    match (from, to) {
        // New, or back inside its guarantee window: that is promised anew.
        (None | Some(TicketState::Closed), TicketState::Open) => begin(tx, ticket, act).await,
        (Some(TicketState::Resolved), TicketState::Diagnosing) => {
            service_levels::take_back(tx, ticket, TargetKind::Resolution, act).await?;
            hold_with_work(tx, ticket, act.at).await
        }
        (_, TicketState::Diagnosing) => {
            service_levels::meet(tx, ticket, TargetKind::FirstResponse, act).await
        }
        (_, TicketState::Resolved | TicketState::Closed) => {
            for kind in PROMISED {
                service_levels::meet(tx, ticket, kind, act).await?;
            }
            Ok(())
        }
        (_, TicketState::Cancelled) => service_levels::cancel(tx, ticket, act).await,
        (_, TicketState::Open) => Ok(()),
    }
}

/// Begins what is promised about a ticket. Whoever asked for it waits once: what was promised about the
/// request goes on, and is not promised again when it was kept already.
async fn begin(
    tx: &mut Transaction<'_, Any>,
    about: About<'_>,
    act: Act<'_>,
) -> Result<(), Problem> {
    let (asset_id, priority, signature): (String, String, String) =
        sqlx::query_as("SELECT asset_id, priority, signature FROM tickets WHERE id = $1")
            .bind(about.id)
            .fetch_one(&mut **tx)
            .await?;
    let whose = Whose::machine(&asset_id);
    let priority = Priority::parse(&priority)?;
    let start = Start { about, whose, kinds: &PROMISED, priority, act };
    let asked = requests::asked_by(tx, &signature).await?;
    if let Some(asked) = &asked {
        let request = About { kind: SubjectKind::Request, id: &asked.request_id };
        service_levels::hand_over(tx, request, start).await?;
    }
    let answered = asked.is_some_and(|asked| asked.answered);
    let kinds = if answered { &PROMISED[1..] } else { &PROMISED[..] };
    service_levels::start(tx, Start { kinds, ..start }).await?;
    hold_with_work(tx, about, act.at).await
}

/// Work that is on hold already holds what is promised only now.
async fn hold_with_work(
    tx: &mut Transaction<'_, Any>,
    about: About<'_>,
    at: i64,
) -> Result<(), Problem> {
    let held: Vec<(String, i64, Option<String>)> = sqlx::query_as(
        "SELECT id, number, hold_reason FROM work_orders WHERE ticket_id = $1 \
         AND state = 'on_hold' ORDER BY id",
    )
    .bind(about.id)
    .fetch_all(&mut **tx)
    .await?;
    for (id, number, reason) in held {
        let why = format!("W-{number} is on hold: {}", reason.unwrap_or_default());
        let act = Act { who: "work order", why: &why, at };
        let by = HeldBy::WorkOrder(&id);
        service_levels::hold(tx, about, TargetKind::Resolution, by, act).await?;
    }
    Ok(())
}
