//! What was posted becomes a request, or a message of one.

use sqlx::{Any, Transaction};

use super::list::Row;
use crate::access::Reach;
use crate::app::App;
use crate::database::take_turn;
use crate::http::{Language, Problem, check_text};
use crate::limits::{CONVERSATION_US, INBOX_MESSAGES, REQUEST_MESSAGES, TEXT_CHARS};
use crate::requests::following::received;
use crate::requests::linking::Links;
use crate::requests::messages::{self, MessageKind};
use crate::requests::public::{Receipt, bring_back};
use crate::requests::receiving::{Came, Incoming, Told, receive};
use crate::requests::request::announce;
use crate::requests::{link, number, throttle};

/// What somebody said.
pub(super) struct Said<'a> {
    /// The same when it is sent again.
    pub message_id: &'a str,
    /// The talk that it belongs to; empty for none.
    pub conversation: &'a str,
    pub told: Told,
}

/// Where a message is now.
pub(super) struct Filed {
    request_id: String,
    plain_number: i64,
    pub secret: String,
    pub language: Language,
    /// The request began with it.
    pub began: bool,
}

impl Filed {
    pub fn number(&self) -> String {
        number(self.plain_number)
    }

    pub fn receipt(&self) -> Receipt {
        Receipt { number: self.number(), link: link(&self.secret), text: received(self.language) }
    }

    async fn of(app: &App, inbox_id: &str, message_id: &str) -> Result<Option<Self>, Problem> {
        let row: Option<(String, i64, String, String, i64)> = sqlx::query_as(
            "SELECT r.id, r.number, r.secret, r.language, \
             CASE WHEN r.received_at = m.at THEN 1 ELSE 0 END FROM inbox_messages m \
             JOIN requests r ON r.id = m.request_id WHERE m.inbox_id = $1 AND m.message_id = $2",
        )
        .bind(inbox_id)
        .bind(message_id)
        .fetch_optional(&app.database)
        .await?;
        let Some((request_id, plain_number, secret, language, began)) = row else {
            return Ok(None);
        };
        let language = Language::parse(&language)?;
        Ok(Some(Self { request_id, plain_number, secret, language, began: began == 1 }))
    }
}

/// Takes a message whole or not at all, once. One that was taken before is found where it is.
pub(super) async fn take(
    app: &App,
    inbox: &Row,
    said: Said<'_>,
    now: i64,
) -> Result<Filed, Problem> {
    let mut tx = app.begin().await?;
    let new = note_down(&mut tx, inbox, said.message_id, now).await?;
    if new {
        let id = file(&mut tx, inbox, &said, now).await?;
        sqlx::query(
            "UPDATE inbox_messages SET request_id = $3 WHERE inbox_id = $1 AND message_id = $2",
        )
        .bind(&inbox.id)
        .bind(said.message_id)
        .bind(&id)
        .execute(&mut *tx)
        .await?;
    }
    tx.commit().await?;
    let filed = Filed::of(app, &inbox.id, said.message_id).await?;
    let filed = filed.ok_or_else(|| Problem::Invalid("this message was an event before".into()))?;
    if new {
        announce(app, &filed.request_id).await?;
        app.notifications.due.notify_one();
    }
    Ok(filed)
}

/// Writes down that a chat told of an event: nobody's words.
pub(super) async fn take_event(
    app: &App,
    inbox: &Row,
    message_id: &str,
    now: i64,
) -> Result<(), Problem> {
    let mut tx = app.begin().await?;
    note_down(&mut tx, inbox, message_id, now).await?;
    Ok(tx.commit().await?)
}

/// Writes down that a message came; false when it came before.
async fn note_down(
    tx: &mut Transaction<'_, Any>,
    inbox: &Row,
    message_id: &str,
    now: i64,
) -> Result<bool, Problem> {
    check_text("the id of the message", message_id, TEXT_CHARS)?;
    let noted = sqlx::query(
        "INSERT INTO inbox_messages (inbox_id, message_id, at) VALUES ($1, $2, $3) \
         ON CONFLICT (inbox_id, message_id) DO NOTHING",
    )
    .bind(&inbox.id)
    .bind(message_id)
    .bind(now)
    .execute(&mut **tx)
    .await?;
    if noted.rows_affected() == 0 {
        return Ok(false);
    }
    throttle::count(tx, &format!("inbox {}", inbox.id), INBOX_MESSAGES, now).await?;
    Ok(true)
}

/// Puts a message where it belongs; the answer is the request.
async fn file(
    tx: &mut Transaction<'_, Any>,
    inbox: &Row,
    said: &Said<'_>,
    now: i64,
) -> Result<String, Problem> {
    // Of two messages of a new conversation at the same time the second waits, and finds the request.
    take_turn(tx, "request numbers").await?;
    if let Some(id) = under_way(tx, inbox, said.conversation, now).await? {
        bring_back(tx, &id, now, "they wrote again").await?;
        let words = (said.told.name.as_str(), said.told.text.as_str());
        messages::add(tx, &id, now, MessageKind::Received, words).await?;
        return Ok(id);
    }
    let incoming = Incoming {
        channel: inbox.kind()?.channel(),
        told: &said.told,
        links: Links::default(),
        came: Came::Through { inbox: &inbox.id, conversation: said.conversation },
        by: "",
    };
    Ok(receive(tx, incoming, &Reach::Everything, now).await?.id)
}

/// The request of a conversation that goes on. After a long silence, or when it is full, a new one
/// begins.
async fn under_way(
    tx: &mut Transaction<'_, Any>,
    inbox: &Row,
    conversation: &str,
    now: i64,
) -> Result<Option<String>, Problem> {
    if conversation.is_empty() {
        return Ok(None);
    }
    Ok(sqlx::query_scalar(
        "SELECT r.id FROM requests r WHERE r.inbox_id = $1 AND r.conversation = $2 \
         AND r.state NOT IN ('closed', 'rejected') AND (SELECT max(m.at) FROM request_messages m \
         WHERE m.request_id = r.id) > $3 AND (SELECT count(*) FROM request_messages m \
         WHERE m.request_id = r.id) < $4 ORDER BY r.number DESC LIMIT 1",
    )
    .bind(&inbox.id)
    .bind(conversation)
    .bind(now - CONVERSATION_US)
    .bind(REQUEST_MESSAGES)
    .fetch_optional(&mut **tx)
    .await?)
}
