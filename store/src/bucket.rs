//! Readings summed up over a stretch of time, and the grid that cuts a range into such stretches.

use telemetry::pack::Sample;

use crate::limits::BUCKETS;
use crate::{Range, StoreError};

/// Readings of one bucket of a chart, or of one window of a rollup.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bucket {
    /// How many; at least one.
    pub count: u64,
    /// Smallest.
    pub min: f64,
    /// Largest.
    pub max: f64,
    /// Sum, for the mean.
    pub sum: f64,
    /// Earliest.
    pub first: Sample,
    /// Latest.
    pub last: Sample,
}

impl Bucket {
    /// A bucket of one reading.
    #[must_use]
    pub fn of(sample: Sample) -> Self {
        let v = sample.value;
        Self { count: 1, min: v, max: v, sum: v, first: sample, last: sample }
    }

    /// Adds another bucket's readings.
    pub fn add(&mut self, other: &Self) {
        self.count += other.count;
        self.min = self.min.min(other.min);
        self.max = self.max.max(other.max);
        self.sum += other.sum;
        if other.first.measured_at_us < self.first.measured_at_us {
            self.first = other.first;
        }
        if other.last.measured_at_us >= self.last.measured_at_us {
            self.last = other.last;
        }
    }

    /// Adds to a bucket that may still be empty.
    pub fn merge(into: &mut Option<Self>, part: &Self) {
        match into {
            Some(bucket) => bucket.add(part),
            none => *none = Some(*part),
        }
    }

    /// Arithmetic mean.
    #[must_use]
    pub fn mean(&self) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "counts stay below 2^53")]
        let count = self.count as f64;
        self.sum / count
    }
}

const S: i64 = 1_000_000;
const MINUTE: i64 = 60 * S;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// Bucket lengths that people read easily, in microseconds. Each from a minute on is a whole number
/// of rollup windows.
const STEPS: [i64; 37] = [
    1,
    10,
    100,
    1_000,
    2_000,
    5_000,
    10_000,
    20_000,
    50_000,
    100_000,
    200_000,
    500_000,
    S,
    2 * S,
    5 * S,
    10 * S,
    15 * S,
    30 * S,
    MINUTE,
    2 * MINUTE,
    5 * MINUTE,
    10 * MINUTE,
    15 * MINUTE,
    30 * MINUTE,
    HOUR,
    2 * HOUR,
    3 * HOUR,
    4 * HOUR,
    6 * HOUR,
    8 * HOUR,
    12 * HOUR,
    DAY,
    2 * DAY,
    3 * DAY,
    7 * DAY,
    14 * DAY,
    28 * DAY,
];

/// How a range is cut into buckets of equal length, whose edges lie on whole multiples of it: a
/// chart that is moved keeps its buckets, and rollups fit into them.
///
/// The first and the last bucket may reach beyond the range; only readings in the range count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Grid {
    /// The range asked for.
    pub range: Range,
    /// Start of the first bucket.
    pub start_us: i64,
    /// Length of one bucket.
    pub bucket_us: i64,
}

impl Grid {
    /// At most `buckets` buckets over the range. One bucket is the range itself.
    ///
    /// # Errors
    /// When the range is empty, reversed or too long, or too many buckets are asked for.
    pub fn new(range: Range, buckets: u32) -> Result<Self, StoreError> {
        if range.is_empty() {
            return Err(StoreError::Query("`from` has to lie before `to`"));
        }
        if buckets == 0 || buckets > BUCKETS {
            return Err(StoreError::Query("`buckets` has to be between 1 and 10000"));
        }
        let length = range
            .to_us
            .checked_sub(range.from_us)
            .ok_or(StoreError::Query("the range is too long to be cut into buckets"))?;
        if buckets == 1 {
            return Ok(Self { range, start_us: range.from_us, bucket_us: length });
        }
        // Two buckets may stick out of the range by nearly all of their length, together one.
        let least = (length - 1) / i64::from(buckets - 1) + 1;
        let step = STEPS.iter().copied().find(|step| *step >= least);
        let bucket_us = step.unwrap_or_else(|| (least / DAY + 1) * DAY);
        let start_us = range.from_us.div_euclid(bucket_us) * bucket_us;
        Ok(Self { range, start_us, bucket_us })
    }

    /// Number of buckets.
    #[must_use]
    pub fn len(&self) -> usize {
        self.index(self.range.to_us - 1) + 1
    }

    /// Never: a grid has at least one bucket.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        false
    }

    /// Which bucket a time of the range belongs to.
    #[must_use]
    pub fn index(&self, at_us: i64) -> usize {
        usize::try_from((at_us - self.start_us) / self.bucket_us).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(from_us: i64, to_us: i64, buckets: u32) -> String {
        Grid::new(Range { from_us, to_us }, buckets).unwrap_err().to_string()
    }

    #[test]
    fn senseless_ranges_are_refused_by_name() {
        assert!(refused(5, 5, 10).contains("from"));
        assert!(refused(5, 1, 10).contains("from"));
        assert!(refused(0, 5, 0).contains("buckets"));
        assert!(refused(0, 5, 1_000_000).contains("buckets"));
        assert!(refused(i64::MIN, i64::MAX, 5).contains("too long"));
    }

    #[test]
    fn a_grid_never_has_more_buckets_than_asked_for_and_covers_the_range() {
        for from in [-7 * DAY - 1, 0, 1_772_000_000 * S + 17, 1_772_000_000 * S] {
            for length in [1, 999, S, 90 * S + 1, HOUR, 5 * DAY + 3, 365 * DAY, 100 * 365 * DAY] {
                for n in [1, 2, 3, 60, 1000, 10_000] {
                    let grid = Grid::new(Range { from_us: from, to_us: from + length }, n).unwrap();
                    assert!(grid.len() <= n as usize, "{grid:?} for {n}");
                    assert!(grid.start_us <= from, "{grid:?}");
                    assert!(n == 1 || grid.start_us % grid.bucket_us == 0, "{grid:?}");
                }
            }
        }
    }
}
