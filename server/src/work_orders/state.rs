//! The states of a work order.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::http::Problem;
use crate::states;

/// State of a work order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum WorkOrderState {
    /// Being written; nobody plans it yet.
    Draft,
    /// Waits for a visit.
    Unscheduled,
    /// Has a visit.
    Scheduled,
    /// The technician has it.
    Dispatched,
    /// Somebody is at work.
    InProgress,
    /// Stopped for a reason that is not ours; its clocks stand still.
    OnHold,
    /// The work is done.
    Completed,
    /// Its effect is looked at.
    Verifying,
    /// Done, and it helped.
    Closed,
    /// Given up.
    Cancelled,
    /// Was over, and is not.
    Reopened,
}

impl WorkOrderState {
    /// All of them, in the order of the work.
    pub const ALL: [Self; 11] = [
        Self::Draft,
        Self::Unscheduled,
        Self::Scheduled,
        Self::Dispatched,
        Self::InProgress,
        Self::OnHold,
        Self::Completed,
        Self::Verifying,
        Self::Closed,
        Self::Cancelled,
        Self::Reopened,
    ];

    /// The states that can follow.
    #[must_use]
    pub fn next(self) -> &'static [Self] {
        match self {
            Self::Draft => &[Self::Unscheduled, Self::Cancelled],
            Self::Unscheduled => &[Self::Scheduled, Self::OnHold, Self::Cancelled],
            Self::Scheduled => &[
                Self::Dispatched,
                Self::InProgress,
                Self::Unscheduled,
                Self::OnHold,
                Self::Cancelled,
            ],
            Self::Dispatched => &[
                Self::InProgress,
                Self::Scheduled,
                Self::Unscheduled,
                Self::OnHold,
                Self::Cancelled,
            ],
            Self::InProgress => &[Self::Completed, Self::Unscheduled, Self::OnHold],
            Self::OnHold => &[Self::Unscheduled, Self::InProgress, Self::Cancelled],
            Self::Completed => &[Self::Verifying, Self::Closed, Self::Reopened],
            Self::Verifying => &[Self::Closed, Self::Reopened],
            Self::Closed | Self::Cancelled => &[Self::Reopened],
            Self::Reopened => &[Self::Unscheduled, Self::Cancelled],
        }
    }

    /// Its name, as in the API.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Unscheduled => "unscheduled",
            Self::Scheduled => "scheduled",
            Self::Dispatched => "dispatched",
            Self::InProgress => "in_progress",
            Self::OnHold => "on_hold",
            Self::Completed => "completed",
            Self::Verifying => "verifying",
            Self::Closed => "closed",
            Self::Cancelled => "cancelled",
            Self::Reopened => "reopened",
        }
    }

    pub(crate) fn parse(text: &str) -> Result<Self, Problem> {
        states::read("work order state", &Self::ALL, Self::as_str, text)
    }

    /// The next state, or why not.
    pub(crate) fn step(self, to: Self) -> Result<Self, Problem> {
        states::step("work order", (self, to), self.next(), Self::as_str)
    }

    /// Whether a visit can be planned for it.
    pub(crate) fn can_be_planned(self) -> bool {
        matches!(self, Self::Unscheduled | Self::Scheduled | Self::Reopened)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_closed_that_was_not_completed() {
        let leading: Vec<_> = WorkOrderState::ALL
            .into_iter()
            .filter(|s| s.next().contains(&WorkOrderState::Closed))
            .collect();
        assert_eq!(leading, [WorkOrderState::Completed, WorkOrderState::Verifying]);
    }

    #[test]
    fn from_every_state_a_work_order_can_come_to_an_end() {
        for state in WorkOrderState::ALL {
            let mut seen = vec![state];
            let mut at = 0;
            while at < seen.len() {
                let next: Vec<_> =
                    seen[at].next().iter().copied().filter(|s| !seen.contains(s)).collect();
                seen.extend(next);
                at += 1;
            }
            assert!(seen.contains(&WorkOrderState::Closed), "{state:?}");
        }
    }

    #[test]
    fn states_read_back_as_they_are_written() {
        for state in WorkOrderState::ALL {
            assert_eq!(WorkOrderState::parse(state.as_str()).unwrap(), state);
            assert_eq!(serde_json::to_value(state).unwrap(), state.as_str());
        }
    }
}
