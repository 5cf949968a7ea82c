use messenger::Secret;
use messenger::incoming::Callback;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::http::Problem;
use crate::requests::channel::RequestChannel;
use crate::requests::priority::named;

/// How what is posted is signed, and what it looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum InboxKind {
    /// JSON, signed after the Standard Webhooks specification.
    Webhook,
    /// An application of WeCom (企业微信).
    Wecom,
    /// An official account of WeChat (微信公众号) in its safe mode.
    Wechat,
    /// A robot of DingTalk (钉钉) that is spoken to.
    Dingtalk,
}

named!(
    InboxKind,
    "kind of inbox",
    Webhook = "webhook",
    Wecom = "wecom",
    Wechat = "wechat",
    Dingtalk = "dingtalk"
);

impl InboxKind {
    pub(super) fn channel(self) -> RequestChannel {
        match self {
            Self::Webhook => RequestChannel::Webhook,
            Self::Wecom => RequestChannel::Wecom,
            Self::Wechat => RequestChannel::Wechat,
            Self::Dingtalk => RequestChannel::Dingtalk,
        }
    }

    pub(super) fn is_callback(self) -> bool {
        matches!(self, Self::Wecom | Self::Wechat)
    }
}

/// What an inbox checks with.
pub(super) struct Keys<'a> {
    pub secret: &'a str,
    pub aes_key: Option<&'a str>,
    pub receiver: Option<&'a str>,
}

impl Keys<'_> {
    pub fn secret(&self) -> Secret {
        Secret::new(self.secret.to_owned())
    }

    pub fn callback(&self) -> Result<Callback, Problem> {
        let (aes_key, receiver) = (self.aes_key.unwrap_or(""), self.receiver.unwrap_or(""));
        let callback = Callback::new(self.secret(), aes_key, receiver);
        callback.map_err(|e| Problem::Invalid(format!("`aes_key`: {e}")))
    }
}
