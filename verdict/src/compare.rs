//! One aspect of a point in three windows.

use crate::judgement::Estimate;
use crate::locate::{Item, Located, locate, student, wander};

/// The figures of a window.
#[derive(Debug, Default)]
pub(crate) struct Figures {
    pub items: Vec<Item>,
    /// Time that they cover without gaps, µs.
    pub span: f64,
}

/// Differences of an aspect between windows.
#[derive(Debug, Clone)]
pub(crate) struct Comparison {
    /// After less healthy.
    pub now: Estimate,
    /// Before less healthy.
    pub was: Option<Estimate>,
    /// After less before.
    pub moved: Option<Estimate>,
    /// How much nearer to healthy than before; negative is further away.
    pub gain: Option<Estimate>,
    /// Moved to the other side of healthy.
    pub crossed: bool,
    pub healthy: Located,
    pub before: Option<Located>,
    pub after: Located,
}

/// How an aspect is compared.
pub(crate) struct Terms<'a> {
    /// Weights of the load bins between healthy and after.
    pub weights: &'a [f64],
    /// Weights between all three windows; all 0 when there are no common bins.
    pub weights_of_three: &'a [f64],
    /// Smallest standard deviation beyond which readings are reined in.
    pub least_sd: f64,
    pub confidence: f64,
    /// Differences as logarithms of ratios, no figure below this floor.
    pub ratio_floor: Option<f64>,
    /// Added to both sides of every interval.
    pub allowance: f64,
    /// Added to both sides of intervals that rest on the window before.
    pub allowance_before: f64,
}

/// Compares; `None` when the healthy window or the one after has nothing to compare.
pub(crate) fn compare(
    healthy: &Figures,
    before: &Figures,
    after: &Figures,
    terms: &Terms<'_>,
) -> Option<Comparison> {
    let place = |figures: &Figures, weights: &[f64]| {
        locate(&figures.items, weights, figures.span, terms.least_sd, terms.confidence)
    };
    // A window's mean differs from the healthy one by the healthy machine's own wander as well.
    let with_wander = |of: Located, figures: &Figures, base: &Located, weights: &[f64]| {
        let mut of = of;
        let found = wander(&healthy.items, weights, base, healthy.span, figures.span);
        if let Some((variance, freedom)) = found {
            let variance = variance + base.variance;
            let width = |v: f64, f: f64| v * student(terms.confidence, f).powi(2);
            if width(variance, freedom) > width(of.variance, of.freedom) {
                (of.variance, of.freedom) = (variance, freedom);
            }
        }
        of
    };
    let base = place(healthy, terms.weights)?;
    let now = with_wander(place(after, terms.weights)?, after, &base, terms.weights);
    let difference = |parts: &[(f64, &Located)], allowance: f64| {
        combine(parts, terms.confidence, terms.ratio_floor, terms.allowance + allowance)
    };
    let mut comparison = Comparison {
        now: difference(&[(1.0, &now), (-1.0, &base)], 0.0),
        was: None,
        moved: None,
        gain: None,
        crossed: false,
        healthy: base,
        before: None,
        after: now,
    };
    let three = terms.weights_of_three;
    if let (Some(h), Some(b), Some(a)) =
        (place(healthy, three), place(before, three), place(after, three))
    {
        let a = with_wander(a, after, &h, three);
        let b = with_wander(b, before, &h, three);
        let allowance = terms.allowance_before;
        let was = difference(&[(1.0, &b), (-1.0, &h)], allowance);
        let off = difference(&[(1.0, &a), (-1.0, &h)], 0.0);
        let (side_was, side_now) = (was.value.signum(), off.value.signum());
        comparison.gain = Some(difference(
            &[(side_was, &b), (-side_now, &a), (side_now - side_was, &h)],
            allowance,
        ));
        comparison.moved = Some(difference(&[(1.0, &a), (-1.0, &b)], allowance));
        comparison.was = Some(was);
        comparison.crossed = side_was != side_now;
        comparison.before = Some(b);
    }
    Some(comparison)
}

/// A weighted sum of locations with its interval (Welch 1947, Satterthwaite 1946).
fn combine(
    parts: &[(f64, &Located)],
    confidence: f64,
    ratio_floor: Option<f64>,
    allowance: f64,
) -> Estimate {
    let (mut value, mut variance, mut spread) = (0.0, 0.0, 0.0);
    for (sign, part) in parts {
        let (x, v) = match ratio_floor {
            // Delta method: the error of a logarithm is the relative error.
            Some(floor) => {
                let x = part.value.max(floor);
                (x.ln(), part.variance / (x * x))
            }
            None => (part.value, part.variance),
        };
        let v = v * sign * sign;
        value += sign * x;
        variance += v;
        spread += v * v / part.freedom;
    }
    let freedom = if spread > 0.0 { variance * variance / spread } else { 1e6 };
    let half = student(confidence, freedom) * variance.sqrt() + allowance;
    Estimate { value, low: value - half, high: value + half }
}
