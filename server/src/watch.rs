//! Detection at work: one detector an asset, fed with what was stored, its findings made into
//! alarms and tickets.
//!
//! A detector follows measured time only. Its snapshot is saved now and then; after a restart it
//! goes on from there with the readings stored since, and raises what a crash kept it from raising.

use std::collections::HashMap;
use std::convert::Infallible;

use ::telemetry::pack::Sample;
use ::telemetry::quantity::Quantity;
use axum::extract::State;
use axum::response::sse::{self, KeepAlive, Sse};
use detection::{Character, Detector, Finding, Phase, Settings, Slot};
use futures_core::Stream;
use serde::Serialize;
use tokio_stream::StreamExt as _;
use tokio_stream::wrappers::BroadcastStream;
use utoipa::ToSchema;

use crate::alarms;
use crate::app::App;
use crate::boards::{Binding, Resolved};
use crate::http::{Admin, Problem};
use crate::limits::{CATCH_UP_READINGS, CATCH_UP_US, SNAPSHOT_EVERY_US};
use store::{Range, SeriesId};

/// How an asset does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Condition {
    /// No reading yet.
    Waiting,
    /// Its normal work is being learnt.
    Learning,
    /// As learnt.
    Normal,
    /// Not as learnt.
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

struct Watch {
    detector: Detector,
    saved_at_us: i64,
}

/// The detectors by asset.
#[derive(Default)]
pub(crate) struct Watches(HashMap<String, Watch>);

impl Watches {
    pub fn condition(&self, asset_id: &str) -> Condition {
        match self.0.get(asset_id).map(|w| w.detector.phase()) {
            None | Some(Phase::Waiting) => Condition::Waiting,
            Some(Phase::Learning { .. }) => Condition::Learning,
            Some(Phase::Watching { deviating_since_us: None, .. }) => Condition::Normal,
            Some(Phase::Watching { .. }) => Condition::Deviating,
        }
    }

    pub fn band(&self, asset_id: &str, slot: i64) -> Option<Band> {
        let slot = Slot(u16::try_from(slot).ok()?);
        let n = self.0.get(asset_id)?.detector.normal(slot)?;
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
    for (asset_id, readings) in by_asset {
        if let Some(watch) = watches.0.get_mut(asset_id) {
            feed(app, asset_id, watch, readings).await?;
        }
    }
    Ok(())
}

/// Feeds readings in order of measurement; effects are committed before anything is confirmed.
///
/// When an effect fails, the detector is put back to where it was, so that the repeated delivery
/// finds it as if nothing had happened.
async fn feed(
    app: &App,
    asset_id: &str,
    watch: &mut Watch,
    mut readings: Vec<(Sample, u16)>,
) -> Result<(), Problem> {
    readings.sort_by_key(|(s, slot)| (s.measured_at_us, *slot));
    let mut detector = watch.detector.clone();
    let mut findings = Vec::new();
    for (sample, slot) in readings {
        detector.observe(Slot(slot), sample.measured_at_us, sample.value, &mut findings);
    }
    for finding in &findings {
        alarms::take(app, asset_id, finding).await?;
    }
    watch.detector = detector;
    let learned = findings.iter().any(|f| matches!(f, Finding::Learned { .. }));
    let at = watch.detector.watermark_us().unwrap_or(i64::MIN);
    if learned || at.saturating_sub(watch.saved_at_us) >= SNAPSHOT_EVERY_US {
        save(app, asset_id, watch).await?;
    }
    Ok(())
}

async fn save(app: &App, asset_id: &str, watch: &mut Watch) -> Result<(), Problem> {
    let snapshot = watch.detector.snapshot().map_err(|e| Problem::Internal(Box::new(e)))?;
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
    watch.saved_at_us = watch.detector.watermark_us().unwrap_or(i64::MIN);
    Ok(())
}

/// Takes up every asset after a start.
pub(crate) async fn resume_all(app: &App) -> Result<(), Problem> {
    let ids: Vec<String> =
        sqlx::query_scalar("SELECT id FROM assets").fetch_all(&app.database).await?;
    for id in ids {
        resume(app, &id).await?;
    }
    Ok(())
}

/// Takes one asset up, or catches up after its bindings changed: from the snapshot, or from the
/// beginning, with the readings stored since.
pub(crate) async fn resume(app: &App, asset_id: &str) -> Result<(), Problem> {
    let mut watches = app.watches.lock().await;
    let mut watch = match watches.0.remove(asset_id) {
        Some(watch) => watch,
        None => load(app, asset_id).await?,
    };
    for (slot, character) in characters(app, asset_id).await? {
        watch.detector.know(slot, character);
    }
    // Readings of frames that are still open are shown a second time; a frame averages what it is
    // shown, so that changes nothing.
    let since_us = watch.detector.watermark_us().unwrap_or(i64::MIN);
    let result = catch_up(app, asset_id, &mut watch, since_us).await;
    watches.0.insert(asset_id.to_owned(), watch);
    result
}

/// Forgets what was learnt of an asset and learns it again from its stored readings: what they are
/// readings of has changed. Alarms and tickets that were raised stay as they are.
pub(crate) async fn start_over(app: &App, asset_id: &str) -> Result<(), Problem> {
    app.watches.lock().await.0.remove(asset_id);
    sqlx::query("DELETE FROM detectors WHERE asset_id = $1")
        .bind(asset_id)
        .execute(&app.database)
        .await?;
    resume(app, asset_id).await
}

/// Feeds stored readings in order of time, in portions that fit into memory.
async fn catch_up(
    app: &App,
    asset_id: &str,
    watch: &mut Watch,
    since_us: i64,
) -> Result<(), Problem> {
    let series = app.directory.read().await.series_of(asset_id);
    let mut rest = Range { from_us: since_us, to_us: i64::MAX };
    let mut portion_us = CATCH_UP_US;
    while let Some(first_us) = first_of(app, &series, rest).await? {
        let portion = Range { from_us: first_us, to_us: first_us.saturating_add(portion_us) };
        let mut readings = Vec::new();
        for (id, binding) in &series {
            let part = binding.valid.within(portion);
            for sample in app.store.raw(*id, part, usize::MAX).await? {
                readings.push((binding.correction.sample(sample), binding.slot));
            }
        }
        match readings.len() {
            0..CATCH_UP_READINGS => portion_us = portion_us.saturating_mul(2),
            _ => portion_us = (portion_us / 2).max(CATCH_UP_US),
        }
        feed(app, asset_id, watch, readings).await?;
        rest.from_us = portion.to_us;
    }
    Ok(())
}

async fn first_of(
    app: &App,
    series: &[(SeriesId, Binding)],
    rest: Range,
) -> Result<Option<i64>, Problem> {
    let mut first = None;
    for (id, binding) in series {
        let sample = app.store.raw(*id, binding.valid.within(rest), 1).await?;
        let at = sample.first().map(|s| s.measured_at_us);
        first = first.into_iter().chain(at).min();
    }
    Ok(first)
}

async fn load(app: &App, asset_id: &str) -> Result<Watch, Problem> {
    let learning_s: f64 = sqlx::query_scalar("SELECT learning_s FROM assets WHERE id = $1")
        .bind(asset_id)
        .fetch_one(&app.database)
        .await?;
    let snapshot: Option<String> =
        sqlx::query_scalar("SELECT snapshot FROM detectors WHERE asset_id = $1")
            .bind(asset_id)
            .fetch_optional(&app.database)
            .await?;
    let detector = match snapshot.as_deref().map(Detector::resume) {
        Some(Ok(detector)) => detector,
        other => {
            if let Some(Err(error)) = other {
                // An older program's snapshot: learning again from the stored readings is right.
                tracing::warn!(%error, asset.id = asset_id, "A detector starts from its readings");
            }
            Detector::new(Settings { learning_s, ..Settings::default() })
        }
    };
    let saved_at_us = detector.watermark_us().unwrap_or(i64::MIN);
    Ok(Watch { detector, saved_at_us })
}

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

async fn characters(app: &App, asset_id: &str) -> Result<Vec<(Slot, Character)>, Problem> {
    let points: Vec<(i64, String)> =
        sqlx::query_as("SELECT slot, quantity FROM points WHERE asset_id = $1")
            .bind(asset_id)
            .fetch_all(&app.database)
            .await?;
    let known = points.into_iter().filter_map(|(slot, quantity)| {
        // A quantity that people named themselves says nothing.
        let quantity = serde_json::from_value(quantity.into()).unwrap_or(Quantity::Other);
        Some((Slot(u16::try_from(slot).ok()?), character(quantity)))
    });
    Ok(known.collect())
}

/// Saves every detector before the end, so that the next start is quick.
pub(crate) async fn save_all(app: &App) {
    let mut watches = app.watches.lock().await;
    for (asset_id, watch) in &mut watches.0 {
        if let Err(error) = save(app, asset_id, watch).await {
            tracing::warn!(%error, asset.id = asset_id, "A detector was not saved");
        }
    }
}

/// What the event `readings` carries: new readings of one point.
#[derive(Serialize, ToSchema)]
pub(crate) struct LiveReadings<'a> {
    asset_id: &'a str,
    point_id: &'a str,
    unit: &'a str,
    at_ms: Vec<i64>,
    value: Vec<f64>,
}

/// Shows readings to those who watch.
pub(crate) fn show(app: &App, resolved: &[Resolved<'_>]) {
    if app.events.receiver_count() == 0 {
        return;
    }
    for r in resolved {
        for b in r.bindings.iter() {
            let live = LiveReadings {
                asset_id: &b.asset_id,
                point_id: &b.point_id,
                unit: r.unit,
                at_ms: r.samples.iter().map(|s| s.measured_at_us / 1000).collect(),
                value: r.samples.iter().map(|s| b.correction.value(s.value)).collect(),
            };
            app.announce("readings", &live);
        }
    }
}

/// Server-sent events as they happen.
///
/// `readings` carries a `LiveReadings`, `alarm` and `escalation` an `Alarm`, `alarm_flood` an
/// `AlarmFlood`, `ticket` a `Ticket`, `repair_session` a `RepairSession`; `resync` tells a watcher
/// that was too slow to read again what it shows.
#[utoipa::path(
    get,
    path = "/api/v1/events",
    operation_id = "watch_events",
    tag = "readings",
    responses((status = 200, content_type = "text/event-stream", body = String), Problem)
)]
pub(crate) async fn events(
    _: Admin,
    State(app): State<App>,
) -> Sse<impl Stream<Item = Result<sse::Event, Infallible>>> {
    let stream = BroadcastStream::new(app.events.subscribe()).map(|event| {
        Ok(match event {
            Ok(event) => sse::Event::default().event(event.name).data(&*event.data),
            Err(_) => sse::Event::default().event("resync").data("{}"),
        })
    });
    Sse::new(stream).keep_alive(KeepAlive::default())
}
