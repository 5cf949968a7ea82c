//! The embedded store: a folder of SQLite files.
//!
//! A batch is one row of `journal.db` and one sync; its readings are in memory as well, the heads.
//! When they are [`JOURNAL_READINGS`], they move into compressed chunks of month files (`sealing`),
//! whose rollups are built when the month is past (`rollups`). Retention deletes files.
//!
//! Memory: the heads hold at most [`JOURNAL_READINGS`] and one batch, 16 bytes each and up to twice
//! that for room to grow, and half as much again while the journal is written anew; each of at most
//! [`IDLE_CONNECTIONS`](crate::limits::IDLE_CONNECTIONS) and
//! [`QUERIES`](crate::limits::QUERIES) connections caches half a MiB. Queries hold their answer,
//! one chunk and the statistics of one month.
//!
//! One thread at a time writes; queries run beside it and wait for nothing but each other's number.

mod backup;
mod charts;
mod chunk;
mod deleting;
mod fault;
mod folder;
mod heads;
mod journal;
mod month;
mod reading;
mod rollups;
mod sealing;

use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use async_trait::async_trait;
use telemetry::clock::Clock;
use telemetry::pack::Sample;
use tokio::sync::Semaphore;

use crate::limits::{JOURNAL_READINGS, QUERIES, TIMES};
use crate::{
    Batch, Bucket, Grid, Range, Retention, SeriesId, SeriesName, StoreError, TelemetryStore,
    Written,
};
use folder::{Folder, Holds};
use heads::Heads;
use journal::Journal;
use rollups::ToBuild;
use sealing::Amount;

/// The embedded store. Clones share it.
#[derive(Clone)]
pub struct Embedded {
    inner: Arc<Inner>,
    queries: Arc<Semaphore>,
}

struct Inner {
    writer: Mutex<Writer>,
    /// Changed only by who holds the writer.
    heads: RwLock<Heads>,
    /// Held while a copy is made.
    backups: Mutex<()>,
    retention: Retention,
    clock: Arc<dyn Clock>,
    /// When to seal; a test may want it sooner.
    journal_readings: usize,
    /// Dropped last: it holds the lock on the folder.
    folder: Folder,
}

/// What only one thread at a time may do.
struct Writer {
    journal: Journal,
    rollups: ToBuild,
    /// Before this there are only rollups, which a late reading must not undo.
    closed_us: i64,
    deletions_during_backup: Option<Vec<(SeriesId, Range)>>,
}

impl Embedded {
    /// Opens or creates the store in a folder of its own, which no other process may have open.
    ///
    /// # Errors
    /// When the folder is in use or cannot be written, or the journal is damaged. A damaged month
    /// is noticed when it is read.
    pub fn open(
        dir: &Path,
        retention: Retention,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, StoreError> {
        Self::open_sealing_at(JOURNAL_READINGS, dir, retention, clock)
    }

    fn open_sealing_at(
        journal_readings: usize,
        dir: &Path,
        retention: Retention,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, StoreError> {
        let folder = Folder::open(dir)?;
        let (journal, heads) = Journal::open(&folder.journal())?;
        let rollups = ToBuild::new(folder.months(Holds::Readings));
        let writer =
            Writer { journal, rollups, closed_us: i64::MIN, deletions_during_backup: None };
        let inner = Inner {
            writer: Mutex::new(writer),
            heads: RwLock::new(heads),
            backups: Mutex::default(),
            retention,
            clock,
            journal_readings,
            folder,
        };
        inner.writer().closed_us = inner.closed_us();
        Ok(Self { inner: Arc::new(inner), queries: Arc::new(Semaphore::new(QUERIES)) })
    }

    async fn change<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Inner) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let inner = Arc::clone(&self.inner);
        let joined = tokio::task::spawn_blocking(move || work(&inner)).await;
        joined.unwrap_or(Err(StoreError::Closing))
    }

    async fn query<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Inner) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let permit = Arc::clone(&self.queries).acquire_owned().await;
        let permit = permit.map_err(|_| StoreError::Closing)?;
        self.change(move |inner| {
            let _permit = permit;
            work(inner)
        })
        .await
    }
}

impl Inner {
    fn writer(&self) -> MutexGuard<'_, Writer> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn heads(&self) -> RwLockReadGuard<'_, Heads> {
        self.heads.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn heads_mut(&self) -> RwLockWriteGuard<'_, Heads> {
        self.heads.write().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self, mut batch: Batch) -> Result<Written, StoreError> {
        let mut writer = self.writer();
        let kept_us = self.retention.at(self.clock.now_us()).raw_us.max(writer.closed_us);
        let wanted = Range { from_us: kept_us, to_us: i64::MAX }.within(TIMES);
        let mut written = Written::default();
        for (_, samples) in &mut batch {
            let all = samples.len();
            samples.retain(|s| wanted.contains(s.measured_at_us));
            written.stored += samples.len() as u64;
            written.expired += (all - samples.len()) as u64;
        }
        batch.retain(|(_, samples)| !samples.is_empty());
        if batch.is_empty() {
            return Ok(written);
        }
        self.make_room(&mut writer)?;
        writer.journal.append(&batch)?;
        let mut heads = self.heads_mut();
        for (id, samples) in &batch {
            heads.add(*id, samples);
        }
        Ok(written)
    }

    /// Seals when the heads are full. Before a batch is taken in and not after, so that a batch
    /// that is on disk is never answered with an error.
    fn make_room(&self, writer: &mut Writer) -> Result<(), StoreError> {
        let full = || self.heads().readings() >= self.journal_readings;
        if !full() {
            return Ok(());
        }
        match self.seal(writer, Amount::Enough) {
            Err(error) if full() => return Err(error),
            Err(error) => tracing::error!(%error, "some readings stay in the journal"),
            Ok(()) => {}
        }
        if let Err(error) = self.build_some(writer, self.clock.now_us()) {
            tracing::error!(%error, "a rollup is not built; charts are answered from readings");
        }
        Ok(())
    }

    fn settle(&self) -> Result<(), StoreError> {
        let mut writer = self.writer();
        let sealed = self.seal(&mut writer, Amount::All).and_then(|()| writer.journal.shrink());
        drop(writer);
        sealed.and(self.build_all())
    }

    /// Builds all rollups of past months, in steps between which writes have their turn.
    fn build_all(&self) -> Result<(), StoreError> {
        self.writer().rollups.next_seal();
        let mut built = Ok(());
        loop {
            match self.build_some(&mut self.writer(), self.clock.now_us()) {
                Ok(true) => {}
                Ok(false) => return built,
                // It is not tried again, so this comes to an end.
                Err(error) => built = Err(error),
            }
        }
    }

    fn check(&self) -> Result<(), StoreError> {
        let mut writer = self.writer();
        self.make_room(&mut writer)?;
        writer.journal.check()
    }
}

#[async_trait]
impl TelemetryStore for Embedded {
    async fn write(&self, batch: Batch) -> Result<Written, StoreError> {
        self.change(move |inner| inner.write(batch)).await
    }

    async fn buckets(
        &self,
        id: SeriesId,
        part: Range,
        grid: Grid,
    ) -> Result<Vec<Option<Bucket>>, StoreError> {
        self.query(move |inner| inner.buckets(id, part, grid)).await
    }

    async fn raw(
        &self,
        id: SeriesId,
        range: Range,
        limit: usize,
    ) -> Result<Vec<Sample>, StoreError> {
        self.query(move |inner| inner.raw(id, range, limit)).await
    }

    async fn latest(&self, id: SeriesId, range: Range) -> Result<Option<Sample>, StoreError> {
        self.query(move |inner| inner.latest(id, range)).await
    }

    async fn series(&self) -> Result<Vec<SeriesId>, StoreError> {
        self.query(Inner::series).await
    }

    async fn delete(&self, id: SeriesId, range: Range) -> Result<(), StoreError> {
        self.change(move |inner| inner.delete(&mut inner.writer(), id, range)).await
    }

    async fn expire(&self) -> Result<(), StoreError> {
        self.change(|inner| {
            let expired = inner.expire(&mut inner.writer(), inner.clock.now_us());
            expired.and(inner.build_all())
        })
        .await
    }

    /// Moves all readings into chunks and builds the rollups of past months.
    async fn settle(&self) -> Result<(), StoreError> {
        self.change(Inner::settle).await
    }

    /// The copy is a store. When a file cannot be read or written there is none.
    async fn backup(&self, into: &Path) -> Result<(), StoreError> {
        let into = into.to_owned();
        self.change(move |inner| inner.backup(&into)).await
    }

    /// Numbers are enough here.
    fn introduce(&self, _: SeriesId, _: SeriesName) {}

    async fn check(&self) -> Result<(), StoreError> {
        self.change(Inner::check).await
    }
}

#[cfg(test)]
mod tests;
