//! What a [`Watch`](crate::Watch) tells its caller: conditions of an asset that begin, grow and end,
//! each explained in words and figures.

use serde::{Deserialize, Serialize};

use crate::findings::{Cause, Slot};

/// At which level of the watch a condition was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Does a sensor measure what it should?
    Sensor,
    /// A limit or a rate of change that people have set.
    Limit,
    /// The machine no longer does what it did while it was learnt.
    Deviation,
    /// The same against a baseline that is days or weeks old.
    Drift,
}

/// What a condition is about; decides whether it becomes work.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// The machine does not behave as it should.
    #[default]
    Machine,
    /// People or the machine are in danger.
    Safety,
    /// A sensor does not measure what it should: never a fault of the machine.
    Sensor,
}

impl Class {
    /// What the ticket of such a condition is known by; none: it never becomes a ticket. All
    /// conditions of the machine share one ticket, those of safety another one.
    #[must_use]
    pub fn signature(self) -> Option<&'static str> {
        match self {
            Self::Machine => Some("deviation"),
            Self::Safety => Some("safety"),
            Self::Sensor => None,
        }
    }
}

/// How soon somebody has to answer (ISA-18.2), the lowest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Priority {
    /// When there is time.
    Low,
    /// Today.
    Medium,
    /// Soon.
    High,
    /// Now.
    Critical,
}

/// In which way a point stands out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// It left the band that was learnt.
    Level,
    /// It went from one level to another.
    Change,
    /// It does not go together with the other points.
    Combination,
    /// Its long mean left a baseline that is days or weeks old.
    Drift,
    /// Above the upper limit of the higher urgency.
    HighHigh,
    /// Above the upper limit.
    High,
    /// Below the lower limit.
    Low,
    /// Below the lower limit of the higher urgency.
    LowLow,
    /// Rises faster than allowed.
    Rise,
    /// Falls faster than allowed.
    Fall,
    /// Shows exactly the same for too long.
    Stuck,
    /// Single readings far out, too often.
    Spikes,
    /// Says nothing while other points go on.
    Dropout,
    /// Outside what the quantity or the sensor can be.
    OutOfRange,
    /// No longer agrees with the point that measures the same.
    Disagreement,
}

impl From<Cause> for Reason {
    fn from(cause: Cause) -> Self {
        match cause {
            Cause::Level => Self::Level,
            Cause::Change => Self::Change,
            Cause::Combination => Self::Combination,
        }
    }
}

/// One point of a condition, explained. All figures are finite.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// The point.
    pub slot: Slot,
    /// In which way it stands out.
    pub reason: Reason,
    /// What it was expected to show, in its own unit.
    pub expected: f64,
    /// Lower end of what is allowed.
    pub low: f64,
    /// Upper end of what is allowed.
    pub high: f64,
    /// What it showed.
    pub seen: f64,
    /// How unusual that is: robust standard deviations where something was learnt from values; for
    /// `stuck` and `dropout` multiples of the longest usual run or silence; for `spikes` their
    /// number; 0 for limits, rates and ranges, which people or physics have set.
    pub unusual: f64,
    /// The same in multiples of the limit: 1 and more stands out.
    pub limits: f64,
    /// Measured time from which on, microseconds.
    pub since_us: i64,
    /// The same in one sentence.
    pub words: String,
}

impl Evidence {
    /// Arithmetic on huge values may leave the range of numbers, which JSON cannot carry.
    pub(crate) fn keep_finite(&mut self) {
        let figures = [
            &mut self.expected,
            &mut self.low,
            &mut self.high,
            &mut self.seen,
            &mut self.unusual,
            &mut self.limits,
        ];
        for figure in figures {
            *figure = if figure.is_nan() { 0.0 } else { figure.clamp(f64::MIN, f64::MAX) };
        }
    }
}

/// A condition of the asset that holds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Condition {
    /// Which condition of the asset: `deviation`, `drift`, `limit:<rule>:<point>`,
    /// `sensor:<kind>:<point>`. Stable: each time it comes back it has the same one.
    pub key: String,
    /// Where it was found.
    pub level: Level,
    /// What it is about.
    pub class: Class,
    /// How urgent it is.
    pub priority: Priority,
    /// Stays when it is over, until a person resets it.
    pub latched: bool,
    /// One line for people.
    pub summary: String,
    /// Measured time at which it began, microseconds.
    pub since_us: i64,
    /// Measured time at which it was certain, microseconds.
    pub at_us: i64,
    /// Its points, never empty.
    pub evidence: Vec<Evidence>,
}

/// One thing worth knowing about the asset. Times are measured times in microseconds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "report", rename_all = "snake_case")]
pub enum Report {
    /// Points are watched from now on by a level that learns.
    Learned {
        /// Which level.
        level: Level,
        /// Last reading that was learnt from.
        at_us: i64,
        /// The points.
        slots: Vec<Slot>,
    },
    /// A condition began to hold.
    Raised(Condition),
    /// It has grown notably, or further points joined it.
    Worsened {
        /// Which condition.
        key: String,
        /// The reading that showed it.
        at_us: i64,
        /// One line for a list, as it is now.
        summary: String,
        /// Its points now, never empty.
        evidence: Vec<Evidence>,
    },
    /// It is over.
    Cleared {
        /// Which condition.
        key: String,
        /// The reading that completed the off-delay.
        at_us: i64,
    },
}

impl Report {
    /// Measured time of the reading that brought it, microseconds.
    #[must_use]
    pub fn at_us(&self) -> i64 {
        match self {
            Self::Learned { at_us, .. }
            | Self::Worsened { at_us, .. }
            | Self::Cleared { at_us, .. } => *at_us,
            Self::Raised(condition) => condition.at_us,
        }
    }
}
