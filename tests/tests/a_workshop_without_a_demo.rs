//! `aftercare simulate` by itself, against any broker.

use serde_json::json;
use system_tests::{Aftercare, Mosquitto, TOKEN, binary, until};
use tokio::process::Command;

#[tokio::test]
async fn simulate_sends_a_workshop_through_a_real_broker() -> anyhow::Result<()> {
    let dir = tempfile::tempdir()?;
    let broker = Mosquitto::start().await?;
    let up = Aftercare::up(dir.path(), &["--broker", &broker.url]).await?;
    up.until_ready().await?;
    let mut simulate = Command::new(binary())
        .args(["simulate", "--server", &up.http, "--mqtt", &broker.url])
        .env("AFTERCARE_TOKEN", TOKEN)
        .stdout(std::process::Stdio::null())
        .kill_on_drop(true)
        .spawn()?;
    let learnt = |asset: &serde_json::Value| asset["condition"] == "normal";
    until("three machines that are learnt", || async {
        let assets = up.get("/api/v1/assets").await?;
        let assets = assets["items"].as_array().cloned().unwrap_or_default();
        Ok((assets.len() == 3 && assets.iter().all(learnt)).then_some(()))
    })
    .await?;
    assert_eq!(up.get("/api/v1/tickets").await?["items"], json!([]));
    simulate.kill().await?;
    Ok(())
}
