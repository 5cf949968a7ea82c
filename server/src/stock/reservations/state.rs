//! The states of a part that a work order needs.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::http::Problem;
use crate::states;

/// State of a part that a work order needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReservationState {
    /// Nowhere were enough: somebody has to get some.
    Wanted,
    /// A depot keeps it.
    Reserved,
    /// The technician has it.
    Picked,
    /// It went into the machine.
    Used,
    /// Not needed after all.
    Released,
}

impl ReservationState {
    pub(super) const ALL: [Self; 5] =
        [Self::Wanted, Self::Reserved, Self::Picked, Self::Used, Self::Released];

    /// The states that can follow.
    #[must_use]
    pub fn next(self) -> &'static [Self] {
        match self {
            Self::Wanted => &[Self::Reserved, Self::Released],
            // From the technician's own van a part is used without being picked.
            Self::Reserved => &[Self::Picked, Self::Used, Self::Wanted, Self::Released],
            Self::Picked => &[Self::Used, Self::Reserved, Self::Released],
            Self::Used | Self::Released => &[],
        }
    }

    /// Its name, as in the API.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Wanted => "wanted",
            Self::Reserved => "reserved",
            Self::Picked => "picked",
            Self::Used => "used",
            Self::Released => "released",
        }
    }

    pub(super) fn parse(text: &str) -> Result<Self, Problem> {
        states::read("reservation state", &Self::ALL, Self::as_str, text)
    }

    pub(super) fn step(self, to: Self) -> Result<Self, Problem> {
        states::step("part of the work order", (self, to), self.next(), Self::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_used_that_no_depot_had() {
        assert!(!ReservationState::Wanted.next().contains(&ReservationState::Used));
    }

    #[test]
    fn what_is_not_over_can_be_released() {
        for state in ReservationState::ALL {
            let over = state.next().is_empty();
            assert_eq!(state.next().contains(&ReservationState::Released), !over, "{state:?}");
        }
    }

    #[test]
    fn states_read_back_as_they_are_written() {
        for state in ReservationState::ALL {
            assert_eq!(ReservationState::parse(state.as_str()).unwrap(), state);
            assert_eq!(serde_json::to_value(state).unwrap(), state.as_str());
        }
    }
}
