use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::http::Problem;
use crate::states;

/// Why stock changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// It came from a supplier.
    Received,
    /// Somebody counted, and found more, fewer or as many.
    Counted,
    /// From one depot to another.
    Moved,
    /// It went into a machine.
    Used,
    /// It came back from a customer.
    Returned,
    /// It is thrown away.
    Scrapped,
    /// It was sent to a customer.
    Shipped,
}

impl Reason {
    const ALL: [Self; 7] = [
        Self::Received,
        Self::Counted,
        Self::Moved,
        Self::Used,
        Self::Returned,
        Self::Scrapped,
        Self::Shipped,
    ];

    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Counted => "counted",
            Self::Moved => "moved",
            Self::Used => "used",
            Self::Returned => "returned",
            Self::Scrapped => "scrapped",
            Self::Shipped => "shipped",
        }
    }

    pub(super) fn parse(text: &str) -> Result<Self, Problem> {
        states::read("reason of a move", &Self::ALL, Self::as_str, text)
    }
}
