//! What an entry on the time axis can say.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::text;
use crate::http::Problem;

/// A part with its numbers.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Part {
    /// Part number of the maker.
    pub(super) part_number: String,
    /// Serial number of the piece.
    #[serde(skip_serializing_if = "Option::is_none")]
    serial: Option<String>,
    /// Pieces, or any other measure that the part is counted in.
    pub(super) quantity: f64,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    text: String,
}

/// For whom somebody signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Signatory {
    /// Who did the work.
    Technician,
    /// Whose machine it is.
    Customer,
}

/// What people put on the axis.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Remark {
    /// A step of the work is done.
    StepDone {
        /// Which.
        text: String,
    },
    /// A part went into the machine.
    PartUsed(Part),
    /// A part came out of it.
    PartRemoved(Part),
    /// Somebody came.
    PersonArrived {
        /// Who.
        name: String,
    },
    /// Somebody went.
    PersonLeft {
        /// Who.
        name: String,
    },
    /// The work rests; the session goes on.
    Paused {
        /// Why.
        text: String,
    },
    /// The work goes on.
    Resumed {
        /// Anything worth saying.
        #[serde(default)]
        text: String,
    },
    /// Anything worth saying.
    Note {
        /// What.
        text: String,
    },
    /// Something about a measurement point, or measured by hand.
    Measurement {
        /// The point, where it is one of the asset's.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        point_id: Option<String>,
        /// What was measured or seen.
        text: String,
        /// Value measured by hand.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        value: Option<f64>,
        /// Its unit.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        unit: Option<String>,
    },
    /// Somebody signs for the work.
    SignedOff {
        /// For whom.
        role: Signatory,
        /// Who.
        name: String,
        /// What the person signs.
        statement: String,
    },
}

impl Remark {
    pub(super) fn check(&self) -> Result<(), Problem> {
        let optional = |name: &str, words: &str| {
            if words.is_empty() { Ok(()) } else { text(name, words).map(|_| ()) }
        };
        match self {
            Self::StepDone { text: words }
            | Self::Paused { text: words }
            | Self::Note { text: words } => text("text", words).map(|_| ()),
            Self::PartUsed(part) | Self::PartRemoved(part) => {
                text("part_number", &part.part_number)?;
                optional("serial", part.serial.as_deref().unwrap_or_default())?;
                optional("text", &part.text)?;
                if part.quantity.is_finite() && part.quantity > 0.0 {
                    return Ok(());
                }
                Err(Problem::Invalid("`quantity` has to be greater than 0".into()))
            }
            Self::PersonArrived { name } | Self::PersonLeft { name } => {
                text("name", name).map(|_| ())
            }
            Self::Resumed { text: words } => optional("text", words),
            Self::Measurement { text: words, unit, .. } => {
                optional("unit", unit.as_deref().unwrap_or_default())?;
                text("text", words).map(|_| ())
            }
            Self::SignedOff { name, statement, .. } => {
                text("name", name)?;
                text("statement", statement).map(|_| ())
            }
        }
    }

    fn kind(&self) -> &'static str {
        match self {
            Self::StepDone { .. } => "step_done",
            Self::PartUsed(_) => "part_used",
            Self::PartRemoved(_) => "part_removed",
            Self::PersonArrived { .. } => "person_arrived",
            Self::PersonLeft { .. } => "person_left",
            Self::Paused { .. } => "paused",
            Self::Resumed { .. } => "resumed",
            Self::Note { .. } => "note",
            Self::Measurement { .. } => "measurement",
            Self::SignedOff { .. } => "signed_off",
        }
    }
}

/// What requests of their own put on the axis.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Act {
    /// A photo or a document was attached.
    Attached {
        /// Digest of its content; `GET /api/v1/attachments/{sha256}` has the bytes.
        sha256: String,
        media_type: String,
        bytes: u64,
        caption: String,
    },
    /// Somebody confirmed a check of the acceptance test by hand.
    Confirmed {
        /// Id of the check.
        check: String,
        /// Who saw it.
        name: String,
    },
    /// Somebody answers for what the acceptance test did not show.
    ExceptionSigned {
        /// Id of the check; null: for the whole test.
        check: Option<String>,
        /// Who answers for it.
        name: String,
        why: String,
    },
    /// A verdict was made.
    VerdictMade { version: i64, overall: String, why: String },
    /// Somebody drove off, with the gate open.
    LeftSite {
        /// Who.
        name: String,
    },
}

impl Act {
    fn kind(&self) -> &'static str {
        match self {
            Self::Attached { .. } => "attached",
            Self::Confirmed { .. } => "confirmed",
            Self::ExceptionSigned { .. } => "exception_signed",
            Self::VerdictMade { .. } => "verdict_made",
            Self::LeftSite { .. } => "left_site",
        }
    }
}

/// What an entry says; `kind` tells which.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[schema(as = EntryContent)]
#[serde(untagged)]
pub enum Content {
    /// Written as an entry.
    Remark(Remark),
    /// Written by another request.
    Act(Act),
}

impl Content {
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Remark(remark) => remark.kind(),
            Self::Act(act) => act.kind(),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::from_json;
    use super::*;

    #[test]
    fn every_kind_of_entry_reads_back_as_it_was_written() {
        for entry in [
            json!({"kind": "step_done", "text": "strainer cleaned"}),
            json!({"kind": "part_used", "part_number": "4711", "serial": "S-1", "quantity": 2.0}),
            json!({"kind": "person_arrived", "name": "A. Ohm"}),
            json!({"kind": "measurement", "text": "by hand", "value": 2.5, "unit": "bar"}),
            json!({"kind": "signed_off", "role": "customer", "name": "B", "statement": "runs"}),
        ] {
            let content: Content = from_json(&entry.to_string()).unwrap();
            assert!(matches!(content, Content::Remark(_)), "{entry}");
            assert_eq!(serde_json::to_value(&content).unwrap(), entry);
            assert_eq!(entry["kind"], content.kind());
        }
        let act = json!({"kind": "exception_signed", "check": null, "name": "C", "why": "night"});
        let content: Content = from_json(&act.to_string()).unwrap();
        assert_eq!(serde_json::to_value(&content).unwrap(), act);
        assert_eq!(content.kind(), "exception_signed");
    }

    #[test]
    fn a_part_without_a_quantity_is_refused() {
        let part =
            Part { part_number: "4711".into(), serial: None, quantity: 0.0, text: String::new() };
        assert!(matches!(Remark::PartUsed(part).check(), Err(Problem::Invalid(_))));
    }
}
