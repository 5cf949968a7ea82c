//! Floods: more new alarms than a person can take in. A flood begins with more than 10 new alarms in
//! 10 minutes and is over with fewer than 5 (ANSI/ISA-18.2-2016, clause 16; EEMUA 191). Each alarm is
//! recorded and opens its ticket all the same; watchers are told of the flood.

use axum::Json;
use axum::extract::{Query, State};
use serde::{Deserialize, Serialize};
use sqlx::{Any, FromRow, Transaction};
use utoipa::{IntoParams, ToSchema};

use super::ledger::Ledger;
use crate::app::App;
use crate::database::new_id;
use crate::http::{Page, Problem};
use crate::limits::{FLOOD_BEGINS_ABOVE, FLOOD_ENDS_BELOW, FLOOD_WINDOW_US, LIST_ROWS};
use crate::time::Time;

/// New alarms that people saw since a time: those that were hidden from the start are none.
const NEW_SINCE: &str = "FROM alarms l WHERE l.recorded_at > $1 AND NOT EXISTS (SELECT 1 FROM \
     alarm_hides h WHERE h.alarm_id = l.id AND h.hidden_at = l.recorded_at)";

async fn new_alarms(tx: &mut Transaction<'_, Any>, now: i64) -> Result<i64, Problem> {
    let sql = format!("SELECT count(*) {NEW_SINCE}");
    Ok(sqlx::query_scalar(sqlx::AssertSqlSafe(sql))
        .bind(now.saturating_sub(FLOOD_WINDOW_US))
        .fetch_one(&mut **tx)
        .await?)
}

async fn running(tx: &mut Transaction<'_, Any>) -> Result<Option<String>, Problem> {
    Ok(sqlx::query_scalar("SELECT id FROM alarm_floods WHERE running = 1")
        .fetch_optional(&mut **tx)
        .await?)
}

/// Ends the flood when few alarms are new; answers which ended.
async fn end_if_over(
    tx: &mut Transaction<'_, Any>,
    now: i64,
    new: i64,
) -> Result<Option<String>, Problem> {
    if new >= FLOOD_ENDS_BELOW {
        return Ok(None);
    }
    Ok(sqlx::query_scalar(
        "UPDATE alarm_floods SET until_at = $1, running = NULL WHERE running = 1 RETURNING id",
    )
    .bind(now)
    .fetch_optional(&mut **tx)
    .await?)
}

impl Ledger<'_, '_> {
    /// Counts a new visible alarm; groups it when there is a flood, and says whether there is one.
    pub(super) async fn count_for_flood(&mut self, alarm_id: &str) -> Result<bool, Problem> {
        let new = new_alarms(self.tx, self.now).await?;
        if let Some(over) = end_if_over(self.tx, self.now, new).await? {
            self.changes.floods.insert(over);
        }
        if new > FLOOD_BEGINS_ABOVE {
            let id = new_id();
            let began = sqlx::query(
                "INSERT INTO alarm_floods (id, from_at, running) VALUES ($1, $2, 1) \
                 ON CONFLICT (running) DO NOTHING",
            )
            .bind(&id)
            .bind(self.now)
            .execute(&mut **self.tx)
            .await?;
            if began.rows_affected() > 0 {
                tracing::warn!(flood.id = id, "Alarms come in a flood");
                self.changes.floods.insert(id);
            }
        }
        let Some(flood) = running(self.tx).await? else { return Ok(false) };
        sqlx::query("UPDATE alarms SET flood_id = $2 WHERE id = $1")
            .bind(alarm_id)
            .bind(flood)
            .execute(&mut **self.tx)
            .await?;
        Ok(true)
    }
}

/// Ends the flood when it is over.
pub(super) async fn attend(app: &App, now: i64) -> Result<(), Problem> {
    let over = next_due(app).await?.is_some_and(|at| at <= now);
    if !over {
        return Ok(());
    }
    let mut tx = app.database.begin().await?;
    // A write first, as everywhere: SQLite refuses one after a read when others have written.
    sqlx::query("UPDATE alarm_floods SET running = running WHERE running = 1")
        .execute(&mut *tx)
        .await?;
    let new = new_alarms(&mut tx, now).await?;
    let ended = end_if_over(&mut tx, now, new).await?;
    tx.commit().await?;
    match ended {
        Some(id) => announce(app, &id).await,
        None => Ok(()),
    }
}

/// When the flood is over if nothing new comes.
pub(super) async fn next_due(app: &App) -> Result<Option<i64>, Problem> {
    let from: Option<i64> =
        sqlx::query_scalar("SELECT from_at FROM alarm_floods WHERE running = 1")
            .fetch_optional(&app.database)
            .await?;
    let Some(from) = from else { return Ok(None) };
    let sql = format!("SELECT l.recorded_at {NEW_SINCE} ORDER BY l.recorded_at DESC LIMIT $2");
    let newest: Vec<i64> = sqlx::query_scalar(sqlx::AssertSqlSafe(sql))
        .bind(from.saturating_sub(FLOOD_WINDOW_US))
        .bind(FLOOD_ENDS_BELOW)
        .fetch_all(&app.database)
        .await?;
    Ok(Some(newest.last().copied().unwrap_or(from).saturating_add(FLOOD_WINDOW_US)))
}

#[derive(FromRow)]
struct Row {
    id: String,
    from_at: i64,
    until_at: Option<i64>,
    alarms: i64,
}

const SELECT: &str = "SELECT f.id, f.from_at, f.until_at, (SELECT count(*) FROM alarms l \
     WHERE l.flood_id = f.id) AS alarms FROM alarm_floods f";

/// A flood of alarms. `GET /api/v1/alarms?flood=…` lists those that came in it.
#[derive(Debug, Serialize, ToSchema)]
pub struct AlarmFlood {
    id: String,
    from: Time,
    /// Null: it goes on.
    #[schema(required)]
    until: Option<Time>,
    /// Alarms that came in it.
    alarm_count: i64,
}

impl From<Row> for AlarmFlood {
    fn from(r: Row) -> Self {
        let (from, until) = (Time(r.from_at), r.until_at.map(Time));
        Self { id: r.id, from, until, alarm_count: r.alarms }
    }
}

/// Tells watchers how a flood stands.
pub(super) async fn announce(app: &App, id: &str) -> Result<(), Problem> {
    let row: Row = sqlx::query_as(sqlx::AssertSqlSafe(format!("{SELECT} WHERE f.id = $1")))
        .bind(id)
        .fetch_one(&app.database)
        .await?;
    app.announce("alarm_flood", &AlarmFlood::from(row));
    Ok(())
}

/// Query of the list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct FloodsQuery {
    cursor: Option<String>,
}

/// Floods of alarms, the newest first.
#[utoipa::path(
    get,
    path = "/api/v1/alarm-floods",
    operation_id = "list_alarm_floods",
    tag = "alarms",
    params(FloodsQuery),
    responses((status = 200, body = Page<AlarmFlood>), Problem)
)]
pub(crate) async fn list(
    State(app): State<App>,
    Query(query): Query<FloodsQuery>,
) -> Result<Json<Page<AlarmFlood>>, Problem> {
    let sql = format!("{SELECT} WHERE f.id < $1 ORDER BY f.id DESC LIMIT $2");
    let rows: Vec<Row> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(query.cursor.unwrap_or_else(|| "~".to_owned()))
        .bind(LIST_ROWS + 1)
        .fetch_all(&app.database)
        .await?;
    let items = rows.into_iter().map(AlarmFlood::from).collect();
    Ok(Json(Page::cut(items, LIST_ROWS as usize, |f: &AlarmFlood| f.id.clone())))
}
