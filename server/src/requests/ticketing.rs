//! A request becomes a ticket: work on a machine.

use axum::Json;
use axum::extract::{Path, State};
use serde::Deserialize;
use sqlx::{Any, Transaction};
use utoipa::ToSchema;

use super::moving::{Advance, advance};
use super::request::{Request, Shown, announce, hold, shown};
use super::state::RequestState;
use crate::alarms;
use crate::app::App;
use crate::changes::{self, NewChange};
use crate::http::{Caller, IfMatch, Problem, check_text};
use crate::limits::TEXT_CHARS;
use crate::tickets::{self, Opening};

/// The ticket that a request becomes.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewRequestTicket {
    /// Without one, the subject of the request.
    title: Option<String>,
}

/// Opens the ticket of a request at its machine, with the priority of the request.
///
/// A request has one ticket: asked again, the same one is found. When the request was opened again
/// within the guarantee window of its ticket, the ticket is opened again as well.
#[utoipa::path(
    post,
    path = "/api/v1/requests/{id}/ticket",
    operation_id = "open_request_ticket",
    tag = "requests",
    responses((status = 200, body = Request), Problem)
)]
pub(crate) async fn open_ticket(
    caller: Caller,
    if_match: IfMatch,
    State(app): State<App>,
    Path(id): Path<String>,
    Json(new): Json<NewRequestTicket>,
) -> Result<Shown, Problem> {
    if let Some(title) = &new.title {
        check_text("title", title, TEXT_CHARS)?;
    }
    let now = app.clock.now_us();
    let mut tx = app.begin().await?;
    let request = hold(&mut tx, &id).await?;
    if_match.check(request.version)?;
    if request.state == RequestState::Ticketed {
        tx.commit().await?;
        return shown(&app, &caller.reach, &id).await;
    }
    request.state.step(RequestState::Ticketed)?;
    let unlinked = || Problem::Conflict("say first which machine the request is about".into());
    let asset_id = request.asset_id.as_deref().ok_or_else(unlinked)?;
    let unclassified = || Problem::Internal("classified without a priority".into());
    let priority = request.priority.ok_or_else(unclassified)?;
    alarms::hold(&mut tx, asset_id).await?;
    let opening = Opening {
        asset_id,
        signature: &format!("request:{}", request.plain_number),
        title: new.title.as_deref().unwrap_or(&request.subject).trim(),
        priority: priority.of_ticket().as_str(),
        since_at: request.received_at.0,
        deviations: "[]",
        who: &caller.name,
        told: true,
    };
    let ticket_id = tickets::open_or_join(&mut tx, opening, now).await?.id;
    let (to, why) = (RequestState::Ticketed, "a ticket was opened");
    let step = Advance { to, who: &caller.name, why, rule: None };
    become_ticket(&mut tx, &request, &ticket_id, now, step).await?;
    tx.commit().await?;
    tickets::announce(&app, &ticket_id).await?;
    announce(&app, &id).await?;
    shown(&app, &caller.reach, &id).await
}

/// Takes the step by which a request that is held becomes a ticket that is there.
pub(super) async fn become_ticket(
    tx: &mut Transaction<'_, Any>,
    request: &Request,
    ticket_id: &str,
    now: i64,
    step: Advance<'_>,
) -> Result<(), Problem> {
    let (id, who, why, rule) = (request.id.as_str(), step.who, step.why, step.rule);
    advance(tx, request, now, step).await?;
    sqlx::query("UPDATE requests SET ticket_id = $2 WHERE id = $1")
        .bind(id)
        .bind(ticket_id)
        .execute(&mut **tx)
        .await?;
    sqlx::query(
        "INSERT INTO request_tickets (request_id, ticket_id) VALUES ($1, $2) \
         ON CONFLICT (request_id, ticket_id) DO NOTHING",
    )
    .bind(id)
    .bind(ticket_id)
    .execute(&mut **tx)
    .await?;
    if request.ticket_id.as_deref() != Some(ticket_id) {
        let change = NewChange {
            kind: "request",
            id,
            who,
            rule,
            field: "ticket_id",
            from: request.ticket_id.as_deref(),
            to: Some(ticket_id),
            why,
            version: Some(request.version + 1),
            ..NewChange::default()
        };
        changes::record(tx, now, change).await?;
    }
    Ok(())
}
