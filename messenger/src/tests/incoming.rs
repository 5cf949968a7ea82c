//! What comes in is taken only from those who have the secret.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use crate::incoming::{
    Call, Callback, Chat, Refusal, Signed, check_webhook, read_dingtalk, reply_to_dingtalk,
};
use crate::webhook::mac;
use crate::{Secret, sign};

const SECOND: i64 = 1_000_000;

fn secret(text: &str) -> Secret {
    Secret::new(text.to_owned())
}

/// The example of the specification's own libraries.
fn example() -> (Secret, Signed<'static>, &'static str, i64) {
    let signed = Signed {
        id: "msg_p5jXN8AQM9LWM0D4loKWxJek",
        timestamp: "1614265330",
        signatures: "v1a,x v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    };
    let at = 1_614_265_330 * SECOND;
    (secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"), signed, r#"{"test": 2432232314}"#, at)
}

#[test]
fn a_webhook_is_taken_for_five_minutes_when_signed_with_the_secret() {
    let (secret_, signed, body, at) = example();
    let check = |signed, body, now| check_webhook(&secret_, signed, body, now);
    for apart in [0, 300, -300] {
        assert_eq!(check(signed, body, at + apart * SECOND), Ok(()));
    }
    for apart in [301, -301, i64::MAX / SECOND - 1_614_265_330] {
        assert_eq!(check(signed, body, at + apart * SECOND), Err(Refusal::Time(apart)));
    }
    let wrong = Err(Refusal::Signature);
    assert_eq!(check(signed, r#"{"test": 2432232315}"#, at), wrong);
    assert_eq!(check(Signed { id: "msg_other", ..signed }, body, at), wrong);
    assert_eq!(check(Signed { timestamp: "1614265331", ..signed }, body, at), wrong);
    assert_eq!(check(Signed { timestamp: "soon", ..signed }, body, at), wrong);
    assert_eq!(check(Signed { signatures: "", ..signed }, body, at), wrong);
    let other = secret("whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
    assert_eq!(check_webhook(&other, signed, body, at), wrong);
    let ours = sign(&other, signed.id, 1_614_265_330, body).unwrap();
    let both = format!("{ours} {}", signed.signatures);
    assert_eq!(check_webhook(&other, Signed { signatures: &both, ..signed }, body, at), Ok(()));
}

const AT_MS: &str = "1577262236757";
const AT_US: i64 = 1_577_262_236_757_000;

fn said() -> serde_json::Value {
    json!({
        "conversationId": "cid1", "msgId": "msg1", "senderNick": "杨", "senderId": "$:LWCP_v1:$F",
        "senderStaffId": "user1", "conversationType": "2", "msgtype": "text",
        "text": {"content": " 泵漏水 "}, "sessionWebhook": "https://oapi.dingtalk.com/x",
    })
}

#[test]
fn a_robot_of_dingtalk_passes_on_what_each_person_of_a_group_says() {
    let key = "this is secret";
    let sign = mac(key.as_bytes(), format!("{AT_MS}\n{key}").as_bytes()).unwrap();
    let read = |body: serde_json::Value, now| {
        read_dingtalk(&secret(key), (AT_MS, &sign), body.to_string().as_bytes(), now)
    };
    let chat = Chat {
        id: "msg1".into(),
        conversation: "cid1 user1".into(),
        receiver: String::new(),
        author: "杨".into(),
        text: Some("泵漏水".into()),
        kind: "text".into(),
    };
    assert_eq!(read(said(), AT_US), Ok(chat));
    let mut stranger = said();
    stranger["senderStaffId"] = json!("");
    assert_eq!(read(stranger, AT_US).unwrap().conversation, "cid1 $:LWCP_v1:$F");
    let mut picture = said();
    picture["msgtype"] = json!("picture");
    picture["text"] = json!(null);
    assert_eq!(read(picture, AT_US).unwrap().text, None);
    assert_eq!(read(said(), AT_US + 301 * SECOND), Err(Refusal::Time(301)));
    assert!(matches!(read(json!({"msgtype": "text"}), AT_US), Err(Refusal::Unreadable(_))));
    let unsigned = read_dingtalk(&secret("another"), (AT_MS, &sign), b"{}", AT_US);
    assert_eq!(unsigned, Err(Refusal::Signature));
    assert_eq!(reply_to_dingtalk("谢谢")["text"]["content"], "谢谢");
}

/// The example of WeCom's document 91144.
fn company() -> Callback {
    let key = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C";
    Callback::new(secret("QDG6eK"), key, "wx5823bf96d3bd56c7").unwrap()
}

const ECHO: &str =
    "P9nAzCzyDtyTWESHep1vC5X9xho/qYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp+4RPcs8TgAE7OaBO+FZXvnaqQ==";
const FIRST: Call<'_> = Call {
    signature: "5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3",
    timestamp: "1409659589",
    nonce: "263014780",
};
const FIRST_US: i64 = 1_409_659_589 * SECOND;

#[test]
fn wecom_hears_that_we_have_its_keys() {
    let echo = company().echo(FIRST, ECHO, FIRST_US);
    assert_eq!(echo.as_deref(), Ok("1616140317555161061"));
    assert_eq!(company().echo(FIRST, ECHO, FIRST_US + 400 * SECOND), Err(Refusal::Time(400)));
    let other = Call { nonce: "263014781", ..FIRST };
    assert_eq!(company().echo(other, ECHO, FIRST_US), Err(Refusal::Signature));
    assert!(Callback::new(secret("t"), "too short", "x").is_err());
}

#[test]
fn a_chat_of_wecom_is_read_and_answered_in_its_own_cipher() {
    let to = Chat {
        id: String::new(),
        conversation: "zhang".into(),
        receiver: "wx5823bf96d3bd56c7".into(),
        author: String::new(),
        text: None,
        kind: String::new(),
    };
    let xml = company().reply(&to, "漏水 ]]> <b>", FIRST_US, ([7; 16], 42));
    let document = roxmltree::Document::parse(&xml).unwrap();
    let signature = document.descendants().find(|node| node.has_tag_name("MsgSignature"));
    let signature = signature.and_then(|node| node.text()).unwrap();
    let call = Call { signature, timestamp: "1409659589", nonce: "42" };
    let chat = company().read(call, &xml, FIRST_US).unwrap();
    assert_eq!(chat.text.as_deref(), Some("漏水 ]]> <b>"));
    assert_eq!((chat.conversation.as_str(), chat.kind.as_str()), ("wx5823bf96d3bd56c7", "text"));
    assert_eq!(chat.id, "wx5823bf96d3bd56c7 1409659589");
    // The answer goes to whom it came from, from whom it went to: of an official account not its AppID.
    assert_eq!(chat.receiver, "zhang");
    let key = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C";
    let neighbour = Callback::new(secret("QDG6eK"), key, "another company").unwrap();
    let refused = neighbour.read(call, &xml, FIRST_US);
    assert!(matches!(refused, Err(Refusal::Unreadable(why)) if why.contains("another company")));
    let key = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    let stranger = Callback::new(secret("QDG6eK"), key, "wx5823bf96d3bd56c7").unwrap();
    assert!(matches!(stranger.read(call, &xml, FIRST_US), Err(Refusal::Unreadable(_))));
    let forged = Call { signature: FIRST.signature, ..call };
    assert_eq!(company().read(forged, &xml, FIRST_US), Err(Refusal::Signature));
}

#[test]
fn what_is_signed_and_nonsense_is_refused_without_a_fall() {
    for cut in [0, 1, 15, 16, 31, 32, 48] {
        let encrypted = STANDARD.encode(vec![0x5A; cut]);
        let signature = {
            use sha1::{Digest as _, Sha1};
            let mut parts = ["QDG6eK", "1409659589", "1", encrypted.as_str()];
            parts.sort_unstable();
            let digest = Sha1::digest(parts.concat());
            digest.iter().map(|byte| format!("{byte:02x}")).collect::<String>()
        };
        let call = Call { signature: &signature, timestamp: "1409659589", nonce: "1" };
        let xml = format!("<xml><Encrypt>{encrypted}</Encrypt></xml>");
        let refused = company().read(call, &xml, FIRST_US);
        assert!(matches!(refused, Err(Refusal::Unreadable(_))), "{cut} bytes: {refused:?}");
    }
    let bomb = "<!DOCTYPE x [<!ENTITY a \"aaaa\">]><xml><Encrypt>&a;</Encrypt></xml>";
    assert!(matches!(company().read(FIRST, bomb, FIRST_US), Err(Refusal::Unreadable(_))));
}
