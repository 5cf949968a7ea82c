//! What the default policy aims at, for figures of other slices.

use sqlx::AnyPool;

use super::policy::SlaPolicy;
use crate::database::from_json;
use crate::http::Problem;

/// The figure of a goal of the default policy, with the name and version of the policy; none when it
/// does not speak of it.
pub(crate) async fn goal(db: &AnyPool, name: &str) -> Result<Option<(String, f64)>, Problem> {
    let default: Option<(String, i64, String)> = sqlx::query_as(
        "SELECT p.name, p.version, v.content FROM sla_policies p JOIN sla_policy_versions v \
         ON v.name = p.name AND v.version = p.version WHERE p.is_default = 1",
    )
    .fetch_optional(db)
    .await?;
    let Some((policy, version, content)) = default else { return Ok(None) };
    let content: SlaPolicy = from_json(&content)?;
    let goal = content.goals.into_iter().find(|goal| goal.name == name);
    Ok(goal.map(|goal| (format!("{policy} version {version}"), goal.figure)))
}
