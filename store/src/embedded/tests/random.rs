//! Long random lives of a store, beside a model.

use super::*;

const START: i64 = NOW - 100 * DAY;

/// Readings somewhere in a hundred days: runs, late ones, corrections, over edges of months.
fn some_readings(random: &mut Random) -> Vec<Sample> {
    let step = random.one_of(&[1, 333_333, S, 60 * S, HOUR, DAY]);
    let most = random.one_of(&[3, 50, 400]);
    let count = 1 + random.below(most);
    // Few starts, so that runs meet often.
    let start = START + random.below(20) * 5 * DAY + random.below(4) * 500 * S;
    let mut samples: Vec<_> = (0..count).map(|n| at(start + n * step, random.value())).collect();
    samples.retain(|s| s.measured_at_us < NOW);
    if random.below(4) == 0 {
        samples.reverse();
    }
    samples
}

fn some_range(random: &mut Random) -> Range {
    let from_us = START + random.below(20) * 5 * DAY + random.below(3000 * S);
    let length = random.one_of(&[S, HOUR, 3 * DAY, 60 * DAY]);
    range(from_us, from_us + 1 + random.below(length))
}

async fn assert_same(store: &Embedded, model: &[(SeriesId, Model); 2], random: &mut Random) {
    for (id, model) in model {
        let part = some_range(random);
        let grid = Grid::new(part, 1 + u32::try_from(random.below(900)).unwrap()).unwrap();
        model.assert_chart(store, *id, grid, "a part").await;
        let wide = Grid::new(range(START - DAY, NOW + 17), 1500).unwrap();
        model.assert_chart(store, *id, wide, "all").await;
        assert_eq!(store.raw(*id, part, usize::MAX).await.unwrap(), model.raw(part));
        assert_eq!(store.latest(*id, part).await.unwrap(), model.latest(part));
        assert_eq!(store.latest(*id, Range::ALL).await.unwrap(), model.latest(Range::ALL));
    }
}

#[tokio::test]
async fn whatever_happens_the_store_holds_what_the_model_holds() {
    let mut random = Random(seed("random lives"));
    for _ in 0..4 {
        let dir = tempfile::tempdir().unwrap();
        let mut store = open(dir.path());
        let mut model = [(B, Model::default()), (A, Model::default())];
        for _ in 0..60 {
            let (id, part) = &mut model[usize::try_from(random.below(2)).unwrap()];
            match random.below(12) {
                0..6 => {
                    let samples = some_readings(&mut random);
                    part.write(&samples);
                    store.write(vec![(*id, samples)]).await.unwrap();
                }
                6 => {
                    // Corrections of what is there.
                    let there: Vec<_> = part.0.keys().copied().step_by(37).collect();
                    let samples: Vec<_> =
                        there.into_iter().map(|t| at(t, random.value())).collect();
                    part.write(&samples);
                    store.write(vec![(*id, samples)]).await.unwrap();
                }
                7 | 8 => {
                    let gone = some_range(&mut random);
                    part.delete(gone);
                    store.delete(*id, gone).await.unwrap();
                }
                9 => store.settle().await.unwrap(),
                10 => store.expire().await.unwrap(),
                _ => {
                    drop(store);
                    store = open(dir.path());
                }
            }
            assert_same(&store, &model, &mut random).await;
        }
        for (id, model) in &model {
            assert_eq!(all(&store, *id).await, model.raw(Range::ALL));
        }
        let there = model.iter().filter(|(_, m)| !m.0.is_empty()).map(|(id, _)| *id);
        assert_eq!(store.series().await.unwrap(), there.collect::<Vec<_>>());
    }
}

#[tokio::test]
async fn deleted_readings_stay_deleted_wherever_they_were() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = open(dir.path());
    let mut model = Model::default();
    let part = |n: i64| range(NOW + n * 50 * S, NOW + (n + 1) * 50 * S);
    for n in 0..30 {
        // Some are in the journal, some in chunks.
        let samples = every(S, part(n));
        model.write(&samples);
        store.write(vec![(A, samples)]).await.unwrap();
        let gone = range(part(n).from_us - 7 * S, part(n).to_us - 20 * S + 1);
        model.delete(gone);
        store.delete(A, gone).await.unwrap();
        assert_eq!(all(&store, A).await, model.raw(Range::ALL));
        drop(store);
        store = open(dir.path());
        assert_eq!(all(&store, A).await, model.raw(Range::ALL), "opened again");
        // What was deleted may be written again.
        let again = every(3 * S, gone);
        model.write(&again);
        store.write(vec![(A, again)]).await.unwrap();
        drop(store);
        store = open(dir.path());
        assert_eq!(all(&store, A).await, model.raw(Range::ALL), "written again");
    }
}

#[tokio::test]
async fn queries_see_every_reading_once_while_others_write_and_seal() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let writer = tokio::spawn({
        let store = store.clone();
        async move {
            for n in 0..400 {
                let from_us = NOW - 20 * DAY + n * 100 * S;
                store.write(vec![(A, every(S, range(from_us, from_us + 100 * S)))]).await.unwrap();
            }
        }
    });
    let mut before = 0;
    loop {
        let finished = writer.is_finished();
        let found = store.raw(A, Range::ALL, usize::MAX).await.unwrap();
        let whole = range(NOW - 20 * DAY, NOW - 20 * DAY + i64::try_from(found.len()).unwrap() * S);
        assert!(found.len() >= before && found == every(S, whole), "{} readings", found.len());
        before = found.len();
        let grid = Grid::new(range(NOW - 30 * DAY, NOW), 100).unwrap();
        let chart = store.buckets(A, Range::ALL, grid).await.unwrap();
        let counted: u64 = chart.iter().flatten().map(|b| b.count).sum();
        assert!(counted >= before as u64, "{counted} of {before}");
        if finished {
            break;
        }
    }
    writer.await.unwrap();
    assert_eq!(before, 40_000);
}

#[tokio::test]
async fn heads_stay_bounded_however_many_slow_series_there_are() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let ids = || (0..700).map(SeriesId);
    for n in 0..20 {
        let batch = ids().map(|id| (id, vec![at(NOW + n * S, 1.0)])).collect();
        store.write(batch).await.unwrap();
        let held = store.inner.heads().readings();
        assert!(held <= 300 + 700, "{held} readings in memory");
    }
    assert_eq!(store.series().await.unwrap(), ids().collect::<Vec<_>>());
    for id in ids() {
        assert_eq!(all(&store, id).await.len(), 20);
    }
}
