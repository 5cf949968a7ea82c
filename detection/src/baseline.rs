//! What is normal for one point: a robust centre, a spread to either side, and a bounded shift.

use serde::{Deserialize, Serialize};

use crate::{findings::Normal, settings::Settings};

/// Median absolute deviation to standard deviation, for normally distributed values
/// (Rousseeuw and Croux 1993, "Alternatives to the Median Absolute Deviation").
const MAD_TO_SIGMA: f64 = 1.4826;
/// The usual range lies between these quantiles of the learnt values …
const TAIL: f64 = 0.01;
/// … which are this many standard deviations from the centre of a normal distribution.
const TAIL_SIGMAS: f64 = 2.326;
/// Between this quantile and the tail lies the slope that is continued beyond the usual range.
const SHOULDER: f64 = 0.1;
const SHOULDER_SIGMAS: f64 = 1.282;
/// The spread beyond the usual range is at least this part of the one inside it …
const OUTER_LEAST: f64 = 0.3;
/// … and grows to all of it with this many times the novelty: where such a point may still go is
/// not known.
const NOVELTY_WEIGHT: f64 = 5.0;
/// A point that leaves the range between these quantiles begins to pull its expected value along.
const FOLLOW_TAIL: f64 = 0.05;
/// Smallest spread in ordinary steps of the raw values, for quantised points.
const STEP_SPREAD: f64 = 0.1;
/// Smallest spread relative to the centre, for points that never moved while they were learnt.
const RELATIVE_SPREAD: f64 = 1e-3;
/// Smallest spread of all: keeps the arithmetic finite for a point that is always zero.
const LEAST_SPREAD: f64 = 1e-6;
/// Number of blocks whose means show how far a point wanders by itself.
const WANDER_BLOCKS: usize = 8;
/// Only a point whose variation is nearly all slow is in doubt.
const SLOWNESS_POWER: i32 = 6;

/// The learnt normal of one point, in the point's own unit.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Baseline {
    centre: f64,
    /// Usual range around which `shift` moves.
    follow_low: f64,
    follow_high: f64,
    down: Side,
    up: Side,
    /// How far the centre has followed the point, and how far it may.
    shift: f64,
    bound: f64,
}

/// One side of the centre. Distances grow linearly to the end of the usual range, and beyond it
/// with a slope of their own: a point with two modes has a wide range and narrow modes.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Side {
    /// Robust standard deviation inside the usual range.
    inner: f64,
    /// Robust standard deviation beyond `TAIL_SIGMAS` inner ones.
    outer: f64,
}

impl Side {
    fn sigmas(self, distance: f64) -> f64 {
        let range = TAIL_SIGMAS * self.inner;
        if distance <= range {
            distance / self.inner
        } else {
            TAIL_SIGMAS + (distance - range) / self.outer
        }
    }

    fn distance(self, sigmas: f64) -> f64 {
        sigmas.min(TAIL_SIGMAS) * self.inner + (sigmas - TAIL_SIGMAS).max(0.0) * self.outer
    }
}

impl Baseline {
    /// Learns from raw values in order of time (at least one), smoothed here with `gain` in the
    /// way in which later values will be.
    pub(crate) fn learn(settings: &Settings, raw: &[f64], gain: f64) -> Self {
        let values = &lagged(raw, gain);
        let sorted = sorted(values);
        let centre = quantile(&sorted, 0.5);
        let mut distances: Vec<f64> = sorted.iter().map(|value| (value - centre).abs()).collect();
        distances.sort_unstable_by(f64::total_cmp);
        let mad = MAD_TO_SIGMA * quantile(&distances, 0.5);
        let least = (centre.abs() * RELATIVE_SPREAD)
            .max(ordinary_step(raw) * STEP_SPREAD)
            .max(LEAST_SPREAD);
        // A slow point shows only a few independent values in the whole window, and its spread is
        // underestimated.
        let wander = Wander::of(values, centre);
        let outer_least =
            OUTER_LEAST + (1.0 - OUTER_LEAST) * (wander.novelty * NOVELTY_WEIGHT).min(1.0);
        let caution = 1.0 + settings.caution * wander.doubt;
        // One mode visited now and then makes the MAD tiny: the quantiles keep the limits outside
        // every mode that was seen. Two modes visited equally make the range wide, but say nothing
        // about how far beyond it is still usual: that is what the shoulder tells.
        let side = |far: f64, near: f64| {
            let inner = (far / TAIL_SIGMAS).max(least);
            // Slope of a normal tail through both quantiles.
            let tail = (far - near) / (TAIL_SIGMAS - SHOULDER_SIGMAS);
            let outer = tail.clamp(outer_least * inner, inner);
            Side { inner: caution * inner.max(mad), outer: caution * outer.max(least) }
        };
        let down = side(centre - quantile(&sorted, TAIL), centre - quantile(&sorted, SHOULDER));
        let up = side(
            quantile(&sorted, 1.0 - TAIL) - centre,
            quantile(&sorted, 1.0 - SHOULDER) - centre,
        );
        let bound = settings.adaptation_bound * down.inner.min(up.inner)
            + settings.adaptation_wander * wander.range;
        Self {
            centre,
            follow_low: quantile(&sorted, FOLLOW_TAIL),
            follow_high: quantile(&sorted, 1.0 - FOLLOW_TAIL),
            down,
            up,
            shift: 0.0,
            bound,
        }
    }

    pub(crate) fn expected(&self) -> f64 {
        self.centre + self.shift
    }

    /// Signed distance of a value from the expected one, in robust standard deviations.
    pub(crate) fn score(&self, value: f64) -> f64 {
        let away = value - self.expected();
        if away < 0.0 { -self.down.sigmas(-away) } else { self.up.sigmas(away) }
    }

    /// The value with this score.
    pub(crate) fn value(&self, score: f64) -> f64 {
        let away = if score < 0.0 { -self.down.distance(-score) } else { self.up.distance(score) };
        self.expected() + away
    }

    /// The value limited to so many robust standard deviations from the expected one.
    pub(crate) fn clip(&self, value: f64, sigmas: f64) -> f64 {
        let Normal { low, high, .. } = self.normal(sigmas);
        value.clamp(low, high)
    }

    /// The band that `limit` robust standard deviations leave.
    pub(crate) fn normal(&self, limit: f64) -> Normal {
        let expected = self.expected();
        Normal { expected, low: self.value(-limit), high: self.value(limit) }
    }

    /// Moves the expected value towards a point outside its usual range. `gain` is the fraction
    /// of the way, 0 to 1.
    pub(crate) fn follow(&mut self, value: f64, gain: f64) {
        let usual = value.clamp(self.follow_low + self.shift, self.follow_high + self.shift);
        self.shift = (self.shift + gain * (value - usual)).clamp(-self.bound, self.bound);
    }
}

/// Quantile of sorted values, with linear interpolation (Hyndman and Fan 1996, type 7).
pub(crate) fn quantile(sorted: &[f64], level: f64) -> f64 {
    let place = level * (sorted.len() - 1) as f64;
    let below = place.floor() as usize;
    let above = (below + 1).min(sorted.len() - 1);
    let part = place - below as f64;
    sorted[below] * (1.0 - part) + sorted[above] * part
}

/// First-order lag over values without their spikes: what lies outside the usual range by more
/// than that range again is brought back to there.
fn lagged(raw: &[f64], gain: f64) -> Vec<f64> {
    let sorted = sorted(raw);
    let (low, high) = (quantile(&sorted, TAIL), quantile(&sorted, 1.0 - TAIL));
    let range = high - low;
    let mut state = quantile(&sorted, 0.5);
    if let Some(first) = raw.first() {
        state = first.clamp(low, high);
    }
    let lag = |value: &f64| {
        state += gain * (value.clamp(low - range, high + range) - state);
        state
    };
    raw.iter().map(lag).collect()
}

/// Median of the steps between successive values that differ; zero when none do.
fn ordinary_step(raw: &[f64]) -> f64 {
    let mut steps: Vec<f64> = raw.windows(2).map(|pair| (pair[1] - pair[0]).abs()).collect();
    steps.retain(|step| *step > 0.0);
    steps.sort_unstable_by(f64::total_cmp);
    if steps.is_empty() { 0.0 } else { quantile(&steps, 0.5) }
}

/// How far a point goes by itself over the learning window.
struct Wander {
    /// Range of the block means, in the unit of the point.
    range: f64,
    /// How little the learning window says about where the point may go, 0 to 1.
    doubt: f64,
    /// See [`novelty`].
    novelty: f64,
}

impl Wander {
    fn of(values: &[f64], centre: f64) -> Self {
        let size = values.len().div_ceil(WANDER_BLOCKS).max(1);
        let means: Vec<f64> = values.chunks(size).map(mean).collect();
        let least = means.iter().copied().fold(f64::INFINITY, f64::min);
        let most = means.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let novelty = novelty(values);
        let doubt = slowness(values, &means, centre).powi(SLOWNESS_POWER) * novelty.sqrt();
        Self { range: (most - least).max(0.0), doubt, novelty }
    }
}

/// Part of the variation that lies between the block means: near 1 when the whole window holds
/// only a few independent values.
fn slowness(values: &[f64], means: &[f64], centre: f64) -> f64 {
    let variation = |values: &[f64]| {
        let away: Vec<f64> = values.iter().map(|value| (value - centre).abs()).collect();
        mean(&away)
    };
    let all = variation(values);
    if all > 0.0 { (variation(means) / all).min(1.0) } else { 0.0 }
}

/// Part of the range that only one half of the window showed: near 0 for a machine that goes
/// through its modes again and again, however slowly. 1 at most.
fn novelty(values: &[f64]) -> f64 {
    let (first, second) = values.split_at(values.len() / 2);
    if first.is_empty() {
        return 0.0;
    }
    let range = |values: &[f64]| {
        let sorted = sorted(values);
        (quantile(&sorted, FOLLOW_TAIL), quantile(&sorted, 1.0 - FOLLOW_TAIL))
    };
    let ((low_1, high_1), (low_2, high_2)) = (range(first), range(second));
    let whole = high_1.max(high_2) - low_1.min(low_2);
    let only_one = (low_1 - low_2).abs() + (high_1 - high_2).abs();
    if whole > 0.0 { (only_one / whole).min(1.0) } else { 0.0 }
}

fn mean(values: &[f64]) -> f64 {
    // Divided first: the sum of huge values must not overflow.
    values.iter().map(|value| value / values.len().max(1) as f64).sum()
}

fn sorted(values: &[f64]) -> Vec<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    sorted
}
