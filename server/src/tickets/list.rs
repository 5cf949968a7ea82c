//! Tickets over HTTP: looking at them.

use axum::Json;
use axum::extract::{Path, Query, State};
use serde::{Deserialize, Serialize};
use sqlx::FromRow;
use utoipa::{IntoParams, ToSchema};

use super::history::{self, HistoryStep};
use super::number;
use super::state::TicketState;
use crate::access::Reach;
use crate::alarms::{Deviation, Priority, read_deviations};
use crate::app::App;
use crate::http::{Page, Problem};
use crate::limits::LIST_ROWS;
use crate::search::{SearchKind, Wanted};
use crate::time::Time;

#[derive(Debug, FromRow)]
struct Row {
    id: String,
    number: i64,
    asset_id: String,
    asset_name: String,
    signature: String,
    state: String,
    title: String,
    priority: String,
    opened_at: i64,
    since_at: i64,
    closed_at: Option<i64>,
    probation_until: Option<i64>,
    predecessor_id: Option<String>,
    predecessor_number: Option<i64>,
    deviations: String,
    alarm_count: i64,
    active_alarm_count: i64,
    reopened_count: i64,
}

/// The ticket before this one, of the same asset and signature.
#[derive(Debug, Serialize, ToSchema)]
pub struct Predecessor {
    id: String,
    number: String,
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
    /// The most urgent and newest of its active alarms, and how many more there are.
    title: String,
    /// Of that alarm.
    priority: Priority,
    opened_at: Time,
    since: Time,
    #[schema(required)]
    closed_at: Option<Time>,
    /// Closed, and watched until then: the same signature reopens it.
    #[schema(required)]
    probation_until: Option<Time>,
    #[schema(required)]
    predecessor: Option<Predecessor>,
    /// How often a recurrence reopened it.
    reopened_count: i64,
    deviations: Vec<Deviation>,
    alarm_count: i64,
    /// Alarms whose condition holds.
    active_alarm_count: i64,
    #[schema(value_type = Vec<TicketState>)]
    next_states: &'static [TicketState],
    #[serde(skip_serializing_if = "Option::is_none")]
    history: Option<Vec<HistoryStep>>,
}

impl TryFrom<Row> for Ticket {
    type Error = Problem;
    fn try_from(r: Row) -> Result<Self, Problem> {
        let state = TicketState::parse(&r.state)?;
        let predecessor = r.predecessor_id.zip(r.predecessor_number);
        Ok(Self {
            state,
            next_states: state.next(),
            priority: Priority::parse(&r.priority)?,
            deviations: read_deviations(&r.deviations)?,
            predecessor: predecessor.map(|(id, n)| Predecessor { id, number: number(n) }),
            id: r.id,
            number: number(r.number),
            asset_id: r.asset_id,
            asset_name: r.asset_name,
            signature: r.signature,
            title: r.title,
            opened_at: Time(r.opened_at),
            since: Time(r.since_at),
            closed_at: r.closed_at.map(Time),
            probation_until: r.probation_until.map(Time),
            reopened_count: r.reopened_count,
            alarm_count: r.alarm_count,
            active_alarm_count: r.active_alarm_count,
            history: None,
        })
    }
}

const SELECT: &str = "SELECT t.id, t.number, t.asset_id, a.name AS asset_name, t.signature, \
     t.state, t.title, t.priority, t.opened_at, t.since_at, t.closed_at, t.probation_until, \
     t.predecessor_id, p.number AS predecessor_number, t.deviations, \
     (SELECT count(*) FROM alarms l WHERE l.ticket_id = t.id) AS alarm_count, \
     (SELECT count(*) FROM alarms l WHERE l.ticket_id = t.id AND l.cleared_at IS NULL) \
     AS active_alarm_count, (SELECT count(*) FROM ticket_steps s WHERE s.ticket_id = t.id \
     AND s.from_state = 'closed') AS reopened_count FROM tickets t JOIN assets a \
     ON a.id = t.asset_id LEFT JOIN tickets p ON p.id = t.predecessor_id";

pub(super) async fn find(app: &App, id: &str) -> Result<Ticket, Problem> {
    let row: Option<Row> = sqlx::query_as(sqlx::AssertSqlSafe(format!("{SELECT} WHERE t.id = $1")))
        .bind(id)
        .fetch_optional(&app.database)
        .await?;
    row.ok_or(Problem::NotFound("ticket"))?.try_into()
}

/// A ticket with its history.
pub(super) async fn with_history(app: &App, id: &str) -> Result<Json<Ticket>, Problem> {
    let mut ticket = find(app, id).await?;
    ticket.history = Some(history::of(app, id).await?);
    Ok(Json(ticket))
}

impl Ticket {
    pub(super) fn state(&self) -> TicketState {
        self.state
    }

    pub(super) fn asset_id(&self) -> &str {
        &self.asset_id
    }
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

/// Tells watchers how a ticket stands.
pub(crate) async fn announce(app: &App, id: &str) -> Result<(), Problem> {
    app.descriptions.ticket_changed(id);
    app.announce("ticket", &find(app, id).await?);
    Ok(())
}

/// Query of the list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct TicketsQuery {
    state: Option<TicketState>,
    priority: Option<Priority>,
    asset: Option<String>,
    site: Option<String>,
    customer: Option<String>,
    /// `true`: only those that are neither closed nor cancelled.
    open: Option<bool>,
    /// The number, or words of the title, the machine or the customer, begun or mistyped.
    q: Option<String>,
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
    reach: Reach,
    State(app): State<App>,
    Query(query): Query<TicketsQuery>,
) -> Result<Json<Page<Ticket>>, Problem> {
    let mine = reach.assets("t.asset_id", "$3");
    let wanted = Wanted::read(&app, query.q.as_deref()).await?;
    let found =
        Wanted::condition(wanted.as_ref(), &app.database, SearchKind::Ticket, "t.id", None).await?;
    // What is not asked for is not compared with, so that what is asked for leads to its index.
    let only = |asked: bool, condition: &str, bind: &str| match asked {
        true => condition.to_owned(),
        false => format!("{bind} = ''"),
    };
    let of_site = "t.asset_id IN (SELECT m.id FROM assets m WHERE m.site_id = $6)";
    let of_customer = "t.asset_id IN (SELECT m.id FROM assets m JOIN sites s ON s.id = m.site_id \
                       WHERE s.customer_id = $7)";
    let conditions = [
        only(query.asset.is_some(), "t.asset_id = $1", "$1"),
        only(query.state.is_some(), "t.state = $4", "$4"),
        only(query.priority.is_some(), "t.priority = $5", "$5"),
        only(query.site.is_some(), of_site, "$6"),
        only(query.customer.is_some(), of_customer, "$7"),
        only(query.open == Some(true), "t.state IN ('open', 'diagnosing', 'resolved')", "''"),
    ];
    let sql = format!(
        "{SELECT} WHERE t.id < $2 AND {mine} AND {found} AND {} ORDER BY t.id DESC LIMIT $8",
        conditions.join(" AND ")
    );
    let rows: Vec<Row> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(query.asset.unwrap_or_default())
        .bind(query.cursor.unwrap_or_else(|| "~".to_owned()))
        .bind(reach.bind())
        .bind(query.state.map_or("", TicketState::as_str))
        .bind(query.priority.map_or("", Priority::as_str))
        .bind(query.site.unwrap_or_default())
        .bind(query.customer.unwrap_or_default())
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
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Json<Ticket>, Problem> {
    with_history(&app, &id).await
}
