//! What time does to alarms, by itself: suspensions begin and end, alarms that nobody acknowledges
//! are escalated, floods end. It sleeps until the next of these is due.

use std::time::Duration;

use tokio::sync::watch;

use super::ledger::{Changes, Ledger};
use super::{escalation, flood};
use crate::app::App;
use crate::http::Problem;
use crate::limits::{ATTEND_ALARMS_EVERY, ATTEND_ALARMS_REST, LATE_ALARM_GRACE_US};

impl App {
    /// Does what is due, until `stop` becomes true.
    pub async fn attend_alarms(self, mut stop: watch::Receiver<bool>) {
        loop {
            let wait = match attend(&self).await {
                Ok(next) => next.map_or(ATTEND_ALARMS_EVERY, |at| self.until(at)),
                Err(error) => {
                    tracing::warn!(%error, "What is due to alarms was not done");
                    ATTEND_ALARMS_EVERY
                }
            };
            tokio::select! {
                _ = stop.wait_for(|stop| *stop) => return,
                () = self.alarms_due.notified() => {}
                () = tokio::time::sleep(wait) => {}
            }
        }
    }

    fn until(&self, at: i64) -> Duration {
        let us = u64::try_from(at.saturating_sub(self.clock.now_us())).unwrap_or(0);
        Duration::from_micros(us).clamp(ATTEND_ALARMS_REST, ATTEND_ALARMS_EVERY)
    }
}

/// Does everything that is due and says when the next is.
pub(super) async fn attend(app: &App) -> Result<Option<i64>, Problem> {
    let now = app.clock.now_us();
    for asset_id in assets_due(app, now).await? {
        settle(app, &asset_id).await?.announce(app).await?;
    }
    escalation::attend(app, now).await?;
    flood::attend(app, now).await?;
    next_due(app).await
}

async fn settle(app: &App, asset_id: &str) -> Result<Changes, Problem> {
    let mut tx = app.database.begin().await?;
    let mut ledger = Ledger::hold(&mut tx, asset_id, app.clock.now_us()).await?;
    ledger.settle().await?;
    let changes = ledger.changes;
    tx.commit().await?;
    Ok(changes)
}

async fn assets_due(app: &App, now: i64) -> Result<Vec<String>, Problem> {
    Ok(sqlx::query_scalar(
        "SELECT asset_id FROM alarm_suspensions WHERE ended_at IS NULL \
         AND ((began_at IS NULL AND from_at <= $1) OR until_at <= $1) \
         UNION SELECT l.asset_id FROM alarms l JOIN alarm_suspensions s ON s.id = l.hidden_by \
         JOIN alarm_hides h ON h.suspension_id = s.id AND h.alarm_id = l.id \
         WHERE s.ended_at IS NOT NULL AND h.hidden_at <= $2",
    )
    .bind(now)
    .bind(now.saturating_sub(LATE_ALARM_GRACE_US))
    .fetch_all(&app.database)
    .await?)
}

async fn next_due(app: &App) -> Result<Option<i64>, Problem> {
    let suspensions: Option<i64> = sqlx::query_scalar(
        "SELECT min(CASE WHEN began_at IS NULL THEN from_at ELSE until_at END) \
         FROM alarm_suspensions WHERE ended_at IS NULL",
    )
    .fetch_one(&app.database)
    .await?;
    let late: Option<i64> = sqlx::query_scalar(
        "SELECT min(h.hidden_at) FROM alarms l JOIN alarm_suspensions s ON s.id = l.hidden_by \
         JOIN alarm_hides h ON h.suspension_id = s.id AND h.alarm_id = l.id \
         WHERE s.ended_at IS NOT NULL",
    )
    .fetch_one(&app.database)
    .await?;
    let late = late.map(|at| at.saturating_add(LATE_ALARM_GRACE_US));
    let escalation = escalation::next_due(app).await?;
    let flood = flood::next_due(app).await?;
    Ok([suspensions, late, escalation, flood].into_iter().flatten().min())
}
