//! What comes into the queue without anybody asking: policy data with versions.

use axum::Json;
use axum::extract::{Query, State};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::App;
use crate::http::{By, Page, Problem};
use crate::policies::{self, NewPolicy, Policy, PolicyVersion, VersionsQuery};

/// What comes into the queue without anybody asking.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct IntakePolicy {
    /// Whether the alarm that opens a ticket at a customer's machine makes a request as well.
    pub(super) requests_from_readings: bool,
    /// Whether the customer's contact is told of it at once.
    pub(super) tell_customers: bool,
}

impl Default for IntakePolicy {
    /// Customers can follow what their machines said; nobody is woken by a machine.
    fn default() -> Self {
        Self { requests_from_readings: true, tell_customers: false }
    }
}

impl Policy for IntakePolicy {
    const KIND: &'static str = "intake";

    fn check(&self) -> Result<(), Problem> {
        Ok(())
    }
}

/// The intake policy in all its versions, the one that holds first.
#[utoipa::path(
    get,
    path = "/api/v1/intake-policy",
    operation_id = "list_intake_policies",
    tag = "requests",
    params(VersionsQuery),
    responses((status = 200, body = Page<PolicyVersion<IntakePolicy>>), Problem)
)]
pub(crate) async fn versions(
    State(app): State<App>,
    Query(query): Query<VersionsQuery>,
) -> Result<Json<Page<PolicyVersion<IntakePolicy>>>, Problem> {
    Ok(Json(policies::versions(&app, &query).await?))
}

/// Changes the intake policy, for the tickets that alarms open from now on.
#[utoipa::path(
    put,
    path = "/api/v1/intake-policy",
    operation_id = "change_intake_policy",
    tag = "requests",
    request_body = NewPolicy<IntakePolicy>,
    responses((status = 200, body = PolicyVersion<IntakePolicy>), Problem)
)]
pub(crate) async fn change(
    By(by): By,
    State(app): State<App>,
    Json(new): Json<NewPolicy<IntakePolicy>>,
) -> Result<Json<PolicyVersion<IntakePolicy>>, Problem> {
    Ok(Json(policies::change(&app, by, new).await?))
}
