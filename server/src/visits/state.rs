//! The states of a visit.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::http::Problem;
use crate::states;

/// State of a visit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum VisitState {
    /// In the calendar; the technician can still be another one.
    Planned,
    /// The technician has it.
    Dispatched,
    /// On the way.
    Travelling,
    /// Beside the machine.
    OnSite,
    /// The work of this visit is over.
    Done,
    /// Nobody was there, or nobody could get in.
    Missed,
    /// Called off before anybody was there.
    Cancelled,
}

impl VisitState {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Planned,
        Self::Dispatched,
        Self::Travelling,
        Self::OnSite,
        Self::Done,
        Self::Missed,
        Self::Cancelled,
    ];

    /// The states that can follow.
    #[must_use]
    pub fn next(self) -> &'static [Self] {
        match self {
            Self::Planned => {
                &[Self::Dispatched, Self::Travelling, Self::OnSite, Self::Missed, Self::Cancelled]
            }
            Self::Dispatched => {
                &[Self::Travelling, Self::OnSite, Self::Planned, Self::Missed, Self::Cancelled]
            }
            Self::Travelling => &[Self::OnSite, Self::Missed, Self::Cancelled],
            Self::OnSite => &[Self::Done, Self::Missed],
            Self::Done | Self::Missed | Self::Cancelled => &[],
        }
    }

    /// Its name, as in the API.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Dispatched => "dispatched",
            Self::Travelling => "travelling",
            Self::OnSite => "on_site",
            Self::Done => "done",
            Self::Missed => "missed",
            Self::Cancelled => "cancelled",
        }
    }

    pub(super) fn parse(text: &str) -> Result<Self, Problem> {
        states::read("visit state", &Self::ALL, Self::as_str, text)
    }

    pub(super) fn step(self, to: Self) -> Result<Self, Problem> {
        states::step("visit", (self, to), self.next(), Self::as_str)
    }

    /// Whether it is still to come: its time and technician can be changed.
    pub(crate) fn is_ahead(self) -> bool {
        matches!(self, Self::Planned | Self::Dispatched)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_has_done_a_visit_without_being_there() {
        let leading = VisitState::ALL.into_iter().filter(|s| s.next().contains(&VisitState::Done));
        assert_eq!(leading.collect::<Vec<_>>(), [VisitState::OnSite]);
    }

    #[test]
    fn states_read_back_as_they_are_written() {
        for state in VisitState::ALL {
            assert_eq!(VisitState::parse(state.as_str()).unwrap(), state);
            assert_eq!(serde_json::to_value(state).unwrap(), state.as_str());
        }
    }
}
