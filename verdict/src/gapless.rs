//! A clock for windows with gaps.

use crate::load::{Reading, usual_interval_us};

/// A gap in the readings is this many of their usual intervals.
const GAP_INTERVALS: i64 = 5;

/// Time that stands still in gaps.
pub(crate) struct Gapless {
    times: Vec<i64>,
    positions: Vec<f64>,
    /// Usual distance of readings, µs.
    pub interval: f64,
}

impl Gapless {
    pub fn of(readings: &[Reading]) -> Self {
        let interval_us = usual_interval_us(readings.iter().map(|r| r.at_us)).max(1);
        let mut at = 0.0;
        let mut last = None;
        let positions = readings
            .iter()
            .map(|r| {
                let step = last.map_or(0, |l| r.at_us.saturating_sub(l));
                last = Some(r.at_us);
                at += if step > interval_us.saturating_mul(GAP_INTERVALS) {
                    interval_us
                } else {
                    step
                } as f64;
                at
            })
            .collect();
        let times = readings.iter().map(|r| r.at_us).collect();
        Self { times, positions, interval: interval_us as f64 }
    }

    pub fn position(&self, at_us: i64) -> f64 {
        let next = self.times.partition_point(|t| *t <= at_us);
        next.checked_sub(1).map_or(0.0, |i| self.positions[i])
    }

    pub fn span(&self) -> f64 {
        self.positions.last().map_or(0.0, |p| p + self.interval)
    }
}
