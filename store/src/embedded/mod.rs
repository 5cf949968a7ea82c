//! The embedded store: SQLite with a journal of recent batches and one row per compressed chunk.
//!
//! A batch is one journal row and one sync. Recent readings are held in memory as well (the heads),
//! and are read back from the journal after a crash.

mod chunk;
mod sealing;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use async_trait::async_trait;
use rusqlite::{Connection, OptionalExtension};
use telemetry::pack::Sample;

use crate::limits::{JOURNAL_BYTES, TIMES};
use crate::{Batch, Bucket, Grid, Range, SeriesId, StoreError, TelemetryStore, Written};
use chunk::{COLUMNS, Chunk};
use sealing::{in_order, seal};

const SCHEMA: &str = "
CREATE TABLE IF NOT EXISTS journal (id INTEGER PRIMARY KEY, batch BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS chunks (
  id INTEGER PRIMARY KEY, series INTEGER NOT NULL, start_us INTEGER NOT NULL,
  end_us INTEGER NOT NULL, count INTEGER NOT NULL, min REAL NOT NULL, max REAL NOT NULL,
  sum REAL NOT NULL, first REAL NOT NULL, last REAL NOT NULL,
  times BLOB NOT NULL, figures BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS chunks_series ON chunks (series, start_us);";

type Heads = BTreeMap<SeriesId, Vec<Sample>>;

/// The embedded store. Clones share it.
#[derive(Clone)]
pub struct Embedded {
    inner: Arc<Inner>,
}

struct Inner {
    writer: Mutex<Writer>,
    reader: Mutex<Connection>,
    heads: RwLock<Heads>,
}

struct Writer {
    db: Connection,
    journal_bytes: usize,
    /// The journal is emptied when it reaches this; grows with what cannot be sealed yet, so that
    /// many slow series do not cause a rewrite at every batch.
    seal_at: usize,
}

fn open(path: &Path) -> Result<Connection, rusqlite::Error> {
    let db = Connection::open(path)?;
    db.busy_timeout(std::time::Duration::from_secs(10))?;
    db.pragma_update(None, "journal_mode", "WAL")?;
    db.pragma_update(None, "synchronous", "FULL")?;
    Ok(db)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Embedded {
    /// Opens or creates the store in a file.
    ///
    /// # Errors
    /// When the file cannot be opened, or its journal is damaged.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let db = open(path)?;
        db.execute_batch(SCHEMA)?;
        let mut heads = Heads::new();
        let mut journal_bytes = 0;
        {
            let mut rows = db.prepare("SELECT batch FROM journal ORDER BY id")?;
            let mut rows = rows.query([])?;
            while let Some(row) = rows.next()? {
                let batch = row.get_ref(0)?.as_blob().map_err(rusqlite::Error::from)?;
                journal_bytes += batch.len();
                journal::read(batch, &mut heads)?;
            }
        }
        let writer = Writer { db, journal_bytes, seal_at: JOURNAL_BYTES.max(2 * journal_bytes) };
        let inner = Inner {
            writer: Mutex::new(writer),
            reader: Mutex::new(open(path)?),
            heads: RwLock::new(heads),
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Inner) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let inner = self.inner.clone();
        let joined = tokio::task::spawn_blocking(move || work(&inner)).await;
        joined.unwrap_or(Err(StoreError::Closing))
    }
}

impl Inner {
    fn write(&self, mut batch: Batch) -> Result<Written, StoreError> {
        let mut written = Written::default();
        for (_, samples) in &mut batch {
            let all = samples.len();
            samples.retain(|s| TIMES.contains(s.measured_at_us));
            written.stored += samples.len() as u64;
            written.expired += (all - samples.len()) as u64;
        }
        let bytes = journal::write(batch.iter().map(|(id, samples)| (*id, samples.as_slice())));
        let mut writer = lock(&self.writer);
        writer.db.prepare_cached("INSERT INTO journal (batch) VALUES (?1)")?.execute([&bytes])?;
        writer.journal_bytes += bytes.len();
        let mut heads = self.heads.write().unwrap_or_else(PoisonError::into_inner);
        for (id, samples) in batch {
            heads.entry(id).or_default().extend(samples);
        }
        drop(heads);
        if writer.journal_bytes >= writer.seal_at {
            self.seal(&mut writer)?;
        }
        Ok(written)
    }

    /// Moves full chunks out of the heads. The heads change only after the commit, so a failure
    /// leaves everything as it was.
    fn seal(&self, writer: &mut Writer) -> Result<(), StoreError> {
        let mut heads = self.heads.read().unwrap_or_else(PoisonError::into_inner).clone();
        let tx = writer.db.transaction()?;
        for (id, head) in &mut heads {
            *head = seal(&tx, *id, std::mem::take(head))?;
        }
        heads.retain(|_, head| !head.is_empty());
        let rest = journal::write(heads.iter().map(|(id, head)| (*id, head.as_slice())));
        tx.execute("DELETE FROM journal", [])?;
        tx.execute("INSERT INTO journal (batch) VALUES (?1)", [&rest])?;
        // Readers look at chunks first and heads second: the heads shrink only after the commit.
        let mut shared = self.heads.write().unwrap_or_else(PoisonError::into_inner);
        tx.commit()?;
        *shared = heads;
        writer.journal_bytes = rest.len();
        writer.seal_at = JOURNAL_BYTES.max(2 * rest.len());
        Ok(())
    }

    /// Chunks that overlap the range, and the head's readings in it, as one consistent view.
    fn view(&self, id: SeriesId, range: Range) -> Result<(Vec<Chunk>, Vec<Sample>), StoreError> {
        let heads = self.heads.read().unwrap_or_else(PoisonError::into_inner);
        let db = lock(&self.reader);
        // Chunks do not overlap, so the one before the range can only be the last that starts
        // before it.
        let mut chunks = db.prepare_cached(&format!(
            "SELECT {COLUMNS} FROM chunks WHERE series = ?1 AND start_us < ?3 AND end_us >= ?2 \
             AND start_us >= coalesce((SELECT max(start_us) FROM chunks WHERE series = ?1 AND \
             start_us <= ?2), ?2) ORDER BY start_us"
        ))?;
        let chunks = chunks
            .query_map([id.0, range.from_us, range.to_us], Chunk::from_row)?
            .collect::<Result<Vec<_>, _>>()?;
        let head = heads.get(&id).map_or(&[][..], Vec::as_slice);
        let mut head: Vec<_> =
            head.iter().copied().filter(|s| range.contains(s.measured_at_us)).collect();
        in_order(&mut head);
        Ok((chunks, head))
    }

    fn raw(&self, id: SeriesId, range: Range, limit: usize) -> Result<Vec<Sample>, StoreError> {
        let (chunks, head) = self.view(id, range)?;
        let enough = limit.saturating_add(head.len() + crate::limits::CHUNK_READINGS);
        let mut samples = Vec::new();
        for chunk in &chunks {
            samples.extend(chunk.samples()?);
            // What the head corrects lies no later than what has been read, so it can be cut.
            if samples.len() > enough {
                break;
            }
        }
        samples.extend(head);
        in_order(&mut samples);
        samples.retain(|s| range.contains(s.measured_at_us));
        samples.truncate(limit);
        Ok(samples)
    }

    fn buckets(
        &self,
        id: SeriesId,
        part: Range,
        grid: Grid,
    ) -> Result<Vec<Option<Bucket>>, StoreError> {
        let part = part.within(grid.range);
        let (chunks, mut head) = self.view(id, part)?;
        let mut buckets = vec![None; grid.len()];
        let mut put = |at_us: i64, b: &Bucket| Bucket::merge(&mut buckets[grid.index(at_us)], b);
        for chunk in &chunks {
            let inside = part.contains(chunk.start_us) && part.contains(chunk.end_us);
            let covered = |s: &Sample| (chunk.start_us..=chunk.end_us).contains(&s.measured_at_us);
            let corrected: Vec<Sample> = head.iter().copied().filter(covered).collect();
            if inside
                && corrected.is_empty()
                && grid.index(chunk.start_us) == grid.index(chunk.end_us)
            {
                put(chunk.start_us, &chunk.stats);
                continue;
            }
            head.retain(|s| !covered(s));
            let mut samples = chunk.samples()?;
            samples.extend(corrected);
            in_order(&mut samples);
            for s in samples.iter().filter(|s| part.contains(s.measured_at_us)) {
                put(s.measured_at_us, &Bucket::of(*s));
            }
        }
        for s in &head {
            put(s.measured_at_us, &Bucket::of(*s));
        }
        Ok(buckets)
    }

    fn latest(&self, id: SeriesId, range: Range) -> Result<Option<Sample>, StoreError> {
        let heads = self.heads.read().unwrap_or_else(PoisonError::into_inner);
        let inside = |s: &Sample| range.contains(s.measured_at_us);
        let head = heads.get(&id).into_iter().flatten().copied();
        let head = head.filter(inside).max_by_key(|s| s.measured_at_us);
        let db = lock(&self.reader);
        let chunk = db
            .prepare_cached(&format!(
                "SELECT {COLUMNS} FROM chunks WHERE series = ?1 AND start_us < ?2 \
                 ORDER BY start_us DESC LIMIT 1"
            ))?
            .query_row([id.0, range.to_us], Chunk::from_row)
            .optional()?;
        let sealed = match chunk {
            Some(chunk) if chunk.end_us < range.to_us => Some(chunk.stats.last),
            Some(chunk) => chunk.samples()?.into_iter().rfind(inside),
            None => None,
        };
        let newest_last = sealed.filter(inside).into_iter().chain(head);
        Ok(newest_last.max_by_key(|s| s.measured_at_us))
    }
}

#[async_trait]
impl TelemetryStore for Embedded {
    async fn write(&self, batch: Batch) -> Result<Written, StoreError> {
        self.blocking(move |inner| inner.write(batch)).await
    }

    async fn buckets(
        &self,
        id: SeriesId,
        part: Range,
        grid: Grid,
    ) -> Result<Vec<Option<Bucket>>, StoreError> {
        self.blocking(move |inner| inner.buckets(id, part, grid)).await
    }

    async fn raw(
        &self,
        id: SeriesId,
        range: Range,
        limit: usize,
    ) -> Result<Vec<Sample>, StoreError> {
        self.blocking(move |inner| inner.raw(id, range, limit)).await
    }

    async fn latest(&self, id: SeriesId, range: Range) -> Result<Option<Sample>, StoreError> {
        self.blocking(move |inner| inner.latest(id, range)).await
    }
}

/// Journal rows: per series its number, a count, then time and value of each reading, all 8 bytes
/// little endian.
mod journal {
    use super::{Heads, Sample, SeriesId, StoreError};

    pub(super) fn write<'a>(batch: impl Iterator<Item = (SeriesId, &'a [Sample])>) -> Vec<u8> {
        let mut bytes = Vec::new();
        for (id, samples) in batch {
            bytes.extend_from_slice(&id.0.to_le_bytes());
            bytes.extend_from_slice(&(samples.len() as u64).to_le_bytes());
            for s in samples {
                bytes.extend_from_slice(&s.measured_at_us.to_le_bytes());
                bytes.extend_from_slice(&s.value.to_le_bytes());
            }
        }
        bytes
    }

    pub(super) fn read(mut bytes: &[u8], heads: &mut Heads) -> Result<(), StoreError> {
        let mut word = || {
            let (word, rest) = bytes
                .split_first_chunk::<8>()
                .ok_or_else(|| StoreError::Damaged("a journal row ends early".to_owned()))?;
            bytes = rest;
            Ok::<_, StoreError>((*word, rest.is_empty()))
        };
        loop {
            let Ok((id, _)) = word() else { return Ok(()) };
            let (count, mut end) = word()?;
            let head = heads.entry(SeriesId(i64::from_le_bytes(id))).or_default();
            for _ in 0..u64::from_le_bytes(count) {
                let time = i64::from_le_bytes(word()?.0);
                let (value, last) = word()?;
                head.push(Sample { measured_at_us: time, value: f64::from_le_bytes(value) });
                end = last;
            }
            if end {
                return Ok(());
            }
        }
    }
}

#[cfg(test)]
mod tests;
