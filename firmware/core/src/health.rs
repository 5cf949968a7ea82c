//! Health of a sensor, the status signals of NAMUR NE 107.
//!
//! | seen | health |
//! |---|---|
//! | no value, or one that cannot be | failure; no reading is kept |
//! | beyond the specified range, too fast, or not moving any more | out of specification |
//! | the calibration was just changed | function check |
//! | faults come and go | maintenance required |
//!
//! A diagnosis must be seen [`HEALTH_DEBOUNCE`] times in a row before it is believed, and before
//! it is given up again.

use telemetry::report::{Cause, Health};

use crate::clock::Uptime;
use crate::config;
use crate::limits::HEALTH_DEBOUNCE;
use crate::sensor::Fault;

/// A health and what it rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Diagnosis {
    /// How the sensor is.
    pub health: Health,
    /// Why.
    pub cause: Cause,
}

impl Diagnosis {
    const GOOD: Self = Self::new(Health::Good, Cause::None);

    const fn new(health: Health, cause: Cause) -> Self {
        Self { health, cause }
    }
}

/// What became of one reading.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Judged {
    /// The value, when it can be used.
    pub value: Option<f32>,
    /// The new diagnosis, when this reading made it change.
    pub changed: Option<Diagnosis>,
}

/// Readings in a row without a new value before a sensor counts as missing.
const PATIENCE: u8 = 10;
/// What a fault adds to the unsteadiness; each good reading takes one away.
const FAULT_WEIGHT: u8 = 8;
/// Five faults that no forty good readings made up for.
const UNSTEADY: u8 = 40;

/// Judges one sensor.
#[derive(Debug, Clone)]
pub struct Judge {
    believed: Diagnosis,
    suspected: Diagnosis,
    seen: u8,
    unsteadiness: u8,
    unsteady: bool,
    waited: u8,
    last: Option<(f32, Uptime)>,
    same_since: Uptime,
}

impl Judge {
    /// A sensor is good until it shows otherwise.
    #[must_use]
    pub fn new(now: Uptime) -> Self {
        Self {
            believed: Diagnosis::GOOD,
            suspected: Diagnosis::GOOD,
            seen: 0,
            unsteadiness: 0,
            unsteady: false,
            waited: 0,
            last: None,
            same_since: now,
        }
    }

    /// The diagnosis that is believed.
    #[must_use]
    pub fn diagnosis(&self) -> Diagnosis {
        self.believed
    }

    /// The calibration is being changed: function check until the next readings have shown that
    /// all is well. The jump is not the sensor's.
    pub fn calibrated(&mut self, now: Uptime) -> Diagnosis {
        self.last = None;
        self.same_since = now;
        self.seen = 0;
        self.believed = Diagnosis::new(Health::FunctionCheck, Cause::Calibration);
        self.believed
    }

    /// Judges by one reading, filtered and calibrated.
    pub fn judge(
        &mut self,
        reading: Result<f32, Fault>,
        limits: &config::Health,
        now: Uptime,
    ) -> Judged {
        let reading =
            reading.and_then(|v| if v.is_finite() { Ok(v) } else { Err(Fault::OutOfRange) });
        if reading == Err(Fault::NotReady) && self.waited < PATIENCE {
            self.waited += 1;
            return Judged { value: None, changed: None };
        }
        let (value, diagnosis) = match reading {
            Ok(value) => self.diagnose(value, limits, now),
            Err(fault) => (None, Diagnosis::new(Health::Failure, fault.cause())),
        };
        if reading.is_ok() {
            self.waited = 0;
        }
        self.count(value.is_none());
        let diagnosis = if diagnosis == Diagnosis::GOOD && self.unsteady {
            Diagnosis::new(Health::MaintenanceRequired, Cause::Unsteady)
        } else {
            diagnosis
        };
        Judged { value, changed: self.believe(diagnosis) }
    }

    fn diagnose(
        &mut self,
        value: f32,
        limits: &config::Health,
        now: Uptime,
    ) -> (Option<f32>, Diagnosis) {
        if !limits.possible.contains(value) {
            return (None, Diagnosis::new(Health::Failure, Cause::Range));
        }
        let too_fast = self.last.is_some_and(|(before, at)| {
            #[expect(clippy::cast_precision_loss, reason = "a span, not a date")]
            let span_ms = now.since(at) as f32;
            (value - before).abs() * 1_000.0 > limits.rate_per_s * span_ms
        });
        if self.last.is_none_or(|(before, _)| before != value) {
            self.same_since = now;
        }
        self.last = Some((value, now));
        let longest = u64::from(limits.stuck_after_ms);
        let stuck = longest > 0 && now.since(self.same_since) >= longest;
        let outside = |cause| Diagnosis::new(Health::OutOfSpecification, cause);
        let diagnosis = if !limits.specified.contains(value) {
            outside(Cause::Range)
        } else if too_fast {
            outside(Cause::Rate)
        } else if stuck {
            outside(Cause::Stuck)
        } else {
            Diagnosis::GOOD
        };
        (Some(value), diagnosis)
    }

    fn count(&mut self, fault: bool) {
        self.unsteadiness = if fault {
            self.unsteadiness.saturating_add(FAULT_WEIGHT).min(2 * UNSTEADY)
        } else {
            self.unsteadiness.saturating_sub(1)
        };
        if self.unsteadiness >= UNSTEADY {
            self.unsteady = true;
        } else if self.unsteadiness == 0 {
            self.unsteady = false;
        }
    }

    fn believe(&mut self, diagnosis: Diagnosis) -> Option<Diagnosis> {
        if diagnosis == self.believed {
            self.seen = 0;
            return None;
        }
        // Different causes of one health add up: a sensor that is now missing, now noisy on the
        // bus, has failed all the same.
        self.seen = if diagnosis.health == self.suspected.health { self.seen + 1 } else { 1 };
        self.suspected = diagnosis;
        if self.seen < HEALTH_DEBOUNCE {
            return None;
        }
        self.seen = 0;
        self.believed = diagnosis;
        Some(diagnosis)
    }
}

#[cfg(test)]
mod tests;
