//! What a quantity, or a sensor by its data sheet, can show.

use crate::rules::{Point, SensorRange};

/// Ends of what can be; no figure: no end.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Possible {
    pub(crate) low: Option<f64>,
    pub(crate) high: Option<f64>,
}

impl Possible {
    /// By physics, in the canonical unit of the quantity; another unit says nothing.
    pub(crate) fn by_physics(point: &Point) -> Self {
        let (low, high) = match (point.quantity.as_str(), point.unit.as_str()) {
            // Absolute zero (SI brochure, 9th edition, 2.3.1).
            ("temperature", "Cel") => (Some(-273.15), None),
            ("temperature", "K") => (Some(0.0), None),
            ("humidity", "%RH") => (Some(0.0), Some(100.0)),
            ("frequency", "Hz") | ("resistance", "Ohm") => (Some(0.0), None),
            _ => (None, None),
        };
        Self { low, high }
    }

    /// Narrowed by the ranges of the sensors that measure the point.
    pub(crate) fn narrowed(mut self, point: &Point, sensors: &[SensorRange]) -> Self {
        for range in sensors.iter().filter(|range| range.points.takes(point)) {
            self.low = [self.low, range.low].into_iter().flatten().reduce(f64::max);
            self.high = [self.high, range.high].into_iter().flatten().reduce(f64::min);
        }
        self
    }

    pub(crate) fn holds(self, value: f64) -> bool {
        self.low.is_none_or(|low| value >= low) && self.high.is_none_or(|high| value <= high)
    }
}
