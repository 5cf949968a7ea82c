//! What other slices ask of the outbox: to take back what is no longer true, and what an answer is about.

use sqlx::{Any, AnyPool, Transaction};

use super::settling::{FORGET_LINK, record};
use crate::http::Problem;
use crate::notifications::kind::Kind;
use crate::notifications::state::MessageState;

/// Takes back the messages of an event that were not sent yet, such as the reminder of a visit that was
/// cancelled, and says how many. What is being sent just now stays.
///
/// # Errors
/// When the database fails.
pub(crate) async fn take_back(
    tx: &mut Transaction<'_, Any>,
    event_key: &str,
    (who, why): (&str, &str),
    now: i64,
) -> Result<usize, Problem> {
    let sql = format!(
        "UPDATE outbox SET state = $3, {FORGET_LINK} WHERE event_key = $1 AND state = $2 \
         AND (leased_until IS NULL OR leased_until <= $4) RETURNING id"
    );
    let (from, to) = (MessageState::Waiting, MessageState::Waiting.step(MessageState::Withdrawn)?);
    let taken: Vec<String> = sqlx::query_scalar(sqlx::AssertSqlSafe(sql))
        .bind(event_key)
        .bind(from.as_str())
        .bind(to.as_str())
        .bind(now)
        .fetch_all(&mut **tx)
        .await?;
    for id in &taken {
        record(tx, id, now, (Some(from), to), who, why).await?;
    }
    Ok(taken.len())
}

/// Takes back what was told about something by these kinds of events and not sent yet, and says how many
/// that were.
///
/// # Errors
/// When the database fails.
pub(crate) async fn take_back_news(
    tx: &mut Transaction<'_, Any>,
    (about_kind, about_id): (&str, &str),
    events: &[Kind],
    by: (&str, &str),
    now: i64,
) -> Result<usize, Problem> {
    let waiting: Vec<(String, String)> = sqlx::query_as(
        "SELECT DISTINCT event_key, event FROM outbox WHERE about_kind = $1 AND about_id = $2 \
         AND state = $3",
    )
    .bind(about_kind)
    .bind(about_id)
    .bind(MessageState::Waiting.as_str())
    .fetch_all(&mut **tx)
    .await?;
    let mut taken = 0;
    for (key, event) in waiting {
        if events.iter().any(|kind| kind.as_str() == event) {
            taken += take_back(tx, &key, by, now).await?;
        }
    }
    Ok(taken)
}

/// Kind and id of what one of our e-mails was about, by the Message-ID that an answer names in
/// `In-Reply-To` or `References`; `None` when it is none of ours.
///
/// # Errors
/// When the database fails.
pub(crate) async fn told_by(
    database: &AnyPool,
    message_id: &str,
) -> Result<Option<(String, String)>, Problem> {
    let id = message_id.trim().trim_start_matches('<').split('@').next().unwrap_or_default();
    Ok(sqlx::query_as("SELECT about_kind, about_id FROM outbox WHERE id = $1")
        .bind(id)
        .fetch_optional(database)
        .await?)
}
