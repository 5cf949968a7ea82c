//! A point that used to move shows exactly one value.

use serde::{Deserialize, Serialize};

use crate::delay::{Delay, Edge, Side};
use crate::rules::Stuck as Rule;
use crate::settings::Settings;

/// From so many equal readings, where nearly every reading differed from the one before, a run is
/// suspicious, and from this many times the longest usual run.
const SUSPECT_READINGS: u32 = 8;
const SUSPECT_TIMES: u32 = 4;
/// Of a point that moves this often equal readings in a row are no accident.
const NEARLY_ALWAYS: f64 = 0.95;

/// Runs of equal readings of one point.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Stuck {
    run: u32,
    run_since_us: i64,
    readings: u32,
    moved: u32,
    /// Longest run that was usual: while it was learnt, and since then as long as it ended before
    /// it counted as stuck.
    longest: u32,
    longest_us: i64,
    learnt: bool,
    delay: Delay,
}

impl Stuck {
    /// Takes a reading; `same` as the one before; `at_rest` when most points of the asset do not move.
    pub(super) fn take(
        &mut self,
        rule: &Rule,
        off_us: i64,
        at_us: i64,
        same: bool,
        zero: bool,
        at_rest: bool,
    ) -> Option<Edge> {
        if same {
            self.run = self.run.saturating_add(1);
        } else {
            self.end_run(at_us);
        }
        if !self.learnt {
            self.readings = self.readings.saturating_add(1);
            self.moved = self.moved.saturating_add(u32::from(!same));
            self.longest = self.longest.max(self.run);
            self.longest_us = self.longest_us.max(at_us.saturating_sub(self.run_since_us));
            return None;
        }
        if !rule.on || !self.moves(rule) {
            return None;
        }
        let side = if !same {
            Side::Back
        } else if self.too_long(rule, at_us) && !zero && !at_rest {
            Side::Over
        } else {
            Side::Between
        };
        let edge = self.delay.step(at_us, side, 0, off_us);
        match edge {
            Some(Edge::Raised { .. }) => Some(Edge::Raised { since_us: self.run_since_us }),
            edge => edge,
        }
    }

    fn end_run(&mut self, at_us: i64) {
        if self.learnt && !self.delay.is_active() {
            self.longest = self.longest.max(self.run);
            self.longest_us = self.longest_us.max(at_us.saturating_sub(self.run_since_us));
        }
        self.run = 1;
        self.run_since_us = at_us;
    }

    pub(super) fn learn(&mut self) {
        self.learnt = true;
    }

    /// Whether movement is usual, so that its absence says something.
    pub(super) fn moves(&self, rule: &Rule) -> bool {
        self.learnt && self.part_moved() >= rule.least_movement.max(1e-3)
    }

    fn part_moved(&self) -> f64 {
        f64::from(self.moved) / f64::from(self.readings.max(1))
    }

    fn too_long(&self, rule: &Rule, at_us: i64) -> bool {
        let lasted_us = at_us.saturating_sub(self.run_since_us);
        let usual_us = rule.times_usual * self.longest_us as f64;
        let readings = rule.times_usual * f64::from(self.longest);
        self.run >= rule.least_readings
            && f64::from(self.run) >= readings
            && lasted_us >= Settings::micros(rule.least_s)
            // A run that was short in time because readings came quickly is not usual for longer.
            && (lasted_us as f64 >= usual_us || self.longest <= 1)
    }

    /// Still for longer than usual, though not for long enough to be called stuck: what most points
    /// do at once is rest.
    pub(super) fn is_still(&self) -> bool {
        self.learnt && self.run >= SUSPECT_READINGS && self.run >= self.longest.saturating_mul(3)
    }

    /// Equal readings in a row that can be no accident: not shown to the machine's detectors while
    /// it is still open whether the sensor is stuck.
    pub(super) fn is_suspect(&self, rule: &Rule) -> bool {
        rule.on
            && self.learnt
            && self.part_moved() >= NEARLY_ALWAYS
            && self.run >= SUSPECT_READINGS
            && self.run >= self.longest.saturating_mul(SUSPECT_TIMES)
    }

    pub(super) fn is_active(&self) -> bool {
        self.delay.is_active()
    }

    pub(super) fn run(&self) -> u32 {
        self.run
    }

    pub(super) fn longest(&self) -> u32 {
        self.longest.max(1)
    }
}
