//! InfluxDB 2.x, through the `influxdb2` crate.
//!
//! Readings are the measurement `reading` with the tags board, channel and unit, the field `value`
//! and times in nanoseconds; rollups are the measurement `rollup` in buckets of their own, since
//! InfluxDB has one retention a bucket. Writing the same series and time replaces the value. What
//! series are called, and tickets, are in one more bucket, for those who read the database directly.
//!
//! Memory: one batch as lines and compressed, one answer of at most [`INFLUX_PAGE`] readings, the
//! names of the series, and the hours that are due.
//!
//! [`INFLUX_PAGE`]: crate::limits::INFLUX_PAGE

mod account;
mod description;
mod due;
mod gate;
mod http;
mod lines;
mod names;
mod query;
mod rollups;
mod write;

use std::ops::Deref;
use std::path::Path;
use std::sync::Arc;

use async_trait::async_trait;
use telemetry::clock::Clock;
use telemetry::pack::Sample;

use crate::limits::TIMES;
use crate::{
    Batch, Bucket, Grid, Kept, NamedSeries, NotedTicket, Range, Resolution, Retention, SeriesId,
    SeriesName, StoreError, TelemetryStore, Written,
};
use due::DueHours;
use gate::Gate;
use http::Http;
use lines::{Lines, READING, ROLLUP};
use names::Names;

pub use account::{Account, FirstSetUp, set_up};

/// The store in an InfluxDB. Clones share it.
#[derive(Clone)]
pub struct Influx(Arc<Inner>);

impl Deref for Influx {
    type Target = Inner;
    fn deref(&self) -> &Inner {
        &self.0
    }
}

/// What [`Influx`] holds.
pub struct Inner {
    account: Account,
    retention: Retention,
    clock: Arc<dyn Clock>,
    client: influxdb2::Client,
    /// For bodies that are compressed already.
    writer: influxdb2::Client,
    http: Http,
    names: Names,
    gate: Gate,
    due: DueHours,
    /// Held by a write, a delete, and the making of rollups: each sees whole batches.
    writing: tokio::sync::Mutex<()>,
}

impl Influx {
    /// Connects, makes the buckets that are missing, and gives each its retention.
    ///
    /// # Errors
    /// [`StoreError::Away`] when it cannot be reached, [`StoreError::Refused`] when the account is
    /// wrong.
    pub async fn connect(
        account: Account,
        retention: Retention,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, StoreError> {
        let client = account::client(&account)?;
        let http = Http::new(&account)?;
        account::check(&client).await?;
        account::prepare_buckets(&account, retention, &http).await?;
        let inner = Inner {
            writer: account::gzip_client(&account)?,
            client,
            http,
            account,
            retention,
            clock,
            names: Names::default(),
            gate: Gate::default(),
            due: DueHours::default(),
            writing: tokio::sync::Mutex::default(),
        };
        let store = Self(Arc::new(inner));
        store.find_marks().await?;
        tokio::spawn(rollups::keep_rolling(Arc::downgrade(&store.0)));
        Ok(store)
    }

    fn kept(&self) -> Kept {
        self.retention.at(self.clock.now_us())
    }

    /// Marks the hours that are due and not marked yet.
    fn mark(&self, lines: &mut Lines) -> Vec<i64> {
        let due = self.due.lock();
        let unmarked: Vec<i64> =
            due.iter().filter(|(_, d)| !d.marked).map(|(hour, _)| *hour).collect();
        unmarked.iter().for_each(|hour| lines.due(*hour));
        unmarked
    }

    fn marked(&self, hours: &[i64]) {
        let mut due = self.due.lock();
        for hour in hours {
            due.entry(*hour).or_default().marked = true;
        }
    }
}

#[async_trait]
impl TelemetryStore for Influx {
    async fn write(&self, batch: Batch) -> Result<Written, StoreError> {
        self.gate.pass()?;
        let kept = Range { from_us: self.kept().raw_us, to_us: i64::MAX }.within(TIMES);
        let _alone = self.writing.lock().await;
        let mut written = Written::default();
        let mut readings = Vec::with_capacity(batch.len());
        for (id, mut samples) in batch {
            let tags = self.names.of(id)?;
            let all = samples.len();
            samples.retain(|s| kept.contains(s.measured_at_us));
            written.expired += (all - samples.len()) as u64;
            samples.iter().for_each(|s| self.due.touch(id, s.measured_at_us));
            readings.push((tags, samples));
        }
        // The marks go first, so that no reading is stored whose hour is not marked.
        let mut lines = Lines::default();
        let unmarked = self.mark(&mut lines);
        for (tags, samples) in &readings {
            samples.iter().for_each(|s| lines.reading(&tags.line, *s));
        }
        written.refused = self.post(&self.account.bucket, &lines).await?;
        self.marked(&unmarked);
        let all: usize = readings.iter().map(|(_, samples)| samples.len()).sum();
        written.stored = (all as u64).saturating_sub(written.refused);
        Ok(written)
    }

    async fn buckets(
        &self,
        id: SeriesId,
        part: Range,
        grid: Grid,
    ) -> Result<Vec<Option<Bucket>>, StoreError> {
        self.chart(id, part, grid).await
    }

    async fn raw(
        &self,
        id: SeriesId,
        range: Range,
        limit: usize,
    ) -> Result<Vec<Sample>, StoreError> {
        self.readings(id, range, limit).await
    }

    async fn latest(&self, id: SeriesId, range: Range) -> Result<Option<Sample>, StoreError> {
        self.newest(id, range).await
    }

    async fn series(&self) -> Result<Vec<SeriesId>, StoreError> {
        self.with_readings().await
    }

    async fn delete(&self, id: SeriesId, range: Range) -> Result<(), StoreError> {
        let range = range.within(TIMES);
        if range.is_empty() {
            return Ok(());
        }
        let tags = self.names.of(id)?;
        let _alone = self.writing.lock().await;
        // Of the hours at both ends something may remain; those between are gone altogether.
        for at_us in [range.from_us, range.to_us - 1] {
            let from_us = Resolution::Hour.start_us(at_us);
            let to_us = from_us + Resolution::Hour.window_us();
            self.due.touch_range(id, Range { from_us, to_us });
        }
        let mut marks = Lines::default();
        let unmarked = self.mark(&mut marks);
        self.post(&self.account.bucket, &marks).await?;
        self.marked(&unmarked);
        for resolution in Resolution::ALL {
            let from_us = resolution.start_us(range.from_us);
            let windows = Range { from_us, to_us: range.to_us };
            let predicate = format!("_measurement=\"{ROLLUP}\" AND {}", tags.predicate);
            self.http.delete(&self.account.rollups(resolution), windows, &predicate).await?;
        }
        let predicate = format!("_measurement=\"{READING}\" AND {}", tags.predicate);
        self.http.delete(&self.account.bucket, range, &predicate).await
    }

    /// InfluxDB does this by itself, by the retention of its buckets.
    async fn expire(&self) -> Result<(), StoreError> {
        Ok(())
    }

    async fn settle(&self) -> Result<(), StoreError> {
        self.make_rollups().await
    }

    async fn backup(&self, _: &Path) -> Result<(), StoreError> {
        Err(StoreError::Query("InfluxDB has its own means for that: influx backup"))
    }

    fn introduce(&self, id: SeriesId, name: SeriesName) {
        self.names.introduce(id, &name);
    }

    fn is_read_by_others(&self) -> bool {
        true
    }

    async fn name_series(&self, named: &[NamedSeries]) -> Result<(), StoreError> {
        self.describe(named).await
    }

    async fn note_tickets(&self, tickets: &[NotedTicket]) -> Result<(), StoreError> {
        self.note(tickets).await
    }

    async fn check(&self) -> Result<(), StoreError> {
        self.gate.pass()?;
        account::check(&self.client).await
    }
}
