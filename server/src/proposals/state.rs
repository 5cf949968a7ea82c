//! The states of a proposal, and of each approval that it needs.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::http::Problem;
use crate::states;

/// State of a proposal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ProposalState {
    /// Being written.
    Draft,
    /// Goes through its approvals.
    Submitted,
    /// Everybody who had to has approved this version.
    Approved,
    /// Somebody has said what is to be changed.
    SentBack,
    /// Given up.
    Withdrawn,
}

impl ProposalState {
    pub(super) const ALL: [Self; 5] =
        [Self::Draft, Self::Submitted, Self::Approved, Self::SentBack, Self::Withdrawn];

    /// The states that can follow. A new version makes any but a withdrawn one a draft again.
    #[must_use]
    pub fn next(self) -> &'static [Self] {
        match self {
            Self::Draft => &[Self::Submitted, Self::Withdrawn],
            Self::Submitted => &[Self::Approved, Self::SentBack, Self::Draft, Self::Withdrawn],
            Self::Approved | Self::SentBack => &[Self::Draft, Self::Withdrawn],
            Self::Withdrawn => &[],
        }
    }

    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Submitted => "submitted",
            Self::Approved => "approved",
            Self::SentBack => "sent_back",
            Self::Withdrawn => "withdrawn",
        }
    }

    pub(super) fn parse(text: &str) -> Result<Self, Problem> {
        states::read("proposal state", &Self::ALL, Self::as_str, text)
    }

    pub(super) fn step(self, to: Self) -> Result<Self, Problem> {
        states::step("proposal", (self, to), self.next(), Self::as_str)
    }
}

/// State of an approval.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ApprovalState {
    /// Its turn is now, or comes when those before it have approved.
    Waiting,
    /// Given.
    Approved,
    /// Refused, with what is to be changed.
    SentBack,
    /// Not needed any more: the version was sent back, replaced or withdrawn.
    Void,
}

impl ApprovalState {
    const ALL: [Self; 4] = [Self::Waiting, Self::Approved, Self::SentBack, Self::Void];

    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Approved => "approved",
            Self::SentBack => "sent_back",
            Self::Void => "void",
        }
    }

    pub(super) fn parse(text: &str) -> Result<Self, Problem> {
        states::read("approval state", &Self::ALL, Self::as_str, text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_approved_that_was_not_submitted() {
        let leading =
            ProposalState::ALL.into_iter().filter(|s| s.next().contains(&ProposalState::Approved));
        assert_eq!(leading.collect::<Vec<_>>(), [ProposalState::Submitted]);
    }

    #[test]
    fn states_read_back_as_they_are_written() {
        for state in ProposalState::ALL {
            assert_eq!(ProposalState::parse(state.as_str()).unwrap(), state);
        }
        for state in ApprovalState::ALL {
            assert_eq!(ApprovalState::parse(state.as_str()).unwrap(), state);
        }
    }
}
