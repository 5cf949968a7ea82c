//! What an alarm is about and how urgent it is.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::http::Problem;
use crate::states;

/// Class of an alarm: decides what may hide it and whether it becomes work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// The machine does not behave as it should.
    Machine,
    /// People or the machine are in danger. Neither maintenance nor a repair hides it.
    Safety,
    /// A sensor does not measure what it should.
    Sensor,
    /// A part of this system does not work.
    System,
}

impl Class {
    const ALL: [Self; 4] = [Self::Machine, Self::Safety, Self::Sensor, Self::System];

    /// Its name in the database and in JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Machine => "machine",
            Self::Safety => "safety",
            Self::Sensor => "sensor",
            Self::System => "system",
        }
    }

    pub(crate) fn parse(text: &str) -> Result<Self, Problem> {
        states::read("alarm class", &Self::ALL, Self::as_str, text)
    }
}

impl From<detection::Class> for Class {
    fn from(class: detection::Class) -> Self {
        match class {
            detection::Class::Machine => Self::Machine,
            detection::Class::Safety => Self::Safety,
            detection::Class::Sensor => Self::Sensor,
        }
    }
}

/// Priority of an alarm (ISA-18.2), the lowest first: how soon somebody has to answer.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Priority {
    /// When there is time.
    Low,
    /// Today.
    Medium,
    /// Soon.
    High,
    /// Now.
    Critical,
}

impl Priority {
    /// All priorities, the lowest first.
    pub const ALL: [Self; 4] = [Self::Low, Self::Medium, Self::High, Self::Critical];

    /// Its name in the database and in JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }

    pub(crate) fn parse(text: &str) -> Result<Self, Problem> {
        states::read("alarm priority", &Self::ALL, Self::as_str, text)
    }
}

impl From<detection::Priority> for Priority {
    fn from(priority: detection::Priority) -> Self {
        match priority {
            detection::Priority::Low => Self::Low,
            detection::Priority::Medium => Self::Medium,
            detection::Priority::High => Self::High,
            detection::Priority::Critical => Self::Critical,
        }
    }
}
