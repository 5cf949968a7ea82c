//! Writing a proposal, and revising it.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::Deserialize;
use sqlx::{Any, Transaction};
use utoipa::ToSchema;

use super::content::ProposalContent;
use super::moving::{Step, take};
use super::state::ProposalState;
use super::view::{Proposal, Shown, find, shown};
use crate::access::Subject;
use crate::app::App;
use crate::changes::{self, NewChange};
use crate::database::{new_id, take_turn, to_json};
use crate::http::{Caller, IfMatch, Problem, check_text};
use crate::limits::TEXT_CHARS;

/// A proposal that is wanted.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewProposal {
    ticket_id: String,
    content: ProposalContent,
}

async fn keep_version(
    tx: &mut Transaction<'_, Any>,
    (id, version): (&str, i64),
    content: &ProposalContent,
    (author, why): (&Caller, &str),
    now: i64,
) -> Result<(), Problem> {
    let content = to_json(content)?;
    sqlx::query(
        "INSERT INTO proposal_versions (proposal_id, version, content, who, account_id, why, at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(id)
    .bind(version)
    .bind(content)
    .bind(&author.name)
    .bind(author.account_id.as_deref())
    .bind(why)
    .bind(now)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Writes a proposal for a ticket: a draft.
#[utoipa::path(
    post,
    path = "/api/v1/proposals",
    operation_id = "make_proposal",
    tag = "proposals",
    responses((status = 201, body = Proposal), Problem)
)]
pub(crate) async fn create(
    caller: Caller,
    State(app): State<App>,
    Json(new): Json<NewProposal>,
) -> Result<(StatusCode, Shown), Problem> {
    caller.reach.check(&app.database, Subject::Ticket, &new.ticket_id).await?;
    new.content.check()?;
    let (id, now) = (new_id(), app.clock.now_us());
    let mut tx = app.begin().await?;
    take_turn(&mut tx, "proposal numbers").await?;
    let made = sqlx::query(
        "INSERT INTO proposals (id, number, ticket_id, asset_id, state, version, created_at) \
         SELECT $1, (SELECT coalesce(max(number), 0) + 1 FROM proposals), t.id, t.asset_id, 'draft', 1, \
         $3 FROM tickets t WHERE t.id = $2",
    )
    .bind(&id)
    .bind(&new.ticket_id)
    .bind(now)
    .execute(&mut *tx)
    .await?;
    if made.rows_affected() == 0 {
        return Err(Problem::NotFound("ticket"));
    }
    keep_version(&mut tx, (&id, 1), &new.content, (&caller, "written"), now).await?;
    changes::made(
        &mut tx,
        now,
        ("proposal", &id, "state", ProposalState::Draft.as_str()),
        (&caller.name, "written"),
    )
    .await?;
    tx.commit().await?;
    Ok((StatusCode::CREATED, shown(&app, &id).await?))
}

/// A new version of a proposal.
#[derive(Debug, Deserialize, ToSchema)]
pub struct ProposalRevision {
    content: ProposalContent,
    why: String,
}

/// Writes a new version: the proposal is a draft again, and earlier approvals count no more.
#[utoipa::path(
    put,
    path = "/api/v1/proposals/{id}",
    operation_id = "revise_proposal",
    tag = "proposals",
    responses((status = 200, body = Proposal), Problem)
)]
pub(crate) async fn revise(
    caller: Caller,
    if_match: IfMatch,
    State(app): State<App>,
    Path(id): Path<String>,
    Json(new): Json<ProposalRevision>,
) -> Result<Shown, Problem> {
    let why = new.why.trim();
    check_text("why", why, TEXT_CHARS)?;
    new.content.check()?;
    let (who, now) = (caller.name.as_str(), app.clock.now_us());
    let mut tx = app.begin().await?;
    let proposal = find(&mut *tx, &id).await?;
    if_match.check(proposal.version)?;
    let version = proposal.version + 1;
    if proposal.state != ProposalState::Draft {
        take(&mut tx, &proposal, now, Step { to: ProposalState::Draft, who, why }).await?;
    }
    let revised = sqlx::query("UPDATE proposals SET version = $3 WHERE id = $1 AND version = $2")
        .bind(&id)
        .bind(proposal.version)
        .bind(version)
        .execute(&mut *tx)
        .await?;
    if revised.rows_affected() == 0 {
        return Err(Problem::Stale { version });
    }
    keep_version(&mut tx, (&id, version), &new.content, (&caller, why), now).await?;
    let (from, to) = (proposal.version.to_string(), version.to_string());
    let change = NewChange {
        kind: "proposal",
        id: &id,
        who,
        field: "version",
        from: Some(&from),
        to: Some(&to),
        why,
        version: Some(version),
        ..NewChange::default()
    };
    changes::record(&mut tx, now, change).await?;
    tx.commit().await?;
    shown(&app, &id).await
}
