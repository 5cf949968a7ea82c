//! The states of a return, and the words that say what it is.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::http::Problem;
use crate::states;

/// State of a return.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReturnState {
    /// Somebody has to decide.
    Requested,
    /// It may come; somebody has to arrange how.
    Approved,
    /// It may not.
    Refused,
    /// It is on its way to us.
    Awaiting,
    /// It is here.
    Received,
    /// Somebody has looked at it.
    Inspected,
    /// The customer got money back.
    Refunded,
    /// The customer gets another one.
    Exchanged,
    /// It was mended.
    Repaired,
    /// The customer gets it back as it is.
    SentBack,
    /// Over.
    Closed,
    /// The customer keeps it after all.
    Cancelled,
}

impl ReturnState {
    pub(super) const ALL: [Self; 12] = [
        Self::Requested,
        Self::Approved,
        Self::Refused,
        Self::Awaiting,
        Self::Received,
        Self::Inspected,
        Self::Refunded,
        Self::Exchanged,
        Self::Repaired,
        Self::SentBack,
        Self::Closed,
        Self::Cancelled,
    ];

    /// The states that can follow.
    #[must_use]
    pub fn next(self) -> &'static [Self] {
        match self {
            Self::Requested => &[Self::Approved, Self::Refused, Self::Cancelled],
            Self::Approved => &[Self::Awaiting, Self::Received, Self::Cancelled],
            // Who refused may have been wrong.
            Self::Refused => &[Self::Closed, Self::Requested],
            Self::Awaiting => &[Self::Received, Self::Cancelled],
            Self::Received => &[Self::Inspected],
            Self::Inspected => &[Self::Refunded, Self::Exchanged, Self::Repaired, Self::SentBack],
            Self::Refunded | Self::Exchanged | Self::Repaired | Self::SentBack => &[Self::Closed],
            Self::Closed | Self::Cancelled => &[],
        }
    }

    /// Its name, as in the API.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Requested => "requested",
            Self::Approved => "approved",
            Self::Refused => "refused",
            Self::Awaiting => "awaiting",
            Self::Received => "received",
            Self::Inspected => "inspected",
            Self::Refunded => "refunded",
            Self::Exchanged => "exchanged",
            Self::Repaired => "repaired",
            Self::SentBack => "sent_back",
            Self::Closed => "closed",
            Self::Cancelled => "cancelled",
        }
    }

    pub(super) fn parse(text: &str) -> Result<Self, Problem> {
        states::read("return state", &Self::ALL, Self::as_str, text)
    }

    pub(super) fn step(self, to: Self) -> Result<Self, Problem> {
        states::step("return", (self, to), self.next(), Self::as_str)
    }
}

/// What the customer wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReturnKind {
    /// Money back.
    Return,
    /// Another one.
    Exchange,
    /// It mended, or another one where that is not possible.
    RepairExchange,
}

impl ReturnKind {
    const ALL: [Self; 3] = [Self::Return, Self::Exchange, Self::RepairExchange];

    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Return => "return",
            Self::Exchange => "exchange",
            Self::RepairExchange => "repair_exchange",
        }
    }

    pub(super) fn parse(text: &str) -> Result<Self, Problem> {
        states::read("return kind", &Self::ALL, Self::as_str, text)
    }
}

/// How it comes to us.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReturnMethod {
    /// We fetch it.
    PickUp,
    /// The customer brings or sends it.
    DropOff,
}

impl ReturnMethod {
    const ALL: [Self; 2] = [Self::PickUp, Self::DropOff];

    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::PickUp => "pick_up",
            Self::DropOff => "drop_off",
        }
    }

    pub(super) fn parse(text: &str) -> Result<Self, Problem> {
        states::read("return method", &Self::ALL, Self::as_str, text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_paid_before_somebody_has_looked_at_it() {
        let leading =
            ReturnState::ALL.into_iter().filter(|s| s.next().contains(&ReturnState::Refunded));
        assert_eq!(leading.collect::<Vec<_>>(), [ReturnState::Inspected]);
    }

    #[test]
    fn what_is_here_is_not_cancelled_but_sent_back() {
        use ReturnState::{Cancelled, Inspected, Received};
        assert!(![Received, Inspected].iter().any(|s| s.next().contains(&Cancelled)));
    }

    #[test]
    fn every_return_can_come_to_an_end() {
        for state in ReturnState::ALL {
            let mut at = state;
            for _ in ReturnState::ALL {
                at = at.next().first().copied().unwrap_or(at);
            }
            assert!(at.next().is_empty(), "{state:?}");
        }
    }

    #[test]
    fn states_read_back_as_they_are_written() {
        for state in ReturnState::ALL {
            assert_eq!(ReturnState::parse(state.as_str()).unwrap(), state);
            assert_eq!(serde_json::to_value(state).unwrap(), state.as_str());
        }
    }
}
