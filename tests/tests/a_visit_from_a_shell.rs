//! The commands in docs/repair-sessions.md, run as printed.

use std::path::Path;

use anyhow::Context as _;
use simulation::Kind;
use system_tests::{Aftercare, Simulated, TOKEN};
use tokio::process::Command;

#[tokio::test]
async fn the_visit_in_the_docs_works_as_printed() -> anyhow::Result<()> {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/repair-sessions.md");
    let text = std::fs::read_to_string(docs)?;
    let (_, rest) = text.split_once("```sh\n").context("a block")?;
    let (block, _) = rest.split_once("```").context("its end")?;

    let dir = tempfile::tempdir()?;
    let up = Aftercare::up(&dir.path().join("data"), &[]).await?;
    let mut pump = Simulated::healthy(Kind::Pump, "pump-101", dir.path(), 3600);
    pump.adopt(&up, "CP 50-200").await?;
    pump.runs(&up, 2400).await?;
    pump.breaks();
    pump.runs(&up, 1200).await?;
    std::fs::write(dir.path().join("photo.png"), b"\x89PNG\r\n\x1a\n and what follows")?;
    let output = Command::new("bash")
        .args(["-euo", "pipefail", "-c", block])
        .current_dir(dir.path())
        .env("AFTERCARE_URL", &up.http)
        .env("AFTERCARE_TOKEN", TOKEN)
        .output()
        .await?;
    let said = String::from_utf8_lossy(&output.stdout);
    let complained = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "needed: curl and jq\n{said}\n{complained}");
    assert_eq!(said.lines().last(), Some("verified"), "{said}");
    let tickets = up.get("/api/v1/tickets").await?;
    assert_eq!(tickets["items"][0]["state"], "resolved");
    Ok(())
}
