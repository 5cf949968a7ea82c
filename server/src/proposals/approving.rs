//! Approving a proposal, one link of the chain after the other.

use axum::Json;
use axum::extract::{Path, State};
use serde::Deserialize;
use sqlx::FromRow;
use utoipa::ToSchema;

use super::moving::{Step, take};
use super::state::ProposalState;
use super::telling;
use super::view::{Proposal, Shown, find, shown};
use crate::access::Role;
use crate::app::App;
use crate::http::{Caller, Page, Problem, check_text};
use crate::limits::{LIST_ROWS, TEXT_CHARS};

/// What somebody says to a proposal.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Decision {
    /// `false` sends it back: `why` says what is to be changed.
    approved: bool,
    why: String,
    /// The version that was looked at; another one is a 412.
    version: i64,
}

#[derive(FromRow)]
struct Link {
    id: String,
    role: String,
}

/// Approves a proposal, or sends it back, as the link of the chain whose turn it is. Nobody approves what
/// they wrote themselves.
#[utoipa::path(
    post,
    path = "/api/v1/proposals/{id}/decision",
    operation_id = "decide_proposal",
    tag = "proposals",
    responses((status = 200, body = Proposal), Problem)
)]
pub(crate) async fn decide(
    caller: Caller,
    State(app): State<App>,
    Path(id): Path<String>,
    Json(decision): Json<Decision>,
) -> Result<Shown, Problem> {
    let why = decision.why.trim();
    check_text("why", why, TEXT_CHARS)?;
    let now = app.clock.now_us();
    let mut tx = app.begin().await?;
    let proposal = find(&mut *tx, &id).await?;
    if decision.version != proposal.version {
        return Err(Problem::Stale { version: proposal.version });
    }
    let link: Option<Link> = sqlx::query_as(
        "SELECT id, role FROM approvals WHERE proposal_id = $1 AND version = $2 \
         AND state = 'waiting' ORDER BY position LIMIT 1",
    )
    .bind(&id)
    .bind(proposal.version)
    .fetch_optional(&mut *tx)
    .await?;
    let Some(link) = link else {
        proposal.state.step(ProposalState::Approved)?;
        return Err(Problem::Conflict("nobody has to approve this version any more".into()));
    };
    if caller.role != Role::Admin && caller.role.as_str() != link.role {
        return Err(Problem::Conflict(format!("it is the turn of the role {}", link.role)));
    }
    let own = match (&caller.account_id, &proposal.author_account) {
        (Some(caller), Some(author)) => caller == author,
        _ => caller.name == proposal.author,
    };
    if own {
        return Err(Problem::Conflict("nobody approves what they wrote themselves".into()));
    }
    let decided = sqlx::query(
        "UPDATE approvals SET state = $2, who = $3, why = $4, at = $5 WHERE id = $1 \
         AND state = 'waiting'",
    )
    .bind(&link.id)
    .bind(if decision.approved { "approved" } else { "sent_back" })
    .bind(&caller.name)
    .bind(why)
    .bind(now)
    .execute(&mut *tx)
    .await?;
    if decided.rows_affected() == 0 {
        return Err(Problem::Conflict("somebody else has just decided this".into()));
    }
    let waiting: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM approvals WHERE proposal_id = $1 AND version = $2 \
         AND state = 'waiting'",
    )
    .bind(&id)
    .bind(proposal.version)
    .fetch_one(&mut *tx)
    .await?;
    let to = match decision.approved {
        false => Some(ProposalState::SentBack),
        true if waiting == 0 => Some(ProposalState::Approved),
        true => None,
    };
    if let Some(to) = to {
        take(&mut tx, &proposal, now, Step { to, who: &caller.name, why }).await?;
        telling::decided(&mut tx, &proposal, decision.approved, (&caller.name, why), now).await?;
    } else {
        telling::wanted(&mut tx, &proposal, now).await?;
    }
    tx.commit().await?;
    shown(&app, &id).await
}

/// Proposals whose next approval is the caller's to give, the oldest first. An administrator sees all
/// that wait.
#[utoipa::path(
    get,
    path = "/api/v1/approvals",
    operation_id = "list_waiting_approvals",
    tag = "proposals",
    responses((status = 200, body = Page<Proposal>), Problem)
)]
pub(crate) async fn list_waiting(
    caller: Caller,
    State(app): State<App>,
) -> Result<Json<Page<Proposal>>, Problem> {
    let mine = caller.reach.assets("p.asset_id", "$2");
    let sql = format!(
        "SELECT p.id FROM approvals l JOIN proposals p ON p.id = l.proposal_id \
         WHERE l.state = 'waiting' AND ($1 = 'admin' OR l.role = $1) AND {mine} AND NOT EXISTS \
         (SELECT 1 FROM approvals b WHERE b.proposal_id = l.proposal_id AND b.version = l.version \
         AND b.state = 'waiting' AND b.position < l.position) ORDER BY p.id LIMIT $3"
    );
    let ids: Vec<String> = sqlx::query_scalar(sqlx::AssertSqlSafe(sql))
        .bind(caller.role.as_str())
        .bind(caller.reach.bind())
        .bind(LIST_ROWS)
        .fetch_all(&app.database)
        .await?;
    let mut items = Vec::with_capacity(ids.len());
    for id in ids {
        items.push(find(&app.database, &id).await?);
    }
    Ok(Json(Page { items, next_cursor: None }))
}
