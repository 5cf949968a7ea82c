//! A request moves from state to state: by people, and by what is done about it.

use axum::Json;
use axum::extract::{Path, State};
use serde::Deserialize;
use sqlx::{Any, Transaction};
use utoipa::ToSchema;

use super::promises;
use super::request::{Request, Shown, announce, hold, shown};
use super::state::RequestState;
use crate::access::Subject;
use crate::app::App;
use crate::changes::{self, NewChange};
use crate::http::{Caller, IfMatch, Problem, check_text};
use crate::limits::TEXT_CHARS;
use crate::service_levels::Act;

/// A step of a request, by whom and why.
pub(super) struct Advance<'a> {
    pub to: RequestState,
    pub who: &'a str,
    pub why: &'a str,
    /// Of an automatic step: which rule did it.
    pub rule: Option<&'a str>,
}

/// Takes a step of a request that is held, or says which are possible.
pub(super) async fn advance(
    tx: &mut Transaction<'_, Any>,
    request: &Request,
    now: i64,
    step: Advance<'_>,
) -> Result<(), Problem> {
    let to = request.state.step(step.to)?;
    let over = matches!(to, RequestState::Closed | RequestState::Rejected);
    sqlx::query(
        "UPDATE requests SET state = $2, closed_at = $3, duplicate_of = NULL, \
         version = version + 1 WHERE id = $1",
    )
    .bind(&request.id)
    .bind(to.as_str())
    .bind(over.then_some(now))
    .execute(&mut **tx)
    .await?;
    let change = NewChange {
        kind: "request",
        id: &request.id,
        who: step.who,
        rule: step.rule,
        field: "state",
        from: Some(request.state.as_str()),
        to: Some(to.as_str()),
        why: step.why,
        version: Some(request.version + 1),
        ..NewChange::default()
    };
    changes::record(tx, now, change).await?;
    let act = Act { who: step.who, why: step.why, at: now };
    promises::follow(tx, request, to, act).await
}

/// Body of a transition.
#[derive(Debug, Deserialize, ToSchema)]
pub struct RequestTransition {
    to: RequestState,
    #[schema(min_length = 1)]
    why: String,
    /// With `rejected`: the request that it is a duplicate of. Taken back, it is one no more.
    duplicate_of: Option<String>,
}

/// Closes or rejects a request, opens a closed one again, or takes a rejection back.
///
/// A step that is not allowed is a 409 whose `next_states` are those that are. Requests are
/// classified, answered and made tickets by their own routes.
#[utoipa::path(
    post,
    path = "/api/v1/requests/{id}/transition",
    operation_id = "move_request",
    tag = "requests",
    responses((status = 200, body = Request), Problem)
)]
pub(crate) async fn transition(
    caller: Caller,
    if_match: IfMatch,
    State(app): State<App>,
    Path(id): Path<String>,
    Json(wanted): Json<RequestTransition>,
) -> Result<Shown, Problem> {
    check_text("why", &wanted.why, TEXT_CHARS)?;
    let now = app.clock.now_us();
    let mut tx = app.begin().await?;
    let request = hold(&mut tx, &id).await?;
    if_match.check(request.version)?;
    let says = |text: &str| Err(Problem::Conflict(text.into()));
    match (request.state, request.state.step(wanted.to)?) {
        (_, RequestState::Ticketed) => return says("open its ticket: that makes it ticketed"),
        (_, RequestState::Answered) => return says("answer it: that makes it answered"),
        (RequestState::Received, RequestState::Classified) => {
            return says("classify it: that makes it classified");
        }
        _ => {}
    }
    let step = Advance { to: wanted.to, who: &caller.name, why: wanted.why.trim(), rule: None };
    advance(&mut tx, &request, now, step).await?;
    if let Some(other) = &wanted.duplicate_of {
        if wanted.to != RequestState::Rejected || *other == id {
            let text = "`duplicate_of` names another request, with `rejected`";
            return Err(Problem::Invalid(text.into()));
        }
        caller.reach.check(&mut *tx, Subject::Request, other).await?;
        mark_duplicate(&mut tx, &request, other, now, &caller.name).await?;
    }
    tx.commit().await?;
    announce(&app, &id).await?;
    shown(&app, &caller.reach, &id).await
}

async fn mark_duplicate(
    tx: &mut Transaction<'_, Any>,
    request: &Request,
    other: &str,
    now: i64,
    who: &str,
) -> Result<(), Problem> {
    let marked = sqlx::query(
        "UPDATE requests SET duplicate_of = $2 WHERE id = $1 \
         AND $2 IN (SELECT o.id FROM requests o WHERE o.duplicate_of IS NULL)",
    )
    .bind(&request.id)
    .bind(other)
    .execute(&mut **tx)
    .await?;
    if marked.rows_affected() == 0 {
        return Err(Problem::Invalid(
            "`duplicate_of`: there is no such request, or it is a duplicate itself".into(),
        ));
    }
    let change = NewChange {
        kind: "request",
        id: &request.id,
        who,
        field: "duplicate_of",
        to: Some(other),
        why: "the same request",
        version: Some(request.version + 1),
        ..NewChange::default()
    };
    changes::record(tx, now, change).await?;
    Ok(())
}
