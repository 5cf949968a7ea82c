//! What an entry says, in a sentence.

use serde_json::Value;

use super::figures::{figure, words};
use crate::item::Entry;

impl Entry {
    fn text(&self, key: &str) -> &str {
        self.content.get(key).and_then(Value::as_str).unwrap_or_default()
    }

    fn number(&self, key: &str) -> String {
        self.content.get(key).and_then(Value::as_f64).map_or("?".to_owned(), figure)
    }

    /// A short name of the kind, for the margin.
    pub(super) fn label(&self) -> &'static str {
        match self.kind.as_str() {
            "step_done" => "done",
            "part_used" => "part in",
            "part_removed" => "part out",
            "person_arrived" => "arrived",
            "person_left" => "left",
            "paused" => "paused",
            "resumed" => "resumed",
            "note" => "note",
            "measurement" => "by hand",
            "signed_off" => "signed",
            "attached" => "attached",
            "confirmed" => "confirmed",
            "exception_signed" => "exception",
            "verdict_made" => "verdict",
            "left_site" => "left site",
            _ => "entry",
        }
    }

    /// Whether somebody answers for something with a name.
    pub(super) fn is_signature(&self) -> bool {
        matches!(self.kind.as_str(), "signed_off" | "exception_signed" | "confirmed")
    }

    pub(super) fn sentence(&self) -> String {
        let of = |key| self.text(key);
        let then = |before: &str, text: &str| match text {
            "" => String::new(),
            text => format!("{before}{text}"),
        };
        match self.kind.as_str() {
            "part_used" | "part_removed" => format!(
                "{} × {}{}{}",
                self.number("quantity"),
                of("part_number"),
                then(", serial ", of("serial")),
                then(": ", of("text"))
            ),
            "person_arrived" | "person_left" | "left_site" => of("name").to_owned(),
            "measurement" if self.content.contains_key("value") => {
                format!("{}: {} {}", of("text"), self.number("value"), of("unit"))
            }
            "signed_off" => {
                format!("{} ({}): “{}”", of("name"), words(of("role")), of("statement"))
            }
            "attached" => {
                let digest = of("sha256").get(..12).unwrap_or_default();
                format!("{} ({}, {digest}…)", of("caption"), of("media_type"))
            }
            "confirmed" => format!("{} confirmed check {:?}", of("name"), of("check")),
            "exception_signed" => {
                let what = match of("check") {
                    "" => "the whole acceptance test".to_owned(),
                    check => format!("check {check:?}"),
                };
                format!("{} answers for {what}: “{}”", of("name"), of("why"))
            }
            "verdict_made" => format!(
                "Version {}: {}{}",
                self.number("version"),
                words(of("overall")),
                then(". ", of("why"))
            ),
            _ => of("text").to_owned(),
        }
    }
}
