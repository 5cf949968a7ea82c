//! The states of a shipment.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::http::Problem;
use crate::states;

/// State of a shipment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ShipmentState {
    /// Ordered; the customer has not confirmed it yet.
    Draft,
    /// The customer said yes.
    Confirmed,
    /// Ready to leave.
    Packed,
    /// On its way.
    Shipped,
    /// The customer has it.
    Delivered,
    /// It did not arrive.
    Failed,
    /// Over.
    Closed,
    /// Given up before it left.
    Cancelled,
}

impl ShipmentState {
    pub(super) const ALL: [Self; 8] = [
        Self::Draft,
        Self::Confirmed,
        Self::Packed,
        Self::Shipped,
        Self::Delivered,
        Self::Failed,
        Self::Closed,
        Self::Cancelled,
    ];

    /// The states that can follow.
    #[must_use]
    pub fn next(self) -> &'static [Self] {
        match self {
            Self::Draft => &[Self::Confirmed, Self::Cancelled],
            Self::Confirmed => &[Self::Packed, Self::Cancelled],
            Self::Packed => &[Self::Shipped, Self::Cancelled],
            Self::Shipped => &[Self::Delivered, Self::Failed],
            // It goes out again, or it is given up.
            Self::Failed => &[Self::Shipped, Self::Closed],
            Self::Delivered => &[Self::Closed],
            Self::Closed | Self::Cancelled => &[],
        }
    }

    /// Its name, as in the API.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Confirmed => "confirmed",
            Self::Packed => "packed",
            Self::Shipped => "shipped",
            Self::Delivered => "delivered",
            Self::Failed => "failed",
            Self::Closed => "closed",
            Self::Cancelled => "cancelled",
        }
    }

    pub(super) fn parse(text: &str) -> Result<Self, Problem> {
        states::read("shipment state", &Self::ALL, Self::as_str, text)
    }

    pub(super) fn step(self, to: Self) -> Result<Self, Problem> {
        states::step("shipment", (self, to), self.next(), Self::as_str)
    }

    /// Whether somebody still waits for it: it can become late.
    pub(super) fn is_awaited(self) -> bool {
        !matches!(self, Self::Delivered | Self::Closed | Self::Cancelled)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_leaves_that_the_customer_has_not_confirmed() {
        let leading =
            ShipmentState::ALL.into_iter().filter(|s| s.next().contains(&ShipmentState::Packed));
        assert_eq!(leading.collect::<Vec<_>>(), [ShipmentState::Confirmed]);
    }

    #[test]
    fn what_has_left_is_not_cancelled() {
        let leading =
            ShipmentState::ALL.into_iter().filter(|s| s.next().contains(&ShipmentState::Cancelled));
        use ShipmentState::{Confirmed, Draft, Packed};
        assert_eq!(leading.collect::<Vec<_>>(), [Draft, Confirmed, Packed]);
    }

    #[test]
    fn states_read_back_as_they_are_written() {
        for state in ShipmentState::ALL {
            assert_eq!(ShipmentState::parse(state.as_str()).unwrap(), state);
            assert_eq!(serde_json::to_value(state).unwrap(), state.as_str());
        }
    }
}
