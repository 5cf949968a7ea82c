//! When a channel has to be sampled.
//!
//! Readings lie on a grid of whole intervals, so nothing drifts. After a stall the missed ones are
//! left out, not caught up in a burst: they would all show the same moment.

use crate::clock::Uptime;

/// The schedule of one channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Schedule {
    interval_ms: u32,
    /// Samples a reading.
    steps: u8,
    /// Samples of the present reading that are taken.
    step: u8,
    /// When the present reading is complete.
    reading_at: Uptime,
}

impl Schedule {
    /// Begins with a sample now. `interval_ms` and `steps` are at least 1.
    #[must_use]
    pub fn new(interval_ms: u32, steps: u8, now: Uptime) -> Self {
        let (interval_ms, steps) = (interval_ms.max(1), steps.max(1));
        let rest = interval_ms - interval_ms / u32::from(steps);
        Self { interval_ms, steps, step: 0, reading_at: now + u64::from(rest) }
    }

    /// Changes the interval, beginning with a sample now.
    pub fn set_interval(&mut self, interval_ms: u32, now: Uptime) {
        if interval_ms != self.interval_ms {
            *self = Self::new(interval_ms, self.steps, now);
        }
    }

    /// Milliseconds between two readings.
    #[must_use]
    pub fn interval_ms(&self) -> u32 {
        self.interval_ms
    }

    /// When the next sample is due.
    #[must_use]
    pub fn due_at(&self) -> Uptime {
        let taken = u64::from(self.interval_ms) * u64::from(self.step + 1) / u64::from(self.steps);
        Uptime((self.reading_at.0 + taken).saturating_sub(u64::from(self.interval_ms)))
    }

    /// A sample was taken.
    pub fn sampled(&mut self, now: Uptime) {
        let interval = u64::from(self.interval_ms);
        if now.since(self.due_at()) >= interval {
            // Samples of different grid places make no reading.
            self.step = self.steps - 1;
        }
        self.step += 1;
        if self.step == self.steps {
            self.step = 0;
            let missed = now.since(self.reading_at) / interval;
            self.reading_at = self.reading_at + interval * (missed + 1);
        }
    }

    /// Whether the sample that is due now completes a reading.
    #[must_use]
    pub fn completes(&self, now: Uptime) -> bool {
        let stalled = now.since(self.due_at()) >= u64::from(self.interval_ms);
        stalled || self.step + 1 == self.steps
    }
}

#[cfg(test)]
mod tests {
    use std::vec::Vec;

    use super::*;

    /// Due times of the next samples of a board that is always `late` by some milliseconds.
    fn run(schedule: &mut Schedule, samples: usize, late: u64) -> Vec<u64> {
        let step = |_| {
            let due = schedule.due_at();
            schedule.sampled(due + late);
            due.0
        };
        (0..samples).map(step).collect()
    }

    #[test]
    fn a_board_that_is_always_late_does_not_drift() {
        let mut schedule = Schedule::new(100, 1, Uptime(7));
        assert_eq!(run(&mut schedule, 4, 40), [7, 107, 207, 307]);
    }

    #[test]
    fn samples_of_a_reading_are_spread_over_the_interval_even_when_it_does_not_divide() {
        let mut schedule = Schedule::new(100, 3, Uptime(0));
        assert_eq!(run(&mut schedule, 7, 0), [0, 33, 67, 100, 133, 167, 200]);
    }

    #[test]
    fn after_a_stall_the_grid_goes_on_without_a_burst() {
        let mut schedule = Schedule::new(100, 1, Uptime(0));
        schedule.sampled(Uptime(0));
        schedule.sampled(Uptime(1_234));
        assert_eq!(run(&mut schedule, 3, 0), [1_300, 1_400, 1_500]);
    }

    #[test]
    fn after_a_stall_a_reading_does_not_mix_old_and_new_samples() {
        let mut schedule = Schedule::new(90, 3, Uptime(0));
        schedule.sampled(Uptime(0));
        assert!(schedule.completes(Uptime(1_000)));
        schedule.sampled(Uptime(1_000));
        assert_eq!(run(&mut schedule, 3, 0), [990, 1_020, 1_050]);
    }
}
