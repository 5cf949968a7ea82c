//! What is refused is counted and listed, what is unknown waits for adoption, and nobody reads
//! without a token.

use serde_json::json;
use system_tests::{Aftercare, Mosquitto, until};

async fn rejected(up: &Aftercare, reason: &str) -> anyhow::Result<serde_json::Value> {
    until(reason, || async {
        let list = up.get("/api/v1/rejected").await?;
        let items = list["items"].as_array().cloned().unwrap_or_default();
        Ok(items.into_iter().find(|i| i["reason"] == reason))
    })
    .await
}

/// The same promises on the embedded broker and on a real one.
struct WayIn {
    _broker: Option<Mosquitto>,
    _data: tempfile::TempDir,
    up: Aftercare,
}

async fn both_ways_in() -> anyhow::Result<[WayIn; 2]> {
    let (embedded, real) = (tempfile::tempdir()?, tempfile::tempdir()?);
    let broker = Mosquitto::start().await?;
    let ways = [
        WayIn { up: Aftercare::up(embedded.path(), &[]).await?, _data: embedded, _broker: None },
        WayIn {
            up: Aftercare::up(real.path(), &["--broker", &broker.url]).await?,
            _data: real,
            _broker: Some(broker),
        },
    ];
    for way in &ways {
        way.up.until_ready().await?;
    }
    Ok(ways)
}

#[tokio::test]
async fn a_refused_message_is_listed_with_sample_and_cause() -> anyhow::Result<()> {
    for WayIn { up, .. } in &both_ways_in().await? {
        assert!(up.publish_as("aftercare/b1/readings", "temperature=21", None).await?);
        let item = rejected(up, "not_senml").await?;
        assert_eq!(
            (&item["sample"], &item["topic"]),
            (&json!("temperature=21"), &json!("aftercare/b1/readings"))
        );
        assert!(item["cause"].as_str().is_some_and(|c| c.contains("SenML")));
        let (_, metrics) = up.get_as_stranger("/metrics").await?;
        assert!(metrics.contains("aftercare_records_rejected_total 1\n"), "{metrics}");
    }
    Ok(())
}

#[tokio::test]
async fn a_topic_that_is_not_ours_is_listed_by_the_embedded_broker() -> anyhow::Result<()> {
    let dir = tempfile::tempdir()?;
    let up = Aftercare::up(dir.path(), &[]).await?;
    assert!(up.publish_as("house/kitchen", "x", None).await?);
    rejected(&up, "topic").await?;
    Ok(())
}

#[tokio::test]
async fn an_unknown_board_waits_for_adoption_and_keeps_its_readings() -> anyhow::Result<()> {
    for WayIn { up, .. } in &both_ways_in().await? {
        an_unknown_board_waits(up).await?;
    }
    Ok(())
}

async fn an_unknown_board_waits(up: &Aftercare) -> anyhow::Result<()> {
    let pack = r#"[{"n":"p","u":"bar","v":2.5,"t":1767225600}]"#;
    assert!(up.publish_as("aftercare/new-board/readings", pack, None).await?);
    let board = until("the board to be listed", || async {
        Ok(up.get("/api/v1/boards").await?["items"].get(0).cloned())
    })
    .await?;
    assert_eq!((&board["id"], &board["adopted"]), (&json!("new-board"), &json!(false)));
    assert_eq!(board["channels"][0]["unit"], "Pa");
    let adoption = json!({
        "asset": {"name": "Compressor", "kind": "air_compressor"},
        "channels": [{"channel": "p", "unit": "Pa", "name": "Discharge pressure",
                      "quantity": "pressure", "position": "discharge"}]
    });
    for _ in 0..2 {
        let path = "/api/v1/boards/new-board/adoption";
        assert_eq!(up.send("PUT", path, &adoption).await?.0, 200);
    }
    let (_, points) = up.only_asset().await?;
    assert_eq!(up.times_of(&points[0].0).await?, [1_767_225_600_000]);
    let path = format!(
        "/api/v1/readings?point={}&from=2026-01-01T00:00:00Z&to=2026-01-01T00:00:02Z&buckets=3",
        points[0].0
    );
    let chart = up.get(&path).await?;
    assert_eq!(chart["mean"], json!([250_000.0, null]), "a gap stays a gap");
    Ok(())
}

#[tokio::test]
async fn a_board_with_a_credential_has_to_name_it_even_over_loopback() -> anyhow::Result<()> {
    let dir = tempfile::tempdir()?;
    let up = Aftercare::up(dir.path(), &[]).await?;
    let path = "/api/v1/boards/b1/credential";
    let (_, issued) = up.send("POST", path, &json!({})).await?;
    let password = issued["password"].as_str().unwrap_or_default();
    let pack = r#"[{"n":"t","u":"Cel","v":1}]"#;
    up.publish_as("aftercare/b1/readings", pack, None).await?;
    rejected(&up, "not_authorized").await?;
    assert!(!up.publish_as("aftercare/b1/readings", pack, Some(("b1", "wrong"))).await?);
    assert!(up.publish_as("aftercare/b1/readings", pack, Some(("b1", password))).await?);
    up.until_stored(1).await
}

#[tokio::test]
async fn nobody_reads_without_a_token_and_errors_are_problems() -> anyhow::Result<()> {
    let dir = tempfile::tempdir()?;
    let up = Aftercare::up(dir.path(), &[]).await?;
    for path in ["assets", "tickets", "alarms", "boards", "rejected", "events"] {
        let (status, body) = up.get_as_stranger(&format!("/api/v1/{path}")).await?;
        assert_eq!(status, 401, "{path}");
        assert!(body.contains("/problems/unauthorized"), "{body}");
    }
    assert_eq!(up.get("/api/v1/tickets/nothing").await?["status"], 404);
    let readings = up.get("/api/v1/readings?point=nothing").await?;
    assert_eq!(readings["type"], "/problems/not-found");
    assert_eq!(up.terminate().await?, Some(0));
    Ok(())
}

#[tokio::test]
async fn readiness_names_each_part_and_metrics_tell_of_each() -> anyhow::Result<()> {
    let dir = tempfile::tempdir()?;
    let broker = Mosquitto::start().await?;
    let up = Aftercare::up(dir.path(), &["--broker", &broker.url]).await?;
    up.until_ready().await?;
    let (_, parts) = up.get_as_stranger("/readyz").await?;
    assert_eq!(parts, "database: ok\ntelemetry: ok\ngateway: ok\n");
    assert_eq!(up.get_as_stranger("/healthz").await?.0, 200);
    let (_, metrics) = up.get_as_stranger("/metrics").await?;
    for figure in ["readings_stored_total", "spool_entries_total", "forward_failures_total"] {
        assert!(metrics.contains(&format!("# TYPE aftercare_{figure} counter\n")), "{metrics}");
    }
    drop(broker);
    let said = until("the loss of the broker to be told", || async {
        let (status, parts) = up.get_as_stranger("/readyz").await?;
        Ok((status == 503).then_some(parts))
    })
    .await?;
    assert!(
        said.starts_with("database: ok\ntelemetry: ok\ngateway: the broker is away: "),
        "{said}"
    );
    Ok(())
}
