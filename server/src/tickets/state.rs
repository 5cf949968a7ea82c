//! The states of a ticket and the one table of what can follow what.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::http::Problem;
use crate::states;

/// State of a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TicketState {
    /// Nobody works on it yet.
    Open,
    /// The cause is being looked for.
    Diagnosing,
    /// The machine is mended, closure is due.
    Resolved,
    /// Done. Nobody moves it from here; a recurrence inside the guarantee window reopens it.
    Closed,
    /// Needed no work.
    Cancelled,
}

impl TicketState {
    pub(super) const ALL: [Self; 5] =
        [Self::Open, Self::Diagnosing, Self::Resolved, Self::Closed, Self::Cancelled];

    /// The states that can follow.
    #[must_use]
    pub fn next(self) -> &'static [Self] {
        match self {
            Self::Open => &[Self::Diagnosing, Self::Resolved, Self::Cancelled],
            Self::Diagnosing => &[Self::Open, Self::Resolved, Self::Cancelled],
            Self::Resolved => &[Self::Diagnosing, Self::Closed],
            Self::Closed | Self::Cancelled => &[],
        }
    }

    /// Its name in the database and in JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Diagnosing => "diagnosing",
            Self::Resolved => "resolved",
            Self::Closed => "closed",
            Self::Cancelled => "cancelled",
        }
    }

    pub(super) fn parse(text: &str) -> Result<Self, Problem> {
        states::read("ticket state", &Self::ALL, Self::as_str, text)
    }

    pub(super) fn step(self, to: Self) -> Result<Self, Problem> {
        states::step("ticket", (self, to), self.next(), Self::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_illegal_step_names_the_legal_ones() {
        let Err(Problem::IllegalStep { allowed, .. }) = TicketState::Open.step(TicketState::Closed)
        else {
            panic!("an open ticket was closed without being resolved");
        };
        assert_eq!(allowed, ["diagnosing", "resolved", "cancelled"]);
    }

    #[test]
    fn a_closed_ticket_stays_closed() {
        for to in TicketState::ALL {
            assert!(TicketState::Closed.step(to).is_err());
        }
    }
}
