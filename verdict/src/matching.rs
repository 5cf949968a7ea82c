//! Which loads the windows share.

use crate::judgement::{BinCoverage, Coverage};
use crate::load::{Bins, Reading};

/// A bin counts when it has this many readings in each window that is compared.
const LEAST_IN_BIN: usize = 10;

/// Readings by window and bin.
pub(crate) struct Shares {
    counts: [Vec<usize>; 3],
    totals: [usize; 3],
}

impl Shares {
    pub fn count(
        placed: &[Vec<(usize, Reading)>; 3],
        windows: &[Vec<Reading>; 3],
        bins: usize,
    ) -> Self {
        let counts = placed.each_ref().map(|w| {
            let mut counts = vec![0; bins];
            w.iter().for_each(|(bin, _)| counts[*bin] += 1);
            counts
        });
        Self { counts, totals: windows.each_ref().map(Vec::len) }
    }

    pub fn share(&self, window: usize, bin: usize) -> f64 {
        self.counts[window][bin] as f64 / self.totals[window].max(1) as f64
    }

    /// Weights of the bins that these windows share, adding up to 1: the harmonic mean of their
    /// shares, so that no window has to speak for a load it hardly had. All 0 without such a bin.
    pub fn weights(&self, windows: &[usize]) -> Vec<f64> {
        let bins = self.counts[0].len();
        let mut weights: Vec<f64> = (0..bins)
            .map(|bin| {
                if windows.iter().any(|w| self.counts[*w][bin] < LEAST_IN_BIN) {
                    return 0.0;
                }
                1.0 / windows.iter().map(|w| 1.0 / self.share(*w, bin)).sum::<f64>()
            })
            .collect();
        let sum: f64 = weights.iter().sum();
        if sum > 0.0 {
            weights.iter_mut().for_each(|w| *w /= sum);
        }
        weights
    }

    pub fn covered(&self, window: usize, weights: &[f64]) -> f64 {
        weights
            .iter()
            .enumerate()
            .filter(|(_, weight)| **weight > 0.0)
            .fold(0.0, |sum, (bin, _)| sum + self.share(window, bin))
    }
}

/// The coverage as it is reported.
pub(crate) fn coverage(
    shares: &Shares,
    bins: &Bins,
    load_known: bool,
    inertia_us: i64,
    weights_of_three: &[f64],
) -> Coverage {
    let weights = shares.weights(&[0, 2]);
    let of_bin = |(i, (low, high)): (usize, &(f64, f64))| BinCoverage {
        low: *low,
        high: *high,
        healthy: shares.share(0, i),
        before: shares.share(1, i),
        after: shares.share(2, i),
    };
    Coverage {
        healthy: shares.covered(0, &weights),
        before: shares.covered(1, weights_of_three),
        after: shares.covered(2, &weights),
        load_known,
        inertia_us,
        bins: if load_known { bins.0.iter().enumerate().map(of_bin).collect() } else { Vec::new() },
    }
}
