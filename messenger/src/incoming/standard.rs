//! Webhooks after the Standard Webhooks specification 1.0, "Verifying webhook authenticity".

use super::{Refusal, in_time, same};
use crate::Secret;
use crate::webhook::sign;

/// What a webhook says of itself in its headers.
#[derive(Debug, Clone, Copy)]
pub struct Signed<'a> {
    /// `webhook-id`: the same when the message is sent again.
    pub id: &'a str,
    /// `webhook-timestamp`: seconds since the Unix epoch, as text.
    pub timestamp: &'a str,
    /// `webhook-signature`: signatures with spaces between, while a secret is being changed several.
    pub signatures: &'a str,
}

/// Checks that a message was signed with the secret, lately.
///
/// # Errors
/// When it was not.
pub fn check_webhook(
    secret: &Secret,
    signed: Signed<'_>,
    body: &str,
    now_us: i64,
) -> Result<(), Refusal> {
    let at_s = signed.timestamp.parse().map_err(|_| Refusal::Signature)?;
    let ours = sign(secret, signed.id, at_s, body).ok_or(Refusal::Signature)?;
    let mut signatures = signed.signatures.split_ascii_whitespace();
    if !signatures.any(|theirs| same(theirs.as_bytes(), ours.as_bytes())) {
        return Err(Refusal::Signature);
    }
    in_time(at_s, now_us)
}
