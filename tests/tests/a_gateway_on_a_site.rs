//! A gateway by itself, between a real broker and a server that it reaches over HTTP.

use std::path::Path;

use serde_json::json;
use system_tests::{Aftercare, Mosquitto, Publisher, TOKEN, binary, until};
use tokio::process::{Child, Command};

const FROM_S: i64 = 1_767_225_600;

fn gateway(dir: &Path, broker: &str, server: &str) -> anyhow::Result<Child> {
    let (config, token) = (dir.join("gateway.toml"), dir.join("gateway.token"));
    std::fs::write(&token, TOKEN)?;
    std::fs::write(
        &config,
        format!(
            "[broker]\nurl = {broker:?}\n[server]\nurl = {server:?}\ntoken_file = {token:?}\n\
             [spool]\ndir = {:?}\n",
            dir.join("spool")
        ),
    )?;
    let mut command = Command::new(binary());
    Ok(command.arg("gateway").arg("--config").arg(&config).kill_on_drop(true).spawn()?)
}

#[tokio::test]
async fn kill_9_of_the_gateway_loses_no_reading_that_the_broker_took() -> anyhow::Result<()> {
    let dir = tempfile::tempdir()?;
    let broker = Mosquitto::start().await?;
    let up = Aftercare::up(&dir.path().join("data"), &[]).await?;
    let mut first = gateway(dir.path(), &broker.url, &up.http)?;
    until("the gateway to subscribe", || async {
        Publisher::start(&broker.url, "b1", FROM_S - 1000, 1).ended().await;
        Ok(up.get("/api/v1/boards").await?["items"].get(0).cloned())
    })
    .await?;

    let publisher = Publisher::start(&broker.url, "b1", FROM_S, 2000);
    until("the stream to flow", || async { Ok((publisher.acknowledged() >= 300).then_some(())) })
        .await?;
    first.kill().await?;
    let sent = publisher.ended().await;
    let _second = gateway(dir.path(), &broker.url, &up.http)?;

    let adoption = json!({
        "asset": {"name": "Pump 7", "kind": "pump"},
        "channels": [{"channel": "temperature", "unit": "Cel", "name": "Bearing temperature",
                      "quantity": "temperature", "position": "bearing"}]
    });
    let (status, _) = up.send("PUT", "/api/v1/boards/b1/adoption", &adoption).await?;
    assert_eq!(status, 200);
    let (_, points) = up.only_asset().await?;
    until("every reading that the broker took", || async {
        let there = up.times_of(&points[0].0).await?;
        Ok(sent.iter().all(|t| there.binary_search(t).is_ok()).then_some(()))
    })
    .await
}
