//! How often each playbook is to be drilled, and which drill is due next.

use axum::Json;
use axum::extract::{Query, State};
use serde::{Deserialize, Serialize};
use sqlx::FromRow;
use utoipa::ToSchema;

use crate::app::App;
use crate::http::{By, Page, Problem};
use crate::limits::{DRILL_DAYS, PLAYBOOKS};
use crate::policies::{self, NewPolicy, Policy, PolicyVersion, VersionsQuery};
use crate::time::{DAY_US, Time};

/// How often playbooks are drilled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DrillPolicy {
    /// Every playbook is drilled again after so many days.
    every_days: i64,
}

impl Default for DrillPolicy {
    fn default() -> Self {
        // Once a quarter.
        Self { every_days: 91 }
    }
}

impl Policy for DrillPolicy {
    const KIND: &'static str = "drills";

    fn check(&self) -> Result<(), Problem> {
        if !(1..=DRILL_DAYS).contains(&self.every_days) {
            return Err(Problem::Invalid(format!("`every_days` has to be 1 to {DRILL_DAYS}")));
        }
        Ok(())
    }
}

/// When a playbook is to be drilled next.
#[derive(Debug, Serialize, ToSchema)]
pub struct DueDrill {
    playbook_id: String,
    playbook_name: String,
    /// The last drill that was done.
    #[schema(required)]
    last_drill_id: Option<String>,
    #[schema(required)]
    last_drill_at: Option<Time>,
    due_at: Time,
    overdue: bool,
}

#[derive(FromRow)]
struct Row {
    id: String,
    name: String,
    created_at: i64,
    last_id: Option<String>,
    last_at: Option<i64>,
}

/// When each playbook is to be drilled next, the one that is due first at the top.
#[utoipa::path(
    get,
    path = "/api/v1/due-drills",
    operation_id = "list_due_drills",
    tag = "playbooks",
    responses((status = 200, body = Page<DueDrill>), Problem)
)]
pub(crate) async fn due(State(app): State<App>) -> Result<Json<Page<DueDrill>>, Problem> {
    let now = app.clock.now_us();
    let (_, policy): (i64, DrillPolicy) = policies::newest(&app.database).await?;
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT p.id, p.name, p.created_at, r.id AS last_id, r.ended_at AS last_at FROM playbooks p \
         LEFT JOIN playbook_runs r ON r.id = (SELECT l.id FROM playbook_runs l \
         WHERE l.playbook_id = p.id AND l.drill = 1 AND l.state = 'done' \
         ORDER BY l.ended_at DESC, l.id DESC LIMIT 1) \
         WHERE p.retired = 0 ORDER BY coalesce(r.ended_at, p.created_at), p.id LIMIT $1",
    )
    .bind(PLAYBOOKS)
    .fetch_all(&app.database)
    .await?;
    let due = |row: Row| {
        let due_at = row.last_at.unwrap_or(row.created_at) + policy.every_days * DAY_US;
        DueDrill {
            playbook_id: row.id,
            playbook_name: row.name,
            last_drill_id: row.last_id,
            last_drill_at: row.last_at.map(Time),
            due_at: Time(due_at),
            overdue: due_at <= now,
        }
    };
    Ok(Json(Page { items: rows.into_iter().map(due).collect(), next_cursor: None }))
}

/// The drill policy in all its versions, the one that holds first.
#[utoipa::path(
    get,
    path = "/api/v1/drill-policy",
    operation_id = "list_drill_policies",
    tag = "playbooks",
    params(VersionsQuery),
    responses((status = 200, body = Page<PolicyVersion<DrillPolicy>>), Problem)
)]
pub(crate) async fn versions(
    State(app): State<App>,
    Query(query): Query<VersionsQuery>,
) -> Result<Json<Page<PolicyVersion<DrillPolicy>>>, Problem> {
    Ok(Json(policies::versions(&app, &query).await?))
}

/// Changes the drill policy from now on.
#[utoipa::path(
    put,
    path = "/api/v1/drill-policy",
    operation_id = "change_drill_policy",
    tag = "playbooks",
    request_body = NewPolicy<DrillPolicy>,
    responses((status = 200, body = PolicyVersion<DrillPolicy>), Problem)
)]
pub(crate) async fn change(
    By(by): By,
    State(app): State<App>,
    Json(new): Json<NewPolicy<DrillPolicy>>,
) -> Result<Json<PolicyVersion<DrillPolicy>>, Problem> {
    Ok(Json(policies::change(&app, by, new).await?))
}
