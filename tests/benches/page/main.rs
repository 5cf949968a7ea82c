//! How the page feels, in a real Chromium: first view, live charts, from reading to pixel, a year.
//!
//! `make page && cargo bench -p system-tests --bench page [-- --days 30]` (a year without).
#![expect(clippy::print_stdout, reason = "a benchmark says what it does")]

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use anyhow::Context as _;
use rumqttc::{AsyncClient, MqttOptions, QoS};
use serde_json::{Value, json};
use store::embedded::Embedded;
use store::{Batch, Retention, SeriesId, SeriesName, TelemetryStore as _};
use system_tests::{Aftercare, TOKEN};
use telemetry::clock::Clock;
use telemetry::pack::Sample;
use tokio::process::Command;

const LIVE: usize = 20;
/// Ten readings a second and channel.
const EVERY: Duration = Duration::from_millis(100);
const BATCH: i64 = 100_000;
const DAY_S: i64 = 86_400;

struct Wall;

impl Clock for Wall {
    fn now_us(&self) -> i64 {
        SystemTime::UNIX_EPOCH.elapsed().map_or(0, |t| t.as_micros() as i64)
    }
}

fn channels(count: usize) -> Vec<Value> {
    let channel = |n: usize| {
        json!({"channel": format!("c{n:02}"), "unit": "Cel", "name": format!("Point {n:02}"),
               "quantity": "temperature", "position": ""})
    };
    (1..=count).map(channel).collect()
}

async fn adopt(up: &Aftercare, board: &str, machine: &str, count: usize) -> anyhow::Result<String> {
    let body = json!({"asset": {"name": machine, "kind": "rig"}, "channels": channels(count)});
    let answer: Value = reqwest::Client::new()
        .put(format!("{}/api/v1/boards/{board}/adoption", up.http))
        .bearer_auth(TOKEN)
        .json(&body)
        .send()
        .await?
        .error_for_status()?
        .json()
        .await?;
    Ok(answer["asset_id"].as_str().context("a machine")?.to_owned())
}

/// Writes a reading a second of the board `slow`, up to now.
async fn fill(up: &Aftercare, data: &Path, days: i64) -> anyhow::Result<SeriesId> {
    let series: Value = up.get("/api/v1/series").await?;
    let items = series["items"].as_array().context("series")?;
    let slow = items.iter().find(|s| s["board"] == "slow").context("its series")?;
    let id = SeriesId(slow["series"].as_i64().context("a number")?);
    let store = Embedded::open(&data.join("telemetry"), Retention::default(), Arc::new(Wall))?;
    let name = |text: &str| text.to_owned();
    store
        .introduce(id, SeriesName { board: name("slow"), channel: name("c01"), unit: name("Cel") });
    let end_s = Wall.now_us() / 1_000_000;
    let mut from = end_s - days * DAY_S;
    while from < end_s {
        let to = (from + BATCH).min(end_s);
        let sample = |s: i64| {
            let day = (s as f64 / DAY_S as f64 * std::f64::consts::TAU).sin() * 4.0;
            let noise = ((s * 7_919) % 1_000) as f64 / 1_000.0;
            let value = ((60.0 + day + noise) * 100.0).round() / 100.0;
            Sample { measured_at_us: s * 1_000_000, value }
        };
        store.write(Batch::from_iter([(id, (from..to).map(sample).collect())])).await?;
        from = to;
    }
    store.settle().await?;
    Ok(id)
}

/// Ten times a second a reading of every channel. The first channel's value is the time itself, in
/// tenths of a second, so that the page can be asked how old what it shows is.
async fn publish(mqtt: String) -> anyhow::Result<()> {
    let address = mqtt.trim_start_matches("mqtt://");
    let (host, port) = address.rsplit_once(':').context("host:port")?;
    let mut options = MqttOptions::new("bench-page", host, port.parse()?);
    options.set_inflight(100);
    let (client, mut events) = AsyncClient::new(options, 100);
    tokio::spawn(async move { while events.poll().await.is_ok() {} });
    let mut tick = tokio::time::interval(EVERY);
    loop {
        tick.tick().await;
        let tenths = Wall.now_us() / 100_000;
        let reading = |n: usize| {
            let value = match n {
                1 => (tenths % 10_000) as f64 / 10.0,
                n => 20.0 + n as f64 + (tenths as f64 / 30.0).sin(),
            };
            json!({"n": format!("c{n:02}"), "u": "Cel", "v": value})
        };
        let pack = Value::from((1..=LIVE).map(reading).collect::<Vec<_>>()).to_string();
        client.publish("aftercare/rig/readings", QoS::AtLeastOnce, false, pack).await?;
    }
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().collect();
    let at = arguments.iter().position(|a| a == "--days");
    let days = at.and_then(|at| arguments.get(at + 1)).map_or(Ok(365), |n| n.parse())?;
    let dir = tempfile::tempdir()?;
    let up = Aftercare::up(dir.path(), &[]).await?;
    let live = adopt(&up, "rig", "Live rig", LIVE).await?;
    let slow = adopt(&up, "slow", "Old pump", 1).await?;
    println!("writing {days} days of a reading a second");
    fill(&up, dir.path(), days).await?;
    up.terminate().await?;
    let up = Aftercare::up(dir.path(), &[]).await?;
    let publishing = tokio::spawn(publish(up.mqtt.clone()));
    let looked = Command::new("node")
        .arg("e2e/measure.mjs")
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("../dashboards"))
        .env("AFTERCARE_URL", &up.http)
        .env("AFTERCARE_TOKEN", TOKEN)
        .env("MEASURE_LIVE", live)
        .env("MEASURE_SLOW", slow)
        .env("MEASURE_DAYS", days.to_string())
        .kill_on_drop(true)
        .status()
        .await
        .context("node is missing: install Node.js")?;
    publishing.abort();
    anyhow::ensure!(looked.success(), "measuring failed; its words are above");
    Ok(())
}
