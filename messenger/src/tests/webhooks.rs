use std::time::Duration;

use serde_json::json;

use super::{NOW, Receiver, message, messenger};
use crate::{Channel, Outcome, Secret, is_secret, sign};

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

fn webhook(url: &str) -> Channel {
    Channel::Webhook { url: url.to_owned(), secret: Secret::new(SECRET.to_owned()) }
}

#[test]
fn signatures_are_those_of_the_standard_webhooks_libraries() {
    // The example of their test suites.
    let signature = sign(
        &Secret::new(SECRET.to_owned()),
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        1_614_265_330,
        r#"{"test": 2432232314}"#,
    );
    let expected = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
    assert_eq!(signature.as_deref(), Some(expected));
}

#[test]
fn a_secret_has_24_to_64_bytes() {
    assert!(is_secret(SECRET));
    assert!(!is_secret("whsec_c2hvcnQ="));
    assert!(!is_secret(SECRET.trim_start_matches("whsec_")));
}

#[tokio::test]
async fn a_webhook_is_signed_over_what_was_sent() -> anyhow::Result<()> {
    let receiver = Receiver::ok().await?;
    let data = json!({"type": "ticket_opened", "data": {"number": "7"}});
    let outcome = messenger()?.send(&webhook(&receiver.url), &message(&data), NOW).await;
    assert_eq!(outcome, Outcome::Delivered);
    let got = receiver.only();
    assert_eq!(got.json(), data);
    assert_eq!(got.header("webhook-id"), "0198-1");
    assert_eq!(got.header("webhook-timestamp"), "1767225600");
    let body = std::str::from_utf8(&got.body)?;
    let expected = sign(&Secret::new(SECRET.to_owned()), "0198-1", 1_767_225_600, body);
    assert_eq!(Some(got.header("webhook-signature")), expected.as_deref());
    Ok(())
}

#[tokio::test]
async fn a_webhook_that_fails_is_tried_again_when_it_says() -> anyhow::Result<()> {
    let receiver = Receiver::answering(503, &[("retry-after", "17")], json!("busy")).await?;
    let data = json!({});
    let outcome = messenger()?.send(&webhook(&receiver.url), &message(&data), NOW).await;
    let Outcome::Retry { after, why } = outcome else { panic!("{outcome:?}") };
    assert_eq!(after, Some(Duration::from_secs(17)));
    assert!(why.contains("503") && why.contains("busy"), "{why}");
    Ok(())
}

#[tokio::test]
async fn a_webhook_that_is_gone_is_never_tried_again() -> anyhow::Result<()> {
    let receiver = Receiver::answering(410, &[], json!("bye")).await?;
    let data = json!({});
    let outcome = messenger()?.send(&webhook(&receiver.url), &message(&data), NOW).await;
    assert!(matches!(outcome, Outcome::Refused { gone: true, .. }), "{outcome:?}");
    Ok(())
}

#[tokio::test]
async fn a_redirect_is_not_followed() -> anyhow::Result<()> {
    let elsewhere = Receiver::ok().await?;
    let location: &'static str = Box::leak(elsewhere.url.clone().into_boxed_str());
    let receiver = Receiver::answering(307, &[("location", location)], json!("")).await?;
    let data = json!({});
    let outcome = messenger()?.send(&webhook(&receiver.url), &message(&data), NOW).await;
    assert!(matches!(outcome, Outcome::Refused { gone: false, .. }), "{outcome:?}");
    assert!(elsewhere.all().is_empty());
    Ok(())
}

#[tokio::test]
async fn nobody_there_is_tried_again_and_told_without_the_address() -> anyhow::Result<()> {
    let port = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
    let channel = Channel::WeCom { url: format!("http://127.0.0.1:{port}/send?key=hidden") };
    let data = json!({});
    let outcome = messenger()?.send(&channel, &message(&data), NOW).await;
    let Outcome::Retry { why, .. } = outcome else { panic!("{outcome:?}") };
    assert!(!why.contains("hidden"), "{why}");
    Ok(())
}
