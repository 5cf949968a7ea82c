//! Who has to approve what: policy data with versions.

use axum::Json;
use axum::extract::{Query, State};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::content::{Money, ProposalContent};
use crate::access::Role;
use crate::app::App;
use crate::http::{By, Page, Problem};
use crate::limits::APPROVAL_RULES;
use crate::policies::{self, NewPolicy, Policy, PolicyVersion, VersionsQuery};

/// A role that has to approve, and when.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ApprovalRule {
    pub(super) role: Role,
    /// Costs of this much or more; without it whatever it costs. A cost in a currency that no rule of
    /// the role names counts as reaching it.
    from: Option<Money>,
    /// Only for dangerous work.
    #[serde(default)]
    only_safety_relevant: bool,
}

impl ApprovalRule {
    /// Why it asks for its approval, or that it does not.
    fn asks(&self, content: &ProposalContent) -> Option<String> {
        if self.only_safety_relevant && !content.safety_relevant {
            return None;
        }
        let danger = if self.only_safety_relevant { "dangerous work" } else { "every proposal" };
        let Some(from) = &self.from else { return Some(danger.to_owned()) };
        let amount = format!("{}.{:02} {}", from.minor / 100, from.minor % 100, from.currency);
        match content.cost.currency == from.currency {
            true if content.cost.minor < from.minor => None,
            true => Some(format!("{danger} from {amount}")),
            false => Some(format!("{danger} that is not in {}", from.currency)),
        }
    }
}

/// Rules in the order of the chain.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ApprovalPolicy {
    rules: Vec<ApprovalRule>,
}

impl Default for ApprovalPolicy {
    /// An engineer looks at everything, quality at dangerous work, a manager at what costs 1000 or more.
    fn default() -> Self {
        let rule =
            |role, only_safety_relevant| ApprovalRule { role, from: None, only_safety_relevant };
        let dear = Money { minor: 100_000, currency: "EUR".to_owned() };
        Self {
            rules: vec![
                rule(Role::Engineer, false),
                rule(Role::Quality, true),
                ApprovalRule { from: Some(dear), ..rule(Role::Manager, false) },
            ],
        }
    }
}

impl ApprovalPolicy {
    /// Who has to approve this, in order, and why.
    pub(super) fn chain(&self, content: &ProposalContent) -> Vec<(Role, String)> {
        let asked = self.rules.iter().filter_map(|rule| Some((rule.role, rule.asks(content)?)));
        let mut chain: Vec<(Role, String)> = Vec::new();
        for (role, because) in asked {
            if chain.iter().all(|(known, _)| *known != role) {
                chain.push((role, because));
            }
        }
        chain
    }
}

impl Policy for ApprovalPolicy {
    const KIND: &'static str = "approval";

    fn check(&self) -> Result<(), Problem> {
        if self.rules.len() > APPROVAL_RULES {
            return Err(Problem::Invalid(format!("`rules` may have {APPROVAL_RULES} lines")));
        }
        for rule in &self.rules {
            if rule.role == Role::Gateway {
                return Err(Problem::Invalid("a gateway approves nothing".into()));
            }
            if let Some(from) = &rule.from {
                from.check("from")?;
            }
        }
        Ok(())
    }
}

/// The approval policy in all its versions, the one that holds first.
#[utoipa::path(
    get,
    path = "/api/v1/approval-policy",
    operation_id = "list_approval_policies",
    tag = "proposals",
    params(VersionsQuery),
    responses((status = 200, body = Page<PolicyVersion<ApprovalPolicy>>), Problem)
)]
pub(crate) async fn versions(
    State(app): State<App>,
    Query(query): Query<VersionsQuery>,
) -> Result<Json<Page<PolicyVersion<ApprovalPolicy>>>, Problem> {
    Ok(Json(policies::versions(&app, &query).await?))
}

/// Changes the approval policy. What is submitted goes on under the version that it was submitted under.
#[utoipa::path(
    put,
    path = "/api/v1/approval-policy",
    operation_id = "change_approval_policy",
    tag = "proposals",
    request_body = NewPolicy<ApprovalPolicy>,
    responses((status = 200, body = PolicyVersion<ApprovalPolicy>), Problem)
)]
pub(crate) async fn change(
    By(by): By,
    State(app): State<App>,
    Json(new): Json<NewPolicy<ApprovalPolicy>>,
) -> Result<Json<PolicyVersion<ApprovalPolicy>>, Problem> {
    Ok(Json(policies::change(&app, by, new).await?))
}
