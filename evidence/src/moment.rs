//! A moment of an item.

use std::fmt;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Microseconds since the Unix epoch; RFC 3339 in UTC in a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment(pub i64);

impl Moment {
    fn timestamp(self) -> Timestamp {
        Timestamp::from_microsecond(self.0).unwrap_or(Timestamp::MAX)
    }

    fn formatted(self, format: &str) -> String {
        self.timestamp().to_zoned(TimeZone::UTC).strftime(format).to_string()
    }

    /// Date and time to the minute, without the zone.
    pub(crate) fn minute(self) -> String {
        self.formatted("%Y-%m-%d %H:%M")
    }

    /// Time of day to the minute, without the zone.
    pub(crate) fn time_of_day(self) -> String {
        self.formatted("%H:%M")
    }

    /// Date alone.
    pub(crate) fn date(self) -> String {
        self.formatted("%Y-%m-%d")
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.timestamp())
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = String::deserialize(d)?;
        let at: Timestamp = text.parse().map_err(serde::de::Error::custom)?;
        Ok(Self(at.as_microsecond()))
    }
}
