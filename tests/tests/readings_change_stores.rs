//! `aftercare move-readings`: from the embedded store into InfluxDB and back, none lost, none twice.

use std::path::Path;

use system_tests::{Aftercare, Influxd, Said, awkward_recording, binary, until};
use tokio::process::Command;

fn moving(to: &str, data: &Path, influxd: &Influxd) -> Command {
    let mut command = Command::new(binary());
    command.args(["move-readings", "--json", "--to", to, "--influx-url", &influxd.url]);
    command.arg("--data-dir").arg(data).kill_on_drop(true);
    command
}

/// Starts a move, kills it when it has copied something, and lets another one finish.
async fn moved_although_killed(to: &str, data: &Path, influxd: &Influxd) -> anyhow::Result<u64> {
    let state = data.join("moving-readings.json");
    let mut killed = moving(to, data, influxd).spawn()?;
    until("something to be copied", || async { Ok(state.exists().then_some(())) }).await?;
    killed.kill().await?;
    let answer = Said::by(&mut moving(to, data, influxd)).await?.json()?;
    assert!(!state.exists());
    let count = |key: &str| answer[key].as_u64().unwrap_or_default();
    assert!(count("copied_now") < count("readings"), "it began anew: {answer}");
    assert_eq!(answer["series"].as_array().map(Vec::len), Some(5), "{answer}");
    Ok(count("readings"))
}

#[tokio::test]
async fn readings_are_moved_into_influxdb_and_back_without_loss_however_often_it_is_killed()
-> anyhow::Result<()> {
    let dir = tempfile::tempdir()?;
    let data = dir.path().join("data");
    let influxd = Influxd::start().await?;
    let influx = ["--store", "influx", "--influx-url", influxd.url.as_str()];
    let server = Aftercare::server(&data, &[]).await?;
    server.import(&awkward_recording(dir.path(), 100_000)?).await?;
    let all = server.everything(dir.path()).await?;
    server.terminate().await?;

    assert_eq!(moved_although_killed("influx", &data, &influxd).await?, 100_000);
    let server = Aftercare::server(&data, &influx).await?;
    assert!(server.everything(dir.path()).await? == all, "in InfluxDB they are not the same");
    server.terminate().await?;

    std::fs::remove_dir_all(data.join("telemetry"))?;
    assert_eq!(moved_although_killed("embedded", &data, &influxd).await?, 100_000);
    let server = Aftercare::server(&data, &[]).await?;
    assert!(server.everything(dir.path()).await? == all, "back again they are not the same");
    Ok(())
}

#[tokio::test]
async fn readings_are_not_moved_while_the_server_runs() -> anyhow::Result<()> {
    let dir = tempfile::tempdir()?;
    let influxd = Influxd::start().await?;
    let influx = ["--store", "influx", "--influx-url", influxd.url.as_str()];
    for options in [&[][..], &influx] {
        let server = Aftercare::server(dir.path(), options).await?;
        for to in ["influx", "embedded"] {
            let said = Said::by(&mut moving(to, dir.path(), &influxd)).await?;
            assert_eq!((said.code, said.out.as_str()), (Some(1), ""));
            assert!(said.err.contains("stop the server first"), "{said:?}");
        }
        server.terminate().await?;
    }
    let nowhere = dir.path().join("nowhere");
    let said = Said::by(&mut moving("influx", &nowhere, &influxd)).await?;
    assert_eq!(said.code, Some(1));
    assert!(said.err.contains("is no folder of a server") && !nowhere.exists(), "{said:?}");
    Ok(())
}
