//! How technicians are chosen: policy data with versions.

use axum::Json;
use axum::extract::{Query, State};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::alarms::Priority;
use crate::app::App;
use crate::http::{By, Page, Problem};
use crate::limits::{PLANNING_DAYS, REMINDER_HOURS, REMINDERS};
use crate::policies::{self, NewPolicy, Policy, PolicyVersion, VersionsQuery};

/// What counts how much. Everything is weighed in minutes: a minute on the road weighs `travel`, a
/// minute of waiting until the visit `wait`, and so on; the least weight in all is the best.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlanningPolicy {
    /// Weight of a minute on the way from the visit before.
    pub travel: f64,
    /// Weight of a minute until the visit, for a work order of medium priority; high counts double,
    /// critical four times, low half.
    pub wait: f64,
    /// Weight of a day that is planned full already, minutes.
    pub load: f64,
    /// Weight of a minute after the promised time.
    pub late: f64,
    /// Speed on the road, km/h.
    pub speed_km_h: f64,
    /// How much longer the road is than the straight line.
    pub detour: f64,
    /// Way to a site whose place is not known, minutes.
    pub unknown_way_minutes: i64,
    /// Nobody is sent out in less than this, minutes.
    pub lead_minutes: i64,
    /// How far ahead is planned, days.
    pub horizon_days: i64,
    /// So many hours before a visit its technician and the customer are reminded.
    #[serde(default = "reminder_hours")]
    pub reminder_hours: Vec<i64>,
    /// What is done by itself about a work order that waits for its first visit …
    #[serde(default)]
    pub auto_dispatch: AutoDispatch,
    /// … and has one of these priorities.
    #[serde(default = "all_priorities")]
    pub auto_dispatch_priorities: Vec<Priority>,
}

/// What is done by itself about a work order that waits for its first visit.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AutoDispatch {
    /// Nothing: a dispatcher plans.
    #[default]
    Off,
    /// A dispatcher is told who could go.
    Suggest,
    /// The best visit is planned.
    Book,
}

fn all_priorities() -> Vec<Priority> {
    vec![Priority::Critical, Priority::High, Priority::Medium, Priority::Low]
}

/// The day before, and soon before.
fn reminder_hours() -> Vec<i64> {
    vec![24, 2]
}

impl Default for PlanningPolicy {
    fn default() -> Self {
        Self {
            travel: 1.0,
            wait: 0.05,
            load: 60.0,
            late: 2.0,
            speed_km_h: 50.0,
            detour: 1.3,
            unknown_way_minutes: 30,
            lead_minutes: 30,
            horizon_days: 14,
            reminder_hours: reminder_hours(),
            auto_dispatch: AutoDispatch::Off,
            auto_dispatch_priorities: all_priorities(),
        }
    }
}

impl Policy for PlanningPolicy {
    const KIND: &'static str = "planning";

    fn check(&self) -> Result<(), Problem> {
        let invalid = |text: &str| Err(Problem::Invalid(text.into()));
        let weights = [self.travel, self.wait, self.load, self.late];
        if weights.iter().any(|w| !(0.0..=1e6).contains(w)) {
            return invalid("weights have to be from 0 to 1000000");
        }
        if !(1.0..=300.0).contains(&self.speed_km_h) || !(1.0..=10.0).contains(&self.detour) {
            return invalid("`speed_km_h` has to be from 1 to 300, `detour` from 1 to 10");
        }
        let day = 0..=24 * 60;
        if !day.contains(&self.unknown_way_minutes) || !day.contains(&self.lead_minutes) {
            return invalid("`unknown_way_minutes` and `lead_minutes` have to be from 0 to 1440");
        }
        if !(1..=PLANNING_DAYS).contains(&self.horizon_days) {
            return Err(Problem::Invalid(format!(
                "`horizon_days` has to be from 1 to {PLANNING_DAYS}"
            )));
        }
        let hours = 1..=REMINDER_HOURS;
        if self.reminder_hours.len() > REMINDERS
            || !self.reminder_hours.iter().all(|h| hours.contains(h))
        {
            return Err(Problem::Invalid(format!(
                "`reminder_hours` may have {REMINDERS} figures, each from 1 to {REMINDER_HOURS}"
            )));
        }
        Ok(())
    }
}

/// The planning policy in all its versions, the one that holds first.
#[utoipa::path(
    get,
    path = "/api/v1/planning-policy",
    operation_id = "list_planning_policies",
    tag = "visits",
    params(VersionsQuery),
    responses((status = 200, body = Page<PolicyVersion<PlanningPolicy>>), Problem)
)]
pub(crate) async fn versions(
    State(app): State<App>,
    Query(query): Query<VersionsQuery>,
) -> Result<Json<Page<PolicyVersion<PlanningPolicy>>>, Problem> {
    Ok(Json(policies::versions(&app, &query).await?))
}

/// Changes the planning policy from now on; visits that are planned stay.
#[utoipa::path(
    put,
    path = "/api/v1/planning-policy",
    operation_id = "change_planning_policy",
    tag = "visits",
    request_body = NewPolicy<PlanningPolicy>,
    responses((status = 200, body = PolicyVersion<PlanningPolicy>), Problem)
)]
pub(crate) async fn change(
    By(by): By,
    State(app): State<App>,
    Json(new): Json<NewPolicy<PlanningPolicy>>,
) -> Result<Json<PolicyVersion<PlanningPolicy>>, Problem> {
    Ok(Json(policies::change(&app, by, new).await?))
}
