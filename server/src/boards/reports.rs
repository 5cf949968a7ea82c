//! What boards say about themselves: starts, answers to commands, the health of their sensors.

use ::telemetry::delivery::BoardReport;
use ::telemetry::report::{Report, Word};
use axum::Json;
use axum::extract::{Path, Query, State};
use serde::{Deserialize, Serialize};
use sqlx::{Any, FromRow, Transaction};
use utoipa::{IntoParams, ToSchema};

use super::commands::{self, BoardCommand};
use super::keep_board;
use crate::app::App;
use crate::database::{from_json, new_id, to_json};
use crate::http::{Page, Problem};
use crate::limits::{BOARD_REPORTS_KEPT, LIST_ROWS};
use crate::time::Time;

/// What a board said.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Said {
    /// It has begun anew.
    Boot {
        /// Name and version of the firmware.
        firmware: String,
        /// `power`, `watchdog`, `command`, `panic` or `other`.
        reset: String,
        /// The last words of the run before, when it ended in a panic.
        #[schema(required)]
        panic: Option<String>,
    },
    /// What became of a command.
    Answer {
        /// Its counter.
        counter: i64,
        /// Why it was not obeyed; null when it was.
        #[schema(required)]
        refused: Option<String>,
    },
    /// A sensor's health has changed.
    Health {
        /// Its channel.
        channel: String,
        /// After NAMUR NE 107: `good`, `failure`, `function_check`, `out_of_specification` or
        /// `maintenance_required`.
        health: String,
        /// `none`, `missing`, `bus`, `open_circuit`, `short_circuit`, `stuck`, `range`, `rate`,
        /// `calibration` or `unsteady`.
        cause: String,
    },
    /// Readings had to go: nobody took them and the board's memory was full.
    Lost {
        /// How many since the last such report.
        readings: u32,
    },
}

impl From<Word<'_>> for Said {
    fn from(word: Word<'_>) -> Self {
        match word {
            Word::Boot { firmware, reset, panic } => Self::Boot {
                firmware: firmware.to_owned(),
                reset: reset.code().to_owned(),
                panic: panic.map(ToOwned::to_owned),
            },
            Word::Answer { counter, refused } => {
                Self::Answer { counter, refused: refused.map(ToOwned::to_owned) }
            }
            Word::Health { channel, health, cause } => Self::Health {
                channel: channel.to_owned(),
                health: health.code().to_owned(),
                cause: cause.code().to_owned(),
            },
            Word::Lost { readings } => Self::Lost { readings },
        }
    }
}

/// Keeps a report and what follows from it, in the caller's transaction. Says whether a command is
/// waiting now.
pub(crate) async fn keep(
    tx: &mut Transaction<'_, Any>,
    report: &BoardReport,
    gateway: &str,
    now: i64,
) -> Result<bool, Problem> {
    let board = report.board.as_str();
    let read = Report::decode(&report.bytes);
    let Report { age_ms, word } = read.map_err(|e| Problem::Internal(e.to_string().into()))?;
    let age_us = i64::try_from(age_ms).unwrap_or(i64::MAX).saturating_mul(1000);
    let at = report.received_at_us.saturating_sub(age_us).max(0);
    keep_board(tx, board, report.received_at_us).await?;
    heard_through(tx, board, gateway).await?;
    let commanded = match word {
        Word::Boot { firmware, .. } => started(tx, board, firmware, now).await?,
        Word::Answer { counter, refused } => {
            answered(tx, board, counter, refused, report.received_at_us).await?;
            false
        }
        Word::Health { channel, health, cause } => {
            keep_health(tx, board, channel, health.code(), cause.code(), at).await?;
            false
        }
        Word::Lost { .. } => false,
    };
    sqlx::query(
        "INSERT INTO board_reports (id, board_id, at, received_at, report) \
         VALUES ($1, $2, $3, $4, $5)",
    )
    .bind(new_id())
    .bind(board)
    .bind(at)
    .bind(report.received_at_us)
    .bind(to_json(&Said::from(word))?)
    .execute(&mut **tx)
    .await?;
    forget_oldest(tx, board).await?;
    Ok(commanded)
}

/// Remembers the gateway, through which commands go down to the board.
pub(crate) async fn heard_through(
    tx: &mut Transaction<'_, Any>,
    board: &str,
    gateway: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE boards SET gateway_id = $2 WHERE id = $1")
        .bind(board)
        .bind(gateway)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// A board that has begun anew may have no clock: it is told the time.
async fn started(
    tx: &mut Transaction<'_, Any>,
    board: &str,
    firmware: &str,
    now: i64,
) -> Result<bool, Problem> {
    sqlx::query("UPDATE boards SET firmware = $2 WHERE id = $1")
        .bind(board)
        .bind(firmware)
        .execute(&mut **tx)
        .await?;
    let issued = commands::issue(tx, board, &BoardCommand::Time, "server", now).await?;
    Ok(issued.is_some())
}

async fn answered(
    tx: &mut Transaction<'_, Any>,
    board: &str,
    counter: i64,
    refused: Option<&str>,
    at: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE board_commands SET answered_at = $3, refused = $4 \
         WHERE counter = $2 AND board_id = $1 AND answered_at IS NULL",
    )
    .bind(board)
    .bind(counter)
    .bind(at)
    .bind(refused)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

async fn keep_health(
    tx: &mut Transaction<'_, Any>,
    board: &str,
    channel: &str,
    health: &str,
    cause: &str,
    at: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO channel_health (board_id, channel, health, cause, at) \
         VALUES ($1, $2, $3, $4, $5) ON CONFLICT (board_id, channel) DO UPDATE SET \
         health = excluded.health, cause = excluded.cause, at = excluded.at \
         WHERE channel_health.at <= excluded.at",
    )
    .bind(board)
    .bind(channel)
    .bind(health)
    .bind(cause)
    .bind(at)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

async fn forget_oldest(tx: &mut Transaction<'_, Any>, board: &str) -> Result<(), sqlx::Error> {
    sqlx::query(
        "DELETE FROM board_reports WHERE board_id = $1 AND id <= (SELECT id FROM board_reports \
         WHERE board_id = $1 ORDER BY id DESC LIMIT 1 OFFSET $2)",
    )
    .bind(board)
    .bind(BOARD_REPORTS_KEPT)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// A sensor that is not well, or was not.
#[derive(Debug, Serialize, FromRow, ToSchema)]
pub struct ChannelHealth {
    channel: String,
    /// After NAMUR NE 107.
    health: String,
    cause: String,
    /// Since when.
    #[sqlx(rename = "at", try_from = "i64")]
    since: Time,
    #[serde(skip)]
    board_id: String,
}

impl ChannelHealth {
    pub(super) fn board(&self) -> &str {
        &self.board_id
    }
}

/// The newest word on every channel of every board, in order.
pub(super) async fn health(app: &App) -> Result<Vec<ChannelHealth>, sqlx::Error> {
    sqlx::query_as(
        "SELECT board_id, channel, health, cause, at FROM channel_health ORDER BY board_id, channel",
    )
    .fetch_all(&app.database)
    .await
}

/// A report.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BoardReport)]
pub struct ReportView {
    id: String,
    /// When it came about.
    at: Time,
    received_at: Time,
    said: Said,
}

#[derive(FromRow)]
struct Row {
    id: String,
    at: i64,
    received_at: i64,
    report: String,
}

/// Query of the list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ReportsQuery {
    cursor: Option<String>,
}

/// What a board said about itself, the newest first; a thousand are kept.
#[utoipa::path(
    get,
    path = "/api/v1/boards/{id}/reports",
    operation_id = "list_board_reports",
    tag = "boards",
    params(ReportsQuery),
    responses((status = 200, body = Page<ReportView>), Problem)
)]
pub(crate) async fn list(
    State(app): State<App>,
    Path(board): Path<String>,
    Query(query): Query<ReportsQuery>,
) -> Result<Json<Page<ReportView>>, Problem> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT id, at, received_at, report FROM board_reports \
         WHERE board_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3",
    )
    .bind(board)
    .bind(query.cursor.unwrap_or_else(|| "~".to_owned()))
    .bind(LIST_ROWS + 1)
    .fetch_all(&app.database)
    .await?;
    let view = |r: Row| {
        let said = from_json(&r.report)?;
        Ok(ReportView { id: r.id, at: Time(r.at), received_at: Time(r.received_at), said })
    };
    let items: Result<Vec<ReportView>, Problem> = rows.into_iter().map(view).collect();
    Ok(Json(Page::cut(items?, LIST_ROWS as usize, |r| r.id.clone())))
}
