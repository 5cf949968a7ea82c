//! What time does to clocks, by itself: a promise is due soon, and then late. It sleeps until the next
//! of these, or until somebody may have started clocks. Whoever changes a clock that is late finds it
//! breached; telling people is done here alone.

use std::time::Duration;

use tokio::sync::watch;

use super::clock::{Act, CLOCK, take};
use super::list::find;
use super::recomputing::recompute;
use crate::app::App;
use crate::http::Problem;
use crate::limits::{ATTEND_SLA_EVERY, ATTEND_SLA_REST, LIST_ROWS};

impl App {
    /// Looks after what was promised, until `stop` becomes true.
    pub async fn attend_service_levels(self, mut stop: watch::Receiver<bool>) {
        loop {
            let wait = match attend(&self).await {
                Ok(next) => next.map_or(ATTEND_SLA_EVERY, |at| {
                    let us = u64::try_from(at.saturating_sub(self.clock.now_us())).unwrap_or(0);
                    Duration::from_micros(us).clamp(ATTEND_SLA_REST, ATTEND_SLA_EVERY)
                }),
                Err(error) => {
                    tracing::warn!(%error, "Promises were not looked after");
                    ATTEND_SLA_EVERY
                }
            };
            tokio::select! {
                _ = stop.wait_for(|stop| *stop) => return,
                () = tokio::time::sleep(wait) => {}
            }
        }
    }
}

/// Notices everything that is due soon or late, and says when the next is.
pub(super) async fn attend(app: &App) -> Result<Option<i64>, Problem> {
    let now = app.clock.now_us();
    catch_up(app, now).await?;
    let due: Vec<String> = sqlx::query_scalar(
        "SELECT id FROM sla_clocks WHERE attend_at <= $1 ORDER BY attend_at, id LIMIT $2",
    )
    .bind(now)
    .bind(LIST_ROWS)
    .fetch_all(&app.database)
    .await?;
    for id in due {
        let mut tx = app.begin().await?;
        let Some(mut clock) = take(&mut tx, &id).await? else { continue };
        clock.settle(&mut tx, now).await?;
        let noticed = clock.unnoticed(now);
        if let Some(what) = noticed {
            clock.notice(&mut tx, what, now).await?;
        }
        tx.commit().await?;
        if noticed.is_some() {
            app.announce("sla", &find(app, &id).await?);
        }
    }
    Ok(sqlx::query_scalar("SELECT min(attend_at) FROM sla_clocks").fetch_one(&app.database).await?)
}

/// Clocks that were started while somebody changed their policy, under the version before.
async fn catch_up(app: &App, at: i64) -> Result<(), Problem> {
    let act = Act { who: CLOCK, why: "its policy or its hours have a newer version", at };
    let mut tx = app.begin().await?;
    recompute(&mut tx, LIST_ROWS, act).await?;
    tx.commit().await?;
    Ok(())
}
