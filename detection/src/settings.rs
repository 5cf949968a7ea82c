//! The figures that steer a detector.

use serde::{Deserialize, Serialize};

/// Settings of one detector. Durations are seconds of measured time. "Robust standard deviations"
/// are the learnt spread of a point's smoothed values, see `docs/detection.md`.
///
/// Wherever a duration and a number of samples stand side by side, the longer of the two counts,
/// so that one set of settings serves a machine sampled every second and one sampled every five
/// minutes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// Shortest frame, seconds. Readings of one point inside a frame are averaged. Frames exist
    /// only where readings do, so that a slower machine simply has fewer of them.
    pub tick_s: f64,
    /// Reorder window, seconds: a frame is judged once a reading this much newer has been seen.
    /// Readings that arrive later than that are ignored and counted.
    pub lateness_s: f64,
    /// A point keeps its last value for this many of its own sampling intervals; then it is
    /// missing.
    pub hold_intervals: f64,
    /// Highest number of points; readings of slots from here on are ignored and counted.
    pub points_max: u16,
    /// Learning window, seconds. Gaps do not count, they extend it.
    pub learning_s: f64,
    /// Shortest learning window of a slow point, seconds: see [`Character`].
    pub slow_learning_s: f64,
    /// A point is learnt only from at least this many frames, however long that takes.
    pub learning_frames: u32,
    /// Values of a point kept for learning at most; beyond that neighbours are averaged in pairs.
    /// Bounds memory.
    pub learning_frames_max: u32,
    /// A silence longer than this, seconds, is a gap (never less than `hold_intervals`).
    pub gap_s: f64,
    /// Time constant of the smoothing of every point, seconds.
    pub smoothing_s: f64,
    /// The smoothing never goes below this many sampling intervals of the point.
    pub smoothing_samples: f64,
    /// A point deviates when its smoothed value is this many robust standard deviations from the
    /// expected one.
    pub limit: f64,
    /// The combination of points deviates when its distance exceeds the largest usual one by
    /// this factor.
    pub combination_limit: f64,
    /// A point has changed when its recent mean is this many robust standard deviations from the
    /// mean before it, and further from what is expected. Zero: changes are not looked for.
    pub change_limit: f64,
    /// Time constant of the recent mean, seconds (never below `smoothing_samples`).
    pub change_recent_s: f64,
    /// Time constant of the mean before it, seconds (never below ten times `smoothing_samples`).
    pub change_before_s: f64,
    /// Time constant with which the expected value follows a point that leaves its usual range,
    /// seconds.
    pub adaptation_s: f64,
    /// The adaptation time constant never goes below this many sampling intervals of the point.
    pub adaptation_samples: f64,
    /// The expected value follows a point by at most this many robust standard deviations.
    pub adaptation_bound: f64,
    /// Added to that bound: this many times the range over which the point wandered by itself
    /// while it was learnt.
    pub adaptation_wander: f64,
    /// After a change of load the points are judged by what they show under any load for this
    /// long, seconds; then by what they show under this one.
    pub settling_s: f64,
    /// A deviation is raised after it has lasted this long without interruption, seconds.
    pub on_delay_s: f64,
    /// A deviation is raised after at least this many samples of the point.
    pub on_samples: u32,
    /// A deviation clears after its leading point has been back for this long, seconds.
    pub off_delay_s: f64,
    /// A deviation clears after at least this many samples of the leading point.
    pub off_samples: u32,
    /// The leading point is back when it is below this fraction of its limit …
    pub off_level: f64,
    /// … or below this fraction of the worst it has shown, whichever is higher.
    pub off_of_peak: f64,
    /// Points that begin to deviate within this time of the first one belong to the same
    /// deviation, seconds: when it is cleared, those still away stay silent until they have been
    /// back or get worse. A point that began later raises the next deviation.
    pub together_s: f64,
    /// The deviation has worsened when a point shows this many times what was last reported.
    pub worsened_factor: f64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            tick_s: 1.0,
            lateness_s: 2.0,
            hold_intervals: 5.0,
            points_max: 256,
            learning_s: 400.0,
            slow_learning_s: 1800.0,
            learning_frames: 300,
            learning_frames_max: 2048,
            gap_s: 30.0,
            smoothing_s: 15.0,
            smoothing_samples: 3.0,
            limit: 6.0,
            combination_limit: 3.5,
            change_limit: 4.0,
            change_recent_s: 12.0,
            change_before_s: 125.0,
            adaptation_s: 450.0,
            adaptation_samples: 60.0,
            adaptation_bound: 3.0,
            adaptation_wander: 2.0,
            settling_s: 60.0,
            on_delay_s: 5.0,
            on_samples: 3,
            off_delay_s: 30.0,
            off_samples: 3,
            off_level: 0.5,
            off_of_peak: 0.3,
            together_s: 60.0,
            worsened_factor: 1.5,
        }
    }
}

impl Settings {
    /// For machines that report every few minutes and are judged by hours and days, such as the
    /// temperature of a large machine: a week's work is learnt, half a day's mean is judged.
    #[must_use]
    pub fn slow() -> Self {
        const HOUR: f64 = 3600.0;
        Self {
            learning_s: 144.0 * HOUR,
            smoothing_s: 22.0 * HOUR,
            limit: 4.2,
            change_limit: 0.0,
            adaptation_s: 65.0 * HOUR,
            on_delay_s: 3.0 * HOUR,
            off_delay_s: HOUR,
            ..Self::default()
        }
    }

    pub(crate) fn micros(seconds: f64) -> i64 {
        (seconds * 1e6).clamp(0.0, 1e18) as i64
    }

    pub(crate) fn tick_us(&self) -> i64 {
        Self::micros(self.tick_s).max(1)
    }

    /// Learning window of a point, seconds.
    pub(crate) fn window_s(&self, character: Character) -> f64 {
        if character.slow { self.learning_s.max(self.slow_learning_s) } else { self.learning_s }
    }

    /// Time constant of the smoothing of a point with this sampling interval, microseconds.
    pub(crate) fn smoothing_us(&self, interval_us: f64) -> f64 {
        (self.smoothing_s * 1e6).max(self.smoothing_samples * interval_us)
    }

    /// Time constants of the two means whose distance shows a change of a point with this sampling
    /// interval, microseconds: the recent one and the one before.
    pub(crate) fn change_us(&self, interval_us: f64) -> (f64, f64) {
        let shortest = self.smoothing_samples * interval_us;
        (
            (self.change_recent_s * 1e6).max(shortest),
            (self.change_before_s * 1e6).max(10.0 * shortest),
        )
    }

    /// Time constant of the adaptation of a point with this sampling interval, microseconds.
    pub(crate) fn adaptation_us(&self, interval_us: f64) -> f64 {
        (self.adaptation_s * 1e6).max(self.adaptation_samples * interval_us)
    }
}

/// What is known of a point before anything has been learnt: follows from its quantity.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Character {
    /// Has an inertia of many minutes, so that a short learning window cannot show how it wanders:
    /// it is learnt for at least [`Settings::slow_learning_s`].
    pub slow: bool,
    /// Smallest change that matters, as a part of the learnt centre.
    pub least_change: f64,
    /// Tells how hard the asset works: its levels are the regimes in which the other points have
    /// a normal of their own.
    pub load: bool,
}

impl Character {
    /// Electric current of a drive.
    pub const LOAD: Self = Self { slow: false, least_change: 0.0, load: true };
    /// Volume flow. A change within the uncertainty of the instrument says nothing about the machine;
    /// ISO 9906 allows a flow meter 1.5 % in its best grade.
    pub const FLOW: Self = Self { slow: false, least_change: 0.015, load: false };
    /// Temperatures.
    pub const THERMAL: Self = Self { slow: true, least_change: 0.0, load: false };
    /// Vibration. ISO 20816-1 (criterion II, change of vibration magnitude) takes a change by a
    /// quarter of the limit for long-term operation as significant; machines run at less than half
    /// of that limit, so that a tenth of their own level errs on the careful side.
    pub const VIBRATION: Self = Self { slow: false, least_change: 0.1, load: false };
}

/// Fraction of the way that a first-order lag covers in one step.
pub(crate) fn lag_gain(step_us: f64, constant_us: f64) -> f64 {
    1.0 - (-step_us / constant_us.max(1.0)).exp()
}
