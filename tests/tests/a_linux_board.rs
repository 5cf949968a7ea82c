//! A Linux machine as a board, from `aftercare board new` on: what its sensor measures, what happens
//! when it breaks, what it does when it is told to, what it keeps while nobody listens.

use std::time::Duration;

use anyhow::Context as _;
use serde_json::{Value, json};
use system_tests::{Aftercare, Cable, LinuxBoard, until};

const BOARD: &str = "shelf-1";

fn port(up: &Aftercare) -> anyhow::Result<u16> {
    let (_, port) = up.mqtt.rsplit_once(':').context("the broker's port")?;
    Ok(port.parse()?)
}

/// The oil tank, known to the server: the id of its point.
async fn adopt(up: &Aftercare) -> anyhow::Result<String> {
    let adoption = json!({
        "asset": {"name": "Tank 1", "kind": "tank"},
        "channels": [{"channel": "oil", "unit": "Cel", "name": "Oil temperature",
                      "quantity": "temperature", "position": "tank"}]
    });
    let path = format!("/api/v1/boards/{BOARD}/adoption");
    let (status, said) = up.send("PUT", &path, &adoption).await?;
    anyhow::ensure!(status == 200, "adoption: {status} {said}");
    let (_, points) = up.only_asset().await?;
    points.into_iter().next().map(|(id, _)| id).context("a point")
}

async fn latest(up: &Aftercare, point: &str) -> anyhow::Result<Option<f64>> {
    let page = up.get(&format!("/api/v1/readings?point={point}")).await?;
    Ok(page["value"].as_array().context("values")?.last().and_then(Value::as_f64))
}

async fn known(up: &Aftercare) -> anyhow::Result<Value> {
    let page = up.get("/api/v1/boards").await?;
    let items = page["items"].as_array().context("items")?;
    Ok(items.iter().find(|board| board["id"] == BOARD).cloned().unwrap_or_default())
}

#[tokio::test]
async fn what_a_file_holds_appears_at_its_point_and_a_file_that_is_gone_is_a_failed_sensor()
-> anyhow::Result<()> {
    let dir = tempfile::tempdir()?;
    let up = Aftercare::up(&dir.path().join("data"), &[]).await?;
    let board = LinuxBoard::issued(&up, port(&up)?, dir.path(), BOARD, 100).await?;
    let health = |expected: (&'static str, &'static str)| {
        let up = &up;
        until(expected.0, move || async move {
            let known = known(up).await?;
            let found = (&known["health"][0]["health"], &known["health"][0]["cause"]);
            Ok((found == (&json!(expected.0), &json!(expected.1))).then_some(()))
        })
    };
    // It starts without its sensor, and says so.
    health(("failure", "missing")).await.with_context(|| board.log())?;
    let point = adopt(&up).await?;
    for celsius in [61.5, 63.25] {
        board.warm(Some(celsius))?;
        until("the reading to follow the file", || async {
            Ok((latest(&up, &point).await? == Some(celsius)).then_some(()))
        })
        .await
        .with_context(|| board.log())?;
    }
    until("a good sensor", || async {
        // One that was gone a moment ago may be called unsteady for a while.
        Ok((known(&up).await?["health"][0]["health"] != "failure").then_some(()))
    })
    .await?;
    board.warm(None)?;
    health(("failure", "missing")).await.with_context(|| board.log())?;

    assert_eq!(board.terminate().await?, Some(0));
    until("the board to be known as offline", || async {
        Ok((known(&up).await?["online"] == json!(false)).then_some(()))
    })
    .await
}

#[tokio::test]
async fn a_command_from_the_server_makes_it_measure_fast_and_is_answered() -> anyhow::Result<()> {
    let dir = tempfile::tempdir()?;
    let up = Aftercare::up(&dir.path().join("data"), &[]).await?;
    let board = LinuxBoard::issued(&up, port(&up)?, dir.path(), BOARD, 1_000).await?;
    board.warm(Some(40.0))?;
    until("the board", || async { Ok((known(&up).await?["online"] == json!(true)).then_some(())) })
        .await
        .with_context(|| board.log())?;
    let point = adopt(&up).await?;
    let path = format!("/api/v1/boards/{BOARD}/commands");
    let burst = json!({"kind": "burst", "interval_ms": 50, "seconds": 600});
    let (status, said) = up.send("POST", &path, &burst).await?;
    anyhow::ensure!(status == 201 || status == 200, "{status} {said}");
    until("its answer", || async {
        let commands = up.get(&path).await?;
        let items = commands["items"].as_array().context("items")?;
        let burst = items.iter().find(|c| c["command"]["kind"] == "burst").context("the burst")?;
        anyhow::ensure!(burst["refused"].is_null(), "{burst}");
        Ok((!burst["answered_at"].is_null()).then_some(()))
    })
    .await
    .with_context(|| board.log())?;
    until("readings twenty times a second", || async {
        let times = up.times_of(&point).await?;
        let fast = times.windows(2).filter(|pair| pair[1] - pair[0] <= 100).count();
        Ok((fast > 20).then_some(()))
    })
    .await
    .with_context(|| board.log())
}

#[tokio::test]
async fn what_it_measured_while_nobody_listened_arrives_afterwards_over_its_own_restart()
-> anyhow::Result<()> {
    let dir = tempfile::tempdir()?;
    let up = Aftercare::up(&dir.path().join("data"), &[]).await?;
    let cable = Cable::to(&up.mqtt).await?;
    let board = LinuxBoard::issued(&up, cable.port, dir.path(), BOARD, 100).await?;
    board.warm(Some(40.0))?;
    until("the board", || async { Ok((known(&up).await?["online"] == json!(true)).then_some(())) })
        .await
        .with_context(|| board.log())?;
    let point = adopt(&up).await?;
    let more_than = |count: usize| {
        let (up, point) = (&up, &point);
        until("more readings", move || async move {
            let times = up.times_of(point).await?;
            Ok((times.len() > count).then_some(times))
        })
    };
    let before = more_than(10).await?;

    cable.cut();
    // Not waits for something: the length of the cut is what is tried.
    tokio::time::sleep(Duration::from_secs(3)).await;
    assert_eq!(board.terminate().await?, Some(0));
    let board = LinuxBoard::start(dir.path())?;
    tokio::time::sleep(Duration::from_secs(3)).await;
    cable.mend();
    let times = more_than(before.len() + 60).await.with_context(|| board.log())?;
    let pauses = times.windows(2).map(|pair| pair[1] - pair[0]);
    let longest = pauses.max().unwrap_or_default();
    assert!(longest < 1_000, "a gap of {longest} ms; {}", board.log());
    Ok(())
}
