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
    /// Taken from our mailbox.
    Email,
    /// Posted by a program that signs what it sends.
    Webhook,
    /// Written in WeCom.
    Wecom,
    /// Written to our official account in WeChat.
    Wechat,
    /// Said to our robot in DingTalk.
    Dingtalk,
    /// Written by a customer with an account.
    Portal,
    /// Written down by somebody of ours, on the telephone.
    Phone,
    /// … during a visit.
    Visit,
    /// … from the suggestion box.
    SuggestionBox,
    /// Nobody asked: the readings of a machine opened its ticket.
    Readings,
}

named!(
    RequestChannel,
    "channel of a request",
    WebForm = "web_form",
    Email = "email",
    Webhook = "webhook",
    Wecom = "wecom",
    Wechat = "wechat",
    Dingtalk = "dingtalk",
    Portal = "portal",
    Phone = "phone",
    Visit = "visit",
    SuggestionBox = "suggestion_box",
    Readings = "readings"
);

impl RequestChannel {
    /// Whether somebody of ours writes it down; of the others the server knows by itself.
    pub(super) fn is_written_down(self) -> bool {
        matches!(self, Self::Phone | Self::Visit | Self::SuggestionBox)
    }

    /// The rule that makes requests of this channel; those of the others are a person's doing.
    pub(super) fn rule(self) -> Option<&'static str> {
        (self == Self::Readings).then_some("requests.from_readings")
    }
}
