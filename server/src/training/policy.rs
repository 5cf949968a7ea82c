//! What is aimed at in training, where the service level policy says nothing about it.

use axum::Json;
use axum::extract::{Query, State};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::App;
use crate::http::{By, Page, Problem};
use crate::policies::{self, NewPolicy, Policy, PolicyVersion, VersionsQuery};

/// What is aimed at in training.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TrainingPolicy {
    /// So many percent of those who have to have passed a course are to have.
    pub(super) coverage_percent: f64,
}

impl Default for TrainingPolicy {
    fn default() -> Self {
        Self { coverage_percent: 100.0 }
    }
}

impl Policy for TrainingPolicy {
    const KIND: &'static str = "training";

    fn check(&self) -> Result<(), Problem> {
        if !(0.0..=100.0).contains(&self.coverage_percent) {
            return Err(Problem::Invalid("`coverage_percent` has to be 0 to 100".into()));
        }
        Ok(())
    }
}

/// The training policy in all its versions, the one that holds first.
#[utoipa::path(
    get,
    path = "/api/v1/training-policy",
    operation_id = "list_training_policies",
    tag = "training",
    params(VersionsQuery),
    responses((status = 200, body = Page<PolicyVersion<TrainingPolicy>>), Problem)
)]
pub(crate) async fn versions(
    State(app): State<App>,
    Query(query): Query<VersionsQuery>,
) -> Result<Json<Page<PolicyVersion<TrainingPolicy>>>, Problem> {
    Ok(Json(policies::versions(&app, &query).await?))
}

/// Changes the training policy from now on.
#[utoipa::path(
    put,
    path = "/api/v1/training-policy",
    operation_id = "change_training_policy",
    tag = "training",
    request_body = NewPolicy<TrainingPolicy>,
    responses((status = 200, body = PolicyVersion<TrainingPolicy>), Problem)
)]
pub(crate) async fn change(
    By(by): By,
    State(app): State<App>,
    Json(new): Json<NewPolicy<TrainingPolicy>>,
) -> Result<Json<PolicyVersion<TrainingPolicy>>, Problem> {
    Ok(Json(policies::change(&app, by, new).await?))
}
