//! `aftercare export` and `aftercare import`: what goes out comes in again, the same and once.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use serde_json::json;
use system_tests::{Aftercare, Influxd, Said, until};

/// Writes readings of three boards that nobody has adopted: awkward names, values in all their
/// digits, times to the microsecond.
fn recording(dir: &Path, readings: u64) -> std::io::Result<PathBuf> {
    let mut csv = String::from("board,channel,unit,time,value\n");
    let mut state = 1_u64;
    for i in 0..readings {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let names = [
            "pump-7,temperature,Cel",
            "pump-7,temperature,K-ish °",
            "pump-7,bearing/load,",
            "b:2,humidity,%RH",
            "b:2,count,\"per 1,000 \"\"x\"\"=\\\"",
        ];
        // Any bits but those of infinities and of what is no number.
        let value = f64::from_bits(state & !(0x400 << 52));
        let (second, us) = (i / 5, state % 1_000_000);
        let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
        let _ = writeln!(
            csv,
            "{},2026-01-01T{hour:02}:{minute:02}:{second:02}.{us:06}Z,{value:?}",
            names[(i % 5) as usize]
        );
    }
    let file = dir.join("recording.csv");
    std::fs::write(&file, csv)?;
    Ok(file)
}

async fn import(into: &Aftercare, file: &Path) -> anyhow::Result<serde_json::Value> {
    let said = Said::by(into.command("import").arg(file).arg("--json")).await?;
    Ok(said.json()?["files"][0].take())
}

async fn export(from: &Aftercare, file: &Path) -> anyhow::Result<u64> {
    let mut command = from.command("export");
    let said = Said::by(command.arg("--output").arg(file).args(["--json", "--force"])).await?;
    Ok(said.json()?["readings"].as_u64().unwrap_or_default())
}

/// Everything that a server holds, as text that tells every bit.
async fn all_of(server: &Aftercare, dir: &Path) -> anyhow::Result<String> {
    let file = dir.join("all.csv");
    export(server, &file).await?;
    Ok(std::fs::read_to_string(file)?)
}

fn sorted(csv: &str) -> Vec<&str> {
    let mut lines: Vec<_> = csv.lines().collect();
    lines.sort_unstable();
    lines
}

#[tokio::test]
async fn what_is_exported_and_imported_elsewhere_is_the_same_to_the_last_bit() -> anyhow::Result<()>
{
    let dir = tempfile::tempdir()?;
    let recording = recording(dir.path(), 60_000)?;
    let influxd = Influxd::start().await?;
    let first = Aftercare::server(&dir.path().join("first"), &[]).await?;
    let outcome = import(&first, &recording).await?;
    assert_eq!((&outcome["sent"], &outcome["series"]), (&json!(60_000), &json!(5)), "{outcome}");
    let all = all_of(&first, dir.path()).await?;
    assert_eq!(sorted(&all), sorted(&std::fs::read_to_string(&recording)?), "as in the recording");

    for name in ["out.csv", "out.parquet", "out.lp"] {
        let file = dir.path().join(name);
        assert_eq!(export(&first, &file).await?, 60_000, "{name}");
        let data = dir.path().join(format!("after {name}"));
        let influx = ["--store", "influx", "--influx-url", influxd.url.as_str()];
        // One of them into the other store.
        let options = if name == "out.lp" { &influx[..] } else { &[] };
        let second = Aftercare::server(&data, options).await?;
        for _ in 0..2 {
            assert_eq!(import(&second, &file).await?["refused"], 0, "{name}");
            assert!(all_of(&second, dir.path()).await? == all, "{name}: not the same");
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_killed_import_goes_on_where_it_stopped() -> anyhow::Result<()> {
    let dir = tempfile::tempdir()?;
    let recording = recording(dir.path(), 200_000)?;
    let progress = dir.path().join("recording.csv.importing");
    let server = Aftercare::server(&dir.path().join("data"), &[]).await?;
    let mut killed = server.command("import").arg(&recording).spawn()?;
    until("the first confirmed delivery", || async { Ok(progress.exists().then_some(())) }).await?;
    killed.kill().await?;
    let outcome = import(&server, &recording).await?;
    let count = |key: &str| outcome[key].as_u64().unwrap_or_default();
    assert!(count("sent_before") > 0 && count("sent") > 0, "{outcome}");
    assert_eq!(count("sent_before") + count("sent"), 200_000, "{outcome}");
    assert!(!progress.exists());
    let all = all_of(&server, dir.path()).await?;
    assert!(sorted(&all) == sorted(&std::fs::read_to_string(&recording)?), "none lost or doubled");
    Ok(())
}

#[tokio::test]
async fn an_export_of_a_machine_follows_its_bindings() -> anyhow::Result<()> {
    let dir = tempfile::tempdir()?;
    let server = Aftercare::server(&dir.path().join("data"), &[]).await?;
    import(&server, &recording(dir.path(), 500)?).await?;
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
