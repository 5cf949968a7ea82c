//! Kinds of addresses, and who has them.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::http::Problem;
use crate::states;

/// Kind of an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AddressKind {
    /// A mailbox.
    Email,
    /// A program that takes signed JSON (Standard Webhooks).
    Webhook,
    /// A group robot of WeCom.
    Wecom,
    /// A custom robot of DingTalk.
    Dingtalk,
    /// A browser that subscribed.
    WebPush,
}

impl AddressKind {
    const ALL: [Self; 5] = [Self::Email, Self::Webhook, Self::Wecom, Self::Dingtalk, Self::WebPush];

    /// Its name in the database and in JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Webhook => "webhook",
            Self::Wecom => "wecom",
            Self::Dingtalk => "dingtalk",
            Self::WebPush => "web_push",
        }
    }

    /// An address as it is shown: that of a robot or a browser holds what it takes to send there.
    pub(in crate::notifications) fn shown(self, address: &str) -> String {
        let cut = match self {
            Self::Email => None,
            Self::Webhook | Self::Wecom | Self::Dingtalk => address.find('?'),
            Self::WebPush => address.match_indices('/').nth(2).map(|(at, _)| at),
        };
        cut.map_or_else(|| address.to_owned(), |at| format!("{}…", &address[..=at]))
    }

    pub(in crate::notifications) fn parse(text: &str) -> Result<Self, Problem> {
        states::read("kind of address", &Self::ALL, Self::as_str, text)
    }
}

/// Who has an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum OwnerKind {
    /// Somebody who signs in; `owner` is the id of the account.
    Account,
    /// Somebody at a customer; `owner` is the id of the contact.
    Contact,
    /// Everybody with a role together, such as the mailbox of the dispatchers; `owner` is its name.
    Role,
    /// A channel with a name that the rules use, such as `workshop robot`.
    Channel,
    /// Whoever writes through an inbox; `owner` is its id. What we answer them is posted there.
    Inbox,
}

impl OwnerKind {
    const ALL: [Self; 5] = [Self::Account, Self::Contact, Self::Role, Self::Channel, Self::Inbox];

    /// Its name in the database and in JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::Contact => "contact",
            Self::Role => "role",
            Self::Channel => "channel",
            Self::Inbox => "inbox",
        }
    }

    pub(in crate::notifications) fn parse(text: &str) -> Result<Self, Problem> {
        states::read("owner of an address", &Self::ALL, Self::as_str, text)
    }
}
