//! What is judged: readings of one point in a stretch of time, and the load meanwhile.

use serde::{Deserialize, Serialize};

/// Values with the times at which they were measured, in the order of time.
///
/// `times_us` (µs, UTC) and `values` belong together by index; when one is longer, its rest is
/// ignored. Values that are not finite are left out. Unordered times are put in order.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Series<'a> {
    /// Measured times, µs.
    pub times_us: &'a [i64],
    /// Values, one a time.
    pub values: &'a [f64],
}

/// One window of one measurement point.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Window<'a> {
    /// Measured times of the readings, µs.
    pub times_us: &'a [i64],
    /// Readings, one a time.
    pub values: &'a [f64],
    /// The load of the machine, such as its current, at times of its own. It may begin earlier than
    /// the readings: a point that follows the load slowly then needs no time to warm up. Absent
    /// when the machine has no load point.
    pub load: Option<Series<'a>>,
}

/// A stretch of time: `from_us` belongs to it, `to_us` does not. µs, UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stretch {
    /// First instant.
    pub from_us: i64,
    /// First instant after it.
    pub to_us: i64,
}

impl Stretch {
    /// Length in µs, never negative.
    #[must_use]
    pub fn length_us(self) -> i64 {
        (self.to_us - self.from_us).max(0)
    }

    /// Whether an instant lies in it.
    #[must_use]
    pub fn contains(self, at_us: i64) -> bool {
        self.from_us <= at_us && at_us < self.to_us
    }
}
