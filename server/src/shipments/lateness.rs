//! What time does to shipments, by itself: a promise passes, and nothing is there. Each promise is
//! noticed to be broken once, however many servers look.

use std::time::Duration;

use tokio::sync::watch;

use super::shipment::{announce, hold};
use super::telling::{News, tell};
use crate::app::App;
use crate::changes::{self, NewChange};
use crate::http::Problem;
use crate::limits::{ATTEND_SHIPMENTS_EVERY, ATTEND_SHIPMENTS_REST, LIST_ROWS};

impl App {
    /// Looks after what was promised of shipments, until `stop` becomes true.
    pub async fn attend_shipments(self, mut stop: watch::Receiver<bool>) {
        loop {
            let wait = match attend(&self).await {
                Ok(next) => next.map_or(ATTEND_SHIPMENTS_EVERY, |at| {
                    let us = u64::try_from(at.saturating_sub(self.clock.now_us())).unwrap_or(0);
                    Duration::from_micros(us).clamp(ATTEND_SHIPMENTS_REST, ATTEND_SHIPMENTS_EVERY)
                }),
                Err(error) => {
                    tracing::warn!(%error, "Promises of shipments were not looked after");
                    ATTEND_SHIPMENTS_EVERY
                }
            };
            tokio::select! {
                _ = stop.wait_for(|stop| *stop) => return,
                () = tokio::time::sleep(wait) => {}
            }
        }
    }
}

/// Promises that hold, are not known to be broken, and are of shipments that somebody waits for.
const HOLDING: &str = "shipment_promises p JOIN shipments s ON s.id = p.shipment_id \
     WHERE p.late_at IS NULL AND s.state NOT IN ('delivered', 'closed', 'cancelled') \
     AND p.number = (SELECT max(m.number) FROM shipment_promises m WHERE m.shipment_id = s.id)";

/// Notices every promise that is broken, and says when the next may be.
pub(super) async fn attend(app: &App) -> Result<Option<i64>, Problem> {
    let now = app.clock.now_us();
    let sql = format!(
        "SELECT s.id FROM {HOLDING} AND p.promised_at <= $1 ORDER BY p.promised_at LIMIT $2"
    );
    let broken: Vec<String> = sqlx::query_scalar(sqlx::AssertSqlSafe(sql))
        .bind(now)
        .bind(LIST_ROWS)
        .fetch_all(&app.database)
        .await?;
    for id in broken {
        if notice(app, &id, now).await? {
            announce(app, &id).await?;
        }
    }
    let sql = format!("SELECT min(p.promised_at) FROM {HOLDING}");
    Ok(sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).fetch_one(&app.database).await?)
}

/// Marks a shipment late and tells people; whether nobody had before.
async fn notice(app: &App, id: &str, now: i64) -> Result<bool, Problem> {
    let mut tx = app.begin().await?;
    // Meanwhile it may have been delivered, or promised anew.
    let shipment = hold(&mut tx, id).await?;
    let passed = shipment.promised_at.is_some_and(|at| at.0 <= now);
    if !shipment.state.is_awaited() || !passed || shipment.late {
        return Ok(false);
    }
    sqlx::query("UPDATE shipment_promises SET late_at = $3 WHERE shipment_id = $1 AND number = $2")
        .bind(id)
        .bind(shipment.promise_number)
        .bind(now)
        .execute(&mut *tx)
        .await?;
    let change = NewChange {
        kind: "shipment",
        id,
        who: "clock",
        rule: Some("a promise of a shipment"),
        field: "late",
        from: Some("false"),
        to: Some("true"),
        why: "it was promised and is not there",
        version: Some(shipment.version),
        ..NewChange::default()
    };
    changes::record(&mut tx, now, change).await?;
    tell(&mut tx, id, News::Late, now).await?;
    tx.commit().await?;
    Ok(true)
}
