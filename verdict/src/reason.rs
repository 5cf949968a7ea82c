//! Why a verdict is what it is.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Which window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Which {
    /// The healthy machine.
    Healthy,
    /// Before the repair.
    Before,
    /// After the repair.
    After,
}

impl fmt::Display for Which {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Healthy => "the healthy window",
            Self::Before => "the window before the repair",
            Self::After => "the window after the repair",
        })
    }
}

/// What about a point is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Aspect {
    /// Where the readings lie.
    Level,
    /// How much they scatter from one moment to the next.
    Spread,
}

impl fmt::Display for Aspect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Level => "level",
            Self::Spread => "spread",
        })
    }
}

/// One reason; its text is a sentence for people.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(tag = "reason", rename_all = "snake_case")]
pub enum Reason {
    /// A window has fewer readings than the plan asks for.
    TooFewReadings {
        /// Where.
        window: Which,
        /// Readings it has.
        readings: usize,
        /// Readings it needs.
        needed: usize,
    },
    /// The readings of a window depend on each other so much that they are worth too few.
    TooDependent {
        /// Where.
        window: Which,
        /// What they are worth.
        effective: f64,
        /// What is needed.
        needed: f64,
    },
    /// Too little of a window is at a load that can be compared.
    LoadNotMatched {
        /// Where.
        window: Which,
        /// Share at matched load.
        share: f64,
        /// Share that is needed.
        needed: f64,
    },
    /// The healthy window is too short for how long ago it was.
    HealthyTooLongAgo {
        /// Its distance in its own lengths.
        spans: f64,
        /// The most that is allowed.
        allowed: f64,
    },
    /// The healthy readings do not vary, so a tolerance in standard deviations is none.
    NoSpread,
    /// The load is not known; differences may come from it.
    LoadUnknown,
    /// Before the repair the load was another; only a difference beyond everything that load
    /// explained was accepted.
    LoadWasSymptom,
    /// The load is still that of the fault, and at that load the point is as before the repair.
    AsBeforeAtItsLoad,
    /// The same as on the healthy machine.
    Equivalent {
        /// In what.
        aspect: Aspect,
    },
    /// Not the same as on the healthy machine.
    Different {
        /// In what.
        aspect: Aspect,
    },
    /// Neither could be shown.
    EquivalenceOpen {
        /// In what.
        aspect: Aspect,
    },
    /// The averages agree, but at one load they do not.
    DiffersAtALoad {
        /// Lower end of that load bin, in the unit of the load.
        low: f64,
        /// Upper end.
        high: f64,
    },
    /// Nearer to the healthy machine than before.
    Nearer {
        /// In what.
        aspect: Aspect,
    },
    /// Further away than before.
    Further {
        /// In what.
        aspect: Aspect,
    },
    /// Moved past the healthy level to its other side.
    Overshot,
    /// Did not move.
    DidNotMove {
        /// In what.
        aspect: Aspect,
    },
    /// Whether it moved could not be shown.
    MovementOpen {
        /// In what.
        aspect: Aspect,
    },
    /// Was as on the healthy machine before the repair already.
    WasHealthyBefore,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::TooFewReadings { window, readings, needed } => {
                write!(f, "{window} has {readings} readings, {needed} are needed")
            }
            Self::TooDependent { window, effective, needed } => write!(
                f,
                "the readings of {window} are worth {effective:.1} independent ones, {needed:.0} \
                 are needed"
            ),
            Self::LoadNotMatched { window, share, needed } => write!(
                f,
                "{:.0} % of {window} is at a load that can be compared, {:.0} % is needed",
                share * 100.0,
                needed * 100.0
            ),
            Self::HealthyTooLongAgo { spans, allowed } => write!(
                f,
                "the healthy window lies {spans:.0} of its own lengths away, at most {allowed:.0} \
                 are allowed"
            ),
            Self::NoSpread => f.write_str(
                "the healthy readings do not vary, so the tolerance has to be given in the unit",
            ),
            Self::LoadUnknown => {
                f.write_str("the load is not known; differences may come from the load")
            }
            Self::LoadWasSymptom => f.write_str(
                "the load before the repair was another; the difference is larger than load \
                 explained on the healthy machine",
            ),
            Self::AsBeforeAtItsLoad => f.write_str(
                "the load is still that of the fault, and at that load the point is as before the \
                 repair",
            ),
            Self::Equivalent { aspect } => {
                write!(f, "the {aspect} is that of the healthy machine within the tolerance")
            }
            Self::Different { aspect } => {
                write!(
                    f,
                    "the {aspect} differs from the healthy machine by more than the tolerance"
                )
            }
            Self::EquivalenceOpen { aspect } => write!(
                f,
                "the {aspect} could not be shown to be that of the healthy machine, nor to differ"
            ),
            Self::DiffersAtALoad { low, high } => write!(
                f,
                "at loads from {low:.4} to {high:.4} the level differs by more than the tolerance"
            ),
            Self::Nearer { aspect } => {
                write!(f, "the {aspect} is nearer to the healthy machine than before the repair")
            }
            Self::Further { aspect } => {
                write!(f, "the {aspect} is further from the healthy machine than before the repair")
            }
            Self::Overshot => f.write_str("the level moved past that of the healthy machine"),
            Self::DidNotMove { aspect } => {
                write!(f, "the {aspect} is as before the repair")
            }
            Self::MovementOpen { aspect } => {
                write!(f, "whether the {aspect} moved could not be shown")
            }
            Self::WasHealthyBefore => {
                f.write_str("this point was as on the healthy machine before the repair already")
            }
        }
    }
}
