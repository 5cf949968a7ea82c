//! The rules of notifications over HTTP: their versions, and a new one.

use std::collections::BTreeSet;

use axum::Json;
use axum::extract::{Query, State};
use serde::{Deserialize, Serialize};
use sqlx::{Any, Transaction};
use utoipa::{IntoParams, ToSchema};

use super::audience::Audience;
use crate::app::App;
use crate::http::{By, Page, Problem, check_text, cursor};
use crate::limits::{NOTIFICATION_PATIENCE_S, NOTIFICATION_RULES, TEXT_CHARS, VERDICT_ROWS};
use crate::notifications::addresses::AddressKind;
use crate::notifications::kind::Kind;
use crate::time::Time;

/// Who hears of a kind of event, and how.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct NotificationRule {
    event: Kind,
    /// `customer`, `technician`, `addressee` (whom it concerns), `role:NAME`, or `channel:NAME`.
    audience: String,
    /// Kinds of addresses, the preferred one first; the first that the person has is taken.
    channels: Vec<AddressKind>,
    /// Quiet hours do not hold it back.
    #[serde(default)]
    urgent: bool,
}

/// How patient the outbox is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RetryPolicy {
    /// Seconds until the second attempt; doubled after each further one …
    first_s: i64,
    /// … up to so many seconds.
    longest_s: i64,
    /// Seconds after the first attempt at which a message is given up.
    give_up_after_s: i64,
}

/// A version of the rules; the newest holds. What no rule is for, nobody is told.
#[derive(Debug, Serialize, ToSchema)]
pub struct NotificationRules {
    version: i64,
    at: Time,
    by: String,
    why: String,
    retry: RetryPolicy,
    rules: Vec<NotificationRule>,
}

/// A new version of the rules.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewNotificationRules {
    retry: RetryPolicy,
    rules: Vec<NotificationRule>,
    #[schema(min_length = 1)]
    why: String,
}

impl NewNotificationRules {
    fn check(&self) -> Result<(), Problem> {
        let invalid = |text: String| Err(Problem::Invalid(text));
        check_text("why", &self.why, TEXT_CHARS)?;
        let RetryPolicy { first_s, longest_s, give_up_after_s } = self.retry;
        let allowed = 1..=NOTIFICATION_PATIENCE_S;
        if ![first_s, longest_s, give_up_after_s].iter().all(|s| allowed.contains(s)) {
            return invalid(format!(
                "`retry` has to be from 1 to {NOTIFICATION_PATIENCE_S} seconds"
            ));
        }
        if longest_s < first_s {
            return invalid("`longest_s` may not be below `first_s`".into());
        }
        if self.rules.len() > NOTIFICATION_RULES {
            return invalid(format!("there may be {NOTIFICATION_RULES} rules"));
        }
        let mut seen = BTreeSet::new();
        for rule in &self.rules {
            let (event, audience) = (rule.event.as_str(), rule.audience.as_str());
            if Audience::parse(audience).is_none() {
                return invalid(format!(
                    "`audience` {audience:?} is none of customer, technician, addressee, \
                     role:NAME, channel:NAME"
                ));
            }
            if rule.event == Kind::Test {
                return invalid("`test` is no event of a rule: an address is tried by hand".into());
            }
            if !seen.insert((rule.event, audience)) {
                return invalid(format!("{event} has two rules for {audience}"));
            }
            let kinds: BTreeSet<&str> = rule.channels.iter().map(|c| c.as_str()).collect();
            if kinds.is_empty() || kinds.len() < rule.channels.len() {
                return invalid(format!("{event} for {audience}: name each channel once"));
            }
        }
        Ok(())
    }
}

/// Query of the list of versions.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct RuleVersionsQuery {
    cursor: Option<String>,
}

/// The rules of notifications in all their versions, the one that holds first.
#[utoipa::path(
    get,
    path = "/api/v1/notification-rules",
    operation_id = "list_notification_rules",
    tag = "notifications",
    params(RuleVersionsQuery),
    responses((status = 200, body = Page<NotificationRules>), Problem)
)]
pub(crate) async fn versions(
    State(app): State<App>,
    Query(query): Query<RuleVersionsQuery>,
) -> Result<Json<Page<NotificationRules>>, Problem> {
    let below = cursor(query.cursor.as_deref())?.unwrap_or(i64::MAX);
    let rows: Vec<(i64, String, String, i64, i64, i64, i64)> = sqlx::query_as(
        "SELECT version, who, why, at, retry_first_s, retry_longest_s, give_up_after_s \
         FROM notification_rule_versions WHERE version < $1 ORDER BY version DESC LIMIT $2",
    )
    .bind(below)
    .bind(VERDICT_ROWS + 1)
    .fetch_all(&app.database)
    .await?;
    let mut items = Vec::with_capacity(rows.len());
    for (version, by, why, at, first_s, longest_s, give_up_after_s) in rows {
        let retry = RetryPolicy { first_s, longest_s, give_up_after_s };
        let rules = rules_of(&app, version).await?;
        items.push(NotificationRules { version, at: Time(at), by, why, retry, rules });
    }
    Ok(Json(Page::cut(items, VERDICT_ROWS as usize, |v| v.version.to_string())))
}

async fn rules_of(app: &App, version: i64) -> Result<Vec<NotificationRule>, Problem> {
    let rows: Vec<(String, String, String, i64)> = sqlx::query_as(
        "SELECT event, audience, channels, urgent FROM notification_rules WHERE version = $1 \
         ORDER BY event, audience",
    )
    .bind(version)
    .fetch_all(&app.database)
    .await?;
    let read = |(event, audience, channels, urgent): (String, String, String, i64)| {
        let channels = channels.split(' ').map(AddressKind::parse).collect::<Result<_, _>>()?;
        let event = Kind::parse(&event)?;
        Ok(NotificationRule { event, audience, channels, urgent: urgent != 0 })
    };
    rows.into_iter().map(read).collect()
}

/// Changes the rules of notifications. They hold for events from now on; the patience holds for
/// messages that wait, too.
#[utoipa::path(
    put,
    path = "/api/v1/notification-rules",
    operation_id = "change_notification_rules",
    tag = "notifications",
    responses((status = 200, body = NotificationRules), Problem)
)]
pub(crate) async fn change(
    By(who): By,
    State(app): State<App>,
    Json(wanted): Json<NewNotificationRules>,
) -> Result<Json<NotificationRules>, Problem> {
    wanted.check()?;
    let (why, now) = (wanted.why.trim().to_owned(), app.clock.now_us());
    let mut tx = app.begin().await?;
    let version: Option<i64> = sqlx::query_scalar(
        "INSERT INTO notification_rule_versions \
         (version, who, why, at, retry_first_s, retry_longest_s, give_up_after_s) \
         SELECT max(version) + 1, $1, $2, $3, $4, $5, $6 FROM notification_rule_versions \
         WHERE true ON CONFLICT DO NOTHING RETURNING version",
    )
    .bind(&who)
    .bind(&why)
    .bind(now)
    .bind(wanted.retry.first_s)
    .bind(wanted.retry.longest_s)
    .bind(wanted.retry.give_up_after_s)
    .fetch_optional(&mut *tx)
    .await?;
    let conflict = || Problem::Conflict("somebody else has just changed these rules".into());
    let version = version.ok_or_else(conflict)?;
    for rule in &wanted.rules {
        keep(&mut tx, version, rule).await?;
    }
    tx.commit().await?;
    let rules = rules_of(&app, version).await?;
    let (at, retry) = (Time(now), wanted.retry);
    Ok(Json(NotificationRules { version, at, by: who, why, retry, rules }))
}

async fn keep(
    tx: &mut Transaction<'_, Any>,
    version: i64,
    rule: &NotificationRule,
) -> Result<(), Problem> {
    let channels: Vec<&str> = rule.channels.iter().map(|c| c.as_str()).collect();
    sqlx::query(
        "INSERT INTO notification_rules (version, event, audience, channels, urgent) \
         VALUES ($1, $2, $3, $4, $5)",
    )
    .bind(version)
    .bind(rule.event.as_str())
    .bind(&rule.audience)
    .bind(channels.join(" "))
    .bind(i64::from(rule.urgent))
    .execute(&mut **tx)
    .await?;
    Ok(())
}
