//! Measurement points: dated views on the series of the store.

mod deletion;
mod readings;
pub(crate) mod view;

use axum::Json;
use axum::extract::{Query, State};
use serde::{Deserialize, Serialize};
use sqlx::FromRow;
use utoipa::{IntoParams, ToSchema};

use crate::app::App;
use crate::http::{Page, Problem};
use crate::time::Time;
use crate::watch::Band;

pub(crate) use deletion::{__path_delete, delete};
pub(crate) use readings::{__path_of_asset, __path_readings, of_asset, readings};
pub use readings::{BucketColumns, RawColumns, Readings};

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
        let latest = view::of(&app, &row.id).await.latest(&app).await?;
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
