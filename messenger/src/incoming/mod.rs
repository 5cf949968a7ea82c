//! What other programs send us: whether it is theirs, and what it says.
//!
//! [`check_webhook`] is for programs that sign after the Standard Webhooks specification; what they
//! say is the caller's. [`dingtalk`](read_dingtalk) and [`Callback`] read chats.

mod callback;
mod dingtalk;
mod standard;

pub use callback::{Call, Callback, KeysError, Sealed};
pub use dingtalk::{read_dingtalk, reply_to_dingtalk};
pub use standard::{Signed, check_webhook};

use crate::limits::SIGNED_WITHIN;

/// Why what came is not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Signed with another secret, changed on its way, or not signed at all.
    #[error("the signature does not fit: is the secret the same on both sides?")]
    Signature,
    /// Sent too long ago, or in the future: perhaps somebody sends again what they overheard.
    #[error("it was signed {0} s from now; the clocks may be 5 minutes apart")]
    Time(i64),
    /// Signed, and not what was agreed upon.
    #[error("it cannot be read: {0}")]
    Unreadable(String),
}

impl Refusal {
    fn unreadable(why: impl std::fmt::Display) -> Self {
        Self::Unreadable(why.to_string())
    }
}

/// A message of somebody in a chat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chat {
    /// The same when the message is sent again.
    pub id: String,
    /// The talk with this one person.
    pub conversation: String,
    /// Who was written to, as the chat calls us; empty where an answer needs not say it.
    pub receiver: String,
    /// What the person is called; empty when the chat does not say.
    pub author: String,
    /// The words; `None` when it has none, such as a picture.
    pub text: Option<String>,
    /// What it is, in the words of the chat: `text`, `image`, …
    pub kind: String,
}

impl Chat {
    /// Whether a program says that something happened, and nobody wrote anything.
    #[must_use]
    pub fn is_event(&self) -> bool {
        self.kind == "event"
    }
}

/// Whether something was signed within [`SIGNED_WITHIN`] of now; both in seconds since the Unix epoch.
fn in_time(at_s: i64, now_us: i64) -> Result<(), Refusal> {
    let apart = now_us.div_euclid(1_000_000).saturating_sub(at_s);
    if apart.unsigned_abs() > SIGNED_WITHIN.as_secs() {
        return Err(Refusal::Time(apart));
    }
    Ok(())
}

/// Compares without telling by the time it takes where the first difference is.
fn same(a: &[u8], b: &[u8]) -> bool {
    use subtle::ConstantTimeEq as _;
    a.ct_eq(b).into()
}
