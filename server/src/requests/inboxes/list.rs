//! Inboxes as they are kept and shown.

use axum::Json;
use axum::extract::{Query, State};
use serde::{Deserialize, Serialize};
use sqlx::FromRow;
use utoipa::{IntoParams, ToSchema};

use super::kind::{InboxKind, Keys};
use crate::app::App;
use crate::http::{Language, Page, Problem};
use crate::limits::LIST_ROWS;
use crate::time::Time;

/// Where a program posts what people ask through it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Inbox {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) kind: InboxKind,
    /// In which people are spoken to there.
    pub(super) language: Language,
    /// Where to post to, on this server.
    address: String,
    /// What was taken last.
    #[schema(required)]
    last_at: Option<Time>,
    by: String,
    created_at: Time,
    /// Of a new webhook whose secret was made here: never shown again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) secret: Option<String>,
}

#[derive(FromRow)]
pub(super) struct Row {
    pub id: String,
    name: String,
    kind: String,
    secret: String,
    aes_key: Option<String>,
    receiver: Option<String>,
    language: String,
    who: String,
    created_at: i64,
    last_at: Option<i64>,
}

const SELECT: &str = "SELECT i.id, i.name, i.kind, i.secret, i.aes_key, i.receiver, i.language, \
     i.who, i.created_at, (SELECT max(m.at) FROM inbox_messages m WHERE m.inbox_id = i.id) \
     AS last_at FROM inboxes i WHERE i.withdrawn_at IS NULL";

impl Row {
    pub fn keys(&self) -> Keys<'_> {
        let (aes_key, receiver) = (self.aes_key.as_deref(), self.receiver.as_deref());
        Keys { secret: &self.secret, aes_key, receiver }
    }

    pub fn kind(&self) -> Result<InboxKind, Problem> {
        InboxKind::parse(&self.kind)
    }

    pub fn language(&self) -> Result<Language, Problem> {
        Language::parse(&self.language)
    }

    pub fn shown(self) -> Result<Inbox, Problem> {
        Ok(Inbox {
            kind: self.kind()?,
            language: self.language()?,
            address: format!("/api/v1/public/inboxes/{}/messages", self.id),
            last_at: self.last_at.map(Time),
            created_at: Time(self.created_at),
            id: self.id,
            name: self.name,
            by: self.who,
            secret: None,
        })
    }
}

/// An inbox that was not withdrawn.
pub(super) async fn found(app: &App, id: &str) -> Result<Row, Problem> {
    let row = sqlx::query_as(sqlx::AssertSqlSafe(format!("{SELECT} AND i.id = $1")))
        .bind(id)
        .fetch_optional(&app.database)
        .await?;
    row.ok_or(Problem::NotFound("inbox"))
}

/// Query of the list of inboxes.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct InboxesQuery {
    cursor: Option<String>,
}

/// Inboxes that programs post to, the oldest first, without their secrets.
#[utoipa::path(
    get,
    path = "/api/v1/inboxes",
    operation_id = "list_inboxes",
    tag = "requests",
    params(InboxesQuery),
    responses((status = 200, body = Page<Inbox>), Problem)
)]
pub(crate) async fn list(
    State(app): State<App>,
    Query(query): Query<InboxesQuery>,
) -> Result<Json<Page<Inbox>>, Problem> {
    let sql = format!("{SELECT} AND i.id > $1 ORDER BY i.id LIMIT $2");
    let rows: Vec<Row> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(query.cursor.unwrap_or_default())
        .bind(LIST_ROWS + 1)
        .fetch_all(&app.database)
        .await?;
    let items = rows.into_iter().map(Row::shown).collect::<Result<Vec<_>, _>>()?;
    Ok(Json(Page::cut(items, LIST_ROWS as usize, |inbox| inbox.id.clone())))
}
