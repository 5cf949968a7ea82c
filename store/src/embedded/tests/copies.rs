use std::sync::atomic::{AtomicBool, AtomicUsize};

use super::*;

#[tokio::test]
async fn a_backup_while_writing_opens_and_holds_what_was_acknowledged_before() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(&dir.path().join("store"));
    let acknowledged = Arc::new(AtomicUsize::new(0));
    let stop = Arc::new(AtomicBool::new(false));
    let start = NOW - 45 * DAY;
    let written =
        |n: usize| every(600 * S, range(start, start + i64::try_from(n).unwrap() * 6000 * S));
    let writer = tokio::spawn({
        let (store, acknowledged, stop) = (store.clone(), acknowledged.clone(), stop.clone());
        async move {
            for n in 0.. {
                if stop.load(Ordering::SeqCst) {
                    break;
                }
                let part = range(start + n * 6000 * S, start + (n + 1) * 6000 * S);
                store.write(vec![(A, every(600 * S, part))]).await.unwrap();
                acknowledged.fetch_add(1, Ordering::SeqCst);
                tokio::task::yield_now().await;
            }
        }
    });
    for n in 0..8 {
        let at_least = acknowledged.load(Ordering::SeqCst) + 20;
        while acknowledged.load(Ordering::SeqCst) < at_least {
            tokio::task::yield_now().await;
        }
        let before = acknowledged.load(Ordering::SeqCst);
        let into = dir.path().join(format!("copy {n}"));
        store.backup(&into).await.unwrap();
        let copy = open(&into);
        let found = all(&copy, A).await;
        assert!(found.len() >= before * 10, "copy {n}: {} of {before} batches", found.len());
        assert_eq!(found[..before * 10], written(before), "copy {n}");
        let mut model = Model::default();
        model.write(&found);
        let grid = Grid::new(range(start, NOW), 1000).unwrap();
        model.assert_chart(&copy, A, grid, "a copy").await;
        copy.write(vec![(B, vec![at(NOW, 1.0)])]).await.unwrap();
    }
    stop.store(true, Ordering::SeqCst);
    writer.await.unwrap();
    let again = store.backup(&dir.path().join("copy 0")).await;
    assert!(matches!(again, Err(StoreError::Query(_))), "{again:?}");
}

#[tokio::test]
async fn a_backup_has_rollups_whose_readings_are_gone_and_not_what_is_deleted_meanwhile() {
    let dir = tempfile::tempdir().unwrap();
    let clock = TestClock::new();
    let kept = Retention { raw_us: Some(40 * DAY), ..Retention::default() };
    let open = |dir: &Path| Embedded::open(dir, kept, clock.clone()).unwrap();
    let store = open(&dir.path().join("store"));
    let mut model = Model::default();
    let samples = every(61 * S, range(NOW - 30 * DAY, NOW));
    model.write(&samples);
    store.write(vec![(A, samples)]).await.unwrap();
    clock.set(NOW + 35 * DAY);
    let young = every(61 * S, range(NOW + 33 * DAY, NOW + 34 * DAY));
    model.write(&young);
    store.write(vec![(A, young)]).await.unwrap();
    store.expire().await.unwrap();
    let (into, gone) = (dir.path().join("copy"), range(NOW + 33 * DAY, NOW + 33 * DAY + 2 * HOUR));
    let (backup, deleted) = tokio::join!(store.backup(&into), store.delete(A, gone));
    backup.unwrap();
    deleted.unwrap();
    let copy = open(&into);
    let mut without = model.clone();
    without.delete(gone);
    let found = all(&copy, A).await;
    let since = |m: &Model| m.raw(range(found[0].measured_at_us, i64::MAX));
    assert!(found == since(&model) || found == since(&without), "{}", found.len());
    let grid = Grid::new(range(NOW - 40 * DAY, NOW + 33 * DAY), 900).unwrap();
    model.assert_chart(&copy, A, grid, "the copy").await;
}
