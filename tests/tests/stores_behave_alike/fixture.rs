//! A store on a folder or a database of its own, with a clock that the test holds.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use store::embedded::Embedded;
use store::influx::{Account, Influx};
use store::{Retention, SeriesId, SeriesName, TelemetryStore};
use system_tests::{Influxd, ORG};
use telemetry::clock::Clock;

/// Two series of one board.
pub const A: SeriesId = SeriesId(1);
pub const B: SeriesId = SeriesId(2);

const DAY: i64 = 86_400_000_000;

pub const RETENTION: Retention =
    Retention { raw_us: Some(30 * DAY), minute_us: Some(400 * DAY), hour_us: None };

/// A clock that stands still.
pub struct TestClock(AtomicI64);

impl TestClock {
    pub fn set(&self, now_us: i64) {
        self.0.store(now_us, Ordering::Relaxed);
    }
}

impl Clock for TestClock {
    fn now_us(&self) -> i64 {
        self.0.load(Ordering::Relaxed)
    }
}

pub struct Fixture {
    pub store: Arc<dyn TelemetryStore>,
    pub clock: Arc<TestClock>,
    /// What the clock said at first: the edge of an hour, close to now, since InfluxDB has a clock
    /// of its own.
    pub now_us: i64,
    part: Part,
}

enum Part {
    Embedded { dir: tempfile::TempDir },
    Influx { _influxd: Box<Influxd>, account: Account },
}

fn clock() -> (Arc<TestClock>, i64) {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let hours = now.unwrap_or_default().as_secs() / 3600;
    let now_us = i64::try_from(hours).unwrap_or_default() * 3_600_000_000;
    (Arc::new(TestClock(AtomicI64::new(now_us))), now_us)
}

pub async fn embedded() -> anyhow::Result<Fixture> {
    let dir = tempfile::tempdir()?;
    let (clock, now_us) = clock();
    let store = introduced(Arc::new(open_embedded(dir.path(), clock.clone())?));
    Ok(Fixture { store, clock, now_us, part: Part::Embedded { dir } })
}

fn open_embedded(dir: &Path, clock: Arc<TestClock>) -> anyhow::Result<Embedded> {
    Ok(Embedded::open(&dir.join("telemetry"), RETENTION, clock)?)
}

pub async fn influxdb() -> anyhow::Result<Fixture> {
    let influxd = Box::new(Influxd::start().await?);
    let (clock, now_us) = clock();
    let account = store::influx::set_up(&influxd.url, ORG, "aftercare").await?.account;
    let store = Influx::connect(account.clone(), RETENTION, clock.clone()).await?;
    let store = introduced(Arc::new(store));
    Ok(Fixture { store, clock, now_us, part: Part::Influx { _influxd: influxd, account } })
}

fn introduced(store: Arc<dyn TelemetryStore>) -> Arc<dyn TelemetryStore> {
    for (id, channel) in [(A, "temperature"), (B, "pressure, of \"oil\" = x\\")] {
        let name = SeriesName {
            board: "pump 7".to_owned(),
            channel: channel.to_owned(),
            unit: if id == A { "Cel".to_owned() } else { String::new() },
        };
        store.introduce(id, name);
    }
    store
}

impl Fixture {
    /// Lets the store do now what it would do later by itself.
    pub async fn settle(&self) -> anyhow::Result<()> {
        Ok(self.store.settle().await?)
    }

    /// The same store, opened once more.
    pub async fn reopened(self) -> anyhow::Result<Self> {
        let Self { store, clock, now_us, part } = self;
        drop(store);
        let store: Arc<dyn TelemetryStore> = match &part {
            Part::Embedded { dir } => Arc::new(open_embedded(dir.path(), clock.clone())?),
            Part::Influx { account, .. } => {
                Arc::new(Influx::connect(account.clone(), RETENTION, clock.clone()).await?)
            }
        };
        Ok(Self { store: introduced(store), clock, now_us, part })
    }
}
