//! Tickets: where a deviation becomes work. One open ticket per asset and signature, decided by
//! the database.

use axum::Json;
use axum::extract::{Path, Query, State};
use detection::Cause;
use serde::{Deserialize, Serialize};
use sqlx::{Any, FromRow, Transaction};
use utoipa::{IntoParams, ToSchema};

use crate::app::App;
use crate::database::new_id;
use crate::http::{Admin, Page, Problem};
use crate::limits::{LIST_ROWS, TEXT_CHARS};
use crate::time::Time;

/// State of a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TicketState {
    /// Nobody works on it yet.
    Open,
    /// The cause is being looked for.
    Diagnosing,
    /// The machine is mended, closure is due.
    Resolved,
    /// Done.
    Closed,
    /// Needed no work.
    Cancelled,
}

impl TicketState {
    const ALL: [Self; 5] =
        [Self::Open, Self::Diagnosing, Self::Resolved, Self::Closed, Self::Cancelled];

    /// The states that can follow.
    #[must_use]
    pub fn next(self) -> &'static [Self] {
        match self {
            Self::Open => &[Self::Diagnosing, Self::Resolved, Self::Cancelled],
            Self::Diagnosing => &[Self::Open, Self::Resolved, Self::Cancelled],
            Self::Resolved => &[Self::Diagnosing, Self::Closed],
            Self::Closed | Self::Cancelled => &[],
        }
    }

    fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Diagnosing => "diagnosing",
            Self::Resolved => "resolved",
            Self::Closed => "closed",
            Self::Cancelled => "cancelled",
        }
    }

    fn parse(text: &str) -> Result<Self, Problem> {
        let known = Self::ALL.into_iter().find(|s| s.as_str() == text);
        known.ok_or_else(|| Problem::Internal(format!("ticket state {text:?}").into()))
    }

    fn step(self, to: Self) -> Result<Self, Problem> {
        if self.next().contains(&to) {
            return Ok(to);
        }
        Err(Problem::IllegalStep {
            subject: "ticket",
            state: self.as_str().to_owned(),
            wanted: to.as_str().to_owned(),
            allowed: self.next().iter().map(|s| s.as_str().to_owned()).collect(),
        })
    }
}

/// How far a point is from its normal, with the point's name.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Deviation {
    point_id: String,
    point_name: String,
    quantity: String,
    unit: String,
    expected: f64,
    low: f64,
    high: f64,
    seen: f64,
    /// Robust standard deviations.
    unusual: f64,
    since: String,
}

/// Names the points of a finding.
pub(crate) async fn name(
    app: &App,
    asset_id: &str,
    deviations: &[detection::Deviation],
) -> Result<Vec<Deviation>, Problem> {
    let points: Vec<(i64, String, String, String, String)> =
        sqlx::query_as("SELECT slot, id, name, quantity, unit FROM points WHERE asset_id = $1")
            .bind(asset_id)
            .fetch_all(&app.database)
            .await?;
    let named = deviations.iter().filter_map(|d| {
        let (_, id, name, quantity, unit) =
            points.iter().find(|(slot, ..)| *slot == i64::from(d.slot.0))?;
        Some(Deviation {
            point_id: id.clone(),
            point_name: name.clone(),
            quantity: quantity.clone(),
            unit: unit.clone(),
            expected: d.expected,
            low: d.low,
            high: d.high,
            seen: d.seen,
            unusual: d.unusual,
            since: crate::time::rfc3339(d.since_us),
        })
    });
    Ok(named.collect())
}

/// One line for a list: the most unusual point, and how many more.
pub(crate) fn summary(cause: Cause, deviations: &[Deviation]) -> String {
    let Some(first) = deviations.first() else { return "Deviates from normal".to_owned() };
    let direction = if first.seen > first.expected { "high" } else { "low" };
    let what = match cause {
        Cause::Level => format!("{} is unusually {direction}", first.point_name),
        Cause::Change if direction == "high" => format!("{} has risen", first.point_name),
        Cause::Change => format!("{} has fallen", first.point_name),
        Cause::Combination => format!("{} does not fit the other points", first.point_name),
    };
    match deviations.len() - 1 {
        0 => what,
        1 => format!("{what}, and one more point"),
        n => format!("{what}, and {n} more points"),
    }
}

pub(crate) fn read_deviations(json: &str) -> Result<Vec<Deviation>, Problem> {
    serde_json::from_str(json).map_err(|e| Problem::Internal(Box::new(e)))
}

/// What a ticket is opened with.
pub(crate) struct Opening<'a> {
    pub asset_id: &'a str,
    pub signature: &'a str,
    pub title: &'a str,
    pub since_at: i64,
    pub deviations: &'a str,
}

/// Opens a ticket, or finds the open one of the asset and signature. However many do this at
/// once, the unique index `tickets_one_open` lets one of them open it.
pub(crate) async fn open_or_join(
    tx: &mut Transaction<'_, Any>,
    opening: Opening<'_>,
    now: i64,
) -> Result<String, sqlx::Error> {
    let id = new_id();
    let opened = sqlx::query(
        "INSERT INTO tickets (id, number, asset_id, signature, state, title, opened_at, since_at, \
         deviations) SELECT $1, coalesce(max(number), 0) + 1, $2, $3, 'open', $4, $5, $6, $7 \
         FROM tickets WHERE true ON CONFLICT (asset_id, signature) \
         WHERE state NOT IN ('closed', 'cancelled') DO NOTHING",
    )
    .bind(&id)
    .bind(opening.asset_id)
    .bind(opening.signature)
    .bind(opening.title)
    .bind(now)
    .bind(opening.since_at)
    .bind(opening.deviations)
    .execute(&mut **tx)
    .await?;
    if opened.rows_affected() > 0 {
        record(tx, &id, now, None, TicketState::Open, "detection", opening.title).await?;
        return Ok(id);
    }
    sqlx::query_scalar(
        "SELECT id FROM tickets WHERE asset_id = $1 AND signature = $2 \
         AND state NOT IN ('closed', 'cancelled')",
    )
    .bind(opening.asset_id)
    .bind(opening.signature)
    .fetch_one(&mut **tx)
    .await
}

async fn record(
    tx: &mut Transaction<'_, Any>,
    ticket_id: &str,
    at: i64,
    from: Option<TicketState>,
    to: TicketState,
    who: &str,
    why: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO ticket_steps (id, ticket_id, at, from_state, to_state, who, why) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(new_id())
    .bind(ticket_id)
    .bind(at)
    .bind(from.map(TicketState::as_str))
    .bind(to.as_str())
    .bind(who)
    .bind(why)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// The ticket that an alarm opened shows the alarm's newest figures.
pub(crate) async fn worsen(app: &App, alarm_id: &str, deviations: &str) -> Result<(), Problem> {
    let ticket: Option<String> = sqlx::query_scalar(
        "UPDATE tickets SET deviations = $2 WHERE state NOT IN ('closed', 'cancelled') \
         AND id = (SELECT ticket_id FROM alarms WHERE id = $1) RETURNING id",
    )
    .bind(alarm_id)
    .bind(deviations)
    .fetch_optional(&app.database)
    .await?;
    match ticket {
        Some(id) => announce(app, &id).await,
        None => Ok(()),
    }
}

#[derive(Debug, FromRow)]
struct Row {
    id: String,
    number: i64,
    asset_id: String,
    asset_name: String,
    signature: String,
    state: String,
    title: String,
    opened_at: i64,
    since_at: i64,
    deviations: String,
    alarm_count: i64,
}

/// A step in a ticket's history.
#[derive(Debug, Serialize, ToSchema)]
pub struct HistoryStep {
    at: Time,
    #[schema(required)]
    from: Option<TicketState>,
    to: TicketState,
    who: String,
    why: String,
}

/// A ticket.
#[derive(Debug, Serialize, ToSchema)]
pub struct Ticket {
    id: String,
    number: String,
    asset_id: String,
    asset_name: String,
    signature: String,
    state: TicketState,
    title: String,
    opened_at: Time,
    since: Time,
    deviations: Vec<Deviation>,
    alarm_count: i64,
    #[schema(value_type = Vec<TicketState>)]
    next_states: &'static [TicketState],
    #[serde(skip_serializing_if = "Option::is_none")]
    history: Option<Vec<HistoryStep>>,
}

impl TryFrom<Row> for Ticket {
    type Error = Problem;
    fn try_from(r: Row) -> Result<Self, Problem> {
        let state = TicketState::parse(&r.state)?;
        Ok(Self {
            state,
            next_states: state.next(),
            deviations: read_deviations(&r.deviations)?,
            id: r.id,
            number: number(r.number),
            asset_id: r.asset_id,
            asset_name: r.asset_name,
            signature: r.signature,
            title: r.title,
            opened_at: Time(r.opened_at),
            since: Time(r.since_at),
            alarm_count: r.alarm_count,
            history: None,
        })
    }
}

/// What people call a ticket.
fn number(number: i64) -> String {
    format!("T-{number}")
}

const SELECT: &str = "SELECT t.id, t.number, t.asset_id, a.name AS asset_name, t.signature, \
     t.state, t.title, t.opened_at, t.since_at, t.deviations, \
     (SELECT count(*) FROM alarms l WHERE l.ticket_id = t.id) AS alarm_count \
     FROM tickets t JOIN assets a ON a.id = t.asset_id";

async fn find(app: &App, id: &str) -> Result<Ticket, Problem> {
    let row: Option<Row> = sqlx::query_as(sqlx::AssertSqlSafe(format!("{SELECT} WHERE t.id = $1")))
        .bind(id)
        .fetch_optional(&app.database)
        .await?;
    row.ok_or(Problem::NotFound("ticket"))?.try_into()
}

/// One ticket, or all of them, as marks on charts of other tools.
pub(crate) async fn noted(
    app: &App,
    id: Option<&str>,
) -> Result<Vec<store::NotedTicket>, sqlx::Error> {
    let sql = format!("{SELECT} WHERE $1 = '' OR t.id = $1");
    let rows: Vec<Row> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(id.unwrap_or_default())
        .fetch_all(&app.database)
        .await?;
    let noted = |r: Row| store::NotedTicket {
        id: r.id,
        number: number(r.number),
        asset: r.asset_name,
        state: r.state,
        title: r.title,
        since_us: r.since_at,
        opened_us: r.opened_at,
    };
    Ok(rows.into_iter().map(noted).collect())
}

pub(crate) async fn announce(app: &App, id: &str) -> Result<(), Problem> {
    app.descriptions.ticket_changed(id);
    app.announce("ticket", &find(app, id).await?);
    Ok(())
}

/// Query of the list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct TicketsQuery {
    asset: Option<String>,
    cursor: Option<String>,
}

/// Tickets, the newest first.
#[utoipa::path(
    get,
    path = "/api/v1/tickets",
    operation_id = "list_tickets",
    tag = "tickets",
    params(TicketsQuery),
    responses((status = 200, body = Page<Ticket>), Problem)
)]
pub(crate) async fn list(
    _: Admin,
    State(app): State<App>,
    Query(query): Query<TicketsQuery>,
) -> Result<Json<Page<Ticket>>, Problem> {
    let sql = format!(
        "{SELECT} WHERE ($1 = '' OR t.asset_id = $1) AND t.id < $2 ORDER BY t.id DESC LIMIT $3"
    );
    let rows: Vec<Row> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(query.asset.unwrap_or_default())
        .bind(query.cursor.unwrap_or_else(|| "~".to_owned()))
        .bind(LIST_ROWS + 1)
        .fetch_all(&app.database)
        .await?;
    let items = rows.into_iter().map(Ticket::try_from).collect::<Result<Vec<_>, _>>()?;
    Ok(Json(Page::cut(items, LIST_ROWS as usize, |t| t.id.clone())))
}

/// One ticket with its history.
#[utoipa::path(
    get,
    path = "/api/v1/tickets/{id}",
    operation_id = "show_ticket",
    tag = "tickets",
    responses((status = 200, body = Ticket), Problem)
)]
pub(crate) async fn show(
    _: Admin,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Json<Ticket>, Problem> {
    let mut ticket = find(&app, &id).await?;
    let steps: Vec<(i64, Option<String>, String, String, String)> = sqlx::query_as(
        "SELECT at, from_state, to_state, who, why FROM ticket_steps WHERE ticket_id = $1 ORDER BY id",
    )
    .bind(&id)
    .fetch_all(&app.database)
    .await?;
    let step = |(at, from, to, who, why): (_, Option<String>, String, _, _)| {
        let from = from.as_deref().map(TicketState::parse).transpose()?;
        Ok(HistoryStep { at: Time(at), from, to: TicketState::parse(&to)?, who, why })
    };
    ticket.history = Some(steps.into_iter().map(step).collect::<Result<_, Problem>>()?);
    Ok(Json(ticket))
}

/// Body of a transition.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Transition {
    to: TicketState,
    why: String,
}

/// Moves a ticket to its next state.
///
/// A step that is not allowed is a 409 whose `next_states` are those that are.
#[utoipa::path(
    post,
    path = "/api/v1/tickets/{id}/transition",
    operation_id = "move_ticket",
    tag = "tickets",
    responses((status = 200, body = Ticket), Problem)
)]
pub(crate) async fn transition(
    Admin(who): Admin,
    State(app): State<App>,
    Path(id): Path<String>,
    Json(wanted): Json<Transition>,
) -> Result<Json<Ticket>, Problem> {
    let why = wanted.why.trim();
    if why.is_empty() || why.chars().count() > TEXT_CHARS {
        return Err(Problem::Invalid("`why` has to have 1 to 500 characters".into()));
    }
    let from = find(&app, &id).await?.state;
    let to = from.step(wanted.to)?;
    let now = app.clock.now_us();
    let mut tx = app.database.begin().await?;
    let changed = sqlx::query("UPDATE tickets SET state = $2 WHERE id = $1 AND state = $3")
        .bind(&id)
        .bind(to.as_str())
        .bind(from.as_str())
        .execute(&mut *tx)
        .await?;
    if changed.rows_affected() == 0 {
        return Err(Problem::Conflict("somebody else has just changed this ticket".into()));
    }
    record(&mut tx, &id, now, Some(from), to, &who, why).await?;
    tx.commit().await?;
    announce(&app, &id).await?;
    show(Admin(who), State(app), Path(id)).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_illegal_step_names_the_legal_ones() {
        let Err(Problem::IllegalStep { allowed, .. }) = TicketState::Open.step(TicketState::Closed)
        else {
            panic!("an open ticket was closed without being resolved");
        };
        assert_eq!(allowed, ["diagnosing", "resolved", "cancelled"]);
    }

    #[test]
    fn a_closed_ticket_stays_closed() {
        for to in TicketState::ALL {
            assert!(TicketState::Closed.step(to).is_err());
        }
    }
}
