//! Two points that measure the same: the long mean of their difference leaves what it was.

use serde::{Deserialize, Serialize};

use crate::delay::{Delay, Edge, Side};
use crate::rules::{Point, Redundancy as Rule};
use crate::settings::Settings;

/// Median absolute deviation to standard deviation (Rousseeuw and Croux 1993).
const MAD_TO_SIGMA: f64 = 1.4826;
/// Smallest spread relative to the values, for pairs that never differed while they were learnt.
const RELATIVE_SPREAD: f64 = 1e-3;
/// Quantities that have one value at one place.
const ONE_AT_A_PLACE: [&str; 4] = ["temperature", "pressure", "humidity", "flow"];

/// A pair of points.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Pair {
    pub(super) first: u16,
    pub(super) second: u16,
    block: i64,
    sums: [Sum; 2],
    learning: Vec<f64>,
    scale: f64,
    learnt: Option<Usual>,
    /// Long mean of the difference.
    long: f64,
    delay: Delay,
}

#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
struct Sum {
    mean: f64,
    count: u32,
}

impl Sum {
    fn add(&mut self, value: f64) {
        self.count = self.count.saturating_add(1);
        let share = 1.0 / f64::from(self.count);
        self.mean = self.mean * (1.0 - share) + value * share;
    }
}

/// What the difference usually is.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Usual {
    centre: f64,
    spread: f64,
}

/// How a pair stands, for the explanation.
pub(super) struct Standing {
    pub(super) usual: f64,
    pub(super) band: f64,
    pub(super) now: f64,
    pub(super) sigmas: f64,
    pub(super) limits: f64,
}

/// The pairs among these points: those that are named, and those of one quantity at one position.
pub(super) fn pairs(rule: &Rule, points: &[&Point]) -> Vec<Pair> {
    let mut found: Vec<(u16, u16)> = Vec::new();
    if !rule.on {
        return Vec::new();
    }
    for (i, first) in points.iter().enumerate() {
        for second in &points[i + 1..] {
            let named = rule.pairs.iter().any(|[a, b]| {
                (*a == first.name && *b == second.name) || (*a == second.name && *b == first.name)
            });
            let same_place = rule.same_position
                && first.quantity == second.quantity
                && !first.position.is_empty()
                && first.position == second.position
                && ONE_AT_A_PLACE.contains(&first.quantity.as_str());
            if (named || same_place) && first.unit == second.unit {
                found.push((first.slot.0, second.slot.0));
            }
        }
    }
    found.into_iter().map(|(first, second)| Pair::new(first, second)).collect()
}

impl Pair {
    fn new(first: u16, second: u16) -> Self {
        Self {
            first,
            second,
            block: i64::MIN,
            sums: [Sum::default(); 2],
            learning: Vec::new(),
            scale: 0.0,
            learnt: None,
            long: 0.0,
            delay: Delay::default(),
        }
    }

    pub(super) fn take(
        &mut self,
        rule: &Rule,
        off_us: i64,
        slot: u16,
        at_us: i64,
        value: f64,
    ) -> Option<Edge> {
        let block_us = Settings::micros(rule.mean_s).max(1);
        let block = at_us.div_euclid(block_us);
        let mut edge = None;
        if block > self.block {
            edge = self.close(rule, off_us, at_us);
            self.block = block;
        }
        // A reading of a block that is closed already comes too late for it and changes little.
        if block == self.block {
            self.sums[usize::from(slot == self.second)].add(value);
        }
        edge
    }

    /// The block is complete: where both spoke, their difference counts.
    fn close(&mut self, rule: &Rule, off_us: i64, at_us: i64) -> Option<Edge> {
        let [first, second] = std::mem::take(&mut self.sums);
        if first.count == 0 || second.count == 0 {
            return None;
        }
        let difference = first.mean - second.mean;
        if !difference.is_finite() {
            return None;
        }
        let Some(usual) = self.learnt else {
            self.learning.push(difference);
            self.scale = self.scale.max(first.mean.abs());
            if self.learning.len() >= rule.learning_means as usize {
                let usual = Usual::of(&std::mem::take(&mut self.learning), self.scale);
                self.long = usual.centre;
                self.learnt = Some(usual);
            }
            return None;
        };
        // Limited, so that one block cannot move the long mean over the limit by itself.
        let reach = 3.0 * rule.limit * usual.spread;
        let limited = difference.clamp(usual.centre - reach, usual.centre + reach);
        let share = 1.0 / f64::from(rule.long_means.max(1));
        self.long = self.long * (1.0 - share) + limited * share;
        let sigmas = (self.long - usual.centre).abs() / usual.spread;
        let side = match sigmas / rule.limit.max(f64::MIN_POSITIVE) {
            over if over >= 1.0 => Side::Over,
            back if back < 0.5 => Side::Back,
            _ => Side::Between,
        };
        self.delay.step(at_us, side, 0, off_us)
    }

    pub(super) fn standing(&self, rule: &Rule) -> Option<Standing> {
        let usual = self.learnt?;
        let sigmas = (self.long - usual.centre).abs() / usual.spread;
        Some(Standing {
            usual: usual.centre,
            band: rule.limit * usual.spread,
            now: self.long,
            sigmas,
            limits: sigmas / rule.limit.max(f64::MIN_POSITIVE),
        })
    }
}

impl Usual {
    fn of(values: &[f64], scale: f64) -> Self {
        let median = |mut values: Vec<f64>| {
            values.sort_by(f64::total_cmp);
            values[values.len() / 2]
        };
        let centre = median(values.to_vec());
        let mad = median(values.iter().map(|value| (value - centre).abs()).collect());
        let spread = (MAD_TO_SIGMA * mad).max(RELATIVE_SPREAD * scale).max(1e-12);
        Self { centre, spread: spread.min(f64::MAX / 1e6) }
    }
}
