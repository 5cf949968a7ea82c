//! Clocks over HTTP: looking at them.

use axum::Json;
use axum::extract::{Path, Query, State};
use serde::{Deserialize, Serialize};
use sqlx::FromRow;
use utoipa::{IntoParams, ToSchema};

use super::SubjectKind;
use super::clock::About;
use super::policy::TargetKind;
use super::state::ClockState;
use crate::access::Reach;
use crate::alarms::Priority;
use crate::app::App;
use crate::http::{Page, Problem};
use crate::limits::LIST_ROWS;
use crate::time::{Time, bound};

/// A time in which a clock stood still.
#[derive(Debug, Serialize, ToSchema)]
pub struct ClockHold {
    /// `person`, or what holds it, such as `work_order:ID`.
    source: String,
    from: Time,
    #[schema(required)]
    to: Option<Time>,
    who: String,
    reason: String,
}

/// What happened to a clock.
#[derive(Debug, Serialize, ToSchema)]
pub struct ClockStep {
    at: Time,
    #[schema(required)]
    from: Option<ClockState>,
    to: ClockState,
    who: String,
    why: String,
    #[schema(required)]
    due_before: Option<Time>,
    #[schema(required)]
    due_after: Option<Time>,
}

/// A promise, and whether it was kept.
#[derive(Debug, Serialize, ToSchema)]
pub struct SlaClock {
    pub(super) id: String,
    subject_kind: SubjectKind,
    subject_id: String,
    kind: TargetKind,
    priority: Priority,
    policy: String,
    policy_version: i64,
    /// The contract that chose the policy; null: it was the default one.
    #[schema(required)]
    contract_id: Option<String>,
    #[schema(required)]
    contract_name: Option<String>,
    /// The hours that count; all of them without it.
    #[schema(required)]
    calendar: Option<String>,
    #[schema(required)]
    calendar_version: Option<i64>,
    /// Of the site.
    time_zone: String,
    /// So long it may take, seconds.
    target_s: i64,
    state: ClockState,
    started_at: Time,
    /// Null while it is on hold.
    #[schema(required)]
    due_at: Option<Time>,
    #[schema(required)]
    due_soon_at: Option<Time>,
    /// What was promised first, whatever was changed since.
    promised_due_at: Time,
    #[schema(required)]
    met_at: Option<Time>,
    /// When it became late, if it did.
    #[schema(required)]
    breached_at: Option<Time>,
    #[serde(skip_serializing_if = "Option::is_none")]
    holds: Option<Vec<ClockHold>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    history: Option<Vec<ClockStep>>,
}

const SELECT: &str = "SELECT c.id, c.subject_kind, c.subject_id, c.kind, c.priority, c.policy, \
     c.policy_version, c.calendar, c.calendar_version, c.time_zone, c.target_s, c.state, \
     c.started_at, c.due_at, c.due_soon_at, c.promised_due_at, c.met_at, c.breached_at, \
     c.contract_id, k.name AS contract_name FROM sla_clocks c \
     LEFT JOIN contracts k ON k.id = c.contract_id";

#[derive(FromRow)]
struct Row {
    id: String,
    subject_kind: String,
    subject_id: String,
    kind: String,
    priority: String,
    policy: String,
    policy_version: i64,
    calendar: Option<String>,
    calendar_version: Option<i64>,
    time_zone: String,
    target_s: i64,
    state: String,
    started_at: i64,
    due_at: Option<i64>,
    due_soon_at: Option<i64>,
    promised_due_at: i64,
    met_at: Option<i64>,
    breached_at: Option<i64>,
    contract_id: Option<String>,
    contract_name: Option<String>,
}

impl TryFrom<Row> for SlaClock {
    type Error = Problem;
    fn try_from(r: Row) -> Result<Self, Problem> {
        Ok(Self {
            subject_kind: SubjectKind::parse(&r.subject_kind)?,
            kind: TargetKind::parse(&r.kind)?,
            priority: Priority::parse(&r.priority)?,
            state: ClockState::parse(&r.state)?,
            id: r.id,
            subject_id: r.subject_id,
            policy: r.policy,
            policy_version: r.policy_version,
            contract_id: r.contract_id,
            contract_name: r.contract_name,
            calendar: r.calendar,
            calendar_version: r.calendar_version,
            time_zone: r.time_zone,
            target_s: r.target_s,
            started_at: Time(r.started_at),
            due_at: r.due_at.map(Time),
            due_soon_at: r.due_soon_at.map(Time),
            promised_due_at: Time(r.promised_due_at),
            met_at: r.met_at.map(Time),
            breached_at: r.breached_at.map(Time),
            holds: None,
            history: None,
        })
    }
}

/// Query of the list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ClocksQuery {
    /// Without it all whose promise is still to be kept.
    state: Option<ClockState>,
    subject_kind: Option<SubjectKind>,
    /// Of the thing that it is about.
    subject_id: Option<String>,
    /// RFC 3339; leaves out what is on hold.
    due_before: Option<String>,
    cursor: Option<String>,
}

/// Clocks, the one that is due next first; those on hold come last.
#[utoipa::path(
    get,
    path = "/api/v1/sla-clocks",
    operation_id = "list_sla_clocks",
    tag = "service levels",
    params(ClocksQuery),
    responses((status = 200, body = Page<SlaClock>), Problem)
)]
pub(crate) async fn list(
    reach: Reach,
    State(app): State<App>,
    Query(query): Query<ClocksQuery>,
) -> Result<Json<Page<SlaClock>>, Problem> {
    let before = bound("due_before", query.due_before.as_deref(), i64::MAX)?;
    let on_hold = i64::from(query.due_before.is_none());
    let (due, id) = match query.cursor.as_deref() {
        Some(cursor) => read_cursor(cursor)?,
        None => (i64::MIN, ""),
    };
    let mine = reach.assets("c.asset_id", "$7");
    let due_at = format!("coalesce(c.due_at, {})", i64::MAX);
    // Without a state those that an index is kept of.
    let state = match query.state {
        None => "$1 = '' AND c.state IN ('running', 'on_hold', 'breached')",
        Some(_) => "c.state = $1",
    };
    let sql = format!(
        "{SELECT} WHERE {state} AND ($2 = '' OR c.subject_kind = $2) \
         AND ($9 = '' OR c.subject_id = $9) \
         AND (c.due_at < $3 OR (c.due_at IS NULL AND $4 = 1)) \
         AND {due_at} >= $5 AND ({due_at} > $5 OR ({due_at} = $5 AND c.id > $6)) AND {mine} \
         ORDER BY {due_at}, c.id LIMIT $8"
    );
    let rows: Vec<Row> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(query.state.map_or("", ClockState::as_str))
        .bind(query.subject_kind.map_or("", SubjectKind::as_str))
        .bind(before)
        .bind(on_hold)
        .bind(due)
        .bind(id)
        .bind(reach.bind())
        .bind(LIST_ROWS + 1)
        .bind(query.subject_id.unwrap_or_default())
        .fetch_all(&app.database)
        .await?;
    let items = rows.into_iter().map(SlaClock::try_from).collect::<Result<Vec<_>, _>>()?;
    let cursor = |c: &SlaClock| format!("{}_{}", c.due_at.map_or(i64::MAX, |at| at.0), c.id);
    Ok(Json(Page::cut(items, LIST_ROWS as usize, cursor)))
}

fn read_cursor(cursor: &str) -> Result<(i64, &str), Problem> {
    let parts = cursor.split_once('_').and_then(|(due, id)| Some((due.parse().ok()?, id)));
    parts.ok_or_else(|| Problem::Invalid("`cursor` is not one of ours".into()))
}

/// Query of the clocks of a ticket.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct TicketClocksQuery {
    cursor: Option<String>,
}

/// What a customer was promised about a ticket: its clocks with their holds and history, the oldest
/// first.
#[utoipa::path(
    get,
    path = "/api/v1/tickets/{id}/sla-clocks",
    operation_id = "list_ticket_sla_clocks",
    tag = "service levels",
    params(TicketClocksQuery),
    responses((status = 200, body = Page<SlaClock>), Problem)
)]
pub(crate) async fn of_ticket(
    State(app): State<App>,
    Path(id): Path<String>,
    Query(query): Query<TicketClocksQuery>,
) -> Result<Json<Page<SlaClock>>, Problem> {
    let found: Option<String> = sqlx::query_scalar("SELECT id FROM tickets WHERE id = $1")
        .bind(&id)
        .fetch_optional(&app.database)
        .await?;
    found.ok_or(Problem::NotFound("ticket"))?;
    let ticket = About { kind: SubjectKind::Ticket, id: &id };
    let after = query.cursor.unwrap_or_default();
    let clocks = of(&app, ticket, &after).await?;
    Ok(Json(Page::cut(clocks, LIST_ROWS as usize, |clock| clock.id.clone())))
}

/// The clocks of something after one of them, the oldest first, with their holds and history; one more
/// than a page has.
async fn of(app: &App, about: About<'_>, after: &str) -> Result<Vec<SlaClock>, Problem> {
    let sql = format!(
        "{SELECT} WHERE c.subject_kind = $1 AND c.subject_id = $2 AND c.id > $3 ORDER BY c.id LIMIT $4"
    );
    let rows: Vec<Row> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(about.kind.as_str())
        .bind(about.id)
        .bind(after)
        .bind(LIST_ROWS + 1)
        .fetch_all(&app.database)
        .await?;
    let mut clocks = Vec::with_capacity(rows.len());
    for row in rows {
        clocks.push(with_history(app, SlaClock::try_from(row)?).await?);
    }
    Ok(clocks)
}

/// One clock with its holds and history.
pub(super) async fn find(app: &App, id: &str) -> Result<SlaClock, Problem> {
    let row: Option<Row> = sqlx::query_as(sqlx::AssertSqlSafe(format!("{SELECT} WHERE c.id = $1")))
        .bind(id)
        .fetch_optional(&app.database)
        .await?;
    let clock = SlaClock::try_from(row.ok_or(Problem::NotFound("SLA clock"))?)?;
    with_history(app, clock).await
}

async fn with_history(app: &App, mut clock: SlaClock) -> Result<SlaClock, Problem> {
    let holds: Vec<(String, i64, Option<i64>, String, String)> = sqlx::query_as(
        "SELECT source, from_at, to_at, who, reason FROM sla_holds WHERE clock_id = $1 ORDER BY id",
    )
    .bind(&clock.id)
    .fetch_all(&app.database)
    .await?;
    let hold = |(source, from, to, who, reason): (_, _, Option<i64>, _, _)| ClockHold {
        source,
        from: Time(from),
        to: to.map(Time),
        who,
        reason,
    };
    clock.holds = Some(holds.into_iter().map(hold).collect());
    let steps: Vec<StepRow> = sqlx::query_as(
        "SELECT at, from_state, to_state, who, why, due_before, due_after FROM sla_clock_steps \
         WHERE clock_id = $1 ORDER BY id",
    )
    .bind(&clock.id)
    .fetch_all(&app.database)
    .await?;
    clock.history =
        Some(steps.into_iter().map(ClockStep::try_from).collect::<Result<Vec<_>, _>>()?);
    Ok(clock)
}

#[derive(FromRow)]
struct StepRow {
    at: i64,
    from_state: Option<String>,
    to_state: String,
    who: String,
    why: String,
    due_before: Option<i64>,
    due_after: Option<i64>,
}

impl TryFrom<StepRow> for ClockStep {
    type Error = Problem;
    fn try_from(r: StepRow) -> Result<Self, Problem> {
        Ok(Self {
            at: Time(r.at),
            from: r.from_state.as_deref().map(ClockState::parse).transpose()?,
            to: ClockState::parse(&r.to_state)?,
            who: r.who,
            why: r.why,
            due_before: r.due_before.map(Time),
            due_after: r.due_after.map(Time),
        })
    }
}
