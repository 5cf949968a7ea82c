//! What a series is called in InfluxDB: the tags board, channel and unit. They are its identity, so
//! numbers of a business database never end up in another one's readings.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::{Arc, PoisonError, RwLock};

use crate::{SeriesId, SeriesName, StoreError};

/// A series in the three languages of InfluxDB.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Tags {
    /// Line protocol: `board=…,channel=…,unit=…`.
    pub line: String,
    /// InfluxQL: a condition.
    pub condition: String,
    /// Delete predicate.
    pub predicate: String,
    /// The unit as it is written.
    pub symbol: String,
}

impl Tags {
    fn of(name: &SeriesName) -> Self {
        let tags = [
            ("board", tag_value(&name.board)),
            ("channel", tag_value(&name.channel)),
            ("unit", tag_value(&name.unit)),
        ];
        let join = |quote: &str, between: &str| {
            let parts = tags.iter().map(|(key, value)| format!("{key}={quote}{value}{quote}"));
            parts.collect::<Vec<_>>().join(between)
        };
        Self {
            line: join("", ","),
            condition: join("'", " AND "),
            predicate: join("\"", " AND "),
            symbol: name.unit.clone(),
        }
    }
}

/// Tag values can neither be empty nor hold a line break, and each language escapes in its own way.
/// So everything that any of them treats specially becomes `%` and two hexadecimal digits, and the
/// empty text a lone `%`. No two texts share a value.
pub(super) fn tag_value(text: &str) -> String {
    if text.is_empty() {
        return "%".to_owned();
    }
    let mut value = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_control() || "%,= \\\"'".contains(c) {
            let mut bytes = [0; 4];
            for byte in c.encode_utf8(&mut bytes).bytes() {
                let _ = write!(value, "%{byte:02X}");
            }
        } else {
            value.push(c);
        }
    }
    value
}

/// The series that were introduced.
#[derive(Default)]
pub(super) struct Names(RwLock<Known>);

#[derive(Default)]
struct Known {
    tags: HashMap<SeriesId, Arc<Tags>>,
    /// By their tags in line protocol.
    series: HashMap<String, SeriesId>,
}

impl Names {
    pub fn introduce(&self, id: SeriesId, name: &SeriesName) {
        let tags = Tags::of(name);
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        known.series.insert(tags.line.clone(), id);
        known.tags.insert(id, Arc::new(tags));
    }

    /// The series that has these tags.
    pub fn find(&self, line: &str) -> Option<SeriesId> {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        known.series.get(line).copied()
    }

    pub fn of(&self, id: SeriesId) -> Result<Arc<Tags>, StoreError> {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        known.tags.get(&id).cloned().ok_or(StoreError::Query("the series was never introduced"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_names_share_a_tag_value_and_none_needs_escapes() {
        let names = ["", "%", "%25", "a b", "a%20b", "m³/s", "x\\", "\"", "'", "a=b,c", "\n", "a"];
        let values: Vec<_> = names.iter().map(|n| tag_value(n)).collect();
        for (index, value) in values.iter().enumerate() {
            assert!(!value.is_empty() && !value.contains([' ', ',', '=', '\\', '"', '\'', '\n']));
            assert!(!values[..index].contains(value), "{value}");
        }
        assert_eq!(tag_value("m³/s"), "m³/s");
    }
}
