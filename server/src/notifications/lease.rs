//! Who sends a message just now: a lease, so that two servers on one database never send the same one
//! at the same time. A server that ends meanwhile lets it expire; then another sends it again.

use serde_json::Value;
use sqlx::FromRow;

use super::addresses::AddressKind;
use super::delivering::{Draft, can_leave};
use super::kind::Kind;
use super::outbox;
use crate::app::App;
use crate::database::{from_json, new_id};
use crate::http::Language;
use crate::http::Problem;
use crate::limits::{OUTBOX_BATCH, OUTBOX_LEASE_US};

/// A message that this server sends.
pub(super) struct Leased {
    pub id: String,
    /// Names the lease.
    pub lease: String,
    pub address: String,
    pub address_id: Option<String>,
    pub urgent: bool,
    /// With this one.
    pub attempts: i64,
    /// First attempt.
    pub tried_at: i64,
    kind: Kind,
    facts: Value,
    about: (String, String),
    path: String,
    language: Language,
    time_zone: String,
    in_reply_to: Option<String>,
    thread: Option<String>,
    rule: String,
    written_at: i64,
}

impl Leased {
    pub fn draft(&self) -> Draft<'_> {
        Draft {
            id: &self.id,
            kind: self.kind,
            facts: &self.facts,
            about: (&self.about.0, &self.about.1),
            path: &self.path,
            language: self.language,
            time_zone: &self.time_zone,
            urgent: self.urgent,
            in_reply_to: self.in_reply_to.as_deref(),
            thread: self.thread.as_deref(),
            rule: &self.rule,
            written_at: self.written_at,
        }
    }
}

#[derive(FromRow)]
struct Row {
    id: String,
    event: String,
    about_kind: String,
    about_id: String,
    path: String,
    facts: String,
    address: String,
    address_id: Option<String>,
    language: String,
    time_zone: String,
    urgent: i64,
    in_reply_to: Option<String>,
    thread: Option<String>,
    rule: String,
    attempts: i64,
    tried_at: i64,
    created_at: i64,
}

impl Row {
    fn leased(self, lease: &str) -> Result<Leased, Problem> {
        Ok(Leased {
            lease: lease.to_owned(),
            kind: Kind::parse(&self.event)?,
            facts: from_json(&self.facts)?,
            language: Language::parse(&self.language)?,
            id: self.id,
            address: self.address,
            address_id: self.address_id,
            urgent: self.urgent != 0,
            attempts: self.attempts,
            tried_at: self.tried_at,
            about: (self.about_kind, self.about_id),
            path: self.path,
            time_zone: self.time_zone,
            in_reply_to: self.in_reply_to,
            thread: self.thread,
            rule: self.rule,
            written_at: self.created_at,
        })
    }
}

/// Takes messages that are due. The condition stands outside of the inner query as well: PostgreSQL
/// asks it again when it had to wait for another server that took the same row.
pub(super) async fn take(app: &App, now: i64) -> Result<Vec<Leased>, Problem> {
    let lease = new_id();
    let free = "state = 'waiting' AND (leased_until IS NULL OR leased_until <= $1)";
    let sql = format!(
        "UPDATE outbox SET lease = $2, leased_until = $3, attempts = attempts + 1, \
         tried_at = coalesce(tried_at, $1) WHERE {free} AND id IN (SELECT id FROM outbox \
         WHERE {free} AND next_at <= $1 AND (channel <> 'email' OR $4 = 1) \
         ORDER BY next_at, id LIMIT $5) RETURNING id, event, about_kind, about_id, path, facts, \
         address, address_id, language, time_zone, urgent, in_reply_to, thread, rule, attempts, \
         tried_at, created_at"
    );
    let rows: Vec<Row> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(now)
        .bind(&lease)
        .bind(now.saturating_add(OUTBOX_LEASE_US))
        .bind(i64::from(can_leave(app, AddressKind::Email)))
        .bind(OUTBOX_BATCH)
        .fetch_all(&app.database)
        .await?;
    let mut leased = Vec::with_capacity(rows.len());
    for row in rows {
        let id = row.id.clone();
        match row.leased(&lease) {
            Ok(message) => leased.push(message),
            Err(error) => {
                tracing::error!(message_id = id, %error, "A message does not read");
                outbox::refuse_unreadable(app, &id).await?;
            }
        }
    }
    Ok(leased)
}

/// When the next message is due, or the next lease expires.
pub(super) async fn next_due(app: &App) -> Result<Option<i64>, Problem> {
    Ok(sqlx::query_scalar(
        "SELECT min(CASE WHEN leased_until > next_at THEN leased_until ELSE next_at END) \
         FROM outbox WHERE state = 'waiting' AND (channel <> 'email' OR $1 = 1)",
    )
    .bind(i64::from(can_leave(app, AddressKind::Email)))
    .fetch_one(&app.database)
    .await?)
}
