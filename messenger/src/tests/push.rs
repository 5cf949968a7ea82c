use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use p256::SecretKey;
use p256::ecdsa::signature::Verifier as _;
use p256::ecdsa::{Signature, VerifyingKey};
use serde_json::{Value, json};
use web_push_native::{Auth, decrypt};

use super::{NOW, Receiver, message, messenger};
use crate::{Channel, Outcome, Secret, Subscription};

fn read(text: &str) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(text).unwrap_or_default()
}

/// Keys of the browser in RFC 8291, 5.
const BROWSER: &str = "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94";
const PUBLIC: &str =
    "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4";
const AUTH: &str = "BTBZMqHH6r4Tts7J_aSIgg";

fn open(body: &[u8]) -> anyhow::Result<Vec<u8>> {
    let browser = SecretKey::from_slice(&read(BROWSER))?;
    Ok(decrypt(body.to_vec(), &browser, &Auth::clone_from_slice(&read(AUTH)))?)
}

fn subscription(endpoint: &str) -> Subscription {
    Subscription {
        endpoint: endpoint.to_owned(),
        p256dh: PUBLIC.to_owned(),
        auth: Secret::new(AUTH.to_owned()),
    }
}

#[test]
fn the_encryption_is_that_of_rfc_8291() -> anyhow::Result<()> {
    let body = "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLoc\
                InmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLV\
                WGNWQexSgSxsj_Qulcy4a-fN";
    assert_eq!(open(&read(body))?, b"When I grow up, I want to be a watermelon");
    Ok(())
}

#[tokio::test]
async fn a_browser_can_read_what_the_push_service_cannot() -> anyhow::Result<()> {
    let service = Receiver::answering(201, &[], json!("")).await?;
    let channel = Channel::WebPush(subscription(&service.url));
    let data = json!({});
    assert_eq!(messenger()?.send(&channel, &message(&data), NOW).await, Outcome::Delivered);
    let got = service.only();
    assert!(!String::from_utf8_lossy(&got.body).contains("pump"));
    let shown: Value = serde_json::from_slice(&open(&got.body)?)?;
    assert_eq!(shown["title"], "Ticket 7 is open");
    assert_eq!(shown["url"], "http://127.0.0.1:8080/tickets/7");
    assert_eq!(got.header("content-encoding"), "aes128gcm");
    assert_eq!(got.header("urgency"), "high");
    assert_eq!(got.header("ttl"), "86400");
    Ok(())
}

#[tokio::test]
async fn a_push_service_can_check_who_we_are() -> anyhow::Result<()> {
    let service = Receiver::answering(201, &[], json!("")).await?;
    let channel = Channel::WebPush(subscription(&service.url));
    let (data, messenger) = (json!({}), messenger()?);
    messenger.send(&channel, &message(&data), NOW).await;
    let got = service.only();
    let said = got.header("authorization").strip_prefix("vapid t=").unwrap_or_default();
    let (token, key) = said.split_once(", k=").unwrap_or_default();
    assert_eq!(key, messenger.push_public_key());
    let (text, signature) = token.rsplit_once('.').unwrap_or_default();
    let key = VerifyingKey::from_sec1_bytes(&read(key))?;
    key.verify(text.as_bytes(), &Signature::from_slice(&read(signature))?)?;
    let claims = text.split_once('.').map(|(_, claims)| read(claims)).unwrap_or_default();
    let claims: Value = serde_json::from_slice(&claims)?;
    assert_eq!(claims["aud"], service.url.trim_end_matches("/hook"));
    assert_eq!(claims["exp"], NOW / 1_000_000 + 12 * 3600);
    assert_eq!(claims["sub"], "mailto:service@example.com");
    Ok(())
}

#[tokio::test]
async fn a_subscription_that_expired_is_gone() -> anyhow::Result<()> {
    let service = Receiver::answering(404, &[], json!("")).await?;
    let channel = Channel::WebPush(subscription(&service.url));
    let data = json!({});
    let outcome = messenger()?.send(&channel, &message(&data), NOW).await;
    assert!(matches!(outcome, Outcome::Refused { gone: true, .. }), "{outcome:?}");
    Ok(())
}

#[tokio::test]
async fn the_longest_text_fits_into_what_push_services_take() -> anyhow::Result<()> {
    let service = Receiver::answering(201, &[], json!("")).await?;
    let channel = Channel::WebPush(subscription(&service.url));
    let (data, text) = (json!({}), "\"\n".repeat(10_000));
    let mut message = message(&data);
    (message.title, message.text) = (&text, &text);
    messenger()?.send(&channel, &message, NOW).await;
    assert!(service.only().body.len() <= 4096, "RFC 8030, 7.2");
    Ok(())
}

#[test]
fn a_subscription_with_broken_keys_is_not_sound() {
    assert!(subscription("http://127.0.0.1/").is_sound());
    let mut broken = subscription("http://127.0.0.1/");
    broken.p256dh.truncate(20);
    assert!(!broken.is_sound());
}
