//! Alarms, in the states of ISA-18.2: active or cleared × acknowledged or not.

use axum::Json;
use axum::extract::{Path, Query, State};
use detection::{Cause, Finding};
use serde::{Deserialize, Serialize};
use sqlx::FromRow;
use utoipa::{IntoParams, ToSchema};

use crate::app::App;
use crate::database::new_id;
use crate::http::{Admin, Page, Problem};
use crate::limits::LIST_ROWS;
use crate::metrics::Metrics;
use crate::tickets::{self, Deviation};
use crate::time::Time;

/// State of an alarm (ISA-18.2, figure of the alarm state transitions).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AlarmState {
    /// The condition holds and nobody has seen it.
    UnacknowledgedActive,
    /// The condition holds and somebody looks after it.
    AcknowledgedActive,
    /// The condition is over and nobody has seen it.
    UnacknowledgedCleared,
    /// The condition is over and was seen.
    Normal,
}

/// What can happen to an alarm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Somebody has seen it.
    Acknowledge,
    /// The condition is over.
    Clear,
}

impl AlarmState {
    /// The next state; `None` when the step changes nothing.
    #[must_use]
    pub fn after(self, step: Step) -> Option<Self> {
        match (self, step) {
            (Self::UnacknowledgedActive, Step::Acknowledge) => Some(Self::AcknowledgedActive),
            (Self::UnacknowledgedActive, Step::Clear) => Some(Self::UnacknowledgedCleared),
            (Self::AcknowledgedActive, Step::Clear)
            | (Self::UnacknowledgedCleared, Step::Acknowledge) => Some(Self::Normal),
            (Self::AcknowledgedActive, Step::Acknowledge)
            | (Self::UnacknowledgedCleared, Step::Clear)
            | (Self::Normal, _) => None,
        }
    }

    fn as_str(self) -> &'static str {
        match self {
            Self::UnacknowledgedActive => "unacknowledged_active",
            Self::AcknowledgedActive => "acknowledged_active",
            Self::UnacknowledgedCleared => "unacknowledged_cleared",
            Self::Normal => "normal",
        }
    }

    fn parse(text: &str) -> Result<Self, Problem> {
        [
            Self::UnacknowledgedActive,
            Self::AcknowledgedActive,
            Self::UnacknowledgedCleared,
            Self::Normal,
        ]
        .into_iter()
        .find(|s| s.as_str() == text)
        .ok_or_else(|| Problem::Internal(format!("alarm state {text:?}").into()))
    }
}

/// What a deviation from the learnt normal is known by: it decides which ticket an alarm joins.
/// Ten points of one machine make one ticket, so the points are not part of it.
pub const DEVIATION: &str = "deviation";

/// Makes a finding into an alarm, or changes the alarm it belongs to. Saying the same finding
/// again changes nothing.
pub(crate) async fn take(app: &App, asset_id: &str, finding: &Finding) -> Result<(), Problem> {
    match finding {
        Finding::Learned { .. } => Ok(()),
        Finding::Raised { at_us, since_us, cause, deviations } => {
            let deviations = tickets::name(app, asset_id, deviations).await?;
            raise(app, asset_id, *at_us, *since_us, *cause, &deviations).await
        }
        Finding::Worsened { deviations, .. } => {
            let deviations = tickets::name(app, asset_id, deviations).await?;
            worsen(app, asset_id, &deviations).await
        }
        Finding::Cleared { at_us, .. } => clear(app, asset_id, *at_us).await,
    }
}

async fn raise(
    app: &App,
    asset_id: &str,
    raised_at: i64,
    since_at: i64,
    cause: Cause,
    deviations: &[Deviation],
) -> Result<(), Problem> {
    let summary = tickets::summary(cause, deviations);
    let json = serde_json::to_string(deviations).map_err(|e| Problem::Internal(Box::new(e)))?;
    let mut tx = app.database.begin().await?;
    let id = new_id();
    let new = sqlx::query(
        "INSERT INTO alarms (id, asset_id, signature, state, priority, summary, since_at, \
         raised_at, deviations) VALUES ($1, $2, $3, $4, 'medium', $5, $6, $7, $8) \
         ON CONFLICT (asset_id, signature, raised_at) DO NOTHING",
    )
    .bind(&id)
    .bind(asset_id)
    .bind(DEVIATION)
    .bind(AlarmState::UnacknowledgedActive.as_str())
    .bind(&summary)
    .bind(since_at)
    .bind(raised_at)
    .bind(&json)
    .execute(&mut *tx)
    .await?;
    if new.rows_affected() == 0 {
        return Ok(());
    }
    let opening = tickets::Opening {
        asset_id,
        signature: DEVIATION,
        title: &summary,
        since_at,
        deviations: &json,
    };
    let ticket_id = tickets::open_or_join(&mut tx, opening, app.clock.now_us()).await?;
    sqlx::query("UPDATE alarms SET ticket_id = $2 WHERE id = $1")
        .bind(&id)
        .bind(&ticket_id)
        .execute(&mut *tx)
        .await?;
    tx.commit().await?;
    Metrics::add(&app.metrics.raised, 1);
    tracing::info!(asset.id = asset_id, ticket.id = ticket_id, "An asset deviates: {summary}");
    announce(app, &id).await?;
    tickets::announce(app, &ticket_id).await
}

const ACTIVE: &str = "state IN ('unacknowledged_active', 'acknowledged_active')";

async fn active(app: &App, asset_id: &str) -> Result<Option<(String, String)>, Problem> {
    let sql = format!(
        "SELECT id, state FROM alarms WHERE asset_id = $1 AND signature = $2 AND {ACTIVE} \
         ORDER BY raised_at DESC LIMIT 1"
    );
    Ok(sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(asset_id)
        .bind(DEVIATION)
        .fetch_optional(&app.database)
        .await?)
}

async fn worsen(app: &App, asset_id: &str, deviations: &[Deviation]) -> Result<(), Problem> {
    let Some((id, _)) = active(app, asset_id).await? else { return Ok(()) };
    let json = serde_json::to_string(deviations).map_err(|e| Problem::Internal(Box::new(e)))?;
    sqlx::query("UPDATE alarms SET deviations = $2 WHERE id = $1")
        .bind(&id)
        .bind(&json)
        .execute(&app.database)
        .await?;
    tickets::worsen(app, &id, &json).await?;
    announce(app, &id).await
}

async fn clear(app: &App, asset_id: &str, at_us: i64) -> Result<(), Problem> {
    let Some((id, state)) = active(app, asset_id).await? else { return Ok(()) };
    let Some(next) = AlarmState::parse(&state)?.after(Step::Clear) else { return Ok(()) };
    sqlx::query("UPDATE alarms SET state = $2, cleared_at = $3 WHERE id = $1 AND state = $4")
        .bind(&id)
        .bind(next.as_str())
        .bind(at_us)
        .bind(state)
        .execute(&app.database)
        .await?;
    announce(app, &id).await
}

#[derive(Debug, FromRow)]
struct Row {
    id: String,
    asset_id: String,
    asset_name: String,
    signature: String,
    state: String,
    priority: String,
    summary: String,
    since_at: i64,
    raised_at: i64,
    cleared_at: Option<i64>,
    acknowledged_at: Option<i64>,
    acknowledged_by: Option<String>,
    deviations: String,
    ticket_id: Option<String>,
}

/// An alarm.
#[derive(Debug, Serialize, ToSchema)]
pub struct Alarm {
    id: String,
    asset_id: String,
    asset_name: String,
    signature: String,
    state: AlarmState,
    priority: String,
    summary: String,
    since: Time,
    raised_at: Time,
    #[schema(required)]
    cleared_at: Option<Time>,
    #[schema(required)]
    acknowledged_at: Option<Time>,
    #[schema(required)]
    acknowledged_by: Option<String>,
    #[schema(required)]
    ticket_id: Option<String>,
    deviations: Vec<Deviation>,
}

impl TryFrom<Row> for Alarm {
    type Error = Problem;
    fn try_from(r: Row) -> Result<Self, Problem> {
        Ok(Self {
            state: AlarmState::parse(&r.state)?,
            deviations: tickets::read_deviations(&r.deviations)?,
            id: r.id,
            asset_id: r.asset_id,
            asset_name: r.asset_name,
            signature: r.signature,
            priority: r.priority,
            summary: r.summary,
            since: Time(r.since_at),
            raised_at: Time(r.raised_at),
            cleared_at: r.cleared_at.map(Time),
            acknowledged_at: r.acknowledged_at.map(Time),
            acknowledged_by: r.acknowledged_by,
            ticket_id: r.ticket_id,
        })
    }
}

const SELECT: &str = "SELECT l.id, l.asset_id, a.name AS asset_name, l.signature, l.state, \
     l.priority, l.summary, l.since_at, l.raised_at, l.cleared_at, l.acknowledged_at, \
     l.acknowledged_by, l.deviations, l.ticket_id FROM alarms l JOIN assets a ON a.id = l.asset_id";

async fn find(app: &App, id: &str) -> Result<Alarm, Problem> {
    let row: Option<Row> = sqlx::query_as(sqlx::AssertSqlSafe(format!("{SELECT} WHERE l.id = $1")))
        .bind(id)
        .fetch_optional(&app.database)
        .await?;
    row.ok_or(Problem::NotFound("alarm"))?.try_into()
}

async fn announce(app: &App, id: &str) -> Result<(), Problem> {
    app.announce("alarm", &find(app, id).await?);
    Ok(())
}

/// Query of the list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AlarmsQuery {
    asset: Option<String>,
    cursor: Option<String>,
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
    _: Admin,
    State(app): State<App>,
    Query(query): Query<AlarmsQuery>,
) -> Result<Json<Page<Alarm>>, Problem> {
    let sql = format!(
        "{SELECT} WHERE ($1 = '' OR l.asset_id = $1) AND l.id < $2 ORDER BY l.id DESC LIMIT $3"
    );
    let rows: Vec<Row> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(query.asset.unwrap_or_default())
        .bind(query.cursor.unwrap_or_else(|| "~".to_owned()))
        .bind(LIST_ROWS + 1)
        .fetch_all(&app.database)
        .await?;
    let items = rows.into_iter().map(Alarm::try_from).collect::<Result<Vec<_>, _>>()?;
    Ok(Json(Page::cut(items, LIST_ROWS as usize, |a| a.id.clone())))
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
    Admin(who): Admin,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Json<Alarm>, Problem> {
    let state = find(&app, &id).await?.state;
    if let Some(next) = state.after(Step::Acknowledge) {
        sqlx::query(
            "UPDATE alarms SET state = $2, acknowledged_at = $3, acknowledged_by = $4 \
             WHERE id = $1 AND state = $5",
        )
        .bind(&id)
        .bind(next.as_str())
        .bind(app.clock.now_us())
        .bind(who)
        .bind(state.as_str())
        .execute(&app.database)
        .await?;
        announce(&app, &id).await?;
    }
    Ok(Json(find(&app, &id).await?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_alarm_is_over_only_when_it_is_cleared_and_was_seen() {
        use AlarmState::{AcknowledgedActive, Normal, UnacknowledgedActive, UnacknowledgedCleared};
        let seen_first = UnacknowledgedActive.after(Step::Acknowledge).unwrap();
        assert_eq!(seen_first, AcknowledgedActive);
        assert_eq!(seen_first.after(Step::Clear), Some(Normal));
        let cleared_first = UnacknowledgedActive.after(Step::Clear).unwrap();
        assert_eq!(cleared_first, UnacknowledgedCleared);
        assert_eq!(cleared_first.after(Step::Acknowledge), Some(Normal));
        assert_eq!(Normal.after(Step::Acknowledge), None);
    }
}
