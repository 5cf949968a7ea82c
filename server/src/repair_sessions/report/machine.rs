//! The machine of a report: what it is, what measures it, and its ticket.

use sqlx::FromRow;

use crate::app::App;
use crate::http::Problem;

#[derive(FromRow)]
pub struct AssetRow {
    pub id: String,
    pub name: String,
    pub kind: String,
    pub model: Option<String>,
    pub serial: Option<String>,
}

pub async fn asset(app: &App, id: &str) -> Result<AssetRow, Problem> {
    let row = sqlx::query_as("SELECT id, name, kind, model, serial FROM assets WHERE id = $1");
    row.bind(id).fetch_optional(&app.database).await?.ok_or(Problem::NotFound("asset"))
}

#[derive(FromRow)]
pub struct TicketRow {
    pub id: String,
    pub number: i64,
    pub title: String,
    pub state: String,
    pub priority: String,
    pub opened_at: i64,
    pub since_at: i64,
}

pub async fn ticket(app: &App, id: &str) -> Result<TicketRow, Problem> {
    let row = sqlx::query_as(
        "SELECT id, number, title, state, priority, opened_at, since_at FROM tickets WHERE id = $1",
    );
    row.bind(id).fetch_optional(&app.database).await?.ok_or(Problem::NotFound("ticket"))
}

/// Which channel spoke for which point of the machine, and when.
#[derive(FromRow)]
pub struct BindingRow {
    pub point_id: String,
    pub point_name: String,
    pub board_id: String,
    pub channel: String,
    pub unit: String,
    pub valid_from: i64,
    pub valid_to: i64,
}

pub async fn bindings(app: &App, asset_id: &str) -> Result<Vec<BindingRow>, Problem> {
    let rows = sqlx::query_as(
        "SELECT p.id AS point_id, p.name AS point_name, c.board_id, c.channel, c.unit, \
         b.valid_from, b.valid_to FROM bindings b JOIN channels c ON c.series = b.series \
         JOIN points p ON p.id = b.point_id WHERE p.asset_id = $1 ORDER BY p.slot, b.valid_from",
    );
    Ok(rows.bind(asset_id).fetch_all(&app.database).await?)
}

/// A calibration of a channel that ever spoke for a point of the machine.
#[derive(FromRow)]
pub struct CalibrationRow {
    pub board_id: String,
    pub channel: String,
    pub unit: String,
    pub valid_from: i64,
    pub scale: f64,
    pub offset_by: f64,
    pub note: String,
    pub who: String,
    pub created_at: i64,
}

pub async fn calibrations(app: &App, asset_id: &str) -> Result<Vec<CalibrationRow>, Problem> {
    let rows = sqlx::query_as(
        "SELECT c.board_id, c.channel, c.unit, k.valid_from, k.scale, k.offset_by, k.note, k.who, \
         k.created_at FROM calibrations k JOIN channels c ON c.series = k.series WHERE EXISTS \
         (SELECT 1 FROM bindings b JOIN points p ON p.id = b.point_id WHERE b.series = k.series \
         AND p.asset_id = $1) ORDER BY c.board_id, c.channel, c.unit, k.valid_from",
    );
    Ok(rows.bind(asset_id).fetch_all(&app.database).await?)
}
