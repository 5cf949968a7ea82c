//! InfluxQL: charts, readings, the latest reading.
//!
//! InfluxQL and not Flux: one statement gives all six figures of a bucket in one pass, its answer
//! has exact integers, and InfluxDB 1.8 and 3 speak it as well.

use serde_json::Value;
use telemetry::pack::Sample;

use super::Influx;
use super::http::Table;
use super::lines::{READING, ROLLUP};
use super::names::Tags;
use crate::limits::{INFLUX_PAGE, TIMES};
use crate::{Bucket, Grid, Piece, Range, SeriesId, Source, StoreError, pieces};

/// The figures of a bucket from readings, and from rollups.
pub(super) const OF_READINGS: &str =
    "count(value), min(value), max(value), sum(value), first(value), last(value)";
pub(super) const OF_ROLLUPS: &str = "sum(\"count\"), min(\"min\"), max(\"max\"), sum(\"sum\"), \
                                     first(\"first\"), last(\"last\")";

/// A condition on the time.
pub(super) fn within(range: Range) -> String {
    let range = range.within(TIMES);
    format!("time >= {}000 AND time < {}000", range.from_us, range.to_us)
}

pub(super) fn damaged(what: &str) -> StoreError {
    StoreError::Answer(what.to_owned())
}

/// The time of a row, microseconds.
pub(super) fn time_us(row: &[Value]) -> Result<i64, StoreError> {
    let ns = row.first().and_then(Value::as_i64).ok_or_else(|| damaged("a row without a time"))?;
    Ok(ns.div_euclid(1000))
}

fn number(row: &[Value], column: usize) -> Result<f64, StoreError> {
    row.get(column).and_then(Value::as_f64).ok_or_else(|| damaged("a row without a figure"))
}

/// A row of [`OF_READINGS`] or [`OF_ROLLUPS`]. The answer does not say when first and last were
/// measured; the ends of what the row covers stand in, in the right order to other parts.
pub(super) fn bucket(row: &[Value], covers: Range) -> Result<Bucket, StoreError> {
    let count =
        row.get(1).and_then(Value::as_u64).ok_or_else(|| damaged("a row without a count"))?;
    let sample = |measured_at_us, column| {
        Ok::<_, StoreError>(Sample { measured_at_us, value: number(row, column)? })
    };
    Ok(Bucket {
        count,
        min: number(row, 2)?,
        max: number(row, 3)?,
        sum: number(row, 4)?,
        first: sample(covers.from_us, 5)?,
        last: sample(covers.to_us - 1, 6)?,
    })
}

impl Influx {
    pub(super) async fn chart(
        &self,
        id: SeriesId,
        part: Range,
        grid: Grid,
    ) -> Result<Vec<Option<Bucket>>, StoreError> {
        let tags = self.names.of(id)?;
        let mut buckets = vec![None; grid.len()];
        let planned = self.due.around(id, pieces(part, grid, self.kept()));
        // One request a bucket of the database, and no more statements in it than are welcome.
        for (bucket, planned) in self.by_bucket(planned) {
            for planned in planned.chunks(100) {
                let statements: Vec<_> =
                    planned.iter().map(|piece| statement(&tags, *piece, grid)).collect();
                let answers = self.http.query(&bucket, &statements).await?;
                for (piece, tables) in planned.iter().zip(answers) {
                    take(&mut buckets, &tables, *piece, grid)?;
                }
            }
        }
        Ok(buckets)
    }

    fn by_bucket(&self, planned: Vec<Piece>) -> Vec<(String, Vec<Piece>)> {
        let mut sorted: Vec<(String, Vec<Piece>)> = Vec::new();
        for piece in planned {
            let bucket = match piece.source {
                Source::Readings => self.account.bucket.clone(),
                Source::Rollup(resolution) => self.account.rollups(resolution),
            };
            match sorted.iter_mut().find(|(name, _)| *name == bucket) {
                Some((_, pieces)) => pieces.push(piece),
                None => sorted.push((bucket, vec![piece])),
            }
        }
        sorted
    }

    pub(super) async fn readings(
        &self,
        id: SeriesId,
        range: Range,
        limit: usize,
    ) -> Result<Vec<Sample>, StoreError> {
        let tags = self.names.of(id)?;
        let kept = Range { from_us: self.kept().raw_us, to_us: i64::MAX };
        let mut rest = range.within(TIMES).within(kept);
        let mut samples: Vec<Sample> = Vec::new();
        while !rest.is_empty() && samples.len() < limit {
            let page = (limit - samples.len()).min(INFLUX_PAGE);
            let statement = format!(
                "SELECT value FROM {READING} WHERE {} AND {} ORDER BY time ASC LIMIT {page}",
                tags.condition,
                within(rest)
            );
            let answer = self.http.query(&self.account.bucket, &[statement]).await?;
            let rows = answer.iter().flatten().flat_map(|table| &table.values);
            let before = samples.len();
            for row in rows {
                samples.push(Sample { measured_at_us: time_us(row)?, value: number(row, 1)? });
            }
            match samples.last() {
                Some(last) if samples.len() - before == page => {
                    rest.from_us = last.measured_at_us + 1;
                }
                _ => break,
            }
        }
        Ok(samples)
    }

    pub(super) async fn newest(
        &self,
        id: SeriesId,
        range: Range,
    ) -> Result<Option<Sample>, StoreError> {
        let tags = self.names.of(id)?;
        if range.within(TIMES).is_empty() {
            return Ok(None);
        }
        let statement = format!(
            "SELECT last(value) FROM {READING} WHERE {} AND {}",
            tags.condition,
            within(range)
        );
        let answer = self.http.query(&self.account.bucket, &[statement]).await?;
        let row = answer.iter().flatten().flat_map(|table| &table.values).next();
        row.map(|row| Ok(Sample { measured_at_us: time_us(row)?, value: number(row, 1)? }))
            .transpose()
    }

    pub(super) async fn with_readings(&self) -> Result<Vec<SeriesId>, StoreError> {
        let statement = format!("SELECT last(value) FROM {READING} GROUP BY board, channel, unit");
        let answer = self.http.query(&self.account.bucket, &[statement]).await?;
        let tables = answer.iter().flatten().map(Table::line_tags);
        let mut series: Vec<_> = tables.filter_map(|tags| self.names.find(&tags)).collect();
        series.sort_unstable();
        Ok(series)
    }
}

fn statement(tags: &Tags, piece: Piece, grid: Grid) -> String {
    let (figures, measurement) = match piece.source {
        Source::Readings => (OF_READINGS, READING),
        Source::Rollup(_) => (OF_ROLLUPS, ROLLUP),
    };
    let wanted = format!(
        "SELECT {figures} FROM {measurement} WHERE {} AND {}",
        tags.condition,
        within(piece.range)
    );
    if grid.len() == 1 {
        return wanted;
    }
    let (length, offset) = (grid.bucket_us, grid.start_us.rem_euclid(grid.bucket_us));
    format!("{wanted} GROUP BY time({length}u, {offset}u) fill(none)")
}

fn take(
    buckets: &mut [Option<Bucket>],
    tables: &[Table],
    piece: Piece,
    grid: Grid,
) -> Result<(), StoreError> {
    for row in tables.iter().flat_map(|table| &table.values) {
        let index = match buckets.len() {
            1 => 0,
            // The first bucket of a piece may begin before it.
            _ => grid.index(time_us(row)?.max(piece.range.from_us)),
        };
        let start_us = grid.start_us + grid.bucket_us * i64::try_from(index).unwrap_or(0);
        let covers = Range { from_us: start_us, to_us: start_us + grid.bucket_us };
        let into =
            buckets.get_mut(index).ok_or_else(|| damaged("a time that was not asked for"))?;
        Bucket::merge(into, &bucket(row, covers.within(piece.range))?);
    }
    Ok(())
}
