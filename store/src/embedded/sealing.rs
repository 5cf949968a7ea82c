//! Sealing: what was written lately moves from the journal into the chunks of month files.
//!
//! SQLite in WAL mode commits one file at a time. So the month files are committed first and the
//! journal is emptied after: a crash in between leaves readings in both, and writing them again
//! changes nothing. Readings take what is in the heads over what is in chunks, so that they see
//! every reading once at each moment. The heads shrink last.

use std::collections::{BTreeMap, BTreeSet};
use std::ops;

use rusqlite::Connection;
use telemetry::pack::Sample;

use super::chunk::{self, Chunk};
use super::fault::Outcome;
use super::folder::MonthFile;
use super::heads::{Heads, Sealed, in_order};
use super::month::Month;
use super::{Inner, Writer};
use crate::limits::CHUNK_READINGS;
use crate::{Range, SeriesId, StoreError};

/// How much to seal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Amount {
    /// Full chunks, and of the longest heads also what does not fill one, until the heads are at
    /// most half of their limit: so a seal always pays for the next half, however many series
    /// there are.
    Enough,
    /// Everything.
    All,
}

/// Part of a head that lies in one month.
struct Part {
    id: SeriesId,
    place: ops::Range<usize>,
    /// Also what does not fill a chunk.
    all: bool,
}

impl Inner {
    /// Seals. The error of a damaged month is answered when everything else was sealed; its
    /// readings stay in the journal. After any other error nothing is different to readers.
    pub(super) fn seal(&self, writer: &mut Writer, amount: Amount) -> Result<(), StoreError> {
        self.heads_mut().put_in_order();
        // Only this thread changes them: it holds the writer.
        let heads = self.heads();
        let mut sealed = Sealed::default();
        let mut damaged = None;
        writer.rollups.next_seal();
        for (month, parts) in by_month(&heads, self.journal_readings, amount) {
            match self.seal_month(writer, &heads, month, &parts) {
                Ok(lengths) => {
                    for (part, length) in parts.iter().zip(lengths) {
                        sealed.add(part.id, part.place.start..part.place.start + length);
                    }
                }
                Err(error @ StoreError::Damaged { .. }) => damaged = Some(error),
                Err(error) => return Err(error),
            }
        }
        if !sealed.is_empty() {
            let rest = heads.iter().flat_map(|(id, head)| {
                sealed.rest(id, head.len()).map(move |place| (id, &head[place]))
            });
            writer.journal.replace(rest)?;
            drop(heads);
            self.heads_mut().remove(&sealed);
        }
        damaged.map_or(Ok(()), Err)
    }

    /// Seals the parts of one month; answers how many readings of each.
    fn seal_month(
        &self,
        writer: &mut Writer,
        heads: &Heads,
        month: Month,
        parts: &[Part],
    ) -> Result<Vec<usize>, StoreError> {
        // First, so that a crash leaves a rollup missing and never wrong.
        self.forget_rollups(month, parts.iter().map(|part| part.id))?;
        let lengths = self.folder.write(MonthFile::readings(month), |tx| {
            let mut lengths = Vec::with_capacity(parts.len());
            for part in parts {
                let samples = &heads.get(part.id)[part.place.clone()];
                lengths.push(seal_part(tx, part.id, samples, part.all)?);
            }
            Ok(lengths)
        })?;
        writer.rollups.touched(month, parts.iter().map(|part| part.id));
        Ok(lengths)
    }
}

fn by_month(heads: &Heads, limit: usize, amount: Amount) -> BTreeMap<Month, Vec<Part>> {
    let whole = match amount {
        Amount::All => None,
        Amount::Enough => Some(longest(heads, limit / 2)),
    };
    let mut months: BTreeMap<Month, Vec<Part>> = BTreeMap::new();
    for (id, head) in heads.iter() {
        let mut start = 0;
        while let Some(first) = head.get(start) {
            let month = Month::of(first.measured_at_us);
            let end_us = month.range().to_us;
            let end = start + head[start..].partition_point(|s| s.measured_at_us < end_us);
            // A month that the series has left is completed.
            let all = end < head.len() || whole.as_ref().is_none_or(|whole| whole.contains(&id));
            months.entry(month).or_default().push(Part { id, place: start..end, all });
            start = end;
        }
    }
    months
}

/// Series to seal as a whole so that at most this many readings stay.
fn longest(heads: &Heads, most: usize) -> BTreeSet<SeriesId> {
    let mut rests: Vec<_> =
        heads.iter().map(|(id, head)| (head.len() % CHUNK_READINGS, id)).collect();
    let mut staying: usize = rests.iter().map(|(rest, _)| rest).sum();
    rests.sort_unstable();
    let mut whole = BTreeSet::new();
    while staying > most
        && let Some((rest, id)) = rests.pop()
    {
        staying -= rest;
        whole.insert(id);
    }
    whole
}

/// Seals ordered readings of one series and month; answers how many, from the first on.
fn seal_part(db: &Connection, id: SeriesId, samples: &[Sample], all: bool) -> Outcome<usize> {
    let last = chunk::last_before(db, id, i64::MAX)?;
    let late =
        last.map_or(0, |last| samples.partition_point(|s| s.measured_at_us <= last.end_us()));
    let (late, newer) = samples.split_at(late);
    merge(db, id, late)?;
    let full = newer.len() / CHUNK_READINGS * CHUNK_READINGS;
    if !all {
        for samples in newer[..full].chunks(CHUNK_READINGS) {
            chunk::insert(db, id, samples)?;
        }
        return Ok(late.len() + full);
    }
    let before = if late.is_empty() { last } else { chunk::last_before(db, id, i64::MAX)? };
    // A short chunk at the end is completed rather than followed by another short one, but not
    // again and again for a few readings.
    let short = before.filter(|b| b.count() < CHUNK_READINGS / 2 && b.count() <= 4 * newer.len());
    match short {
        Some(short) => {
            let mut all = short.samples(db)?;
            all.extend_from_slice(newer);
            short.delete(db)?;
            insert_all(db, id, &all)?;
        }
        None => insert_all(db, id, newer)?,
    }
    Ok(samples.len())
}

fn insert_all(db: &Connection, id: SeriesId, samples: &[Sample]) -> Outcome<()> {
    samples.chunks(CHUNK_READINGS).try_for_each(|samples| chunk::insert(db, id, samples))
}

/// Merges late readings into the chunks that they belong to: each into the last that starts at or
/// before it, else into the first.
fn merge(db: &Connection, id: SeriesId, late: &[Sample]) -> Outcome<()> {
    let (Some(first), Some(last)) = (late.first(), late.last()) else { return Ok(()) };
    let to_us = last.measured_at_us.saturating_add(1);
    let from_us = chunk::last_before(db, id, first.measured_at_us.saturating_add(1))?
        .map_or(i64::MIN, |chunk| chunk.start_us());
    let mut chunks = chunk::overlapping(db, id, Range { from_us, to_us })?;
    if chunks.is_empty() {
        // All of them lie before the first chunk.
        chunks.extend(first_chunk(db, id)?);
    }
    let mut rest = late;
    for (n, chunk) in chunks.iter().enumerate() {
        let next = chunks.get(n + 1).map_or(i64::MAX, Chunk::start_us);
        let (mine, behind) = rest.split_at(rest.partition_point(|s| s.measured_at_us < next));
        rest = behind;
        if mine.is_empty() {
            continue;
        }
        let mut samples = chunk.samples(db)?;
        samples.extend_from_slice(mine);
        in_order(&mut samples);
        chunk.delete(db)?;
        chunk::insert_evenly(db, id, &samples)?;
    }
    Ok(())
}

fn first_chunk(db: &Connection, id: SeriesId) -> Outcome<Option<Chunk>> {
    Ok(chunk::overlapping(db, id, Range::ALL)?.into_iter().next())
}
