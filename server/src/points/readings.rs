//! Readings of a point, raw or in buckets.

use ::telemetry::pack::Sample;
use axum::Json;
use axum::extract::{Path, Query, State};
use futures_util::{StreamExt as _, TryStreamExt as _};
use serde::{Deserialize, Serialize};
use store::{Bucket, Grid, Range};
use utoipa::{IntoParams, ToSchema};

use super::view;
use crate::app::App;
use crate::http::{Page, Problem, cursor};
use crate::limits::{POINTS_AT_ONCE, RAW_READINGS};
use crate::time::{self, Time};

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
    State(app): State<App>,
    Query(query): Query<ReadingsQuery>,
) -> Result<Json<Readings>, Problem> {
    let unit: Option<String> = sqlx::query_scalar("SELECT unit FROM points WHERE id = $1")
        .bind(&query.point)
        .fetch_optional(&app.database)
        .await?;
    let unit = unit.ok_or(Problem::NotFound("point"))?;
    let view = view::of(&app, &query.point).await;
    let from_us = time::bound("from", query.from.as_deref(), 0)?;
    let to_us = time::bound("to", query.to.as_deref(), i64::MAX)?;
    match query.buckets {
        Some(n) => {
            let grid = Grid::new(Range { from_us, to_us }, n)?;
            let buckets = view.in_buckets(&app, grid).await?;
            Ok(Json(Readings::Buckets(bucket_columns(query.point, unit, grid, &buckets))))
        }
        None => {
            let after = cursor(query.cursor.as_deref())?;
            let range = Range { from_us: after.map_or(from_us, |c| c.max(from_us)), to_us };
            let samples = view.in_order(&app, range, RAW_READINGS + 1).await?;
            Ok(Json(Readings::Raw(raw_columns(query.point, unit, samples))))
        }
    }
}

/// Query of the readings of an asset.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AssetReadingsQuery {
    /// First moment, RFC 3339.
    #[param(format = DateTime)]
    from: String,
    /// First moment after it, RFC 3339.
    #[param(format = DateTime)]
    to: String,
    /// At most so many buckets a point.
    buckets: u32,
}

/// Readings of all points of an asset in the same buckets.
#[utoipa::path(
    get,
    path = "/api/v1/assets/{id}/readings",
    operation_id = "read_asset_readings",
    tag = "readings",
    params(AssetReadingsQuery),
    responses((status = 200, body = Page<BucketColumns>), Problem)
)]
pub(crate) async fn of_asset(
    State(app): State<App>,
    Path(id): Path<String>,
    Query(query): Query<AssetReadingsQuery>,
) -> Result<Json<Page<BucketColumns>>, Problem> {
    let range = Range {
        from_us: time::needed("from", &query.from)?,
        to_us: time::needed("to", &query.to)?,
    };
    let grid = Grid::new(range, query.buckets)?;
    let known: Option<String> = sqlx::query_scalar("SELECT id FROM assets WHERE id = $1")
        .bind(&id)
        .fetch_optional(&app.database)
        .await?;
    known.ok_or(Problem::NotFound("asset"))?;
    let points: Vec<(String, String)> =
        sqlx::query_as("SELECT id, unit FROM points WHERE asset_id = $1 ORDER BY slot")
            .bind(&id)
            .fetch_all(&app.database)
            .await?;
    let charts = points.into_iter().map(|(point_id, unit)| async {
        let buckets = view::of(&app, &point_id).await.in_buckets(&app, grid).await?;
        Ok::<_, Problem>(bucket_columns(point_id, unit, grid, &buckets))
    });
    // Side by side: a database elsewhere answers each after a while.
    let items = futures_util::stream::iter(charts).buffered(POINTS_AT_ONCE).try_collect().await?;
    Ok(Json(Page { items, next_cursor: None }))
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
