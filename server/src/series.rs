//! Series as they are kept: for exports that lose nothing, whether a board is adopted or not.

use std::collections::HashMap;

use axum::Json;
use axum::extract::{Path, Query, State};
use serde::{Deserialize, Serialize};
use sqlx::AnyPool;
use utoipa::{IntoParams, ToSchema};

use crate::app::App;
use crate::database;
use crate::http::{Page, Problem, cursor};
use crate::limits::{LIST_ROWS, RAW_READINGS};
use crate::time::{self, Time};
use store::{Range, SeriesId, SeriesName};

/// A stretch of time for which a series spoke for a point.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SeriesBinding {
    /// The machine.
    pub asset_id: String,
    /// The measurement point.
    pub point_id: String,
    /// Beginning.
    pub from: Time,
    /// First moment after it; null while it goes on.
    #[schema(required)]
    pub to: Option<Time>,
}

/// What one channel of one board reported in one unit.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Series {
    /// Number of the series.
    pub series: i64,
    /// The board.
    pub board: String,
    /// The channel.
    pub channel: String,
    /// Unit in which its readings are kept; empty when none was given.
    pub unit: String,
    /// When the first of its readings was received.
    pub first_seen: Time,
    /// What it spoke for, in order of time.
    pub bindings: Vec<SeriesBinding>,
}

/// Query of `GET /api/v1/series`.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct SeriesQuery {
    /// Where to go on, from the last answer.
    cursor: Option<String>,
}

/// All series in order of their numbers, with the points that they spoke for.
#[utoipa::path(
    get,
    path = "/api/v1/series",
    operation_id = "list_series",
    tag = "readings",
    params(SeriesQuery),
    responses((status = 200, body = Page<Series>), Problem)
)]
pub(crate) async fn list(
    State(app): State<App>,
    Query(query): Query<SeriesQuery>,
) -> Result<Json<Page<Series>>, Problem> {
    let after = cursor(query.cursor.as_deref())?.unwrap_or(i64::MIN);
    let rows: Vec<(i64, String, String, String, i64)> = sqlx::query_as(
        "SELECT series, board_id, channel, unit, first_seen_at FROM channels \
         WHERE series > $1 ORDER BY series LIMIT $2",
    )
    .bind(after)
    .bind(LIST_ROWS + 1)
    .fetch_all(&app.database)
    .await?;
    let last = rows.last().map_or(after, |row| row.0);
    let mut bindings = bindings(&app.database, after, last).await?;
    let with_bindings = |(series, board, channel, unit, first_seen): (i64, _, _, _, i64)| {
        let bindings = bindings.remove(&series).unwrap_or_default();
        Series { series, board, channel, unit, first_seen: Time(first_seen), bindings }
    };
    let items = rows.into_iter().map(with_bindings).collect();
    Ok(Json(Page::cut(items, LIST_ROWS as usize, |s| s.series.to_string())))
}

/// The bindings of the series after one number and up to another.
async fn bindings(
    db: &AnyPool,
    after: i64,
    last: i64,
) -> Result<HashMap<i64, Vec<SeriesBinding>>, sqlx::Error> {
    let rows: Vec<(i64, String, String, i64, i64)> = sqlx::query_as(
        "SELECT b.series, p.asset_id, p.id, b.valid_from, b.valid_to \
         FROM bindings b JOIN points p ON p.id = b.point_id \
         WHERE b.series > $1 AND b.series <= $2 ORDER BY b.series, b.valid_from",
    )
    .bind(after)
    .bind(last)
    .fetch_all(db)
    .await?;
    let mut bindings: HashMap<i64, Vec<SeriesBinding>> = HashMap::new();
    for (series, asset_id, point_id, from, to) in rows {
        let to = (to != i64::MAX).then_some(Time(to));
        let binding = SeriesBinding { asset_id, point_id, from: Time(from), to };
        bindings.entry(series).or_default().push(binding);
    }
    Ok(bindings)
}

/// Query of `GET /api/v1/series/{series}/readings`.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct SeriesReadingsQuery {
    /// First moment, RFC 3339; without it the beginning.
    #[param(format = DateTime)]
    from: Option<String>,
    /// First moment after it, RFC 3339; without it the end.
    #[param(format = DateTime)]
    to: Option<String>,
    /// Where to go on, from the last answer.
    cursor: Option<String>,
}

/// Readings of a series in order of measurement, exactly as they are kept.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SeriesReadings {
    /// Number of the series.
    pub series: i64,
    /// Measured times, Unix microseconds.
    pub at_us: Vec<i64>,
    /// The value of each.
    pub value: Vec<f64>,
    /// Pass as `cursor` for the next readings; null on the last page.
    #[schema(required)]
    pub next_cursor: Option<String>,
}

/// Readings of a series, exact to the microsecond and the last bit.
#[utoipa::path(
    get,
    path = "/api/v1/series/{series}/readings",
    operation_id = "read_series",
    tag = "readings",
    params(("series" = i64, Path, description = "Number of the series"), SeriesReadingsQuery),
    responses((status = 200, body = SeriesReadings), Problem)
)]
pub(crate) async fn readings(
    State(app): State<App>,
    Path(series): Path<String>,
    Query(query): Query<SeriesReadingsQuery>,
) -> Result<Json<SeriesReadings>, Problem> {
    let series: i64 = series.parse().map_err(|_| Problem::NotFound("series"))?;
    let known: Option<i64> = sqlx::query_scalar("SELECT series FROM channels WHERE series = $1")
        .bind(series)
        .fetch_optional(&app.database)
        .await?;
    known.ok_or(Problem::NotFound("series"))?;
    let from_us = time::bound("from", query.from.as_deref(), i64::MIN)?;
    let to_us = time::bound("to", query.to.as_deref(), i64::MAX)?;
    let after = cursor(query.cursor.as_deref())?.unwrap_or(i64::MIN);
    let range = Range { from_us: from_us.max(after), to_us };
    let mut samples = app.store.raw(SeriesId(series), range, RAW_READINGS + 1).await?;
    let next = samples.get(RAW_READINGS).map(|next| next.measured_at_us.to_string());
    samples.truncate(RAW_READINGS);
    Ok(Json(SeriesReadings {
        series,
        at_us: samples.iter().map(|s| s.measured_at_us).collect(),
        value: samples.iter().map(|s| s.value).collect(),
        next_cursor: next,
    }))
}

/// What every series of a business database is called.
///
/// # Errors
/// When the database cannot be opened or read.
pub async fn names(database: &str) -> Result<Vec<(SeriesId, SeriesName)>, sqlx::Error> {
    let db = database::open(database).await?;
    let rows: Vec<(i64, String, String, String)> =
        sqlx::query_as("SELECT series, board_id, channel, unit FROM channels ORDER BY series")
            .fetch_all(&db)
            .await?;
    db.close().await;
    let name =
        |(series, board, channel, unit)| (SeriesId(series), SeriesName { board, channel, unit });
    Ok(rows.into_iter().map(name).collect())
}
