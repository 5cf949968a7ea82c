//! What the healthy machine reads at which load.

use crate::load::Reading;
use crate::robust::median;

/// A straight piece of the healthy curve.
#[derive(Debug, Clone, Copy, Default)]
struct Piece {
    load: f64,
    value: f64,
    slope: f64,
    low: f64,
    high: f64,
}

/// One straight piece a load bin.
#[derive(Debug)]
pub(crate) struct Curve(Vec<Piece>);

impl Curve {
    /// Fits a resistant line in every bin: the slope runs through the medians of the outer thirds
    /// (Tukey, Exploratory Data Analysis, 1977), so single wild readings do not turn it.
    pub fn fit(readings: &[(usize, Reading)], bins: usize) -> Self {
        let mut by_bin: Vec<Vec<(f64, f64)>> = vec![Vec::new(); bins];
        for (bin, reading) in readings {
            by_bin[*bin].push((reading.load, reading.value));
        }
        Self(by_bin.into_iter().map(piece).collect())
    }

    /// Expected value; the load is held inside the range that the bin was learnt from.
    pub fn at(&self, bin: usize, load: f64) -> f64 {
        let piece = self.0[bin];
        if piece.slope == 0.0 {
            return piece.value;
        }
        piece.value + piece.slope * (load.clamp(piece.low, piece.high) - piece.load)
    }

    /// Largest difference that load alone makes.
    pub fn range(&self) -> f64 {
        let ends = self.0.iter().flat_map(|p| {
            [p.value + p.slope * (p.low - p.load), p.value + p.slope * (p.high - p.load)]
        });
        let (low, high) = ends
            .filter(|v| v.is_finite())
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), v| (l.min(v), h.max(v)));
        (high - low).max(0.0)
    }
}

fn piece(mut points: Vec<(f64, f64)>) -> Piece {
    let mut values: Vec<f64> = points.iter().map(|p| p.1).collect();
    let flat = Piece { value: median(&mut values), ..Piece::default() };
    if points.len() < 30 || points.iter().any(|p| p.0.is_nan()) {
        return flat;
    }
    points.sort_by(|a, b| a.0.total_cmp(&b.0));
    let third = points.len() / 3;
    let middle = |part: &[(f64, f64)]| {
        let (mut loads, mut values): (Vec<f64>, Vec<f64>) = part.iter().copied().unzip();
        (median(&mut loads), median(&mut values))
    };
    let (left, right) = (middle(&points[..third]), middle(&points[points.len() - third..]));
    if right.0 <= left.0 {
        return flat;
    }
    let slope = (right.1 - left.1) / (right.0 - left.0);
    let load = f64::midpoint(left.0, right.0);
    let mut levelled: Vec<f64> = points.iter().map(|p| p.1 - slope * (p.0 - load)).collect();
    let (low, high) = (points[0].0, points[points.len() - 1].0);
    Piece { load, value: median(&mut levelled), slope, low, high }
}
