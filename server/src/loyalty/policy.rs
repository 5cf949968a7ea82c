//! What points are given for: policy data with versions.

use axum::Json;
use axum::extract::{Query, State};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::earning::Earned;
use crate::app::App;
use crate::http::{By, Page, Problem};
use crate::limits::LOYALTY_MOST;
use crate::policies::{self, NewPolicy, Policy, PolicyVersion, VersionsQuery};

/// How many points a customer gets for what; 0: none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LoyaltyPolicy {
    /// For an answered survey.
    survey_answered: i64,
    /// For a suggestion that is adopted.
    suggestion_adopted: i64,
}

impl LoyaltyPolicy {
    pub(super) fn points(&self, earned: Earned) -> i64 {
        match earned {
            Earned::SurveyAnswered => self.survey_answered,
            Earned::SuggestionAdopted => self.suggestion_adopted,
        }
    }
}

impl Default for LoyaltyPolicy {
    fn default() -> Self {
        Self { survey_answered: 10, suggestion_adopted: 50 }
    }
}

impl Policy for LoyaltyPolicy {
    const KIND: &'static str = "loyalty";

    fn check(&self) -> Result<(), Problem> {
        let allowed = 0..=LOYALTY_MOST;
        if !allowed.contains(&self.survey_answered) || !allowed.contains(&self.suggestion_adopted) {
            return Err(Problem::Invalid(format!("points may be 0 to {LOYALTY_MOST}")));
        }
        Ok(())
    }
}

/// The loyalty policy in all its versions, the one that holds first.
#[utoipa::path(
    get,
    path = "/api/v1/loyalty-policy",
    operation_id = "list_loyalty_policies",
    tag = "care",
    params(VersionsQuery),
    responses((status = 200, body = Page<PolicyVersion<LoyaltyPolicy>>), Problem)
)]
pub(crate) async fn versions(
    State(app): State<App>,
    Query(query): Query<VersionsQuery>,
) -> Result<Json<Page<PolicyVersion<LoyaltyPolicy>>>, Problem> {
    Ok(Json(policies::versions(&app, &query).await?))
}

/// Changes the loyalty policy from now on; points that were given stay.
#[utoipa::path(
    put,
    path = "/api/v1/loyalty-policy",
    operation_id = "change_loyalty_policy",
    tag = "care",
    request_body = NewPolicy<LoyaltyPolicy>,
    responses((status = 200, body = PolicyVersion<LoyaltyPolicy>), Problem)
)]
pub(crate) async fn change(
    By(by): By,
    State(app): State<App>,
    Json(new): Json<NewPolicy<LoyaltyPolicy>>,
) -> Result<Json<PolicyVersion<LoyaltyPolicy>>, Problem> {
    Ok(Json(policies::change(&app, by, new).await?))
}
