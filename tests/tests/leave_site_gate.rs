//! What people do in a repair session: entries, photos, signatures, exceptions.

use std::path::Path;

use anyhow::Context as _;
use serde_json::{Value, json};
use simulation::Kind;
use system_tests::{Aftercare, Database, Simulated, TOKEN};

fn pump(folder: &Path) -> Simulated {
    Simulated::healthy(Kind::Pump, "pump-1", folder, 60)
}

async fn draft(up: &Aftercare, asset: &str) -> anyhow::Result<String> {
    let body = json!({"asset_id": asset, "title": "Seal", "technicians": ["A. Ohm"]});
    let (status, session) = up.send("POST", "/api/v1/repair-sessions", &body).await?;
    anyhow::ensure!(status == 200, "{session}");
    Ok(format!("/api/v1/repair-sessions/{}", session["id"].as_str().context("id")?))
}

async fn moves(up: &Aftercare, session: &str, to: &str) -> anyhow::Result<(u16, Value)> {
    let body = json!({"to": to, "why": "as planned"});
    up.send("POST", &format!("{session}/transition"), &body).await
}

#[tokio::test]
async fn a_machine_without_an_acceptance_test_is_left_with_a_signature_only() -> anyhow::Result<()>
{
    for database in Database::each().await? {
        let dir = tempfile::tempdir()?;
        let up = database.up(&dir.path().join("data")).await?;
        let asset = pump(dir.path()).adopt(&up, "unknown").await?;
        let session = draft(&up, &asset).await?;
        let (status, problem) = moves(&up, &session, "verified").await?;
        assert_eq!((status, &problem["next_states"]), (409, &json!(["running", "abandoned"])));
        assert_eq!(moves(&up, &session, "running").await?.0, 200);

        let second = draft(&up, &asset).await?;
        let (status, problem) = moves(&up, &second, "running").await?;
        assert_eq!(status, 409, "one session at a time: {problem}");
        assert_eq!(moves(&up, &second, "abandoned").await?.0, 200);
        for at in ["2026-01-31T08:00:00Z", "2126-01-31T08:00:00Z"] {
            let body = json!({"to": "acceptance_test", "why": "told later", "at": at});
            let (status, _) = up.send("POST", &format!("{session}/transition"), &body).await?;
            assert_eq!(status, 400, "before it started, or to come: {at}");
        }

        // Overnight, before the work is done.
        let leave = format!("{session}/leave");
        let (_, problem) = up.send("POST", &leave, &json!({"name": "A. Ohm"})).await?;
        assert_eq!(problem["missing"].as_array().context("missing")?.len(), 1, "{problem}");
        let exceptions = format!("{session}/acceptance/exceptions");
        let unexplained = json!({"name": "B. Volt", "why": " "});
        assert_eq!(up.send("POST", &exceptions, &unexplained).await?.0, 400);
        let signed = json!({"name": "B. Volt", "why": "the part comes tomorrow"});
        assert_eq!(up.send("POST", &exceptions, &signed).await?.0, 200);
        assert_eq!(up.send("POST", &leave, &json!({"name": "A. Ohm"})).await?.0, 200);

        // What was signed for the night is no excuse for the finished work.
        assert_eq!(moves(&up, &session, "acceptance_test").await?.0, 200);
        let gate = up.get(&format!("{session}/gate")).await?;
        assert_eq!(gate["may_leave"], false);
        let text = gate["missing"][0]["text"].as_str().context("text")?;
        assert!(text.contains("no acceptance test"), "{gate}");
        assert_eq!(moves(&up, &session, "verified").await?.0, 409);
        let signed = json!({"name": "B. Volt", "why": "tested by hand, see the photo"});
        let (_, standing) = up.send("POST", &exceptions, &signed).await?;
        assert_eq!(standing["exception"]["name"], "B. Volt");
        assert_eq!(moves(&up, &session, "verified").await?.0, 200);
    }
    Ok(())
}

#[tokio::test]
async fn of_several_sessions_of_a_machine_that_start_at_once_one_does() -> anyhow::Result<()> {
    for database in Database::each().await? {
        let dir = tempfile::tempdir()?;
        let up = database.up(&dir.path().join("data")).await?;
        let asset = pump(dir.path()).adopt(&up, "CP 50-200").await?;
        let mut sessions = Vec::new();
        for _ in 0..4 {
            sessions.push(draft(&up, &asset).await?);
        }
        let start = |i: usize| moves(&up, &sessions[i], "running");
        let (a, b, c, d) = tokio::join!(start(0), start(1), start(2), start(3));
        let mut statuses = [a?.0, b?.0, c?.0, d?.0];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 409, 409, 409]);
    }
    Ok(())
}

#[tokio::test]
async fn an_exception_for_one_check_leaves_the_others_to_be_shown() -> anyhow::Result<()> {
    for database in Database::each().await? {
        let dir = tempfile::tempdir()?;
        let up = database.up(&dir.path().join("data")).await?;
        let asset = pump(dir.path()).adopt(&up, "CP 50-200").await?;
        let checks = json!([
            {"id": "flow", "name": "Flow", "kind": "stays_within", "points": {"quantity": "flow"},
             "low": 0.001, "for_seconds": 60},
            {"id": "dry", "name": "No leak", "kind": "confirmed", "text": "the seal is dry"},
        ]);
        let new = json!({"name": "All pumps", "applies_to": {"kind": "pump"}, "checks": checks,
                         "why": "house rule"});
        let (_, test) = up.send("POST", "/api/v1/acceptance-tests", &new).await?;
        let path = format!("/api/v1/acceptance-tests/{}", test["id"].as_str().context("id")?);
        let again = json!({"name": "Pumps again", "applies_to": {"kind": "pump"},
                           "checks": checks, "why": "?"});
        assert_eq!(up.send("POST", "/api/v1/acceptance-tests", &again).await?.0, 409);

        let session = draft(&up, &asset).await?;
        moves(&up, &session, "running").await?;
        moves(&up, &session, "acceptance_test").await?;
        // A test that has begun is not changed under the technician's hands.
        let revised = json!({"checks": [checks[1]], "why": "flow is measured elsewhere"});
        let (_, revised) = up.send("PUT", &path, &revised).await?;
        assert_eq!(revised["versions"].as_array().context("versions")?.len(), 2, "{revised}");
        let missing = async || -> anyhow::Result<Vec<String>> {
            let gate = up.get(&format!("{session}/gate")).await?;
            let missing = gate["missing"].as_array().context("missing")?;
            Ok(missing.iter().filter_map(|m| m["check"].as_str().map(str::to_owned)).collect())
        };
        assert_eq!(missing().await?, ["flow", "dry"]);
        let exceptions = format!("{session}/acceptance/exceptions");
        let signed = json!({"check": "flow", "name": "B. Volt", "why": "the meter is in repair"});
        assert_eq!(up.send("POST", &exceptions, &signed).await?.0, 200);
        assert_eq!(missing().await?, ["dry"]);
        let confirmations = format!("{session}/acceptance/confirmations");
        let by_hand = json!({"check": "flow", "name": "A. Ohm"});
        assert_eq!(up.send("POST", &confirmations, &by_hand).await?.0, 400, "readings decide it");
        let seen = json!({"check": "dry", "name": "A. Ohm"});
        assert_eq!(up.send("POST", &confirmations, &seen).await?.0, 200);
        assert!(missing().await?.is_empty());
        assert_eq!(moves(&up, &session, "verified").await?.0, 200);
    }
    Ok(())
}

#[tokio::test]
async fn what_people_did_is_on_one_axis_and_nothing_of_it_changes() -> anyhow::Result<()> {
    for database in Database::each().await? {
        let dir = tempfile::tempdir()?;
        let up = database.up(&dir.path().join("data")).await?;
        let asset = pump(dir.path()).adopt(&up, "CP 50-200").await?;
        let session = draft(&up, &asset).await?;
        let entries = format!("{session}/entries");
        let early = "2026-01-31T08:00:00Z";
        let part = json!({"kind": "part_used", "part_number": "4711", "serial": "S-1",
                          "quantity": 1, "at": early, "key": "phone-1/1"});
        let (_, first) = up.send("POST", &entries, &part).await?;
        let (_, again) = up.send("POST", &entries, &part).await?;
        assert_eq!(first["id"], again["id"], "sent twice by a phone, written once");
        assert_eq!(first["device_at"], early);
        assert_ne!(first["recorded_at"], early);
        let id = first["id"].as_str().context("id")?;
        let corrected = json!({"kind": "note", "text": "it was part 4712", "corrects": id});
        let (_, corrected) = up.send("POST", &entries, &corrected).await?;
        assert_eq!(corrected["corrects"], first["id"]);
        let elsewhere = json!({"kind": "note", "text": "x", "corrects": "nothing"});
        assert_eq!(up.send("POST", &entries, &elsewhere).await?.0, 404);
        let signed = json!({"kind": "signed_off", "role": "customer", "name": "C. Watt",
                            "statement": "the pump was handed over running"});
        assert_eq!(up.send("POST", &entries, &signed).await?.0, 200);
        let unknown = json!({"kind": "left_site", "name": "A. Ohm"});
        let (status, _) = up.send("POST", &entries, &unknown).await?;
        assert!((400..500).contains(&status), "leaving goes through the gate: {status}");

        let whole = up.get(&session).await?;
        let axis = whole["axis"].as_array().context("axis")?;
        let kinds: Vec<_> = axis.iter().filter_map(|i| i["is"]["kind"].as_str()).collect();
        assert_eq!(kinds, ["part_used", "note", "signed_off"]);
        assert_eq!(axis[0]["at"], early, "by the time of the device: {whole:#}");
    }
    Ok(())
}

#[tokio::test]
async fn a_photo_comes_back_as_it_was_sent_and_nothing_else_is_taken() -> anyhow::Result<()> {
    let dir = tempfile::tempdir()?;
    let up = Aftercare::up(&dir.path().join("data"), &[]).await?;
    let asset = pump(dir.path()).adopt(&up, "CP 50-200").await?;
    let session = draft(&up, &asset).await?;
    let client = reqwest::Client::new();
    let attach = async |bytes: Vec<u8>| -> anyhow::Result<(u16, Value)> {
        let url = format!("{}{session}/attachments?caption=seal", up.http);
        let answer = client.post(url).bearer_auth(TOKEN).body(bytes).send().await?;
        Ok((answer.status().as_u16(), answer.json().await?))
    };
    let mut photo = b"\x89PNG\r\n\x1a\n".to_vec();
    photo.extend((0..100_000_u32).map(|i| (i % 251) as u8));
    let (status, entry) = attach(photo.clone()).await?;
    assert_eq!(status, 200, "{entry}");
    assert_eq!((&entry["kind"], &entry["media_type"]), (&json!("attached"), &json!("image/png")));
    let sha256 = entry["sha256"].as_str().context("digest")?;
    let url = format!("{}/api/v1/attachments/{sha256}", up.http);
    let answer = client.get(&url).bearer_auth(TOKEN).send().await?;
    assert_eq!(answer.headers()["content-type"], "image/png");
    assert_eq!(answer.headers()["x-content-type-options"], "nosniff");
    assert!(answer.bytes().await? == photo);
    assert_eq!(client.get(&url).send().await?.status(), 401);

    for refused in [b"<html><script>alert(1)</script>".to_vec(), Vec::new(), vec![0; 17 << 20]] {
        let (status, problem) = attach(refused).await?;
        assert_eq!((status, &problem["type"]), (400, &json!("/problems/invalid")), "{problem}");
    }
    let (status, _) = up.get_as_stranger("/api/v1/attachments/..%2Fbusiness.db").await?;
    assert_eq!(status, 401);
    assert_eq!(up.get("/api/v1/attachments/..%2Fbusiness.db").await?["status"], 404);

    let copy = dir.path().join("copy");
    let (status, copied) =
        up.send("POST", "/api/v1/backups", &json!({"folder": copy.to_string_lossy()})).await?;
    assert_eq!(status, 200, "{copied}");
    assert!(std::fs::read(copy.join("attachments").join(sha256))? == photo, "in the backup");
    Ok(())
}
