//! What is promised about a ticket follows its states.

use sqlx::{Any, Transaction};

use super::state::TicketState;
use crate::alarms::Priority;
use crate::contracts;
use crate::http::Problem;
use crate::service_levels::{self, About, Act, Start, SubjectKind, TargetKind};

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
            service_levels::take_back(tx, ticket, TargetKind::Resolution, act).await
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

async fn begin(
    tx: &mut Transaction<'_, Any>,
    about: About<'_>,
    act: Act<'_>,
) -> Result<(), Problem> {
    let (asset_id, priority, time_zone): (String, String, Option<String>) = sqlx::query_as(
        "SELECT t.asset_id, t.priority, s.time_zone FROM tickets t JOIN assets a \
         ON a.id = t.asset_id LEFT JOIN sites s ON s.id = a.site_id WHERE t.id = $1",
    )
    .bind(about.id)
    .fetch_one(&mut **tx)
    .await?;
    let contract = contracts::covering(tx, &asset_id, act.at).await?;
    let start = Start {
        about,
        asset_id: Some(&asset_id),
        kinds: &PROMISED,
        priority: Priority::parse(&priority)?,
        contract: contract.as_ref(),
        time_zone: time_zone.as_deref().unwrap_or("UTC"),
        act,
    };
    service_levels::start(tx, start).await
}
