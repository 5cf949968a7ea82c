//! What is promised about a request: our first word, from its receipt on. What the person writes after it
//! was over makes them wait anew.

use sqlx::{Any, Transaction};

use super::linking::Links;
use super::priority::RequestPriority;
use super::request::Request;
use super::state::RequestState;
use crate::alarms::Priority;
use crate::http::Problem;
use crate::service_levels::{self, About, Act, Start, SubjectKind, TargetKind, Whose};

const FIRST_WORD: [TargetKind; 1] = [TargetKind::FirstResponse];

fn about(request_id: &str) -> About<'_> {
    About { kind: SubjectKind::Request, id: request_id }
}

/// As its ticket would have it; nobody has looked at one without a priority.
fn priority(known: Option<RequestPriority>) -> Priority {
    known.map_or(Priority::Medium, RequestPriority::of_ticket)
}

fn start<'a>(
    request_id: &'a str,
    links: &'a Links,
    known: Option<RequestPriority>,
    act: Act<'a>,
) -> Start<'a> {
    let whose = Whose {
        asset_id: links.asset_id.as_deref(),
        site_id: links.site_id.as_deref(),
        customer_id: links.customer_id.as_deref(),
    };
    Start { about: about(request_id), whose, kinds: &FIRST_WORD, priority: priority(known), act }
}

/// Somebody waits for our first word.
pub(super) async fn begin(
    tx: &mut Transaction<'_, Any>,
    request_id: &str,
    links: &Links,
    act: Act<'_>,
) -> Result<(), Problem> {
    service_levels::start(tx, start(request_id, links, None, act)).await
}

/// Moves the clock of a request that moves. That of one that becomes a ticket has gone over to the
/// ticket, unless the ticket was there before.
pub(super) async fn follow(
    tx: &mut Transaction<'_, Any>,
    request: &Request,
    to: RequestState,
    act: Act<'_>,
) -> Result<(), Problem> {
    match (request.state, to) {
        (RequestState::Received, RequestState::Classified) => Ok(()),
        (_, RequestState::Received | RequestState::Classified) => {
            let links = Links::of(request);
            service_levels::start(tx, start(&request.id, &links, request.priority, act)).await
        }
        (_, RequestState::Answered | RequestState::Ticketed | RequestState::Closed) => {
            service_levels::meet(tx, about(&request.id), TargetKind::FirstResponse, act).await
        }
        (_, RequestState::Rejected) => service_levels::cancel(tx, about(&request.id), act).await,
    }
}

/// The person has heard from us. Where the request is a ticket by now, that has its clock.
pub(super) async fn answered(
    tx: &mut Transaction<'_, Any>,
    request: &Request,
    act: Act<'_>,
) -> Result<(), Problem> {
    service_levels::meet(tx, about(&request.id), TargetKind::FirstResponse, act).await?;
    let (RequestState::Ticketed, Some(id)) = (request.state, &request.ticket_id) else {
        return Ok(());
    };
    let ticket = About { kind: SubjectKind::Ticket, id };
    service_levels::meet(tx, ticket, TargetKind::FirstResponse, act).await
}

/// It has become known how urgent it is.
pub(super) async fn classified(
    tx: &mut Transaction<'_, Any>,
    request_id: &str,
    known: RequestPriority,
    act: Act<'_>,
) -> Result<(), Problem> {
    service_levels::reprioritise(tx, about(request_id), known.of_ticket(), act).await
}

/// It has become known whose it is: the contract that covers them holds.
pub(super) async fn linked(
    tx: &mut Transaction<'_, Any>,
    request: &Request,
    links: &Links,
    act: Act<'_>,
) -> Result<(), Problem> {
    let start = start(&request.id, links, request.priority, act);
    service_levels::hand_over(tx, about(&request.id), start).await
}

/// The request that a ticket came from.
pub(crate) struct Asked {
    pub request_id: String,
    /// Whether we have written to the person, and they wait for nothing since.
    pub answered: bool,
}

/// Finds the request whose ticket has a signature.
pub(crate) async fn asked_by(
    tx: &mut Transaction<'_, Any>,
    signature: &str,
) -> Result<Option<Asked>, Problem> {
    let number = signature.strip_prefix("request:").and_then(|number| number.parse::<i64>().ok());
    let Some(number) = number else { return Ok(None) };
    let row: Option<(String, i64)> = sqlx::query_as(
        "SELECT r.id, CASE WHEN EXISTS (SELECT 1 FROM request_messages m WHERE m.request_id = r.id \
         AND m.kind IN ('answer', 'question')) AND NOT EXISTS (SELECT 1 FROM sla_clocks c \
         WHERE c.subject_kind = 'request' AND c.subject_id = r.id \
         AND c.state IN ('running', 'on_hold', 'breached')) THEN 1 ELSE 0 END AS answered \
         FROM requests r WHERE r.number = $1",
    )
    .bind(number)
    .fetch_optional(&mut **tx)
    .await?;
    Ok(row.map(|(request_id, answered)| Asked { request_id, answered: answered == 1 }))
}
