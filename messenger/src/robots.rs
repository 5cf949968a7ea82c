//! Robots in group chats. Both answer 200 with an `errcode` in the body.
//!
//! WeCom: developer.work.weixin.qq.com, document 91770. DingTalk: open.dingtalk.com, "Custom bot
//! access" (自定义机器人接入). Both take 20 messages a minute from one robot.

use std::time::Duration;

use reqwest::Url;
use serde::Deserialize;
use serde_json::json;

use crate::answer::{Answer, ask};
use crate::limits::{DINGTALK_BYTES, DINGTALK_REST, WECOM_BYTES, WECOM_REST};
use crate::webhook::mac;
use crate::{Message, Outcome, Secret};

#[derive(Deserialize)]
struct Verdict {
    errcode: i64,
    #[serde(default)]
    errmsg: String,
}

pub async fn wecom(http: &reqwest::Client, url: &str, message: &Message<'_>) -> Outcome {
    let content = format!("**{}**\n{}", harmless(message.title), harmless(message.text));
    let body = json!({
        "msgtype": "markdown",
        "markdown": {"content": cut(&content, WECOM_BYTES)},
    });
    // -1: busy; 45009, 45033: too often.
    answered(ask(http.post(url).json(&body)).await, &[-1, 45_009, 45_033], WECOM_REST)
}

pub async fn dingtalk(
    http: &reqwest::Client,
    url: &str,
    secret: Option<&Secret>,
    message: &Message<'_>,
    now_us: i64,
) -> Outcome {
    let Some(url) = signed(url, secret, now_us.div_euclid(1_000)) else {
        return Outcome::refused("this is no address of a robot");
    };
    // A single line break is none in its Markdown.
    let text = harmless(message.text).replace('\n', "  \n");
    let text = format!("#### {}\n\n{text}", harmless(message.title));
    let body = json!({
        "msgtype": "markdown",
        "markdown": {"title": harmless(message.title), "text": cut(&text, DINGTALK_BYTES)},
    });
    // -1: busy; 130101, 410100: too often.
    answered(ask(http.post(url).json(&body)).await, &[-1, 130_101, 410_100], DINGTALK_REST)
}

/// The address with `timestamp` and `sign`: base64 of HMAC-SHA-256, keyed with the secret, over the
/// milliseconds, a line break and the secret.
fn signed(url: &str, secret: Option<&Secret>, at_ms: i64) -> Option<Url> {
    let mut url = Url::parse(url).ok()?;
    if let Some(secret) = secret {
        let secret = secret.reveal();
        let sign = mac(secret.as_bytes(), format!("{at_ms}\n{secret}").as_bytes())?;
        url.query_pairs_mut()
            .append_pair("timestamp", &at_ms.to_string())
            .append_pair("sign", &sign);
    }
    Some(url)
}

fn answered(answer: Result<Answer, Outcome>, passing: &[i64], rest: Duration) -> Outcome {
    let answer = match answer {
        Ok(answer) => answer,
        Err(outcome) => return outcome,
    };
    if !answer.status.is_success() {
        return answer.outcome();
    }
    match serde_json::from_slice::<Verdict>(&answer.body) {
        Ok(Verdict { errcode: 0, .. }) => Outcome::Delivered,
        Ok(Verdict { errcode, errmsg }) if passing.contains(&errcode) => {
            Outcome::Retry { after: Some(rest), why: format!("answered {errcode} {errmsg}") }
        }
        Ok(Verdict { errcode, errmsg }) => Outcome::refused(format!("answered {errcode} {errmsg}")),
        Err(_) => Outcome::retry(answer.told()),
    }
}

/// A customer's words must not call out everybody in the group (`<@all>`), nor be a link that says
/// something else than where it leads.
fn harmless(text: &str) -> String {
    text.replace('<', "＜").replace('[', "［")
}

/// The beginning of a text that fits into so many bytes.
pub(crate) fn cut(text: &str, most: usize) -> String {
    if text.len() <= most {
        return text.to_owned();
    }
    let room = most.saturating_sub('…'.len_utf8());
    let end = (0..=room).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    format!("{}…", &text[..end])
}
