//! How a ticket is opened, joined or reopened by alarms, and how it follows them.

use std::collections::HashMap;

use sqlx::{Any, Transaction};

use super::history::record;
use super::promises;
use super::state::TicketState;
use crate::alarms::{Deviation, Priority, read_deviations};
use crate::database::{new_id, take_turn, to_json};
use crate::fault_signatures;
use crate::http::Problem;
use crate::notifications::{About, Event, What, notify};
use crate::search::{self, SearchKind};
use crate::service_levels::{self, Act};

/// What a ticket is opened with.
pub(crate) struct Opening<'a> {
    pub asset_id: &'a str,
    pub signature: &'a str,
    pub title: &'a str,
    pub priority: &'a str,
    pub since_at: i64,
    pub deviations: &'a str,
    /// Whose doing it is.
    pub who: &'a str,
    /// Whether those are told who have to know of a new ticket.
    pub told: bool,
}

/// The ticket that there is now.
pub(crate) struct Opened {
    pub id: String,
    /// It was not there before; one that is opened again was.
    pub is_new: bool,
}

/// Opens a ticket, finds the open one of the asset and signature, or reopens the one that was closed
/// less than its guarantee window ago. However many do this at once, the unique index
/// `tickets_one_open` lets there be one.
pub(crate) async fn open_or_join(
    tx: &mut Transaction<'_, Any>,
    opening: Opening<'_>,
    now: i64,
) -> Result<Opened, Problem> {
    take_turn(tx, "ticket numbers").await?;
    if let Some(id) = reopen(tx, &opening, now).await? {
        return Ok(Opened { id, is_new: false });
    }
    let id = new_id();
    let opened = sqlx::query(
        "INSERT INTO tickets (id, number, asset_id, signature, state, title, priority, opened_at, \
         since_at, deviations, predecessor_id) SELECT $1, coalesce(max(number), 0) + 1, $2, $3, \
         'open', $4, $5, $6, $7, $8, (SELECT p.id FROM tickets p WHERE p.asset_id = $2 \
         AND p.signature = $3 ORDER BY p.number DESC LIMIT 1) \
         FROM tickets WHERE true ON CONFLICT (asset_id, signature) \
         WHERE state NOT IN ('closed', 'cancelled') DO NOTHING",
    )
    .bind(&id)
    .bind(opening.asset_id)
    .bind(opening.signature)
    .bind(opening.title)
    .bind(opening.priority)
    .bind(now)
    .bind(opening.since_at)
    .bind(opening.deviations)
    .execute(&mut **tx)
    .await?;
    if opened.rows_affected() > 0 {
        let step = (None, TicketState::Open);
        record(tx, &id, now, step, opening.who, opening.title).await?;
        fault_signatures::predict(tx, &id, now).await?;
        search::changed(tx, SearchKind::Ticket, &id).await?;
        if opening.told {
            tell(tx, &id, &opening, now).await?;
        }
        return Ok(Opened { id, is_new: true });
    }
    let id = sqlx::query_scalar(
        "SELECT id FROM tickets WHERE asset_id = $1 AND signature = $2 \
         AND state NOT IN ('closed', 'cancelled')",
    )
    .bind(opening.asset_id)
    .bind(opening.signature)
    .fetch_one(&mut **tx)
    .await?;
    Ok(Opened { id, is_new: false })
}

/// Tells those who have to know that there is a new ticket.
async fn tell(
    tx: &mut Transaction<'_, Any>,
    id: &str,
    opening: &Opening<'_>,
    now: i64,
) -> Result<(), Problem> {
    let (number, machine): (i64, String) = sqlx::query_as(
        "SELECT t.number, a.name FROM tickets t JOIN assets a ON a.id = t.asset_id WHERE t.id = $1",
    )
    .bind(id)
    .fetch_one(&mut **tx)
    .await?;
    let (key, path, number) =
        (format!("ticket-opened:{id}"), format!("/tickets/{id}"), super::number(number));
    let what = What::TicketOpened { number: &number, machine: &machine, summary: opening.title };
    let about = About { kind: "ticket", id, path: &path };
    notify(tx, Event::new(&key, what, about, "a ticket is opened"), now).await?;
    Ok(())
}

/// Reopens the newest ticket of the signature that was closed and is on probation, unless one is
/// open. A cancelled ticket stays cancelled.
async fn reopen(
    tx: &mut Transaction<'_, Any>,
    opening: &Opening<'_>,
    now: i64,
) -> Result<Option<String>, Problem> {
    let reopened: Option<String> = sqlx::query_scalar(
        "UPDATE tickets SET state = 'open', closed_at = NULL, probation_until = NULL \
         WHERE id = (SELECT c.id FROM tickets c WHERE c.asset_id = $1 AND c.signature = $2 \
         AND c.state = 'closed' AND c.probation_until > $3 AND NOT EXISTS (SELECT 1 FROM tickets o \
         WHERE o.asset_id = $1 AND o.signature = $2 AND o.state NOT IN ('closed', 'cancelled')) \
         ORDER BY c.number DESC LIMIT 1) RETURNING id",
    )
    .bind(opening.asset_id)
    .bind(opening.signature)
    .bind(now)
    .fetch_optional(&mut **tx)
    .await?;
    if let Some(id) = &reopened {
        let why = format!("Came back inside the guarantee window: {}", opening.title);
        let step = (Some(TicketState::Closed), TicketState::Open);
        record(tx, id, now, step, "probation", &why).await?;
    }
    Ok(reopened)
}

/// Lets an open ticket show its active alarms: the title of the most urgent and newest of them, and
/// each point's newest figures, the furthest beyond its limit first. Without an active alarm it stays as it is.
pub(crate) async fn follow_alarms(
    tx: &mut Transaction<'_, Any>,
    ticket_id: &str,
    now: i64,
) -> Result<(), Problem> {
    let alarms: Vec<(String, String, String)> = sqlx::query_as(
        "SELECT summary, priority, deviations FROM alarms WHERE ticket_id = $1 \
         AND cleared_at IS NULL AND hidden_by IS NULL ORDER BY CASE priority WHEN 'critical' THEN 3 \
         WHEN 'high' THEN 2 WHEN 'medium' THEN 1 ELSE 0 END, last_raised_at, id",
    )
    .bind(ticket_id)
    .fetch_all(&mut **tx)
    .await?;
    let Some((summary, priority, _)) = alarms.last() else { return Ok(()) };
    let title = match alarms.len() - 1 {
        0 => summary.clone(),
        1 => format!("{summary}, and one more alarm"),
        n => format!("{summary}, and {n} more alarms"),
    };
    let mut by_point: HashMap<String, Deviation> = HashMap::new();
    for (_, _, deviations) in &alarms {
        let deviations = read_deviations(deviations)?;
        by_point.extend(deviations.into_iter().map(|d| (d.point_id.clone(), d)));
    }
    let mut deviations: Vec<_> = by_point.into_values().collect();
    deviations.sort_by(|a, b| {
        let far = b.limits.total_cmp(&a.limits);
        far.then_with(|| b.unusual.total_cmp(&a.unusual)).then_with(|| a.point_id.cmp(&b.point_id))
    });
    let json = to_json(&deviations)?;
    let followed = sqlx::query(
        "UPDATE tickets SET title = $2, priority = $3, deviations = $4 WHERE id = $1 \
         AND state NOT IN ('closed', 'cancelled')",
    )
    .bind(ticket_id)
    .bind(title)
    .bind(priority)
    .bind(json)
    .execute(&mut **tx)
    .await?;
    if followed.rows_affected() > 0 {
        search::changed(tx, SearchKind::Ticket, ticket_id).await?;
        let why = format!("an alarm of priority {priority} is the most urgent one");
        let act = Act { who: "detection", why: &why, at: now };
        let ticket = promises::about(ticket_id);
        service_levels::reprioritise(tx, ticket, Priority::parse(priority)?, act).await?;
    }
    Ok(())
}
