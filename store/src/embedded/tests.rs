use super::*;

const S: i64 = 1_000_000;
const ID: SeriesId = SeriesId(7);

fn samples(seconds: impl Iterator<Item = i64>, value: f64) -> Vec<Sample> {
    seconds.map(|t| Sample { measured_at_us: t * S, value }).collect()
}

fn range(from_s: i64, to_s: i64) -> Range {
    Range { from_us: from_s * S, to_us: to_s * S }
}

fn seal_now(store: &Embedded) {
    store.inner.seal(&mut lock(&store.inner.writer)).unwrap();
}

async fn counts(store: &Embedded, from: i64, to: i64, n: u32) -> Vec<u64> {
    let grid = Grid::new(range(from, to), n).unwrap();
    let buckets = store.buckets(ID, Range::ALL, grid).await.unwrap();
    buckets.into_iter().map(|b| b.map_or(0, |b| b.count)).collect()
}

#[tokio::test]
async fn readings_are_there_after_reopening_sealed_or_not() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("t.db");
    let store = Embedded::open(&path).unwrap();
    store.write(vec![(ID, samples(0..3000, 1.0))]).await.unwrap();
    seal_now(&store);
    store.write(vec![(ID, samples(3000..3010, 2.0))]).await.unwrap();
    drop(store);
    let store = Embedded::open(&path).unwrap();
    for limit in [9999, usize::MAX] {
        assert_eq!(store.raw(ID, range(0, 9999), limit).await.unwrap().len(), 3010);
    }
    let latest = store.latest(ID, Range::ALL).await.unwrap().unwrap();
    assert_eq!((latest.measured_at_us, latest.value), (3009 * S, 2.0));
}

#[tokio::test]
async fn a_repeated_write_changes_nothing_and_a_correction_replaces() {
    let dir = tempfile::tempdir().unwrap();
    let store = Embedded::open(&dir.path().join("t.db")).unwrap();
    for _ in 0..2 {
        store.write(vec![(ID, samples(0..2048, 1.0))]).await.unwrap();
        assert_eq!(counts(&store, 0, 2048, 3).await, [1800, 248]);
        seal_now(&store);
        assert_eq!(counts(&store, 0, 2048, 3).await, [1800, 248]);
    }
    store.write(vec![(ID, samples(5..6, 9.0))]).await.unwrap();
    for _ in 0..2 {
        assert_eq!(store.raw(ID, range(5, 6), 9).await.unwrap()[0].value, 9.0);
        let grid = Grid::new(range(0, 2048), 1).unwrap();
        let all = store.buckets(ID, Range::ALL, grid).await.unwrap()[0].unwrap();
        assert_eq!((all.count, all.max, all.sum), (2048, 9.0, 2056.0));
        seal_now(&store);
    }
}

#[tokio::test]
async fn late_readings_take_their_place_and_a_gap_stays_a_gap() {
    let dir = tempfile::tempdir().unwrap();
    let store = Embedded::open(&dir.path().join("t.db")).unwrap();
    store.write(vec![(ID, samples(1000..3048, 1.0))]).await.unwrap();
    seal_now(&store);
    store.write(vec![(ID, samples(0..10, 2.0))]).await.unwrap();
    for _ in 0..2 {
        assert_eq!(counts(&store, 0, 2000, 4).await, [10, 800, 200]);
        let first = store.raw(ID, Range::ALL, 11).await.unwrap();
        assert_eq!((first[0].measured_at_us, first[10].measured_at_us), (0, 1000 * S));
        seal_now(&store);
    }
}
