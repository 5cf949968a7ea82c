//! The points that an alarm is about.

use detection::Cause;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::App;
use crate::http::Problem;

/// How far a point is from its normal, with the point's name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Deviation {
    /// Id of the point.
    pub point_id: String,
    /// Name of the point.
    pub point_name: String,
    /// What it measures.
    pub quantity: String,
    /// Unit of the figures.
    pub unit: String,
    /// What it was expected to show.
    pub expected: f64,
    /// Lower end of the allowed band.
    pub low: f64,
    /// Upper end of the allowed band.
    pub high: f64,
    /// What it showed.
    pub seen: f64,
    /// Robust standard deviations.
    pub unusual: f64,
    /// From when on, RFC 3339.
    pub since: String,
}

/// Names the points of a finding.
pub(super) async fn name(
    app: &App,
    asset_id: &str,
    deviations: &[detection::Deviation],
) -> Result<Vec<Deviation>, Problem> {
    let points: Vec<(i64, String, String, String, String)> =
        sqlx::query_as("SELECT slot, id, name, quantity, unit FROM points WHERE asset_id = $1")
            .bind(asset_id)
            .fetch_all(&app.database)
            .await?;
    let named = deviations.iter().filter_map(|d| {
        let (_, id, name, quantity, unit) =
            points.iter().find(|(slot, ..)| *slot == i64::from(d.slot.0))?;
        Some(Deviation {
            point_id: id.clone(),
            point_name: name.clone(),
            quantity: quantity.clone(),
            unit: unit.clone(),
            expected: d.expected,
            low: d.low,
            high: d.high,
            seen: d.seen,
            unusual: d.unusual,
            since: crate::time::rfc3339(d.since_us),
        })
    });
    Ok(named.collect())
}

/// One line for a list: the most unusual point, and how many more.
pub(super) fn summary(cause: Cause, deviations: &[Deviation]) -> String {
    let Some(first) = deviations.first() else { return "Deviates from normal".to_owned() };
    let direction = if first.seen > first.expected { "high" } else { "low" };
    let what = match cause {
        Cause::Level => format!("{} is unusually {direction}", first.point_name),
        Cause::Change if direction == "high" => format!("{} has risen", first.point_name),
        Cause::Change => format!("{} has fallen", first.point_name),
        Cause::Combination => format!("{} does not fit the other points", first.point_name),
    };
    match deviations.len() - 1 {
        0 => what,
        1 => format!("{what}, and one more point"),
        n => format!("{what}, and {n} more points"),
    }
}

pub(crate) fn read(json: &str) -> Result<Vec<Deviation>, Problem> {
    serde_json::from_str(json).map_err(|e| Problem::Internal(Box::new(e)))
}

pub(super) fn write(deviations: &[Deviation]) -> Result<String, Problem> {
    serde_json::to_string(deviations).map_err(|e| Problem::Internal(Box::new(e)))
}
