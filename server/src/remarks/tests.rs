//! What is known about a stretch of readings. It is 2026-01-01T00:00:00Z when they begin.

use ::telemetry::delivery::{Delivery, Entry, Header, append_entry};
use ::telemetry::name::{BoardId, ChannelName};
use ::telemetry::pack::{Pack, Sample, Series};
use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::access::tests::Town;
use crate::alarms::tests::HOUR;
use crate::ingest;

const MINUTE: i64 = HOUR / 60;
const BOARD: &str = "late-1";

/// Hands in one reading a minute, measured so long ago.
async fn hand_in(town: &Town, ago: std::ops::Range<i64>) -> anyhow::Result<()> {
    let app = &town.workshop.app;
    let now = app.clock.now_us();
    let samples = ago.rev().map(|m| Sample { measured_at_us: now - m * MINUTE, value: 1.0 });
    let series = Series {
        channel: ChannelName::parse("oil")?,
        unit: "Cel".to_owned(),
        samples: samples.collect(),
    };
    let board = BoardId::parse(BOARD)?;
    let pack = Pack { board, received_at_us: now, series: vec![series] };
    let mut entries = Vec::new();
    append_entry(&mut entries, &Entry::Readings(pack));
    let header = Header { gateway: "g".to_owned(), first_seq: 1, last_seq: 1 };
    ingest::take(app, Delivery { header, entries }).await?;
    Ok(())
}

/// A machine of the house with that board; its id and its point's.
async fn adopt(town: &Town) -> anyhow::Result<(String, String)> {
    let adoption = json!({"asset": {"name": "Late press", "kind": "press"}, "channels": [
        {"channel": "oil", "unit": "Cel", "name": "Oil", "quantity": "temperature",
         "position": "tank"}]});
    let path = format!("/api/v1/boards/{BOARD}/adoption");
    let (status, adopted) = town.ask("engineer", Method::PUT, &path, Some(&adoption)).await?;
    assert_eq!(status, StatusCode::OK, "{adopted}");
    let asset = adopted["asset_id"].as_str().unwrap_or_default().to_owned();
    let path = format!("/api/v1/points?asset={asset}");
    let (_, points) = town.ask("engineer", Method::GET, &path, None).await?;
    let point = points["items"][0]["id"].as_str().unwrap_or_default().to_owned();
    Ok((asset, point))
}

async fn remarks(town: &Town, asset: &str) -> anyhow::Result<Vec<Value>> {
    let path = format!("/api/v1/assets/{asset}/remarks");
    let (status, list) = town.ask("engineer", Method::GET, &path, None).await?;
    assert_eq!(status, StatusCode::OK, "{list}");
    Ok(list["items"].as_array().cloned().unwrap_or_default())
}

#[tokio::test]
async fn what_came_late_is_one_stretch_however_often_and_in_however_many_parts_it_came()
-> anyhow::Result<()> {
    for town in Town::each().await? {
        let (asset, point) = adopt(&town).await?;
        hand_in(&town, 0..1).await?;
        assert_eq!(remarks(&town, &asset).await?, [] as [Value; 0], "in time");
        for part in [40..60, 20..40, 20..40] {
            hand_in(&town, part).await?;
        }
        // Another break of the link, hours later.
        town.workshop.pass(6 * HOUR).await?;
        hand_in(&town, 5..9).await?;
        let found = remarks(&town, &asset).await?;
        let [first, second] = &found[..] else { anyhow::bail!("{found:?}") };
        assert_eq!(first["point_id"], point.as_str());
        assert_eq!(first["from"], "2025-12-31T23:01:00Z");
        assert_eq!(first["to"], "2025-12-31T23:40:00Z");
        assert_eq!(first["about"]["kind"], "late");
        assert_eq!(first["about"]["arrived_from"], "2026-01-01T00:00:00Z");
        assert_eq!(second["from"], "2026-01-01T05:52:00Z");
    }
    Ok(())
}

#[tokio::test]
async fn what_was_corrected_or_deleted_afterwards_says_so() -> anyhow::Result<()> {
    for town in Town::each().await? {
        let (asset, point) = adopt(&town).await?;
        hand_in(&town, 0..1).await?;
        let calibrate = |from: &str, reference: f64| {
            json!({"board": BOARD, "channel": "oil", "unit": "Cel", "from": from,
                   "pairs": [{"reported": 1.0, "reference": reference}], "note": "DKD 4711"})
        };
        for body in [calibrate("2025-12-31T20:00:00Z", 3.0), calibrate("2025-12-31T22:00:00Z", 2.0)]
        {
            let path = "/api/v1/calibrations";
            let (status, says) = town.ask("engineer", Method::PUT, path, Some(&body)).await?;
            assert_eq!(status, StatusCode::OK, "{says}");
        }
        let path = format!(
            "/api/v1/readings?point={point}&from=2025-12-31T21:00:00Z&to=2025-12-31T21:10:00Z\
             &why=cleaning"
        );
        let (status, says) = town.ask("admin", Method::DELETE, &path, None).await?;
        assert_eq!(status, StatusCode::OK, "{says}");
        let found = remarks(&town, &asset).await?;
        let [first, deleted, second] = &found[..] else { anyhow::bail!("{found:?}") };
        assert_eq!(
            (&first["from"], &first["to"]),
            (&json!("2025-12-31T20:00:00Z"), &json!("2025-12-31T22:00:00Z"))
        );
        assert_eq!(
            (&first["about"]["kind"], &first["about"]["offset"]),
            (&json!("corrected"), &json!(2.0))
        );
        assert_eq!(
            (&deleted["about"]["kind"], &deleted["about"]["why"]),
            (&json!("deleted"), &json!("cleaning"))
        );
        assert_eq!(second["to"], "2026-01-01T00:00:00Z", "until it was entered");
    }
    Ok(())
}

#[tokio::test]
async fn a_note_stands_until_it_is_taken_back() -> anyhow::Result<()> {
    for town in Town::each().await? {
        let (asset, _) = adopt(&town).await?;
        let path = format!("/api/v1/assets/{asset}/annotations");
        let note = json!({"from": "2025-12-31T20:00:00Z", "note": "strainer was cleaned"});
        let (status, made) = town.ask("technician", Method::POST, &path, Some(&note)).await?;
        assert_eq!(status, StatusCode::CREATED, "{made}");
        let found = remarks(&town, &asset).await?;
        assert_eq!(found[0]["about"]["note"], "strainer was cleaned");
        assert_eq!(found[0]["from"], found[0]["to"], "a moment");

        let elsewhere = format!("/api/v1/assets/{asset}/remarks?from=2025-12-31T20:00:01Z");
        let (_, list) = town.ask("engineer", Method::GET, &elsewhere, None).await?;
        assert_eq!(list["items"], json!([]));

        let one = format!("{path}/{}", made["id"].as_str().unwrap_or_default());
        for _ in 0..2 {
            let (status, says) = town.ask("technician", Method::DELETE, &one, None).await?;
            assert_eq!(status, StatusCode::NO_CONTENT, "{says}");
        }
        assert_eq!(remarks(&town, &asset).await?, [] as [Value; 0]);
        for wrong in [
            json!({"from": "yesterday", "note": "x"}),
            json!({"from": "2025-12-31T20:00:00Z", "note": " "}),
            json!({"from": "2025-12-31T20:00:00Z", "to": "2025-12-31T19:00:00Z", "note": "x"}),
            json!({"from": "2025-12-31T20:00:00Z", "note": "x", "point_id": "point-other"}),
        ] {
            let (status, says) = town.ask("technician", Method::POST, &path, Some(&wrong)).await?;
            assert_eq!(status, StatusCode::BAD_REQUEST, "{wrong}: {says}");
        }
    }
    Ok(())
}
