//! Webhooks after the Standard Webhooks specification 1.0: the receiver checks with any of its
//! libraries that we sent a message, when, and that it was not changed.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use reqwest::header::CONTENT_TYPE;
use sha2::Sha256;

use crate::answer::ask;
use crate::{Message, Outcome, Secret};

/// What the specification puts before a secret.
const PREFIX: &str = "whsec_";

/// A secret made of random bytes: `whsec_` and base64.
#[must_use]
pub fn new_secret(random: &[u8; 32]) -> String {
    format!("{PREFIX}{}", STANDARD.encode(random))
}

/// Whether a text is such a secret, of 24 to 64 bytes.
#[must_use]
pub fn is_secret(text: &str) -> bool {
    key(text).is_some_and(|key| (24..=64).contains(&key.len()))
}

fn key(secret: &str) -> Option<Vec<u8>> {
    STANDARD.decode(secret.strip_prefix(PREFIX)?).ok()
}

/// HMAC-SHA-256 (RFC 2104), base64.
pub(crate) fn mac(key: &[u8], text: &[u8]) -> Option<String> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).ok()?;
    mac.update(text);
    Some(STANDARD.encode(mac.finalize().into_bytes()))
}

/// The header `webhook-signature` of a body: `v1,` and the HMAC of `id.timestamp.body`; `None` when the
/// secret does not read. `at_s` is in seconds since the Unix epoch.
#[must_use]
pub fn sign(secret: &Secret, id: &str, at_s: i64, body: &str) -> Option<String> {
    let key = key(secret.reveal())?;
    Some(format!("v1,{}", mac(&key, format!("{id}.{at_s}.{body}").as_bytes())?))
}

pub async fn send(
    http: &reqwest::Client,
    url: &str,
    secret: &Secret,
    message: &Message<'_>,
    now_us: i64,
) -> Outcome {
    let (body, at_s) = (message.data.to_string(), now_us.div_euclid(1_000_000));
    let Some(signature) = sign(secret, message.id, at_s, &body) else {
        return Outcome::refused("the secret of this webhook does not read");
    };
    let request = http
        .post(url)
        .header(CONTENT_TYPE, "application/json")
        .header("webhook-id", message.id)
        .header("webhook-timestamp", at_s)
        .header("webhook-signature", signature)
        .body(body);
    match ask(request).await {
        Ok(answer) => answer.outcome(),
        Err(outcome) => outcome,
    }
}
