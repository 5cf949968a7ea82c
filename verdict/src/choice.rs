//! What windows are chosen from, and what was chosen.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::window::Stretch;

/// What is known about a repair in time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Occasion<'a> {
    /// Readings are there from here to now, µs.
    pub record: Stretch,
    /// When the fault began to show, µs.
    pub fault_since_us: i64,
    /// From the first touch to the machine running again.
    pub repair: Stretch,
    /// Times that are not healthy for other reasons: earlier deviations, visits, tests.
    pub unhealthy: &'a [Stretch],
}

/// How long the windows are at most and what is left out of them. µs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ChoiceSettings {
    /// Longest healthy window.
    pub max_healthy_us: i64,
    /// Longest window before the repair.
    pub max_before_us: i64,
    /// Longest window after the repair.
    pub max_after_us: i64,
    /// Left out before the fault showed: it may have begun unseen.
    pub guard_us: i64,
    /// Left out after the repair, after a standstill, and after the load went to another level.
    pub settling_us: i64,
    /// A load is known for this long after it was measured.
    pub load_hold_us: i64,
    /// Share of the loads after the repair that a healthy window should have had; the latest
    /// stretch that does is taken, otherwise the one with the largest share.
    pub min_overlap: f64,
}

const MINUTE_US: i64 = 60_000_000;
const HOUR_US: i64 = 60 * MINUTE_US;

impl Default for ChoiceSettings {
    fn default() -> Self {
        Self {
            max_healthy_us: 7 * 24 * HOUR_US,
            max_before_us: 24 * HOUR_US,
            max_after_us: 24 * HOUR_US,
            guard_us: 10 * MINUTE_US,
            settling_us: 5 * MINUTE_US,
            load_hold_us: 10_000_000,
            min_overlap: 0.7,
        }
    }
}

/// A window and the parts of it that do not count.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ChosenWindow {
    /// From when to when.
    pub stretch: Stretch,
    /// Settling after standstills and changes of load, in the order of time.
    pub skipped: Vec<Stretch>,
}

impl ChosenWindow {
    /// Whether a reading of this time counts.
    #[must_use]
    pub fn counts(&self, at_us: i64) -> bool {
        let next = self.skipped.partition_point(|s| s.to_us <= at_us);
        self.stretch.contains(at_us) && !self.skipped.get(next).is_some_and(|s| s.contains(at_us))
    }

    /// Its length without what is skipped, µs.
    #[must_use]
    pub fn length_us(&self) -> i64 {
        self.stretch.length_us() - self.skipped.iter().map(|s| s.length_us()).sum::<i64>()
    }
}

/// The windows of a repair.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Choice {
    /// On the healthy machine; empty when there is no such time.
    pub healthy: ChosenWindow,
    /// From the fault to the repair.
    pub before: ChosenWindow,
    /// The repair.
    pub during: Stretch,
    /// From the settled machine on.
    pub after: ChosenWindow,
    /// Share of the loads after the repair that the healthy window had as well, 0 to 1; 1 where the
    /// load is not known.
    pub overlap_after: f64,
    /// The same for the window before the repair.
    pub overlap_before: f64,
    /// What a person should know about the choice.
    pub notes: Vec<ChoiceNote>,
}

/// Something to know about a choice of windows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChoiceNote {
    /// No load was given, so the windows are chosen by time alone.
    LoadUnknown,
    /// There is no healthy time before the fault.
    NoHealthyTime,
    /// No healthy stretch had enough of the loads that came after the repair.
    LoadsDiffer,
    /// A later stretch was passed over because its load was another.
    LaterStretchPassedOver,
    /// The load changes level too often to wait for each change to settle.
    SettlingNotSkipped,
    /// Nothing is left after the repair yet.
    NothingAfterYet,
}

impl fmt::Display for ChoiceNote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::LoadUnknown => "no load is known; the windows were chosen by time alone",
            Self::NoHealthyTime => "there is no healthy time before the fault",
            Self::LoadsDiffer => {
                "no healthy stretch had enough of the loads that came after the repair"
            }
            Self::LaterStretchPassedOver => {
                "a later healthy stretch was passed over because its load was another"
            }
            Self::SettlingNotSkipped => {
                "the load changes level too often to wait for each change to settle"
            }
            Self::NothingAfterYet => "nothing is left after the repair yet",
        })
    }
}
