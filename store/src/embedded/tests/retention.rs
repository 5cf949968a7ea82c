use super::*;

const KEPT: Retention =
    Retention { raw_us: Some(40 * DAY), minute_us: Some(100 * DAY), hour_us: None };

fn files(dir: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(dir).unwrap();
    let names = entries.map(|e| e.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<_> = names.filter(|n| n.starts_with("20") && n.ends_with(".db")).collect();
    names.sort();
    names
}

#[tokio::test]
async fn months_of_readings_go_and_their_rollups_stay_for_their_own_time() {
    let mut random = Random(seed("retention"));
    let dir = tempfile::tempdir().unwrap();
    let clock = TestClock::new();
    let open = || Embedded::open_sealing_at(1000, dir.path(), KEPT, clock.clone()).unwrap();
    let mut store = open();
    let mut model = Model::default();
    let start = NOW - NOW.rem_euclid(DAY);
    for day in 0..200 {
        let now = start + (day + 1) * DAY;
        clock.set(now);
        // Of the day, and late ones of up to a month ago.
        let late = now - (2 + random.below(36)) * DAY;
        for from_us in [now - DAY, late] {
            let samples = every(97 * S, range(from_us + 5, from_us + 7 * HOUR));
            model.write(&samples);
            let written = store.write(vec![(A, samples)]).await.unwrap();
            assert_eq!(written.expired, 0);
        }
        if random.below(10) == 0 {
            // Whole hours, so that rollups that are left can follow exactly.
            let from_us = start + random.below((day + 1) * 24) * HOUR;
            let gone = range(from_us, from_us + 3 * HOUR);
            model.delete(gone);
            store.delete(A, gone).await.unwrap();
        }
        match random.below(8) {
            0..4 => store.expire().await.unwrap(),
            4 => store.settle().await.unwrap(),
            5 => {
                drop(store);
                store = open();
            }
            _ => {}
        }
        if day % 5 == 0 {
            let young = range(now - 40 * DAY, now);
            assert_eq!(store.raw(A, young, usize::MAX).await.unwrap(), model.raw(young));
            for (days, n) in [(300, 7000), (120, 300), (60, 1000)] {
                let grid = Grid::new(range(now - days * DAY, now), n).unwrap();
                model.assert_chart(&store, A, grid, &format!("day {day}")).await;
            }
        }
    }
    store.expire().await.unwrap();
    // 2026-10-01: readings since August, minutes since June, hours of all.
    assert_eq!(
        files(dir.path()),
        [
            "2026-02.hour.db",
            "2026-03.hour.db",
            "2026-04.hour.db",
            "2026-05.hour.db",
            "2026-06.hour.db",
            "2026-06.minute.db",
            "2026-07.hour.db",
            "2026-07.minute.db",
            "2026-08.db",
            "2026-08.hour.db",
            "2026-08.minute.db",
            "2026-09.db",
            "2026-09.hour.db",
            "2026-09.minute.db",
        ]
    );
    let late = store.write(vec![(A, vec![at(NOW, 1.0), at(i64::MAX, 1.0)])]).await.unwrap();
    assert_eq!((late.stored, late.expired), (0, 2));
}

#[tokio::test]
async fn a_clock_that_goes_back_does_not_undo_rollups() {
    let dir = tempfile::tempdir().unwrap();
    let clock = TestClock::new();
    let store = Embedded::open_sealing_at(1000, dir.path(), KEPT, clock.clone()).unwrap();
    let day = range(NOW - DAY, NOW);
    let samples = every(S, day);
    store.write(vec![(A, samples.clone())]).await.unwrap();
    clock.set(NOW + 80 * DAY);
    store.expire().await.unwrap();
    assert_eq!(files(dir.path()), ["2026-03.hour.db", "2026-03.minute.db"]);
    clock.set(NOW);
    let written = store.write(vec![(A, vec![at(NOW - HOUR, 1.0)])]).await.unwrap();
    assert_eq!((written.stored, written.expired), (0, 1));
    let mut model = Model::default();
    model.write(&samples);
    model.assert_chart(&store, A, Grid::new(day, 24).unwrap(), "after").await;
}

#[tokio::test]
async fn rollups_are_built_when_a_month_is_past_and_answer_what_readings_answer() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let whole = range(NOW - 60 * DAY, NOW);
    let mut model = Model::default();
    let samples = every(307 * S, whole);
    model.write(&samples);
    store.write(vec![(A, samples)]).await.unwrap();
    let grid = Grid::new(whole, 800).unwrap();
    model.assert_chart(&store, A, grid, "in the journal").await;
    store.settle().await.unwrap();
    let built = |store: &Embedded| {
        let months = store.inner.folder.months(Holds::Readings).into_iter();
        let built =
            months.map(|m| store.inner.windows(m, crate::Resolution::Hour, A).unwrap().is_some());
        built.collect::<Vec<_>>()
    };
    assert_eq!(built(&store), [true, true, false]);
    model.assert_chart(&store, A, grid, "settled").await;
    // A correction in the journal, then in chunks, then in rollups again.
    let corrected = vec![at(NOW - 50 * DAY, 5000.0)];
    model.write(&corrected);
    store.write(vec![(A, corrected)]).await.unwrap();
    assert_eq!(built(&store), [true, true, false]);
    model.assert_chart(&store, A, grid, "corrected").await;
    store.inner.seal(&mut store.inner.writer(), Amount::All).unwrap();
    assert_eq!(built(&store), [false, true, false]);
    model.assert_chart(&store, A, grid, "sealed").await;
    store.settle().await.unwrap();
    assert_eq!(built(&store), [true, true, false]);
    model.assert_chart(&store, A, grid, "built again").await;
}
