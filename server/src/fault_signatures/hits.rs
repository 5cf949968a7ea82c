//! How often the past was right.

use serde::Serialize;
use utoipa::ToSchema;

/// Of the tickets for which a cause was named when they were opened, those that turned out to have it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, ToSchema)]
pub struct Hits {
    /// How often it was right.
    pub right: i64,
    /// Of how many that are closed with a finding.
    pub of: i64,
    /// Lower end of the 95 % interval of the share (Wilson 1927); null with none.
    #[schema(required)]
    pub low: Option<f64>,
    /// Upper end.
    #[schema(required)]
    pub high: Option<f64>,
}

/// Quantile of the normal distribution for 95 %.
const Z: f64 = 1.959_963_984_540_054;

impl Hits {
    /// `right` of `of`, with the score interval of Wilson (1927, "Probable inference, the law of
    /// succession, and statistical inference"), which holds for few cases as well.
    #[expect(clippy::cast_precision_loss, reason = "counts of tickets")]
    pub fn new(right: i64, of: i64) -> Self {
        if of <= 0 {
            return Self { right, of, low: None, high: None };
        }
        let (n, share) = (of as f64, right as f64 / of as f64);
        let spread = (share * (1.0 - share) / n + Z * Z / (4.0 * n * n)).sqrt();
        let (middle, scale) = (share + Z * Z / (2.0 * n), 1.0 + Z * Z / n);
        let low = ((middle - Z * spread) / scale).max(0.0);
        let high = ((middle + Z * spread) / scale).min(1.0);
        Self { right, of, low: Some(low), high: Some(high) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interval_is_wilsons() {
        // Newcombe 1998, table I: 81 of 263, 15 of 148, 0 of 20, 1 of 29.
        for (right, of, low, high) in [
            (81, 263, 0.2553, 0.3662),
            (15, 148, 0.0624, 0.1605),
            (0, 20, 0.0, 0.1611),
            (1, 29, 0.0061, 0.1718),
        ] {
            let hits = Hits::new(right, of);
            assert!((hits.low.unwrap() - low).abs() < 6e-5, "{hits:?}");
            assert!((hits.high.unwrap() - high).abs() < 6e-5, "{hits:?}");
        }
        assert_eq!(Hits::new(0, 0).low, None);
    }
}
