//! Machines by what makes judging them hard.

/// How the machine is loaded.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Load {
    /// Not measured and without effect.
    None,
    /// Wanders around 0.5 (share of the rated load).
    Wandering,
    /// Two levels, with another share of each in each window.
    TwoLevels,
    /// The windows share about this much of the range.
    Shifted(f64),
    /// Wanders, and the point follows slowly.
    Lagging,
}

/// Shape of the noise, standard deviation 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Shape {
    Normal,
    /// Three per cent of the readings ten times as noisy.
    Outliers,
    /// Exponential, shifted to mean 0.
    Skewed,
}

/// A kind of machine and windows. Times in seconds.
#[derive(Debug, Clone, Copy)]
pub struct Stratum {
    pub name: &'static str,
    pub interval_s: f64,
    pub healthy_s: f64,
    pub before_s: f64,
    pub after_s: f64,
    /// Time constant of the dependence between readings; 0 for none.
    pub memory_s: f64,
    /// Share of the variance that depends; the rest is independent noise.
    pub dependent: f64,
    /// Standard deviation of a level that changes at midnight.
    pub day_wander: f64,
    /// Amplitude of a daily cycle.
    pub daily: f64,
    pub shape: Shape,
    pub quantum: f64,
    /// Share of the readings that are missing, in bursts.
    pub missing: f64,
    pub load: Load,
    /// The healthy window lets "fixed" be shown, so the share of full repairs found counts.
    pub ample: bool,
    /// Part of the promise. What is not is shown all the same.
    pub promised: bool,
}

const MINUTE: f64 = 60.0;
const HOUR: f64 = 3600.0;
const DAY: f64 = 86_400.0;

const PLAIN: Stratum = Stratum {
    name: "independent",
    interval_s: 1.0,
    healthy_s: 30.0 * MINUTE,
    before_s: 10.0 * MINUTE,
    after_s: 20.0 * MINUTE,
    memory_s: 0.0,
    dependent: 0.0,
    day_wander: 0.0,
    daily: 0.0,
    shape: Shape::Normal,
    quantum: 0.0,
    missing: 0.0,
    load: Load::None,
    ample: true,
    promised: true,
};

const SLOW: Stratum = Stratum {
    memory_s: 60.0,
    dependent: 1.0,
    healthy_s: 6.0 * HOUR,
    before_s: HOUR,
    after_s: 3.0 * HOUR,
    interval_s: 2.0,
    ..PLAIN
};

const WEEK: Stratum = Stratum {
    interval_s: 60.0,
    healthy_s: 7.0 * DAY,
    before_s: 12.0 * HOUR,
    after_s: 12.0 * HOUR,
    memory_s: 300.0,
    dependent: 0.7,
    ..PLAIN
};

/// All kinds.
pub const STRATA: &[Stratum] = &[
    PLAIN,
    Stratum { name: "memory 10 s (ρ 0.9)", memory_s: 10.0, dependent: 1.0, ..PLAIN },
    Stratum { name: "memory 60 s (ρ 0.97)", ..SLOW },
    Stratum { name: "memory 60 s in noise", dependent: 0.3, ..SLOW },
    Stratum {
        name: "memory 1000 s (ρ 0.99)",
        memory_s: 1000.0,
        interval_s: 10.0,
        healthy_s: 2.0 * DAY,
        before_s: 4.0 * HOUR,
        after_s: DAY,
        ..SLOW
    },
    Stratum {
        name: "memory 1000 s (ρ 0.999)",
        memory_s: 1000.0,
        interval_s: 1.0,
        healthy_s: 8.0 * HOUR,
        before_s: HOUR,
        after_s: 4.0 * HOUR,
        ample: false,
        ..SLOW
    },
    Stratum {
        name: "short, memory 60 s",
        healthy_s: 15.0 * MINUTE,
        before_s: 4.0 * MINUTE,
        after_s: 6.0 * MINUTE,
        ample: false,
        ..SLOW
    },
    Stratum {
        name: "short, memory in noise",
        healthy_s: 20.0 * MINUTE,
        before_s: 4.0 * MINUTE,
        after_s: 8.0 * MINUTE,
        memory_s: 300.0,
        dependent: 0.5,
        ample: false,
        ..SLOW
    },
    Stratum {
        name: "wander by day, small, 28 d and 3 d",
        day_wander: 0.3,
        interval_s: 120.0,
        healthy_s: 28.0 * DAY,
        after_s: 3.0 * DAY,
        ..WEEK
    },
    Stratum { name: "wander by day, small", day_wander: 0.3, ample: false, ..WEEK },
    Stratum { name: "wander by day, large", day_wander: 1.0, ample: false, ..WEEK },
    Stratum { name: "daily cycle", daily: 1.0, before_s: 6.0 * HOUR, after_s: DAY, ..WEEK },
    Stratum {
        name: "daily cycle, 6 h after",
        daily: 1.0,
        before_s: 6.0 * HOUR,
        after_s: 6.0 * HOUR,
        ample: false,
        ..WEEK
    },
    Stratum { name: "every 5 minutes", interval_s: 300.0, memory_s: 1200.0, after_s: DAY, ..WEEK },
    Stratum { name: "gaps, 40 % missing", missing: 0.4, ..SLOW },
    Stratum { name: "quantised to 1 sd", quantum: 1.0, ..SLOW },
    Stratum { name: "outliers", shape: Shape::Outliers, dependent: 0.5, ..SLOW },
    Stratum { name: "skewed noise", shape: Shape::Skewed, dependent: 0.5, ..SLOW },
    Stratum { name: "load wanders", load: Load::Wandering, ..SLOW },
    Stratum { name: "load wanders, slow point", load: Load::Lagging, ..SLOW },
    Stratum { name: "two loads, other shares", load: Load::TwoLevels, ..SLOW },
    Stratum { name: "load shares two thirds", load: Load::Shifted(0.67), ample: false, ..SLOW },
    Stratum { name: "load shares a third", load: Load::Shifted(0.33), ample: false, ..SLOW },
    Stratum { name: "load shares nothing", load: Load::Shifted(0.0), ample: false, ..SLOW },
    Stratum {
        name: "not promised: wander by day, seen for 1 h",
        day_wander: 1.0,
        ample: false,
        promised: false,
        interval_s: 2.0,
        healthy_s: HOUR,
        before_s: HOUR,
        after_s: HOUR,
        memory_s: 10.0,
        ..WEEK
    },
];
