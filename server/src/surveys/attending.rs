//! What time does to satisfaction, by itself: call-backs become due, and customers are asked on schedule.

use tokio::sync::watch;

use super::policy::SurveyPolicy;
use super::schedule;
use crate::app::App;
use crate::http::Problem;
use crate::limits::{ATTEND_SATISFACTION_EVERY, LIST_ROWS};
use crate::notifications::{About, Event, What, notify};
use crate::{policies, tickets};

const HOUR_US: i64 = 3_600 * 1_000_000;

impl App {
    /// Looks after call-backs and surveys on schedule, until `stop` becomes true.
    pub async fn attend_satisfaction(self, mut stop: watch::Receiver<bool>) {
        loop {
            if let Err(error) = attend(&self).await {
                tracing::warn!(%error, "Call-backs and surveys on schedule were not looked after");
            }
            tokio::select! {
                _ = stop.wait_for(|stop| *stop) => return,
                () = tokio::time::sleep(ATTEND_SATISFACTION_EVERY) => {}
            }
        }
    }
}

/// Does what is due.
pub(super) async fn attend(app: &App) -> Result<(), Problem> {
    let now = app.clock.now_us();
    let (version, policy): (i64, SurveyPolicy) = policies::newest(&app.database).await?;
    let due: Vec<String> = sqlx::query_scalar(
        "SELECT id FROM call_backs WHERE state = 'due' AND told_at IS NULL AND due_at <= $1 \
         ORDER BY due_at, id LIMIT $2",
    )
    .bind(now.saturating_add(policy.call_back_notice_hours * HOUR_US))
    .bind(LIST_ROWS)
    .fetch_all(&app.database)
    .await?;
    let rule = format!("survey policy version {version}: a call-back is due");
    for id in due {
        tell(app, &id, &rule, now).await?;
    }
    schedule::ask_due(app, (version, &policy), now).await
}

/// What names the message about a call-back in the outbox.
pub(super) fn event_key(id: &str) -> String {
    format!("call-back-due:{id}")
}

/// Tells those who call, once, however many servers look.
async fn tell(app: &App, id: &str, rule: &str, now: i64) -> Result<(), Problem> {
    let mut tx = app.begin().await?;
    let taken: Option<(i64, String)> = sqlx::query_as(
        "UPDATE call_backs SET told_at = $2 WHERE id = $1 AND state = 'due' AND told_at IS NULL \
         RETURNING due_at, ticket_id",
    )
    .bind(id)
    .bind(now)
    .fetch_optional(&mut *tx)
    .await?;
    let Some((due_at, ticket_id)) = taken else { return Ok(()) };
    let (number, customer): (i64, String) = sqlx::query_as(
        "SELECT t.number, coalesce(c.name, a.name) AS customer FROM tickets t \
         JOIN assets a ON a.id = t.asset_id LEFT JOIN sites s ON s.id = a.site_id \
         LEFT JOIN customers c ON c.id = s.customer_id WHERE t.id = $1",
    )
    .bind(&ticket_id)
    .fetch_one(&mut *tx)
    .await?;
    let number = tickets::number(number);
    let what = What::CallBackDue { number: &number, customer: &customer, due_at };
    let (key, path) = (event_key(id), format!("/tickets/{ticket_id}"));
    let about = About { kind: "call_back", id, path: &path };
    notify(&mut tx, Event::new(&key, what, about, rule), now).await?;
    tx.commit().await?;
    Ok(())
}
