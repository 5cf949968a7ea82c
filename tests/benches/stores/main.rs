//! What writing the same readings costs the embedded store and InfluxDB 2.7, each through the same
//! trait: CPU seconds of all processes that do the work, and bytes on disk.
//!
//! `cargo bench -p system-tests --bench stores [-- --readings 2000000]`.
#![expect(clippy::print_stdout, reason = "a benchmark prints its table")]

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use store::embedded::Embedded;
use store::influx::{Influx, set_up};
use store::{Batch, Retention, SeriesId, SeriesName, TelemetryStore};
use system_tests::{Influxd, ORG, cpu_seconds, until};
use telemetry::clock::Clock;
use telemetry::pack::Sample;

const SERIES: usize = 1000;
const BATCH: usize = 10_000;
const ROUNDS: usize = 3;
/// 2026-01-01T00:00:00Z.
const START_US: i64 = 1_767_225_600_000_000;

struct Now;

impl Clock for Now {
    fn now_us(&self) -> i64 {
        START_US + 86_400_000_000
    }
}

struct Cost {
    cpu_s: f64,
    wall_s: f64,
    bytes: u64,
}

/// Readings of all series at one second after the other, walks and noise with two decimals.
fn batch(from: usize) -> Batch {
    let rows = BATCH / SERIES;
    let series = |id: usize| {
        let sample = |row: usize| {
            let second = from / SERIES + row;
            let mix = (id * 7919 + second * 104_729) % 1_000;
            let wave = (second as f64 / (60.0 + id as f64)).sin() * 10.0;
            let value = ((20.0 + wave) * 100.0 + mix as f64 / 100.0).round() / 100.0;
            Sample { measured_at_us: START_US + second as i64 * 1_000_000, value }
        };
        (SeriesId(id as i64), (0..rows).map(sample).collect())
    };
    (0..SERIES).map(series).collect()
}

fn introduce(store: &dyn TelemetryStore) {
    for id in 0..SERIES {
        let name = SeriesName {
            board: format!("board-{}", id / 10),
            channel: format!("channel-{}", id % 10),
            unit: "Cel".to_owned(),
        };
        store.introduce(SeriesId(id as i64), name);
    }
}

async fn write_all(store: &dyn TelemetryStore, readings: usize) -> anyhow::Result<()> {
    introduce(store);
    for from in (0..readings).step_by(BATCH) {
        let written = store.write(batch(from)).await?;
        anyhow::ensure!(written.stored == BATCH as u64, "{written:?}");
    }
    store.settle().await?;
    Ok(())
}

/// What the files take on disk: InfluxDB's have holes.
fn bytes_in(folder: &Path) -> anyhow::Result<u64> {
    use std::os::unix::fs::MetadataExt as _;
    let mut bytes = 0;
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let kind = entry.metadata()?;
        bytes += if kind.is_dir() { bytes_in(&entry.path())? } else { kind.blocks() * 512 };
    }
    Ok(bytes)
}

/// What making the readings costs by itself.
fn making(readings: usize) -> anyhow::Result<f64> {
    let before = cpu_seconds(std::process::id())?;
    for from in (0..readings).step_by(BATCH) {
        std::hint::black_box(batch(from));
    }
    Ok(cpu_seconds(std::process::id())? - before)
}

async fn embedded(readings: usize, making_s: f64) -> anyhow::Result<Cost> {
    let dir = tempfile::tempdir()?;
    let folder = dir.path().join("telemetry");
    let store = Embedded::open(&folder, Retention::default(), Arc::new(Now))?;
    let (before, began) = (cpu_seconds(std::process::id())?, Instant::now());
    write_all(&store, readings).await?;
    let wall_s = began.elapsed().as_secs_f64();
    let cpu_s = cpu_seconds(std::process::id())? - before - making_s;
    drop(store);
    Ok(Cost { cpu_s, wall_s, bytes: bytes_in(&folder)? })
}

async fn influxdb(readings: usize, making_s: f64) -> anyhow::Result<Cost> {
    let influxd = Influxd::start().await?;
    let account = set_up(&influxd.url, ORG, "aftercare").await?.account;
    let store = Influx::connect(account, Retention::default(), Arc::new(Now)).await?;
    let (before, began) = (cpu_seconds(std::process::id())?, Instant::now());
    let behind = cpu_seconds(influxd.pid())?;
    write_all(&store, readings).await?;
    let wall_s = began.elapsed().as_secs_f64();
    let ours = cpu_seconds(std::process::id())? - before - making_s;
    let cpu_s = ours + cpu_seconds(influxd.pid())? - behind;
    until("its log to be empty", || async {
        let log = influxd.engine().join("wal");
        Ok((bytes_in(&log)? < 100_000).then_some(()))
    })
    .await?;
    Ok(Cost { cpu_s, wall_s, bytes: bytes_in(&influxd.engine())? })
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().collect();
    let at = arguments.iter().position(|a| a == "--readings");
    let readings = at.and_then(|at| arguments.get(at + 1)).map_or(Ok(2_000_000), |n| n.parse())?;
    let making_s = making(readings)?;
    println!(
        "{readings} readings of {SERIES} series in batches of {BATCH}, each on disk before the next"
    );
    println!("| round | store | readings a CPU second | a second | bytes a reading |");
    println!("|---|---|---|---|---|");
    let mut ratios = Vec::new();
    for round in 1..=ROUNDS {
        let ours = embedded(readings, making_s).await?;
        let peer = influxdb(readings, making_s).await?;
        for (name, cost) in [("embedded", &ours), ("InfluxDB 2.7", &peer)] {
            println!(
                "| {round} | {name} | {:.0} | {:.0} | {:.2} |",
                readings as f64 / cost.cpu_s,
                readings as f64 / cost.wall_s,
                cost.bytes as f64 / readings as f64
            );
        }
        ratios.push((peer.cpu_s / ours.cpu_s, peer.bytes as f64 / ours.bytes as f64));
    }
    ratios.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (cpu, bytes) = ratios[ROUNDS / 2];
    println!("CPU of InfluxDB / embedded: {cpu:.1}; bytes: {bytes:.1} (the round in the middle)");
    Ok(())
}
