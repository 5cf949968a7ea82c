//! Times are microseconds inside and RFC 3339 UTC outside.

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use utoipa::ToSchema;

use crate::http::Problem;

/// A day of 24 hours, microseconds.
pub(crate) const DAY_US: i64 = 86_400 * 1_000_000;

/// A moment, RFC 3339 in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ToSchema)]
#[schema(value_type = String, format = DateTime)]
pub struct Time(
    /// Microseconds since the Unix epoch.
    pub i64,
);

impl From<i64> for Time {
    fn from(us: i64) -> Self {
        Self(us)
    }
}

impl Serialize for Time {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(&rfc3339(self.0))
    }
}

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        Timestamp::deserialize(d).map(|at| Self(at.as_microsecond()))
    }
}

/// RFC 3339 in UTC; the nearest nameable time where the microseconds leave jiff's range.
pub(crate) fn rfc3339(us: i64) -> String {
    Timestamp::from_microsecond(us).unwrap_or(Timestamp::MAX).to_string()
}

/// Reads a time of a request; the problem names the field.
pub(crate) fn needed(name: &str, text: &str) -> Result<i64, Problem> {
    parse(text).ok_or_else(|| {
        Problem::Invalid(format!(
            "`{name}` has to be an RFC 3339 time such as 2026-01-31T08:00:00Z"
        ))
    })
}

/// Reads RFC 3339.
fn parse(text: &str) -> Option<i64> {
    text.parse::<Timestamp>().ok().map(Timestamp::as_microsecond)
}

/// A time of a query, or what holds without one.
pub(crate) fn bound(name: &str, text: Option<&str>, default: i64) -> Result<i64, Problem> {
    text.map_or(Ok(default), |text| needed(name, text))
}
