//! What a newcomer sees after `make run`.

use serde_json::json;
use system_tests::{Aftercare, until};

#[tokio::test]
async fn within_two_minutes_one_machine_of_the_demo_has_a_ticket() -> anyhow::Result<()> {
    let dir = tempfile::tempdir()?;
    let up = Aftercare::up(dir.path(), &["--demo"]).await?;
    let ticket = until("the demo's ticket", || async {
        Ok(up.get("/api/v1/tickets").await?["items"].get(0).cloned())
    })
    .await?;
    assert_eq!((&ticket["asset_name"], &ticket["state"]), (&json!("Pump P-101"), &json!("open")));
    let assets = up.get("/api/v1/assets").await?;
    let healthy = assets["items"].as_array().into_iter().flatten();
    let healthy = healthy.filter(|a| a["condition"] == "normal" && a["open_ticket"].is_null());
    assert_eq!(healthy.count(), 2, "the others stay healthy: {assets}");
    assert_eq!(up.terminate().await?, Some(0));
    Ok(())
}
