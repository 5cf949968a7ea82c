//! Where a window lies, and how sure that is when its readings depend on each other.

use std::f64::consts::{PI, SQRT_2};

use statrs::distribution::{ContinuousCDF as _, StudentsT};

use crate::robust::{huber, median, robust_sd};

/// A figure of a window at a place in time: a residual, or its distance from the local mean.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Item {
    /// Time without gaps, µs.
    pub position: f64,
    /// Load bin.
    pub bin: usize,
    /// The figure.
    pub x: f64,
}

/// A location with the variance of its error and the degrees of freedom of that variance.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Located {
    pub value: f64,
    pub variance: f64,
    pub freedom: f64,
    /// How many independent readings it rests on.
    pub effective: f64,
    /// Readings with a weight.
    pub count: usize,
    /// Distance beyond which a reading counted as being at it.
    reach: f64,
}

/// Numbers of cosines. The first looks at the slowest changes alone, the last has more degrees of
/// freedom; the one that gives the widest interval is believed.
const COSINES: [usize; 3] = [6, 12, 24];
const MOST_BLOCKS: usize = 240;

/// Weighted location of a window that lasts `span`; `weights` are those of the load bins and add up
/// to 1.
///
/// The variance is the long-run variance of the influence of the readings by equally weighted
/// cosines (Müller 2007; Lazarus, Lewis, Stock and Watson 2018), for which Student's distribution
/// with as many degrees of freedom as cosines is nearly exact under dependence. `None` when there is
/// nothing to weigh.
pub(crate) fn locate(
    items: &[Item],
    weights: &[f64],
    span: f64,
    least_sd: f64,
    confidence: f64,
) -> Option<Located> {
    let points = weighted(items, weights);
    let count = points.iter().filter(|p| p.1 > 0.0).count();
    if count < 8 {
        return None;
    }
    let own = robust_sd(points.iter().filter(|p| p.1 > 0.0).map(|p| p.0));
    let reach = 2.0 * own.max(least_sd);
    let value = huber(&points, reach);
    let blocks = (count / 2).clamp(4, MOST_BLOCKS);
    let mut sums = vec![0.0; blocks];
    let (mut inside, mut squares, mut all, mut all_squares) = (0.0, 0.0, 0.0, 0.0);
    for (item, (x, weight)) in items.iter().zip(&points) {
        let influence = weight * (x - value).clamp(-reach, reach);
        let block = (item.position / span * blocks as f64) as usize;
        sums[block.min(blocks - 1)] += influence;
        inside += if (x - value).abs() <= reach { *weight } else { 0.0 };
        squares += influence * influence;
        all += weight;
        all_squares += weight * weight;
    }
    let kish = all * all / all_squares;
    let (long_run, freedom) = long_run_variance(&sums, confidence);
    let total = (long_run * blocks as f64).max(squares / kish.max(1.0) * 1e-6);
    let effective = if squares > 0.0 {
        (kish * squares / total).min(kish)
    } else {
        // Nothing varies: a block has said no more than once the same.
        kish.min(blocks as f64)
    };
    let variance = if inside > 0.0 { total / (inside * inside) } else { f64::INFINITY };
    // Independent readings would still leave this much.
    let variance = variance.max(squares / (inside * inside).max(f64::MIN_POSITIVE));
    Some(Located { value, variance, freedom, effective, count, reach })
}

/// Items with the weights of their bins spread over them.
fn weighted(items: &[Item], weights: &[f64]) -> Vec<(f64, f64)> {
    let mut counts = vec![0_usize; weights.len()];
    for item in items {
        counts[item.bin] += 1;
    }
    items.iter().map(|i| (i.x, weights[i.bin] / counts[i.bin] as f64)).collect()
}

/// Long-run variance per block and its degrees of freedom.
fn long_run_variance(sums: &[f64], confidence: f64) -> (f64, f64) {
    let n = sums.len();
    let most = (n / 2).max(2);
    let mut power = 0.0;
    let mut best = (0.0, 2.0);
    let mut widest = -1.0;
    for k in 1..=most.min(COSINES[COSINES.len() - 1]) {
        let turn = PI * k as f64 / n as f64;
        let projected: f64 =
            sums.iter().enumerate().map(|(j, s)| s * (turn * (j as f64 + 0.5)).cos()).sum();
        power += (SQRT_2 * projected).powi(2) / n as f64;
        if COSINES.contains(&k) || (k == most && k < COSINES[0]) {
            let variance = power / k as f64;
            let width = student(confidence, k as f64).powi(2) * variance;
            if width > widest {
                (widest, best) = (width, (variance, k as f64));
            }
        }
    }
    best
}

/// Student's quantile of a two-sided interval.
pub(crate) fn student(confidence: f64, freedom: f64) -> f64 {
    StudentsT::new(0.0, 1.0, freedom.max(1.0))
        .map_or(f64::INFINITY, |t| t.inverse_cdf(f64::midpoint(1.0, confidence)))
}

/// How much the mean of a stretch of a healthy machine wanders from stretch to stretch, with its
/// degrees of freedom. The stretches are as long as the window that it is for, at most a sixth of
/// the healthy one. Where they are shorter than the window, the variance is reduced by the root of
/// the ratio: halfway between independent readings (the ratio) and a wander at all time scales
/// alike, which longer means do not reduce.
///
/// `None` when there are fewer than four stretches.
pub(crate) fn wander(
    items: &[Item],
    weights: &[f64],
    located: &Located,
    span: f64,
    stretch: f64,
) -> Option<(f64, f64)> {
    let wanted = stretch;
    let stretch = wanted.min(span / 6.0);
    let stretches = (span / stretch) as usize;
    let mut sums = vec![(0.0, 0.0); stretches];
    for (item, (x, weight)) in items.iter().zip(weighted(items, weights)) {
        let at = (item.position / stretch) as usize;
        if let Some(sum) = sums.get_mut(at) {
            sum.0 += weight * (x - located.value).clamp(-located.reach, located.reach);
            sum.1 += weight;
        }
    }
    let usual = median(&mut sums.iter().map(|s| s.1).collect::<Vec<_>>());
    let means: Vec<f64> =
        sums.iter().filter(|s| s.1 > 0.3 * usual).map(|(sum, weight)| sum / weight).collect();
    let n = means.len() as f64;
    if means.len() < 4 {
        return None;
    }
    let centre = means.iter().sum::<f64>() / n;
    let squares: f64 = means.iter().map(|m| (m - centre).powi(2)).sum();
    let lagged: f64 = means.windows(2).map(|w| (w[0] - centre) * (w[1] - centre)).sum();
    // Neighbouring stretches that resemble each other say less about the variance (Bartlett 1946).
    let similar = if squares > 0.0 { (lagged / squares + 1.0 / n).clamp(0.0, 0.95) } else { 0.0 };
    let worth = n * (1.0 - similar * similar) / (1.0 + similar * similar);
    let variance = squares / (n - 1.0) * (stretch / wanted).sqrt();
    Some((variance, (worth - 1.0).max(2.0)))
}
