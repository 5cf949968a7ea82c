//! The rate of change of a point over a window of measured time.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

/// The window is kept as so many means: memory is bounded however fast the point is.
const PARTS: i64 = 16;
/// So much of the window has to be covered before a rate is said.
const COVERED: f64 = 0.75;

/// Means of the parts of the window, the oldest first.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Slope {
    parts: VecDeque<Part>,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
struct Part {
    number: i64,
    count: u32,
    at_us: f64,
    value: f64,
}

impl Slope {
    /// Takes a reading; answers the rate per minute, when the window is covered: the slope of the
    /// least squares line through the means.
    pub(crate) fn take(&mut self, window_us: i64, at_us: i64, value: f64) -> Option<f64> {
        let part_us = (window_us / PARTS).max(1);
        let number = at_us.div_euclid(part_us);
        match self.parts.back_mut() {
            Some(part) if part.number == number => {
                part.count = part.count.saturating_add(1);
                let share = 1.0 / f64::from(part.count);
                part.at_us = part.at_us * (1.0 - share) + at_us as f64 * share;
                part.value = part.value * (1.0 - share) + value * share;
            }
            _ => self.parts.push_back(Part { number, count: 1, at_us: at_us as f64, value }),
        }
        while self.parts.front().is_some_and(|part| part.number <= number.saturating_sub(PARTS)) {
            self.parts.pop_front();
        }
        self.per_minute(window_us)
    }

    pub(crate) fn forget(&mut self) {
        self.parts.clear();
    }

    fn per_minute(&self, window_us: i64) -> Option<f64> {
        let (first, last) = (self.parts.front()?, self.parts.back()?);
        if self.parts.len() < 2 || last.at_us - first.at_us < COVERED * window_us as f64 {
            return None;
        }
        let share = 1.0 / self.parts.len() as f64;
        let mean =
            |of: fn(&Part) -> f64| self.parts.iter().map(|part| of(part) * share).sum::<f64>();
        let (at, value) = (mean(|part| part.at_us), mean(|part| part.value));
        let minutes = |part: &Part| (part.at_us - at) / 6e7;
        let along = self.parts.iter().map(|part| minutes(part) * (part.value - value)).sum::<f64>();
        let across = self.parts.iter().map(|part| minutes(part).powi(2)).sum::<f64>();
        Some(along / across).filter(|slope| slope.is_finite())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ramp_has_its_slope_and_a_step_is_spread_over_the_window() {
        let mut slope = Slope::default();
        let mut rate = None;
        for second in 0..120_i64 {
            rate = slope.take(60_000_000, second * 1_000_000, second as f64 / 30.0);
            assert_eq!(rate.is_some(), second >= 48, "{second}");
        }
        assert!((rate.expect("covered") - 2.0).abs() < 1e-9, "{rate:?}");
        assert!(slope.parts.len() as i64 <= PARTS);
    }
}
