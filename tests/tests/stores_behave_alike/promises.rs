//! The promises, whatever the store.

use store::{Bucket, Grid, Range, Resolution, SeriesId, TelemetryStore};
use telemetry::pack::Sample;

use crate::fixture::{A, B, Fixture, RETENTION};
use crate::model::{Model, assert_same};

const S: i64 = 1_000_000;
const MINUTE: i64 = 60 * S;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
fn at(measured_at_us: i64, value: f64) -> Sample {
    Sample { measured_at_us, value }
}

fn every(step_us: i64, range: std::ops::Range<i64>) -> Vec<Sample> {
    let times = (range.start..range.end).step_by(usize::try_from(step_us).unwrap());
    // Looks like noise, repeats, and is exact in a double.
    times.map(|t| at(t, ((t / 7 * 7919) % 1009) as f64 / 8.0 - 60.0)).collect()
}

fn range(from_us: i64, to_us: i64) -> Range {
    Range { from_us, to_us }
}

async fn write(store: &dyn TelemetryStore, id: SeriesId, samples: &[Sample]) -> anyhow::Result<()> {
    let written = store.write(vec![(id, samples.to_vec())]).await?;
    assert_eq!((written.stored, written.expired), (samples.len() as u64, 0));
    Ok(())
}

async fn chart(
    store: &dyn TelemetryStore,
    range: Range,
    n: u32,
) -> anyhow::Result<(Grid, Vec<Option<Bucket>>)> {
    let grid = Grid::new(range, n)?;
    Ok((grid, store.buckets(A, Range::ALL, grid).await?))
}

/// Charts from fine to coarse, with edges that lie well and badly.
async fn assert_charts(
    store: &dyn TelemetryStore,
    model: &Model,
    all: Range,
) -> anyhow::Result<()> {
    for (from, to) in [(0, 0), (1, -1), (17 * S, -123_456_789), (25 * MINUTE + 3, -61 * MINUTE)] {
        let part = range(all.from_us + from, all.to_us + to);
        for n in [1, 2, 7, 30, 500] {
            let (grid, found) = chart(store, part, n).await?;
            assert_same(&found, &model.buckets(grid), &format!("{part:?} in {n}"));
        }
    }
    Ok(())
}

pub async fn a_reading_is_read_back_exactly(f: Fixture) -> anyhow::Result<()> {
    let start = f.now_us - 2 * DAY;
    let values = [0.0, 0.1, -273.15, 1e300, f64::MAX, f64::MIN_POSITIVE, 5e-324, 101_325.000_001];
    let samples: Vec<_> = (0..).zip(values).map(|(n, v)| at(start + n, v)).collect();
    write(&*f.store, A, &samples).await?;
    assert_eq!(f.store.raw(A, Range::ALL, 99).await?, samples);
    let bits = |s: &[Sample]| s.iter().map(|s| s.value.to_bits()).collect::<Vec<_>>();
    assert_eq!(bits(&f.store.raw(A, Range::ALL, 99).await?), bits(&samples));
    Ok(())
}

pub async fn a_repeated_write_changes_nothing(f: Fixture) -> anyhow::Result<()> {
    let start = f.now_us - 2 * DAY;
    let samples = every(S, start..start + HOUR);
    for _ in 0..3 {
        write(&*f.store, A, &samples).await?;
        f.settle().await?;
        let (_, found) = chart(&*f.store, range(start, start + HOUR), 1).await?;
        assert_eq!(found[0].map(|b| b.count), Some(3600));
    }
    assert_eq!(f.store.raw(A, Range::ALL, 9999).await?, samples);
    Ok(())
}

pub async fn a_corrected_reading_replaces_the_first(f: Fixture) -> anyhow::Result<()> {
    let start = f.now_us - 2 * DAY;
    write(&*f.store, A, &every(S, start..start + HOUR)).await?;
    let corrected = at(start + 600 * S, 999.0);
    // In one batch, the last of several with one time stays.
    let pair = [at(corrected.measured_at_us, 5.0), corrected];
    write(&*f.store, A, &pair).await?;
    for _ in 0..2 {
        let there = range(corrected.measured_at_us, corrected.measured_at_us + S);
        assert_eq!(f.store.raw(A, there, 9).await?, [corrected]);
        let (_, found) = chart(&*f.store, range(start, start + HOUR), 1).await?;
        assert_eq!(found[0].map(|b| (b.count, b.max)), Some((3600, 999.0)));
        f.settle().await?;
    }
    Ok(())
}

pub async fn points_with_the_same_timestamp_are_told_apart(f: Fixture) -> anyhow::Result<()> {
    let start = f.now_us - 2 * DAY;
    let batch = vec![(A, vec![at(start, 1.0)]), (B, vec![at(start, 2.0)])];
    f.store.write(batch).await?;
    assert_eq!(f.store.raw(A, Range::ALL, 9).await?, [at(start, 1.0)]);
    assert_eq!(f.store.raw(B, Range::ALL, 9).await?, [at(start, 2.0)]);
    Ok(())
}

pub async fn late_readings_take_their_place(f: Fixture) -> anyhow::Result<()> {
    let start = f.now_us - 2 * DAY;
    let mut samples = every(S, start + HOUR..start + 2 * HOUR);
    write(&*f.store, A, &samples).await?;
    f.settle().await?;
    let late = every(S, start..start + HOUR);
    let between = at(start + HOUR + S / 2, 7.0);
    write(&*f.store, A, &late).await?;
    write(&*f.store, A, &[between]).await?;
    samples.extend(late);
    samples.push(between);
    samples.sort_by_key(|s| s.measured_at_us);
    for _ in 0..2 {
        assert_eq!(f.store.raw(A, Range::ALL, 9999).await?, samples);
        f.settle().await?;
    }
    Ok(())
}

pub async fn buckets_are_those_of_a_slow_and_obvious_model(f: Fixture) -> anyhow::Result<()> {
    let start = f.now_us - 2 * DAY;
    let mut model = Model::default();
    let all = range(start, start + 9 * HOUR);
    // Seconds, with a stretch of five minutes between readings, and two series.
    for part in [
        every(S, start..start + 3 * HOUR),
        every(5 * MINUTE, start + 3 * HOUR..start + 6 * HOUR),
        every(700_001, start + 7 * HOUR..start + 9 * HOUR),
    ] {
        write(&*f.store, A, &part).await?;
        write(&*f.store, B, &every(S, start..start + HOUR)).await?;
        model.write(&part);
    }
    assert_charts(&*f.store, &model, all).await?;
    f.settle().await?;
    assert_charts(&*f.store, &model, all).await
}

pub async fn a_gap_stays_a_gap(f: Fixture) -> anyhow::Result<()> {
    let start = f.now_us - 2 * DAY;
    write(&*f.store, A, &every(S, start..start + HOUR)).await?;
    write(&*f.store, A, &every(S, start + 3 * HOUR..start + 4 * HOUR)).await?;
    let (_, found) = chart(&*f.store, range(start, start + 4 * HOUR), 5).await?;
    let there: Vec<_> = found.iter().map(Option::is_some).collect();
    assert_eq!(there, [true, false, false, true]);
    Ok(())
}

pub async fn raw_readings_are_paged_without_loss_or_repetition(f: Fixture) -> anyhow::Result<()> {
    let start = f.now_us - 2 * DAY;
    let samples = every(S, start..start + HOUR);
    write(&*f.store, A, &samples).await?;
    f.settle().await?;
    write(&*f.store, A, &every(S, start + HOUR..start + HOUR + 10 * S)).await?;
    let mut paged = Vec::new();
    let mut next = start + 5 * S;
    loop {
        let page = f.store.raw(A, range(next, start + HOUR + 5 * S), 700).await?;
        let Some(last) = page.last() else { break };
        next = last.measured_at_us + 1;
        paged.extend(page);
    }
    assert_eq!(paged, every(S, start + 5 * S..start + HOUR + 5 * S));
    Ok(())
}

pub async fn the_latest_reading_is_the_newest_measured(f: Fixture) -> anyhow::Result<()> {
    let start = f.now_us - 2 * DAY;
    write(&*f.store, A, &every(S, start..start + HOUR)).await?;
    f.settle().await?;
    write(&*f.store, A, &[at(start - DAY, 5.0)]).await?;
    let latest = async |to_us| f.store.latest(A, range(start - 10 * DAY, to_us)).await;
    let newest = every(S, start + HOUR - S..start + HOUR);
    assert_eq!(latest(i64::MAX).await?, newest.first().copied());
    assert_eq!(latest(start).await?, Some(at(start - DAY, 5.0)));
    assert_eq!(latest(start - 2 * DAY).await?, None);
    Ok(())
}

pub async fn deleted_readings_are_gone_from_readings_and_charts(f: Fixture) -> anyhow::Result<()> {
    let start = f.now_us - 2 * DAY;
    let mut model = Model::default();
    let all = range(start, start + 5 * HOUR);
    let samples = every(S, start..start + 5 * HOUR);
    write(&*f.store, A, &samples).await?;
    write(&*f.store, B, &samples).await?;
    model.write(&samples);
    f.settle().await?;
    // Edges inside a second, a minute and an hour.
    for part in [
        range(start + 90 * MINUTE + 17 * S + 1, start + 190 * MINUTE + 33 * S + 1),
        range(start + 7 * S, start + 7 * S + 1),
        range(start + 4 * HOUR, start + 5 * HOUR),
    ] {
        f.store.delete(A, part).await?;
        model.delete(part);
        assert_eq!(f.store.raw(A, all, 99_999).await?, model.raw(all));
        assert_charts(&*f.store, &model, all).await?;
    }
    assert_eq!(f.store.raw(B, all, 99_999).await?.len(), samples.len());
    Ok(())
}

pub async fn charts_are_right_after_late_and_corrected_readings(f: Fixture) -> anyhow::Result<()> {
    let start = f.now_us - 2 * DAY;
    let mut model = Model::default();
    let all = range(start, start + 6 * HOUR);
    for part in [
        every(S, start + 2 * HOUR..start + 6 * HOUR),
        every(S, start..start + 2 * HOUR),
        vec![at(start + 3 * HOUR + S, 4000.0), at(start + 4 * HOUR + 5, -4000.0)],
        every(13 * S, start + 5 * HOUR + 1..start + 6 * HOUR),
        vec![at(start + 3 * HOUR + S, 0.5)],
    ] {
        write(&*f.store, A, &part).await?;
        model.write(&part);
        assert_charts(&*f.store, &model, all).await?;
        f.settle().await?;
        assert_charts(&*f.store, &model, all).await?;
    }
    Ok(())
}

pub async fn readings_past_their_retention_are_answered_by_rollups(
    f: Fixture,
) -> anyhow::Result<()> {
    let mut model = Model::default();
    let raw_kept = RETENTION.raw_us.expect("a retention");
    // Written while they were young: 90 minutes that will end before the edge, and some after it.
    let young = f.now_us - raw_kept + 2 * HOUR;
    for part in [every(S, young..young + 90 * MINUTE), every(S, f.now_us - HOUR..f.now_us)] {
        write(&*f.store, A, &part).await?;
        model.write(&part);
    }
    f.settle().await?;
    let grown = 40 * DAY;
    f.clock.set(f.now_us + grown);
    f.store.expire().await?;
    let all = range(young - HOUR, f.now_us);
    for (resolution, n) in [(Resolution::Minute, 5000), (Resolution::Hour, 600)] {
        let (grid, found) = chart(&*f.store, all, n).await?;
        assert!(grid.bucket_us >= resolution.window_us());
        assert_same(&found, &model.buckets(grid), &format!("{resolution:?}"));
    }
    Ok(())
}

pub async fn readings_older_than_the_retention_are_refused_and_counted(
    f: Fixture,
) -> anyhow::Result<()> {
    let edge = f.now_us - RETENTION.raw_us.expect("a retention");
    let batch = vec![at(edge - HOUR, 1.0), at(edge + HOUR, 2.0), at(edge - DAY, 3.0)];
    let written = f.store.write(vec![(A, batch)]).await?;
    assert_eq!((written.stored, written.expired), (1, 2));
    assert_eq!(f.store.raw(A, Range::ALL, 9).await?, [at(edge + HOUR, 2.0)]);
    Ok(())
}

pub async fn times_that_no_store_can_hold_are_refused_and_counted(
    f: Fixture,
) -> anyhow::Result<()> {
    let start = f.now_us - 2 * DAY;
    let batch = vec![at(i64::MIN, 1.0), at(start, 2.0), at(i64::MAX, 3.0)];
    let written = f.store.write(vec![(A, batch)]).await?;
    assert_eq!((written.stored, written.expired), (1, 2));
    assert_eq!(f.store.raw(A, Range::ALL, 9).await?, [at(start, 2.0)]);
    assert_eq!(f.store.latest(A, Range::ALL).await?, Some(at(start, 2.0)));
    Ok(())
}

pub async fn a_series_that_was_never_written_is_empty(f: Fixture) -> anyhow::Result<()> {
    let start = f.now_us - 2 * DAY;
    assert_eq!(f.store.raw(A, Range::ALL, 9).await?, []);
    assert_eq!(f.store.latest(A, Range::ALL).await?, None);
    let (grid, found) = chart(&*f.store, range(start, start + HOUR), 10).await?;
    assert_eq!(found, vec![None; grid.len()]);
    f.store.delete(A, Range::ALL).await?;
    assert_eq!(f.store.write(Vec::new()).await?.stored, 0);
    Ok(())
}

pub async fn everything_is_there_after_reopening(f: Fixture) -> anyhow::Result<()> {
    let start = f.now_us - 2 * DAY;
    let samples = every(S, start..start + HOUR);
    write(&*f.store, A, &samples).await?;
    f.settle().await?;
    let more = every(S, start + HOUR..start + HOUR + 90 * S);
    write(&*f.store, A, &more).await?;
    let f = f.reopened().await?;
    assert_eq!(f.store.raw(A, Range::ALL, 9999).await?, [samples, more].concat());
    let mut model = Model::default();
    model.write(&every(S, start..start + HOUR + 90 * S));
    assert_charts(&*f.store, &model, range(start - HOUR, start + 3 * HOUR)).await
}
