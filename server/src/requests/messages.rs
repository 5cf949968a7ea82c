//! What was said about a request. Messages are never changed.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use sqlx::{Any, FromRow, Transaction};
use utoipa::ToSchema;

use super::moving::{Advance, advance};
use super::priority::named;
use super::promises;
use super::public::bring_back;
use super::request::{Request, Shown, announce, hold, shown_to};
use super::state::RequestState;
use super::telling::{News, tell};
use super::throttle;
use crate::access::Role;
use crate::app::App;
use crate::database::new_id;
use crate::http::{Caller, Problem, check_text};
use crate::limits::{MESSAGE_CHARS, PUBLIC_MESSAGES, REQUEST_MESSAGES};
use crate::search::{self, SearchKind};
use crate::service_levels::Act;
use crate::time::Time;

/// What a message is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MessageKind {
    /// The person's words.
    Received,
    /// Our answer: with it the request is answered.
    Answer,
    /// What we ask the person.
    Question,
    /// Between colleagues; the person never sees it.
    Note,
}

named!(
    MessageKind,
    "kind of message",
    Received = "received",
    Answer = "answer",
    Question = "question",
    Note = "note"
);

/// A message.
#[derive(Debug, Serialize, ToSchema)]
pub struct RequestMessage {
    id: String,
    pub(super) kind: MessageKind,
    /// Who wrote it; empty when the person did not say their name.
    author: String,
    pub(super) text: String,
    pub(super) at: Time,
}

#[derive(FromRow)]
struct Row {
    id: String,
    kind: String,
    author: String,
    text: String,
    at: i64,
}

/// Everything that was said, the oldest first.
pub(super) async fn of(app: &App, request_id: &str) -> Result<Vec<RequestMessage>, Problem> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT id, kind, author, text, at FROM request_messages WHERE request_id = $1 ORDER BY id",
    )
    .bind(request_id)
    .fetch_all(&app.database)
    .await?;
    let message = |r: Row| {
        let kind = MessageKind::parse(&r.kind)?;
        Ok(RequestMessage { id: r.id, kind, author: r.author, text: r.text, at: Time(r.at) })
    };
    rows.into_iter().map(message).collect()
}

/// Adds a message to a request that is held.
pub(super) async fn add(
    tx: &mut Transaction<'_, Any>,
    request_id: &str,
    now: i64,
    kind: MessageKind,
    (author, text): (&str, &str),
) -> Result<String, Problem> {
    let id = new_id();
    let added = sqlx::query(
        "INSERT INTO request_messages (id, request_id, kind, author, text, at) \
         SELECT $1, $2, $3, $4, $5, $6 \
         WHERE (SELECT count(*) FROM request_messages WHERE request_id = $2) < $7",
    )
    .bind(&id)
    .bind(request_id)
    .bind(kind.as_str())
    .bind(author)
    .bind(text.trim())
    .bind(now)
    .bind(REQUEST_MESSAGES)
    .execute(&mut **tx)
    .await?;
    if added.rows_affected() == 0 {
        return Err(Problem::Conflict(format!("a request may have {REQUEST_MESSAGES} messages")));
    }
    search::changed(tx, SearchKind::Request, request_id).await?;
    Ok(id)
}

/// A message to be.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewMessage {
    /// `answer`, `question` or `note`; of a customer `received`.
    kind: MessageKind,
    #[schema(min_length = 1)]
    text: String,
}

/// Writes to the person, or a note for colleagues.
///
/// A customer writes again about a request of theirs; one that was over is opened again. With an answer
/// a classified request is answered; questions and notes leave its state as it is.
#[utoipa::path(
    post,
    path = "/api/v1/requests/{id}/messages",
    operation_id = "write_request_message",
    tag = "requests",
    responses((status = 201, body = Request), Problem)
)]
pub(crate) async fn write(
    caller: Caller,
    State(app): State<App>,
    Path(id): Path<String>,
    Json(new): Json<NewMessage>,
) -> Result<(StatusCode, Shown), Problem> {
    check_text("text", &new.text, MESSAGE_CHARS)?;
    let customer = caller.role == Role::Customer;
    if customer != (new.kind == MessageKind::Received) {
        let kinds = if customer { "received" } else { "answer, question or note" };
        return Err(Problem::Invalid(format!("`kind` has to be {kinds}")));
    }
    let now = app.clock.now_us();
    let mut tx = app.begin().await?;
    if customer {
        throttle::count(&mut tx, &format!("message of {id}"), PUBLIC_MESSAGES, now).await?;
        bring_back(&mut tx, &id, now, "they wrote again").await?;
        add(&mut tx, &id, now, new.kind, (&caller.name, &new.text)).await?;
        tx.commit().await?;
        announce(&app, &id).await?;
        return Ok((StatusCode::CREATED, shown_to(&app, &caller, &id).await?));
    }
    let request = hold(&mut tx, &id).await?;
    if new.kind == MessageKind::Answer {
        answer(&mut tx, &request, now, &caller.name).await?;
    }
    let message_id = add(&mut tx, &id, now, new.kind, (&caller.name, &new.text)).await?;
    if new.kind != MessageKind::Note {
        let act = Act { who: &caller.name, why: "somebody has written to the person", at: now };
        promises::answered(&mut tx, &request, act).await?;
        let news = News::Written { message_id: &message_id, text: new.text.trim() };
        tell(&mut tx, &id, news, "somebody writes to the person", now).await?;
    }
    tx.commit().await?;
    announce(&app, &id).await?;
    Ok((StatusCode::CREATED, shown_to(&app, &caller, &id).await?))
}

/// What an answer does to the state of a request.
async fn answer(
    tx: &mut Transaction<'_, Any>,
    request: &Request,
    now: i64,
    who: &str,
) -> Result<(), Problem> {
    match request.state {
        // More to say, or news about the work.
        RequestState::Answered | RequestState::Ticketed => Ok(()),
        _ => {
            let to = RequestState::Answered;
            advance(tx, request, now, Advance { to, who, why: "answered", rule: None }).await
        }
    }
}
