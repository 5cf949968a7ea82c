//! How technicians are chosen: policy data with versions.

use axum::Json;
use axum::extract::{Query, State};
use serde::{Deserialize, Serialize};
use sqlx::{Any, Executor};
use utoipa::{IntoParams, ToSchema};

use crate::app::App;
use crate::http::{By, Page, Problem, check_text, cursor};
use crate::limits::{LIST_ROWS, PLANNING_DAYS, TEXT_CHARS};
use crate::time::Time;

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
        }
    }
}

impl PlanningPolicy {
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
        Ok(())
    }
}

/// A version of the policy; the newest holds.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlanningPolicyVersion {
    version: i64,
    policy: PlanningPolicy,
    by: String,
    why: String,
    at: Time,
}

/// The policy that holds, with its version; 0 is what comes with the system.
pub(super) async fn newest<'e>(
    db: impl Executor<'e, Database = Any>,
) -> Result<(i64, PlanningPolicy), Problem> {
    let newest: Option<(i64, String)> = sqlx::query_as(
        "SELECT version, content FROM planning_policies ORDER BY version DESC LIMIT 1",
    )
    .fetch_optional(db)
    .await?;
    newest.map_or(Ok((0, PlanningPolicy::default())), |(version, content)| {
        Ok((version, read(&content)?))
    })
}

fn read(content: &str) -> Result<PlanningPolicy, Problem> {
    serde_json::from_str(content).map_err(|e| Problem::Internal(Box::new(e)))
}

/// Query of the list of versions.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct VersionsQuery {
    cursor: Option<String>,
}

/// The planning policy in all its versions, the one that holds first; version 0 comes with the system.
#[utoipa::path(
    get,
    path = "/api/v1/planning-policy",
    operation_id = "list_planning_policies",
    tag = "visits",
    params(VersionsQuery),
    responses((status = 200, body = Page<PlanningPolicyVersion>), Problem)
)]
pub(crate) async fn versions(
    State(app): State<App>,
    Query(query): Query<VersionsQuery>,
) -> Result<Json<Page<PlanningPolicyVersion>>, Problem> {
    let below = cursor(query.cursor.as_deref())?.unwrap_or(i64::MAX);
    let rows: Vec<(i64, String, String, String, i64)> = sqlx::query_as(
        "SELECT version, content, who, why, at FROM planning_policies WHERE version < $1 \
         ORDER BY version DESC LIMIT $2",
    )
    .bind(below)
    .bind(LIST_ROWS + 1)
    .fetch_all(&app.database)
    .await?;
    let mut items = Vec::with_capacity(rows.len() + 1);
    for (version, content, by, why, at) in rows {
        items.push(PlanningPolicyVersion {
            version,
            policy: read(&content)?,
            by,
            why,
            at: Time(at),
        });
    }
    if items.len() <= LIST_ROWS as usize && below > 0 {
        items.push(PlanningPolicyVersion {
            version: 0,
            policy: PlanningPolicy::default(),
            by: "Aftercare".to_owned(),
            why: "comes with the system".to_owned(),
            at: Time(0),
        });
    }
    Ok(Json(Page::cut(items, LIST_ROWS as usize, |v| v.version.to_string())))
}

/// A new version of the policy.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewPlanningPolicy {
    policy: PlanningPolicy,
    why: String,
}

/// Changes the planning policy from now on; visits that are planned stay.
#[utoipa::path(
    put,
    path = "/api/v1/planning-policy",
    operation_id = "change_planning_policy",
    tag = "visits",
    responses((status = 200, body = PlanningPolicyVersion), Problem)
)]
pub(crate) async fn change(
    By(by): By,
    State(app): State<App>,
    Json(new): Json<NewPlanningPolicy>,
) -> Result<Json<PlanningPolicyVersion>, Problem> {
    check_text("why", &new.why, TEXT_CHARS)?;
    new.policy.check()?;
    let content = serde_json::to_string(&new.policy).map_err(|e| Problem::Internal(Box::new(e)))?;
    let (at, why) = (app.clock.now_us(), new.why.trim().to_owned());
    let version: Option<i64> = sqlx::query_scalar(
        "INSERT INTO planning_policies (version, content, who, why, at) \
         SELECT coalesce(max(version), 0) + 1, $1, $2, $3, $4 FROM planning_policies WHERE 1 = 1 \
         ON CONFLICT DO NOTHING RETURNING version",
    )
    .bind(content)
    .bind(&by)
    .bind(&why)
    .bind(at)
    .fetch_optional(&app.database)
    .await?;
    let taken = || Problem::Conflict("somebody else has just changed the policy".into());
    let version = version.ok_or_else(taken)?;
    Ok(Json(PlanningPolicyVersion { version, policy: new.policy, by, why, at: Time(at) }))
}
