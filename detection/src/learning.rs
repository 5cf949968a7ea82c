//! Collects what a point shows until it counts as learnt.

use serde::{Deserialize, Serialize};

use crate::{
    baseline::Baseline,
    settings::{Character, Settings},
};

/// The values of one point while it is being learnt.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Learner {
    /// Raw values in order of time, thinned out evenly when there are too many.
    values: Thinned<f64>,
    covered_us: i64,
    seen: u32,
    character: Character,
}

impl Learner {
    pub(crate) fn new(character: Character) -> Self {
        Self { character, ..Self::default() }
    }

    pub(crate) fn add(&mut self, settings: &Settings, elapsed_us: i64, value: f64) {
        self.covered_us = self.covered_us.saturating_add(without_gap(settings, elapsed_us, self));
        self.seen = self.seen.saturating_add(1);
        self.values.push(settings.learning_frames_max, value, |first, second, weight| {
            first * (1.0 - weight) + second * weight
        });
    }

    /// Whether the point has been seen for this part (0 to 1) of the learning window, and in
    /// enough frames.
    pub(crate) fn complete(&self, settings: &Settings, part: f64) -> bool {
        self.seen >= settings.learning_frames
            && self.covered_us as f64 >= part * settings.window_s(self.character) * 1e6
    }

    /// Measured time still to be covered at the present pace, microseconds.
    pub(crate) fn remaining_us(&self, settings: &Settings) -> i64 {
        let window_us =
            Settings::micros(settings.window_s(self.character)).saturating_sub(self.covered_us);
        let usual_us = self.covered_us / i64::from(self.seen.max(1));
        let frames = i64::from(settings.learning_frames.saturating_sub(self.seen));
        window_us.max(usual_us.saturating_mul(frames)).max(0)
    }

    pub(crate) fn baseline(&self, settings: &Settings) -> Baseline {
        let interval_us = self.covered_us as f64 / f64::from(self.seen.max(1));
        let step_us = interval_us * f64::from(self.values.stride);
        Baseline::learn(settings, self.character, self.values.as_slice(), interval_us, step_us)
    }
}

/// Time that counts as covered: of a silence only as much as an ordinary interval.
fn without_gap(settings: &Settings, elapsed_us: i64, learner: &Learner) -> i64 {
    let usual_us = learner.covered_us / i64::from(learner.seen.max(1));
    let hold_us = (settings.hold_intervals * usual_us as f64) as i64;
    let longest_us = Settings::micros(settings.gap_s).max(hold_us);
    let first = learner.seen <= 1;
    if first || elapsed_us <= longest_us { elapsed_us } else { usual_us }
}

/// A sequence of bounded length: when it is full neighbours are joined into one item, and from
/// then on twice as many new items are joined into one (again and again).
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Thinned<T> {
    items: Vec<T>,
    stride: u32,
    pending: Option<T>,
    joined: u32,
}

impl<T> Default for Thinned<T> {
    fn default() -> Self {
        Self { items: Vec::new(), stride: 1, pending: None, joined: 0 }
    }
}

impl<T> Thinned<T> {
    /// Adds an item. `join` makes one of two neighbours; its third argument is the weight of the
    /// second one, 0 to 1.
    pub(crate) fn push(&mut self, most: u32, item: T, join: impl Fn(T, T, f64) -> T) {
        self.joined += 1;
        let item = match self.pending.take() {
            None => item,
            Some(pending) => join(pending, item, 1.0 / f64::from(self.joined)),
        };
        if self.joined < self.stride {
            self.pending = Some(item);
            return;
        }
        self.joined = 0;
        self.items.push(item);
        if self.items.len() >= most.max(2) as usize {
            let mut items = std::mem::take(&mut self.items).into_iter();
            while let Some(first) = items.next() {
                self.items.push(match items.next() {
                    Some(second) => join(first, second, 0.5),
                    None => first,
                });
            }
            self.stride = self.stride.saturating_mul(2);
        }
    }

    pub(crate) fn as_slice(&self) -> &[T] {
        &self.items
    }
}
