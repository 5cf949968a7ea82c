//! What a playbook says.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::access::Role;
use crate::http::{Problem, check_length, check_text};
use crate::limits::{PLAYBOOK_LINES, PLAYBOOK_MINUTES, TEXT_CHARS, WORD_CHARS};
use crate::requests::{RequestKind, Urgency};

/// When a playbook applies: of each list that says something, one has to fit. With none of them it
/// applies to every ticket.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlaybookApplies {
    /// Of a request of the ticket.
    #[serde(default)]
    pub(super) kinds: Vec<RequestKind>,
    /// Of a request of the ticket.
    #[serde(default)]
    pub(super) urgencies: Vec<Urgency>,
    /// Of the machine.
    #[serde(default)]
    pub(super) models: Vec<String>,
    /// Of the ticket, such as `deviation`.
    #[serde(default)]
    pub(super) signatures: Vec<String>,
}

/// A step of a playbook.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlaybookStep {
    pub(super) text: String,
    /// Who sees to it.
    pub(super) role: Role,
    /// Which team of the role, such as `electrical`; empty: the whole role.
    #[serde(default)]
    pub(super) team: String,
    /// To be done so many minutes after the start.
    pub(super) minutes: i64,
}

/// Somebody to call.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlaybookContact {
    name: String,
    /// Phone number, address, or where to find them.
    reached_at: String,
}

/// What a playbook says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlaybookContent {
    #[serde(default)]
    pub(super) applies: PlaybookApplies,
    /// What is done, in order; several teams may be at it at once.
    pub(super) steps: Vec<PlaybookStep>,
    #[serde(default)]
    contacts: Vec<PlaybookContact>,
    /// What has to be at hand.
    #[serde(default)]
    material: Vec<String>,
}

impl PlaybookContent {
    pub(super) fn check(&self) -> Result<(), Problem> {
        let invalid = |text: String| Err(Problem::Invalid(text));
        if !(1..=PLAYBOOK_LINES).contains(&self.steps.len()) {
            return invalid(format!("`steps` has to have 1 to {PLAYBOOK_LINES} lines"));
        }
        for step in &self.steps {
            check_text("text", &step.text, TEXT_CHARS)?;
            check_length("team", &step.team, WORD_CHARS)?;
            if matches!(step.role, Role::Customer | Role::Gateway) {
                return invalid("`role` has to be one of the service".into());
            }
            if !(1..=PLAYBOOK_MINUTES).contains(&step.minutes) {
                return invalid(format!("`minutes` has to be 1 to {PLAYBOOK_MINUTES}"));
            }
        }
        let PlaybookApplies { models, signatures, .. } = &self.applies;
        let lists = [("models", models), ("signatures", signatures), ("material", &self.material)];
        for (name, words) in lists {
            if words.len() > PLAYBOOK_LINES {
                return invalid(format!("`{name}` may have {PLAYBOOK_LINES} lines"));
            }
            for word in words {
                check_text(name, word, TEXT_CHARS)?;
            }
        }
        if self.contacts.len() > PLAYBOOK_LINES {
            return invalid(format!("`contacts` may have {PLAYBOOK_LINES} lines"));
        }
        for contact in &self.contacts {
            check_text("contacts.name", &contact.name, TEXT_CHARS)?;
            check_text("contacts.reached_at", &contact.reached_at, TEXT_CHARS)?;
        }
        Ok(())
    }
}
