//! A real Chromium looks at the page: of a new server, and while a machine goes wrong.

use std::path::Path;

use anyhow::Context as _;
use system_tests::{Aftercare, TOKEN, generated_run};
use tokio::process::Command;

/// Runs the tests of a script of dashboards/package.json against a server.
async fn look(up: &Aftercare, script: &str) -> anyhow::Result<()> {
    let looking = Command::new("npm")
        .args(["run", "--silent", script])
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("../dashboards"))
        .env("AFTERCARE_URL", &up.http)
        .env("AFTERCARE_MQTT", &up.mqtt)
        .env("AFTERCARE_TOKEN", TOKEN)
        .kill_on_drop(true)
        .status();
    let looked = looking.await.context("npm is missing: install Node.js")?;
    anyhow::ensure!(looked.success(), "the page test failed; its words are above");
    Ok(())
}

#[tokio::test]
async fn a_new_server_leads_to_the_first_live_reading() -> anyhow::Result<()> {
    let dir = tempfile::tempdir()?;
    let up = Aftercare::up(dir.path(), &[]).await?;
    look(&up, "e2e:empty").await
}

#[tokio::test]
async fn the_page_shows_a_ticket_by_itself_and_leads_through_its_repair() -> anyhow::Result<()> {
    let dir = tempfile::tempdir()?;
    let run = generated_run(dir.path())?;
    let up = Aftercare::up(&dir.path().join("data"), &[]).await?;
    // The fault comes after 600 recorded seconds: half a minute from now.
    let replaying = up.replay(&run, "Test rig", &["--speed", "20"]);
    let (sent, looked) = tokio::join!(replaying, look(&up, "e2e"));
    sent?;
    looked
}

#[tokio::test]
async fn the_day_of_everybody_in_the_service_works_on_the_page() -> anyhow::Result<()> {
    let dir = tempfile::tempdir()?;
    let run = generated_run(dir.path())?;
    let up = Aftercare::up(&dir.path().join("data"), &[]).await?;
    // A machine that has gone wrong already.
    up.replay(&run, "Test rig", &["--as-fast-as-possible"]).await?;
    look(&up, "e2e:service").await
}
