//! `--store influx`: the whole system on a real InfluxDB.

use serde_json::{Value, json};
use system_tests::{Aftercare, Influxd, Publisher, binary, generated_run, until};
use tokio::process::Command;

const FROM_S: i64 = 1_767_225_600;

async fn adopt(up: &Aftercare) -> anyhow::Result<()> {
    let channel = json!({"channel": "temperature", "unit": "Cel", "name": "Bearing temperature",
                         "quantity": "temperature", "position": "bearing"});
    let body = json!({"asset": {"name": "Rig", "kind": "pump"}, "channels": [channel]});
    let (status, answer) = up.send("PUT", "/api/v1/boards/b1/adoption", &body).await?;
    assert_eq!(status, 200, "{answer}");
    Ok(())
}

#[tokio::test]
async fn the_first_start_sets_influxdb_up_and_later_ones_find_everything() -> anyhow::Result<()> {
    let dir = tempfile::tempdir()?;
    let data = dir.path().join("data");
    let run = generated_run(dir.path())?;
    let influxd = Influxd::start().await?;
    let store = ["--store", "influx", "--influx-url", influxd.url.as_str()];
    let up = Aftercare::up(&data, &store).await?;
    up.replay(&run, "Test rig", &["--as-fast-as-possible"]).await?;
    up.until_judged().await?;
    let tickets = up.get("/api/v1/tickets").await?;
    assert_eq!(tickets["items"].as_array().map(Vec::len), Some(1), "{tickets}");
    let (_, points) = up.only_asset().await?;
    let (point, _) = points.first().expect("a point");
    let times = up.times_of(point).await?;
    assert!(times.len() > 1000, "{}", times.len());
    assert_eq!(up.terminate().await?, Some(0));

    let secrets = std::fs::metadata(data.join("influxdb.json"))?;
    use std::os::unix::fs::PermissionsExt as _;
    assert_eq!(secrets.permissions().mode() & 0o777, 0o600);
    let up = Aftercare::up(&data, &store).await?;
    assert_eq!(up.times_of(point).await?, times);
    let (_, ready) = up.get_as_stranger("/readyz").await?;
    assert_eq!(ready, "database: ok\ntelemetry: ok\ngateway: ok\n");
    Ok(())
}

#[tokio::test]
async fn an_hour_of_readings_survives_an_outage_of_influxdb() -> anyhow::Result<()> {
    let dir = tempfile::tempdir()?;
    let mut influxd = Influxd::start().await?;
    let url = influxd.url.clone();
    let up = Aftercare::up(dir.path(), &["--store", "influx", "--influx-url", &url]).await?;
    adopt(&up).await?;
    let (_, points) = up.only_asset().await?;
    let (point, _) = points.first().expect("a point");
    influxd.kill_9().await?;
    // One reading a second of measured time, acknowledged while the database is gone.
    let publisher = Publisher::start(&up.mqtt, "b1", FROM_S, 3600);
    assert_eq!(publisher.ended().await.len(), 3600);
    let told = until("the outage to be told", || async {
        let (status, parts) = up.get_as_stranger("/readyz").await?;
        Ok((status == 503).then_some(parts))
    });
    assert!(told.await?.contains("telemetry: "));
    influxd.start_again().await?;
    up.until_judged().await?;
    let times = up.times_of(point).await?;
    let expected: Vec<i64> = (0..3600).map(|s| (FROM_S + s) * 1000).collect();
    assert_eq!(times, expected, "all of them, once, in their own time");
    Ok(())
}

#[tokio::test]
async fn a_wrong_token_ends_the_start_with_a_sentence() -> anyhow::Result<()> {
    let dir = tempfile::tempdir()?;
    let influxd = Influxd::start().await?;
    influxd.set_up("aftercare").await?;
    let token = dir.path().join("token");
    std::fs::write(&token, "not a token\n")?;
    let said = |output: std::process::Output| {
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    let mut start = Command::new(binary());
    start.args(["server", "--store", "influx", "--influx-url", &influxd.url, "--http"]);
    start.arg("127.0.0.1:0").arg("--data-dir").arg(dir.path().join("data"));
    let (code, error) = said(start.output().await?);
    assert_eq!(code, Some(1));
    assert!(
        error.contains("is set up already: give its organisation, bucket and a token"),
        "{error}"
    );
    let (code, error) = said(start.arg("--influx-token-file").arg(&token).output().await?);
    assert_eq!(code, Some(1));
    assert!(error.contains("does not know the token (401)"), "{error}");
    Ok(())
}

#[tokio::test]
async fn a_server_by_itself_takes_deliveries_and_serves_readings() -> anyhow::Result<()> {
    let dir = tempfile::tempdir()?;
    let server = Aftercare::server(dir.path(), &[]).await?;
    let answer: Value = server.get("/api/v1/assets").await?;
    assert_eq!(answer["items"], json!([]));
    let (status, parts) = server.get_as_stranger("/readyz").await?;
    assert_eq!((status, parts.as_str()), (200, "database: ok\ntelemetry: ok\n"));
    assert_eq!(server.terminate().await?, Some(0));
    Ok(())
}
