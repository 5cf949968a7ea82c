use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::priority::named;
use crate::http::Problem;

/// How a request came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RequestChannel {
    /// The person wrote it down without an account.
    WebForm,
    /// Written down by somebody of ours, on the telephone.
    Phone,
    /// … during a visit.
    Visit,
    /// … from the suggestion box.
    SuggestionBox,
}

named!(
    RequestChannel,
    "channel of a request",
    WebForm = "web_form",
    Phone = "phone",
    Visit = "visit",
    SuggestionBox = "suggestion_box"
);
