//! Times are microseconds inside and RFC 3339 UTC outside.

use jiff::Timestamp;

/// RFC 3339 in UTC; the nearest nameable time where the microseconds leave jiff's range.
pub(crate) fn rfc3339(us: i64) -> String {
    Timestamp::from_microsecond(us).unwrap_or(Timestamp::MAX).to_string()
}

/// Reads RFC 3339.
pub(crate) fn parse(text: &str) -> Option<i64> {
    text.parse::<Timestamp>().ok().map(Timestamp::as_microsecond)
}

/// For `#[serde(serialize_with)]`.
pub(crate) fn serialize<S: serde::Serializer>(us: &i64, s: S) -> Result<S::Ok, S::Error> {
    s.serialize_str(&rfc3339(*us))
}

/// For `#[serde(serialize_with)]`.
pub(crate) fn serialize_option<S: serde::Serializer>(
    us: &Option<i64>,
    s: S,
) -> Result<S::Ok, S::Error> {
    match us {
        Some(us) => s.serialize_str(&rfc3339(*us)),
        None => s.serialize_none(),
    }
}
