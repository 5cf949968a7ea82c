//! Single readings that jump far out and come back at once.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use crate::delay::{Delay, Edge, Side};
use crate::rules::Spikes as Rule;
use crate::settings::Settings;

/// Jumps out and back of one point.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Spikes {
    /// The two readings before, the older one first.
    before: [f64; 2],
    seen: u32,
    steps: u32,
    mean_step: f64,
    /// Largest single jump while it was learnt.
    largest: f64,
    learnt: bool,
    /// When the newest spikes were, at most as many as make an alarm.
    times: VecDeque<i64>,
    /// The newest one, and what it should have been.
    pub(super) newest: f64,
    pub(super) around: f64,
    delay: Delay,
}

impl Spikes {
    pub(super) fn take(
        &mut self,
        rule: &Rule,
        off_us: i64,
        at_us: i64,
        value: f64,
    ) -> Option<Edge> {
        let [first, middle] = self.before;
        self.before = [middle, value];
        self.seen = self.seen.saturating_add(1);
        if self.seen < 3 {
            return None;
        }
        let jump = jump(first, middle, value);
        if !self.learnt {
            self.steps = self.steps.saturating_add(1);
            let step = (value - middle).abs().min(f64::MAX);
            let share = 1.0 / f64::from(self.steps);
            self.mean_step = self.mean_step * (1.0 - share) + step * share;
            self.largest = self.largest.max(jump);
            return None;
        }
        if !rule.on || self.mean_step <= 0.0 {
            return None;
        }
        if jump > self.limit(rule) {
            self.newest = middle;
            self.around = first / 2.0 + value / 2.0;
            self.times.push_back(at_us);
            while self.times.len() > rule.count as usize {
                self.times.pop_front();
            }
        }
        let window_us = Settings::micros(rule.window_s);
        let since = |times: &VecDeque<i64>, n: usize| {
            times.get(n).map(|spike_us| at_us.saturating_sub(*spike_us))
        };
        let many = self.times.len() >= rule.count as usize
            && since(&self.times, 0).is_some_and(|us| us <= window_us);
        let quiet = since(&self.times, self.times.len().wrapping_sub(1))
            .is_none_or(|us| us > window_us / 2);
        let side = match (many, quiet) {
            (true, _) => Side::Over,
            (_, true) => Side::Back,
            _ => Side::Between,
        };
        let first_us = self.times.front().copied();
        match self.delay.step(at_us, side, 0, off_us) {
            Some(Edge::Raised { since_us }) => {
                Some(Edge::Raised { since_us: first_us.unwrap_or(since_us) })
            }
            edge => edge,
        }
    }

    pub(super) fn learn(&mut self) {
        self.learnt = true;
    }

    /// From which size on a jump counts.
    pub(super) fn limit(&self, rule: &Rule) -> f64 {
        (rule.times_step * self.mean_step).max(rule.times_usual * self.largest).min(f64::MAX)
    }

    pub(super) fn is_active(&self) -> bool {
        self.delay.is_active()
    }

    pub(super) fn count(&self) -> usize {
        self.times.len()
    }
}

/// How far the middle one of three readings jumped out, when the third is back: the smaller of the
/// two steps; otherwise 0.
fn jump(first: f64, middle: f64, last: f64) -> f64 {
    let (out, back) = (middle - first, middle - last);
    let size = out.abs().min(back.abs());
    let returned = (last - first).abs() < size / 2.0;
    if out.signum() == back.signum() && returned && size.is_finite() { size } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::jump;

    #[test]
    fn a_step_and_a_ramp_are_no_spikes() {
        assert_eq!(jump(1.0, 9.0, 1.5), 7.5);
        assert_eq!(jump(1.0, 9.0, 9.0), 0.0);
        assert_eq!(jump(1.0, 5.0, 9.0), 0.0);
        assert_eq!(jump(f64::MAX, f64::MIN, f64::MAX), 0.0);
    }
}
