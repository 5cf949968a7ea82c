//! What a proposal says.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::http::{Problem, check_text};
use crate::limits::{INSTRUCTIONS_CHARS, MONEY_MOST, PROPOSAL_LINES, TEXT_CHARS};

/// An amount of money.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Money {
    /// In the smallest unit of the currency, such as cents.
    pub minor: i64,
    /// ISO 4217, such as `EUR`.
    pub currency: String,
}

impl Money {
    /// Refuses what is no amount.
    pub fn check(&self, name: &str) -> Result<(), Problem> {
        let code = self.currency.as_bytes();
        if code.len() != 3 || !code.iter().all(u8::is_ascii_uppercase) {
            return Err(Problem::Invalid(format!(
                "`{name}`: `currency` has to be three capital letters, such as EUR"
            )));
        }
        if !(0..=MONEY_MOST).contains(&self.minor) {
            return Err(Problem::Invalid(format!("`{name}`: `minor` has to be 0 to {MONEY_MOST}")));
        }
        Ok(())
    }
}

/// Something that the work needs: people, parts, tools.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Resource {
    what: String,
    quantity: f64,
    /// Part number, where it is a part.
    part_number: Option<String>,
}

/// What is to be done, what it needs and costs, and what it is expected to bring.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProposalContent {
    pub(super) title: String,
    /// What is to be done, in order.
    pub(super) steps: Vec<String>,
    #[serde(default)]
    resources: Vec<Resource>,
    /// What will be better, and how one will see it.
    expected_effect: String,
    /// Whether it can be done, and what could stop it.
    feasibility: String,
    /// Dangers and what is done about them.
    safety: String,
    /// Dangerous work: the policy may ask for more approvals.
    pub(super) safety_relevant: bool,
    /// What it costs in all.
    pub(super) cost: Money,
    /// What it is worth.
    benefit: String,
}

impl ProposalContent {
    pub(super) fn check(&self) -> Result<(), Problem> {
        check_text("title", &self.title, TEXT_CHARS)?;
        for (name, text) in [
            ("expected_effect", &self.expected_effect),
            ("feasibility", &self.feasibility),
            ("safety", &self.safety),
            ("benefit", &self.benefit),
        ] {
            check_text(name, text, INSTRUCTIONS_CHARS)?;
        }
        if !(1..=PROPOSAL_LINES).contains(&self.steps.len()) {
            return Err(Problem::Invalid(format!(
                "`steps` has to have 1 to {PROPOSAL_LINES} lines"
            )));
        }
        for step in &self.steps {
            check_text("steps", step, TEXT_CHARS)?;
        }
        if self.resources.len() > PROPOSAL_LINES {
            return Err(Problem::Invalid(format!("`resources` may have {PROPOSAL_LINES} lines")));
        }
        for resource in &self.resources {
            check_text("what", &resource.what, TEXT_CHARS)?;
            if !(resource.quantity > 0.0 && resource.quantity <= 1e6) {
                return Err(Problem::Invalid("`quantity` has to be above 0, up to 1000000".into()));
            }
        }
        self.cost.check("cost")
    }
}
