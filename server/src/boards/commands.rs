//! Commands to boards: sealed here, handed out to the gateway that hears the board, answered by it.

use ::telemetry::command::{self, CommandError, Curve, Key};
use ::telemetry::limits::MAX_COMMAND_BYTES;
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use sqlx::{Any, FromRow, Transaction};
use utoipa::{IntoParams, ToSchema};

use crate::app::App;
use crate::database::{from_json, new_id, take_turn, to_json};
use crate::http::{By, Page, Problem};
use crate::limits::{COMMAND_WAITS_US, HANDING_OUT, LIST_ROWS, TIME_COMMAND_GOOD_US};
use crate::time::Time;

/// What a board is told.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum BoardCommand {
    /// The time, for a board without a clock.
    Time,
    /// Show which board this is.
    Identify {
        /// For how long, 1 to 600 s.
        seconds: u16,
    },
    /// How often to measure, from now on.
    Interval {
        /// One channel; all when it is left out.
        #[serde(default)]
        channel: Option<String>,
        /// Milliseconds between two readings, from 10 to a day.
        interval_ms: u32,
    },
    /// Measure all channels fast for a while.
    Burst {
        /// Milliseconds between two readings, from 10 to a day.
        interval_ms: u32,
        /// For how long, up to twelve hours; 0 ends it.
        seconds: u32,
    },
    /// Correct a channel's readings on the board itself from now on.
    Calibrate {
        /// The channel.
        channel: String,
        /// Number of the certificate or of the reference instrument.
        serial: String,
        /// Day of the calibration, such as 2026-01-31.
        #[schema(format = Date)]
        day: String,
        /// The curve.
        curve: BoardCurve,
    },
    /// Begin anew.
    Reboot,
}

/// How a board corrects what a sensor says.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum BoardCurve {
    /// The line through two pairs, each of what the sensor said and what it should have said.
    TwoPoint([[f32; 2]; 2]),
    /// Coefficients of 1, x, x² and x³.
    Polynomial([f32; 4]),
}

impl BoardCommand {
    fn seal(&self, key: &Key, board: &str, counter: i64) -> Result<String, Problem> {
        let command = match self {
            Self::Time => command::Command::Time,
            Self::Identify { seconds } => command::Command::Identify { seconds: *seconds },
            Self::Interval { channel, interval_ms } => command::Command::Interval {
                channel: channel.as_deref(),
                interval_ms: *interval_ms,
            },
            Self::Burst { interval_ms, seconds } => {
                command::Command::Burst { interval_ms: *interval_ms, seconds: *seconds }
            }
            Self::Calibrate { channel, serial, day, curve } => {
                command::Command::Calibrate(command::Calibration {
                    channel,
                    serial,
                    day: days_since_1970(day)?,
                    curve: (*curve).into(),
                })
            }
            Self::Reboot => command::Command::Reboot,
        };
        let mut buffer = [0; MAX_COMMAND_BYTES];
        let sealed = command::seal(key, board, counter, &command, &mut buffer);
        let sealed = sealed.map_err(|e: CommandError| Problem::Invalid(e.to_string()))?;
        Ok(hex::encode(sealed))
    }
}

impl From<BoardCurve> for Curve {
    fn from(curve: BoardCurve) -> Self {
        match curve {
            BoardCurve::TwoPoint([one, two]) => {
                Self::TwoPoint { raw: [one[0], two[0]], reference: [one[1], two[1]] }
            }
            BoardCurve::Polynomial(c) => Self::Polynomial(c),
        }
    }
}

fn days_since_1970(day: &str) -> Result<u32, Problem> {
    let wrong = || Problem::Invalid("`day` has to be a date since 1970 such as 2026-01-31".into());
    let day: Date = day.parse().map_err(|_| wrong())?;
    let days = Date::constant(1970, 1, 1).until(day).map_err(|_| wrong())?.get_days();
    u32::try_from(days).map_err(|_| wrong())
}

/// A command and what became of it.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct IssuedCommand {
    /// Its number.
    pub id: String,
    /// Its board.
    pub board: String,
    /// What it says.
    pub command: BoardCommand,
    /// Who issued it.
    pub by: String,
    /// When.
    pub issued_at: Time,
    /// Until when it is handed to the board.
    pub expires_at: Time,
    /// When the board answered; null while it has not.
    #[schema(required)]
    pub answered_at: Option<Time>,
    /// Why the board did not obey; null when it did, or has not answered.
    #[schema(required)]
    pub refused: Option<String>,
}

const SELECT: &str = "SELECT id, issued_at, board_id, command, who, expires_at, answered_at, refused \
                      FROM board_commands";

#[derive(FromRow)]
struct Row {
    id: String,
    issued_at: i64,
    board_id: String,
    command: String,
    who: String,
    expires_at: i64,
    answered_at: Option<i64>,
    refused: Option<String>,
}

impl TryFrom<Row> for IssuedCommand {
    type Error = Problem;
    fn try_from(r: Row) -> Result<Self, Problem> {
        Ok(Self {
            id: r.id,
            board: r.board_id,
            command: from_json(&r.command)?,
            by: r.who,
            issued_at: Time(r.issued_at),
            expires_at: Time(r.expires_at),
            answered_at: r.answered_at.map(Time),
            refused: r.refused,
        })
    }
}

/// Seals and keeps a command, in the caller's transaction. After its commit wake
/// [`App::commands_waiting`]. `None` when the board has no key.
pub(super) async fn issue(
    tx: &mut Transaction<'_, Any>,
    board: &str,
    command: &BoardCommand,
    who: &str,
    now: i64,
) -> Result<Option<String>, Problem> {
    let Some(Sealed { counter, message }) = seal_next(tx, board, command, now).await? else {
        return Ok(None);
    };
    let id = new_id();
    sqlx::query(
        "INSERT INTO board_commands (id, counter, issued_at, board_id, command, message, who, \
         expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(&id)
    .bind(counter)
    .bind(now)
    .bind(board)
    .bind(to_json(command)?)
    .bind(message)
    .bind(who)
    .bind(now.saturating_add(COMMAND_WAITS_US))
    .execute(&mut **tx)
    .await?;
    Ok(Some(id))
}

/// A command with a counter above all before it.
struct Sealed {
    counter: i64,
    message: String,
}

async fn seal_next(
    tx: &mut Transaction<'_, Any>,
    board: &str,
    command: &BoardCommand,
    now: i64,
) -> Result<Option<Sealed>, Problem> {
    take_turn(tx, "board commands").await?;
    let key: Option<Option<String>> =
        sqlx::query_scalar("SELECT command_key FROM boards WHERE id = $1")
            .bind(board)
            .fetch_optional(&mut **tx)
            .await?;
    let key = key.ok_or(Problem::NotFound("board"))?;
    let Some(key) = key.and_then(|k| hex::decode(k).ok()?.try_into().ok()) else { return Ok(None) };
    let last: Option<i64> =
        sqlx::query_scalar("SELECT max(counter) FROM board_commands").fetch_one(&mut **tx).await?;
    let counter = last.map_or(now, |last| now.max(last + 1));
    Ok(Some(Sealed { counter, message: command.seal(&key, board, counter)? }))
}

/// Seals anew what a board would no longer take: a time that is not the time any more, and what a
/// newer command has overtaken, whose counter the board has gone past. A reboot is not tried again:
/// the board may just be doing it.
async fn renew(app: &App) -> Result<(), Problem> {
    let now = app.clock.now_us();
    let stale: Vec<(String, String, String)> = sqlx::query_as(
        "SELECT c.id, c.board_id, c.command FROM board_commands c \
         WHERE c.answered_at IS NULL AND c.expires_at > $1 \
         AND ((c.command = $2 AND c.counter < $3) OR (c.command <> $4 AND c.counter < \
         (SELECT max(a.counter) FROM board_commands a WHERE a.board_id = c.board_id \
         AND a.answered_at IS NOT NULL))) ORDER BY c.counter LIMIT $5",
    )
    .bind(now)
    .bind(to_json(&BoardCommand::Time)?)
    .bind(now.saturating_sub(TIME_COMMAND_GOOD_US))
    .bind(to_json(&BoardCommand::Reboot)?)
    .bind(LIST_ROWS)
    .fetch_all(&app.database)
    .await?;
    if stale.is_empty() {
        return Ok(());
    }
    let mut tx = app.database.begin().await?;
    for (id, board, command) in stale {
        let command: BoardCommand = from_json(&command)?;
        let Some(sealed) = seal_next(&mut tx, &board, &command, now).await? else { continue };
        sqlx::query(
            "UPDATE board_commands SET counter = $2, message = $3 \
             WHERE id = $1 AND answered_at IS NULL",
        )
        .bind(id)
        .bind(sealed.counter)
        .bind(sealed.message)
        .execute(&mut *tx)
        .await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Tells a board something.
///
/// It is handed to the board for an hour, also when it is away meanwhile; the list says what the
/// board answered.
#[utoipa::path(
    post,
    path = "/api/v1/boards/{id}/commands",
    operation_id = "command_board",
    tag = "boards",
    responses((status = 201, body = IssuedCommand), Problem)
)]
pub(crate) async fn send(
    By(who): By,
    State(app): State<App>,
    Path(board): Path<String>,
    Json(command): Json<BoardCommand>,
) -> Result<(StatusCode, Json<IssuedCommand>), Problem> {
    let mut tx = app.database.begin().await?;
    let issued = issue(&mut tx, &board, &command, &who, app.clock.now_us()).await?;
    let id = issued.ok_or_else(|| {
        Problem::Conflict(
            "the board has no key for commands: issue its credential and put both on the board"
                .into(),
        )
    })?;
    tx.commit().await?;
    app.commands_waiting.notify_waiters();
    let row: Row = sqlx::query_as(sqlx::AssertSqlSafe(format!("{SELECT} WHERE id = $1")))
        .bind(id)
        .fetch_one(&app.database)
        .await?;
    Ok((StatusCode::CREATED, Json(row.try_into()?)))
}

/// Query of the list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct CommandsQuery {
    cursor: Option<String>,
}

/// What a board was told, the newest first.
#[utoipa::path(
    get,
    path = "/api/v1/boards/{id}/commands",
    operation_id = "list_board_commands",
    tag = "boards",
    params(CommandsQuery),
    responses((status = 200, body = Page<IssuedCommand>), Problem)
)]
pub(crate) async fn list(
    State(app): State<App>,
    Path(board): Path<String>,
    Query(query): Query<CommandsQuery>,
) -> Result<Json<Page<IssuedCommand>>, Problem> {
    let sql = format!("{SELECT} WHERE board_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3");
    let rows: Vec<Row> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(board)
        .bind(query.cursor.unwrap_or_else(|| "~".to_owned()))
        .bind(LIST_ROWS + 1)
        .fetch_all(&app.database)
        .await?;
    let items: Result<Vec<IssuedCommand>, Problem> =
        rows.into_iter().map(TryInto::try_into).collect();
    Ok(Json(Page::cut(items?, LIST_ROWS as usize, |c| c.id.clone())))
}

/// A command on its way, as a gateway publishes it.
#[derive(Debug, Serialize, Deserialize, FromRow, ToSchema)]
pub struct WaitingCommand {
    /// Its board.
    #[sqlx(rename = "board_id")]
    pub board: String,
    /// Grows from command to command.
    pub counter: i64,
    /// The sealed message, hexadecimal.
    pub message: String,
}

/// What a gateway asks.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct WaitingQuery {
    /// Its own id, as in its deliveries.
    pub gateway: String,
    /// The largest counter that it has published: the answer comes at once when there is a newer
    /// one, otherwise after ten seconds.
    #[serde(default)]
    pub known: i64,
}

/// Commands that boards behind a gateway have not answered yet; the gateway publishes all of them,
/// since a board may have been away the last time.
#[utoipa::path(
    get,
    path = "/api/v1/commands/waiting",
    operation_id = "list_waiting_commands",
    tag = "intake",
    params(WaitingQuery),
    responses((status = 200, body = Page<WaitingCommand>), Problem)
)]
pub(crate) async fn list_waiting(
    State(app): State<App>,
    Query(query): Query<WaitingQuery>,
) -> Result<Json<Page<WaitingCommand>>, Problem> {
    let items = waiting(&app, &query.gateway, query.known).await?;
    Ok(Json(Page { items, next_cursor: None }))
}

/// As [`list_waiting`], in process.
///
/// # Errors
/// When the database does not answer.
pub async fn waiting(app: &App, gateway: &str, known: i64) -> Result<Vec<WaitingCommand>, Problem> {
    let give_up = tokio::time::sleep(HANDING_OUT);
    tokio::pin!(give_up);
    loop {
        let woken = app.commands_waiting.notified();
        tokio::pin!(woken);
        woken.as_mut().enable();
        let found = unanswered(app, gateway).await?;
        if found.iter().any(|c| c.counter > known) {
            return Ok(found);
        }
        tokio::select! {
            () = &mut give_up => return unanswered(app, gateway).await,
            () = woken => {}
        }
    }
}

pub(super) async fn unanswered(app: &App, gateway: &str) -> Result<Vec<WaitingCommand>, Problem> {
    renew(app).await?;
    // A board that no gateway has heard yet may be behind any of them.
    let found = sqlx::query_as(
        "SELECT c.board_id, c.counter, c.message FROM board_commands c \
         JOIN boards b ON b.id = c.board_id WHERE c.answered_at IS NULL AND c.expires_at > $1 \
         AND (b.gateway_id IS NULL OR b.gateway_id = $2) ORDER BY c.counter LIMIT $3",
    )
    .bind(app.clock.now_us())
    .bind(gateway)
    .bind(LIST_ROWS)
    .fetch_all(&app.database)
    .await?;
    Ok(found)
}
