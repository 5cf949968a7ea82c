//! Evidence reports: made from a repair session, checked without a server.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use serde_json::{Value, json};
use simulation::Kind;
use system_tests::{Aftercare, Database, Said, Simulated, TOKEN, at, binary};
use tokio::process::Command;

const HOUR: u32 = 3600;

/// Runs `aftercare verify` somewhere without server, token or network.
async fn verify(file: &Path, more: &[&str]) -> anyhow::Result<(i32, Value)> {
    let mut command = Command::new(binary());
    command.arg("verify").arg(file).arg("--json").args(more).env_clear();
    let output = command.output().await?;
    let said = String::from_utf8_lossy(&output.stdout);
    let code = output.status.code().context("an exit code")?;
    Ok((code, serde_json::from_str(&said).unwrap_or_default()))
}

async fn ask(up: &Aftercare, path: &str) -> anyhow::Result<Vec<u8>> {
    let client = reqwest::Client::new();
    let answer = client.get(format!("{}{path}", up.http)).bearer_auth(TOKEN).send().await?;
    anyhow::ensure!(answer.status().is_success(), "{path}: {}", answer.status());
    Ok(answer.bytes().await?.to_vec())
}

/// A compressor that broke, was mended, and was handed over: the session's path.
async fn finished_session(up: &Aftercare, folder: &Path) -> anyhow::Result<String> {
    let mut machine = Simulated::healthy(Kind::AirCompressor, "compressor-1", folder, 8 * 3600);
    let asset = machine.adopt(up, "SK-25").await?;
    let checks =
        json!([{"id": "dry", "name": "No leak", "kind": "confirmed", "text": "the seal is dry"}]);
    let test = json!({"name": "SK-25", "applies_to": {"model": "SK-25"}, "checks": checks, "why": "manual"});
    let sent = |method: &'static str, path: String, body: Value| async move {
        let (status, answer) = up.send(method, &path, &body).await?;
        anyhow::ensure!(status == 200, "{path}: {answer}");
        Ok(answer)
    };
    sent("POST", "/api/v1/acceptance-tests".into(), test).await?;
    let calibration = json!({"board": "compressor-1", "channel": "oil", "unit": "Cel",
        "from": at(machine.now_s), "pairs": [{"reported": 60.0, "reference": 60.4}],
        "note": "certificate 88-1"});
    sent("PUT", "/api/v1/calibrations".into(), calibration).await?;
    machine.runs(up, 4 * HOUR).await?;
    machine.breaks();
    machine.runs(up, HOUR).await?;
    let tickets = up.get("/api/v1/tickets").await?;
    let ticket = tickets["items"][0]["id"].as_str().context("a ticket")?.to_owned();
    let body = json!({"asset_id": asset, "ticket_id": ticket, "title": "Replace the oil cooler",
                      "technicians": ["A. Ohm", "C. Farad"]});
    let session = sent("POST", "/api/v1/repair-sessions".into(), body).await?;
    let path = format!("/api/v1/repair-sessions/{}", session["id"].as_str().context("id")?);
    let moves = |to: &'static str, second: i64| {
        sent(
            "POST",
            format!("{path}/transition"),
            json!({"to": to, "why": "as planned", "at": at(second)}),
        )
    };
    let writes = |minute: i64, mut entry: Value| {
        entry["at"] = json!(at(machine.now_s + minute * 60));
        sent("POST", format!("{path}/entries"), entry)
    };
    moves("running", machine.now_s).await?;
    writes(1, json!({"kind": "person_arrived", "name": "A. Ohm"})).await?;
    writes(
        4,
        json!({"kind": "part_removed", "part_number": "OC-25", "serial": "S-0815", "quantity": 1}),
    )
    .await?;
    writes(
        11,
        json!({"kind": "part_used", "part_number": "OC-25-B", "serial": "S-4711", "quantity": 1,
                      "text": "oil cooler"}),
    )
    .await?;
    writes(14, json!({"kind": "note", "text": "fins <full> of dust & oil"})).await?;
    writes(16, json!({"kind": "measurement", "text": "oil level", "value": 4.2, "unit": "l"}))
        .await?;
    writes(18, json!({"kind": "step_done", "text": "cooler replaced, oil refilled"})).await?;
    let client = reqwest::Client::new();
    let photo = include_bytes!("evidence_reports/cooler.png");
    let url = format!("{}{path}/attachments?caption=The%20new%20cooler", up.http);
    let attached = client.post(url).bearer_auth(TOKEN).body(photo.to_vec()).send().await?;
    anyhow::ensure!(attached.status().is_success(), "{}", attached.text().await?);
    machine.stands_still(up, 1200).await?;
    machine.is_mended();
    moves("acceptance_test", machine.now_s).await?;
    machine.runs(up, 2 * HOUR).await?;
    sent("POST", format!("{path}/verdict"), json!({"why": "after the work"})).await?;
    sent(
        "POST",
        format!("{path}/acceptance/confirmations"),
        json!({"check": "dry", "name": "A. Ohm"}),
    )
    .await?;
    sent(
        "POST",
        format!("{path}/entries"),
        json!({"kind": "signed_off", "role": "customer",
        "name": "B. Volt", "statement": "it runs quietly again"}),
    )
    .await?;
    sent("POST", format!("{path}/leave"), json!({"name": "A. Ohm"})).await?;
    moves("verified", machine.now_s).await?;
    let finding = json!({"cause": "clogged_oil_cooler", "remedy": "replaced the cooler"});
    let found = sent("PUT", format!("/api/v1/tickets/{ticket}/finding"), finding).await?;
    anyhow::ensure!(found["items"][0]["parts"] == json!(["OC-25-B"]), "of the session: {found}");
    Ok(path)
}

/// The two reports as files, and the fingerprint and file of the key.
async fn reports(up: &Aftercare, session: &str, folder: &Path) -> anyhow::Result<[PathBuf; 3]> {
    let page = folder.join("report.html");
    let document = folder.join("report.aftercare.json");
    std::fs::write(&page, ask(up, &format!("{session}/report.html")).await?)?;
    std::fs::write(&document, ask(up, &format!("{session}/report.json")).await?)?;
    let (_, keys) = up.get_as_stranger("/api/v1/evidence/key").await?;
    let keys: Value = serde_json::from_str(&keys)?;
    let pem = folder.join("key.pem");
    std::fs::write(&pem, keys["current"]["public_key"].as_str().context("a key")?)?;
    Ok([page, document, pem])
}

#[tokio::test]
async fn a_finished_repair_gives_a_report_that_is_checked_without_a_server() -> anyhow::Result<()> {
    for database in Database::each().await? {
        let dir = tempfile::tempdir()?;
        let up = database.up(&dir.path().join("data")).await?;
        let session = finished_session(&up, dir.path()).await?;
        let [page, document, pem] = reports(&up, &session, dir.path()).await?;
        let keys = up.get("/api/v1/evidence/key").await?;
        let fingerprint = keys["current"]["fingerprint"].as_str().context("fingerprint")?;
        let path = |p: &PathBuf| p.display().to_string();
        if let Ok(keep) = std::env::var("AFTERCARE_KEEP_REPORT") {
            std::fs::create_dir_all(&keep)?;
            for file in [&page, &document, &pem] {
                std::fs::copy(file, Path::new(&keep).join(file.file_name().context("a name")?))?;
            }
        }

        // Whoever holds the files needs nothing else; the server is gone.
        let ended = up.terminate().await?;
        assert_eq!(ended, Some(0));
        for (file, kind) in [(&page, "page"), (&document, "document")] {
            let (code, said) = verify(file, &[]).await?;
            assert_eq!(
                (code, &said["ok"], &said["kind"]),
                (0, &json!(true), &json!(kind)),
                "{said}"
            );
            assert_eq!(said["key"], fingerprint);
            assert_eq!(said["report"]["title"], "Replace the oil cooler");
            for key in [fingerprint, &path(&pem)] {
                assert_eq!(verify(file, &["--key", key]).await?.0, 0);
            }
            let (code, said) = verify(file, &["--key", &"0".repeat(64)]).await?;
            assert_eq!((code, &said["key"]), (1, &json!(fingerprint)));
            let (code, _) = verify(file, &["--key", "nowhere.pem"]).await?;
            assert_eq!(code, 1);
            names_what_was_altered(file).await?;
        }

        let text = std::fs::read_to_string(&document)?;
        let whole: Value = serde_json::from_str(&text)?;
        let items: Vec<&Value> =
            whole["items"].as_array().context("items")?.iter().map(|i| &i[2]).collect();
        let of = |kind: &str| items.iter().filter(|i| i["is"] == kind).count();
        for (kind, least) in [
            ("session_step", 4),
            ("entry", 9),
            ("calibration", 1),
            ("verdict", 1),
            ("point_verdict", 2),
            ("check", 1),
            ("gate", 1),
            ("binding", 3),
            ("finding", 1),
            ("ticket_step", 2),
        ] {
            assert!(of(kind) >= least, "{kind}: {}", of(kind));
        }
        let heads: Vec<_> = items.iter().filter(|i| i["is"] == "readings").collect();
        let thinned = heads.iter().find(|h| h["blocks"].is_number()).context("a thinned window")?;
        assert!(thinned["shown"].as_u64() < thinned["of"].as_u64(), "{thinned}");
        let shown: u64 = heads.iter().filter_map(|h| h["shown"].as_u64()).sum();
        assert_eq!(items.iter().filter(|i| i.is_array()).count() as u64, shown);
    }
    Ok(())
}

/// Alters a reading, an entry, and single bytes all over the file.
async fn names_what_was_altered(file: &Path) -> anyhow::Result<()> {
    let whole = std::fs::read(file)?;
    let text = String::from_utf8(whole.clone())?;
    let altered = file.with_extension("altered");
    std::fs::write(&altered, text.replacen("it runs quietly again", "it runs quietly agaim", 1))?;
    let first = match text.starts_with('{') {
        true => verify(&altered, &[]).await?.1["name"].clone(),
        // On the page it is shown before the items, and stands in them as well.
        false => {
            let from = text.find("id=\"evidence\"").context("the document")?;
            let (page, items) = text.split_at(from);
            let items = items.replacen("it runs quietly again", "it runs quietly agaim", 1);
            let shown = verify(&altered, &[]).await?.1;
            assert!(
                shown["altered"].as_str().unwrap_or_default().starts_with("the page"),
                "{shown}"
            );
            std::fs::write(&altered, format!("{page}{items}"))?;
            verify(&altered, &[]).await?.1["name"].clone()
        }
    };
    let first = first.as_str().unwrap_or_default();
    assert!(first.starts_with("entry \"signed off\" at "), "{first}");

    // One reading after the repair: the last in the file.
    let reading = text.rfind(",[\"20").context("a reading")?;
    let time = &text[reading + 3..reading + 23];
    let end = reading + text[reading..].find(']').context("its end")?;
    let mut bytes = whole.clone();
    bytes[end - 1] = if bytes[end - 1] == b'1' { b'2' } else { b'1' };
    std::fs::write(&altered, &bytes)?;
    let (code, said) = verify(&altered, &[]).await?;
    let name = said["name"].as_str().unwrap_or_default();
    assert_eq!(code, 1);
    assert!(name.starts_with("reading of ") && name.contains("after the repair"), "{said}");
    assert!(name.contains(time.trim_end_matches(['"', 'Z', '.'])), "{name} at {time}");

    for i in 0..60 {
        let mut bytes = whole.clone();
        let at = (i * 7_919 + 13) * bytes.len() / (60 * 7_919 + 13);
        bytes[at] ^= 1 << (i % 8);
        std::fs::write(&altered, &bytes)?;
        let (code, said) = verify(&altered, &[]).await?;
        assert_eq!((code, &said["ok"]), (1, &json!(false)), "byte {at}: {said}");
    }
    std::fs::write(&altered, &whole[..whole.len() / 2])?;
    assert_eq!(verify(&altered, &[]).await?.0, 1);
    Ok(())
}

#[tokio::test]
async fn a_new_key_signs_from_now_on_and_the_old_one_stays_listed() -> anyhow::Result<()> {
    for database in Database::each().await? {
        let dir = tempfile::tempdir()?;
        let data = dir.path().join("data");
        let up = database.up(&data).await?;
        let asset =
            Simulated::healthy(Kind::Pump, "pump-1", dir.path(), 60).adopt(&up, "x").await?;
        let body = json!({"asset_id": asset, "title": "Seal", "technicians": ["A. Ohm"]});
        let (_, session) = up.send("POST", "/api/v1/repair-sessions", &body).await?;
        let session = format!("/api/v1/repair-sessions/{}", session["id"].as_str().context("id")?);
        let [page, _, old_pem] = reports(&up, &session, dir.path()).await?;
        let old = std::fs::read_to_string(&old_pem)?;
        let rotation = "/api/v1/evidence/key/rotation";
        assert_eq!(up.send("POST", rotation, &json!({"why": ""})).await?.0, 400);
        let (status, keys) = up.send("POST", rotation, &json!({"why": "somebody left"})).await?;
        assert_eq!(status, 200, "{keys}");
        assert_eq!(keys["others"][0]["public_key"], json!(old));
        assert_eq!(keys["others"][0]["retired_why"], "somebody left");
        assert_ne!(keys["current"]["public_key"], json!(old));

        let old_pem = dir.path().join("old.pem");
        std::fs::write(&old_pem, old)?;
        let old_key = old_pem.display().to_string();
        assert_eq!(verify(&page, &["--key", &old_key]).await?.0, 0, "old reports stay good");
        let [page, _, new_pem] = reports(&up, &session, dir.path()).await?;
        assert_eq!(verify(&page, &["--key", &old_key]).await?.0, 1);
        assert_eq!(verify(&page, &["--key", &new_pem.display().to_string()]).await?.0, 0);

        // After a restart the same key signs.
        up.terminate().await?;
        let up = database.up(&data).await?;
        let again = up.get("/api/v1/evidence/key").await?;
        assert_eq!(again["current"]["fingerprint"], keys["current"]["fingerprint"]);
        let said = Said::by(Command::new(binary()).arg("verify").arg(&page)).await?;
        let warning = "only as trustworthy as where you got it from";
        assert!(said.code == Some(0) && said.out.contains(warning), "{said:?}");
    }
    Ok(())
}

#[tokio::test]
async fn a_key_that_an_operator_names_signs_and_is_theirs_to_change() -> anyhow::Result<()> {
    let dir = tempfile::tempdir()?;
    let first = Aftercare::up(&dir.path().join("first"), &[]).await?;
    let made = first.get("/api/v1/evidence/key").await?;
    first.terminate().await?;
    let file = dir.path().join("first/evidence.key").display().to_string();
    let data = dir.path().join("second");
    let second = Aftercare::up(&data, &["--evidence-key", &file]).await?;
    let used = second.get("/api/v1/evidence/key").await?;
    assert_eq!(used["current"]["fingerprint"], made["current"]["fingerprint"]);
    let rotation = json!({"why": "somebody left"});
    let (status, problem) = second.send("POST", "/api/v1/evidence/key/rotation", &rotation).await?;
    assert_eq!(status, 409, "{problem}");
    assert!(!data.join("evidence.key").exists());
    Ok(())
}
