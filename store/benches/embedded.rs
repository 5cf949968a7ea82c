//! What the embedded store costs: `cargo bench -p store --bench embedded [-- --small]`.
//!
//! Values are in equal parts walks with two decimals, noise with two decimals, sensors with coarse
//! steps, and states that rarely change; half of the series have uneven times. Every write is synced. Figures are of this machine and this file system.
#![expect(clippy::print_stdout, reason = "its output is what it is for")]

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use store::embedded::Embedded;
use store::{Grid, Range, Retention, SeriesId, StoreError, TelemetryStore};
use telemetry::clock::Clock;
use telemetry::pack::Sample;

const S: i64 = 1_000_000;
const HOUR: i64 = 3600 * S;
const DAY: i64 = 24 * HOUR;
/// 2025-01-17: what ends after a whole year ends in the middle of a month.
const START: i64 = 1_737_072_000 * S;
const BATCH: usize = 10_000;

struct Now(i64);

impl Clock for Now {
    fn now_us(&self) -> i64 {
        self.0
    }
}

/// One sensor. Numbers follow from its number (xorshift64, Marsaglia 2003).
struct Sensor {
    random: u64,
    kind: usize,
    level: f64,
}

impl Sensor {
    fn new(n: usize) -> Self {
        let random = (n as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        Self { random, kind: n % 4, level: 20.0 + n as f64 % 50.0 }
    }

    /// About a standard normal: the sum of four even ones.
    fn normal(&mut self) -> f64 {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        let part = |shift: u32| (self.random >> shift & 0xffff) as f64 / 65_536.0 - 0.5;
        (part(0) + part(16) + part(32) + part(48)) * 3.0_f64.sqrt()
    }

    /// By up to how many microseconds a reading is off its time: half of the boards stamp in
    /// milliseconds when they get to it.
    fn delay_us(&mut self) -> i64 {
        if self.kind.is_multiple_of(2) { 0 } else { (self.random >> 24 & 7) as i64 * 1000 }
    }

    fn value(&mut self) -> f64 {
        let normal = self.normal();
        match self.kind {
            // A walk with two decimals.
            0 => {
                self.level += normal / 4.0;
                (self.level * 100.0).round() / 100.0
            }
            // A walk under noise, with two decimals.
            1 => {
                self.level += normal / 50.0;
                ((self.level + self.normal()) * 100.0).round() / 100.0
            }
            // A sensor of 0.0625 degrees, with noise of a few steps.
            2 => {
                self.level += normal / 200.0;
                ((self.level + self.normal() / 8.0) * 16.0).round() / 16.0
            }
            // A state that changes once in an hour or so.
            _ => {
                if self.random.is_multiple_of(4096) {
                    self.level = (self.random >> 20 & 7) as f64;
                }
                self.level
            }
        }
    }
}

/// Figures of this process from `/proc`.
fn cpu() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<_> = stat.rsplit(") ").next().unwrap_or_default().split(' ').collect();
    let ticks = |n: usize| fields.get(n).and_then(|t| t.parse::<u64>().ok()).unwrap_or(0);
    // User and system time, in the hundredths of a second of every Linux.
    Duration::from_millis(10 * (ticks(11) + ticks(12)))
}

fn peak_mib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|l| l.strip_prefix("VmHWM:")).unwrap_or_default();
    line.split_whitespace().next().and_then(|kib| kib.parse::<u64>().ok()).unwrap_or(0) / 1024
}

/// Size of the files whose names end so.
fn bytes(dir: &Path, suffix: &str) -> u64 {
    let entries = std::fs::read_dir(dir).expect("the folder").map(|e| e.expect("an entry"));
    let entries = entries.filter(|e| e.file_name().to_string_lossy().ends_with(suffix));
    entries.map(|e| e.metadata().map_or(0, |m| m.len())).sum()
}

/// Readings that charts count, of all series.
async fn counted(store: &Embedded) -> Result<u64, StoreError> {
    let mut counted = 0;
    let grid = Grid::new(Range { from_us: START - DAY, to_us: START + 400 * DAY }, 1)?;
    for id in store.series().await? {
        let all = store.buckets(id, Range::ALL, grid).await?;
        counted += all.iter().flatten().map(|b| b.count).sum::<u64>();
    }
    Ok(counted)
}

fn row(name: &str, figure: impl std::fmt::Display) {
    println!("{name:<52} {figure:>24}");
}

fn per_second(readings: usize, time: Duration) -> String {
    format!("{:.2} M/s", readings as f64 / time.as_secs_f64() / 1e6)
}

/// Writes sensors from `START` on, `step_us` apart, all of a moment after each other.
async fn write(
    store: &Embedded,
    first: usize,
    series: usize,
    step_us: i64,
    each: usize,
) -> Result<(Duration, Duration), StoreError> {
    let mut sensors: Vec<_> = (first..first + series).map(Sensor::new).collect();
    let of_each = (BATCH / series).max(1);
    let (mut generating, mut longest) = (Duration::ZERO, Duration::ZERO);
    let mut written = 0;
    while written < each {
        let began = Instant::now();
        let count = of_each.min(each - written);
        let mut batch = Vec::with_capacity(series);
        for (n, sensor) in sensors.iter_mut().enumerate() {
            let id = i64::try_from(first + n).expect("a small number");
            let time = |k: usize| START + i64::try_from(written + k).expect("fits") * step_us;
            let of = |k| {
                let value = sensor.value();
                Sample { measured_at_us: time(k) + sensor.delay_us(), value }
            };
            batch.push((SeriesId(id), (0..count).map(of).collect()));
        }
        generating += began.elapsed();
        let began = Instant::now();
        store.write(batch).await?;
        longest = longest.max(began.elapsed());
        written += count;
    }
    Ok((generating, longest))
}

async fn writing(readings: usize, series: usize) -> Result<(), StoreError> {
    let dir = tempfile::tempdir().expect("a folder");
    let now = Arc::new(Now(START + DAY));
    let store = Embedded::open(dir.path(), Retention::default(), now)?;
    let batch = (BATCH / series).max(1) * series;
    println!(
        "\nwrite {readings} readings, {series} series at 1 Hz, batches of {batch}, a sync each"
    );
    let (began, before) = (Instant::now(), cpu());
    let (generating, longest) = write(&store, 0, series, S, readings / series).await?;
    let (wall, busy) = (began.elapsed() - generating, cpu() - before - generating);
    row("readings a second of wall time", per_second(readings, wall));
    row("readings a CPU second of the process", per_second(readings, busy));
    row("longest write of a batch (it seals first), ms", longest.as_millis());
    let began = Instant::now();
    store.settle().await?;
    row("settling after that, ms", began.elapsed().as_millis());
    assert_eq!(counted(&store).await?, readings as u64);
    drop(store);
    let on_disk = bytes(dir.path(), "") as f64 / readings as f64;
    row("bytes a reading on disk, settled", format!("{on_disk:.3}"));
    row("peak memory so far, MiB", peak_mib());
    Ok(())
}

/// Makes the system forget what it holds of the files in memory, where `dd` can say so.
fn forget(dir: &Path) {
    for entry in std::fs::read_dir(dir).expect("the folder").flatten() {
        let file = format!("if={}", entry.path().display());
        let dd =
            std::process::Command::new("dd").args([&file, "iflag=nocache", "count=0"]).output();
        drop(dd);
    }
}

/// Runs a query cold, then warm many times.
async fn measure<T>(
    store: &Embedded,
    name: &str,
    times: usize,
    query: impl AsyncFn(&Embedded) -> Result<T, StoreError>,
) -> Result<(), StoreError> {
    let mut took = Vec::new();
    for _ in 0..times + 10 {
        let began = Instant::now();
        std::hint::black_box(query(store).await?);
        took.push(began.elapsed());
    }
    let cold = took[0];
    let mut warm = took.split_off(10);
    warm.sort_unstable();
    let ms = |d: Duration| format!("{:.3}", d.as_secs_f64() * 1e3);
    let (median, p99, most) =
        (warm[warm.len() / 2], warm[warm.len() * 99 / 100], warm[warm.len() - 1]);
    println!("{name:<52} {:>10} {:>10} {:>10} {:>10}", ms(cold), ms(median), ms(p99), ms(most));
    Ok(())
}

/// 3 series at 1 Hz and 500 slow ones over a year: 100 M readings.
async fn reading(days: i64) -> Result<(), StoreError> {
    let dir = tempfile::tempdir().expect("a folder");
    let end = START + days * DAY;
    let now = Arc::new(Now(end));
    let store = Embedded::open(dir.path(), Retention::default(), now.clone())?;
    let (fast, slow) = (
        usize::try_from(days * DAY / S).expect("fits"),
        usize::try_from(days * DAY / (50 * 60 * S)).expect("fits"),
    );
    let readings = 3 * fast + 500 * slow;
    println!(
        "\nread from {readings} readings: 3 series at 1 Hz and 500 slow ones over {days} days"
    );
    let began = Instant::now();
    write(&store, 0, 3, S, fast).await?;
    write(&store, 3, 500, 50 * 60 * S, slow).await?;
    row("written in, s", began.elapsed().as_secs());
    let began = Instant::now();
    store.settle().await?;
    row("settled in (rollups of past months), s", format!("{:.1}", began.elapsed().as_secs_f64()));
    assert_eq!(counted(&store).await?, readings as u64);
    drop(store);
    let each = |suffix| format!("{:.3}", bytes(dir.path(), suffix) as f64 / readings as f64);
    row("on disk, MB", bytes(dir.path(), "") / 1_000_000);
    row("bytes a reading, with rollups", each(""));
    row("  of that rollups of a minute", each(".minute.db"));
    row("  of that rollups of an hour", each(".hour.db"));
    row("peak memory so far, MiB", peak_mib());

    println!("{:<52} {:>10} {:>10} {:>10} {:>10}", "ms", "cold", "median", "p99", "max");
    let point = SeriesId(0);
    let queries = |name: &'static str| {
        forget(dir.path());
        let store = Embedded::open(dir.path(), Retention::default(), now.clone());
        let all = Range::ALL;
        let of = move |from_us, to_us, n| Grid::new(Range { from_us, to_us }, n);
        async move {
            let store = store?;
            match name {
                "raw" => {
                    let hour = Range { from_us: end - HOUR, to_us: end };
                    measure(&store, "last hour of a point, its readings", 2000, async |s| {
                        s.raw(point, hour, usize::MAX).await
                    })
                    .await
                }
                "hour" => {
                    measure(&store, "last hour of a point in 300 buckets", 2000, async |s| {
                        s.buckets(point, all, of(end - HOUR, end, 300)?).await
                    })
                    .await
                }
                "latest" => {
                    measure(&store, "latest reading of a point", 2000, async |s| {
                        s.latest(point, all).await
                    })
                    .await
                }
                "day" => {
                    measure(&store, "a day in the newest month in 1000 buckets", 300, async |s| {
                        s.buckets(point, all, of(end - DAY, end, 1000)?).await
                    })
                    .await
                }
                "month" => {
                    measure(&store, "the newest 30 days in 1000 buckets", 300, async |s| {
                        s.buckets(point, all, of(end - 30 * DAY, end, 1000)?).await
                    })
                    .await
                }
                "year" => {
                    measure(&store, "a year of a point in 1000 buckets", 500, async |s| {
                        s.buckets(point, all, of(end - days * DAY, end, 1000)?).await
                    })
                    .await
                }
                _ => {
                    measure(&store, "a year off the grid, from 17:23:11, 1000", 500, async |s| {
                        s.buckets(point, all, of(START + 62_591 * S, end - 777, 1000)?).await
                    })
                    .await
                }
            }
        }
    };
    for name in ["raw", "hour", "latest", "day", "month", "year", "off"] {
        queries(name).await?;
    }
    let store = Embedded::open(dir.path(), Retention::default(), now.clone())?;
    let hour = Range { from_us: end - HOUR, to_us: end };
    tokio::select! {
        written = write(&store, 1000, 1000, S, usize::MAX) => drop(written?),
        read = measure(&store, "last hour while another writes flat out", 2000, async |s| {
            s.raw(point, hour, usize::MAX).await
        }) => read?,
    }
    row("peak memory, MiB", peak_mib());
    Ok(())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), StoreError> {
    let small = std::env::args().any(|arg| arg == "--small");
    writing(if small { 2_000_000 } else { 10_000_000 }, 1000).await?;
    writing(if small { 1_000_000 } else { 5_000_000 }, 20_000).await?;
    reading(if small { 60 } else { 365 }).await
}
