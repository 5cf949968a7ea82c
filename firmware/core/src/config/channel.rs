//! One channel of a board: what it is called, how it is measured and judged, when it is reported.

use super::{ConfigError, INTERVAL_MS, Text, check_channel, demand};
use crate::calibration::Calibration;
use crate::limits::{MAX_NAME_BYTES, MAX_OVERSAMPLING, MAX_SOURCE_BYTES, MAX_UNIT_BYTES};

/// A channel.
#[derive(Debug, Clone, PartialEq)]
pub struct Channel {
    /// Its name, checked like `telemetry::name::ChannelName`; unique on the board.
    pub name: Text<MAX_NAME_BYTES>,
    /// SenML or UCUM unit, as in `telemetry::quantity`.
    pub unit: Text<MAX_UNIT_BYTES>,
    /// Which of the board's inputs it reads, as the board's page names them.
    pub source: Text<MAX_SOURCE_BYTES>,
    /// How it is measured.
    pub sampling: Sampling,
    /// How raw values become true ones; `None` leaves them as they are.
    pub calibration: Option<Calibration>,
    /// By what its sensor is judged.
    pub health: Health,
    /// When a reading is worth sending.
    pub reporting: Reporting,
}

/// How a channel is measured.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sampling {
    /// Milliseconds between two readings, within `telemetry::limits::INTERVAL_MS`.
    pub interval_ms: u32,
    /// Raw samples that a reading is the median of, 1 to [`MAX_OVERSAMPLING`]; they are spread
    /// evenly over the interval.
    pub oversampling: u8,
    /// Weight of a new reading in the exponential smoothing, above 0 up to 1; 1 smoothes nothing.
    pub smoothing: f32,
}

impl Default for Sampling {
    fn default() -> Self {
        Self { interval_ms: 1_000, oversampling: 1, smoothing: 1.0 }
    }
}

/// An interval of values in the channel's unit; infinite ends are open.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Range {
    /// Lowest value inside.
    pub low: f32,
    /// Highest value inside.
    pub high: f32,
}

impl Range {
    /// Every number.
    pub const ALL: Self = Self { low: f32::NEG_INFINITY, high: f32::INFINITY };

    /// Whether a value lies inside.
    #[must_use]
    pub fn contains(&self, value: f32) -> bool {
        self.low <= value && value <= self.high
    }
}

/// By what a sensor is judged; see [`crate::health`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Health {
    /// Where the sensor keeps what its datasheet promises.
    pub specified: Range,
    /// What can be at all; a value beyond is a defect and is not sent.
    pub possible: Range,
    /// Fastest change of what is measured, in units a second; infinite for any.
    pub rate_per_s: f32,
    /// Longest time that a value stays the same to the last bit, in milliseconds; 0 for ever. Only
    /// for channels with noise: one that is quantised coarsely may rest for hours.
    pub stuck_after_ms: u32,
}

impl Default for Health {
    fn default() -> Self {
        let (specified, possible) = (Range::ALL, Range::ALL);
        Self { specified, possible, rate_per_s: f32::INFINITY, stuck_after_ms: 0 }
    }
}

/// When a reading is worth sending: it has moved, or nothing was said for long.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reporting {
    /// A reading that differs from the last one sent by more than this is sent, in the channel's
    /// unit. Below 0 sends each.
    pub deadband: f32,
    /// Longest time without a reading, in milliseconds.
    pub heartbeat_ms: u32,
}

impl Default for Reporting {
    fn default() -> Self {
        Self { deadband: -1.0, heartbeat_ms: 60_000 }
    }
}

impl Channel {
    /// A channel that sends every second what it measures.
    #[must_use]
    pub fn new(
        name: Text<MAX_NAME_BYTES>,
        unit: Text<MAX_UNIT_BYTES>,
        source: Text<MAX_SOURCE_BYTES>,
    ) -> Self {
        Self {
            name,
            unit,
            source,
            sampling: Sampling::default(),
            calibration: None,
            health: Health::default(),
            reporting: Reporting::default(),
        }
    }

    /// Checks what the types leave open.
    pub(super) fn check(&self) -> Result<(), ConfigError> {
        demand("channel name", check_channel(&self.name).is_ok())?;
        demand("unit", !self.unit.is_empty())?;
        self.sampling.check()?;
        if let Some(calibration) = &self.calibration {
            demand("calibration", calibration.curve.is_usable())?;
        }
        self.health.check()?;
        demand("deadband", self.reporting.deadband.is_finite())?;
        demand("heartbeat_ms", self.reporting.heartbeat_ms > 0)
    }
}

impl Sampling {
    fn check(&self) -> Result<(), ConfigError> {
        demand("interval_ms", INTERVAL_MS.contains(&self.interval_ms))?;
        let oversampling = usize::from(self.oversampling);
        demand("oversampling", (1..=MAX_OVERSAMPLING).contains(&oversampling))?;
        demand("smoothing", self.smoothing > 0.0 && self.smoothing <= 1.0)
    }
}

impl Health {
    fn check(&self) -> Result<(), ConfigError> {
        // A comparison with a NaN is false, so it does not pass here either.
        demand("specified range", self.specified.low < self.specified.high)?;
        demand("possible range", self.possible.low < self.possible.high)?;
        demand("rate_per_s", self.rate_per_s > 0.0)
    }
}
