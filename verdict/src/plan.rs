//! What has to be shown before a repair is called a success.

use serde::{Deserialize, Serialize};

/// How far the level of a repaired point may be from that of the healthy machine.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(tag = "in", content = "amount", rename_all = "snake_case")]
pub enum Tolerance {
    /// In the unit of the point.
    Unit(f64),
    /// In robust standard deviations of the healthy readings at equal load.
    HealthySds(f64),
}

/// The terms of a verdict, fixed before the readings are looked at.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Plan {
    /// Largest difference in level from the healthy machine that still counts as the same.
    pub tolerance: Tolerance,
    /// Largest ratio of short-term spread, after over healthy or the other way round, that still
    /// counts as the same. Greater than 1.
    pub spread_tolerance: f64,
    /// Confidence of every interval, two-sided. Equivalence holds when the whole interval is within
    /// the tolerance, so each of the two one-sided tests has half of what is left to 1.
    pub confidence: f64,
    /// Least number of readings in each window.
    pub min_readings: usize,
    /// Least number of independent readings that those of the healthy window, and those of the
    /// window after the repair, are worth.
    pub min_effective_samples: f64,
    /// The same for the window before the repair, which may be short: it has to show only that the
    /// machine was different.
    pub min_effective_before: f64,
    /// Least share of the readings of every window at a load that the healthy window and the other
    /// windows have as well; 0 to 1.
    pub min_coverage: f64,
    /// Number of load bins when the healthy window is spread over all of them.
    pub load_bins: usize,
    /// Loads this close are the same load, as a share of the usual load.
    pub load_margin: f64,
    /// A load is known for this long after it was measured, µs; at least five of its own intervals.
    pub load_hold_us: i64,
    /// The fault changes the load itself, as a clogged pump draws less current. The window before
    /// the repair may then lie at another load: it counts as different only when it differs by more
    /// than the load ever explained in the healthy window. The window after the repair is compared
    /// with the healthy one at matched load in any case; where that cannot be, because the load is
    /// still that of the fault, the verdict can be that nothing changed.
    pub load_is_symptom: bool,
    /// The healthy window is no evidence for a time that is more than this many of its own lengths
    /// away: slower changes than it could show may lie between.
    pub max_gap_spans: f64,
}

impl Default for Plan {
    fn default() -> Self {
        Self {
            tolerance: Tolerance::HealthySds(1.0),
            spread_tolerance: 1.5,
            confidence: 0.95,
            min_readings: 60,
            min_effective_samples: 12.0,
            min_effective_before: 3.0,
            min_coverage: 0.5,
            load_bins: 6,
            load_margin: 0.02,
            load_hold_us: 10_000_000,
            load_is_symptom: false,
            max_gap_spans: 30.0,
        }
    }
}
