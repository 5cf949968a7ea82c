//! What an item is called, for people. It is asked of items that were altered, so it takes what is
//! there and believes nothing.

use serde_json::Value;

use crate::item::window_in_words;

/// Names items in their order: readings are named after the item that they follow.
#[derive(Debug, Default)]
pub struct Namer {
    /// Point and window of the readings that stand here.
    readings_of: Option<String>,
    last_reading: Option<String>,
}

fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value[key].as_str().unwrap_or("?")
}

impl Namer {
    /// An item was as it was signed; what comes next is named with this in mind.
    pub fn follow(&mut self, item: &[u8]) {
        let Ok(value) = serde_json::from_slice::<Value>(item) else { return };
        match &value {
            Value::Array(reading) => {
                self.last_reading = reading.first().and_then(Value::as_str).map(str::to_owned);
            }
            _ if value["is"] == "readings" => {
                let window = window_in_words(text(&value, "window"));
                self.readings_of = Some(format!("{} {window}", text(&value, "point_name")));
                self.last_reading = None;
            }
            _ => *self = Self::default(),
        }
    }

    /// The name of an item.
    pub fn name(&self, item: &[u8]) -> String {
        match serde_json::from_slice::<Value>(item) {
            Ok(Value::Array(reading)) => {
                let at = reading.first().and_then(Value::as_str).unwrap_or("?");
                format!("reading of {} at {at}", self.readings_of.as_deref().unwrap_or("?"))
            }
            Ok(value @ Value::Object(_)) => of_item(&value),
            _ => self.place(),
        }
    }

    /// The name of a line that has not the shape of one.
    pub fn name_of_line(&self, line: &[u8]) -> String {
        let begin = line.iter().skip(1).position(|b| matches!(b, b'{' | b'['));
        let end = line.iter().rposition(|b| matches!(b, b'}' | b']'));
        // Without the outer bracket, where there is one.
        let inner = begin.zip(end).and_then(|(b, e)| line.get(b + 1..e));
        match inner {
            Some(inner) if serde_json::from_slice::<Value>(inner).is_ok() => self.name(inner),
            _ => self.place(),
        }
    }

    fn place(&self) -> String {
        match (&self.readings_of, &self.last_reading) {
            (Some(of), Some(at)) => format!("among the readings of {of}, after that of {at}"),
            (Some(of), None) => format!("first reading of {of}"),
            _ => "which no longer reads".to_owned(),
        }
    }
}

fn of_item(value: &Value) -> String {
    let t = |key| text(value, key);
    match t("is") {
        "report" => format!("the report itself, {:?}", t("title")),
        "asset" => format!("machine {}", t("name")),
        "ticket" => format!("ticket {}", t("number")),
        "ticket_step" => format!("step of the ticket to {:?} at {}", t("to"), t("at")),
        "finding" => format!("finding of the ticket at {}", t("at")),
        "session" => format!("repair session {:?}", t("title")),
        "session_step" => format!("step of the session to {:?} at {}", t("to"), t("at")),
        "entry" => format!("entry {:?} at {}", t("kind").replace('_', " "), t("at")),
        "hidden_alarm" => format!("hidden alarm {:?} at {}", t("summary"), t("raised_at")),
        "point" => format!("measurement point {}", t("name")),
        "binding" => format!("binding of {} to {}/{}", t("point_name"), t("board"), t("channel")),
        "calibration" => {
            format!("calibration of {}/{} from {}", t("board"), t("channel"), t("from"))
        }
        "verdict" => format!("verdict, version {}", value["version"]),
        "point_verdict" => {
            format!("verdict on {}, version {}", t("point_name"), value["version"])
        }
        "acceptance" => "result of the acceptance test".to_owned(),
        "check" => format!("check {:?} of the acceptance test", t("name")),
        "gate" => "the leave-site gate".to_owned(),
        "summary" => {
            let window = window_in_words(t("window"));
            format!("summary of {} {window}", t("point_name"))
        }
        "readings" => {
            let window = window_in_words(t("window"));
            format!("head of the readings of {} {window}", t("point_name"))
        }
        other => format!("of kind {other:?}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reading_is_named_after_its_point_its_window_and_its_time() {
        let mut namer = Namer::default();
        namer.follow(br#"{"is":"readings","point_name":"Pump inlet","window":"before"}"#);
        let name = namer.name(br#"["2026-01-31T10:32:05Z",61.5]"#);
        assert_eq!(name, "reading of Pump inlet before the repair at 2026-01-31T10:32:05Z");
        namer.follow(br#"["2026-01-31T10:32:05Z",61.5]"#);
        assert_eq!(
            namer.name(b"\xff"),
            "among the readings of Pump inlet before the repair, after that of 2026-01-31T10:32:05Z"
        );
        let line = br#"[14,"0123456789abcdef"x["2026-01-31T10:32:06Z",61.5]],"#;
        assert!(namer.name_of_line(line).ends_with("2026-01-31T10:32:06Z"));
    }
}
