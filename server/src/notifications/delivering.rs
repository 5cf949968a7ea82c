//! One message on its way: written in the receiver's language, sent, and what came of it.

use messenger::{Automatic, Channel, Message, Outcome};
use serde_json::{Value, json};

use super::addresses::{self, AddressKind};
use super::kind::Kind;
use super::lease::Leased;
use super::outbox::{self, Settled};
use super::retry::Patience;
use super::templates::Style;
use crate::app::App;
use crate::http::Language;
use crate::http::Problem;
use crate::time::rfc3339;

/// What a message is made from.
pub(super) struct Draft<'a> {
    pub id: &'a str,
    pub kind: Kind,
    pub facts: &'a Value,
    /// Kind and id of what it is about.
    pub about: (&'a str, &'a str),
    pub path: &'a str,
    pub language: Language,
    pub time_zone: &'a str,
    pub urgent: bool,
    pub in_reply_to: Option<&'a str>,
    pub thread: Option<&'a str>,
    pub rule: &'a str,
    pub written_at: i64,
}

/// Writes a message and sends it, once.
///
/// # Errors
/// When the templates do not fit the facts: those of an older version.
pub(super) async fn send(
    app: &App,
    channel: &Channel,
    draft: &Draft<'_>,
) -> Result<Outcome, Problem> {
    let notifications = &app.notifications;
    let link = notifications.link(draft.path);
    let style = Style { language: draft.language, time_zone: draft.time_zone, link: &link };
    let written = notifications
        .templates
        .write(draft.kind, draft.facts, &style)
        .map_err(|e| Problem::Internal(Box::new(e)))?;
    let (about_kind, about_id) = draft.about;
    let data = json!({
        "type": draft.kind.as_str(),
        "timestamp": rfc3339(draft.written_at),
        "data": {
            "about": {"kind": about_kind, "id": about_id},
            "facts": draft.facts,
            "link": link,
            "title": written.title,
            "text": written.text,
            "rule": draft.rule,
        },
    });
    let answers = draft.kind == Kind::RequestReceived || draft.in_reply_to.is_some();
    let message = Message {
        id: draft.id,
        title: &written.title,
        text: &written.text,
        link: &link,
        urgent: draft.urgent,
        automatic: if answers { Automatic::Replied } else { Automatic::Generated },
        in_reply_to: draft.in_reply_to,
        references: draft.thread,
        attachments: &[],
        data: &data,
    };
    Ok(notifications.messenger.send(channel, &message, app.clock.now_us()).await)
}

/// Sends a message that this server holds the lease of, and writes down what came of it.
pub(super) async fn deliver(app: &App, leased: &Leased, patience: Patience) -> Result<(), Problem> {
    let settled = attempt(app, leased, patience).await.unwrap_or_else(|problem| {
        tracing::error!(message_id = leased.id, error = %cause(&problem), "A message was not sent");
        Settled::Refused { why: "it could not be written".to_owned(), gone: None }
    });
    outbox::settle(app, leased, settled).await
}

/// A problem that a client does not see has its cause.
fn cause(problem: &Problem) -> String {
    std::error::Error::source(problem).map_or_else(|| problem.to_string(), ToString::to_string)
}

async fn attempt(app: &App, leased: &Leased, patience: Patience) -> Result<Settled, Problem> {
    let now = app.clock.now_us();
    let channel = match &leased.address_id {
        None => Channel::Email { address: leased.address.clone() },
        Some(id) => match addresses::found(&app.database, id).await? {
            Some(address) if address.active => {
                let release = address.quiet.as_ref().map_or(now, |quiet| quiet.release(now));
                if release > now && !leased.urgent {
                    return Ok(Settled::Quiet { until: release });
                }
                address.channel()?
            }
            _ => {
                let why = "this address was switched off or deleted".to_owned();
                return Ok(Settled::Refused { why, gone: None });
            }
        },
    };
    let outcome = send(app, &channel, &leased.draft()).await?;
    let now = app.clock.now_us();
    Ok(match outcome {
        Outcome::Delivered => Settled::Delivered,
        Outcome::Refused { why, gone } => {
            Settled::Refused { why, gone: leased.address_id.clone().filter(|_| gone) }
        }
        Outcome::Retry { why, .. } if patience.is_over(leased.tried_at, now) => {
            Settled::GivenUp { why }
        }
        Outcome::Retry { why, after } => {
            let wait = patience.wait_us(leased.attempts, rand::random());
            let asked = after.map_or(0, |a| i64::try_from(a.as_micros()).unwrap_or(i64::MAX));
            let longest = patience.longest_s.saturating_mul(2_000_000);
            let wait = wait.max(asked.min(longest));
            Settled::Again { at: now.saturating_add(wait), why }
        }
    })
}

/// Whether messages of a kind can leave at all.
pub(super) fn can_leave(app: &App, kind: AddressKind) -> bool {
    kind != AddressKind::Email || app.notifications.messenger.has_mail()
}
