//! Rollups: the readings of a series and month summed up by minute and by hour, in files of their
//! own, so that they outlive the readings.
//!
//! They are derived from chunks alone, once a month lies in the past and nothing moves in it. Who
//! changes chunks forgets the rollups of that series and month before; a rollup is therefore right
//! or missing, and what is missing is answered from chunks until it is built again.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

use pco::ChunkConfig;
use rusqlite::{Connection, OptionalExtension, params};
use telemetry::pack::Sample;

use super::chunk::{self, Found};
use super::fault::{Fault, Outcome};
use super::folder::{Holds, MonthFile};
use super::month::Month;
use super::{Inner, Writer};
use crate::limits::ROLLUPS_AT_ONCE;
use crate::retention::Kept;
use crate::{Bucket, Range, Resolution, SeriesId, StoreError};

/// The table of a file of rollups: all windows of a series in a row.
pub(super) const SCHEMA: &str = "
CREATE TABLE rollups (series INTEGER PRIMARY KEY, windows BLOB NOT NULL, crc INTEGER NOT NULL);";

/// Which rollups are still to be built.
pub(super) struct ToBuild {
    /// Months in which nobody has looked yet what is missing.
    months: BTreeSet<Month>,
    /// What is missing in the others, and the seal that touched it last; 0 for none since the store
    /// was opened.
    series: BTreeMap<(Month, SeriesId), u64>,
    seals: u64,
}

impl ToBuild {
    pub fn new(months: Vec<Month>) -> Self {
        Self { months: months.into_iter().collect(), series: BTreeMap::new(), seals: 1 }
    }

    /// A seal begins: what it touches is not built right after.
    pub fn next_seal(&mut self) {
        self.seals += 1;
    }

    /// Chunks of these series changed, so they have no rollups.
    pub fn touched(&mut self, month: Month, ids: impl Iterator<Item = SeriesId>) {
        if !self.months.contains(&month) {
            self.series.extend(ids.map(|id| ((month, id), self.seals)));
        }
    }

    fn forget(&mut self, month: Month) {
        self.months.remove(&month);
        self.series.retain(|(of, _), _| *of != month);
    }
}

impl Inner {
    /// The windows of a rollup, in order; `None` when it is not built.
    pub(super) fn windows(
        &self,
        month: Month,
        resolution: Resolution,
        id: SeriesId,
    ) -> Result<Option<Vec<Bucket>>, StoreError> {
        let file = MonthFile::rollups(month, resolution);
        Ok(self.folder.read(file, |db| windows(db, id))?.flatten())
    }

    /// Forgets the rollups of series whose chunks are about to change.
    pub(super) fn forget_rollups(
        &self,
        month: Month,
        ids: impl Iterator<Item = SeriesId> + Clone,
    ) -> Result<(), StoreError> {
        for resolution in Resolution::ALL {
            let file = MonthFile::rollups(month, resolution);
            if self.folder.has(file) {
                self.folder.write(file, |tx| {
                    let mut delete = tx.prepare_cached("DELETE FROM rollups WHERE series = ?1")?;
                    ids.clone().try_for_each(|id| Ok(delete.execute([id.0]).map(drop)?))
                })?;
            }
        }
        Ok(())
    }

    /// Builds some of the rollups that are missing in past months; answers whether more are.
    pub(super) fn build_some(&self, writer: &mut Writer, now_us: i64) -> Result<bool, StoreError> {
        let past = |month: Month| month.range().to_us <= now_us;
        if let Some(month) = writer.rollups.months.first().copied().filter(|m| past(*m)) {
            writer.rollups.months.remove(&month);
            let missing = self.missing(month, self.retention.at(now_us))?;
            writer.rollups.series.extend(missing.into_iter().map(|id| ((month, id), 0)));
            return Ok(true);
        }
        let ToBuild { series, seals, .. } = &writer.rollups;
        // What is being written to now would be thrown away at once.
        let at_rest = series.iter().filter(|((month, _), seal)| past(*month) && **seal < *seals);
        let mut at_rest = at_rest.map(|(key, _)| *key);
        let Some((month, first)) = at_rest.next() else { return Ok(false) };
        let same = at_rest.take_while(|(of, _)| *of == month).map(|(_, id)| id);
        let ids: Vec<_> = std::iter::once(first).chain(same).take(ROLLUPS_AT_ONCE).collect();
        for id in &ids {
            writer.rollups.series.remove(&(month, *id));
        }
        self.build(month, &ids, self.retention.at(now_us))?;
        Ok(true)
    }

    /// Builds all rollups of a month that are missing.
    pub(super) fn build_month(
        &self,
        writer: &mut Writer,
        month: Month,
        kept: Kept,
    ) -> Result<(), StoreError> {
        for ids in self.missing(month, kept)?.chunks(ROLLUPS_AT_ONCE) {
            self.build(month, ids, kept)?;
        }
        writer.rollups.forget(month);
        Ok(())
    }

    /// Series of which a rollup is missing that is kept.
    fn missing(&self, month: Month, kept: Kept) -> Result<Vec<SeriesId>, StoreError> {
        let ids = self.folder.read(MonthFile::readings(month), chunk::series)?.unwrap_or_default();
        let mut missing = BTreeSet::new();
        for resolution in kept_of(month, kept) {
            let built = self.folder.read(MonthFile::rollups(month, resolution), built)?;
            let built = built.unwrap_or_default();
            missing.extend(ids.iter().copied().filter(|id| !built.contains(id)));
        }
        Ok(missing.into_iter().collect())
    }

    fn build(&self, month: Month, ids: &[SeriesId], kept: Kept) -> Result<(), StoreError> {
        for resolution in kept_of(month, kept) {
            let built = self.folder.read(MonthFile::readings(month), |db| {
                ids.iter().map(|id| Ok((*id, sum_up(db, *id, resolution)?))).collect()
            })?;
            let built: Vec<(SeriesId, Vec<u8>)> = built.unwrap_or_default();
            self.folder.write(MonthFile::rollups(month, resolution), |tx| {
                built.iter().try_for_each(|(id, windows)| put(tx, *id, windows))
            })?;
        }
        Ok(())
    }

    /// Deletes the windows that touch a range, where their readings are gone already.
    pub(super) fn cut_rollups(
        &self,
        month: Month,
        id: SeriesId,
        range: Range,
    ) -> Result<(), StoreError> {
        for resolution in Resolution::ALL {
            let file = MonthFile::rollups(month, resolution);
            if !self.folder.has(file) {
                continue;
            }
            self.folder.write(file, |tx| {
                let Some(mut all) = windows(tx, id)? else { return Ok(()) };
                all.retain(|window| {
                    let from_us = resolution.start_us(window.first.measured_at_us);
                    let to_us = from_us + resolution.window_us();
                    range.within(Range { from_us, to_us }).is_empty()
                });
                put(tx, id, &encode(&all)?)
            })?;
        }
        Ok(())
    }
}

/// Resolutions of which the month is still kept.
fn kept_of(month: Month, kept: Kept) -> impl Iterator<Item = Resolution> {
    let end_us = month.range().to_us;
    Resolution::ALL.into_iter().filter(move |resolution| kept.since_us(*resolution) < end_us)
}

impl Kept {
    fn since_us(&self, resolution: Resolution) -> i64 {
        match resolution {
            Resolution::Minute => self.minute_us,
            Resolution::Hour => self.hour_us,
        }
    }

    /// From when on what such a file holds is kept.
    pub(super) fn of(&self, holds: Holds) -> i64 {
        match holds {
            Holds::Readings => self.raw_us,
            Holds::Rollups(resolution) => self.since_us(resolution),
        }
    }
}

/// Series with a rollup in a file.
fn built(db: &Connection) -> Outcome<BTreeSet<SeriesId>> {
    let mut found = db.prepare_cached("SELECT series FROM rollups")?;
    let found = found.query_map([], |r| Ok(SeriesId(r.get(0)?)))?;
    Ok(found.collect::<Result<_, _>>()?)
}

fn put(db: &Connection, id: SeriesId, windows: &[u8]) -> Outcome<()> {
    db.prepare_cached("INSERT OR REPLACE INTO rollups (series, windows, crc) VALUES (?1, ?2, ?3)")?
        .execute(params![id.0, windows, crc32fast::hash(windows)])?;
    Ok(())
}

/// The windows of a series and month, derived from its chunks.
fn sum_up(db: &Connection, id: SeriesId, resolution: Resolution) -> Outcome<Vec<u8>> {
    let start_us = |bucket: &Bucket| resolution.start_us(bucket.first.measured_at_us);
    let mut windows: Vec<Bucket> = Vec::new();
    let mut add = |bucket: &Bucket| match windows.last_mut() {
        Some(last) if start_us(last) == start_us(bucket) => last.add(bucket),
        _ => windows.push(*bucket),
    };
    let whole = |chunk: &chunk::Chunk| {
        resolution.start_us(chunk.start_us()) == resolution.start_us(chunk.end_us())
    };
    let _ = chunk::walk(db, id, Range::ALL, &[], whole, |found| {
        match found {
            Found::Whole(stats) => add(stats),
            Found::Readings(samples) => samples.iter().for_each(|s| add(&Bucket::of(*s))),
        }
        ControlFlow::Continue(())
    })?;
    encode(&windows)
}

fn windows(db: &Connection, id: SeriesId) -> Outcome<Option<Vec<Bucket>>> {
    let mut found = db.prepare_cached("SELECT windows, crc FROM rollups WHERE series = ?1")?;
    let row = found.query_row([id.0], |r| Ok((r.get(0)?, r.get(1)?))).optional()?;
    let Some((windows, crc)): Option<(Vec<u8>, u32)> = row else { return Ok(None) };
    let damaged = || Fault::Damaged(format!("the rollup of series {} does not read back", id.0));
    if crc != crc32fast::hash(&windows) {
        return Err(damaged());
    }
    decode(&windows)?.ok_or_else(damaged).map(Some)
}

/// Eight columns, each its length and what pco makes of it: counts, times of the first readings,
/// how much later the last ones are; smallest, largest and sums; values of the first and last. A
/// column of values without bytes is that of the smallest: a slow series has one reading a window.
fn encode(windows: &[Bucket]) -> Outcome<Vec<u8>> {
    let mut row = Vec::new();
    for of in [
        |b: &Bucket| b.count.cast_signed(),
        |b: &Bucket| b.first.measured_at_us,
        |b: &Bucket| b.last.measured_at_us - b.first.measured_at_us,
    ] {
        put_column(&mut row, &windows.iter().map(of).collect::<Vec<_>>())?;
    }
    let of_smallest: Vec<_> = windows.iter().map(|b| b.min).collect();
    put_column(&mut row, &of_smallest)?;
    for of in [
        |b: &Bucket| b.max,
        |b: &Bucket| b.sum,
        |b: &Bucket| b.first.value,
        |b: &Bucket| b.last.value,
    ] {
        let column: Vec<_> = windows.iter().map(of).collect();
        if column == of_smallest {
            row.extend_from_slice(&0_u32.to_le_bytes());
        } else {
            put_column(&mut row, &column)?;
        }
    }
    Ok(row)
}

fn put_column<T: pco::data_types::Number>(row: &mut Vec<u8>, column: &[T]) -> Outcome<()> {
    let bytes = pco::standalone::simple_compress(column, &ChunkConfig::default())?;
    let length = u32::try_from(bytes.len()).map_err(|e| Fault::Damaged(e.to_string()))?;
    row.extend_from_slice(&length.to_le_bytes());
    row.extend_from_slice(&bytes);
    Ok(())
}

fn decode(mut row: &[u8]) -> Outcome<Option<Vec<Bucket>>> {
    let mut column = || {
        let (length, rest) = row.split_first_chunk::<4>()?;
        let (column, rest) = rest.split_at_checked(u32::from_le_bytes(*length) as usize)?;
        row = rest;
        Some(column)
    };
    let columns: Option<[&[u8]; 8]> = (|| {
        Some([
            column()?,
            column()?,
            column()?,
            column()?,
            column()?,
            column()?,
            column()?,
            column()?,
        ])
    })();
    let Some([counts, firsts, lasts, reals @ ..]) = columns else { return Ok(None) };
    let counts = pco::standalone::simple_decompress::<i64>(counts)?;
    let firsts = pco::standalone::simple_decompress::<i64>(firsts)?;
    let lasts = pco::standalone::simple_decompress::<i64>(lasts)?;
    let mut values: Vec<Vec<f64>> = Vec::with_capacity(reals.len());
    for column in reals {
        let same = values.first().filter(|_| column.is_empty()).cloned();
        values.push(match same {
            Some(same) => same,
            None => pco::standalone::simple_decompress(column)?,
        });
    }
    let length = counts.len();
    if firsts.len() != length || lasts.len() != length || values.iter().any(|v| v.len() != length) {
        return Ok(None);
    }
    let bucket = |n: usize| {
        let at_us: i64 = firsts[n];
        Bucket {
            count: counts[n].cast_unsigned(),
            min: values[0][n],
            max: values[1][n],
            sum: values[2][n],
            first: Sample { measured_at_us: at_us, value: values[3][n] },
            last: Sample { measured_at_us: at_us.wrapping_add(lasts[n]), value: values[4][n] },
        }
    };
    Ok(Some((0..length).map(bucket).collect()))
}
