//! The points that an alarm is about.

use detection::Evidence;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::App;
use crate::database::{from_json, to_json};
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
    /// Robust standard deviations; multiples of what was usual for `stuck` and `dropout`, the number
    /// of `spikes`, and 0 for limits, rates and ranges.
    pub unusual: f64,
    /// The same in multiples of the limit; 0 in alarms of older versions.
    #[serde(default)]
    #[schema(required)]
    pub limits: f64,
    /// In which way it stands out: `level`, `change`, `combination`, `drift`, `high_high`, `high`,
    /// `low`, `low_low`, `rise`, `fall`, `stuck`, `spikes`, `dropout`, `out_of_range`, `disagreement`.
    #[serde(default = "level")]
    #[schema(required)]
    pub reason: String,
    /// The same in one sentence; empty in alarms of older versions.
    #[serde(default)]
    #[schema(required)]
    pub words: String,
    /// From when on, RFC 3339.
    pub since: String,
}

fn level() -> String {
    "level".to_owned()
}

/// Names the points of what was found.
pub(crate) async fn name(
    app: &App,
    asset_id: &str,
    evidence: &[Evidence],
) -> Result<Vec<Deviation>, Problem> {
    let points: Vec<(i64, String, String, String, String)> =
        sqlx::query_as("SELECT slot, id, name, quantity, unit FROM points WHERE asset_id = $1")
            .bind(asset_id)
            .fetch_all(&app.database)
            .await?;
    let named = evidence.iter().filter_map(|d| {
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
            limits: d.limits,
            reason: serde_json::to_value(d.reason).ok()?.as_str()?.to_owned(),
            words: d.words.clone(),
            since: crate::time::rfc3339(d.since_us),
        })
    });
    Ok(named.collect())
}

pub(crate) fn read(json: &str) -> Result<Vec<Deviation>, Problem> {
    from_json(json)
}

pub(super) fn write(deviations: &[Deviation]) -> Result<String, Problem> {
    to_json(deviations)
}
