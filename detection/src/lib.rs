//! Finds out from an asset's readings when it stops behaving as it did while it was learnt.
//!
//! One [`Detector`] watches one asset. It takes readings in the order in which they arrive, learns
//! what is normal from the first stretch of measured time, and from then on reports few, early and
//! explained [`Finding`]s. It does no I/O, has no clock and keeps a bounded state: everything
//! follows from the measured times of the readings, so the same readings in the same order give
//! the same findings however they were batched.
//!
//! A [`Watch`] puts this together with the health of sensors, with limits and with slow drift, by
//! [`Rules`] that are data. It is what a caller usually wants; the detector by itself serves to
//! measure how good it is.
//!
//! ```
//! use detection::{Detector, Phase, Settings, Slot};
//!
//! let mut detector = Detector::new(Settings::default());
//! let mut findings = Vec::new();
//! for second in 0..600 {
//!     let value = 4.0 + 0.01 * f64::from(second % 7);
//!     detector.observe(Slot(0), i64::from(second) * 1_000_000, value, &mut findings);
//! }
//! assert!(matches!(detector.phase(), Phase::Watching { deviating_since_us: None, .. }));
//! ```

mod alarm;
mod baseline;
mod channel;
mod delay;
mod detector;
mod distance;
mod findings;
mod frames;
mod health;
mod learning;
mod limits;
mod regimes;
mod report;
mod rules;
mod settings;
mod slope;
mod snapshot;
mod trial;
mod watch;
mod watching;
mod wording;

pub use detector::{Counts, Detector, Phase};
pub use findings::{Cause, Deviation, Finding, Normal, Slot};
pub use report::{Class, Condition, Evidence, Level, Priority, Reason, Report};
pub use rules::{
    Drift, Dropout, Limit, LimitKind, OnlyAt, OutOfRange, Point, Preset, Redundancy, RuleError,
    Rules, Select, SensorRange, Sensors, Spikes, Stuck, presets,
};
pub use settings::{Character, Settings};
pub use snapshot::SnapshotError;
pub use trial::{Trial, WouldBe};
pub use watch::Watch;
