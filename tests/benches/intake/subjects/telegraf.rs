//! Telegraf with its MQTT consumer, writing to InfluxDB 2.7.

use std::process::Stdio;
use std::time::Duration;

use anyhow::Context as _;
use system_tests::{Influxd, ORG, built, until};
use tokio::process::Command;

use super::{Cost, Meter};
use crate::load::{Format, Load, READINGS};

const BUCKET: &str = "readings";

/// Readings that it may hold.
const BUFFER: usize = 100_000;

pub async fn measure(mqtt: &str, load: Load) -> anyhow::Result<Cost> {
    let influxd = Influxd::start().await?;
    let token = influxd.set_up(BUCKET).await?;
    let dir = tempfile::tempdir()?;
    let config = dir.path().join("telegraf.conf");
    std::fs::write(&config, configuration(mqtt, &influxd.url, &token, load))?;
    let mut child = Command::new(built("telegraf")?)
        .arg("--config")
        .arg(&config)
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()?;
    wait_for_connection(&mut child).await?;
    let taker = Meter::start(child.id().context("a process")?)?;
    let behind = Meter::start(influxd.pid())?;
    load.publish(mqtt, Format::LineProtocol).await?;
    until("every reading in InfluxDB", || async {
        // Seldom, for each question costs InfluxDB some of the time that is measured.
        tokio::time::sleep(Duration::from_secs(1)).await;
        let count = influxd.count(BUCKET, &token).await?;
        Ok((count >= READINGS as u64).then_some(()))
    })
    .await?;
    Ok(Cost { taker: taker.read()?, behind: behind.read()? })
}

async fn wait_for_connection(child: &mut tokio::process::Child) -> anyhow::Result<()> {
    use tokio::io::{AsyncBufReadExt as _, BufReader};
    let mut lines = BufReader::new(child.stderr.take().context("its log")?).lines();
    loop {
        let line = lines.next_line().await?.context("telegraf ended")?;
        if line.contains("Connected [") {
            break;
        }
    }
    // A pipe that nobody reads would stop it.
    tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
    Ok(())
}

/// Its defaults but for what the same promise needs: acknowledge after writing, keep the session,
/// and have no more in hand than its buffer holds, for it drops what comes beyond that.
fn configuration(mqtt: &str, influxdb: &str, token: &str, load: Load) -> String {
    let in_hand = BUFFER / load.readings_a_message / 2;
    let mqtt = mqtt.replace("mqtt://", "tcp://");
    format!(
        r#"[agent]
  flush_interval = "1s"
  metric_batch_size = 5000
  metric_buffer_limit = {BUFFER}
  omit_hostname = true
[[inputs.mqtt_consumer]]
  servers = ["{mqtt}"]
  topics = ["aftercare/+/readings"]
  qos = 1
  persistent_session = true
  client_id = "telegraf"
  max_undelivered_messages = {in_hand}
  data_format = "influx"
[[outputs.influxdb_v2]]
  urls = ["{influxdb}"]
  token = "{token}"
  organization = "{ORG}"
  bucket = "{BUCKET}"
"#
    )
}
