//! Web push: RFC 8030 (delivery), RFC 8291 (encryption), RFC 8292 (who we are, "VAPID").

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use p256::PublicKey;
use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{Signature, SigningKey};
use reqwest::{StatusCode, Url};
use serde_json::json;
use web_push_native::{Auth, encrypt};

use crate::answer::ask;
use crate::limits::{PUSH_KEPT_FOR, PUSH_SIGNED_FOR, PUSH_TEXT_BYTES};
use crate::robots::cut;
use crate::{Message, Outcome, Secret};

/// A browser's subscription, as its `PushSubscription` says it.
#[derive(Debug, Clone)]
pub struct Subscription {
    /// Address at the push service.
    pub endpoint: String,
    /// Public key of the browser, base64url.
    pub p256dh: String,
    /// Shared secret of the browser, base64url.
    pub auth: Secret,
}

impl Subscription {
    /// Whether the keys read.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.keys().is_some()
    }

    fn keys(&self) -> Option<(PublicKey, Auth)> {
        // Browsers leave the padding out; some libraries keep it.
        let read = |text: &str| URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).ok();
        let key = PublicKey::from_sec1_bytes(&read(&self.p256dh)?).ok()?;
        let auth = read(self.auth.reveal())?;
        (auth.len() == 16).then(|| (key, Auth::clone_from_slice(&auth)))
    }
}

/// The bytes are no private key.
#[derive(Debug, thiserror::Error)]
#[error("these bytes are no private key of P-256")]
pub struct KeyError;

/// The key that identifies us to push services: P-256 (RFC 8292, 2).
pub struct PushKey(SigningKey);

impl PushKey {
    /// Takes the private scalar, 32 bytes.
    ///
    /// # Errors
    /// When it is zero or not below the order of the curve: one in four thousand million random ones.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, KeyError> {
        SigningKey::from_slice(bytes).map(Self).map_err(|_| KeyError)
    }

    pub(crate) fn public(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0.verifying_key().to_encoded_point(false).as_bytes())
    }

    /// `Authorization` of a request to a push service: a JWT signed with ES256 (RFC 8292, 3).
    fn authorization(&self, endpoint: &Url, contact: &str, now_us: i64) -> String {
        let until_s =
            now_us.div_euclid(1_000_000).saturating_add_unsigned(PUSH_SIGNED_FOR.as_secs());
        let claims = json!({
            "aud": endpoint.origin().ascii_serialization(), "exp": until_s, "sub": contact,
        });
        let header = json!({"typ": "JWT", "alg": "ES256"});
        let part = |json: &serde_json::Value| URL_SAFE_NO_PAD.encode(json.to_string());
        let text = format!("{}.{}", part(&header), part(&claims));
        let signature: Signature = self.0.sign(text.as_bytes());
        let signature = URL_SAFE_NO_PAD.encode(signature.to_bytes());
        format!("vapid t={text}.{signature}, k={}", self.public())
    }
}

/// Who sends.
pub struct Sender<'a> {
    pub key: &'a PushKey,
    pub contact: &'a str,
}

impl Sender<'_> {
    pub async fn send(
        &self,
        http: &reqwest::Client,
        to: &Subscription,
        message: &Message<'_>,
        now_us: i64,
    ) -> Outcome {
        let (Ok(endpoint), Some((key, auth))) = (Url::parse(&to.endpoint), to.keys()) else {
            return Outcome::refused("this subscription does not read");
        };
        let shown = json!({
            "id": message.id,
            "title": cut(message.title, PUSH_TEXT_BYTES / 4),
            "body": cut(message.text, PUSH_TEXT_BYTES),
            "url": message.link,
        });
        let Ok(body) = encrypt(shown.to_string().into_bytes(), &key, &auth) else {
            return Outcome::refused("this subscription does not encrypt");
        };
        let authorization = self.key.authorization(&endpoint, self.contact, now_us);
        let request = http
            .post(endpoint)
            .header("authorization", authorization)
            .header("ttl", PUSH_KEPT_FOR.as_secs())
            .header("urgency", if message.urgent { "high" } else { "normal" })
            .header("content-encoding", "aes128gcm")
            .header("content-type", "application/octet-stream")
            .body(body);
        match ask(request).await {
            // 404: RFC 8030, 7.3 answers so for a subscription that expired.
            Ok(answer) if answer.status == StatusCode::NOT_FOUND => {
                Outcome::Refused { why: answer.told(), gone: true }
            }
            Ok(answer) => answer.outcome(),
            Err(outcome) => outcome,
        }
    }
}
