use std::io::Write as _;
use std::process::{Command, Stdio};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::incoming::{WeCom, is_from_dingtalk, is_signed};
use crate::{Secret, sign};

fn secret(text: &str) -> Secret {
    Secret::new(text.to_owned())
}

/// What OpenSSL, which is none of our code, makes of some bytes.
fn openssl(arguments: &[&str], input: &[u8]) -> anyhow::Result<Vec<u8>> {
    let mut child = Command::new("openssl")
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    child.stdin.take().ok_or_else(|| anyhow::anyhow!("no input"))?.write_all(input)?;
    let out = child.wait_with_output()?;
    anyhow::ensure!(out.status.success(), "openssl {arguments:?}");
    Ok(out.stdout)
}

#[test]
fn a_webhook_is_taken_only_as_it_was_signed() {
    let key = secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    let body = r#"{"test": 2432232314}"#;
    let good = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
    let id = ("msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330");
    assert_eq!(sign(&key, id.0, 1_614_265_330, body).as_deref(), Some(good));
    assert!(is_signed(&key, id, body.as_bytes(), good));
    assert!(is_signed(&key, id, body.as_bytes(), &format!("v1,AAAA v1a,x {good}")), "one of several");
    for (key, id, body, signature) in [
        (&key, (id.0, "1614265331"), body, good),
        (&key, ("other", id.1), body, good),
        (&key, id, "{}", good),
        (&key, id, body, "v1,"),
        (&key, id, body, ""),
        (&secret("whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"), id, body, good),
        (&secret("nothing"), id, body, good),
    ] {
        assert!(!is_signed(key, id, body.as_bytes(), signature));
    }
}

#[test]
fn a_robot_of_dingtalk_is_known_by_its_signature() -> anyhow::Result<()> {
    let (at, app) = ("1577262236757", "SEC-app-secret");
    let mac = openssl(
        &["dgst", "-sha256", "-hmac", app, "-binary"],
        format!("{at}\n{app}").as_bytes(),
    )?;
    let sign = STANDARD.encode(mac);
    assert!(is_from_dingtalk(&secret(app), at, &sign));
    assert!(!is_from_dingtalk(&secret(app), "1577262236758", &sign));
    assert!(!is_from_dingtalk(&secret("other"), at, &sign));
    assert!(!is_from_dingtalk(&secret(app), at, "%"));
    Ok(())
}

#[test]
fn a_callback_of_wecom_is_opened_only_with_its_token_key_and_company() -> anyhow::Result<()> {
    let key = [7_u8; 32];
    let encoding_key = STANDARD.encode(key).trim_end_matches('=').to_owned();
    let encrypted = |text: &str, company: &str| -> anyhow::Result<String> {
        let mut plain = vec![1_u8; 16];
        plain.extend(u32::try_from(text.len())?.to_be_bytes());
        plain.extend(text.as_bytes());
        plain.extend(company.as_bytes());
        let padding = 32 - plain.len() % 32;
        plain.extend(vec![u8::try_from(padding)?; padding]);
        let hex = |bytes: &[u8]| bytes.iter().map(|b| format!("{b:02x}")).collect::<String>();
        let (key, iv) = (hex(&key), hex(&key[..16]));
        let arguments = ["enc", "-aes-256-cbc", "-nopad", "-K", &key, "-iv", &iv];
        Ok(STANDARD.encode(openssl(&arguments, &plain)?))
    };
    let signature = |token: &str, encrypted: &str| -> anyhow::Result<String> {
        let mut parts = [token, "1409659589", "263014780", encrypted];
        parts.sort_unstable();
        let out = openssl(&["dgst", "-sha1", "-r"], parts.concat().as_bytes())?;
        Ok(String::from_utf8(out)?.split(' ').next().unwrap_or_default().to_owned())
    };
    let wecom = WeCom::new(secret("token"), &encoding_key, "ww1".to_owned());
    let wecom = wecom.ok_or_else(|| anyhow::anyhow!("a key"))?;
    let at = ("1409659589", "263014780");
    let message = encrypted("<xml>漏水</xml>", "ww1")?;
    let good = signature("token", &message)?;
    assert_eq!(wecom.open(&good, at, &message).as_deref(), Some("<xml>漏水</xml>"));
    assert_eq!(wecom.open(&good, ("1409659590", at.1), &message), None);
    assert_eq!(wecom.open(&signature("guess", &message)?, at, &message), None);
    let foreign = encrypted("<xml/>", "ww2")?;
    assert_eq!(wecom.open(&signature("token", &foreign)?, at, &foreign), None);
    for broken in ["", "AAAA", "%", &STANDARD.encode([0_u8; 64])] {
        assert_eq!(wecom.open(&signature("token", broken)?, at, broken), None);
    }
    assert!(WeCom::new(secret("token"), "short", String::new()).is_none());
    Ok(())
}
