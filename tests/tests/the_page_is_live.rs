//! A real Chromium looks at the page while a machine goes wrong, and mends it there.

use std::path::Path;

use anyhow::Context as _;
use system_tests::{Aftercare, TOKEN, generated_run};
use tokio::process::Command;

#[tokio::test]
async fn the_page_shows_a_ticket_by_itself_and_leads_through_its_repair() -> anyhow::Result<()> {
    let dir = tempfile::tempdir()?;
    let run = generated_run(dir.path())?;
    let up = Aftercare::up(&dir.path().join("data"), &[]).await?;
    // The fault comes after 600 recorded seconds: half a minute from now.
    let replaying = up.replay(&run, "Test rig", &["--speed", "20"]);
    let looking = Command::new("npm")
        .args(["run", "--silent", "e2e"])
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("../dashboards"))
        .env("AFTERCARE_URL", &up.http)
        .env("AFTERCARE_TOKEN", TOKEN)
        .kill_on_drop(true)
        .status();
    let (sent, looked) = tokio::join!(replaying, looking);
    sent?;
    let looked = looked.context("npm is missing: install Node.js")?;
    anyhow::ensure!(looked.success(), "the page test failed; its words are above");
    Ok(())
}
