//! A watch is taken up after a start, begins anew after what it judged has changed, and takes new
//! rules over.
//!
//! A watch that begins anew learns from the readings that are stored. What it finds in those that had
//! been judged before raises nothing: that is the past. Only what still holds at their end is an
//! alarm, from that moment on.

use std::collections::BTreeSet;

use detection::{Report, Rules, Watch};
use store::Range;

use super::{Effects, Portions, Watched, feed, points, save};
use crate::alarms;
use crate::app::App;
use crate::http::Problem;
use crate::rules;

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
    let mut watched = match watches.0.remove(asset_id) {
        Some(mut watched) => {
            let points = points(app, asset_id).await?;
            take_over(app, asset_id, &mut watched, |watch, reports| watch.know(points, reports))
                .await?;
            watched
        }
        None => load(app, asset_id).await?,
    };
    let result = catch_up(app, asset_id, &mut watched).await;
    watches.0.insert(asset_id.to_owned(), watched);
    result
}

/// Forgets what was learnt of an asset and learns it again from its stored readings: what they are
/// readings of has changed. Alarms and tickets that were raised stay as they are, but an alarm whose
/// condition no longer holds by what is learnt now is over.
pub(crate) async fn start_over(app: &App, asset_id: &str) -> Result<(), Problem> {
    let watched = app.watches.lock().await.0.remove(asset_id);
    if let Some(newest_us) = watched.and_then(|watched| watched.watch.newest_us()) {
        begin_anew(app, asset_id, newest_us).await?;
    }
    resume(app, asset_id).await
}

/// Lets the watch of an asset go by the rules that hold now.
pub(crate) async fn rules_changed(app: &App, asset_id: &str) -> Result<(), Problem> {
    let rules = rules::of_asset(app, asset_id).await?;
    let mut watches = app.watches.lock().await;
    match watches.0.get_mut(asset_id) {
        Some(watched) if watched.watch.keeps_what_it_learnt(&rules) => {
            change_limits(app, asset_id, watched, &rules).await
        }
        Some(_) => {
            drop(watches);
            start_over(app, asset_id).await
        }
        // Nothing has been watched yet; loading reads the rules.
        None => Ok(()),
    }
}

async fn change_limits(
    app: &App,
    asset_id: &str,
    watched: &mut Watched,
    rules: &Rules,
) -> Result<(), Problem> {
    take_over(app, asset_id, watched, |watch, reports| watch.change_limits(rules, reports)).await?;
    save(app, asset_id, watched).await
}

/// Changes a watch and does what follows from it; when that fails, the watch stays as it was.
async fn take_over(
    app: &App,
    asset_id: &str,
    watched: &mut Watched,
    change: impl FnOnce(&mut Watch, &mut Vec<Report>),
) -> Result<(), Problem> {
    let mut watch = watched.watch.clone();
    let mut reports = Vec::new();
    change(&mut watch, &mut reports);
    for report in &reports {
        alarms::take(app, asset_id, report).await?;
    }
    watched.watch = watch;
    Ok(())
}

/// Notes that everything up to this measured time has been judged, and forgets the snapshot.
async fn begin_anew(app: &App, asset_id: &str, quiet_until: i64) -> Result<(), Problem> {
    let mut tx = app.database.begin().await?;
    sqlx::query("UPDATE assets SET quiet_until = $2 WHERE id = $1 AND quiet_until < $2")
        .bind(asset_id)
        .bind(quiet_until)
        .execute(&mut *tx)
        .await?;
    sqlx::query("DELETE FROM detectors WHERE asset_id = $1")
        .bind(asset_id)
        .execute(&mut *tx)
        .await?;
    tx.commit().await?;
    Ok(())
}

async fn load(app: &App, asset_id: &str) -> Result<Watched, Problem> {
    let rules = rules::of_asset(app, asset_id).await?;
    let points = points(app, asset_id).await?;
    let snapshot: Option<String> =
        sqlx::query_scalar("SELECT snapshot FROM detectors WHERE asset_id = $1")
            .bind(asset_id)
            .fetch_optional(&app.database)
            .await?;
    match snapshot.as_deref().map(Watch::resume) {
        Some(Ok(watch)) if watch.keeps_what_it_learnt(&rules) => {
            let saved_at_us = watch.watermark_us().unwrap_or(i64::MIN);
            let mut watched = Watched { watch, saved_at_us };
            let change = |watch: &mut Watch, reports: &mut Vec<Report>| {
                watch.know(points, reports);
                watch.change_limits(&rules, reports);
            };
            take_over(app, asset_id, &mut watched, change).await?;
            return Ok(watched);
        }
        // The rules were changed, and then the server ended.
        Some(Ok(watch)) => {
            begin_anew(app, asset_id, watch.newest_us().unwrap_or(0)).await?;
        }
        Some(Err(error)) => {
            // An older program's snapshot: learning again from the stored readings is right, and
            // that program had judged them.
            tracing::warn!(%error, asset.id = asset_id, "A watch starts from its readings");
            begin_anew(app, asset_id, newest_stored(app, asset_id).await?).await?;
        }
        None => {}
    }
    Ok(Watched { watch: Watch::new(rules, points), saved_at_us: i64::MIN })
}

async fn newest_stored(app: &App, asset_id: &str) -> Result<i64, Problem> {
    let series = app.directory.read().await.series_of(asset_id);
    let mut newest_us = 0;
    for (id, binding) in series {
        if let Some(sample) = app.store.latest(id, binding.valid).await? {
            newest_us = newest_us.max(sample.measured_at_us);
        }
    }
    Ok(newest_us)
}

/// Feeds the readings that were stored since the watch was saved.
async fn catch_up(app: &App, asset_id: &str, watched: &mut Watched) -> Result<(), Problem> {
    let quiet_until: i64 = sqlx::query_scalar("SELECT quiet_until FROM assets WHERE id = $1")
        .bind(asset_id)
        .fetch_one(&app.database)
        .await?;
    if quiet_until > 0 && watched.watch.newest_us().is_none_or(|us| us < quiet_until) {
        let past = Range { from_us: i64::MIN, to_us: quiet_until.saturating_add(1) };
        let mut portions = Portions::of(app, asset_id, past).await;
        while let Some(readings) = portions.next(app).await? {
            feed(app, asset_id, watched, &readings, Effects::None).await?;
        }
        settle(app, asset_id, watched, quiet_until).await?;
        save(app, asset_id, watched).await?;
    }
    // Readings of frames that are still open are shown a second time; that changes nothing.
    let from_us = watched.watch.watermark_us().unwrap_or(i64::MIN);
    let rest = Range { from_us, to_us: i64::MAX };
    let mut portions = Portions::of(app, asset_id, rest).await;
    while let Some(readings) = portions.next(app).await? {
        feed(app, asset_id, watched, &readings, Effects::Alarms).await?;
    }
    Ok(())
}

/// The end of the past: alarms whose conditions do not hold are over, and what holds is an alarm.
async fn settle(app: &App, asset_id: &str, watched: &Watched, at_us: i64) -> Result<(), Problem> {
    let held: BTreeSet<String> = alarms::held_by_detection(app, asset_id).await?;
    let holds: BTreeSet<&str> = watched.watch.active().map(|c| c.key.as_str()).collect();
    for key in held.iter().filter(|key| !holds.contains(key.as_str())) {
        alarms::take(app, asset_id, &Report::Cleared { key: key.clone(), at_us }).await?;
    }
    for condition in watched.watch.active().filter(|c| !held.contains(&c.key)) {
        let now = detection::Condition { at_us, ..condition.clone() };
        alarms::take(app, asset_id, &Report::Raised(now)).await?;
    }
    Ok(())
}
