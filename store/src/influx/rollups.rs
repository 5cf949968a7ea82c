//! Rollups: InfluxDB sums readings up into minutes, and minutes into hours, where they are due.

use std::sync::Weak;

use super::due::Due;
use super::lines::{Lines, READING, ROLLUP, ROLLUP_DUE};
use super::query::{OF_READINGS, OF_ROLLUPS, bucket, time_us, within};
use super::{Influx, Inner};
use crate::limits::{INFLUX_NAMED_SERIES, INFLUX_ROLLUP_EVERY};
use crate::{Range, Resolution, StoreError};

/// Marks of hours that ended so long ago are taken away; younger ones will be needed again.
const SETTLED_US: i64 = 2 * Resolution::Hour.window_us();

impl Influx {
    /// Makes all rollups that are due. Writes wait meanwhile. What is due stays so when InfluxDB
    /// fails.
    pub(super) async fn make_rollups(&self) -> Result<(), StoreError> {
        let _alone = self.writing.lock().await;
        let hours: Vec<(i64, Due)> = {
            let due = self.due.lock();
            due.iter().filter(|(_, d)| !d.is_clean()).map(|(h, d)| (*h, d.clone())).collect()
        };
        for (hour_us, due) in hours {
            self.roll_up(hour_us, &due).await?;
            if let Some(done) = self.due.lock().get_mut(&hour_us) {
                *done = Due { marked: true, ..Due::default() };
            }
        }
        self.take_marks_away().await
    }

    async fn roll_up(&self, hour_us: i64, due: &Due) -> Result<(), StoreError> {
        let hour = Range { from_us: hour_us, to_us: hour_us + Resolution::Hour.window_us() };
        let concerned = self.concerned(due)?;
        let minutes = self.account.rollups(Resolution::Minute);
        let readings = Step {
            from: (&self.account.bucket, READING, OF_READINGS),
            into: (&minutes, Resolution::Minute),
        };
        self.sum_up(readings, due.minutes(hour_us), &concerned).await?;
        let hours = self.account.rollups(Resolution::Hour);
        let rollups =
            Step { from: (&minutes, ROLLUP, OF_ROLLUPS), into: (&hours, Resolution::Hour) };
        self.sum_up(rollups, hour, &concerned).await
    }

    /// A condition for few series; many are summed up together, whether due or not.
    fn concerned(&self, due: &Due) -> Result<String, StoreError> {
        if due.all || due.series.len() > INFLUX_NAMED_SERIES {
            return Ok(String::new());
        }
        let mut conditions = Vec::new();
        for id in due.series.keys() {
            conditions.push(format!("({})", self.names.of(*id)?.condition));
        }
        Ok(format!(" AND ({})", conditions.join(" OR ")))
    }

    async fn sum_up(
        &self,
        step: Step<'_>,
        range: Range,
        concerned: &str,
    ) -> Result<(), StoreError> {
        let (from, measurement, figures) = step.from;
        let (into, resolution) = step.into;
        let statement = format!(
            "SELECT {figures} FROM {measurement} WHERE {}{concerned} \
             GROUP BY time({}u), board, channel, unit fill(none)",
            within(range),
            resolution.window_us()
        );
        let mut lines = Lines::default();
        for table in self.http.query(from, &[statement]).await?.iter().flatten() {
            let tags = table.line_tags();
            for row in &table.values {
                let start_us = time_us(row)?;
                let covers = Range { from_us: start_us, to_us: start_us + resolution.window_us() };
                lines.rollup(&tags, start_us, &bucket(row, covers)?);
            }
        }
        self.post(into, &lines).await.map(drop)
    }

    async fn take_marks_away(&self) -> Result<(), StoreError> {
        let before = self.clock.now_us() - SETTLED_US;
        let settled: Vec<i64> = {
            let due = self.due.lock();
            due.iter().filter(|(h, d)| d.is_clean() && **h < before).map(|(h, _)| *h).collect()
        };
        let hour = Resolution::Hour.window_us();
        // Neighbouring hours in one go.
        for run in settled.chunk_by(|a, b| a + hour == *b) {
            let range = Range { from_us: run[0], to_us: run[run.len() - 1] + hour };
            let marks = format!("_measurement=\"{ROLLUP_DUE}\"");
            self.http.delete(&self.account.bucket, range, &marks).await?;
            let mut due = self.due.lock();
            run.iter().for_each(|hour| drop(due.remove(hour)));
        }
        Ok(())
    }

    /// Marks that an earlier process left.
    pub(super) async fn find_marks(&self) -> Result<(), StoreError> {
        let statement = format!("SELECT n FROM {ROLLUP_DUE}");
        let answer = self.http.query(&self.account.bucket, &[statement]).await?;
        let mut due = self.due.lock();
        for row in answer.iter().flatten().flat_map(|table| &table.values) {
            let found = Due { marked: true, all: true, ..Due::default() };
            due.insert(Resolution::Hour.start_us(time_us(row)?), found);
        }
        Ok(())
    }
}

/// From readings to minutes, or from minutes to hours.
struct Step<'a> {
    /// Bucket, measurement, figures.
    from: (&'a str, &'a str, &'a str),
    /// Bucket and length of windows.
    into: (&'a str, Resolution),
}

/// Makes rollups now and then, until the store is gone.
pub(super) async fn keep_rolling(store: Weak<Inner>) {
    let mut turns = tokio::time::interval(INFLUX_ROLLUP_EVERY);
    loop {
        turns.tick().await;
        let Some(inner) = store.upgrade() else { return };
        if let Err(error) = Influx(inner).make_rollups().await {
            tracing::warn!(%error, "Rollups were not made; readings answer meanwhile");
        }
    }
}
