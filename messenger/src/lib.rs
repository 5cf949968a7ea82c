//! Sends one message through one channel and says what came of it.
//!
//! A [`Messenger`] knows the mail server and the key for web push. It keeps nothing: whoever calls it
//! decides what is sent when, and whether it is sent again ([`Outcome`]). The `id` of a message is the
//! same in every attempt, so that a receiver can drop the rare repeat.
//!
//! The other way round, [`incoming`] tells whether what came was signed by whom it says, and reads it.

mod answer;
mod channel;
mod email;
pub mod incoming;
pub mod limits;
mod push;
mod robots;
mod secret;
mod webhook;

#[cfg(test)]
mod tests;

pub use channel::{Attachment, Automatic, Channel, Message, is_web_address};
pub use email::{Smtp, is_address};
pub use push::{KeyError, PushKey, Subscription};
pub use secret::Secret;
pub use webhook::{is_secret, new_secret, sign};

use std::time::Duration;

use reqwest::redirect::Policy;

/// What came of an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The other side took it.
    Delivered,
    /// It was not taken now; another attempt may succeed.
    Retry {
        /// How long the other side asked us to wait.
        after: Option<Duration>,
        /// Why, for people.
        why: String,
    },
    /// It will never be taken as it is.
    Refused {
        /// Why, for people.
        why: String,
        /// The address exists no more (410 Gone): nothing should be sent there again.
        gone: bool,
    },
}

impl Outcome {
    pub(crate) fn retry(why: impl Into<String>) -> Self {
        Self::Retry { after: None, why: why.into() }
    }

    pub(crate) fn refused(why: impl Into<String>) -> Self {
        Self::Refused { why: why.into(), gone: false }
    }
}

/// Why a messenger cannot be made; the operator has to change an option.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// Not an address of a mail server.
    #[error("the mail server: {0}")]
    Server(String),
    /// Not a sender.
    #[error("the sender of e-mail: {0}")]
    Sender(String),
    /// The TLS library does not start.
    #[error("the HTTP client: {0}")]
    Client(#[from] reqwest::Error),
}

/// What a messenger needs to know.
pub struct Settings {
    /// The mail server; without one no e-mail is sent.
    pub smtp: Option<Smtp>,
    /// Identifies us to the push services of browsers.
    pub push_key: PushKey,
    /// Where a push service finds us when something is wrong: `mailto:` or `https:` (RFC 8292, 2.1).
    pub contact: String,
}

/// The senders of every channel.
pub struct Messenger {
    http: reqwest::Client,
    mail: Option<email::Mail>,
    push_key: PushKey,
    contact: String,
}

impl Messenger {
    /// Prepares the senders; connects to nothing yet.
    ///
    /// # Errors
    /// When the mail server or the sender does not read.
    pub fn new(settings: Settings) -> Result<Self, SettingsError> {
        // A redirect could lead a signed message anywhere.
        let http = reqwest::Client::builder()
            .redirect(Policy::none())
            .timeout(limits::HTTP_FOR)
            .connect_timeout(limits::CONNECT_FOR)
            .user_agent("aftercare")
            .build()?;
        let mail = settings.smtp.map(email::Mail::new).transpose()?;
        Ok(Self { http, mail, push_key: settings.push_key, contact: settings.contact })
    }

    /// Whether there is a mail server.
    #[must_use]
    pub fn has_mail(&self) -> bool {
        self.mail.is_some()
    }

    /// What a browser needs to subscribe: the public key, uncompressed point, base64url.
    #[must_use]
    pub fn push_public_key(&self) -> String {
        self.push_key.public()
    }

    /// Sends a message, once. `now_us` is the time that signatures and dates carry, microseconds since
    /// the Unix epoch. Takes [`limits::SEND_FOR`] at most.
    pub async fn send(&self, channel: &Channel, message: &Message<'_>, now_us: i64) -> Outcome {
        let sent = tokio::time::timeout(limits::SEND_FOR, self.attempt(channel, message, now_us));
        sent.await.unwrap_or_else(|_| Outcome::retry("no answer in time"))
    }

    async fn attempt(&self, channel: &Channel, message: &Message<'_>, now_us: i64) -> Outcome {
        match channel {
            Channel::Email { address } => match &self.mail {
                Some(mail) => mail.send(address, message, now_us).await,
                None => Outcome::retry("no mail server is configured"),
            },
            Channel::Webhook { url, secret } => {
                webhook::send(&self.http, url, secret, message, now_us).await
            }
            Channel::WeCom { url } => robots::wecom(&self.http, url, message).await,
            Channel::DingTalk { url, secret } => {
                robots::dingtalk(&self.http, url, secret.as_ref(), message, now_us).await
            }
            Channel::WebPush(subscription) => {
                let sender = push::Sender { key: &self.push_key, contact: &self.contact };
                sender.send(&self.http, subscription, message, now_us).await
            }
        }
    }
}
