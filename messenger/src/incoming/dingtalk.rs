//! Robots of DingTalk that are spoken to (open.dingtalk.com, "Receive messages", HTTP mode).

use serde::Deserialize;
use serde_json::{Value, json};

use super::{Chat, Refusal, in_time, same};
use crate::Secret;
use crate::webhook::mac;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Body {
    msg_id: String,
    conversation_id: String,
    sender_id: String,
    /// Of colleagues of one organisation.
    sender_staff_id: Option<String>,
    #[serde(default)]
    sender_nick: String,
    #[serde(rename = "msgtype")]
    kind: String,
    text: Option<Text>,
}

#[derive(Deserialize)]
struct Text {
    content: String,
}

/// Reads a message of a chat with a robot. `timestamp`, in milliseconds, and `sign` are headers; they
/// are signed, the body is not: it has to come over TLS.
///
/// # Errors
/// When it is not signed with the robot's secret, not lately, or is no message.
pub fn read_dingtalk(
    secret: &Secret,
    (timestamp, sign): (&str, &str),
    body: &[u8],
    now_us: i64,
) -> Result<Chat, Refusal> {
    let key = secret.reveal();
    let ours = mac(key.as_bytes(), format!("{timestamp}\n{key}").as_bytes());
    let ours = ours.ok_or(Refusal::Signature)?;
    if !same(ours.as_bytes(), sign.as_bytes()) {
        return Err(Refusal::Signature);
    }
    let at_ms: i64 = timestamp.parse().map_err(|_| Refusal::Signature)?;
    in_time(at_ms.div_euclid(1_000), now_us)?;
    let body: Body = serde_json::from_slice(body).map_err(Refusal::unreadable)?;
    let sender = body.sender_staff_id.filter(|id| !id.is_empty()).unwrap_or(body.sender_id);
    let text = body.text.map(|text| text.content.trim().to_owned());
    Ok(Chat {
        id: body.msg_id,
        // In a group each person has a talk of their own with us.
        conversation: format!("{} {sender}", body.conversation_id),
        receiver: String::new(),
        author: body.sender_nick,
        text: text.filter(|text| !text.is_empty()),
        kind: body.kind,
    })
}

/// What the robot says in the chat, as the answer to its message.
#[must_use]
pub fn reply_to_dingtalk(text: &str) -> Value {
    json!({"msgtype": "text", "text": {"content": text}})
}
