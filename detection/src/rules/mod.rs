//! Rules are data: what is watched on an asset, and how. A missing field has its default, an unknown
//! one is refused. All durations are seconds of measured time, all values in the point's own unit.

mod check;
mod presets;
mod select;

use serde::{Deserialize, Serialize};

use crate::report::{Class, Priority};
use crate::settings::Settings;

pub use check::RuleError;
pub use presets::{Preset, presets};
pub use select::{Point, Select};

/// The rules of an asset.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Rules {
    /// The learning window, and when a point, a change or a combination counts as unusual.
    pub deviation: Settings,
    /// Slow drift against a baseline that is days or weeks old.
    pub drift: Drift,
    /// The health of sensors.
    pub sensors: Sensors,
    /// Limits and rates of change.
    pub limits: Vec<Limit>,
}

/// Slow drift: means of some minutes are judged against what was learnt over days.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Drift {
    /// Whether it is looked for.
    pub on: bool,
    /// Readings of this long are averaged into one.
    pub mean_s: f64,
    /// For how long the baseline is learnt.
    pub learning_s: f64,
    /// Time constant of the mean that is judged.
    pub smoothing_s: f64,
    /// It drifts when that mean is this many robust standard deviations from the baseline.
    pub limit: f64,
    /// Time constant with which the baseline follows, by a bounded amount.
    pub adaptation_s: f64,
    /// Raised after this long over the limit.
    pub on_delay_s: f64,
    /// Over after this long back.
    pub off_delay_s: f64,
}

impl Default for Drift {
    fn default() -> Self {
        let slow = Settings::slow();
        Self {
            on: true,
            mean_s: 300.0,
            learning_s: slow.learning_s,
            smoothing_s: slow.smoothing_s,
            limit: slow.limit,
            adaptation_s: slow.adaptation_s,
            on_delay_s: slow.on_delay_s,
            off_delay_s: slow.off_delay_s,
        }
    }
}

impl Drift {
    /// The settings of the detector that looks for it.
    pub(crate) fn settings(&self) -> Settings {
        let Self { on: _, mean_s: _, learning_s, smoothing_s, limit, adaptation_s, .. } = *self;
        let (on_delay_s, off_delay_s) = (self.on_delay_s, self.off_delay_s);
        Settings {
            learning_s,
            smoothing_s,
            limit,
            adaptation_s,
            on_delay_s,
            off_delay_s,
            ..Settings::slow()
        }
    }
}

/// The health of sensors. Whatever is found here is about the sensor and never a fault of the machine.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Sensors {
    /// A finding about a sensor is over after this long without it.
    pub off_delay_s: f64,
    /// Always the same value.
    pub stuck: Stuck,
    /// Single readings far out.
    pub spikes: Spikes,
    /// Silence while others go on.
    pub dropout: Dropout,
    /// Outside what can be.
    pub range: OutOfRange,
    /// Drift against the point that measures the same.
    pub redundancy: Redundancy,
}

impl Default for Sensors {
    fn default() -> Self {
        Self {
            off_delay_s: 30.0,
            stuck: Stuck::default(),
            spikes: Spikes::default(),
            dropout: Dropout::default(),
            range: OutOfRange::default(),
            redundancy: Redundancy::default(),
        }
    }
}

/// A sensor is stuck when a point that used to move shows exactly one value for much longer than
/// it ever did. Zero does not count: that is how rest looks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Stuck {
    /// Whether it is looked for.
    pub on: bool,
    /// At least this long.
    pub least_s: f64,
    /// At least this many readings.
    pub least_readings: u32,
    /// This many times the longest run of equal readings that was usual.
    pub times_usual: f64,
    /// Only points are judged of which at least this part of the readings differs from the one
    /// before, 0 to 1: a point that is mostly constant says nothing by being constant.
    pub least_movement: f64,
}

impl Default for Stuck {
    fn default() -> Self {
        Self { on: true, least_s: 60.0, least_readings: 20, times_usual: 10.0, least_movement: 0.1 }
    }
}

/// A sensor spikes when single readings jump far out and come back at once, and do so often.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Spikes {
    /// Whether they are looked for.
    pub on: bool,
    /// A jump counts from this many times the mean step between readings …
    pub times_step: f64,
    /// … and this many times the largest single jump that was usual.
    pub times_usual: f64,
    /// So many of them …
    pub count: u32,
    /// … within this time.
    pub window_s: f64,
}

impl Default for Spikes {
    fn default() -> Self {
        Self { on: true, times_step: 8.0, times_usual: 2.0, count: 5, window_s: 600.0 }
    }
}

/// A point dropped out when it is silent for much longer than usual while other points of the asset
/// go on. A gap of the whole asset does not count.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Dropout {
    /// Whether it is looked for.
    pub on: bool,
    /// At least this long.
    pub least_s: f64,
    /// At least this many of its own mean intervals.
    pub intervals: f64,
    /// This many times the longest silence that was usual.
    pub times_usual: f64,
}

impl Default for Dropout {
    fn default() -> Self {
        Self { on: true, least_s: 60.0, intervals: 20.0, times_usual: 3.0 }
    }
}

/// A reading is out of range when physics or the sensor's data sheet exclude it: a temperature below
/// absolute zero, a relative humidity outside 0 to 100 %, a negative frequency or resistance.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OutOfRange {
    /// Whether it is looked for.
    pub on: bool,
    /// Raised after this long.
    pub on_delay_s: f64,
    /// Ranges that sensors can show by their data sheets.
    pub sensors: Vec<SensorRange>,
}

impl Default for OutOfRange {
    fn default() -> Self {
        Self { on: true, on_delay_s: 10.0, sensors: Vec::new() }
    }
}

/// What a sensor can show.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SensorRange {
    /// Which points it measures.
    pub points: Select,
    /// Lowest value.
    #[serde(default)]
    pub low: Option<f64>,
    /// Highest value.
    #[serde(default)]
    pub high: Option<f64>,
}

/// Two points that measure the same are compared by the long mean of their difference. Which of them
/// is wrong cannot be told, so that both stay in use.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Redundancy {
    /// Whether it is looked for.
    pub on: bool,
    /// Points of one quantity at one position are a pair, where the quantity has one value at one
    /// place: temperature, pressure, humidity and flow, but not the three phases of a current.
    pub same_position: bool,
    /// Further pairs, by the names of their points.
    pub pairs: Vec<[String; 2]>,
    /// Differences of this long are averaged into one.
    pub mean_s: f64,
    /// What is usual is learnt from so many of these means.
    pub learning_means: u32,
    /// The long mean goes over so many of them.
    pub long_means: u32,
    /// They disagree when it is this many robust standard deviations from what was learnt.
    pub limit: f64,
}

impl Default for Redundancy {
    fn default() -> Self {
        Self {
            on: true,
            same_position: true,
            pairs: Vec::new(),
            mean_s: 60.0,
            learning_means: 60,
            long_means: 30,
            limit: 8.0,
        }
    }
}

/// What a limit is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LimitKind {
    /// Above `value`; urgent.
    HighHigh,
    /// Above `value`.
    High,
    /// Below `value`.
    Low,
    /// Below `value`; urgent.
    LowLow,
    /// Rises by more than `value` a minute over the window.
    Rise,
    /// Falls by more than `value` a minute over the window.
    Fall,
}

/// A limit, or a rate of change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limit {
    /// Its name among the rules; part of the alarm's tag.
    pub name: String,
    /// Which points it holds for.
    pub points: Select,
    /// What it is about.
    pub kind: LimitKind,
    /// The limit in the point's own unit; for a rate, per minute and above 0.
    pub value: f64,
    /// It is back only when it is this far inside the limit.
    #[serde(default)]
    pub deadband: f64,
    /// Raised after this long over the limit.
    #[serde(default)]
    pub on_delay_s: f64,
    /// Over after this long back.
    #[serde(default)]
    pub off_delay_s: f64,
    /// For a rate: over which time it is taken.
    #[serde(default = "minute")]
    pub window_s: f64,
    /// Machine, or safety: then nothing but its own shelving hides the alarm.
    #[serde(default)]
    pub class: Class,
    /// Otherwise high for `high_high` and `low_low`, critical for both in the class safety, and
    /// medium for the rest.
    #[serde(default)]
    pub priority: Option<Priority>,
    /// Stays until a person resets it.
    #[serde(default)]
    pub latched: bool,
    /// Counts only while this holds.
    #[serde(default)]
    pub only_at: Option<OnlyAt>,
}

fn minute() -> f64 {
    60.0
}

/// A load at which a limit counts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OnlyAt {
    /// Points that show the load.
    pub points: Select,
    /// One of them shows at least this.
    pub at_least: f64,
}

impl Limit {
    /// How urgent it is.
    #[must_use]
    pub fn urgency(&self) -> Priority {
        let urgent = matches!(self.kind, LimitKind::HighHigh | LimitKind::LowLow);
        self.priority.unwrap_or(match (urgent, self.class) {
            (true, Class::Safety) => Priority::Critical,
            (true, _) | (_, Class::Safety) => Priority::High,
            _ => Priority::Medium,
        })
    }
}
