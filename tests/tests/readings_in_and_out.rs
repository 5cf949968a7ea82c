//! `aftercare export` and `aftercare import`: what goes out comes in again, the same and once.

use serde_json::{Value, json};
use system_tests::{Aftercare, Influxd, Said, awkward_recording, sorted_lines, until};

#[tokio::test]
async fn what_is_exported_and_imported_elsewhere_is_the_same_to_the_last_bit() -> anyhow::Result<()>
{
    let dir = tempfile::tempdir()?;
    let recording = awkward_recording(dir.path(), 60_000)?;
    let influxd = Influxd::start().await?;
    let first = Aftercare::server(&dir.path().join("first"), &[]).await?;
    let outcome = first.import(&recording).await?;
    assert_eq!((&outcome["sent"], &outcome["series"]), (&json!(60_000), &json!(5)), "{outcome}");
    let all = first.everything(dir.path()).await?;
    assert_eq!(
        sorted_lines(&all),
        sorted_lines(&std::fs::read_to_string(&recording)?),
        "as in the recording"
    );

    for name in ["out.csv", "out.parquet", "out.lp"] {
        let file = dir.path().join(name);
        assert_eq!(first.export(&file).await?, 60_000, "{name}");
        let data = dir.path().join(format!("after {name}"));
        let influx = ["--store", "influx", "--influx-url", influxd.url.as_str()];
        // One of them into the other store.
        let options = if name == "out.lp" { &influx[..] } else { &[] };
        let second = Aftercare::server(&data, options).await?;
        for _ in 0..2 {
            assert_eq!(second.import(&file).await?["refused"], 0, "{name}");
            assert!(second.everything(dir.path()).await? == all, "{name}: not the same");
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_killed_import_goes_on_where_it_stopped() -> anyhow::Result<()> {
    let dir = tempfile::tempdir()?;
    let recording = awkward_recording(dir.path(), 200_000)?;
    let progress = dir.path().join("awkward.csv.importing");
    let server = Aftercare::server(&dir.path().join("data"), &[]).await?;
    let mut killed = server.command("import").arg(&recording).spawn()?;
    until("the first confirmed delivery", || async { Ok(progress.exists().then_some(())) }).await?;
    killed.kill().await?;
    let outcome = server.import(&recording).await?;
    let count = |key: &str| outcome[key].as_u64().unwrap_or_default();
    assert!(count("sent_before") > 0 && count("sent") > 0, "{outcome}");
    assert_eq!(count("sent_before") + count("sent"), 200_000, "{outcome}");
    assert!(!progress.exists());
    let all = server.everything(dir.path()).await?;
    assert!(
        sorted_lines(&all) == sorted_lines(&std::fs::read_to_string(&recording)?),
        "none lost or doubled"
    );
    Ok(())
}

#[tokio::test]
async fn an_import_tells_what_the_server_does_not_keep() -> anyhow::Result<()> {
    let dir = tempfile::tempdir()?;
    let old = dir.path().join("old.csv");
    std::fs::write(&old, "board,channel,unit,time,value\nb1,t,Cel,2001-01-01T00:00:00Z,1\n")?;
    let keeping = ["--keep-readings", "30"];
    let server = Aftercare::server(&dir.path().join("data"), &keeping).await?;
    let outcome = server.import(&old).await?;
    assert_eq!((&outcome["sent"], &outcome["expired"]), (&json!(1), &json!(1)), "{outcome}");
    let said = Said::by(server.command("import").arg(&old)).await?;
    assert!(said.out.contains("1 are older than the server keeps"), "{said:?}");
    Ok(())
}

#[tokio::test]
async fn an_export_of_a_machine_follows_its_bindings() -> anyhow::Result<()> {
    let dir = tempfile::tempdir()?;
    let server = Aftercare::server(&dir.path().join("data"), &[]).await?;
    server.import(&awkward_recording(dir.path(), 500)?).await?;
    let channel = json!({"channel": "temperature", "unit": "Cel", "name": "Oil temperature",
                         "quantity": "temperature", "position": "sump"});
    let body = json!({"asset": {"name": "Pump 7", "kind": "pump"}, "channels": [channel]});
    let (status, answer) = server.send("PUT", "/api/v1/boards/pump-7/adoption", &body).await?;
    assert_eq!(status, 200, "{answer}");
    let export = async |more: &[&str]| {
        let mut command = server.command("export");
        Said::by(command.args(["--output", "-", "--format", "csv"]).args(more)).await
    };
    let of_asset = export(&["--asset", "Pump 7", "--to", "2026-01-01T00:00:10Z"]).await?;
    assert_eq!(of_asset.out.lines().count(), 1 + 10, "{of_asset:?}");
    assert!(of_asset.out.lines().skip(1).all(|l| l.starts_with("pump-7,temperature,Cel,")));
    let of_board = export(&["--board", "b:2"]).await?;
    assert_eq!(of_board.out.lines().count(), 1 + 200, "{of_board:?}");
    let nobody = export(&["--asset", "Pump 8"]).await?;
    assert_eq!((nobody.code, nobody.out.as_str()), (Some(1), ""));
    assert!(nobody.err.contains("no machine \"Pump 8\"; there are: Pump 7"), "{nobody:?}");
    let nobody = export(&["--board", "b3"]).await?;
    assert_eq!(nobody.code, Some(1));
    assert!(nobody.err.contains("no board \"b3\" has sent readings"), "{nobody:?}");
    Ok(())
}

#[tokio::test]
async fn lines_of_an_export_can_be_written_straight_into_the_servers_bucket() -> anyhow::Result<()>
{
    let dir = tempfile::tempdir()?;
    let data = dir.path().join("data");
    let influxd = Influxd::start().await?;
    let influx = ["--store", "influx", "--influx-url", influxd.url.as_str()];
    let server = Aftercare::server(&data, &influx).await?;
    server.import(&awkward_recording(dir.path(), 500)?).await?;
    let all = server.everything(dir.path()).await?;
    let lines = dir.path().join("all.lp");
    server.export(&lines).await?;
    let series = server.get("/api/v1/series").await?;
    assert_eq!(series["items"].as_array().map(Vec::len), Some(5));

    // The same lines with other values: they replace every reading only when their tags are the
    // ones that the server writes and reads.
    let text = std::fs::read_to_string(&lines)?;
    let (mut changed, mut expected) = (String::new(), String::new());
    for line in text.lines() {
        let (begins, rest) = line.split_once(" value=").expect("a value");
        let (_, at) = rest.split_once(' ').expect("a time");
        changed += &format!("{begins} value=1.5 {at}\n");
    }
    for line in all.lines() {
        let (begins, value) = line.rsplit_once(',').expect("a value");
        let value = if value == "value" { value } else { "1.5" };
        expected += &format!("{begins},{value}\n");
    }
    let account: Value = serde_json::from_slice(&std::fs::read(data.join("influxdb.json"))?)?;
    let token = account["token"].as_str().unwrap_or_default();
    influxd.write(("aftercare", "aftercare", token), changed).await?;
    assert!(server.everything(dir.path()).await? == expected);
    Ok(())
}
