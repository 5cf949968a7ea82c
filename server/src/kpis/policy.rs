//! What figures are held against, and what an hour costs: policy data with versions.

use axum::Json;
use axum::extract::{Query, State};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::definition::named;
use crate::app::App;
use crate::http::{By, Page, Problem};
use crate::limits::KPI_GOALS;
use crate::policies::{self, NewPolicy, Policy, PolicyVersion, VersionsQuery};
use crate::proposals::Money;
use crate::service_levels::GoalSide;

/// A figure that is aimed at.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct KpiGoal {
    /// Name of the figure.
    pub(super) kpi: String,
    pub(super) is: GoalSide,
    /// In the unit of the figure.
    pub(super) figure: f64,
}

impl KpiGoal {
    pub(super) fn is_met_by(&self, value: f64) -> bool {
        match self.is {
            GoalSide::AtLeast => value >= self.figure,
            GoalSide::AtMost => value <= self.figure,
        }
    }
}

/// What reports hold figures against, and what service costs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReportingPolicy {
    /// ISO 4217; costs in other currencies are not counted.
    #[schema(example = "EUR")]
    pub(super) currency: String,
    /// An hour of a technician on site, in the smallest unit of the currency.
    pub(super) labour_hour_minor: i64,
    /// A visit, with the way there and back.
    pub(super) visit_minor: i64,
    pub(super) goals: Vec<KpiGoal>,
}

impl Default for ReportingPolicy {
    /// The targets that the handbooks give as figures of a month.
    fn default() -> Self {
        let goal = |kpi: &str, is, figure| KpiGoal { kpi: kpi.to_owned(), is, figure };
        Self {
            currency: "EUR".to_owned(),
            labour_hour_minor: 7_500,
            visit_minor: 9_000,
            goals: vec![
                goal("first_response", GoalSide::AtMost, 4.0),
                goal("time_to_resolve", GoalSide::AtMost, 24.0),
                goal("diagnosis_accuracy", GoalSide::AtLeast, 0.95),
                goal("sla_attainment", GoalSide::AtLeast, 0.95),
                goal("satisfied", GoalSide::AtLeast, 0.9),
                goal("service_cost", GoalSide::AtMost, 0.08),
            ],
        }
    }
}

impl Policy for ReportingPolicy {
    const KIND: &'static str = "reporting";

    fn check(&self) -> Result<(), Problem> {
        let invalid = |text: String| Err(Problem::Invalid(text));
        for (name, minor) in
            [("labour_hour_minor", self.labour_hour_minor), ("visit_minor", self.visit_minor)]
        {
            Money { minor, currency: self.currency.clone() }.check(name)?;
        }
        if self.goals.len() > KPI_GOALS {
            return invalid(format!("`goals` may have {KPI_GOALS} lines"));
        }
        for goal in &self.goals {
            if named(&goal.kpi).is_none() {
                return invalid(format!("there is no figure {:?}", goal.kpi));
            }
            if !goal.figure.is_finite() {
                return invalid(format!("the goal of {:?} has to be a number", goal.kpi));
            }
        }
        Ok(())
    }
}

/// Versions of the reporting policy, the one that holds first.
#[utoipa::path(
    get,
    path = "/api/v1/reporting-policy",
    operation_id = "list_reporting_policies",
    tag = "reports",
    params(VersionsQuery),
    responses((status = 200, body = Page<PolicyVersion<ReportingPolicy>>), Problem)
)]
pub(crate) async fn versions(
    State(app): State<App>,
    Query(query): Query<VersionsQuery>,
) -> Result<Json<Page<PolicyVersion<ReportingPolicy>>>, Problem> {
    Ok(Json(policies::versions(&app, &query).await?))
}

/// Changes what figures are held against and what service costs, for all reports from now on.
#[utoipa::path(
    put,
    path = "/api/v1/reporting-policy",
    operation_id = "change_reporting_policy",
    tag = "reports",
    responses((status = 200, body = PolicyVersion<ReportingPolicy>), Problem)
)]
pub(crate) async fn change(
    By(who): By,
    State(app): State<App>,
    Json(new): Json<NewPolicy<ReportingPolicy>>,
) -> Result<Json<PolicyVersion<ReportingPolicy>>, Problem> {
    Ok(Json(policies::change(&app, who, new).await?))
}
