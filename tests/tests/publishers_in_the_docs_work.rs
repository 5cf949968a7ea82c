//! The publishers in docs/publishing.md, run as printed.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use system_tests::Aftercare;
use tokio::process::Command;

/// The first fenced block of a language.
fn block(language: &str) -> anyhow::Result<String> {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/publishing.md");
    let text = std::fs::read_to_string(docs)?;
    let (_, rest) = text.split_once(&format!("```{language}\n")).context("a block")?;
    let (block, _) = rest.split_once("```").context("its end")?;
    Ok(block.to_owned())
}

/// The Python that has paho-mqtt: of the virtual environment that `scripts/install test` makes.
fn python() -> PathBuf {
    let home = std::env::var_os("HOME").map(PathBuf::from).unwrap_or_default();
    let made = home.join(".cache/aftercare/venv/bin/python");
    if made.exists() { made } else { "python3".into() }
}

async fn run(program: &Path, language: &str, up: &Aftercare) -> anyhow::Result<()> {
    let port = up.mqtt.rsplit(':').next().context("a port")?;
    let output = Command::new(program)
        .args(["-c", &block(language)?])
        .env("MQTT_PORT", port)
        .output()
        .await
        .with_context(|| format!("{} is missing", program.display()))?;
    let said = String::from_utf8_lossy(&output.stderr);
    let hint = "needed: apt-get install mosquitto-clients; paho-mqtt, by scripts/install test";
    anyhow::ensure!(output.status.success(), "{said}\n{hint}");
    Ok(())
}

async fn units(up: &Aftercare, board: &str) -> anyhow::Result<Vec<String>> {
    let boards = up.get("/api/v1/boards").await?;
    let boards = boards["items"].as_array().context("boards")?;
    let board = boards.iter().find(|b| b["id"] == board).context("the board is not listed")?;
    let channels = board["channels"].as_array().context("channels")?;
    let text = |c: &serde_json::Value| format!("{} {}", c["channel"], c["unit"]);
    Ok(channels.iter().map(text).collect())
}

#[tokio::test]
async fn the_shell_publisher_in_the_docs_works_as_printed() -> anyhow::Result<()> {
    let dir = tempfile::tempdir()?;
    let up = Aftercare::up(dir.path(), &[]).await?;
    run(Path::new("sh"), "sh", &up).await?;
    up.until_stored(1).await?;
    assert_eq!(units(&up, "pump-7").await?, [r#""temperature" "Cel""#]);
    Ok(())
}

#[tokio::test]
async fn the_python_publisher_in_the_docs_works_as_printed() -> anyhow::Result<()> {
    let dir = tempfile::tempdir()?;
    let up = Aftercare::up(dir.path(), &[]).await?;
    run(&python(), "python", &up).await?;
    up.until_stored(10).await?;
    assert_eq!(units(&up, "pump-8").await?, [r#""pressure" "Pa""#, r#""temperature" "Cel""#]);
    Ok(())
}
