//! The states of a candidate cause.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::http::Problem;
use crate::states;

/// What is known about a candidate cause.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CauseState {
    /// Neither ruled out nor confirmed.
    Open,
    /// It is not that.
    RuledOut,
    /// It is that.
    Confirmed,
}

impl CauseState {
    const ALL: [Self; 3] = [Self::Open, Self::RuledOut, Self::Confirmed];

    /// The states that can follow. What turns out wrong is opened again first, so that its history says
    /// so.
    #[must_use]
    pub fn next(self) -> &'static [Self] {
        match self {
            Self::Open => &[Self::RuledOut, Self::Confirmed],
            Self::RuledOut | Self::Confirmed => &[Self::Open],
        }
    }

    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::RuledOut => "ruled_out",
            Self::Confirmed => "confirmed",
        }
    }

    pub(super) fn parse(text: &str) -> Result<Self, Problem> {
        states::read("cause state", &Self::ALL, Self::as_str, text)
    }

    pub(super) fn step(self, to: Self) -> Result<Self, Problem> {
        states::step("cause", (self, to), self.next(), Self::as_str)
    }
}
