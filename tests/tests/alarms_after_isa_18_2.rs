//! Alarms over the HTTP interface, from readings to the ticket: shelved, seen, let out, and what is
//! kept of it; on both databases, by the real binary.

use anyhow::Context as _;
use serde_json::{Value, json};
use system_tests::{Aftercare, Database, generated_run, until};

const FAST: &[&str] = &["--as-fast-as-possible"];

/// A time to come, as the interface writes times.
fn in_seconds(s: i64) -> String {
    (jiff::Timestamp::now() + jiff::SignedDuration::from_secs(s)).to_string()
}

/// The generated run up to where its fault goes on.
async fn goes_wrong(dir: &std::path::Path, rows: usize) -> anyhow::Result<std::path::PathBuf> {
    let whole = std::fs::read_to_string(generated_run(dir)?)?;
    let part = dir.join(format!("first-{rows}.csv"));
    std::fs::write(&part, whole.lines().take(rows + 1).collect::<Vec<_>>().join("\n"))?;
    Ok(part)
}

async fn items(up: &Aftercare, path: &str) -> anyhow::Result<Vec<Value>> {
    let page = up.get(path).await?;
    Ok(page["items"].as_array().with_context(|| format!("{path}: {page}"))?.clone())
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_default()
}

#[tokio::test]
async fn what_is_shelved_opens_no_ticket_until_it_is_taken_off_the_shelf() -> anyhow::Result<()> {
    for database in Database::each().await? {
        let dir = tempfile::tempdir()?;
        let up = database.up(&dir.path().join("data")).await?;
        // Its first rows make the machine known; then its alarm is shelved before it is raised.
        let start = goes_wrong(dir.path(), 10).await?;
        up.replay(&start, "Test rig", FAST).await?;
        let (asset, _) = up.only_asset().await?;
        let body = json!({"asset_id": asset, "tag": "deviation", "kind": "shelved",
                          "until": in_seconds(3600), "reason": "a spare part is on its way"});
        let (status, shelf) = up.send("POST", "/api/v1/suspensions", &body).await?;
        assert_eq!((status, text(&shelf, "state")), (201, "running"), "{shelf}");
        let wrong = goes_wrong(dir.path(), 800).await?;
        up.replay(&wrong, "Test rig", FAST).await?;
        up.until_judged().await?;
        let hidden = items(&up, "/api/v1/alarms?hidden=true&active=true").await?;
        assert_eq!(hidden.len(), 1);
        assert_eq!(text(&hidden[0], "state"), "shelved");
        assert!(items(&up, "/api/v1/tickets").await?.is_empty());

        let id = text(&hidden[0], "id");
        let acknowledge = format!("/api/v1/alarms/{id}/acknowledge");
        let (status, problem) = up.send("POST", &acknowledge, &json!({})).await?;
        assert_eq!((status, text(&problem, "type")), (409, "/problems/illegal-step"));
        let unshelve = format!("/api/v1/alarms/{id}/unshelve");
        let (status, ended) = up.send("POST", &unshelve, &json!({"why": "it is here"})).await?;
        assert_eq!((status, text(&ended, "state")), (200, "ended"), "{ended}");
        assert_eq!(ended["hidden"][0]["id"], json!(id));
        let tickets = items(&up, "/api/v1/tickets").await?;
        assert_eq!(tickets.len(), 1);
        assert_eq!(up.send("POST", &acknowledge, &json!({})).await?.0, 200);
        let alarm = up.get(&format!("/api/v1/alarms/{id}")).await?;
        let history = alarm["history"].as_array().cloned().unwrap_or_default();
        let states: Vec<_> = history.iter().map(|step| text(step, "to")).collect();
        assert_eq!(states, ["shelved", "unacknowledged_active", "acknowledged_active"]);
        assert_eq!(text(&history[1], "why"), "it is here");

        // Closing over a machine that still deviates needs a word.
        let path = format!("/api/v1/tickets/{}/transition", text(&tickets[0], "id"));
        let step = |to: &str| json!({"to": to, "why": "done"});
        assert_eq!(up.send("POST", &path, &step("resolved")).await?.0, 200);
        let (status, problem) = up.send("POST", &path, &step("closed")).await?;
        assert_eq!((status, text(&problem, "type")), (409, "/problems/conflict"));
        let run = generated_run(dir.path())?;
        up.replay(&run, "Test rig", FAST).await?;
        up.until_judged().await?;
        let (status, closed) = up.send("POST", &path, &step("closed")).await?;
        assert_eq!(status, 200, "{closed}");
        assert!(closed["probation_until"].is_string());
    }
    Ok(())
}

#[tokio::test]
async fn a_shelf_ends_by_itself_also_after_a_restart() -> anyhow::Result<()> {
    for database in Database::each().await? {
        let dir = tempfile::tempdir()?;
        let data = dir.path().join("data");
        let up = database.up(&data).await?;
        let wrong = goes_wrong(dir.path(), 800).await?;
        up.replay(&wrong, "Test rig", FAST).await?;
        up.until_judged().await?;
        let alarm = items(&up, "/api/v1/alarms").await?.remove(0);
        let shelve = format!("/api/v1/alarms/{}/shelve", text(&alarm, "id"));
        let body = json!({"until": in_seconds(4), "reason": "for seconds only"});
        let (status, shelf) = up.send("POST", &shelve, &body).await?;
        assert_eq!(status, 201, "{shelf}");
        up.kill_9().await?;
        let up = database.up(&data).await?;
        let shelf = format!("/api/v1/suspensions/{}", text(&shelf, "id"));
        let ended = until("the shelf to end", || async {
            let shelf = up.get(&shelf).await?;
            Ok((text(&shelf, "state") == "ended").then_some(shelf))
        })
        .await?;
        assert_eq!(text(&ended, "ended_by"), "clock");
        assert_eq!(text(&ended["hidden"][0], "state"), "unacknowledged_active");
        assert_eq!(up.terminate().await?, Some(0));
    }
    Ok(())
}

#[tokio::test]
async fn an_alarm_that_nobody_sees_is_escalated_and_counted() -> anyhow::Result<()> {
    for database in Database::each().await? {
        let dir = tempfile::tempdir()?;
        let up = database.up(&dir.path().join("data")).await?;
        let steps = json!([{"priority": "medium", "after_s": 1, "raise_to": "critical",
                            "note": "Call the workshop"}]);
        let policy = json!({"steps": steps, "why": "in a hurry"});
        let (status, made) = up.send("PUT", "/api/v1/alarm-escalations", &policy).await?;
        assert_eq!((status, &made["version"]), (200, &json!(2)), "{made}");
        let wrong = goes_wrong(dir.path(), 800).await?;
        up.replay(&wrong, "Test rig", FAST).await?;
        let alarm = until("the escalation", || async {
            let critical = items(&up, "/api/v1/alarms?priority=critical").await?;
            Ok(critical.into_iter().next())
        })
        .await?;
        assert_eq!(alarm["escalation_level"], 1);
        assert_eq!(text(&alarm, "raised_priority"), "medium");
        assert_eq!(text(&items(&up, "/api/v1/tickets").await?[0], "priority"), "critical");
        let (_, metrics) = up.get_as_stranger("/metrics").await?;
        assert!(metrics.contains("aftercare_alarms_escalated_total 1"), "{metrics}");
    }
    Ok(())
}

#[tokio::test]
async fn a_recurrence_reopens_the_ticket() -> anyhow::Result<()> {
    for database in Database::each().await? {
        let dir = tempfile::tempdir()?;
        let up = database.up(&dir.path().join("data")).await?;
        let run = generated_run(dir.path())?;
        up.replay(&run, "Test rig", FAST).await?;
        up.until_judged().await?;
        let ticket = items(&up, "/api/v1/tickets").await?.remove(0);
        let path = format!("/api/v1/tickets/{}/transition", text(&ticket, "id"));
        for to in ["resolved", "closed"] {
            let (status, answer) = up.send("POST", &path, &json!({"to": to, "why": "x"})).await?;
            assert_eq!(status, 200, "{answer}");
        }
        // The same fault an hour of measured time later.
        let again = std::fs::read_to_string(&run)?.replace("2026-01-01 00:", "2026-01-01 01:");
        std::fs::write(&run, again)?;
        up.replay(&run, "Test rig", FAST).await?;
        up.until_judged().await?;
        let tickets = items(&up, "/api/v1/tickets").await?;
        let [reopened] = &tickets[..] else { anyhow::bail!("{tickets:?}") };
        assert_eq!((text(reopened, "state"), &reopened["reopened_count"]), ("open", &json!(1)));
    }
    Ok(())
}
