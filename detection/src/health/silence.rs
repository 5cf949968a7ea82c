//! Silence of a point while other points of its asset go on.

use serde::{Deserialize, Serialize};

use crate::delay::{Delay, Edge, Side};
use crate::rules::Dropout as Rule;

/// A silence of the whole asset beyond this, microseconds, and beyond this many of its own mean
/// intervals is a gap, and no silence of any point.
const GAP_US: i64 = 30_000_000;
const GAP_INTERVALS: f64 = 5.0;
/// Weight of a new interval in the running mean.
const GAIN: f64 = 0.1;
/// A point is judged from so many readings on.
const LEAST_READINGS: u32 = 20;

/// Measured time in which the asset as a whole was heard of.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Life {
    newest_us: Option<i64>,
    interval_us: f64,
    pub(super) lived_us: i64,
}

impl Life {
    /// Moves on to a reading of any point.
    pub(super) fn go_on(&mut self, at_us: i64) {
        let Some(newest_us) = self.newest_us else {
            self.newest_us = Some(at_us);
            return;
        };
        if at_us <= newest_us {
            return;
        }
        let step_us = at_us.saturating_sub(newest_us);
        self.newest_us = Some(at_us);
        let gap_us = GAP_US.max((GAP_INTERVALS * self.interval_us) as i64);
        let counted_us = if step_us <= gap_us || self.interval_us == 0.0 {
            step_us
        } else {
            self.interval_us as i64
        };
        self.interval_us += GAIN * (counted_us as f64 - self.interval_us);
        self.lived_us = self.lived_us.saturating_add(counted_us);
    }
}

/// Silences of one point.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Silence {
    last_lived_us: i64,
    last_us: i64,
    interval_us: f64,
    longest_us: i64,
    readings: u32,
    delay: Delay,
}

impl Silence {
    /// The point has reported.
    pub(super) fn heard(&mut self, off_us: i64, at_us: i64, lived_us: i64) -> Option<Edge> {
        let silence_us = lived_us.saturating_sub(self.last_lived_us);
        if self.readings > 0 {
            let gain = GAIN.max(1.0 / f64::from(self.readings));
            self.interval_us += gain * (silence_us as f64 - self.interval_us);
            if !self.delay.is_active() {
                self.longest_us = self.longest_us.max(silence_us);
            }
        }
        self.readings = self.readings.saturating_add(1);
        self.last_lived_us = lived_us;
        self.last_us = at_us;
        self.delay.step(at_us, Side::Back, 0, off_us)
    }

    /// Another point has reported.
    pub(super) fn unheard(&mut self, rule: &Rule, at_us: i64, lived_us: i64) -> Option<Edge> {
        if !rule.on || self.readings < LEAST_READINGS {
            return None;
        }
        let silence_us = lived_us.saturating_sub(self.last_lived_us);
        if silence_us as f64 <= self.limit_us(rule) {
            return None;
        }
        match self.delay.step(at_us, Side::Over, 0, 0) {
            Some(Edge::Raised { .. }) => Some(Edge::Raised { since_us: self.last_us }),
            edge => edge,
        }
    }

    fn limit_us(&self, rule: &Rule) -> f64 {
        (rule.least_s * 1e6)
            .max(rule.intervals * self.interval_us)
            .max(rule.times_usual * self.longest_us as f64)
    }

    pub(super) fn usual_us(&self) -> i64 {
        self.longest_us.max(1)
    }

    pub(super) fn silent_us(&self, lived_us: i64) -> i64 {
        lived_us.saturating_sub(self.last_lived_us)
    }

    pub(super) fn interval_us(&self) -> f64 {
        self.interval_us
    }
}
