//! Bindings: which channel speaks for which point, and from when to when.
//!
//! A sensor that moves to another machine is bound to another point from that date on; a sensor that
//! is replaced hands its point over, and the point keeps its history. Readings are never rewritten.

use axum::Json;
use axum::extract::{Query, State};
use serde::{Deserialize, Serialize};
use sqlx::{Any, FromRow, Transaction};
use store::{Range, SeriesId};
use utoipa::{IntoParams, ToSchema};

use crate::app::App;
use crate::boards::{self, ChannelKey};
use crate::database::new_id;
use crate::http::{Page, Problem};
use crate::time::{self, Time};
use crate::watch;

/// Body of a change.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewBinding {
    #[serde(flatten)]
    channel: ChannelKey,
    /// The point that it speaks for; null when it speaks for none any more.
    #[schema(required)]
    point_id: Option<String>,
    /// From when on, until the channel's next change; RFC 3339. May lie in the past.
    #[schema(format = DateTime)]
    from: String,
}

/// A stretch of time in which a channel spoke for a point.
#[derive(Debug, Serialize, ToSchema)]
pub struct Binding {
    board: String,
    channel: String,
    unit: String,
    point_id: String,
    point_name: String,
    asset_id: String,
    asset_name: String,
    /// Null: since the first reading.
    #[schema(required)]
    from: Option<Time>,
    /// Null: until further notice.
    #[schema(required)]
    to: Option<Time>,
}

#[derive(FromRow)]
struct Row {
    board_id: String,
    channel: String,
    unit: String,
    point_id: String,
    point_name: String,
    asset_id: String,
    asset_name: String,
    valid_from: i64,
    valid_to: i64,
}

impl From<Row> for Binding {
    fn from(r: Row) -> Self {
        Self {
            board: r.board_id,
            channel: r.channel,
            unit: r.unit,
            point_id: r.point_id,
            point_name: r.point_name,
            asset_id: r.asset_id,
            asset_name: r.asset_name,
            from: (r.valid_from > 0).then_some(Time(r.valid_from)),
            to: (r.valid_to < i64::MAX).then_some(Time(r.valid_to)),
        }
    }
}

/// Lets a channel speak for a point from a date on, or for none.
///
/// Whatever spoke for the point before hands over at that date. What was learnt of the machines
/// concerned is learnt again from the readings that are now theirs.
#[utoipa::path(
    put,
    path = "/api/v1/bindings",
    operation_id = "bind_channel",
    tag = "boards",
    responses((status = 200, body = Page<Binding>), Problem)
)]
pub(crate) async fn change(
    State(app): State<App>,
    Json(new): Json<NewBinding>,
) -> Result<Json<Page<Binding>>, Problem> {
    let from_us = time::needed("from", &new.from)?.max(0);
    let series = boards::series_named(&app, &new.channel).await?;
    let mut assets = app.directory.read().await.assets_of(series);
    let mut tx = app.database.begin().await?;
    let next: Option<i64> = sqlx::query_scalar(
        "SELECT min(valid_from) FROM bindings WHERE series = $1 AND valid_from > $2",
    )
    .bind(series.0)
    .bind(from_us)
    .fetch_one(&mut *tx)
    .await?;
    let part = Range { from_us, to_us: next.unwrap_or(i64::MAX) };
    clear(&mut tx, Of::Series(series), part).await?;
    if let Some(point_id) = &new.point_id {
        let unit: Option<String> = sqlx::query_scalar("SELECT unit FROM points WHERE id = $1")
            .bind(point_id)
            .fetch_optional(&mut *tx)
            .await?;
        let unit = unit.ok_or(Problem::NotFound("point"))?;
        if unit != new.channel.unit {
            return Err(Problem::Conflict(format!(
                "the point is kept in {unit:?} and the channel reports {:?}",
                new.channel.unit
            )));
        }
        clear(&mut tx, Of::Point(point_id), part).await?;
        insert(&mut tx, series, point_id, part).await?;
    }
    tx.commit().await?;
    boards::reload(&app).await?;
    assets.extend(app.directory.read().await.assets_of(series));
    for asset_id in assets {
        watch::start_over(&app, &asset_id).await?;
    }
    let items = select(&app, "CAST(c.series AS TEXT) = $1", &series.0.to_string()).await?;
    Ok(Json(Page { items, next_cursor: None }))
}

/// Whose bindings.
enum Of<'a> {
    Series(SeriesId),
    Point(&'a str),
}

/// Makes room: bindings that reach into a stretch of time end before it, go on after it, or both.
async fn clear(tx: &mut Transaction<'_, Any>, of: Of<'_>, part: Range) -> Result<(), sqlx::Error> {
    let (series, point) = match of {
        Of::Series(series) => (series.0, ""),
        Of::Point(point) => (-1, point),
    };
    let rows: Vec<(String, i64, String, i64, i64)> = sqlx::query_as(
        "SELECT id, series, point_id, valid_from, valid_to FROM bindings \
         WHERE (series = $1 OR point_id = $2) AND valid_from < $4 AND valid_to > $3",
    )
    .bind(series)
    .bind(point)
    .bind(part.from_us)
    .bind(part.to_us)
    .fetch_all(&mut **tx)
    .await?;
    for (id, series, point_id, from_us, to_us) in rows {
        sqlx::query("DELETE FROM bindings WHERE id = $1").bind(id).execute(&mut **tx).await?;
        for rest in [Range { from_us, to_us: part.from_us }, Range { from_us: part.to_us, to_us }] {
            if !rest.is_empty() {
                insert(tx, SeriesId(series), &point_id, rest).await?;
            }
        }
    }
    Ok(())
}

async fn insert(
    tx: &mut Transaction<'_, Any>,
    series: SeriesId,
    point_id: &str,
    valid: Range,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO bindings (id, series, point_id, valid_from, valid_to) \
         VALUES ($1, $2, $3, $4, $5)",
    )
    .bind(new_id())
    .bind(series.0)
    .bind(point_id)
    .bind(valid.from_us)
    .bind(valid.to_us)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Query of the list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct BindingsQuery {
    /// Those of a point.
    point: Option<String>,
    /// Those of a board's channels.
    board: Option<String>,
}

/// Bindings of a point or of a board, in order of their dates.
#[utoipa::path(
    get,
    path = "/api/v1/bindings",
    operation_id = "list_bindings",
    tag = "boards",
    params(BindingsQuery),
    responses((status = 200, body = Page<Binding>), Problem)
)]
pub(crate) async fn list(
    State(app): State<App>,
    Query(query): Query<BindingsQuery>,
) -> Result<Json<Page<Binding>>, Problem> {
    let items = match (&query.point, &query.board) {
        (Some(point), None) => select(&app, "p.id = $1", point).await?,
        (None, Some(board)) => select(&app, "c.board_id = $1", board).await?,
        _ => return Err(Problem::Invalid("give either `point` or `board`".into())),
    };
    Ok(Json(Page { items, next_cursor: None }))
}

async fn select(app: &App, which: &str, key: &str) -> Result<Vec<Binding>, Problem> {
    let sql = format!(
        "SELECT c.board_id, c.channel, c.unit, p.id AS point_id, p.name AS point_name, \
         a.id AS asset_id, a.name AS asset_name, b.valid_from, b.valid_to FROM bindings b \
         JOIN channels c ON c.series = b.series JOIN points p ON p.id = b.point_id \
         JOIN assets a ON a.id = p.asset_id WHERE {which} ORDER BY c.channel, b.valid_from"
    );
    let rows: Vec<Row> =
        sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(key).fetch_all(&app.database).await?;
    Ok(rows.into_iter().map(Binding::from).collect())
}
