//! Messages as people see them.

use axum::Json;
use axum::extract::{Path, Query, State};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sqlx::FromRow;
use utoipa::{IntoParams, ToSchema};

use crate::app::App;
use crate::database::from_json;
use crate::http::Language;
use crate::http::{Page, Problem};
use crate::limits::LIST_ROWS;
use crate::notifications::addresses::AddressKind;
use crate::notifications::kind::Kind;
use crate::notifications::state::MessageState;
use crate::time::Time;

const COLUMNS: &str = "id, event_key, recipient, event, about_kind, about_id, facts, channel, \
     address, language, urgent, rule, state, not_before, next_at, attempts, last_error, \
     created_at, delivered_at";

/// What a message is about.
#[derive(Debug, Serialize, ToSchema)]
pub struct MessageSubject {
    /// Such as `ticket`.
    kind: String,
    id: String,
}

/// A message in the outbox.
#[derive(Debug, Serialize, ToSchema)]
pub struct OutboxMessage {
    id: String,
    /// Names the event; each person gets one message for it.
    event_key: String,
    /// `account:ID`, `contact:ID`, `role:NAME`, `channel:NAME` or `email:ADDRESS`.
    recipient: String,
    event: Kind,
    about: MessageSubject,
    /// What the message says, by name.
    #[schema(value_type = Object)]
    facts: Value,
    channel: AddressKind,
    address: String,
    language: Language,
    urgent: bool,
    /// Which rule caused it.
    rule: String,
    pub(super) state: MessageState,
    /// Not sent before then: quiet hours.
    not_before: Time,
    /// When it is tried next; null unless it waits.
    #[schema(required)]
    next_at: Option<Time>,
    attempts: i64,
    #[schema(required)]
    last_error: Option<String>,
    created_at: Time,
    #[schema(required)]
    delivered_at: Option<Time>,
    /// Every step, the oldest first; where one message is asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    history: Option<Vec<MessageStep>>,
}

/// A step of a message.
#[derive(Debug, Serialize, ToSchema)]
pub struct MessageStep {
    at: Time,
    #[schema(required)]
    from: Option<MessageState>,
    to: MessageState,
    who: String,
    why: String,
}

#[derive(FromRow)]
struct Row {
    id: String,
    event_key: String,
    recipient: String,
    event: String,
    about_kind: String,
    about_id: String,
    facts: String,
    channel: String,
    address: String,
    language: String,
    urgent: i64,
    rule: String,
    state: String,
    not_before: i64,
    next_at: i64,
    attempts: i64,
    last_error: Option<String>,
    created_at: i64,
    delivered_at: Option<i64>,
}

impl TryFrom<Row> for OutboxMessage {
    type Error = Problem;
    fn try_from(row: Row) -> Result<Self, Problem> {
        let state = MessageState::parse(&row.state)?;
        Ok(Self {
            id: row.id,
            event_key: row.event_key,
            recipient: row.recipient,
            event: Kind::parse(&row.event)?,
            about: MessageSubject { kind: row.about_kind, id: row.about_id },
            facts: from_json(&row.facts)?,
            channel: AddressKind::parse(&row.channel)?,
            address: row.address,
            language: Language::parse(&row.language)?,
            urgent: row.urgent != 0,
            rule: row.rule,
            state,
            not_before: Time(row.not_before),
            next_at: (state == MessageState::Waiting).then_some(Time(row.next_at)),
            attempts: row.attempts,
            last_error: row.last_error,
            created_at: Time(row.created_at),
            delivered_at: row.delivered_at.map(Time),
            history: None,
        })
    }
}

/// Query of the outbox.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct OutboxQuery {
    /// Only messages in this state.
    state: Option<MessageState>,
    /// Only messages about this kind of thing, such as `ticket` …
    about_kind: Option<String>,
    /// … and this one of them.
    about_id: Option<String>,
    cursor: Option<String>,
}

/// Messages, the newest first.
#[utoipa::path(
    get,
    path = "/api/v1/outbox",
    operation_id = "list_outbox",
    tag = "notifications",
    params(OutboxQuery),
    responses((status = 200, body = Page<OutboxMessage>), Problem)
)]
pub(crate) async fn list(
    State(app): State<App>,
    Query(query): Query<OutboxQuery>,
) -> Result<Json<Page<OutboxMessage>>, Problem> {
    let sql = format!(
        "SELECT {COLUMNS} FROM outbox WHERE ($1 = '' OR id < $1) AND ($2 = '' OR state = $2) \
         AND ($3 = '' OR about_kind = $3) AND ($4 = '' OR about_id = $4) \
         ORDER BY id DESC LIMIT $5"
    );
    let rows: Vec<Row> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(query.cursor.unwrap_or_default())
        .bind(query.state.map_or("", MessageState::as_str))
        .bind(query.about_kind.unwrap_or_default())
        .bind(query.about_id.unwrap_or_default())
        .bind(LIST_ROWS + 1)
        .fetch_all(&app.database)
        .await?;
    let items = rows.into_iter().map(OutboxMessage::try_from).collect::<Result<Vec<_>, _>>()?;
    Ok(Json(Page::cut(items, LIST_ROWS as usize, |m| m.id.clone())))
}

/// One message with its history.
#[utoipa::path(
    get,
    path = "/api/v1/outbox/{id}",
    operation_id = "show_message",
    tag = "notifications",
    responses((status = 200, body = OutboxMessage), Problem)
)]
pub(crate) async fn show(
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Json<OutboxMessage>, Problem> {
    with_history(&app, &id).await
}

pub(super) async fn find(app: &App, id: &str) -> Result<OutboxMessage, Problem> {
    let sql = format!("SELECT {COLUMNS} FROM outbox WHERE id = $1");
    let row: Option<Row> =
        sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(id).fetch_optional(&app.database).await?;
    row.ok_or(Problem::NotFound("message"))?.try_into()
}

pub(super) async fn with_history(app: &App, id: &str) -> Result<Json<OutboxMessage>, Problem> {
    let mut message = find(app, id).await?;
    let rows: Vec<(i64, Option<String>, String, String, String)> = sqlx::query_as(
        "SELECT at, from_state, to_state, who, why FROM outbox_steps WHERE message_id = $1 \
         ORDER BY id",
    )
    .bind(id)
    .fetch_all(&app.database)
    .await?;
    let read = |(at, from, to, who, why): (i64, Option<String>, String, String, String)| {
        let from = from.as_deref().map(MessageState::parse).transpose()?;
        Ok(MessageStep { at: Time(at), from, to: MessageState::parse(&to)?, who, why })
    };
    message.history = Some(rows.into_iter().map(read).collect::<Result<_, Problem>>()?);
    Ok(Json(message))
}
