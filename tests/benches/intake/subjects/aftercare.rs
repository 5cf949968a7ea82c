//! `aftercare up --broker`: gateway, server, embedded store and detection in one process.

use serde_json::json;
use system_tests::Aftercare;

use super::{Cost, Meter};
use crate::load::{CHANNELS, Format, Load, READINGS};

pub async fn measure(mqtt: &str, load: Load) -> anyhow::Result<Cost> {
    let data = tempfile::tempdir()?;
    let up = Aftercare::up(data.path(), &["--broker", mqtt]).await?;
    let channel = |n: usize| {
        json!({"channel": format!("c{n}"), "unit": "Cel", "name": format!("Point {n}"),
               "quantity": "temperature", "position": "rig"})
    };
    let adoption = json!({
        "asset": {"name": "Rig", "kind": "pump"},
        "channels": (0..CHANNELS).map(channel).collect::<Vec<_>>()
    });
    let (status, answer) = up.send("PUT", "/api/v1/boards/b1/adoption", &adoption).await?;
    anyhow::ensure!(status == 200, "not adopted: {answer}");
    let meter = Meter::start(up.pid())?;
    load.publish(mqtt, Format::SenMl).await?;
    up.until_stored(READINGS as u64).await?;
    Ok(Cost { taker: meter.read()?, behind: 0.0 })
}
