//! Where a message goes, and the message.

use reqwest::Url;
use serde_json::Value;

use crate::{Secret, Subscription};

/// Whether a text is an address over HTTP with a host.
#[must_use]
pub fn is_web_address(text: &str) -> bool {
    Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
}

/// A way to one receiver.
#[derive(Debug, Clone)]
pub enum Channel {
    /// A mailbox.
    Email {
        /// Such as `ada@example.com`.
        address: String,
    },
    /// A program that takes JSON over HTTP and checks our signature (Standard Webhooks).
    Webhook {
        /// `http://` or `https://`.
        url: String,
        /// `whsec_` and base64.
        secret: Secret,
    },
    /// A group robot of WeCom (企业微信).
    WeCom {
        /// Address with the robot's key.
        url: String,
    },
    /// A custom robot of DingTalk (钉钉).
    DingTalk {
        /// Address with the robot's token.
        url: String,
        /// `SEC…`, where the robot asks for signatures.
        secret: Option<Secret>,
    },
    /// A browser that subscribed.
    WebPush(Subscription),
}

/// Why a machine wrote (RFC 3834, 5): it keeps other machines from answering.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Automatic {
    /// It answers a message of the receiver.
    Replied,
    /// Something happened.
    Generated,
}

/// A file in an e-mail.
#[derive(Debug, Clone)]
pub struct Attachment {
    /// Name that the receiver sees.
    pub name: String,
    /// Such as `application/pdf`.
    pub media_type: String,
    /// What is in it.
    pub content: Vec<u8>,
}

/// What is sent.
#[derive(Debug, Clone)]
pub struct Message<'a> {
    /// The same in every attempt: letters, digits and `-`.
    pub id: &'a str,
    /// Subject, in one line.
    pub title: &'a str,
    /// Plain text.
    pub text: &'a str,
    /// Where to read more.
    pub link: &'a str,
    /// Wakes people.
    pub urgent: bool,
    /// Why a machine wrote.
    pub automatic: Automatic,
    /// Message-ID of the e-mail that it answers, with its angle brackets, or the id of an earlier message
    /// of ours.
    pub in_reply_to: Option<&'a str>,
    /// The same of the conversation, the oldest first, separated by spaces.
    pub references: Option<&'a str>,
    /// Files; they go with an e-mail only.
    pub attachments: &'a [Attachment],
    /// What a program is told.
    pub data: &'a Value,
}
