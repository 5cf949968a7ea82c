//! The points of an asset as its watch sees them.

use ::telemetry::quantity::Quantity;
use detection::{Character, Point, Slot};
use sqlx::FromRow;

use crate::app::App;
use crate::http::Problem;

/// What a point's quantity says about it before anything is learnt.
#[must_use]
pub fn character(quantity: Quantity) -> Character {
    match quantity {
        Quantity::Current => Character::LOAD,
        Quantity::Flow => Character::FLOW,
        Quantity::Temperature => Character::THERMAL,
        Quantity::Acceleration | Quantity::Velocity => Character::VIBRATION,
        _ => Character::default(),
    }
}

#[derive(FromRow)]
struct Row {
    id: String,
    slot: i64,
    name: String,
    quantity: String,
    position: String,
    unit: String,
    bound: i64,
}

/// All points of an asset. A point that no series speaks for any more is not expected to report.
pub(crate) async fn of(app: &App, asset_id: &str) -> Result<Vec<Point>, Problem> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT p.id, p.slot, p.name, p.quantity, p.position, p.unit, (SELECT count(*) \
         FROM bindings b WHERE b.point_id = p.id AND b.valid_to = $2) AS bound \
         FROM points p WHERE p.asset_id = $1 ORDER BY p.slot",
    )
    .bind(asset_id)
    .bind(i64::MAX)
    .fetch_all(&app.database)
    .await?;
    let point = |row: Row| {
        // A quantity that people named themselves says nothing.
        let quantity = serde_json::from_value(row.quantity.clone().into());
        Some(Point {
            slot: Slot(u16::try_from(row.slot).ok()?),
            key: row.id,
            name: row.name,
            character: character(quantity.unwrap_or(Quantity::Other)),
            quantity: row.quantity,
            position: row.position,
            unit: row.unit,
            reports: row.bound > 0,
        })
    };
    Ok(rows.into_iter().filter_map(point).collect())
}
