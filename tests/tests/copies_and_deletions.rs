//! A backup is made while the server works, and what is deleted is gone from everything.

use serde_json::json;
use system_tests::{Aftercare, TOKEN, binary, generated_run};
use tokio::process::Command;

fn escaped(text: &str) -> String {
    text.replace(' ', "%20").replace(':', "%3A")
}

#[tokio::test]
async fn a_backup_of_a_running_server_starts_with_everything_in_it() -> anyhow::Result<()> {
    let dir = tempfile::tempdir()?;
    let run = generated_run(dir.path())?;
    let up = Aftercare::up(&dir.path().join("data"), &[]).await?;
    up.replay(&run, "Test rig", &["--as-fast-as-possible"]).await?;
    up.until_judged().await?;
    let copy = dir.path().join("copy");
    let mut backup = Command::new(binary());
    backup.args(["backup", "--server", &up.http, "--into"]).arg(&copy);
    backup.env("AFTERCARE_TOKEN", TOKEN);
    let output = backup.output().await?;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let again = backup.output().await?;
    assert_eq!(again.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&again.stderr).contains("File exists"), "no overwriting");

    let (_, points) = up.only_asset().await?;
    let tickets = up.get("/api/v1/tickets").await?;
    let restored = Aftercare::up(&copy, &[]).await?;
    assert_eq!(restored.get("/api/v1/tickets").await?, tickets);
    for (point, _) in points {
        assert_eq!(restored.times_of(&point).await?, up.times_of(&point).await?);
    }
    Ok(())
}

#[tokio::test]
async fn deleted_readings_are_gone_and_who_did_it_is_kept() -> anyhow::Result<()> {
    let dir = tempfile::tempdir()?;
    let run = generated_run(dir.path())?;
    let up = Aftercare::up(&dir.path().join("data"), &[]).await?;
    up.replay(&run, "Test rig", &["--as-fast-as-possible"]).await?;
    up.until_judged().await?;
    let (asset, points) = up.only_asset().await?;
    let (point, _) = &points[0];
    let all = up.times_of(point).await?;
    let (from, to) = ("2026-01-01T00:02:00Z", "2026-01-01T00:03:00Z");
    let delete =
        format!("/api/v1/readings?point={point}&from={}&to={}", escaped(from), escaped(to));
    let (status, problem) = up.send("DELETE", &format!("{delete}&why="), &json!({})).await?;
    assert_eq!(status, 400, "{problem}");
    let why = escaped("the sensor was held in a hand");
    let (status, deletion) = up.send("DELETE", &format!("{delete}&why={why}"), &json!({})).await?;
    assert_eq!(status, 200, "{deletion}");
    assert_eq!(
        (&deletion["by"], &deletion["why"]),
        (&json!("first administrator"), &json!("the sensor was held in a hand"))
    );
    let left = up.times_of(point).await?;
    let begin = 1_767_225_600_000;
    let expected: Vec<i64> =
        all.into_iter().filter(|at| !(begin + 120_000..begin + 180_000).contains(at)).collect();
    assert_eq!(left, expected);
    // The other points of the machine keep theirs, and a chart of all shows it.
    let chart = up
        .get(&format!(
            "/api/v1/assets/{asset}/readings?from={}&to={}&buckets=2",
            escaped(from),
            escaped(to)
        ))
        .await?;
    let counts: Vec<u64> = chart["items"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|p| p["count"].as_array().into_iter().flatten().filter_map(|n| n.as_u64()).sum())
        .collect();
    assert_eq!(counts.len(), points.len());
    assert_eq!(counts[0], 0);
    assert!(counts[1..].iter().all(|n| *n == 60), "{counts:?}");
    Ok(())
}
