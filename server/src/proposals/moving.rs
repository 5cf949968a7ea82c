//! A proposal moves from state to state; submitting it lays out the chain of its approvals.

use axum::Json;
use axum::extract::{Path, State};
use serde::Deserialize;
use sqlx::{Any, Transaction};
use utoipa::ToSchema;

use super::policy::ApprovalPolicy;
use super::state::ProposalState;
use super::telling;
use super::view::{Proposal, Shown, find, shown};
use crate::app::App;
use crate::changes::{self, NewChange};
use crate::database::new_id;
use crate::http::{By, Problem, check_text};
use crate::limits::TEXT_CHARS;
use crate::policies;

/// Body of a transition.
#[derive(Debug, Deserialize, ToSchema)]
pub struct ProposalTransition {
    /// `submitted` or `withdrawn`; the others come about by approvals and new versions.
    to: ProposalState,
    why: String,
}

/// A step of a proposal, by whom and why.
pub(super) struct Step<'a> {
    pub to: ProposalState,
    pub who: &'a str,
    pub why: &'a str,
}

/// Takes a step. Leaving the chain makes what is still waiting in it void.
pub(super) async fn take(
    tx: &mut Transaction<'_, Any>,
    proposal: &Proposal,
    now: i64,
    step: Step<'_>,
) -> Result<(), Problem> {
    let to = proposal.state.step(step.to)?;
    let changed = sqlx::query("UPDATE proposals SET state = $3 WHERE id = $1 AND state = $2")
        .bind(&proposal.id)
        .bind(proposal.state.as_str())
        .bind(to.as_str())
        .execute(&mut **tx)
        .await?;
    if changed.rows_affected() == 0 {
        return Err(Problem::Conflict("somebody else has just moved this proposal".into()));
    }
    if to != ProposalState::Submitted {
        sqlx::query(
            "UPDATE approvals SET state = 'void' WHERE proposal_id = $1 AND state = 'waiting'",
        )
        .bind(&proposal.id)
        .execute(&mut **tx)
        .await?;
    }
    let change = NewChange {
        kind: "proposal",
        id: &proposal.id,
        who: step.who,
        field: "state",
        from: Some(proposal.state.as_str()),
        to: Some(to.as_str()),
        why: step.why,
        version: Some(proposal.version),
        ..NewChange::default()
    };
    changes::record(tx, now, change).await?;
    Ok(())
}

/// Submits a proposal, or withdraws it. Who has to approve it, in which order and why, is in the answer;
/// when the policy asks for nobody, it is approved.
#[utoipa::path(
    post,
    path = "/api/v1/proposals/{id}/transition",
    operation_id = "move_proposal",
    tag = "proposals",
    responses((status = 200, body = Proposal), Problem)
)]
pub(crate) async fn transition(
    By(who): By,
    State(app): State<App>,
    Path(id): Path<String>,
    Json(wanted): Json<ProposalTransition>,
) -> Result<Shown, Problem> {
    let why = wanted.why.trim();
    check_text("why", why, TEXT_CHARS)?;
    let now = app.clock.now_us();
    let mut tx = app.begin().await?;
    let proposal = find(&mut *tx, &id).await?;
    match wanted.to {
        ProposalState::Submitted | ProposalState::Withdrawn => {}
        other => {
            proposal.state.step(other)?;
            let text = "approvals and new versions do that; `to` can be submitted or withdrawn";
            return Err(Problem::Conflict(text.into()));
        }
    }
    take(&mut tx, &proposal, now, Step { to: wanted.to, who: &who, why }).await?;
    if wanted.to == ProposalState::Submitted {
        submit(&mut tx, &proposal, now).await?;
    }
    tx.commit().await?;
    shown(&app, &id).await
}

async fn submit(
    tx: &mut Transaction<'_, Any>,
    proposal: &Proposal,
    now: i64,
) -> Result<(), Problem> {
    let (policy_version, policy): (i64, ApprovalPolicy) = policies::newest(&mut **tx).await?;
    sqlx::query("UPDATE proposals SET policy_version = $2 WHERE id = $1")
        .bind(&proposal.id)
        .bind(policy_version)
        .execute(&mut **tx)
        .await?;
    // A version that is submitted again, after a change of mind, goes through its chain anew.
    let first: i64 = sqlx::query_scalar(
        "SELECT coalesce(max(position) + 1, 0) FROM approvals WHERE proposal_id = $1 AND version = $2",
    )
    .bind(&proposal.id)
    .bind(proposal.version)
    .fetch_one(&mut **tx)
    .await?;
    let chain = policy.chain(&proposal.content);
    for (position, (role, because)) in (first..).zip(&chain) {
        sqlx::query(
            "INSERT INTO approvals (id, proposal_id, version, position, role, because, state) \
             VALUES ($1, $2, $3, $4, $5, $6, 'waiting')",
        )
        .bind(new_id())
        .bind(&proposal.id)
        .bind(proposal.version)
        .bind(position)
        .bind(role.as_str())
        .bind(because)
        .execute(&mut **tx)
        .await?;
    }
    telling::wanted(tx, proposal, now).await?;
    if chain.is_empty() {
        let submitted = find(&mut **tx, &proposal.id).await?;
        let rule = format!("approval policy version {policy_version} asks for nobody");
        let to = ProposalState::Approved;
        take(tx, &submitted, now, Step { to, who: "approval policy", why: &rule }).await?;
    }
    Ok(())
}
