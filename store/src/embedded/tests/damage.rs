use std::os::unix::fs::FileExt as _;

use super::*;

/// A store with readings in February and March, closed.
async fn two_months(dir: &Path) {
    let store = open(dir);
    store.write(vec![(A, every(60 * S, range(NOW - 20 * DAY, NOW)))]).await.unwrap();
    store.settle().await.unwrap();
}

fn february() -> Range {
    range(i64::MIN, NOW - 14 * DAY)
}

#[tokio::test]
async fn a_damaged_month_is_named_and_the_others_still_answer() {
    // All pages behind the first, and a single bit.
    for all_pages in [true, false] {
        let dir = tempfile::tempdir().unwrap();
        two_months(dir.path()).await;
        let path = dir.path().join("2026-02.db");
        let bytes = std::fs::read(&path).unwrap();
        let file = std::fs::File::options().write(true).open(&path).unwrap();
        if all_pages {
            file.write_all_at(&vec![0xaa; bytes.len() - 8192], 8192).unwrap();
        } else {
            file.write_all_at(&[bytes[bytes.len() - 100] ^ 4], bytes.len() as u64 - 100).unwrap();
        }
        let store = open(dir.path());
        let error = store.raw(A, february(), usize::MAX).await.unwrap_err();
        assert!(matches!(error, StoreError::Damaged { .. }), "{error:?}");
        assert!(error.to_string().contains("2026-02.db"), "{error}");
        let march = range(NOW - 14 * DAY, i64::MAX);
        let expected = every(60 * S, range(NOW - 14 * DAY, NOW));
        assert_eq!(store.raw(A, march, usize::MAX).await.unwrap(), expected);
        // Late readings of that month stay in the journal, and the rest goes on.
        let late = vec![at(NOW - 19 * DAY, 5.0)];
        store.write(vec![(A, late)]).await.unwrap();
        for n in 0..10 {
            let from_us = NOW + n * 100 * S;
            store.write(vec![(A, every(S, range(from_us, from_us + 100 * S)))]).await.unwrap();
        }
        assert_eq!(store.raw(A, range(NOW, i64::MAX), usize::MAX).await.unwrap().len(), 1000);
        store.check().await.unwrap();
        drop(store);
        if all_pages {
            let head = open(dir.path()).inner.heads().part(A, february());
            assert_eq!(head, [at(NOW - 19 * DAY, 5.0)]);
        }
    }
}

#[tokio::test]
async fn a_damaged_rollup_is_answered_from_readings() {
    let dir = tempfile::tempdir().unwrap();
    two_months(dir.path()).await;
    let path = dir.path().join("2026-02.hour.db");
    std::fs::write(&path, vec![0xaa; 20_000]).unwrap();
    let store = open(dir.path());
    let mut model = Model::default();
    model.write(&every(60 * S, range(NOW - 20 * DAY, NOW)));
    let grid = Grid::new(range(NOW - 21 * DAY, NOW), 400).unwrap();
    model.assert_chart(&store, A, grid, "damaged").await;
}

#[tokio::test]
async fn a_damaged_journal_is_named() {
    let dir = tempfile::tempdir().unwrap();
    {
        let store = open(dir.path());
        store.write(vec![(A, every(60 * S, range(NOW - DAY, NOW - HOUR)))]).await.unwrap();
    }
    let path = dir.path().join("journal.db");
    let mut bytes = std::fs::read(&path).unwrap();
    let end = bytes.len() - 200;
    bytes[end] ^= 1;
    std::fs::write(&path, bytes).unwrap();
    let error = Embedded::open(dir.path(), Retention::default(), TestClock::new()).err().unwrap();
    assert!(matches!(error, StoreError::Damaged { .. }), "{error:?}");
    assert!(error.to_string().contains("journal.db"), "{error}");
}

#[tokio::test]
async fn a_folder_in_use_is_refused_and_free_again_when_the_store_is_closed() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let second = Embedded::open(dir.path(), Retention::default(), TestClock::new());
    assert!(matches!(second, Err(StoreError::InUse { .. })));
    drop(store);
    open(dir.path());
}
