//! Rules are checked before they are used; what is wrong is named by its field.

use std::collections::HashSet;

use serde::Serialize;

use super::{Limit, LimitKind, Rules, Select};
use crate::report::Class;

/// Most limits of an asset.
const LIMITS_MOST: usize = 200;
/// Most pairs or ranges of an asset.
const PAIRS_MOST: usize = 200;
/// Longest name of a limit, characters.
const NAME_CHARS: usize = 60;
/// Shortest and longest learning window, seconds (a minute, ninety days).
const LEARNING_S: std::ops::RangeInclusive<f64> = 60.0..=90.0 * 86_400.0;
/// Longest of all other durations, seconds (a year).
const DURATION_S: f64 = 366.0 * 86_400.0;
/// Most values that may be kept of a point while it is learnt: bounds memory.
const KEPT_MOST: f64 = 16_384.0;

/// A field of the rules that cannot be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{field}` {problem}")]
pub struct RuleError {
    /// Which field, such as `limits[2].value`.
    pub field: String,
    /// What it has to be.
    pub problem: String,
}

type Checked = Result<(), RuleError>;

fn wrong<T>(field: impl Into<String>, problem: impl Into<String>) -> Result<T, RuleError> {
    Err(RuleError { field: field.into(), problem: problem.into() })
}

impl Rules {
    /// Refuses what cannot be watched by.
    ///
    /// # Errors
    /// Names the first field that is wrong.
    pub fn check(&self) -> Checked {
        figures("deviation", &self.deviation)?;
        figures("drift", &self.drift)?;
        figures("sensors", &self.sensors)?;
        self.check_learning()?;
        self.check_sensors()?;
        if self.limits.len() > LIMITS_MOST {
            return wrong("limits", format!("may hold {LIMITS_MOST} limits"));
        }
        let mut names = HashSet::new();
        for (i, limit) in self.limits.iter().enumerate() {
            let field = format!("limits[{i}]");
            limit.check(&field)?;
            if !names.insert(&limit.name) {
                return wrong(format!("{field}.name"), "is the name of another limit as well");
            }
        }
        Ok(())
    }

    fn check_learning(&self) -> Checked {
        let (deviation, drift) = (&self.deviation, &self.drift);
        let windows = [
            ("deviation.learning_s", deviation.learning_s),
            ("deviation.slow_learning_s", deviation.slow_learning_s),
            ("drift.learning_s", drift.learning_s),
        ];
        for (field, value) in windows {
            if !LEARNING_S.contains(&value) {
                return wrong(field, "has to be from 60 to 7776000 (ninety days)");
            }
        }
        let above_zero = [
            ("deviation.tick_s", deviation.tick_s),
            ("deviation.limit", deviation.limit),
            ("deviation.combination_limit", deviation.combination_limit),
            ("deviation.smoothing_samples", deviation.smoothing_samples),
            ("drift.limit", drift.limit),
            ("drift.mean_s", drift.mean_s),
        ];
        for (field, value) in above_zero {
            if value <= 0.0 {
                return wrong(field, "has to be above 0");
            }
        }
        if f64::from(deviation.learning_frames_max) > KEPT_MOST {
            return wrong("deviation.learning_frames_max", format!("may be {KEPT_MOST}"));
        }
        if deviation.points_max > 4096 {
            return wrong("deviation.points_max", "may be 4096");
        }
        Ok(())
    }

    fn check_sensors(&self) -> Checked {
        let sensors = &self.sensors;
        if sensors.stuck.least_movement > 1.0 {
            return wrong("sensors.stuck.least_movement", "has to be from 0 to 1");
        }
        if !(1..=100).contains(&sensors.spikes.count) {
            return wrong("sensors.spikes.count", "has to be from 1 to 100");
        }
        if sensors.redundancy.mean_s <= 0.0 {
            return wrong("sensors.redundancy.mean_s", "has to be above 0");
        }
        if !(4..=2048).contains(&sensors.redundancy.learning_means) {
            return wrong("sensors.redundancy.learning_means", "has to be from 4 to 2048");
        }
        if sensors.redundancy.long_means < 1 {
            return wrong("sensors.redundancy.long_means", "has to be 1 or more");
        }
        if sensors.redundancy.pairs.len() > PAIRS_MOST {
            return wrong("sensors.redundancy.pairs", format!("may hold {PAIRS_MOST} pairs"));
        }
        for (i, [a, b]) in sensors.redundancy.pairs.iter().enumerate() {
            if a == b {
                return wrong(format!("sensors.redundancy.pairs[{i}]"), "names one point twice");
            }
        }
        if sensors.range.sensors.len() > PAIRS_MOST {
            return wrong("sensors.range.sensors", format!("may hold {PAIRS_MOST} ranges"));
        }
        for (i, range) in sensors.range.sensors.iter().enumerate() {
            let field = format!("sensors.range.sensors[{i}]");
            range.points.check(&format!("{field}.points"))?;
            finite(&format!("{field}.low"), range.low)?;
            finite(&format!("{field}.high"), range.high)?;
            match (range.low, range.high) {
                (None, None) => return wrong(field, "needs `low` or `high`"),
                (Some(low), Some(high)) if low >= high => {
                    return wrong(format!("{field}.low"), "has to be below `high`");
                }
                _ => {}
            }
        }
        Ok(())
    }
}

impl Limit {
    fn check(&self, field: &str) -> Checked {
        let at = |name: &str| format!("{field}.{name}");
        let name = self.name.trim();
        if name.is_empty() || name.chars().count() > NAME_CHARS || name.contains(':') {
            return wrong(at("name"), "has to have 1 to 60 characters and no colon");
        }
        if name != self.name {
            return wrong(at("name"), "may not begin or end with a space");
        }
        self.points.check(&at("points"))?;
        finite(&at("value"), Some(self.value))?;
        let rate = matches!(self.kind, LimitKind::Rise | LimitKind::Fall);
        if rate && self.value <= 0.0 {
            return wrong(at("value"), "has to be above 0 for a rate");
        }
        for (name, value) in [
            ("deadband", self.deadband),
            ("on_delay_s", self.on_delay_s),
            ("off_delay_s", self.off_delay_s),
            ("window_s", self.window_s),
        ] {
            finite(&at(name), Some(value))?;
            if value < 0.0 || (name != "deadband" && value > DURATION_S) {
                return wrong(at(name), "has to be from 0 to a year");
            }
        }
        if rate && self.window_s <= 0.0 {
            return wrong(at("window_s"), "has to be above 0");
        }
        if rate && self.deadband >= self.value {
            return wrong(at("deadband"), "has to be below `value` for a rate");
        }
        if self.class == Class::Sensor {
            return wrong(at("class"), "is machine or safety; sensors have their own rules");
        }
        if let Some(only_at) = &self.only_at {
            only_at.points.check(&at("only_at.points"))?;
            finite(&at("only_at.at_least"), Some(only_at.at_least))?;
        }
        Ok(())
    }
}

impl Select {
    fn check(&self, field: &str) -> Checked {
        match (&self.name, &self.quantity, &self.position) {
            (Some(_), None, None) | (None, Some(_), _) => Ok(()),
            _ => wrong(field, "needs `name`, or `quantity` and perhaps `position`"),
        }
    }
}

fn finite(field: &str, value: Option<f64>) -> Checked {
    if value.is_none_or(f64::is_finite) { Ok(()) } else { wrong(field, "has to be a number") }
}

/// Every figure of a section is a number of 0 or more and, where it is a duration, a year at most.
fn figures(section: &str, part: &impl Serialize) -> Checked {
    let value = serde_json::to_value(part).map_err(|e| RuleError {
        field: section.to_owned(),
        problem: format!("cannot be written: {e}"),
    })?;
    let serde_json::Value::Object(fields) = value else { return Ok(()) };
    for (name, value) in fields {
        let field = format!("{section}.{name}");
        match value {
            // How JSON writes what is no number.
            serde_json::Value::Null => return wrong(field, "has to be a number"),
            serde_json::Value::Number(number) => {
                let number = number.as_f64().unwrap_or(-1.0);
                if number < 0.0 {
                    return wrong(field, "has to be 0 or more");
                }
                if name.ends_with("_s") && number > DURATION_S {
                    return wrong(field, "has to be a year (31622400) at most");
                }
            }
            serde_json::Value::Object(_) => figures(&field, &value)?,
            _ => {}
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(change: impl FnOnce(&mut Rules)) -> String {
        let limit = serde_json::json!({"name": "hot", "points": {"quantity": "temperature"},
                                       "kind": "high", "value": 80.0});
        let limit: Limit = serde_json::from_value(limit).expect("a limit");
        let mut rules = Rules { limits: vec![limit], ..Rules::default() };
        assert_eq!(rules.check(), Ok(()));
        change(&mut rules);
        rules.check().expect_err("refused").field
    }

    #[test]
    fn what_is_wrong_is_named_by_its_field() {
        assert_eq!(refused(|r| r.deviation.learning_s = 1.0), "deviation.learning_s");
        assert_eq!(refused(|r| r.deviation.on_delay_s = f64::NAN), "deviation.on_delay_s");
        assert_eq!(refused(|r| r.deviation.limit = 0.0), "deviation.limit");
        assert_eq!(refused(|r| r.sensors.stuck.least_s = -1.0), "sensors.stuck.least_s");
        assert_eq!(refused(|r| r.sensors.spikes.count = 0), "sensors.spikes.count");
        assert_eq!(refused(|r| r.limits[0].value = f64::INFINITY), "limits[0].value");
        assert_eq!(refused(|r| r.limits[0].name = "a:b".into()), "limits[0].name");
        assert_eq!(refused(|r| r.limits.push(r.limits[0].clone())), "limits[1].name");
        assert_eq!(refused(|r| r.limits[0].points = Select::default()), "limits[0].points");
        assert_eq!(refused(|r| r.limits[0].class = Class::Sensor), "limits[0].class");
        let pair = ["a".to_owned(), "a".to_owned()];
        assert_eq!(
            refused(|r| r.sensors.redundancy.pairs.push(pair)),
            "sensors.redundancy.pairs[0]"
        );
    }

    #[test]
    fn an_unknown_field_is_refused_by_name() {
        for text in [
            r#"{"devation": {}}"#,
            r#"{"deviation": {"limt": 5}}"#,
            r#"{"sensors": {"stuck": {"odd": 1}}}"#,
        ] {
            let error = serde_json::from_str::<Rules>(text).expect_err("refused").to_string();
            assert!(error.contains("unknown field"), "{error}");
        }
    }
}
