//! The telemetry store: readings by series, behind one trait.
//!
//! A series is what one channel of one board reported in one unit. Measurement points are dated
//! views on series ([`crate::points`]), so a changed binding never rewrites a reading.

mod chunk;
pub mod embedded;
mod sealing;

use ::telemetry::pack::Sample;
use async_trait::async_trait;

/// Number of a channel, given by the business database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SeriesId(pub i64);

/// Why the store could not answer.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The query makes no sense; the text says why. The client can mend it.
    #[error("{0}")]
    Query(&'static str),
    /// The file cannot be read or written. Nothing of the batch is stored; the gateway keeps it.
    #[error("the telemetry file: {0}")]
    File(#[from] rusqlite::Error),
    /// A chunk or journal row does not decode. The rest of the store is unharmed.
    #[error("the telemetry file holds damaged data: {0}")]
    Damaged(String),
    /// The store is shutting down.
    #[error("the telemetry store is closing")]
    Closing,
}

/// A stretch of measured time: from included, to excluded, microseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    /// First microsecond.
    pub from_us: i64,
    /// First microsecond after it.
    pub to_us: i64,
}

impl Range {
    /// Everything that can be measured.
    pub const ALL: Self = Self { from_us: i64::MIN, to_us: i64::MAX };

    /// The part of it that lies in the other.
    #[must_use]
    pub fn within(self, other: Self) -> Self {
        Self { from_us: self.from_us.max(other.from_us), to_us: self.to_us.min(other.to_us) }
    }

    /// Whether nothing fits in.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.from_us >= self.to_us
    }

    pub(crate) fn contains(self, at_us: i64) -> bool {
        (self.from_us..self.to_us).contains(&at_us)
    }
}

/// Readings of one bucket of a chart.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bucket {
    /// How many.
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

    /// Arithmetic mean.
    #[must_use]
    pub fn mean(&self) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "counts stay below 2^53")]
        let count = self.count as f64;
        self.sum / count
    }
}

/// How a range is cut into buckets.
#[derive(Debug, Clone, Copy)]
pub struct Grid {
    /// The whole range.
    pub range: Range,
    /// Length of one bucket, microseconds.
    pub bucket_us: i64,
}

impl Grid {
    /// At most `buckets` equal buckets over the range.
    ///
    /// # Errors
    /// When the range is empty or reversed, or too many buckets are asked for.
    pub fn new(range: Range, buckets: u32) -> Result<Self, StoreError> {
        if range.is_empty() {
            return Err(StoreError::Query("`from` has to lie before `to`"));
        }
        if buckets == 0 || buckets > crate::limits::BUCKETS {
            return Err(StoreError::Query("`buckets` has to be between 1 and 10000"));
        }
        let length = i128::from(range.to_us) - i128::from(range.from_us);
        let bucket = (length + i128::from(buckets) - 1) / i128::from(buckets);
        let bucket_us = i64::try_from(bucket)
            .map_err(|_| StoreError::Query("the range is too long for this number of buckets"))?;
        Ok(Self { range, bucket_us })
    }

    /// Number of buckets.
    #[must_use]
    pub fn len(&self) -> usize {
        let length = i128::from(self.range.to_us) - i128::from(self.range.from_us);
        let bucket = i128::from(self.bucket_us);
        usize::try_from((length + bucket - 1) / bucket).unwrap_or(usize::MAX)
    }

    /// Never: a grid has at least one bucket.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        false
    }

    /// Which bucket a time belongs to.
    #[must_use]
    pub fn index(&self, at_us: i64) -> usize {
        usize::try_from((at_us - self.range.from_us) / self.bucket_us).unwrap_or(0)
    }
}

/// Stores readings. Writing the same series and time again replaces the value, which makes a
/// repeated delivery harmless.
#[async_trait]
pub trait TelemetryStore: Send + Sync {
    /// Returns when everything is on disk.
    async fn write(&self, batch: Vec<(SeriesId, Vec<Sample>)>) -> Result<(), StoreError>;

    /// The readings of a range in buckets; `None` where there was none.
    async fn buckets(&self, id: SeriesId, grid: Grid) -> Result<Vec<Option<Bucket>>, StoreError>;

    /// The first `limit` readings of a range in order of measurement.
    async fn raw(
        &self,
        id: SeriesId,
        range: Range,
        limit: usize,
    ) -> Result<Vec<Sample>, StoreError>;

    /// The newest reading of a series.
    async fn latest(&self, id: SeriesId) -> Result<Option<Sample>, StoreError>;
}
