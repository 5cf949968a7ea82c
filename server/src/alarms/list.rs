//! Alarms over HTTP: looking at them, acknowledging and resetting them.

use axum::Json;
use axum::extract::{Path, Query, State};
use serde::{Deserialize, Serialize};
use sqlx::FromRow;
use utoipa::{IntoParams, ToSchema};

use super::class::{Class, Priority};
use super::deviation::{self, Deviation};
use super::ledger::{Kept, Ledger};
use super::state::{AlarmState, Step};
use crate::access::Reach;
use crate::app::App;
use crate::http::{By, Page, Problem};
use crate::limits::LIST_ROWS;
use crate::time::Time;

#[derive(Debug, FromRow)]
struct Row {
    id: String,
    asset_id: String,
    asset_name: String,
    tag: String,
    class: String,
    signature: Option<String>,
    state: String,
    priority: String,
    raised_priority: String,
    latched: i64,
    summary: String,
    since_at: i64,
    raised_at: i64,
    last_raised_at: i64,
    occurrences: i64,
    recorded_at: i64,
    cleared_at: Option<i64>,
    acknowledged_at: Option<i64>,
    acknowledged_by: Option<String>,
    deviations: String,
    ticket_id: Option<String>,
    hidden_by: Option<String>,
    chattering_until: Option<i64>,
    flood_id: Option<String>,
    escalation_level: i64,
}

/// An alarm.
#[derive(Debug, Serialize, ToSchema)]
pub struct Alarm {
    id: String,
    asset_id: String,
    asset_name: String,
    /// Which alarm of the asset it is; all its occurrences share it.
    tag: String,
    class: Class,
    /// Which ticket of the asset it opens or joins; null: none.
    #[schema(required)]
    signature: Option<String>,
    state: AlarmState,
    priority: Priority,
    /// Before any escalation.
    raised_priority: Priority,
    /// Stays when its condition is over, until somebody resets it.
    latched: bool,
    summary: String,
    since: Time,
    raised_at: Time,
    /// Of its newest occurrence.
    last_raised_at: Time,
    /// How often it was raised: more than once when it chatters.
    occurrences: i64,
    recorded_at: Time,
    /// Null: its condition holds.
    #[schema(required)]
    cleared_at: Option<Time>,
    #[schema(required)]
    acknowledged_at: Option<Time>,
    #[schema(required)]
    acknowledged_by: Option<String>,
    #[schema(required)]
    ticket_id: Option<String>,
    /// The suspension that hides it now.
    #[schema(required)]
    hidden_by: Option<String>,
    /// It was raised often in a short time; a new occurrence up to then joins it.
    #[schema(required)]
    chattering_until: Option<Time>,
    /// The flood of alarms that it came in.
    #[schema(required)]
    flood_id: Option<String>,
    /// How often it was escalated because nobody acknowledged it.
    escalation_level: i64,
    deviations: Vec<Deviation>,
    #[serde(skip_serializing_if = "Option::is_none")]
    history: Option<Vec<AlarmHistoryStep>>,
}

/// A step in an alarm's history.
#[derive(Debug, Serialize, ToSchema)]
pub struct AlarmHistoryStep {
    at: Time,
    #[schema(required)]
    from: Option<AlarmState>,
    to: AlarmState,
    who: String,
    why: String,
}

impl Alarm {
    /// Its id.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// One line for people.
    #[must_use]
    pub fn summary(&self) -> &str {
        &self.summary
    }

    /// Since when its condition is over.
    #[must_use]
    pub fn cleared_at(&self) -> Option<Time> {
        self.cleared_at
    }

    /// Measured time of its first occurrence.
    #[must_use]
    pub fn raised_at(&self) -> Time {
        self.raised_at
    }
}

impl TryFrom<Row> for Alarm {
    type Error = Problem;
    fn try_from(r: Row) -> Result<Self, Problem> {
        Ok(Self {
            class: Class::parse(&r.class)?,
            state: AlarmState::parse(&r.state)?,
            priority: Priority::parse(&r.priority)?,
            raised_priority: Priority::parse(&r.raised_priority)?,
            deviations: deviation::read(&r.deviations)?,
            id: r.id,
            asset_id: r.asset_id,
            asset_name: r.asset_name,
            tag: r.tag,
            signature: r.signature,
            latched: r.latched != 0,
            summary: r.summary,
            since: Time(r.since_at),
            raised_at: Time(r.raised_at),
            last_raised_at: Time(r.last_raised_at),
            occurrences: r.occurrences,
            recorded_at: Time(r.recorded_at),
            cleared_at: r.cleared_at.map(Time),
            acknowledged_at: r.acknowledged_at.map(Time),
            acknowledged_by: r.acknowledged_by,
            ticket_id: r.ticket_id,
            hidden_by: r.hidden_by,
            chattering_until: r.chattering_until.map(Time),
            flood_id: r.flood_id,
            escalation_level: r.escalation_level,
            history: None,
        })
    }
}

const SELECT: &str = "SELECT l.id, l.asset_id, a.name AS asset_name, l.tag, l.class, l.signature, \
     l.state, l.priority, l.raised_priority, l.latched, l.summary, l.since_at, l.raised_at, \
     l.last_raised_at, l.occurrences, l.recorded_at, l.cleared_at, l.acknowledged_at, \
     l.acknowledged_by, l.deviations, l.ticket_id, l.hidden_by, l.chattering_until, l.flood_id, \
     l.escalation_level FROM alarms l JOIN assets a ON a.id = l.asset_id";

pub(super) async fn find(app: &App, id: &str) -> Result<Alarm, Problem> {
    let row: Option<Row> = sqlx::query_as(sqlx::AssertSqlSafe(format!("{SELECT} WHERE l.id = $1")))
        .bind(id)
        .fetch_optional(&app.database)
        .await?;
    row.ok_or(Problem::NotFound("alarm"))?.try_into()
}

/// What a suspension hid, the oldest first.
pub(super) async fn of_suspension(app: &App, id: &str) -> Result<Vec<Alarm>, Problem> {
    let sql = format!(
        "{SELECT} JOIN alarm_hides h ON h.alarm_id = l.id WHERE h.suspension_id = $1 ORDER BY l.id"
    );
    let rows: Vec<Row> =
        sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(id).fetch_all(&app.database).await?;
    rows.into_iter().map(Alarm::try_from).collect()
}

/// Query of the list; what is given has to fit.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AlarmsQuery {
    asset: Option<String>,
    state: Option<AlarmState>,
    class: Option<Class>,
    priority: Option<Priority>,
    /// `true`: only those whose condition holds.
    active: Option<bool>,
    /// `true`: only those that a suspension hides now; `false`: only those that none hides.
    hidden: Option<bool>,
    /// Only those that this suspension hid, also after it has ended.
    hidden_by: Option<String>,
    /// Only those of this ticket.
    ticket: Option<String>,
    /// Only those of this flood.
    flood: Option<String>,
    cursor: Option<String>,
}

const FILTER: &str = "WHERE ($1 = '' OR l.asset_id = $1) AND ($2 = '' OR l.state = $2) \
     AND ($3 = '' OR l.class = $3) AND ($4 = '' OR l.priority = $4) \
     AND ($5 = 0 OR ($5 = 1 AND l.cleared_at IS NULL) OR ($5 = 2 AND l.cleared_at IS NOT NULL)) \
     AND ($6 = 0 OR ($6 = 1 AND l.hidden_by IS NOT NULL) OR ($6 = 2 AND l.hidden_by IS NULL)) \
     AND ($7 = '' OR EXISTS (SELECT 1 FROM alarm_hides h WHERE h.alarm_id = l.id \
     AND h.suspension_id = $7)) AND ($8 = '' OR l.ticket_id = $8) \
     AND ($9 = '' OR l.flood_id = $9) AND l.id < $10";

/// How a yes-or-no filter is bound: 0 for none, 1 for yes, 2 for no.
fn choice(wanted: Option<bool>) -> i64 {
    wanted.map_or(0, |yes| if yes { 1 } else { 2 })
}

/// Alarms, the newest first.
#[utoipa::path(
    get,
    path = "/api/v1/alarms",
    operation_id = "list_alarms",
    tag = "alarms",
    params(AlarmsQuery),
    responses((status = 200, body = Page<Alarm>), Problem)
)]
pub(crate) async fn list(
    reach: Reach,
    State(app): State<App>,
    Query(query): Query<AlarmsQuery>,
) -> Result<Json<Page<Alarm>>, Problem> {
    let mine = reach.assets("l.asset_id", "$11");
    let sql = format!("{SELECT} {FILTER} AND {mine} ORDER BY l.id DESC LIMIT $12");
    let rows: Vec<Row> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(query.asset.unwrap_or_default())
        .bind(query.state.map_or("", AlarmState::as_str))
        .bind(query.class.map_or("", Class::as_str))
        .bind(query.priority.map_or("", Priority::as_str))
        .bind(choice(query.active))
        .bind(choice(query.hidden))
        .bind(query.hidden_by.unwrap_or_default())
        .bind(query.ticket.unwrap_or_default())
        .bind(query.flood.unwrap_or_default())
        .bind(query.cursor.unwrap_or_else(|| "~".to_owned()))
        .bind(reach.bind())
        .bind(LIST_ROWS + 1)
        .fetch_all(&app.database)
        .await?;
    let items = rows.into_iter().map(Alarm::try_from).collect::<Result<Vec<_>, _>>()?;
    Ok(Json(Page::cut(items, LIST_ROWS as usize, |a| a.id.clone())))
}

/// One alarm with everything that happened to it.
#[utoipa::path(
    get,
    path = "/api/v1/alarms/{id}",
    operation_id = "show_alarm",
    tag = "alarms",
    responses((status = 200, body = Alarm), Problem)
)]
pub(crate) async fn show(
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Json<Alarm>, Problem> {
    let mut alarm = find(&app, &id).await?;
    let steps: Vec<(i64, Option<String>, String, String, String)> = sqlx::query_as(
        "SELECT at, from_state, to_state, who, why FROM alarm_steps WHERE alarm_id = $1 ORDER BY id",
    )
    .bind(&id)
    .fetch_all(&app.database)
    .await?;
    let step = |(at, from, to, who, why): (_, Option<String>, String, _, _)| {
        let from = from.as_deref().map(AlarmState::parse).transpose()?;
        Ok(AlarmHistoryStep { at: Time(at), from, to: AlarmState::parse(&to)?, who, why })
    };
    alarm.history = Some(steps.into_iter().map(step).collect::<Result<_, Problem>>()?);
    Ok(Json(alarm))
}

/// Somebody has seen the alarm. Doing it again changes nothing.
#[utoipa::path(
    post,
    path = "/api/v1/alarms/{id}/acknowledge",
    operation_id = "acknowledge_alarm",
    tag = "alarms",
    responses((status = 200, body = Alarm), Problem)
)]
pub(crate) async fn acknowledge(
    By(who): By,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Json<Alarm>, Problem> {
    by_person(&app, &id, async |ledger, alarm| {
        let state = alarm.state()?;
        if matches!(
            state,
            AlarmState::AcknowledgedActive | AlarmState::LatchedAcknowledged | AlarmState::Normal
        ) {
            return Ok(());
        }
        state.by_person(Step::Acknowledge, "acknowledged")?;
        ledger.step(alarm, Step::Acknowledge, &who, "seen").await?;
        ledger.acknowledged(&alarm.id, &who).await
    })
    .await
}

/// Somebody has put right what a latched alarm stands for. Its condition has to be over.
#[utoipa::path(
    post,
    path = "/api/v1/alarms/{id}/reset",
    operation_id = "reset_alarm",
    tag = "alarms",
    responses((status = 200, body = Alarm), Problem)
)]
pub(crate) async fn reset(
    By(who): By,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Json<Alarm>, Problem> {
    by_person(&app, &id, async |ledger, alarm| {
        alarm.state()?.by_person(Step::Reset, "reset")?;
        ledger.step(alarm, Step::Reset, &who, "reset").await?;
        Ok(())
    })
    .await
}

/// Does something to one alarm and shows it.
async fn by_person(
    app: &App,
    id: &str,
    act: impl AsyncFnOnce(&mut Ledger<'_, '_>, &Kept) -> Result<(), Problem>,
) -> Result<Json<Alarm>, Problem> {
    let asset = find(app, id).await?.asset_id;
    let mut tx = app.database.begin().await?;
    let mut ledger = Ledger::hold(&mut tx, &asset, app.clock.now_us()).await?;
    ledger.settle().await?;
    let alarm = ledger.kept("l.id = $2", id).await?.pop().ok_or(Problem::NotFound("alarm"))?;
    act(&mut ledger, &alarm).await?;
    let changes = ledger.changes;
    tx.commit().await?;
    changes.announce(app).await?;
    Ok(Json(find(app, id).await?))
}

impl Ledger<'_, '_> {
    async fn acknowledged(&mut self, id: &str, who: &str) -> Result<(), Problem> {
        sqlx::query("UPDATE alarms SET acknowledged_at = $2, acknowledged_by = $3 WHERE id = $1")
            .bind(id)
            .bind(self.now)
            .bind(who)
            .execute(&mut **self.tx)
            .await?;
        Ok(())
    }
}
