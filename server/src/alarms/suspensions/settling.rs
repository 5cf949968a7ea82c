//! What time does to suspensions: planned ones begin, others end.

use super::{Ledger, ROW, Row};
use crate::alarms::ledger::CLOCK;
use crate::http::Problem;
use crate::limits::LATE_ALARM_GRACE_US;

impl Ledger<'_, '_> {
    /// Begins and ends what is due for this asset.
    pub(in crate::alarms) async fn settle(&mut self) -> Result<(), Problem> {
        for id in self.planned().await? {
            self.begin(&id).await?;
        }
        for row in self.expired().await? {
            let until = row.until_at.unwrap_or(self.now);
            self.end(&row.id, until, CLOCK, "its time is over").await?;
        }
        // What was raised late, by readings from the time of a suspension that had ended by then,
        // gets some time to be cleared by the readings that follow.
        let late = "EXISTS (SELECT 1 FROM alarm_suspensions s JOIN alarm_hides h \
             ON h.suspension_id = s.id AND h.alarm_id = l.id WHERE s.id = l.hidden_by \
             AND s.ended_at IS NOT NULL AND h.hidden_at <= CAST($2 AS BIGINT))";
        let since = self.now.saturating_sub(LATE_ALARM_GRACE_US).to_string();
        for alarm in self.kept(late, &since).await? {
            self.come_out(&alarm, CLOCK, "what hid it had ended").await?;
        }
        Ok(())
    }

    async fn planned(&mut self) -> Result<Vec<String>, Problem> {
        Ok(sqlx::query_scalar(
            "SELECT id FROM alarm_suspensions WHERE asset_id = $1 AND began_at IS NULL \
             AND ended_at IS NULL AND from_at <= $2 ORDER BY id",
        )
        .bind(&self.asset_id)
        .bind(self.now)
        .fetch_all(&mut **self.tx)
        .await?)
    }

    async fn expired(&mut self) -> Result<Vec<Row>, Problem> {
        let sql = format!(
            "SELECT {ROW} FROM alarm_suspensions WHERE asset_id = $1 AND ended_at IS NULL \
             AND until_at <= $2 ORDER BY until_at, id"
        );
        Ok(sqlx::query_as(sqlx::AssertSqlSafe(sql))
            .bind(&self.asset_id)
            .bind(self.now)
            .fetch_all(&mut **self.tx)
            .await?)
    }
}
