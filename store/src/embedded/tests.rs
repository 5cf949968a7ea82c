mod copies;
mod damage;
mod disks;
mod kills;
mod model;
mod random;
mod retention;

use std::path::Path;
use std::sync::atomic::{AtomicI64, Ordering};

use super::*;
use model::Model;

const S: i64 = 1_000_000;
const HOUR: i64 = 3600 * S;
const DAY: i64 = 24 * HOUR;
/// 2026-03-15, the middle of a month.
const NOW: i64 = 1_773_532_800 * S;
const A: SeriesId = SeriesId(1);
const B: SeriesId = SeriesId(-7);

/// A clock that stands still.
struct TestClock(AtomicI64);

impl TestClock {
    fn new() -> Arc<Self> {
        Arc::new(Self(AtomicI64::new(NOW)))
    }

    fn set(&self, now_us: i64) {
        self.0.store(now_us, Ordering::Relaxed);
    }
}

impl Clock for TestClock {
    fn now_us(&self) -> i64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// Numbers that look random and follow from a seed (SplitMix64, Steele, Lea and Flood 2014).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: i64) -> i64 {
        i64::try_from(self.next() % n.cast_unsigned()).unwrap()
    }

    fn one_of<T: Copy>(&mut self, of: &[T]) -> T {
        of[usize::try_from(self.next() % of.len() as u64).unwrap()]
    }

    fn value(&mut self) -> f64 {
        f64::from(i32::try_from(self.below(100_000)).unwrap()) / 100.0
    }
}

/// A seed of now, printed so that a failure can be repeated.
fn seed(what: &str) -> u64 {
    use std::io::Write as _;
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    let given = std::env::var("AFTERCARE_SEED").ok().and_then(|s| s.parse().ok());
    let seed = given.unwrap_or(now.as_secs() ^ u64::from(now.subsec_nanos()));
    let _ = writeln!(std::io::stderr(), "{what}: AFTERCARE_SEED={seed}");
    seed
}

/// A store that seals every few hundred readings.
fn open(dir: &Path) -> Embedded {
    Embedded::open_sealing_at(300, dir, Retention::default(), TestClock::new()).unwrap()
}

fn range(from_us: i64, to_us: i64) -> Range {
    Range { from_us, to_us }
}

fn at(measured_at_us: i64, value: f64) -> Sample {
    Sample { measured_at_us, value }
}

fn every(step_us: i64, part: Range) -> Vec<Sample> {
    let times = (part.from_us..part.to_us).step_by(usize::try_from(step_us).unwrap());
    times.map(|t| at(t, ((t / 7 * 7919) % 1009) as f64 / 8.0 - 60.0)).collect()
}

/// Everything that the store holds, read in pages.
async fn all(store: &Embedded, id: SeriesId) -> Vec<Sample> {
    let mut all: Vec<Sample> = Vec::new();
    loop {
        let from_us = all.last().map_or(i64::MIN, |s| s.measured_at_us + 1);
        let page = store.raw(id, range(from_us, i64::MAX), 777).await.unwrap();
        if page.is_empty() {
            return all;
        }
        all.extend(page);
    }
}
