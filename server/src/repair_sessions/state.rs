//! The states of a repair session.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::http::Problem;
use crate::states;

/// State of a repair session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SessionState {
    /// Being prepared; nothing is shelved yet.
    Draft,
    /// Somebody works on the machine: alarms that the work causes are shelved.
    Running,
    /// The machine runs again and has to show what its acceptance test asks for.
    AcceptanceTest,
    /// The leave-site gate was open and somebody said so.
    Verified,
    /// The machine is not well; the work may go on.
    Rejected,
    /// Given up before any work began.
    Abandoned,
}

impl SessionState {
    const ALL: [Self; 6] = [
        Self::Draft,
        Self::Running,
        Self::AcceptanceTest,
        Self::Verified,
        Self::Rejected,
        Self::Abandoned,
    ];

    /// The states that can follow.
    #[must_use]
    pub fn next(self) -> &'static [Self] {
        match self {
            Self::Draft => &[Self::Running, Self::Abandoned],
            Self::Running => &[Self::AcceptanceTest],
            Self::AcceptanceTest => &[Self::Verified, Self::Rejected],
            Self::Rejected => &[Self::Running],
            Self::Verified | Self::Abandoned => &[],
        }
    }

    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Running => "running",
            Self::AcceptanceTest => "acceptance_test",
            Self::Verified => "verified",
            Self::Rejected => "rejected",
            Self::Abandoned => "abandoned",
        }
    }

    pub(super) fn parse(text: &str) -> Result<Self, Problem> {
        states::read("repair session state", &Self::ALL, Self::as_str, text)
    }

    pub(super) fn step(self, to: Self) -> Result<Self, Problem> {
        states::step("repair session", (self, to), self.next(), Self::as_str)
    }

    /// Whether it begins a phase: what was confirmed or excepted before counts no more.
    pub(super) fn begins_phase(self) -> bool {
        matches!(self, Self::Running | Self::AcceptanceTest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_verified_without_an_acceptance_test() {
        let leading =
            SessionState::ALL.into_iter().filter(|s| s.next().contains(&SessionState::Verified));
        assert_eq!(leading.collect::<Vec<_>>(), [SessionState::AcceptanceTest]);
    }

    #[test]
    fn a_rejected_session_goes_back_to_work_and_a_verified_one_is_over() {
        assert_eq!(SessionState::Rejected.next(), [SessionState::Running]);
        for to in SessionState::ALL {
            let Err(Problem::IllegalStep { allowed, .. }) = SessionState::Verified.step(to) else {
                panic!("a verified session became {to:?}");
            };
            assert!(allowed.is_empty());
        }
    }

    #[test]
    fn states_read_back_as_they_are_written() {
        for state in SessionState::ALL {
            assert_eq!(SessionState::parse(state.as_str()).unwrap(), state);
            assert_eq!(serde_json::to_value(state).unwrap(), state.as_str());
        }
    }
}
