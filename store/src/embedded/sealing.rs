//! From journal to chunks: what was written lately moves into compressed chunks.
//!
//! Chunks of a series never overlap. Late readings are merged into the chunk that they belong to,
//! which is rewritten; all of it happens in the transaction that empties the journal.

use std::collections::BTreeMap;

use rusqlite::Connection;
use telemetry::pack::Sample;

use super::chunk::{self, COLUMNS, Chunk};
use crate::limits::CHUNK_READINGS;
use crate::{SeriesId, StoreError};

/// Sorts by time; of several readings with one time the last written stays.
pub(super) fn in_order(samples: &mut Vec<Sample>) {
    if samples.is_sorted_by(|a, b| a.measured_at_us < b.measured_at_us) {
        return;
    }
    samples.sort_by_key(|s| s.measured_at_us);
    samples.reverse();
    samples.dedup_by_key(|s| s.measured_at_us);
    samples.reverse();
}

/// Seals the head of one series and returns what remains in it: less than a chunk.
pub(super) fn seal(
    db: &Connection,
    id: SeriesId,
    mut head: Vec<Sample>,
) -> Result<Vec<Sample>, StoreError> {
    in_order(&mut head);
    let end: Option<i64> = db
        .prepare_cached("SELECT max(end_us) FROM chunks WHERE series = ?1")?
        .query_row([id.0], |r| r.get(0))?;
    let late = end.map_or(0, |end| head.partition_point(|s| s.measured_at_us <= end));
    let newer = head.split_off(late);
    merge_late(db, id, &head)?;
    let full = newer.len() / CHUNK_READINGS * CHUNK_READINGS;
    for samples in newer[..full].chunks(CHUNK_READINGS) {
        chunk::insert(db, id, samples)?;
    }
    Ok(newer[full..].to_vec())
}

fn merge_late(db: &Connection, id: SeriesId, late: &[Sample]) -> Result<(), StoreError> {
    let (Some(first), Some(last)) = (late.first(), late.last()) else { return Ok(()) };
    // Each late reading goes to the last chunk that starts at or before it, else to the first.
    let mut starts = db.prepare_cached(
        "SELECT start_us, id FROM chunks WHERE series = ?1 AND start_us <= ?2 AND start_us >= \
         coalesce((SELECT max(start_us) FROM chunks WHERE series = ?1 AND start_us <= ?3), \
         (SELECT min(start_us) FROM chunks WHERE series = ?1)) ORDER BY start_us",
    )?;
    let mut starts: Vec<(i64, i64)> = starts
        .query_map([id.0, last.measured_at_us, first.measured_at_us], |r| {
            Ok((r.get(0)?, r.get(1)?))
        })?
        .collect::<Result<_, _>>()?;
    if starts.is_empty() {
        starts = db
            .prepare_cached(
                "SELECT start_us, id FROM chunks WHERE series = ?1 ORDER BY start_us LIMIT 1",
            )?
            .query_map([id.0], |r| Ok((r.get(0)?, r.get(1)?)))?
            .collect::<Result<_, _>>()?;
    }
    let mut by_chunk: BTreeMap<i64, Vec<Sample>> = BTreeMap::new();
    for sample in late {
        let at = starts.partition_point(|(start, _)| *start <= sample.measured_at_us);
        by_chunk.entry(starts[at.saturating_sub(1)].1).or_default().push(*sample);
    }
    for (chunk_id, late) in by_chunk {
        rewrite(db, id, chunk_id, &late)?;
    }
    Ok(())
}

fn rewrite(db: &Connection, id: SeriesId, chunk: i64, late: &[Sample]) -> Result<(), StoreError> {
    let old = db
        .prepare_cached(&format!("SELECT {COLUMNS} FROM chunks WHERE id = ?1"))?
        .query_row([chunk], Chunk::from_row)?;
    let mut samples = old.samples()?;
    samples.extend_from_slice(late);
    in_order(&mut samples);
    db.prepare_cached("DELETE FROM chunks WHERE id = ?1")?.execute([chunk])?;
    for samples in samples.chunks(CHUNK_READINGS) {
        chunk::insert(db, id, samples)?;
    }
    Ok(())
}
