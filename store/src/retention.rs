//! How long readings and their rollups are kept.

/// Length of the windows of a rollup.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Resolution {
    /// One minute.
    Minute,
    /// One hour.
    Hour,
}

impl Resolution {
    /// All, from fine to coarse.
    pub const ALL: [Self; 2] = [Self::Minute, Self::Hour];

    /// Length of a window, microseconds.
    #[must_use]
    pub const fn window_us(self) -> i64 {
        match self {
            Self::Minute => 60_000_000,
            Self::Hour => 3_600_000_000,
        }
    }

    /// Start of the window that a time lies in.
    #[must_use]
    pub const fn start_us(self, at_us: i64) -> i64 {
        at_us.div_euclid(self.window_us()) * self.window_us()
    }
}

/// How long to keep what, microseconds of measured time before now; `None` is for ever.
///
/// Stores delete in whole months or shards, so a reading may stay somewhat longer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Retention {
    /// The readings themselves.
    pub raw_us: Option<i64>,
    /// Rollups of a minute.
    pub minute_us: Option<i64>,
    /// Rollups of an hour.
    pub hour_us: Option<i64>,
}

impl Retention {
    /// For how long windows of a resolution are kept.
    #[must_use]
    pub const fn of(&self, resolution: Resolution) -> Option<i64> {
        match resolution {
            Resolution::Minute => self.minute_us,
            Resolution::Hour => self.hour_us,
        }
    }

    /// First moment whose readings are still kept.
    #[must_use]
    pub fn raw_since_us(&self, now_us: i64) -> i64 {
        self.raw_us.map_or(i64::MIN, |kept| now_us.saturating_sub(kept))
    }
}
