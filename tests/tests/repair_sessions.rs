//! Repair sessions: what a repair did to a machine, on one time axis, and what the readings say of
//! it.

use std::path::Path;

use anyhow::Context as _;
use serde_json::{Value, json};
use simulation::Kind;
use system_tests::{Aftercare, Database, Simulated, at};

const HOUR: u32 = 3600;
const MODEL: &str = "SC 22";

fn compressor(board: &str, folder: &Path, seconds_ago: i64) -> Simulated {
    Simulated::healthy(Kind::AirCompressor, board, folder, seconds_ago)
}

/// A repair session under test.
struct Session<'a> {
    up: &'a Aftercare,
    id: String,
}

impl<'a> Session<'a> {
    async fn prepare(up: &'a Aftercare, body: Value) -> anyhow::Result<Self> {
        let (status, session) = up.send("POST", "/api/v1/repair-sessions", &body).await?;
        anyhow::ensure!(status == 200, "{session}");
        Ok(Self { up, id: session["id"].as_str().context("id")?.to_owned() })
    }

    async fn ask(&self, path: &str) -> anyhow::Result<Value> {
        self.up.get(&format!("/api/v1/repair-sessions/{}{path}", self.id)).await
    }

    async fn post(&self, path: &str, body: Value) -> anyhow::Result<(u16, Value)> {
        self.up.send("POST", &format!("/api/v1/repair-sessions/{}{path}", self.id), &body).await
    }

    async fn done(&self, path: &str, body: Value) -> anyhow::Result<Value> {
        let (status, answer) = self.post(path, body).await?;
        anyhow::ensure!(status == 200, "{path}: {answer}");
        Ok(answer)
    }

    async fn moves(&self, to: &str, second: i64) -> anyhow::Result<Value> {
        self.done("/transition", json!({"to": to, "why": "as planned", "at": at(second)})).await
    }

    /// Items of one sort on the axis.
    async fn axis(&self, what: &str) -> anyhow::Result<Vec<Value>> {
        let whole = self.ask("").await?;
        let axis = whole["axis"].as_array().context("axis")?;
        Ok(axis.iter().filter(|i| i["what"] == what).cloned().collect())
    }
}

async fn tickets(up: &Aftercare) -> anyhow::Result<Vec<Value>> {
    let tickets = up.get("/api/v1/tickets").await?;
    Ok(tickets["items"].as_array().context("tickets")?.clone())
}

async fn acceptance_test(up: &Aftercare) -> anyhow::Result<()> {
    let oil = json!({"position": "oil", "quantity": "temperature"});
    let checks = json!([
        {"id": "oil", "name": "Oil stays cool under load", "kind": "stays_within", "points": oil,
         "high": 85, "for_seconds": 600, "load": {"at_least": 25}},
        {"id": "pressure", "name": "Pressure is built up", "kind": "reaches",
         "points": {"name": "Receiver pressure"}, "at_least": 700_000, "within_seconds": 1800},
        {"id": "better", "name": "The readings say so", "kind": "verdict", "points": oil,
         "at_least": "fixed"},
        {"id": "dry", "name": "No leak", "kind": "confirmed", "text": "no oil on the floor"},
    ]);
    let body = json!({"name": "Compressors", "applies_to": {"model": MODEL}, "checks": checks,
                      "why": "maker's manual"});
    let (status, made) = up.send("POST", "/api/v1/acceptance-tests", &body).await?;
    anyhow::ensure!(status == 200, "{made}");
    Ok(())
}

fn of_point<'v>(verdict: &'v Value, name: &str) -> &'v Value {
    let points = verdict["points"].as_array().map(Vec::as_slice).unwrap_or_default();
    points.iter().find(|p| p["point_name"] == name).unwrap_or(&Value::Null)
}

#[tokio::test]
async fn a_machine_that_was_not_mended_keeps_the_gate_closed_and_a_mended_one_opens_it()
-> anyhow::Result<()> {
    for database in Database::each().await? {
        let dir = tempfile::tempdir()?;
        let up = database.up(&dir.path().join("data")).await?;
        acceptance_test(&up).await?;
        let mut machine = compressor("compressor-1", dir.path(), 9 * 3600);
        let asset = machine.adopt(&up, MODEL).await?;
        machine.runs(&up, 4 * HOUR).await?;
        assert_eq!(tickets(&up).await?.len(), 0, "healthy so far");
        machine.breaks();
        machine.runs(&up, HOUR).await?;
        let ticket = tickets(&up).await?[0]["id"].as_str().context("a ticket")?.to_owned();

        let session = Session::prepare(
            &up,
            json!({"asset_id": asset, "ticket_id": ticket, "title": "Oil cooler",
                   "technicians": ["A. Ohm"]}),
        )
        .await?;
        // The first repair does not help.
        session.moves("running", machine.now_s).await?;
        machine.stands_still(&up, 1200).await?;
        session.moves("acceptance_test", machine.now_s).await?;
        machine.runs(&up, HOUR).await?;
        let verdict = session.done("/verdict", json!({"why": "after the work"})).await?;
        let oil = of_point(&verdict, "Oil temperature");
        assert_eq!(oil["verdict"], "unchanged", "{oil:#}");
        assert_eq!(verdict["overall"], "unchanged", "{verdict:#}");
        let stands = session.ask("/acceptance").await?;
        assert_eq!(stands["outcome"], "fail", "{stands:#}");
        let gate = session.ask("/gate").await?;
        assert_eq!(gate["may_leave"], false);
        let missing = gate["missing"].as_array().context("missing")?;
        let checks: Vec<_> = missing.iter().filter_map(|m| m["check"].as_str()).collect();
        assert_eq!(checks, ["oil", "better", "dry"], "{gate:#}");
        let (status, problem) = session.post("/leave", json!({"name": "A. Ohm"})).await?;
        assert_eq!((status, &problem["type"]), (409, &json!("/problems/gate-closed")));
        assert_eq!(problem["missing"].as_array().context("missing")?.len(), 3);
        let (status, _) =
            session.post("/transition", json!({"to": "verified", "why": "hope"})).await?;
        assert_eq!(status, 409);

        // The second one does.
        session.moves("rejected", machine.now_s).await?;
        session.moves("running", machine.now_s).await?;
        machine.stands_still(&up, 1200).await?;
        machine.is_mended();
        session.moves("acceptance_test", machine.now_s).await?;
        let stands = session.ask("/acceptance").await?;
        assert_eq!(stands["outcome"], "pending", "what was shown before counts no more");
        machine.runs(&up, 2 * HOUR).await?;
        let verdict = session.done("/verdict", json!({"why": "after the work"})).await?;
        let oil = of_point(&verdict, "Oil temperature");
        assert_eq!(oil["verdict"], "fixed", "{oil:#}");
        assert_eq!(verdict["overall"], "fixed", "{verdict:#}");
        let gate = session.ask("/gate").await?;
        assert_eq!(gate["missing"].as_array().context("missing")?.len(), 1, "{gate:#}");
        session
            .done("/acceptance/confirmations", json!({"check": "dry", "name": "A. Ohm"}))
            .await?;
        let gate = session.done("/leave", json!({"name": "A. Ohm"})).await?;
        assert_eq!((&gate["may_leave"], gate["left_at"].is_string()), (&json!(true), true));
        let (_, verified) =
            session.post("/transition", json!({"to": "verified", "why": "it runs"})).await?;
        assert_eq!(verified["state"], "verified", "{verified}");

        let ticket = up.get(&format!("/api/v1/tickets/{ticket}")).await?;
        assert_eq!(ticket["state"], "resolved");
        let history = ticket["history"].as_array().context("history")?;
        assert_eq!(history.last().context("a step")?["why"], "repair session verified");
        let states: Vec<_> =
            session.axis("step").await?.iter().map(|s| s["is"]["to"].clone()).collect();
        // The draft was written down last of all: it is as old as its record.
        assert_eq!(states.len(), 7);
        let kept = session.ask("/acceptance").await?;
        assert_eq!(kept["outcome"], "pass", "as it was decided: {kept:#}");
    }
    Ok(())
}

#[tokio::test]
async fn windows_are_adjusted_with_a_reason_and_the_old_verdict_stays() -> anyhow::Result<()> {
    for database in Database::each().await? {
        let dir = tempfile::tempdir()?;
        let up = database.up(&dir.path().join("data")).await?;
        let mut machine = compressor("compressor-1", dir.path(), 8 * 3600);
        let asset = machine.adopt(&up, MODEL).await?;
        machine.runs(&up, 4 * HOUR).await?;
        let fault_s = machine.now_s;
        machine.breaks();
        machine.runs(&up, HOUR).await?;
        let session = Session::prepare(
            &up,
            json!({"asset_id": asset, "title": "Oil cooler", "technicians": ["A. Ohm"]}),
        )
        .await?;
        let (status, _) = session.post("/verdict", json!({"why": "after the work"})).await?;
        assert_eq!(status, 409, "nothing to compare with yet");
        session.moves("running", machine.now_s).await?;
        let work_s = machine.now_s;
        machine.is_mended();
        session.moves("acceptance_test", machine.now_s).await?;
        machine.runs(&up, 2 * HOUR).await?;
        let chosen = session.done("/verdict", json!({"why": "after the work"})).await?;
        let windows = &chosen["windows"];
        let since =
            windows["before"]["from"].as_str().context("a time")?.parse::<jiff::Timestamp>()?;
        let until_found = since.as_second() - fault_s;
        assert!((0..300).contains(&until_found), "as its alarm says: {windows:#}");
        assert_eq!(windows["before"]["to"], json!(at(work_s)));
        assert_eq!(windows["after"]["adjusted"], false);

        let path = format!("/api/v1/repair-sessions/{}/windows", session.id);
        let after = json!({"from": at(work_s + 1800), "to": at(work_s + 5400)});
        let (status, _) = up.send("PATCH", &path, &json!({"after": after, "why": ""})).await?;
        assert_eq!(status, 400, "not without a reason");
        let body = json!({"after": after, "why": "the receiver was empty at first"});
        let (status, adjusted) = up.send("PATCH", &path, &body).await?;
        assert_eq!(status, 200, "{adjusted}");
        assert_eq!(adjusted["version"], 2);
        assert_eq!(adjusted["windows"]["after"]["from"], after["from"]);
        assert_eq!(adjusted["windows"]["healthy"], windows["healthy"]);
        let counted = &of_point(&adjusted, "Oil temperature")["judgement"]["samples"]["after"];
        assert_eq!(counted["readings"], 1800, "one hour of a reading every two seconds");

        let versions = session.ask("/verdict").await?;
        let versions = versions["items"].as_array().context("versions")?;
        let whys: Vec<_> = versions.iter().map(|v| (&v["version"], &v["why"])).collect();
        assert_eq!(whys, [(&json!(2), &body["why"]), (&json!(1), &json!("after the work"))]);
        let told = session.axis("entry").await?;
        assert_eq!(told.iter().filter(|e| e["is"]["kind"] == "verdict_made").count(), 2);
    }
    Ok(())
}

#[tokio::test]
async fn what_the_work_causes_is_hidden_opens_no_ticket_and_is_listed_afterwards()
-> anyhow::Result<()> {
    for database in Database::each().await? {
        let dir = tempfile::tempdir()?;
        let up = database.up(&dir.path().join("data")).await?;
        let mut machine = compressor("compressor-1", dir.path(), 3 * 3600);
        let asset = machine.adopt(&up, MODEL).await?;
        machine.runs(&up, HOUR).await?;
        let session = Session::prepare(
            &up,
            json!({"asset_id": asset, "title": "Seal", "technicians": ["A. Ohm"]}),
        )
        .await?;
        session.moves("running", machine.now_s).await?;
        machine.stands_still(&up, 600).await?;
        machine.runs(&up, 1200).await?;
        assert_eq!(tickets(&up).await?.len(), 0, "work is no fault");
        session.moves("acceptance_test", machine.now_s).await?;
        machine.runs(&up, 600).await?;
        assert_eq!(tickets(&up).await?.len(), 0);
        let hidden = session.axis("hidden_alarm").await?;
        assert_eq!(hidden.len(), 1, "{hidden:#?}");
        assert!(hidden[0]["is"]["cleared_at"].is_string(), "{:#}", hidden[0]);

        // The same machine standing still when nobody works on it is a fault.
        machine.stands_still(&up, 600).await?;
        assert_eq!(tickets(&up).await?.len(), 1);
    }
    Ok(())
}

#[tokio::test]
async fn alarms_count_again_when_the_planned_end_is_over_unless_it_was_extended()
-> anyhow::Result<()> {
    for database in Database::each().await? {
        for extended in [false, true] {
            let dir = tempfile::tempdir()?;
            let up = database.up(&dir.path().join("data")).await?;
            let board = if extended { "compressor-2" } else { "compressor-1" };
            let mut machine = compressor(board, dir.path(), 3 * 3600);
            let asset = machine.adopt(&up, MODEL).await?;
            let before = tickets(&up).await?.len();
            machine.runs(&up, HOUR).await?;
            let body = json!({"asset_id": asset, "title": "Seal", "technicians": ["A. Ohm"],
                              "planned_seconds": 600});
            let session = Session::prepare(&up, body).await?;
            session.moves("running", machine.now_s).await?;
            machine.runs(&up, 1200).await?;
            if extended {
                let now_s = jiff::Timestamp::now().as_second();
                let until = json!({"until": at(now_s + 3600), "why": "a bolt broke"});
                let longer = session.done("/extension", until.clone()).await?;
                assert_eq!(longer["planned_end"], until["until"]);
                let (status, _) = session.post("/extension", until).await?;
                assert_eq!(status, 400, "it is planned to then already");
            }
            machine.stands_still(&up, 600).await?;
            let opened = tickets(&up).await?.len() - before;
            assert_eq!(opened, usize::from(!extended), "extended: {extended}");
        }
    }
    Ok(())
}
