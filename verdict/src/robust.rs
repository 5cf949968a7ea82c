//! Location and spread that single wild readings do not move.

/// Median; 0 of nothing. Reorders.
pub(crate) fn median(values: &mut [f64]) -> f64 {
    quantile(values, 0.5)
}

/// The value below which this share lies; 0 of nothing. Reorders.
pub(crate) fn quantile(values: &mut [f64], share: f64) -> f64 {
    if values.is_empty() {
        return 0.0;
    }
    let at = ((values.len() - 1) as f64 * share).round() as usize;
    *values.select_nth_unstable_by(at, f64::total_cmp).1
}

/// Standard deviation of a normal distribution with the same spread: the larger of the one by the
/// median absolute deviation and the one by the middle 80 %. The first alone is 0 for quantised
/// readings and too small for those with two modes.
pub(crate) fn robust_sd(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    let (low, high) = (quantile(&mut values, 0.1), quantile(&mut values, 0.9));
    let centre = median(&mut values);
    for value in &mut values {
        *value = (*value - centre).abs();
    }
    (median(&mut values) * 1.4826).max((high - low) / 2.563)
}

/// Weighted Huber location (Huber 1964): readings further than `reach` from it count as if they
/// were at that distance.
pub(crate) fn huber(points: &[(f64, f64)], reach: f64) -> f64 {
    let mut values: Vec<f64> = points.iter().filter(|p| p.1 > 0.0).map(|p| p.0).collect();
    let mut centre = median(&mut values);
    for _ in 0..50 {
        let (mut pull, mut inside, mut all) = (0.0, 0.0, 0.0);
        for &(value, weight) in points {
            let off = value - centre;
            pull += weight * off.clamp(-reach, reach);
            inside += if off.abs() <= reach { weight } else { 0.0 };
            all += weight;
        }
        let step = pull / if inside > 0.0 { inside } else { all };
        if !step.is_finite() {
            break;
        }
        centre += step;
        if step.abs() <= 1e-9 * reach {
            break;
        }
    }
    centre
}
