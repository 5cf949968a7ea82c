//! What is normal for one point: a robust centre, a spread to either side, and a bounded shift.

use serde::{Deserialize, Serialize};

use crate::{
    findings::Normal,
    regimes::Visited,
    settings::{Character, Settings, lag_gain},
};

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
/// The band of a regime that was visited `n` times is wider by `1 + FEW_VISITS / n` …
const FEW_VISITS: f64 = 3.0;
/// … and at least this part of the band without regimes.
const NARROWEST: f64 = 0.25;
/// A point that leaves the range between these quantiles begins to pull its expected value along.
const FOLLOW_TAIL: f64 = 0.05;
/// Smallest spread in ordinary steps of the raw values, for quantised points.
const STEP_SPREAD: f64 = 0.1;
/// Smallest spread relative to the centre, for points that never moved while they were learnt.
const RELATIVE_SPREAD: f64 = 1e-3;
/// Smallest spread of all: keeps the arithmetic finite for a point that is always zero.
const LEAST_SPREAD: f64 = 1e-12;
/// Number of blocks whose means show how far a point wanders by itself.
const WANDER_BLOCKS: usize = 8;

/// The learnt normal of one point, in the point's own unit.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Baseline {
    centre: f64,
    /// Usual range around which `shift` moves.
    follow_low: f64,
    follow_high: f64,
    /// Usual range of single readings, which are further apart than their means.
    raw_low: f64,
    raw_high: f64,
    spread: Spread,
    /// Robust standard deviation of the recent mean's distance from the mean before it.
    change: f64,
    /// How far the centre has followed the point, and how far it may.
    shift: f64,
    bound: f64,
}

/// To either side of the centre. Distances grow linearly to the end of the usual range, and beyond it
/// with a slope of their own: a point with two modes has a wide range and narrow modes.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Spread {
    /// Robust standard deviation inside the usual range.
    inner: f64,
    /// Robust standard deviation beyond `TAIL_SIGMAS` inner ones.
    outer: f64,
}

impl Spread {
    /// One mode visited now and then makes the MAD tiny: the quantiles keep the limits outside
    /// every mode that was seen. Two modes visited equally make the range wide, but say nothing
    /// about how far beyond it is still usual: that is what the shoulder tells. The wider side
    /// counts for both: a learning window holds too few independent values to tell them apart.
    fn of(values: &[f64], sorted: &[f64], centre: f64, least: f64) -> Self {
        let far = (centre - quantile(sorted, TAIL)).max(quantile(sorted, 1.0 - TAIL) - centre);
        let outer = |far: f64, near: f64| (far - near) / (TAIL_SIGMAS - SHOULDER_SIGMAS);
        let tail = outer(quantile(sorted, SHOULDER), quantile(sorted, TAIL))
            .max(outer(quantile(sorted, 1.0 - TAIL), quantile(sorted, 1.0 - SHOULDER)));
        let inner = (far / TAIL_SIGMAS).max(least);
        let outer_least =
            OUTER_LEAST + (1.0 - OUTER_LEAST) * (novelty(values) * NOVELTY_WEIGHT).min(1.0);
        let tail = tail.clamp(outer_least * inner, inner);
        Self { inner: inner.max(spread(sorted, centre)), outer: tail.max(least) }
    }

    fn sigmas(self, distance: f64) -> f64 {
        let range = TAIL_SIGMAS * self.inner;
        if distance <= range {
            distance / self.inner
        } else {
            TAIL_SIGMAS + (distance - range) / self.outer
        }
    }

    fn times(self, factor: f64) -> Self {
        Self { inner: factor * self.inner, outer: factor * self.outer }
    }

    fn distance(self, sigmas: f64) -> f64 {
        sigmas.min(TAIL_SIGMAS) * self.inner + (sigmas - TAIL_SIGMAS).max(0.0) * self.outer
    }
}

impl Baseline {
    /// Learns from raw values in order of time (at least one), smoothed here with `gain` in the
    /// way in which later values will be.
    pub(crate) fn learn(
        settings: &Settings,
        character: Character,
        raw: &[f64],
        interval_us: f64,
        step_us: f64,
    ) -> Self {
        let gain = |constant_us: f64| lag_gain(step_us, constant_us);
        let values = &lagged(raw, gain(settings.smoothing_us(interval_us)));
        let sorted = sorted(values);
        let centre = quantile(&sorted, 0.5);
        let least = (centre.abs() * RELATIVE_SPREAD)
            .max(ordinary_step(raw) * STEP_SPREAD)
            .max(LEAST_SPREAD);
        let matters = character.least_change * centre.abs();
        let spread = Spread::of(values, &sorted, centre, least);
        let spread = spread.times((matters / spread.distance(settings.limit)).max(1.0));
        let (recent_us, before_us) = settings.change_us(interval_us);
        let change = change(raw, gain(recent_us), gain(before_us)).max(least);
        let change = change.max(matters / settings.change_limit.max(1.0));
        let raw_sorted = self::sorted(raw);
        let bound =
            settings.adaptation_bound * spread.inner + settings.adaptation_wander * wander(values);
        Self {
            centre,
            follow_low: quantile(&sorted, FOLLOW_TAIL),
            follow_high: quantile(&sorted, 1.0 - FOLLOW_TAIL),
            raw_low: quantile(&raw_sorted, TAIL),
            raw_high: quantile(&raw_sorted, 1.0 - TAIL),
            spread,
            change,
            shift: 0.0,
            bound,
        }
    }

    /// The normal of the same point in one regime, from settled smoothed values (at least one). What
    /// a few visits showed is trusted less than what many did.
    pub(crate) fn in_regime(&self, settings: &Settings, visited: &Visited) -> Self {
        let sorted = sorted(&visited.values);
        let centre = quantile(&sorted, 0.5);
        let least = (centre.abs() * RELATIVE_SPREAD).max(LEAST_SPREAD);
        let few = 1.0 + FEW_VISITS / visited.visits.max(1) as f64;
        let spread = Spread::of(&visited.values, &sorted, centre, least).times(few);
        // Never wider than without regimes, never so narrow that the noise of one visit decides.
        let narrowest = NARROWEST * self.spread.distance(settings.limit);
        let spread = spread.times((narrowest / spread.distance(settings.limit)).max(1.0));
        let spread = if spread.distance(settings.limit) < self.spread.distance(settings.limit) {
            spread
        } else {
            self.spread
        };
        let (low, high) = (quantile(&sorted, FOLLOW_TAIL), quantile(&sorted, 1.0 - FOLLOW_TAIL));
        Self { centre, follow_low: low, follow_high: high, spread, ..self.clone() }
    }

    /// Robust standard deviation of changes.
    pub(crate) fn change(&self) -> f64 {
        self.change
    }

    pub(crate) fn expected(&self) -> f64 {
        self.centre + self.shift
    }

    /// Signed distance of a value from the expected one, in robust standard deviations.
    pub(crate) fn score(&self, value: f64) -> f64 {
        let away = value - self.expected();
        self.spread.sigmas(away.abs()).copysign(away)
    }

    /// The value with this score.
    pub(crate) fn value(&self, score: f64) -> f64 {
        self.expected() + self.spread.distance(score.abs()).copysign(score)
    }

    /// The value limited to so many robust standard deviations from the expected one.
    pub(crate) fn clip(&self, value: f64, sigmas: f64) -> f64 {
        let Normal { low, high, .. } = self.normal(sigmas);
        // Not `clamp`: of values near the largest number the band is none.
        value.max(low).min(high)
    }

    /// The band that `limit` robust standard deviations leave to the smoothed value.
    pub(crate) fn normal(&self, limit: f64) -> Normal {
        let expected = self.expected();
        Normal { expected, low: self.value(-limit), high: self.value(limit) }
    }

    /// The band for single readings: what the limit leaves, and at least their usual range.
    pub(crate) fn usual(&self, limit: f64) -> Normal {
        let Normal { expected, low, high } = self.normal(limit);
        let (raw_low, raw_high) = (self.raw_low + self.shift, self.raw_high + self.shift);
        Normal { expected, low: low.min(raw_low), high: high.max(raw_high) }
    }

    /// Moves the expected value towards a point outside its usual range. `gain` is the fraction
    /// of the way, 0 to 1.
    pub(crate) fn follow(&mut self, value: f64, gain: f64) {
        let usual = value.max(self.follow_low + self.shift).min(self.follow_high + self.shift);
        self.shift = (self.shift + gain * (value - usual)).max(-self.bound).min(self.bound);
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
    // Begun at one value, the lag would show that value's noise for as long as it lasts, and the
    // quantiles would take it for the point's own range.
    let beginning = ((1.0 / gain.max(1e-9)) as usize).clamp(1, raw.len().max(1));
    let mut state = quantile(&self::sorted(&raw[..beginning.min(raw.len())]), 0.5);
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

/// MAD as a standard deviation.
fn spread(values: &[f64], centre: f64) -> f64 {
    let distances: Vec<f64> = values.iter().map(|value| (value - centre).abs()).collect();
    MAD_TO_SIGMA * quantile(&sorted(&distances), 0.5)
}

/// Robust standard deviation of the distance between the recent mean and the mean before it.
fn change(raw: &[f64], recent: f64, before: f64) -> f64 {
    // Both means begin at the same value: the first distances are too small.
    let begun = ((1.0 / before.max(1e-9)) as usize).min(raw.len() / 4);
    let pairs = lagged(raw, recent).into_iter().zip(lagged(raw, before));
    let distances: Vec<f64> = pairs.skip(begun).map(|(recent, before)| recent - before).collect();
    if distances.is_empty() {
        return 0.0;
    }
    let sorted = sorted(&distances);
    let far = (-quantile(&sorted, 0.0)).max(quantile(&sorted, 1.0));
    (far / TAIL_SIGMAS).max(spread(&sorted, 0.0))
}

/// How far a point goes by itself over the learning window: range of the block means.
fn wander(values: &[f64]) -> f64 {
    let size = values.len().div_ceil(WANDER_BLOCKS).max(1);
    let means: Vec<f64> = values.chunks(size).map(mean).collect();
    let least = means.iter().copied().fold(f64::INFINITY, f64::min);
    let most = means.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    (most - least).max(0.0)
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
