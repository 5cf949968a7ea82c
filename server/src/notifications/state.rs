//! The states of a message in the outbox and the one table of what can follow what.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::http::Problem;
use crate::states;

/// State of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MessageState {
    /// To be sent, perhaps again.
    Waiting,
    /// The other side took it.
    Delivered,
    /// The other side will never take it.
    Refused,
    /// It could not be sent for too long.
    GivenUp,
    /// Somebody took it back before it was sent.
    Withdrawn,
}

impl MessageState {
    pub(super) const ALL: [Self; 5] =
        [Self::Waiting, Self::Delivered, Self::Refused, Self::GivenUp, Self::Withdrawn];

    /// The states that can follow. A waiting message may be told to try at once.
    #[must_use]
    pub fn next(self) -> &'static [Self] {
        match self {
            Self::Waiting => {
                &[Self::Waiting, Self::Delivered, Self::Refused, Self::GivenUp, Self::Withdrawn]
            }
            Self::Refused | Self::GivenUp => &[Self::Waiting],
            Self::Delivered | Self::Withdrawn => &[],
        }
    }

    /// Its name in the database and in JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Delivered => "delivered",
            Self::Refused => "refused",
            Self::GivenUp => "given_up",
            Self::Withdrawn => "withdrawn",
        }
    }

    pub(super) fn parse(text: &str) -> Result<Self, Problem> {
        states::read("message state", &Self::ALL, Self::as_str, text)
    }

    pub(super) fn step(self, to: Self) -> Result<Self, Problem> {
        states::step("message", (self, to), self.next(), Self::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_delivered_or_withdrawn_is_never_sent_again() {
        for to in MessageState::ALL {
            assert!(MessageState::Delivered.step(to).is_err());
            assert!(MessageState::Withdrawn.step(to).is_err());
        }
    }

    #[test]
    fn what_was_given_up_can_only_be_tried_again() {
        for state in [MessageState::GivenUp, MessageState::Refused] {
            assert_eq!(state.next(), [MessageState::Waiting]);
        }
    }
}
