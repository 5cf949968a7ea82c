//! The load: joined to readings, smoothed as a point feels it, cut into bins.

use crate::plan::Plan;
use crate::window::{Series, Window};

/// A reading with the load that acted on it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reading {
    pub at_us: i64,
    pub value: f64,
    /// NaN where it is not known.
    pub load: f64,
}

/// A series in the order of time, without values that are not finite.
pub(crate) fn ordered(series: Series<'_>) -> Vec<(i64, f64)> {
    let mut pairs: Vec<(i64, f64)> = series
        .times_us
        .iter()
        .copied()
        .zip(series.values.iter().copied())
        .filter(|(_, v)| v.is_finite())
        .collect();
    if !pairs.is_sorted_by_key(|p| p.0) {
        pairs.sort_by_key(|p| p.0);
    }
    pairs
}

/// Median distance of neighbouring times, µs; 0 when there are none.
pub(crate) fn usual_interval_us(times: impl Iterator<Item = i64> + Clone) -> i64 {
    let mut steps: Vec<i64> = times
        .clone()
        .zip(times.skip(1))
        .map(|(a, b)| b.saturating_sub(a))
        .filter(|d| *d > 0)
        .collect();
    if steps.is_empty() {
        return 0;
    }
    let middle = steps.len() / 2;
    *steps.select_nth_unstable(middle).1
}

/// The load as something feels it that follows with a time constant (first-order lag), and from
/// when on it has forgotten where it started.
struct Felt {
    points: Vec<(i64, f64, bool)>,
    hold_us: i64,
}

impl Felt {
    fn new(load: &[(i64, f64)], inertia_us: i64, hold_us: i64) -> Self {
        let hold_us = hold_us.max(usual_interval_us(load.iter().map(|p| p.0)).saturating_mul(5));
        let mut points = Vec::with_capacity(load.len());
        let (mut since, mut last_at, mut last, mut felt) = (i64::MIN, i64::MIN, 0.0, 0.0);
        for &(at, value) in load {
            if last_at == i64::MIN || at.saturating_sub(last_at) > hold_us {
                (since, felt) = (at, value);
            } else if inertia_us > 0 {
                let keep = (-(at.saturating_sub(last_at) as f64) / inertia_us as f64).exp();
                // The load was `last` since `last_at`: a value holds until the next one.
                felt = last + (felt - last) * keep;
            } else {
                felt = value;
            }
            (last_at, last) = (at, value);
            points.push((at, felt, at.saturating_sub(since) >= 2 * inertia_us));
        }
        Self { points, hold_us }
    }

    fn join(&self, readings: &mut [Reading]) {
        let mut next = 0;
        for reading in readings {
            while self.points.get(next).is_some_and(|p| p.0 <= reading.at_us) {
                next += 1;
            }
            reading.load = match next.checked_sub(1).map(|i| self.points[i]) {
                Some((at, felt, warm))
                    if warm && reading.at_us.saturating_sub(at) <= self.hold_us =>
                {
                    felt
                }
                _ => f64::NAN,
            };
        }
    }
}

/// The readings of the three windows, each with the load that it felt.
pub(crate) struct Joined {
    pub windows: [Vec<Reading>; 3],
    pub load_known: bool,
    pub inertia_us: i64,
}

/// Time constants that are tried, seconds.
const INERTIAS_S: [i64; 5] = [15, 60, 180, 600, 1800];
/// A time constant has to explain this much more of the variation than none.
const WORTHWHILE: f64 = 0.05;

/// Joins readings and load. The time constant is the one whose load explains most of the healthy
/// readings; a slow point, such as the temperature of a bearing, answers the load of the last
/// minutes, not that of this second.
pub(crate) fn join(windows: [&Window<'_>; 3], plan: &Plan) -> Joined {
    let mut joined = windows.map(|w| {
        ordered(Series { times_us: w.times_us, values: w.values })
            .into_iter()
            .map(|(at_us, value)| Reading { at_us, value, load: f64::NAN })
            .collect::<Vec<_>>()
    });
    let loads = windows.map(|w| w.load.map(ordered).unwrap_or_default());
    let load_known = loads.iter().all(|l| !l.is_empty());
    if !load_known {
        return Joined { windows: joined, load_known, inertia_us: 0 };
    }
    let shortest_us = joined
        .iter()
        .map(|w| w.last().zip(w.first()).map_or(0, |(b, a)| b.at_us.saturating_sub(a.at_us)))
        .min()
        .unwrap_or(0);
    let mut best = (0, 0.0);
    for inertia_us in std::iter::once(0).chain(INERTIAS_S.map(|s| s * 1_000_000)) {
        if inertia_us > shortest_us / 12 {
            break;
        }
        Felt::new(&loads[0], inertia_us, plan.load_hold_us).join(&mut joined[0]);
        let explained = explained(&joined[0]);
        let needed = if best.0 == 0 { best.1 + WORTHWHILE } else { best.1 };
        if inertia_us == 0 || explained > needed {
            best = (inertia_us, explained);
        }
    }
    for (readings, load) in joined.iter_mut().zip(&loads) {
        Felt::new(load, best.0, plan.load_hold_us).join(readings);
    }
    Joined { windows: joined, load_known, inertia_us: best.0 }
}

/// Share of the variation that lies between sixteenths of the readings by load: the correlation
/// ratio (Pearson 1905), 0 to 1.
fn explained(readings: &[Reading]) -> f64 {
    let stride = readings.len() / 20_000 + 1;
    let mut known: Vec<(f64, f64)> = readings
        .iter()
        .step_by(stride)
        .filter(|r| r.load.is_finite())
        .map(|r| (r.load, r.value))
        .collect();
    if known.len() < 64 {
        return 0.0;
    }
    known.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mean = |part: &[(f64, f64)]| part.iter().map(|p| p.1).sum::<f64>() / part.len() as f64;
    let centre = mean(&known);
    let total: f64 = known.iter().map(|p| (p.1 - centre).powi(2)).sum();
    let between: f64 = known
        .chunks(known.len().div_ceil(16))
        .map(|part| part.len() as f64 * (mean(part) - centre).powi(2))
        .sum();
    if total > 0.0 { between / total } else { 0.0 }
}

/// Load bins, learnt from the healthy window: intervals that do not overlap, in rising order.
#[derive(Debug, Clone)]
pub(crate) struct Bins(pub Vec<(f64, f64)>);

const CELLS: usize = 48;

impl Bins {
    /// Finds the levels between which the load hardly ever was, and cuts wide levels by quantiles.
    pub fn learn(loads: impl Iterator<Item = f64>, plan: &Plan) -> Self {
        let mut sorted: Vec<f64> = loads.filter(|l| l.is_finite()).collect();
        if sorted.is_empty() {
            return Self(Vec::new());
        }
        sorted.sort_by(f64::total_cmp);
        let n = sorted.len();
        let at = |share: f64| sorted[((n - 1) as f64 * share).round() as usize];
        let (low, high) = (at(0.005), at(0.995));
        let usual = at(0.5).abs().max(at(0.05).abs()).max(at(0.95).abs());
        let cell = (high - low) / CELLS as f64;
        let margin = (plan.load_margin * usual).max(cell);
        if cell <= 0.0 {
            return Self(vec![(low - margin, high + margin)]);
        }
        let mut counts = [0_usize; CELLS];
        for load in &sorted {
            if (low..=high).contains(load) {
                counts[(((load - low) / cell) as usize).min(CELLS - 1)] += 1;
            }
        }
        let rare = (n / (CELLS * 12)).max(1);
        let mut levels: Vec<(f64, f64)> = Vec::new();
        for (i, _) in counts.iter().enumerate().filter(|(_, c)| **c > rare) {
            let (from, to) = (low + i as f64 * cell, low + (i + 1) as f64 * cell);
            match levels.last_mut() {
                Some(last) if from - last.1 <= 1.5 * cell => last.1 = to,
                _ => levels.push((from, to)),
            }
        }
        let mut bins = Vec::new();
        for (i, &(from, to)) in levels.iter().enumerate() {
            // Neighbouring levels share the room between them when it is less than two margins.
            let left = i.checked_sub(1).map_or(margin, |j| margin.min((from - levels[j].1) / 2.0));
            let right = levels.get(i + 1).map_or(margin, |l| margin.min((l.0 - to) / 2.0));
            let inside = &sorted
                [sorted.partition_point(|l| *l < from)..sorted.partition_point(|l| *l <= to)];
            let wide = ((to - from) / margin).ceil().max(1.0) as usize;
            let parts = ((plan.load_bins * inside.len()) as f64 / n as f64).round() as usize;
            let parts = parts.clamp(1, wide.max(1));
            let mut start = from - left;
            for part in 1..parts {
                let cut = inside[part * inside.len() / parts];
                if cut > start {
                    bins.push((start, cut));
                    start = cut;
                }
            }
            bins.push((start, to + right));
        }
        Self(bins)
    }

    /// The bin of a load.
    pub fn find(&self, load: f64) -> Option<usize> {
        let i = self.0.partition_point(|b| b.1 <= load);
        self.0.get(i).is_some_and(|b| b.0 <= load && load.is_finite()).then_some(i)
    }

    /// The bin of a load, or the nearest one. `None` when there is none or the load is unknown.
    pub fn nearest(&self, load: f64) -> Option<usize> {
        if !load.is_finite() {
            return None;
        }
        let distance = |b: &(f64, f64)| (b.0 - load).max(load - b.1).max(0.0);
        (0..self.0.len()).min_by(|a, b| distance(&self.0[*a]).total_cmp(&distance(&self.0[*b])))
    }
}
