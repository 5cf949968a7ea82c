//! The states of a request and the one table of what can follow what.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::http::Problem;
use crate::states;

/// State of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RequestState {
    /// Nobody has looked at it yet.
    Received,
    /// Its priority is known; somebody has to do something about it.
    Classified,
    /// It has become a ticket.
    Ticketed,
    /// The person has our answer.
    Answered,
    /// Done. What the person writes opens it again.
    Closed,
    /// Nothing to do: a duplicate of another one, or nobody's request.
    Rejected,
}

impl RequestState {
    /// All of them, in the order of the work.
    pub const ALL: [Self; 6] = [
        Self::Received,
        Self::Classified,
        Self::Ticketed,
        Self::Answered,
        Self::Closed,
        Self::Rejected,
    ];

    /// The states that can follow.
    #[must_use]
    pub fn next(self) -> &'static [Self] {
        match self {
            Self::Received => &[Self::Classified, Self::Rejected],
            Self::Classified => &[Self::Ticketed, Self::Answered, Self::Rejected],
            Self::Ticketed => &[Self::Classified, Self::Closed],
            Self::Answered => &[Self::Classified, Self::Ticketed, Self::Closed],
            Self::Closed => &[Self::Classified],
            Self::Rejected => &[Self::Received],
        }
    }

    /// Its name, as in the API.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Classified => "classified",
            Self::Ticketed => "ticketed",
            Self::Answered => "answered",
            Self::Closed => "closed",
            Self::Rejected => "rejected",
        }
    }

    pub(super) fn parse(text: &str) -> Result<Self, Problem> {
        states::read("request state", &Self::ALL, Self::as_str, text)
    }

    /// The next state, or why not.
    pub(super) fn step(self, to: Self) -> Result<Self, Problem> {
        states::step("request", (self, to), self.next(), Self::as_str)
    }

    /// Where it goes when the person writes again; nowhere while somebody has it before them anyway.
    /// `work_over`: its ticket needs nobody any more.
    pub(super) fn when_they_write(self, work_over: bool) -> Option<Self> {
        match self {
            Self::Ticketed if work_over => Some(Self::Classified),
            Self::Received | Self::Classified | Self::Ticketed => None,
            Self::Answered | Self::Closed => Some(Self::Classified),
            Self::Rejected => Some(Self::Received),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_person_writes_is_always_before_somebody() {
        for state in RequestState::ALL {
            for work_over in [false, true] {
                let after = match state.when_they_write(work_over) {
                    Some(to) => state.step(to).unwrap(),
                    None => state,
                };
                use RequestState::{Classified, Received, Ticketed};
                let before_somebody = matches!(after, Received | Classified);
                assert!(before_somebody || (after == Ticketed && !work_over), "{state:?}");
            }
        }
    }

    #[test]
    fn nothing_is_answered_or_becomes_a_ticket_before_its_priority_is_known() {
        assert_eq!(
            RequestState::Received.next(),
            [RequestState::Classified, RequestState::Rejected]
        );
    }

    #[test]
    fn states_read_back_as_they_are_written() {
        for state in RequestState::ALL {
            assert_eq!(RequestState::parse(state.as_str()).unwrap(), state);
            assert_eq!(serde_json::to_value(state).unwrap(), state.as_str());
        }
    }
}
