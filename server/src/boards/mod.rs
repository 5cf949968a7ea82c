//! Boards and their channels: known from the first reading on, adopted by one call.

mod adoption;
mod commands;
mod credentials;
mod directory;
mod reports;

use std::collections::HashMap;

use ::telemetry::delivery::Status;
use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use sqlx::{Any, FromRow, Transaction};
use store::SeriesId;
use utoipa::ToSchema;

use crate::app::App;
use crate::http::{Page, Problem};
use crate::time::Time;

pub(crate) use adoption::{__path_adopt, adopt};
pub use adoption::{Adopted, AdoptedAsset, AdoptedChannel, Adoption};
pub(crate) use commands::{
    __path_list as __path_list_commands, __path_list_waiting, __path_send, list as list_commands,
    list_waiting, send,
};
pub use commands::{BoardCommand, IssuedCommand, WaitingCommand, waiting};
pub(crate) use credentials::{__path_issue_credential, Credentials, issue_credential};
pub use credentials::{credential_issued, credential_matches};
use directory::Channel;
pub(crate) use directory::{Binding, Directory, Resolved, Stretch, reload, resolve};
use reports::ChannelHealth;

pub(crate) use reports::{
    __path_list as __path_list_reports, keep as keep_report, list as list_reports,
};

async fn keep_board(
    tx: &mut Transaction<'_, Any>,
    board: &str,
    at: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query("INSERT INTO boards (id, first_seen_at) VALUES ($1, $2) ON CONFLICT DO NOTHING")
        .bind(board)
        .bind(at)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

async fn keep_channel(
    tx: &mut Transaction<'_, Any>,
    board: &str,
    channel: &str,
    unit: &str,
    at: i64,
) -> Result<i64, sqlx::Error> {
    sqlx::query(
        "INSERT INTO channels (series, board_id, channel, unit, first_seen_at) \
         SELECT coalesce(max(series), 0) + 1, $1, $2, $3, $4 FROM channels WHERE true \
         ON CONFLICT (board_id, channel, unit) DO NOTHING",
    )
    .bind(board)
    .bind(channel)
    .bind(unit)
    .bind(at)
    .execute(&mut **tx)
    .await?;
    sqlx::query_scalar(
        "SELECT series FROM channels WHERE board_id = $1 AND channel = $2 AND unit = $3",
    )
    .bind(board)
    .bind(channel)
    .bind(unit)
    .fetch_one(&mut **tx)
    .await
}

/// A board's own word that it is there, or the broker's that it is gone.
pub(crate) async fn keep_status(
    tx: &mut Transaction<'_, Any>,
    status: &Status,
    gateway: &str,
) -> Result<(), sqlx::Error> {
    keep_board(tx, status.board.as_str(), status.received_at_us).await?;
    reports::heard_through(tx, status.board.as_str(), gateway).await?;
    sqlx::query("UPDATE boards SET online = $2 WHERE id = $1")
        .bind(status.board.as_str())
        .bind(i64::from(status.online))
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// A channel as people name it.
#[derive(Debug, Deserialize, ToSchema)]
pub struct ChannelKey {
    /// Its board.
    pub board: String,
    /// Its name.
    pub channel: String,
    /// The unit in which its readings are kept; empty when it gives none.
    #[serde(default)]
    pub unit: String,
}

/// The series of a channel.
pub(crate) async fn series_named(app: &App, key: &ChannelKey) -> Result<SeriesId, Problem> {
    let ChannelKey { board, channel, unit } = key;
    let series = app.directory.read().await.series_named(board, channel, unit);
    series.ok_or(Problem::NotFound("channel with this board, name and unit"))
}

/// A channel in the list of boards.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Channel)]
pub struct ChannelView {
    channel: String,
    unit: String,
    first_seen: Time,
    #[schema(required)]
    last_seen: Option<Time>,
    #[schema(required)]
    last_value: Option<f64>,
    #[schema(required)]
    point_id: Option<String>,
}

/// A board; `adopted` is false while it waits for adoption.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Board)]
pub struct BoardView {
    id: String,
    first_seen: Time,
    adopted: bool,
    #[schema(required)]
    online: Option<bool>,
    credential_issued: bool,
    /// Name and version, as the board's last start named it.
    #[schema(required)]
    firmware: Option<String>,
    channels: Vec<ChannelView>,
    /// What the board says of its sensors; a channel that it never said anything of is not there.
    health: Vec<ChannelHealth>,
}

#[derive(FromRow)]
struct Row {
    id: String,
    first_seen_at: i64,
    adopted_at: Option<i64>,
    online: Option<i64>,
    firmware: Option<String>,
}

/// All boards, those waiting for adoption first.
#[utoipa::path(
    get,
    path = "/api/v1/boards",
    operation_id = "list_boards",
    tag = "boards",
    responses((status = 200, body = Page<BoardView>), Problem)
)]
pub(crate) async fn list(State(app): State<App>) -> Result<Json<Page<BoardView>>, Problem> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT id, first_seen_at, adopted_at, online, firmware FROM boards ORDER BY id",
    )
    .fetch_all(&app.database)
    .await?;
    let mut health: HashMap<String, Vec<ChannelHealth>> = HashMap::new();
    for channel in reports::health(&app).await? {
        health.entry(channel.board().to_owned()).or_default().push(channel);
    }
    let directory = app.directory.read().await;
    let mut items: Vec<BoardView> = rows
        .into_iter()
        .map(|row| BoardView {
            channels: channel_views(&directory, &row.id),
            health: health.remove(&row.id).unwrap_or_default(),
            firmware: row.firmware,
            credential_issued: app.credentials.of(&row.id).is_some(),
            first_seen: Time(row.first_seen_at),
            adopted: row.adopted_at.is_some(),
            online: row.online.map(|o| o != 0),
            id: row.id,
        })
        .collect();
    items.sort_by_key(|b| b.adopted);
    Ok(Json(Page { items, next_cursor: None }))
}

fn channel_views(directory: &Directory, board: &str) -> Vec<ChannelView> {
    let view = |(channel, c): (&str, &Channel)| ChannelView {
        channel: channel.to_owned(),
        unit: c.unit.clone(),
        first_seen: Time(c.first_seen_at),
        last_seen: c.last.map(|(_, received)| Time(received)),
        last_value: c.last.map(|(s, _)| s.value),
        point_id: c.bindings.last().map(|b| b.point_id.clone()),
    };
    let mut views: Vec<_> = directory.of_board(board).map(view).collect();
    views.sort_by(|a, b| (&a.channel, &a.unit).cmp(&(&b.channel, &b.unit)));
    views
}

#[cfg(test)]
mod tests;
