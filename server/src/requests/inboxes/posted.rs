//! What is posted to an inbox: checked against its secret, and read.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse as _, Response};
use messenger::incoming::{
    Call, Chat, Refusal, Signed, check_webhook, read_dingtalk, reply_to_dingtalk,
};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::kind::InboxKind;
use super::list::{self, Row};
use super::taking::{Filed, Said, take, take_event};
use crate::app::App;
use crate::http::{Language, Problem, check_length};
use crate::limits::{MESSAGE_CHARS, TEXT_CHARS};
use crate::requests::following::received;
use crate::requests::public::Receipt;
use crate::requests::receiving::Unread;

/// What a program says in a webhook: somebody's words, and who they are as far as it knows.
#[derive(Debug, Deserialize, ToSchema)]
pub struct InboxMessage {
    /// Messages of one conversation come to one request, as long as it is under way.
    conversation: Option<String>,
    #[serde(default)]
    name: String,
    email: Option<String>,
    phone: Option<String>,
    /// The code on its label, the serial number, or what they call the machine.
    machine: Option<String>,
    /// Without one, the beginning of the text.
    subject: Option<String>,
    #[schema(min_length = 1)]
    text: String,
    /// Without one, that of the inbox.
    language: Option<Language>,
}

/// What chats say in the address that they call.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct InboxCall {
    /// Of WeCom and WeChat.
    #[serde(default)]
    msg_signature: String,
    /// Of WeChat, when it first calls.
    #[serde(default)]
    signature: String,
    #[serde(default)]
    timestamp: String,
    #[serde(default)]
    nonce: String,
    #[serde(default)]
    echostr: String,
}

impl InboxCall {
    fn signed<'a>(&'a self, signature: &'a str) -> Call<'a> {
        Call { signature, timestamp: &self.timestamp, nonce: &self.nonce }
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Signature | Refusal::Time(_) => Self::Unsigned(refusal.to_string()),
            Refusal::Unreadable(_) => Self::Invalid(refusal.to_string()),
        }
    }
}

/// Takes what somebody asks through a program or a chat, once, however often it is sent.
///
/// A webhook has the headers `webhook-id`, `webhook-timestamp` and `webhook-signature` of the Standard
/// Webhooks specification; WeCom, WeChat and DingTalk post what they always do, and are answered in
/// their own way. The clocks may be five minutes apart.
#[utoipa::path(
    post,
    path = "/api/v1/public/inboxes/{id}/messages",
    operation_id = "receive_inbox_message",
    tag = "requests",
    security(()),
    params(InboxCall),
    request_body = InboxMessage,
    responses(
        (status = 200, description = "It is kept", content(
            (Receipt = "application/json"), (String = "application/xml"), (String = "text/plain")
        )),
        Problem
    )
)]
pub(crate) async fn receive(
    State(app): State<App>,
    Path(id): Path<String>,
    Query(call): Query<InboxCall>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Problem> {
    let inbox = list::found(&app, &id).await?;
    let now = app.clock.now_us();
    let body = std::str::from_utf8(&body);
    let body = body.map_err(|_| Problem::Invalid("the body has to be UTF-8".into()))?;
    let head = |name: &str| headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default();
    match inbox.kind()? {
        InboxKind::Webhook => {
            let signed = Signed {
                id: head("webhook-id"),
                timestamp: head("webhook-timestamp"),
                signatures: head("webhook-signature"),
            };
            check_webhook(&inbox.keys().secret(), signed, body, now)?;
            let filed = webhook(&app, &inbox, signed.id, body, now).await?;
            Ok(Json(filed.receipt()).into_response())
        }
        InboxKind::Dingtalk => {
            let signed = (head("timestamp"), head("sign"));
            let chat = read_dingtalk(&inbox.keys().secret(), signed, body.as_bytes(), now)?;
            let says = spoken(&app, &inbox, &chat, now).await?;
            Ok(Json(says.map(|text| reply_to_dingtalk(&text))).into_response())
        }
        InboxKind::Wecom | InboxKind::Wechat => {
            let callback = inbox.keys().callback()?;
            let chat = callback.read(call.signed(&call.msg_signature), body, now)?;
            // Both know these two as "we have it and say nothing".
            let Some(text) = spoken(&app, &inbox, &chat, now).await? else {
                return Ok("success".into_response());
            };
            let xml = callback.reply(&chat, &text, now, (rand::random(), rand::random()));
            Ok(([(header::CONTENT_TYPE, "application/xml")], xml).into_response())
        }
    }
}

async fn webhook(
    app: &App,
    inbox: &Row,
    message_id: &str,
    body: &str,
    now: i64,
) -> Result<Filed, Problem> {
    let message: InboxMessage = serde_json::from_str(body)
        .map_err(|e| Problem::Invalid(format!("the body is no message of an inbox: {e}")))?;
    let conversation = message.conversation.as_deref().unwrap_or_default().trim();
    check_length("conversation", conversation, TEXT_CHARS)?;
    let unread = Unread {
        name: &message.name,
        email: message.email.as_deref(),
        phone: message.phone.as_deref(),
        machine: message.machine.as_deref(),
        subject: message.subject.as_deref(),
        text: &message.text,
        language: message.language.map_or_else(|| inbox.language(), Ok)?,
    };
    take(app, inbox, Said { message_id, conversation, told: unread.read()? }, now).await
}

/// Takes a message of a chat; the answer is what the person is told there at once.
async fn spoken(app: &App, inbox: &Row, chat: &Chat, now: i64) -> Result<Option<String>, Problem> {
    if chat.is_event() {
        take_event(app, inbox, &chat.id, now).await?;
        return Ok(None);
    }
    let wordless = format!("({} without words: it is in the chat)", chat.kind);
    let text: String =
        chat.text.as_deref().unwrap_or(&wordless).chars().take(MESSAGE_CHARS).collect();
    let name: String = chat.author.chars().take(TEXT_CHARS).collect();
    let unread = Unread {
        name: &name,
        email: None,
        phone: None,
        machine: None,
        subject: None,
        text: &text,
        language: inbox.language()?,
    };
    let (message_id, conversation) = (chat.id.as_str(), chat.conversation.as_str());
    let said = Said { message_id, conversation, told: unread.read()? };
    let filed = take(app, inbox, said, now).await?;
    if !filed.began {
        return Ok(None);
    }
    let link = app.notifications.link(&format!("/follow/{}", filed.secret));
    Ok(Some(format!("{} {}\n{link}", received(filed.language), filed.number())))
}

/// Answers the first call of WeCom or WeChat, by which they see that the keys are the same.
#[utoipa::path(
    get,
    path = "/api/v1/public/inboxes/{id}/messages",
    operation_id = "prove_inbox",
    tag = "requests",
    security(()),
    params(InboxCall),
    responses((status = 200, body = String, content_type = "text/plain"), Problem)
)]
pub(crate) async fn prove(
    State(app): State<App>,
    Path(id): Path<String>,
    Query(call): Query<InboxCall>,
) -> Result<String, Problem> {
    let inbox = list::found(&app, &id).await?;
    if !inbox.kind()?.is_callback() {
        return Err(Problem::Invalid("only WeCom and WeChat ask for a proof".into()));
    }
    let (callback, now) = (inbox.keys().callback()?, app.clock.now_us());
    if call.msg_signature.is_empty() {
        return Ok(callback.plain_echo(call.signed(&call.signature), &call.echostr, now)?);
    }
    Ok(callback.echo(call.signed(&call.msg_signature), &call.echostr, now)?)
}
