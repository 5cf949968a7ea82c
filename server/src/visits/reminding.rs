//! Visits that are near are brought to mind, by the hours of the planning policy: the technician and the
//! customer hear of each once. A visit that is planned later than that was told of just then.

use super::state::VisitState;
use super::telling::{News, tell};
use super::visit::find;
use crate::app::App;
use crate::http::Problem;
use crate::limits::LIST_ROWS;
use crate::planning::PlanningPolicy;
use crate::policies;

const HOUR_US: i64 = 3_600 * 1_000_000;

/// Reminds of every visit whose time has come.
pub(crate) async fn remind(app: &App) -> Result<(), Problem> {
    let now = app.clock.now_us();
    let (version, policy): (i64, PlanningPolicy) = policies::newest(&app.database).await?;
    // The nearest first: whoever was away for several hears of the last one only.
    let mut hours = policy.reminder_hours;
    hours.sort_unstable();
    for hours in hours {
        let near: Vec<(String, i64)> = sqlx::query_as(
            "SELECT v.id, coalesce(v.planned_at, v.created_at) AS planned_at FROM visits v \
             WHERE v.state IN ('planned', 'dispatched') AND v.starts_at > $1 AND v.starts_at <= $2 \
             AND coalesce(v.planned_at, v.created_at) <= v.starts_at - $3 \
             AND NOT EXISTS (SELECT 1 FROM visit_reminders r WHERE r.visit_id = v.id \
             AND r.planned_at = coalesce(v.planned_at, v.created_at) AND r.hours <= $4) \
             ORDER BY v.starts_at, v.id LIMIT $5",
        )
        .bind(now)
        .bind(now.saturating_add(hours * HOUR_US))
        .bind(hours * HOUR_US)
        .bind(hours)
        .bind(LIST_ROWS)
        .fetch_all(&app.database)
        .await?;
        let rule = format!("planning policy version {version}: reminder {hours} h before");
        for (id, planned_at) in near {
            remind_of(app, &id, (planned_at, hours), &rule, now).await?;
        }
    }
    Ok(())
}

async fn remind_of(
    app: &App,
    id: &str,
    (planned_at, hours): (i64, i64),
    rule: &str,
    now: i64,
) -> Result<(), Problem> {
    let mut tx = app.begin().await?;
    // Meanwhile it may have been planned anew, or another server was faster.
    let ours = sqlx::query(
        "INSERT INTO visit_reminders (visit_id, planned_at, hours, at) SELECT v.id, $2, $3, $4 \
         FROM visits v WHERE v.id = $1 AND coalesce(v.planned_at, v.created_at) = $2 \
         ON CONFLICT (visit_id, planned_at, hours) DO NOTHING",
    )
    .bind(id)
    .bind(planned_at)
    .bind(hours)
    .bind(now)
    .execute(&mut *tx)
    .await?;
    let visit = find(&mut *tx, id).await?;
    let comes = matches!(visit.state, VisitState::Planned | VisitState::Dispatched);
    if ours.rows_affected() == 0 || !comes {
        return Ok(());
    }
    tell(&mut tx, &visit, News::Near { hours, planned_at }, rule, now).await?;
    tx.commit().await?;
    Ok(())
}
