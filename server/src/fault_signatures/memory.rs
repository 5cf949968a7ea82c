//! What is remembered of closed tickets, and what the past says when a ticket is opened.

use sqlx::{Any, FromRow, Transaction};

use super::nearest::{Case, Pattern, nearest};
use crate::alarms::Deviation;
use crate::limits::PAST_CASES;

fn unreadable(error: serde_json::Error) -> sqlx::Error {
    sqlx::Error::Decode(Box::new(error))
}

/// A machine with the pattern of one of its tickets.
pub(super) struct Shown {
    pub kind: String,
    pub model: Option<String>,
    pub pattern: Pattern,
}

#[derive(FromRow)]
struct TicketRow {
    asset_id: String,
    kind: String,
    model: Option<String>,
    deviations: String,
}

/// What a point counts that is beyond a limit that people have set: nothing was learnt that would say
/// how unusual that is. Three standard deviations are what control charts act on (Shewhart 1931).
const BEYOND_A_LIMIT: f64 = 3.0;

/// Robust standard deviations, with the sign of the direction.
pub(super) fn score(d: &Deviation) -> f64 {
    if d.unusual > 0.0 {
        return if d.seen < d.expected { -d.unusual } else { d.unusual };
    }
    match (d.seen < d.low, d.seen > d.high) {
        (true, _) => -BEYOND_A_LIMIT,
        (_, true) => BEYOND_A_LIMIT,
        _ => 0.0,
    }
}

/// The pattern of a ticket as it stands.
pub(super) async fn shown(
    tx: &mut Transaction<'_, Any>,
    ticket_id: &str,
) -> Result<Option<Shown>, sqlx::Error> {
    let ticket: Option<TicketRow> = sqlx::query_as(
        "SELECT t.asset_id, a.kind, a.model, t.deviations FROM tickets t JOIN assets a \
         ON a.id = t.asset_id WHERE t.id = $1",
    )
    .bind(ticket_id)
    .fetch_optional(&mut **tx)
    .await?;
    let Some(ticket) = ticket else { return Ok(None) };
    let positions: Vec<(String, String)> =
        sqlx::query_as("SELECT id, position FROM points WHERE asset_id = $1")
            .bind(&ticket.asset_id)
            .fetch_all(&mut **tx)
            .await?;
    let tags: Vec<String> =
        sqlx::query_scalar("SELECT DISTINCT tag FROM alarms WHERE ticket_id = $1")
            .bind(ticket_id)
            .fetch_all(&mut **tx)
            .await?;
    let level = |tag: &String| tag.split(':').next().unwrap_or_default().to_owned();
    let mut pattern = Pattern { levels: tags.iter().map(level).collect(), ..Pattern::default() };
    let deviations: Vec<Deviation> =
        serde_json::from_str(&ticket.deviations).map_err(unreadable)?;
    for d in deviations {
        let position = positions.iter().find(|(id, _)| *id == d.point_id);
        let position = position.map_or("", |(_, position)| position);
        pattern.add(&d.quantity, position, score(&d));
    }
    Ok(Some(Shown { kind: ticket.kind, model: ticket.model, pattern }))
}

/// A closed ticket with its finding.
#[derive(Debug, FromRow)]
pub(super) struct PastRow {
    pub ticket_id: String,
    pub number: i64,
    pub asset_id: String,
    pub asset_name: String,
    model: Option<String>,
    pattern: String,
    pub closed_at: i64,
    pub cause: String,
    pub note: String,
    pub remedy: String,
    pub parts: String,
}

/// The past cases of a kind of machine, without one ticket.
pub(super) async fn cases(
    tx: &mut Transaction<'_, Any>,
    kind: &str,
    without: &str,
) -> Result<Vec<Case<PastRow>>, sqlx::Error> {
    let rows: Vec<PastRow> = sqlx::query_as(
        "SELECT p.ticket_id, t.number, t.asset_id, a.name AS asset_name, p.model, p.pattern, \
         t.closed_at, f.cause, f.note, f.remedy, f.parts FROM fault_patterns p \
         JOIN tickets t ON t.id = p.ticket_id JOIN assets a ON a.id = t.asset_id \
         JOIN ticket_findings f ON f.id = (SELECT max(n.id) FROM ticket_findings n \
         WHERE n.ticket_id = t.id) WHERE p.kind = $1 AND t.state = 'closed' \
         AND t.closed_at IS NOT NULL AND t.id <> $2 ORDER BY t.closed_at DESC, t.id DESC LIMIT $3",
    )
    .bind(kind)
    .bind(without)
    .bind(PAST_CASES)
    .fetch_all(&mut **tx)
    .await?;
    let case = |row: PastRow| {
        let pattern = serde_json::from_str(&row.pattern).map_err(unreadable)?;
        Ok(Case { model: row.model.clone(), pattern, closed_us: row.closed_at, of: row })
    };
    rows.into_iter().map(case).collect()
}

/// Remembers the pattern of a ticket, when it is closed and has a finding and deviates somewhere.
pub(crate) async fn remember(
    tx: &mut Transaction<'_, Any>,
    ticket_id: &str,
    now: i64,
) -> Result<(), sqlx::Error> {
    let Some(shown) = shown(tx, ticket_id).await? else { return Ok(()) };
    if shown.pattern.scores.is_empty() {
        return Ok(());
    }
    sqlx::query(
        "INSERT INTO fault_patterns (ticket_id, kind, model, pattern, remembered_at) \
         SELECT t.id, $2, $3, $4, $5 FROM tickets t WHERE t.id = $1 AND t.state = 'closed' \
         AND EXISTS (SELECT 1 FROM ticket_findings f WHERE f.ticket_id = t.id) \
         ON CONFLICT (ticket_id) DO UPDATE SET kind = excluded.kind, model = excluded.model, \
         pattern = excluded.pattern, remembered_at = excluded.remembered_at",
    )
    .bind(ticket_id)
    .bind(&shown.kind)
    .bind(&shown.model)
    .bind(serde_json::to_string(&shown.pattern).map_err(unreadable)?)
    .bind(now)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Writes down what the past says of a ticket that has just been opened, so that it can be held
/// against what will be found. Nothing is written when the past says nothing.
pub(crate) async fn predict(
    tx: &mut Transaction<'_, Any>,
    ticket_id: &str,
    now: i64,
) -> Result<(), sqlx::Error> {
    let Some(shown) = shown(tx, ticket_id).await? else { return Ok(()) };
    let cases = cases(tx, &shown.kind, ticket_id).await?;
    let Ok(near) = nearest(&shown.pattern, shown.model.as_deref(), &cases) else { return Ok(()) };
    let Some(first) = near.first() else { return Ok(()) };
    sqlx::query(
        "INSERT INTO fault_predictions (ticket_id, case_id, kind, cause, distance, at) \
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (ticket_id) DO NOTHING",
    )
    .bind(ticket_id)
    .bind(&first.case.of.ticket_id)
    .bind(&shown.kind)
    .bind(&first.case.of.cause)
    .bind(first.distance)
    .bind(now)
    .execute(&mut **tx)
    .await?;
    Ok(())
}
