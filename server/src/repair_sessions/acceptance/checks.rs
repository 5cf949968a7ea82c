//! What a check of an acceptance test can ask for.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::http::Problem;
use crate::limits::{ACCEPTANCE_CHECKS, ACCEPTANCE_LONGEST_S, TEXT_CHARS};
use crate::repair_sessions::text;

/// Which points of a machine: those that match everything that is said.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Selector {
    /// Such as `temperature`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quantity: Option<String>,
    /// Such as `bearing`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<String>,
    /// The point's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

impl Selector {
    /// The load of a machine, unless a check says otherwise.
    pub fn load() -> Self {
        Self { quantity: Some("current".to_owned()), ..Self::default() }
    }

    pub fn matches(&self, quantity: &str, position: &str, name: &str) -> bool {
        let fits = |wanted: &Option<String>, is: &str| wanted.as_deref().is_none_or(|w| w == is);
        fits(&self.quantity, quantity) && fits(&self.position, position) && fits(&self.name, name)
    }

    fn check(&self) -> Result<(), Problem> {
        if *self == Self::default() {
            return Err(Problem::Invalid(
                "`points` has to say a quantity, a position or a name".into(),
            ));
        }
        Ok(())
    }
}

/// The load at which readings count.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct AtLoad {
    /// Least load, in the unit of the load point.
    pub at_least: f64,
    /// The load point; the first point of quantity `current` when nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub points: Option<Selector>,
}

/// The least that a verdict has to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LeastVerdict {
    /// Not worse.
    Unchanged,
    /// Nearer to the healthy machine, at least.
    Improved,
    /// As the healthy machine.
    Fixed,
}

/// What a check asks for; `kind` says which.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Ask {
    /// The newest readings have stayed within the band for a while, without a gap. Readings at a
    /// lower load than asked for do not count: neither for it nor against it.
    StaysWithin {
        points: Selector,
        /// In the unit of the point.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        low: Option<f64>,
        /// In the unit of the point.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        high: Option<f64>,
        for_seconds: f64,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        load: Option<AtLoad>,
    },
    /// A reading reaches a value within a time after the test began.
    Reaches {
        points: Selector,
        /// In the unit of the point.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        at_least: Option<f64>,
        /// In the unit of the point.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        at_most: Option<f64>,
        within_seconds: f64,
    },
    /// The newest verdict that was made since the test began says at least this of the points.
    Verdict { points: Selector, at_least: LeastVerdict },
    /// A person says that it is so.
    Confirmed {
        /// What has to be seen, such as `no oil on the floor`.
        text: String,
    },
}

/// A check of an acceptance test.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Check {
    /// Unique in the test; confirmations and exceptions name it.
    pub id: String,
    /// For people.
    pub name: String,
    #[serde(flatten)]
    pub ask: Ask,
}

fn check_seconds(name: &str, seconds: f64) -> Result<(), Problem> {
    if seconds > 0.0 && seconds <= ACCEPTANCE_LONGEST_S {
        return Ok(());
    }
    Err(Problem::Invalid(format!(
        "`{name}` has to be greater than 0 and at most {ACCEPTANCE_LONGEST_S}"
    )))
}

impl Check {
    fn check(&self) -> Result<(), Problem> {
        text("id", &self.id)?;
        text("name", &self.name)?;
        match &self.ask {
            Ask::StaysWithin { points, low, high, for_seconds, load } => {
                points.check()?;
                check_seconds("for_seconds", *for_seconds)?;
                if let Some(load) = load.as_ref().and_then(|l| l.points.as_ref()) {
                    load.check()?;
                }
                match (low, high) {
                    (None, None) => {
                        Err(Problem::Invalid("a band needs `low` or `high` or both".into()))
                    }
                    (Some(low), Some(high)) if low >= high => {
                        Err(Problem::Invalid("`low` has to be less than `high`".into()))
                    }
                    _ => Ok(()),
                }
            }
            Ask::Reaches { points, at_least, at_most, within_seconds } => {
                points.check()?;
                check_seconds("within_seconds", *within_seconds)?;
                if at_least.is_some() == at_most.is_some() {
                    return Err(Problem::Invalid("give `at_least` or `at_most`".into()));
                }
                Ok(())
            }
            Ask::Verdict { points, .. } => points.check(),
            Ask::Confirmed { text: words } => text("text", words).map(|_| ()),
        }
    }
}

/// Refuses checks that make no sense.
pub fn check_all(checks: &[Check]) -> Result<(), Problem> {
    if !(1..=ACCEPTANCE_CHECKS).contains(&checks.len()) {
        return Err(Problem::Invalid(format!(
            "`checks` has to hold 1 to {ACCEPTANCE_CHECKS} checks"
        )));
    }
    for (i, check) in checks.iter().enumerate() {
        let named = |e: Problem| match e {
            Problem::Invalid(words) => {
                let id: String = check.id.chars().take(TEXT_CHARS).collect();
                Problem::Invalid(format!("check {id:?}: {words}"))
            }
            e => e,
        };
        check.check().map_err(named)?;
        if checks[..i].iter().any(|c| c.id == check.id) {
            return Err(Problem::Invalid(format!("two checks have the id {:?}", check.id)));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn refused(checks: Value) -> String {
        let checks: Vec<Check> = serde_json::from_value(checks).unwrap();
        let Err(Problem::Invalid(words)) = check_all(&checks) else { panic!("{checks:?} passed") };
        words
    }

    #[test]
    fn a_check_that_makes_no_sense_is_refused_by_its_id() {
        let flow = json!({"quantity": "flow"});
        let within = |low: Value, high: Value, seconds: f64| {
            json!([{"id": "flow", "name": "Flow", "kind": "stays_within", "points": flow,
                    "low": low, "high": high, "for_seconds": seconds}])
        };
        assert!(refused(within(json!(2), json!(1), 60.0)).contains("check \"flow\": `low`"));
        assert!(refused(within(Value::Null, Value::Null, 60.0)).contains("a band needs"));
        assert!(refused(within(json!(1), Value::Null, 0.0)).contains("`for_seconds`"));
        let twice = json!({"id": "a", "name": "A", "kind": "confirmed", "text": "dry"});
        assert!(refused(json!([twice, twice])).contains("two checks"));
        assert!(refused(json!([])).contains("`checks`"));
        let all = json!([{"id": "a", "name": "A", "kind": "verdict", "points": {},
                          "at_least": "fixed"}]);
        assert!(refused(all).contains("`points`"));
    }
}
