//! Readings of a pump go in over MQTT, a repair ticket comes out: one, early, explained.

use std::path::Path;

use anyhow::Context as _;
use serde_json::Value;
use system_tests::{Aftercare, generated_run, shared_data};

const FAST: &[&str] = &["--as-fast-as-possible"];

async fn tickets(up: &Aftercare) -> anyhow::Result<Vec<Value>> {
    let list = up.get("/api/v1/tickets").await?;
    Ok(list["items"].as_array().cloned().unwrap_or_default())
}

/// Replays a file and waits until all of it is stored and judged.
async fn replay(up: &Aftercare, file: &Path, more: &[&str]) -> anyhow::Result<()> {
    up.replay(file, "Test rig", more).await?;
    up.until_judged().await
}

async fn opens_exactly_one(file: &Path, fault_began: &str) -> anyhow::Result<Value> {
    let dir = tempfile::tempdir()?;
    let up = Aftercare::up(dir.path(), &[]).await?;
    replay(&up, file, FAST).await?;
    let ticket = tickets(&up).await?.pop().context("a ticket")?;
    assert_eq!(ticket["asset_name"], "Test rig");
    assert!(ticket["since"].as_str() >= Some(fault_began), "begins with the fault: {ticket}");
    let first = &ticket["deviations"][0];
    assert!(first["point_name"].is_string() && first["unusual"].as_f64() > Some(3.0), "{ticket}");
    assert_ne!(first["seen"], first["expected"]);

    replay(&up, file, FAST).await?;
    replay(&up, file, &["--speed", "1000"]).await?;
    assert_eq!(tickets(&up).await?.len(), 1, "replayed again, it opens no duplicate");
    assert_eq!(up.terminate().await?, Some(0));
    Ok(ticket)
}

#[tokio::test]
async fn a_generated_fault_opens_exactly_one_ticket() -> anyhow::Result<()> {
    let dir = tempfile::tempdir()?;
    let run = generated_run(dir.path())?;
    let ticket = opens_exactly_one(&run, "2026-01-01T00:10:00Z").await?;
    let named = ticket["deviations"].to_string();
    assert!(named.contains("Volume flow") || named.contains("Motor current"), "{named}");
    Ok(())
}

#[tokio::test]
async fn a_real_valve_fault_opens_exactly_one_ticket() -> anyhow::Result<()> {
    // The label begins at row 573 of the run.
    if let Some(run) = shared_data("skab/valve1/1.csv") {
        opens_exactly_one(&run, "2020-03-09T10:44:05Z").await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_fault_free_run_opens_at_most_one_ticket() -> anyhow::Result<()> {
    let Some(run) = shared_data("skab/anomaly-free/anomaly-free.csv") else { return Ok(()) };
    let dir = tempfile::tempdir()?;
    let up = Aftercare::up(dir.path(), &[]).await?;
    replay(&up, &run, &["--as-fast-as-possible", "--learn", "2400"]).await?;
    let opened = tickets(&up).await?;
    assert!(opened.len() <= 1, "{opened:?}");
    Ok(())
}

#[tokio::test]
async fn a_closed_ticket_leaves_room_for_a_new_one_and_steps_are_checked() -> anyhow::Result<()> {
    let dir = tempfile::tempdir()?;
    let run = generated_run(dir.path())?;
    let up = Aftercare::up(&dir.path().join("data"), &[]).await?;
    replay(&up, &run, FAST).await?;
    let ticket = tickets(&up).await?.pop().context("a ticket")?;
    let path = format!("/api/v1/tickets/{}/transition", ticket["id"].as_str().unwrap_or(""));
    let step = |to: &str| serde_json::json!({"to": to, "why": "tried in a test"});
    let (status, problem) = up.send("POST", &path, &step("closed")).await?;
    assert_eq!(status, 409);
    assert_eq!(problem["next_states"], serde_json::json!(["diagnosing", "resolved", "cancelled"]));
    for to in ["diagnosing", "resolved", "closed"] {
        assert_eq!(up.send("POST", &path, &step(to)).await?.0, 200, "{to}");
    }
    let id = ticket["id"].as_str().unwrap_or_default();
    let closed = up.get(&format!("/api/v1/tickets/{id}")).await?;
    assert_eq!(closed["history"].as_array().map(Vec::len), Some(4));
    Ok(())
}
