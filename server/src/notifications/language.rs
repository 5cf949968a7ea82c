//! The languages that messages are written in.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::http::Problem;

/// Language of a message (BCP 47).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
pub enum Language {
    /// English.
    #[default]
    #[serde(rename = "en")]
    English,
    /// Chinese in simplified characters.
    #[serde(rename = "zh-Hans")]
    Simplified,
    /// Chinese in traditional characters.
    #[serde(rename = "zh-Hant")]
    Traditional,
}

impl Language {
    pub(super) const ALL: [Self; 3] = [Self::English, Self::Simplified, Self::Traditional];

    /// Its name in the database and in JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Simplified => "zh-Hans",
            Self::Traditional => "zh-Hant",
        }
    }

    pub(super) fn parse(text: &str) -> Result<Self, Problem> {
        let known = Self::ALL.into_iter().find(|l| l.as_str() == text);
        known.ok_or_else(|| Problem::Internal(format!("language {text:?}").into()))
    }
}
