//! A chunk: up to 1024 readings of one series, compressed by `pco`, with its statistics beside it
//! so that wide charts decode nothing.
//!
//! The statistics are a narrow table in the order of series and time, so that a chart reads them
//! one after the other; what they speak for is in the table of blobs.

use std::cell::RefCell;
use std::ops::ControlFlow;

use pco::ChunkConfig;
use rusqlite::{Connection, Row, params};
use telemetry::pack::Sample;

use super::fault::{Fault, Outcome};
use super::heads::in_order;
use crate::limits::CHUNK_READINGS;
use crate::{Bucket, Range, SeriesId};

/// Tables of a month file.
pub(super) const SCHEMA: &str = "
CREATE TABLE chunks (
  series INTEGER NOT NULL, start_us INTEGER NOT NULL, end_us INTEGER NOT NULL,
  count INTEGER NOT NULL, min REAL NOT NULL, max REAL NOT NULL, sum REAL NOT NULL,
  first REAL NOT NULL, last REAL NOT NULL, blob INTEGER NOT NULL,
  PRIMARY KEY (series, start_us)
) WITHOUT ROWID;
CREATE TABLE blobs (
  id INTEGER PRIMARY KEY, times BLOB NOT NULL, figures BLOB NOT NULL, crc INTEGER NOT NULL
);";

/// pco level: 4 costs half the time of the default for nearly the same size.
const LEVEL: usize = 4;

/// A chunk without its readings.
#[derive(Clone, Copy)]
pub(super) struct Chunk {
    pub id: SeriesId,
    pub stats: Bucket,
    blob: i64,
}

const COLUMNS: &str = "series, start_us, end_us, count, min, max, sum, first, last, blob";

impl Chunk {
    fn from_row(row: &Row<'_>) -> Result<Self, rusqlite::Error> {
        let stats = Bucket {
            count: row.get(3)?,
            min: row.get(4)?,
            max: row.get(5)?,
            sum: row.get(6)?,
            first: Sample { measured_at_us: row.get(1)?, value: row.get(7)? },
            last: Sample { measured_at_us: row.get(2)?, value: row.get(8)? },
        };
        Ok(Self { id: SeriesId(row.get(0)?), stats, blob: row.get(9)? })
    }

    pub fn start_us(&self) -> i64 {
        self.stats.first.measured_at_us
    }

    pub fn end_us(&self) -> i64 {
        self.stats.last.measured_at_us
    }

    pub fn count(&self) -> usize {
        usize::try_from(self.stats.count).unwrap_or(usize::MAX)
    }

    /// Its readings.
    pub fn samples(&self, db: &Connection) -> Outcome<Vec<Sample>> {
        let mut found = db.prepare_cached("SELECT times, figures, crc FROM blobs WHERE id = ?1")?;
        let mut found = found.query([self.blob])?;
        let damaged = |what| Fault::Damaged(format!("blob {} {what}", self.blob));
        let row = found.next()?.ok_or_else(|| damaged("is missing"))?;
        let blob = |n| row.get_ref(n)?.as_blob().map_err(rusqlite::Error::from);
        let (times, figures) = (blob(0)?, blob(1)?);
        if row.get::<_, u32>(2)? != checksum(times, figures) {
            return Err(damaged("does not match its checksum"));
        }
        let times = pco::standalone::simple_decompress::<i64>(times)?;
        let values = pco::standalone::simple_decompress::<f64>(figures)?;
        if times.len() != values.len() || times.len() != self.count() {
            return Err(damaged("has another length than its chunk"));
        }
        let pair = |(measured_at_us, value)| Sample { measured_at_us, value };
        Ok(times.into_iter().zip(values).map(pair).collect())
    }

    /// Deletes it.
    pub fn delete(&self, db: &Connection) -> Outcome<()> {
        db.prepare_cached("DELETE FROM chunks WHERE series = ?1 AND start_us = ?2")?
            .execute([self.id.0, self.start_us()])?;
        db.prepare_cached("DELETE FROM blobs WHERE id = ?1")?.execute([self.blob])?;
        Ok(())
    }
}

fn checksum(times: &[u8], figures: &[u8]) -> u32 {
    let mut crc = crc32fast::Hasher::new();
    crc.update(times);
    crc.update(figures);
    crc.finalize()
}

thread_local! {
    /// Columns of the chunk that is being written.
    static COLUMNS_OF: RefCell<(Vec<i64>, Vec<f64>)> = RefCell::default();
}

/// Writes sorted readings as one chunk.
pub(super) fn insert(db: &Connection, id: SeriesId, samples: &[Sample]) -> Outcome<()> {
    let (Some(first), Some(last)) = (samples.first(), samples.last()) else { return Ok(()) };
    let (times, figures) = COLUMNS_OF.with_borrow_mut(|(times, values)| {
        times.clear();
        times.extend(samples.iter().map(|s| s.measured_at_us));
        values.clear();
        values.extend(samples.iter().map(|s| s.value));
        let config = ChunkConfig::default().with_compression_level(LEVEL);
        let times = pco::standalone::simple_compress(times, &config)?;
        Ok::<_, Fault>((times, pco::standalone::simple_compress(values, &config)?))
    })?;
    let (mut min, mut max, mut sum) = (first.value, first.value, 0.0);
    for s in samples {
        min = s.value.min(min);
        max = s.value.max(max);
        sum += s.value;
    }
    db.prepare_cached("INSERT INTO blobs (times, figures, crc) VALUES (?1, ?2, ?3)")?
        .execute(params![times, figures, checksum(&times, &figures)])?;
    let blob = db.last_insert_rowid();
    let (start_us, end_us) = (first.measured_at_us, last.measured_at_us);
    db.prepare_cached(
        "INSERT INTO chunks (series, start_us, end_us, count, min, max, sum, first, last, blob) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
    )?
    .execute(params![
        id.0,
        start_us,
        end_us,
        samples.len() as u64,
        min,
        max,
        sum,
        first.value,
        last.value,
        blob
    ])?;
    Ok(())
}

/// Writes sorted readings as chunks of about the same length, so that each has room for late ones.
pub(super) fn insert_evenly(db: &Connection, id: SeriesId, samples: &[Sample]) -> Outcome<()> {
    let chunks = samples.len().div_ceil(CHUNK_READINGS).max(1);
    let length = samples.len().div_ceil(chunks).max(1);
    samples.chunks(length).try_for_each(|samples| insert(db, id, samples))
}

/// Chunks of a series that may have readings in a range, in order.
pub(super) fn overlapping(db: &Connection, id: SeriesId, range: Range) -> Outcome<Vec<Chunk>> {
    // Chunks do not overlap, so of those that start before the range only the last can reach it.
    let mut found = db.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM chunks WHERE series = ?1 AND start_us < ?3 AND start_us >= \
         coalesce((SELECT max(start_us) FROM chunks WHERE series = ?1 AND start_us <= ?2), ?2) \
         AND end_us >= ?2 ORDER BY start_us"
    ))?;
    let found = found.query_map([id.0, range.from_us, range.to_us], Chunk::from_row)?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// The last chunk of a series that starts before a moment.
pub(super) fn last_before(db: &Connection, id: SeriesId, at_us: i64) -> Outcome<Option<Chunk>> {
    let mut found = db.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM chunks WHERE series = ?1 AND start_us < ?2 \
         ORDER BY start_us DESC LIMIT 1"
    ))?;
    let mut found = found.query_map([id.0, at_us], Chunk::from_row)?;
    Ok(found.next().transpose()?)
}

/// Series that have chunks, in order.
pub(super) fn series(db: &Connection) -> Outcome<Vec<SeriesId>> {
    let mut all = Vec::new();
    let mut next = db.prepare_cached("SELECT min(series) FROM chunks WHERE series > ?1")?;
    let mut after = i64::MIN;
    while let Some(id) = next.query_row([after], |r| r.get::<_, Option<i64>>(0))? {
        all.push(SeriesId(id));
        after = id;
    }
    Ok(all)
}

/// What a walk over the readings of a series comes upon.
pub(super) enum Found<'a> {
    /// A chunk of which all readings count as they are.
    Whole(&'a Bucket),
    /// Readings, in order.
    Readings(&'a [Sample]),
}

/// Walks over the readings of a series in a range, in order of time. Those of the head, in order
/// and in the range, replace and complete those in chunks. Chunks that `whole` accepts are not
/// decoded when the head does not touch them.
pub(super) fn walk(
    db: &Connection,
    id: SeriesId,
    range: Range,
    mut head: &[Sample],
    whole: impl Fn(&Chunk) -> bool,
    mut visit: impl FnMut(Found<'_>) -> ControlFlow<()>,
) -> Outcome<ControlFlow<()>> {
    let upto = |head: &[Sample], at_us| head.partition_point(|s| s.measured_at_us < at_us);
    for chunk in overlapping(db, id, range)? {
        let (before, rest) = head.split_at(upto(head, chunk.start_us()));
        let (corrected, rest) = rest.split_at(upto(rest, chunk.end_us().saturating_add(1)));
        head = rest;
        if !before.is_empty() && visit(Found::Readings(before)).is_break() {
            return Ok(ControlFlow::Break(()));
        }
        let inside = range.contains(chunk.start_us()) && range.contains(chunk.end_us());
        let step = if inside && corrected.is_empty() && whole(&chunk) {
            visit(Found::Whole(&chunk.stats))
        } else {
            let mut samples = chunk.samples(db)?;
            if !corrected.is_empty() {
                samples.extend_from_slice(corrected);
                in_order(&mut samples);
            }
            let from = upto(&samples, range.from_us);
            visit(Found::Readings(&samples[from..upto(&samples, range.to_us).max(from)]))
        };
        if step.is_break() {
            return Ok(step);
        }
    }
    if head.is_empty() { Ok(ControlFlow::Continue(())) } else { Ok(visit(Found::Readings(head))) }
}
