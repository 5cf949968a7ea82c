//! A proposal as people see it, with its versions and the chain of its approvals.

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::HeaderName;
use serde::{Deserialize, Serialize};
use sqlx::{Any, Executor, FromRow, Transaction};
use utoipa::{IntoParams, ToSchema};

use super::content::ProposalContent;
use super::state::{ApprovalState, ProposalState};
use crate::access::{Reach, Role};
use crate::app::App;
use crate::database::from_json;
use crate::http::{Page, Problem, etag};
use crate::limits::LIST_ROWS;
use crate::time::Time;

/// What is to be done about a ticket, and whether it may be.
#[derive(Debug, Serialize, ToSchema)]
pub struct Proposal {
    pub(super) id: String,
    pub(super) number: String,
    pub(super) ticket_id: String,
    asset_id: String,
    asset_name: String,
    pub(super) state: ProposalState,
    /// Of its content; also the `ETag`.
    pub(super) version: i64,
    pub(super) content: ProposalContent,
    /// Who wrote this version.
    pub(super) author: String,
    #[serde(skip)]
    pub(super) author_account: Option<String>,
    /// Of the approval policy that it was submitted under.
    #[schema(required)]
    policy_version: Option<i64>,
    created_at: Time,
    #[schema(value_type = Vec<ProposalState>)]
    next_states: &'static [ProposalState],
    /// The chain of this version, in order.
    #[serde(skip_serializing_if = "Option::is_none")]
    approvals: Option<Vec<Approval>>,
    /// All versions, the newest first.
    #[serde(skip_serializing_if = "Option::is_none")]
    versions: Option<Vec<ProposalVersion>>,
}

/// An approval in the chain.
#[derive(Debug, Serialize, ToSchema)]
pub struct Approval {
    version: i64,
    role: Role,
    /// The rule of the policy that asks for it.
    because: String,
    state: ApprovalState,
    #[schema(required)]
    by: Option<String>,
    #[schema(required)]
    why: Option<String>,
    #[schema(required)]
    at: Option<Time>,
}

/// A version of what a proposal says.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProposalVersion {
    version: i64,
    content: ProposalContent,
    by: String,
    why: String,
    at: Time,
}

#[derive(FromRow)]
struct Row {
    id: String,
    number: i64,
    ticket_id: String,
    asset_id: String,
    asset_name: String,
    state: String,
    version: i64,
    content: String,
    author: String,
    author_account: Option<String>,
    policy_version: Option<i64>,
    created_at: i64,
}

impl TryFrom<Row> for Proposal {
    type Error = Problem;
    fn try_from(r: Row) -> Result<Self, Problem> {
        let state = ProposalState::parse(&r.state)?;
        Ok(Self {
            number: format!("P-{}", r.number),
            state,
            next_states: state.next(),
            content: from_json(&r.content)?,
            id: r.id,
            ticket_id: r.ticket_id,
            asset_id: r.asset_id,
            asset_name: r.asset_name,
            version: r.version,
            author: r.author,
            author_account: r.author_account,
            policy_version: r.policy_version,
            created_at: Time(r.created_at),
            approvals: None,
            versions: None,
        })
    }
}

const SELECT: &str = "SELECT p.id, p.number, p.ticket_id, p.asset_id, a.name AS asset_name, p.state, \
     p.version, v.content, v.who AS author, v.account_id AS author_account, p.policy_version, p.created_at FROM proposals p \
     JOIN assets a ON a.id = p.asset_id JOIN proposal_versions v ON v.proposal_id = p.id \
     AND v.version = p.version";

/// One proposal, without its chain and versions.
pub(super) async fn find<'e>(
    db: impl Executor<'e, Database = Any>,
    id: &str,
) -> Result<Proposal, Problem> {
    let row: Option<Row> = sqlx::query_as(sqlx::AssertSqlSafe(format!("{SELECT} WHERE p.id = $1")))
        .bind(id)
        .fetch_optional(db)
        .await?;
    row.ok_or(Problem::NotFound("proposal"))?.try_into()
}

/// An approved proposal becomes a work order: its ticket, title and steps. Refuses one that is not
/// approved.
pub(crate) async fn approved(
    tx: &mut Transaction<'_, Any>,
    id: &str,
) -> Result<(String, String, Vec<String>), Problem> {
    let proposal = find(&mut **tx, id).await?;
    if proposal.state != ProposalState::Approved {
        return Err(Problem::Conflict(format!(
            "{} is {}: it has to be approved first",
            proposal.number,
            proposal.state.as_str()
        )));
    }
    Ok((proposal.ticket_id, proposal.content.title, proposal.content.steps))
}

#[derive(FromRow)]
struct ApprovalRow {
    version: i64,
    role: String,
    because: String,
    state: String,
    who: Option<String>,
    why: Option<String>,
    at: Option<i64>,
}

/// How a handler shows a proposal.
pub(super) type Shown = ([(HeaderName, String); 1], Json<Proposal>);

pub(super) async fn shown(app: &App, id: &str) -> Result<Shown, Problem> {
    let mut proposal = find(&app.database, id).await?;
    let rows: Vec<ApprovalRow> = sqlx::query_as(
        "SELECT version, role, because, state, who, why, at FROM approvals WHERE proposal_id = $1 \
         ORDER BY version DESC, position LIMIT $2",
    )
    .bind(id)
    .bind(LIST_ROWS)
    .fetch_all(&app.database)
    .await?;
    let approval = |r: ApprovalRow| {
        Ok(Approval {
            role: Role::parse(&r.role)?,
            state: ApprovalState::parse(&r.state)?,
            version: r.version,
            because: r.because,
            by: r.who,
            why: r.why,
            at: r.at.map(Time),
        })
    };
    proposal.approvals = Some(rows.into_iter().map(approval).collect::<Result<_, Problem>>()?);
    let rows: Vec<(i64, String, String, String, i64)> = sqlx::query_as(
        "SELECT version, content, who, why, at FROM proposal_versions WHERE proposal_id = $1 \
         ORDER BY version DESC LIMIT $2",
    )
    .bind(id)
    .bind(LIST_ROWS)
    .fetch_all(&app.database)
    .await?;
    let version = |(version, json, by, why, at): (i64, String, String, String, i64)| {
        Ok(ProposalVersion { version, content: from_json(&json)?, by, why, at: Time(at) })
    };
    proposal.versions = Some(rows.into_iter().map(version).collect::<Result<_, Problem>>()?);
    Ok((etag(proposal.version), Json(proposal)))
}

/// Query of the list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ProposalsQuery {
    ticket: Option<String>,
    state: Option<ProposalState>,
    cursor: Option<String>,
}

/// Proposals, the newest first.
#[utoipa::path(
    get,
    path = "/api/v1/proposals",
    operation_id = "list_proposals",
    tag = "proposals",
    params(ProposalsQuery),
    responses((status = 200, body = Page<Proposal>), Problem)
)]
pub(crate) async fn list(
    reach: Reach,
    State(app): State<App>,
    Query(query): Query<ProposalsQuery>,
) -> Result<Json<Page<Proposal>>, Problem> {
    let mine = reach.sites("a.site_id", "$3");
    let sql = format!(
        "{SELECT} WHERE ($1 = '' OR p.ticket_id = $1) AND ($2 = '' OR p.state = $2) AND {mine} \
         AND p.id < $4 ORDER BY p.id DESC LIMIT $5"
    );
    let rows: Vec<Row> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(query.ticket.unwrap_or_default())
        .bind(query.state.map_or("", ProposalState::as_str))
        .bind(reach.bind())
        .bind(query.cursor.unwrap_or_else(|| "~".to_owned()))
        .bind(LIST_ROWS + 1)
        .fetch_all(&app.database)
        .await?;
    let items = rows.into_iter().map(Proposal::try_from).collect::<Result<Vec<_>, _>>()?;
    Ok(Json(Page::cut(items, LIST_ROWS as usize, |p| p.id.clone())))
}

/// One proposal with its versions and the chain of its approvals.
#[utoipa::path(
    get,
    path = "/api/v1/proposals/{id}",
    operation_id = "show_proposal",
    tag = "proposals",
    responses((status = 200, body = Proposal), Problem)
)]
pub(crate) async fn show(State(app): State<App>, Path(id): Path<String>) -> Result<Shown, Problem> {
    shown(&app, &id).await
}
