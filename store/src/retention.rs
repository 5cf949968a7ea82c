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
    /// From when on what is kept.
    #[must_use]
    pub fn at(&self, now_us: i64) -> Kept {
        let since = |kept: Option<i64>| kept.map_or(i64::MIN, |us| now_us.saturating_sub(us));
        Kept {
            raw_us: since(self.raw_us),
            minute_us: since(self.minute_us),
            hour_us: since(self.hour_us),
        }
    }
}

/// First moments that are still kept, microseconds since the Unix epoch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kept {
    /// Of readings.
    pub raw_us: i64,
    /// Of rollups of a minute.
    pub minute_us: i64,
    /// Of rollups of an hour.
    pub hour_us: i64,
}

impl Kept {
    /// Everything.
    pub const ALL: Self = Self { raw_us: i64::MIN, minute_us: i64::MIN, hour_us: i64::MIN };
}
