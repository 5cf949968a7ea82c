//! Detection at work: one watch an asset, fed with what was stored, its reports made into alarms and
//! tickets.
//!
//! A watch follows measured time only. Its snapshot is saved now and then; after a restart it goes
//! on from there with the readings stored since, and raises what a crash kept it from raising.

mod beginning;
mod live;
mod points;
mod stored;

use std::collections::HashMap;

use ::telemetry::pack::Sample;
use detection::{Phase, Report, Slot};
use serde::Serialize;
use utoipa::ToSchema;

use crate::alarms;
use crate::app::App;
use crate::boards::Resolved;
use crate::http::Problem;
use crate::limits::SNAPSHOT_EVERY_US;

pub(crate) use beginning::{resume, resume_all, rules_changed, start_over};
pub(crate) use live::{__path_events, LiveReadings, events, show};
pub use points::character;
pub(crate) use points::of as points;
pub(crate) use stored::Portions;

/// How an asset does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Condition {
    /// No reading yet.
    Waiting,
    /// Its normal work is being learnt.
    Learning,
    /// As it should be.
    Normal,
    /// Not as learnt, or beyond a limit.
    Deviating,
    /// Nothing received lately.
    Silent,
}

/// The band in which a point is normal now.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct Band {
    expected: f64,
    low: f64,
    high: f64,
}

/// The watch of an asset.
struct Watched {
    watch: detection::Watch,
    saved_at_us: i64,
}

/// The watches by asset.
#[derive(Default)]
pub(crate) struct Watches(HashMap<String, Watched>);

impl Watches {
    pub fn condition(&self, asset_id: &str) -> Condition {
        let Some(Watched { watch, .. }) = self.0.get(asset_id) else { return Condition::Waiting };
        match watch.phase() {
            _ if watch.deviates() => Condition::Deviating,
            Phase::Waiting => Condition::Waiting,
            Phase::Learning { .. } => Condition::Learning,
            Phase::Watching { .. } => Condition::Normal,
        }
    }

    pub fn band(&self, asset_id: &str, slot: i64) -> Option<Band> {
        let slot = Slot(u16::try_from(slot).ok()?);
        let n = self.0.get(asset_id)?.watch.normal(slot)?;
        Some(Band { expected: n.expected, low: n.low, high: n.high })
    }
}

/// Judges what a delivery brought.
pub(crate) async fn judge(app: &App, resolved: &[Resolved<'_>]) -> Result<(), Problem> {
    let mut by_asset: HashMap<&str, Vec<(Sample, u16)>> = HashMap::new();
    for r in resolved {
        for binding in r.bindings.iter() {
            let bound = r.samples.iter().filter(|s| binding.valid.contains(s.measured_at_us));
            let readings = by_asset.entry(&binding.asset_id).or_default();
            readings.extend(bound.map(|s| (binding.correction.sample(*s), binding.slot)));
        }
    }
    if by_asset.is_empty() {
        return Ok(());
    }
    let mut watches = app.watches.lock().await;
    for (asset_id, mut readings) in by_asset {
        if let Some(watched) = watches.0.get_mut(asset_id) {
            stored::sort(&mut readings);
            feed(app, asset_id, watched, &readings, Effects::Alarms).await?;
        }
    }
    Ok(())
}

/// What becomes of what is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Effects {
    Alarms,
    /// The readings had been judged before, by a watch that began anew since.
    None,
}

/// Feeds readings in order of measurement; effects are committed before anything is confirmed.
///
/// When an effect fails, the watch is put back to where it was, so that the repeated delivery finds
/// it as if nothing had happened.
async fn feed(
    app: &App,
    asset_id: &str,
    watched: &mut Watched,
    readings: &[(Sample, u16)],
    effects: Effects,
) -> Result<(), Problem> {
    let mut watch = watched.watch.clone();
    let mut reports = Vec::new();
    for (sample, slot) in readings {
        watch.observe(Slot(*slot), sample.measured_at_us, sample.value, &mut reports);
    }
    if effects == Effects::Alarms {
        for report in &reports {
            alarms::take(app, asset_id, report).await?;
        }
    }
    watched.watch = watch;
    let learned = reports.iter().any(|r| matches!(r, Report::Learned { .. }));
    let at = watched.watch.watermark_us().unwrap_or(i64::MIN);
    let due = learned || at.saturating_sub(watched.saved_at_us) >= SNAPSHOT_EVERY_US;
    if due && effects == Effects::Alarms {
        save(app, asset_id, watched).await?;
    }
    Ok(())
}

async fn save(app: &App, asset_id: &str, watched: &mut Watched) -> Result<(), Problem> {
    let snapshot = watched.watch.snapshot().map_err(|e| Problem::Internal(Box::new(e)))?;
    sqlx::query(
        "INSERT INTO detectors (asset_id, snapshot, saved_at) VALUES ($1, $2, $3) \
         ON CONFLICT (asset_id) DO UPDATE SET snapshot = excluded.snapshot, \
         saved_at = excluded.saved_at",
    )
    .bind(asset_id)
    .bind(snapshot)
    .bind(app.clock.now_us())
    .execute(&app.database)
    .await?;
    watched.saved_at_us = watched.watch.watermark_us().unwrap_or(i64::MIN);
    Ok(())
}

/// Saves every watch before the end, so that the next start is quick.
pub(crate) async fn save_all(app: &App) {
    let mut watches = app.watches.lock().await;
    for (asset_id, watched) in &mut watches.0 {
        if let Err(error) = save(app, asset_id, watched).await {
            tracing::warn!(%error, asset.id = asset_id, "A watch was not saved");
        }
    }
}
