//! What is said about a point, with everything that it rests on.

use serde::{Deserialize, Serialize};

use crate::reason::Reason;

/// What the repair did to one measurement point.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// As the healthy machine within the tolerance, and not as before the repair.
    Fixed,
    /// Nearer to the healthy machine than before, and not shown to be the same.
    Improved,
    /// As before the repair; that may be healthy ([`Judgement::healthy_now`]).
    Unchanged,
    /// Further from the healthy machine than before.
    Worse,
    /// The readings do not say.
    NotEnoughData,
}

impl Verdict {
    /// As it is written in JSON and in databases.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Fixed => "fixed",
            Self::Improved => "improved",
            Self::Unchanged => "unchanged",
            Self::Worse => "worse",
            Self::NotEnoughData => "not_enough_data",
        }
    }
}

/// A figure with its interval at the confidence of the plan.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// Best single figure.
    pub value: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

impl Estimate {
    /// Whether all of it lies within ±`tolerance`, ends included.
    #[must_use]
    pub fn within(&self, tolerance: f64) -> bool {
        -tolerance <= self.low && self.high <= tolerance
    }

    pub(crate) fn is_finite(&self) -> bool {
        [self.value, self.low, self.high].iter().all(|f| f.is_finite())
    }

    pub(crate) fn excludes_zero(&self) -> bool {
        self.low > 0.0 || self.high < 0.0
    }

    pub(crate) fn scaled(&self, factor: f64) -> Self {
        Self { value: self.value * factor, low: self.low * factor, high: self.high * factor }
    }
}

/// Differences at matched load. Absent where a window had too little to compare.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Effect {
    /// Level after the repair less healthy level, in the unit of the point.
    pub after_less_healthy: Option<Estimate>,
    /// Level after less level before, in the unit of the point.
    pub after_less_before: Option<Estimate>,
    /// Level before less healthy level, in the unit of the point.
    pub before_less_healthy: Option<Estimate>,
    /// Robust standard deviation of the healthy readings at equal load, in the unit of the point:
    /// divide by it to get effects in healthy standard deviations.
    pub healthy_sd: f64,
    /// `after_less_healthy` in healthy standard deviations.
    pub after_less_healthy_sds: Option<Estimate>,
    /// `after_less_before` in healthy standard deviations.
    pub after_less_before_sds: Option<Estimate>,
    /// Short-term spread after over healthy spread; 1 is the same.
    pub spread_after_to_healthy: Option<Estimate>,
    /// Short-term spread after over spread before.
    pub spread_after_to_before: Option<Estimate>,
}

/// The shares of a load bin.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct BinCoverage {
    /// Lower end, in the unit of the load.
    pub low: f64,
    /// Upper end, in the unit of the load.
    pub high: f64,
    /// Share of the healthy readings, 0 to 1.
    pub healthy: f64,
    /// Share of the readings before the repair.
    pub before: f64,
    /// Share of the readings after the repair.
    pub after: f64,
}

/// How much of each window was at a load that could be compared; shares from 0 to 1, and all 1
/// where the load is not known.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Coverage {
    /// Share of the healthy readings at loads that the window after the repair has too.
    pub healthy: f64,
    /// Share of the readings before the repair at loads of the healthy window and of that after.
    pub before: f64,
    /// Share of the readings after the repair at loads of the healthy window.
    pub after: f64,
    /// Whether a load was given at all.
    pub load_known: bool,
    /// Time constant with which this point follows the load, µs; 0 when it follows at once.
    pub inertia_us: i64,
    /// By load bin; empty where the load is not known.
    pub bins: Vec<BinCoverage>,
}

/// How much a window had to say.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Samples {
    /// Finite readings.
    pub readings: usize,
    /// Readings at matched load.
    pub matched: usize,
    /// How many independent readings these are worth.
    pub effective: f64,
    /// Time that the readings cover without gaps, µs.
    pub span_us: i64,
}

/// [`Samples`] of each window.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct SamplesByWindow {
    /// The healthy window.
    pub healthy: Samples,
    /// Before the repair.
    pub before: Samples,
    /// After the repair.
    pub after: Samples,
}

/// The tolerances that were applied.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Tolerances {
    /// Of the level, in the unit of the point, to either side.
    pub level: f64,
    /// Of the spread, as a ratio.
    pub spread: f64,
}

/// A verdict on one point and what it rests on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Judgement {
    /// What the repair did.
    pub verdict: Verdict,
    /// Whether the point is now as on the healthy machine: shown to be, shown not to be, or open.
    pub healthy_now: Option<bool>,
    /// Whether it was so before the repair. `Some(true)` marks a point that the fault never
    /// touched.
    pub healthy_before: Option<bool>,
    /// Why, in the order of weight.
    pub reasons: Vec<Reason>,
    /// How large.
    pub effect: Effect,
    /// How comparable.
    pub coverage: Coverage,
    /// From how much.
    pub samples: SamplesByWindow,
    /// Name of the method.
    pub method: String,
    /// The tolerances in force.
    pub tolerance: Tolerances,
    /// Confidence of the intervals.
    pub confidence: f64,
}
