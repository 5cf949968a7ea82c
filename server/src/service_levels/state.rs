//! The states of an SLA clock and the one table of what can follow what.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::http::Problem;
use crate::states;

/// State of a clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ClockState {
    /// Time counts against the promise.
    Running,
    /// Stands still, for a reason that is not ours.
    OnHold,
    /// What was promised is late and still to be done.
    Breached,
    /// Done. Whether in time, `breached_at` says.
    Met,
    /// Nobody waits for it any more.
    Cancelled,
}

/// What can happen to a clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// Something stops it.
    Hold,
    /// Nothing stops it any more.
    Resume,
    /// Its due time has passed.
    Breach,
    /// What was promised is done.
    Meet,
    /// It turns out that it was not done.
    TakeBack,
    /// It is not needed any more.
    Cancel,
}

impl ClockState {
    /// All of them.
    pub(super) const ALL: [Self; 5] =
        [Self::Running, Self::OnHold, Self::Breached, Self::Met, Self::Cancelled];

    /// The next state; `None` when the step cannot be taken.
    #[must_use]
    pub(super) fn after(self, step: Step) -> Option<Self> {
        match (self, step) {
            (Self::Running, Step::Hold) => Some(Self::OnHold),
            (Self::OnHold, Step::Resume) | (Self::Met, Step::TakeBack) => Some(Self::Running),
            (Self::Running, Step::Breach) => Some(Self::Breached),
            (Self::Running | Self::OnHold | Self::Breached, Step::Meet) => Some(Self::Met),
            (Self::Running | Self::OnHold | Self::Breached, Step::Cancel) => Some(Self::Cancelled),
            _ => None,
        }
    }

    /// The next state of a step that a person asks for.
    ///
    /// # Errors
    /// [`Problem::IllegalStep`], which names the states that a person can bring about.
    pub(super) fn by_person(self, step: Step, wanted: Self) -> Result<Self, Problem> {
        self.after(step).ok_or_else(|| Problem::IllegalStep {
            subject: "SLA clock",
            state: self.as_str().to_owned(),
            wanted: wanted.as_str().to_owned(),
            allowed: [Step::Hold, Step::Resume]
                .into_iter()
                .filter_map(|step| self.after(step))
                .map(|s| s.as_str().to_owned())
                .collect(),
        })
    }

    /// Whether what was promised is still to be done.
    #[must_use]
    pub(super) fn is_live(self) -> bool {
        matches!(self, Self::Running | Self::OnHold | Self::Breached)
    }

    /// Its name in the database and in JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::OnHold => "on_hold",
            Self::Breached => "breached",
            Self::Met => "met",
            Self::Cancelled => "cancelled",
        }
    }

    pub(super) fn parse(text: &str) -> Result<Self, Problem> {
        states::read("clock state", &Self::ALL, Self::as_str, text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_breached_clock_cannot_be_put_on_hold() {
        let held = ClockState::Breached.by_person(Step::Hold, ClockState::OnHold);
        let Err(Problem::IllegalStep { allowed, .. }) = held else {
            panic!("a breach was hidden behind a hold");
        };
        assert!(allowed.is_empty());
    }

    #[test]
    fn a_cancelled_clock_stays_so() {
        for step in
            [Step::Hold, Step::Resume, Step::Breach, Step::Meet, Step::TakeBack, Step::Cancel]
        {
            assert_eq!(ClockState::Cancelled.after(step), None);
        }
    }

    #[test]
    fn a_clock_is_late_only_while_it_runs() {
        for state in ClockState::ALL {
            assert_eq!(state.after(Step::Breach).is_some(), state == ClockState::Running);
        }
    }

    #[test]
    fn states_read_back_as_they_are_written() {
        for state in ClockState::ALL {
            assert_eq!(ClockState::parse(state.as_str()).unwrap(), state);
            assert_eq!(serde_json::to_value(state).unwrap(), state.as_str());
        }
    }
}
