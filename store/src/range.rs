//! Stretches of measured time.

/// A stretch of measured time: from included, to excluded, microseconds since the Unix epoch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    /// First microsecond.
    pub from_us: i64,
    /// First microsecond after it.
    pub to_us: i64,
}

impl Range {
    /// Everything that can be measured.
    pub const ALL: Self = Self { from_us: i64::MIN, to_us: i64::MAX };

    /// The part of it that lies in the other.
    #[must_use]
    pub fn within(self, other: Self) -> Self {
        Self { from_us: self.from_us.max(other.from_us), to_us: self.to_us.min(other.to_us) }
    }

    /// Whether nothing fits in.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.from_us >= self.to_us
    }

    /// Whether the moment lies in it.
    #[must_use]
    pub fn contains(self, at_us: i64) -> bool {
        (self.from_us..self.to_us).contains(&at_us)
    }
}
