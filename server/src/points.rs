//! Measurement points: dated views on the series of the store.

use ::telemetry::pack::Sample;
use axum::Json;
use axum::extract::{Query, State};
use serde::{Deserialize, Serialize};
use sqlx::FromRow;
use utoipa::{IntoParams, ToSchema};

use crate::app::App;
use crate::http::{Admin, Page, Problem};
use crate::limits::RAW_READINGS;
use crate::time;
use crate::time::Time;
use crate::watch::Band;
use store::{Bucket, Grid, Range, SeriesId};

#[derive(Debug, FromRow)]
struct Row {
    id: String,
    asset_id: String,
    name: String,
    quantity: String,
    position: String,
    unit: String,
    slot: i64,
}

/// A value and when it was measured.
#[derive(Debug, Serialize, ToSchema)]
pub struct Latest {
    at: Time,
    value: f64,
}

/// A measurement point, its newest reading, and the band in which it is normal now.
#[derive(Debug, Serialize, ToSchema)]
pub struct Point {
    id: String,
    asset_id: String,
    name: String,
    quantity: String,
    position: String,
    unit: String,
    #[schema(required)]
    latest: Option<Latest>,
    #[schema(required)]
    normal: Option<Band>,
}

/// Query of `GET /api/v1/points`.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PointsQuery {
    asset: String,
}

/// All measurement points of one asset, which has at most 256.
#[utoipa::path(
    get,
    path = "/api/v1/points",
    operation_id = "list_points",
    tag = "assets",
    params(PointsQuery),
    responses((status = 200, body = Page<Point>), Problem)
)]
pub(crate) async fn list(
    _: Admin,
    State(app): State<App>,
    Query(query): Query<PointsQuery>,
) -> Result<Json<Page<Point>>, Problem> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT id, asset_id, name, quantity, position, unit, slot FROM points \
         WHERE asset_id = $1 ORDER BY slot",
    )
    .bind(&query.asset)
    .fetch_all(&app.database)
    .await?;
    let mut items = Vec::with_capacity(rows.len());
    for row in rows {
        let latest = latest(&app, &row.id).await?;
        let normal = app.watches.lock().await.band(&row.asset_id, row.slot);
        items.push(Point {
            id: row.id,
            asset_id: row.asset_id,
            name: row.name,
            quantity: row.quantity,
            position: row.position,
            unit: row.unit,
            latest: latest.map(|s| Latest { at: Time(s.measured_at_us), value: s.value }),
            normal,
        });
    }
    Ok(Json(Page { items, next_cursor: None }))
}

/// The series that spoke for a point, each with the stretch of time for which it did.
pub(crate) async fn bindings(app: &App, point_id: &str) -> Result<Vec<(SeriesId, Range)>, Problem> {
    let rows: Vec<(i64, i64, i64)> = sqlx::query_as(
        "SELECT series, valid_from, valid_to FROM bindings WHERE point_id = $1 ORDER BY valid_from",
    )
    .bind(point_id)
    .fetch_all(&app.database)
    .await?;
    let dated = |(series, from_us, to_us)| (SeriesId(series), Range { from_us, to_us });
    Ok(rows.into_iter().map(dated).collect())
}

async fn latest(app: &App, point_id: &str) -> Result<Option<Sample>, Problem> {
    for (series, valid) in bindings(app, point_id).await?.into_iter().rev() {
        if let Some(sample) = app.store.latest(series, valid).await? {
            return Ok(Some(sample));
        }
    }
    Ok(None)
}

/// Query of `GET /api/v1/readings`.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ReadingsQuery {
    /// Id of the point.
    point: String,
    /// First moment, RFC 3339; without it the beginning.
    #[param(format = DateTime)]
    from: Option<String>,
    /// First moment after it, RFC 3339; without it the end.
    #[param(format = DateTime)]
    to: Option<String>,
    /// At most so many buckets.
    buckets: Option<u32>,
    /// Where to go on, from the last answer.
    cursor: Option<String>,
}

/// Readings of a point. Times are columns of Unix milliseconds, since a column of texts would be ten
/// times the size.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub enum Readings {
    /// With `buckets`.
    Buckets(BucketColumns),
    /// Without.
    Raw(RawColumns),
}

/// Every bucket of the range; figures are null where nothing was measured.
#[derive(Debug, Serialize, ToSchema)]
pub struct BucketColumns {
    point_id: String,
    unit: String,
    from: Time,
    to: Time,
    /// Length of a bucket.
    bucket_ms: f64,
    /// Start of each bucket.
    at_ms: Vec<f64>,
    count: Vec<u64>,
    min: Vec<Option<f64>>,
    max: Vec<Option<f64>>,
    mean: Vec<Option<f64>>,
    first: Vec<Option<f64>>,
    last: Vec<Option<f64>>,
}

/// The readings themselves in order of measurement.
#[derive(Debug, Serialize, ToSchema)]
pub struct RawColumns {
    point_id: String,
    unit: String,
    /// Measured times.
    at_ms: Vec<f64>,
    value: Vec<f64>,
    /// Pass as `cursor` for the next readings; null on the last page.
    #[schema(required)]
    next_cursor: Option<String>,
}

#[expect(clippy::cast_precision_loss, reason = "microseconds of this century fit a double")]
fn ms(us: i64) -> f64 {
    us as f64 / 1e3
}

/// Readings of a point, in buckets when `buckets` is given.
///
/// Buckets begin at whole multiples of their length, so there may be fewer than asked for.
#[utoipa::path(
    get,
    path = "/api/v1/readings",
    operation_id = "read_readings",
    tag = "readings",
    params(ReadingsQuery),
    responses((status = 200, body = Readings), Problem)
)]
pub(crate) async fn readings(
    _: Admin,
    State(app): State<App>,
    Query(query): Query<ReadingsQuery>,
) -> Result<Json<Readings>, Problem> {
    let unit: Option<String> = sqlx::query_scalar("SELECT unit FROM points WHERE id = $1")
        .bind(&query.point)
        .fetch_optional(&app.database)
        .await?;
    let unit = unit.ok_or(Problem::NotFound("point"))?;
    let bindings = bindings(&app, &query.point).await?;
    let from_us = time::bound("from", query.from.as_deref(), 0)?;
    let to_us = time::bound("to", query.to.as_deref(), i64::MAX)?;
    match query.buckets {
        Some(n) => {
            let grid = Grid::new(Range { from_us, to_us }, n)?;
            let buckets = in_buckets(&app, &bindings, grid).await?;
            Ok(Json(Readings::Buckets(bucket_columns(query.point, unit, grid, &buckets))))
        }
        None => {
            let after = query.cursor.as_deref().map(str::parse::<i64>).transpose();
            let after =
                after.map_err(|_| Problem::Invalid("`cursor` is not one of ours".into()))?;
            let range = Range { from_us: after.map_or(from_us, |c| c.max(from_us)), to_us };
            let samples = in_order(&app, &bindings, range, RAW_READINGS + 1).await?;
            Ok(Json(Readings::Raw(raw_columns(query.point, unit, samples))))
        }
    }
}

async fn in_buckets(
    app: &App,
    bindings: &[(SeriesId, Range)],
    grid: Grid,
) -> Result<Vec<Option<Bucket>>, Problem> {
    let mut all = vec![None; grid.len()];
    for (series, valid) in bindings {
        let part = valid.within(grid.range);
        if part.is_empty() {
            continue;
        }
        for (all, part) in all.iter_mut().zip(app.store.buckets(*series, part, grid).await?) {
            if let Some(part) = part {
                Bucket::merge(all, &part);
            }
        }
    }
    Ok(all)
}

/// Readings of a point in order of measurement.
pub(crate) async fn in_order(
    app: &App,
    bindings: &[(SeriesId, Range)],
    range: Range,
    limit: usize,
) -> Result<Vec<Sample>, Problem> {
    let mut samples = Vec::new();
    for (series, valid) in bindings {
        let part = valid.within(range);
        if !part.is_empty() {
            samples.extend(app.store.raw(*series, part, limit).await?);
        }
    }
    samples.sort_by_key(|s| s.measured_at_us);
    samples.truncate(limit);
    Ok(samples)
}

fn bucket_columns(
    point_id: String,
    unit: String,
    grid: Grid,
    buckets: &[Option<Bucket>],
) -> BucketColumns {
    let column = |of: fn(&Bucket) -> f64| buckets.iter().map(|b| b.as_ref().map(of)).collect();
    let start = |i| ms(grid.start_us + grid.bucket_us * i);
    BucketColumns {
        point_id,
        unit,
        from: Time(grid.range.from_us),
        to: Time(grid.range.to_us),
        bucket_ms: ms(grid.bucket_us),
        at_ms: (0..).map(start).take(buckets.len()).collect(),
        count: buckets.iter().map(|b| b.map_or(0, |b| b.count)).collect(),
        min: column(|b| b.min),
        max: column(|b| b.max),
        mean: column(Bucket::mean),
        first: column(|b| b.first.value),
        last: column(|b| b.last.value),
    }
}

fn raw_columns(point_id: String, unit: String, mut samples: Vec<Sample>) -> RawColumns {
    let next = (samples.len() > RAW_READINGS).then(|| samples[RAW_READINGS].measured_at_us);
    samples.truncate(RAW_READINGS);
    RawColumns {
        point_id,
        unit,
        at_ms: samples.iter().map(|s| ms(s.measured_at_us)).collect(),
        value: samples.iter().map(|s| s.value).collect(),
        next_cursor: next.map(|at| at.to_string()),
    }
}
