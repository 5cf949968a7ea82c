//! Load regimes: a machine that rests, idles or works has a normal of its own in each of them.
//!
//! The levels of the load are the modes of its learnt distribution: stretches of a histogram that
//! are separated by valleys which the load only passes through. A load that takes every value
//! between its ends, such as a slow wave, is one regime, and changes nothing.

use serde::{Deserialize, Serialize};

use crate::{baseline::quantile, settings::Settings};

/// Resolution of the histogram.
const BINS: usize = 40;
/// A valley has less than this part of the lower one of the peaks beside it.
const VALLEY: f64 = 0.1;
/// A regime holds at least this part of the learning window …
const LEAST_PART: f64 = 0.05;
/// … and was entered at least this often: how a machine does after one change of load says little
/// about how it does after the next.
const LEAST_VISITS: usize = 3;
/// The range of the load is taken between these quantiles, so that one spike does not coarsen it.
const TAIL: f64 = 0.002;

/// The learnt regimes of an asset, and where it is now.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Regimes {
    load: u16,
    /// Lowest and highest load of each, ascending.
    levels: Vec<(f64, f64)>,
    now: Option<usize>,
    since_us: i64,
}

/// What is known of the load now.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Load {
    /// No point tells it, or it has one level only.
    #[default]
    Unknown,
    /// It has just changed, or is between the levels that were learnt.
    Settling,
    /// At one of its levels for a while.
    Settled(usize),
}

impl Load {
    pub(crate) fn regime(self) -> Option<usize> {
        match self {
            Self::Settled(regime) => Some(regime),
            Self::Unknown | Self::Settling => None,
        }
    }
}

/// The settled values of one point in one regime.
pub(crate) struct Visited {
    pub(crate) values: Vec<f64>,
    pub(crate) visits: usize,
}

impl Regimes {
    /// Learns from the load's smoothed values in order of time. None when there is only one regime.
    pub(crate) fn learn(load: u16, values: &[Option<f64>]) -> Option<Self> {
        let mut sorted: Vec<f64> = values.iter().flatten().copied().collect();
        sorted.sort_unstable_by(f64::total_cmp);
        if sorted.len() < BINS {
            return None;
        }
        let levels = levels(&sorted);
        (levels.len() > 1).then_some(Self { load, levels, now: None, since_us: i64::MIN })
    }

    pub(crate) fn slot(&self) -> u16 {
        self.load
    }

    /// Which regime a load belongs to; none between them and beyond them.
    fn of(&self, load: f64) -> Option<usize> {
        self.levels.iter().position(|(low, high)| (*low..=*high).contains(&load))
    }

    /// Follows the load.
    pub(crate) fn follow(&mut self, at_us: i64, load: Option<f64>) {
        let now = load.and_then(|load| self.of(load));
        if now != self.now {
            self.now = now;
            self.since_us = at_us;
        }
    }

    /// How the load is, once the points have had the time to follow it.
    pub(crate) fn load(&self, settings: &Settings, at_us: i64) -> Load {
        let lasted_us = at_us.saturating_sub(self.since_us);
        match self.now {
            Some(regime) if lasted_us >= Settings::micros(settings.settling_s) => {
                Load::Settled(regime)
            }
            _ => Load::Settling,
        }
    }

    /// What a point showed in each regime once settled there; none where that was too little.
    /// `load` and `values` are rows in order of time, `settling` the rows that settling takes.
    pub(crate) fn visited(
        &self,
        load: &[Option<f64>],
        values: &[Option<f64>],
        settling: usize,
    ) -> Vec<Option<Visited>> {
        let mut all: Vec<Visited> =
            self.levels.iter().map(|_| Visited { values: Vec::new(), visits: 0 }).collect();
        let (mut before, mut lasted) = (None, 0);
        for (load, value) in load.iter().zip(values) {
            let now = load.and_then(|load| self.of(load));
            lasted = if now == before { lasted + 1 } else { 0 };
            before = now;
            let (Some(now), Some(value)) = (now, value) else { continue };
            if lasted == settling {
                all[now].visits += 1;
            }
            if lasted >= settling {
                all[now].values.push(*value);
            }
        }
        let least = (LEAST_PART * values.len() as f64) as usize;
        let enough = |visited: Visited| {
            (visited.values.len() >= least.max(1) && visited.visits >= LEAST_VISITS)
                .then_some(visited)
        };
        all.into_iter().map(enough).collect()
    }
}

/// Lowest and highest value of each mode of sorted values.
fn levels(sorted: &[f64]) -> Vec<(f64, f64)> {
    let (low, high) = (quantile(sorted, TAIL), quantile(sorted, 1.0 - TAIL));
    let width = (high - low) / BINS as f64;
    if width <= 0.0 {
        return Vec::new();
    }
    let mut counts = [0.0_f64; BINS];
    for value in sorted {
        counts[(((value - low) / width) as usize).min(BINS - 1)] += 1.0;
    }
    // One bin's luck makes no valley.
    let smooth = |bin: usize| {
        let beside = &counts[bin.saturating_sub(1)..(bin + 2).min(BINS)];
        beside.iter().sum::<f64>() / beside.len() as f64
    };
    let smoothed: Vec<f64> = (0..BINS).map(smooth).collect();
    let mut modes: Vec<(usize, usize)> = Vec::new();
    for mode in separated(&smoothed, 0, BINS) {
        let part = counts[mode.0..mode.1].iter().sum::<f64>() / sorted.len() as f64;
        if part >= LEAST_PART {
            modes.push(mode);
        }
    }
    // The ends of a mode reach half a bin further: the values beside it are its own.
    let edge = |bin: usize| low + width * bin as f64;
    modes.into_iter().map(|(from, to)| (edge(from) - width / 2.0, edge(to) + width / 2.0)).collect()
}

/// Splits a stretch of bins at its deepest valley, again and again; valleys belong to nobody.
fn separated(counts: &[f64], from: usize, to: usize) -> Vec<(usize, usize)> {
    let highest = |from: usize, to: usize| counts[from..to].iter().copied().fold(0.0, f64::max);
    let valley = (from + 1..to.saturating_sub(1))
        .filter(|bin| counts[*bin] <= VALLEY * highest(from, *bin).min(highest(bin + 1, to)))
        .min_by(|a, b| counts[*a].total_cmp(&counts[*b]));
    let Some(valley) = valley else { return vec![trimmed(counts, from, to)] };
    let mut parts = separated(counts, from, valley);
    parts.extend(separated(counts, valley + 1, to));
    parts
}

/// Without the flanks that the load only passes through.
fn trimmed(counts: &[f64], from: usize, to: usize) -> (usize, usize) {
    let peak = counts[from..to].iter().copied().fold(0.0, f64::max);
    let inside = |bin: &usize| counts[*bin] > VALLEY * peak;
    let first = (from..to).find(inside).unwrap_or(from);
    let last = (from..to).rev().find(inside).unwrap_or(first);
    (first, last + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn learnt(load: impl Fn(usize) -> f64) -> Option<Regimes> {
        let values: Vec<Option<f64>> = (0..1800).map(|second| Some(load(second))).collect();
        Regimes::learn(0, &values)
    }

    #[test]
    fn a_load_that_takes_every_value_is_one_regime() {
        let wave = |second: usize| (second as f64 / 80.0 * std::f64::consts::TAU).sin();
        assert!(learnt(wave).is_none(), "a wave dwells at its ends, and passes the middle often");
        assert!(learnt(|second| second as f64).is_none());
        assert!(learnt(|_| 5.0).is_none());
    }

    #[test]
    fn rest_idle_and_work_are_three_regimes() {
        let regimes = learnt(|second| {
            let level = [0.1, 12.0, 34.0][second / 60 % 3];
            level + 0.4 * ((second * 7919 % 100) as f64 / 50.0 - 1.0)
        });
        let regimes = regimes.expect("more than one");
        assert_eq!(regimes.levels.len(), 3);
        for (load, regime) in [(0.1, Some(0)), (12.1, Some(1)), (33.9, Some(2)), (20.0, None)] {
            assert_eq!(regimes.of(load), regime, "{load}: {regimes:?}");
        }
    }

    #[test]
    fn a_regime_that_was_hardly_visited_has_no_normal_of_its_own() {
        let load: Vec<Option<f64>> =
            (0..1800).map(|second| Some(if second < 300 { 1.0 } else { 9.0 })).collect();
        let regimes = Regimes::learn(0, &load).expect("two");
        assert!(regimes.visited(&load, &load, 60).iter().all(Option::is_none), "one visit each");
    }
}
