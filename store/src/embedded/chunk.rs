//! A chunk: up to 1024 readings of one series, compressed by `pco`, with its statistics beside it
//! so that wide charts decode nothing.

use pco::ChunkConfig;
use rusqlite::{Connection, Row, params};
use telemetry::pack::Sample;

use crate::{Bucket, SeriesId, StoreError};

/// pco level: 4 costs half the time of the default for nearly the same size.
const LEVEL: usize = 4;

/// A chunk as it stands in the table, its readings still compressed.
pub(super) struct Chunk {
    pub id: i64,
    pub start_us: i64,
    pub end_us: i64,
    pub stats: Bucket,
    times: Vec<u8>,
    figures: Vec<u8>,
}

pub(super) const COLUMNS: &str =
    "id, start_us, end_us, count, min, max, sum, first, last, times, figures";

impl Chunk {
    pub fn from_row(row: &Row<'_>) -> Result<Self, rusqlite::Error> {
        let (start_us, end_us) = (row.get(1)?, row.get(2)?);
        let stats = Bucket {
            count: row.get(3)?,
            min: row.get(4)?,
            max: row.get(5)?,
            sum: row.get(6)?,
            first: Sample { measured_at_us: start_us, value: row.get(7)? },
            last: Sample { measured_at_us: end_us, value: row.get(8)? },
        };
        let (times, figures) = (row.get(9)?, row.get(10)?);
        Ok(Self { id: row.get(0)?, start_us, end_us, stats, times, figures })
    }

    pub fn samples(&self) -> Result<Vec<Sample>, StoreError> {
        let damaged = |e: pco::errors::PcoError| StoreError::Damaged(e.to_string());
        let times = pco::standalone::simple_decompress::<i64>(&self.times).map_err(damaged)?;
        let values = pco::standalone::simple_decompress::<f64>(&self.figures).map_err(damaged)?;
        if times.len() != values.len() {
            return Err(StoreError::Damaged(format!("chunk {} has two lengths", self.id)));
        }
        let pair = |(measured_at_us, value)| Sample { measured_at_us, value };
        Ok(times.into_iter().zip(values).map(pair).collect())
    }
}

/// Writes sorted readings as one chunk.
pub(super) fn insert(db: &Connection, id: SeriesId, samples: &[Sample]) -> Result<(), StoreError> {
    let (Some(first), Some(last)) = (samples.first(), samples.last()) else { return Ok(()) };
    let mut stats = Bucket::of(*first);
    samples[1..].iter().for_each(|s| stats.add(&Bucket::of(*s)));
    let config = ChunkConfig::default().with_compression_level(LEVEL);
    let damaged = |e: pco::errors::PcoError| StoreError::Damaged(e.to_string());
    let times: Vec<i64> = samples.iter().map(|s| s.measured_at_us).collect();
    let values: Vec<f64> = samples.iter().map(|s| s.value).collect();
    let times = pco::standalone::simple_compress(&times, &config).map_err(damaged)?;
    let values = pco::standalone::simple_compress(&values, &config).map_err(damaged)?;
    db.prepare_cached(
        "INSERT INTO chunks (series, start_us, end_us, count, min, max, sum, first, last, times, \
         figures) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
    )?
    .execute(params![
        id.0,
        first.measured_at_us,
        last.measured_at_us,
        stats.count,
        stats.min,
        stats.max,
        stats.sum,
        first.value,
        last.value,
        times,
        values
    ])?;
    Ok(())
}
