//! What a detector tells its caller.

use serde::{Deserialize, Serialize};

/// Index of a measurement point inside one asset's detector; the caller maps it to its own ids.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
pub struct Slot(pub u16);

/// The band inside which a point is normal now, in the point's own unit.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Normal {
    /// What the point is expected to show.
    pub expected: f64,
    /// Lower end of the allowed band.
    pub low: f64,
    /// Upper end of the allowed band.
    pub high: f64,
}

/// Why an asset counts as deviating.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// At least one point left its own band.
    Level,
    /// A point went from one level to another, away from what is normal.
    Change,
    /// Every point is inside its own band, but they do not go together as they used to.
    Combination,
}

/// How far one point is from what is normal for it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Deviation {
    /// The point.
    pub slot: Slot,
    /// In which way it deviates.
    pub cause: Cause,
    /// What the point was expected to show, in its own unit: by itself, before it changed, or, in
    /// an unusual combination, given what the other points show.
    pub expected: f64,
    /// Lower end of the allowed band.
    pub low: f64,
    /// Upper end of the allowed band.
    pub high: f64,
    /// What it showed: the median of its last three readings.
    pub seen: f64,
    /// Distance of the smoothed value from the expected one, in robust standard deviations of the
    /// point, or given the others in an unusual combination (never negative; compare `seen` with
    /// `expected` for the direction).
    pub unusual: f64,
    /// The same in multiples of the limit: a point deviates from 1 on.
    pub limits: f64,
    /// Measured time from which the point has been deviating, microseconds.
    pub since_us: i64,
}

/// One thing worth knowing about the asset. Times are measured times in microseconds.
///
/// Lists of deviations are sorted, the furthest beyond its limit first, and never empty.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "finding", rename_all = "snake_case")]
pub enum Finding {
    /// Points have been learnt and are watched from now on: once for the points present during
    /// the learning window, and once for each point that turned up later.
    Learned {
        /// Last reading that was learnt from.
        at_us: i64,
        /// Points watched from now on.
        slots: Vec<Slot>,
    },
    /// The asset began to deviate. At most one such state is active at a time.
    Raised {
        /// The reading that completed the on-delay.
        at_us: i64,
        /// When the deviation first crossed its limit.
        since_us: i64,
        /// What kind of deviation it is.
        cause: Cause,
        /// The points that deviate.
        deviations: Vec<Deviation>,
    },
    /// The active deviation has grown notably, or further points joined it.
    Worsened {
        /// The reading that showed it.
        at_us: i64,
        /// The points that deviate now.
        deviations: Vec<Deviation>,
    },
    /// The active deviation is over.
    Cleared {
        /// The reading that completed the off-delay.
        at_us: i64,
        /// Every point that deviated in the meantime, each at its worst.
        peak: Vec<Deviation>,
    },
}
