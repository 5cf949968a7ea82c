//! What is done when it matters, and whether it was practised.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::access::tests::Town;
use crate::alarms::tests::HOUR;

const DAY: i64 = 24 * HOUR;
const MINUTE: i64 = HOUR / 60;

async fn post(town: &Town, who: &str, path: &str, body: Value) -> anyhow::Result<Value> {
    let (status, answer) = town.ask(who, Method::POST, path, Some(&body)).await?;
    assert!(status.is_success(), "{path} is answered with {status}: {answer}");
    Ok(answer)
}

async fn get(town: &Town, path: &str) -> anyhow::Result<Value> {
    let (status, answer) = town.ask("manager", Method::GET, path, None).await?;
    assert_eq!(status, StatusCode::OK, "{path}: {answer}");
    Ok(answer)
}

/// Writes a playbook; answers its id.
async fn write(town: &Town, name: &str, applies: Value) -> anyhow::Result<String> {
    let steps = json!([
        {"text": "Call the customer", "role": "customer_service", "minutes": 10},
        {"text": "Cut the power", "role": "technician", "team": "electrical", "minutes": 30},
        {"text": "Send a spare pump", "role": "dispatcher", "minutes": 60}
    ]);
    let content = json!({"applies": applies, "steps": steps, "material": ["spare pump"],
        "contacts": [{"name": "Fire brigade", "reached_at": "112"}]});
    let body = json!({"name": name, "content": content, "why": "after last year's flood"});
    let made = post(town, "engineer", "/api/v1/playbooks", body).await?;
    Ok(text(&made, "id"))
}

async fn start(town: &Town, playbook: &str) -> anyhow::Result<(StatusCode, Value)> {
    let body = json!({"playbook_id": playbook, "why": "water everywhere"});
    let path = "/api/v1/tickets/ticket-own/playbook-runs";
    town.ask("dispatcher", Method::POST, path, Some(&body)).await
}

async fn mark(
    town: &Town,
    who: &str,
    run: &Value,
    (step, mark, note): (usize, &str, &str),
) -> anyhow::Result<(StatusCode, Value)> {
    let path = format!(
        "/api/v1/playbook-runs/{}/steps/{}",
        text(run, "id"),
        text(&run["steps"][step], "id")
    );
    let body = json!({"mark": mark, "note": note});
    town.ask(who, Method::PUT, &path, Some(&body)).await
}

async fn end(town: &Town, run: &Value, body: Value) -> anyhow::Result<(StatusCode, Value)> {
    let path = format!("/api/v1/playbook-runs/{}/transition", text(run, "id"));
    town.ask("manager", Method::POST, &path, Some(&body)).await
}

fn text(value: &Value, key: &str) -> String {
    value[key].as_str().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn a_playbook_runs_on_a_ticket_with_several_teams_at_once_and_says_who_did_what_when()
-> anyhow::Result<()> {
    for town in Town::each().await? {
        let playbook = write(&town, "Flooding", json!({})).await?;
        let (status, run) = start(&town, &playbook).await?;
        assert_eq!(status, StatusCode::CREATED, "{run}");
        let (status, _) = start(&town, &playbook).await?;
        assert_eq!(status, StatusCode::CONFLICT, "it is under way");
        town.workshop.pass(20 * MINUTE).await?;
        let (late, on_time) = tokio::join!(
            mark(&town, "customer_service", &run, (0, "done", "reached the janitor")),
            mark(&town, "technician", &run, (1, "done", ""))
        );
        assert_eq!((late?.0, on_time?.0), (StatusCode::OK, StatusCode::OK));
        let (status, problem) = end(&town, &run, json!({"to": "done", "why": "dry"})).await?;
        assert_eq!(status, StatusCode::CONFLICT, "a step is open: {problem}");
        let (status, _) = mark(&town, "dispatcher", &run, (2, "skipped", "")).await?;
        assert_eq!(status, StatusCode::BAD_REQUEST, "a skipped step says why");
        mark(&town, "dispatcher", &run, (2, "skipped", "the pump runs")).await?;
        let (status, done) = end(&town, &run, json!({"to": "done", "why": "dry"})).await?;
        assert_eq!(status, StatusCode::OK, "{done}");
        assert_eq!(
            done["steps_in_all"],
            json!({"on_time": 1, "late": 1, "skipped": 1, "open": 0, "overdue": 0})
        );
        let first = &done["steps"][0];
        assert_eq!(
            (&first["late"], &first["marked_by"], &first["note"]),
            (&json!(true), &json!("customer_service"), &json!("reached the janitor"))
        );
        assert_eq!(done["participants"], json!(["customer_service", "dispatcher", "technician"]));
        let (status, _) = mark(&town, "technician", &run, (1, "open", "")).await?;
        assert_eq!(status, StatusCode::CONFLICT, "what is over stays as it was");
        let path =
            format!("/api/v1/changes?subject_kind=playbook_run&subject_id={}", text(&run, "id"));
        let changes = get(&town, &path).await?;
        assert_eq!(changes["items"].as_array().map(Vec::len), Some(5), "{changes}");
    }
    Ok(())
}

#[tokio::test]
async fn everybody_who_has_a_step_and_may_see_the_machine_hears_of_the_start() -> anyhow::Result<()>
{
    for town in Town::each().await? {
        sqlx::query("UPDATE accounts SET limited = 1 WHERE id = 'foreign-technician'")
            .execute(&town.workshop.app.database)
            .await?;
        let playbook = write(&town, "Flooding", json!({})).await?;
        start(&town, &playbook).await?;
        let told: Vec<(String, String)> = sqlx::query_as(
            "SELECT recipient, facts FROM outbox WHERE event = 'playbook_started' ORDER BY recipient",
        )
        .fetch_all(&town.workshop.app.database)
        .await?;
        let people: Vec<_> = told.iter().map(|(person, _)| person.as_str()).collect();
        assert_eq!(
            people,
            [
                "account:account-customer_service",
                "account:account-dispatcher",
                "account:account-technician",
                "account:own-technician",
            ]
        );
        assert!(told[0].1.contains("T-1, pump"), "{}", told[0].1);
    }
    Ok(())
}

#[tokio::test]
async fn a_run_keeps_the_version_that_it_was_started_with() -> anyhow::Result<()> {
    for town in Town::each().await? {
        let playbook = write(&town, "Flooding", json!({})).await?;
        let (_, run) = start(&town, &playbook).await?;
        let content = json!({"steps": [{"text": "Run", "role": "technician", "minutes": 1}]});
        let path = format!("/api/v1/playbooks/{playbook}");
        let body = json!({"content": content, "why": "shorter"});
        let (status, revised) = town.change(&path, 1, &body).await?;
        assert_eq!((status, &revised["version"]), (StatusCode::OK, &json!(2)), "{revised}");
        let (status, _) = town.change(&path, 1, &body).await?;
        assert_eq!(status, StatusCode::PRECONDITION_FAILED);
        let run = get(&town, &format!("/api/v1/playbook-runs/{}", text(&run, "id"))).await?;
        assert_eq!(
            (&run["playbook_version"], run["steps"].as_array().map(Vec::len)),
            (&json!(1), Some(3))
        );
        assert_eq!(run["content"]["contacts"][0]["reached_at"], "112");
        let versions = get(&town, &format!("{path}/versions")).await?;
        assert_eq!(versions["items"][1]["why"], "after last year's flood");
        assert_eq!(versions["items"][1]["content"]["steps"].as_array().map(Vec::len), Some(3));
    }
    Ok(())
}

#[tokio::test]
async fn an_urgent_request_that_becomes_a_ticket_names_the_playbooks_that_fit_it()
-> anyhow::Result<()> {
    for town in Town::each().await? {
        sqlx::query("UPDATE assets SET model = 'P-100' WHERE id = 'pump'")
            .execute(&town.workshop.app.database)
            .await?;
        write(&town, "Danger to people", json!({"urgencies": ["urgent"], "models": ["P-100"]}))
            .await?;
        write(&town, "Bad manners", json!({"kinds": ["service_attitude"]})).await?;
        write(&town, "Every time", json!({})).await?;
        let request = json!({"channel": "phone", "text": "It sparks", "asset_id": "pump"});
        let made = post(&town, "dispatcher", "/api/v1/requests", request).await?;
        let path = format!("/api/v1/requests/{}", text(&made, "id"));
        let urgent = json!({"urgency": "urgent", "scope": "individual", "kind": "product_quality"});
        let classified =
            post(&town, "dispatcher", &format!("{path}/classification"), urgent).await?;
        assert_eq!(classified["playbooks"], Value::Null, "it is no ticket yet");
        let ticketed = post(&town, "dispatcher", &format!("{path}/ticket"), json!({})).await?;
        let names: Vec<_> =
            ticketed["playbooks"].as_array().unwrap().iter().map(|p| text(p, "name")).collect();
        assert_eq!(names, ["Danger to people", "Every time"]);
        let ticket = text(&ticketed, "ticket_id");
        let fitting = get(&town, &format!("/api/v1/tickets/{ticket}/playbooks")).await?;
        assert_eq!(
            fitting["items"][0]["why"],
            json!(["a request of the ticket is urgent", "the machine is a P-100"])
        );
    }
    Ok(())
}

#[tokio::test]
async fn a_drill_says_which_steps_were_late_or_missed_what_was_learnt_and_who_took_part()
-> anyhow::Result<()> {
    for town in Town::each().await? {
        let playbook = write(&town, "Flooding", json!({})).await?;
        let mut new = json!({"playbook_id": playbook, "scenario": "The cellar fills up",
            "participants": ["Ada"], "recorded_from": "2025-12-01T00:00:00Z",
            "recorded_to": "2025-12-02T00:00:00Z"});
        let (status, _) = town.ask("quality", Method::POST, "/api/v1/drills", Some(&new)).await?;
        assert_eq!(status, StatusCode::BAD_REQUEST, "of which machine?");
        new["asset_id"] = json!("pump");
        let drill = post(&town, "quality", "/api/v1/drills", new).await?;
        town.workshop.pass(45 * MINUTE).await?;
        mark(&town, "technician", &drill, (1, "done", "")).await?;
        let body = json!({"to": "done", "why": "time is up"});
        assert_eq!(end(&town, &drill, body).await?.0, StatusCode::BAD_REQUEST, "what was learnt?");
        let body = json!({"to": "done", "why": "time is up", "findings": "nobody knew the number",
            "participants": ["Bo"]});
        let (status, done) = end(&town, &drill, body).await?;
        assert_eq!(status, StatusCode::OK, "{done}");
        // The first step was missed, the second late; the third had time until the sixtieth minute.
        assert_eq!(
            done["steps_in_all"],
            json!({"on_time": 0, "late": 1, "skipped": 0, "open": 2, "overdue": 1})
        );
        assert_eq!(done["participants"], json!(["Ada", "Bo", "technician"]));
        let drills = get(&town, "/api/v1/playbook-runs?drill=true").await?;
        assert_eq!(drills["items"][0]["findings"], "nobody knew the number");
        assert_eq!(drills["items"].as_array().map(Vec::len), Some(1));
    }
    Ok(())
}

#[tokio::test]
async fn every_playbook_is_drilled_once_a_quarter_or_as_the_policy_says() -> anyhow::Result<()> {
    for town in Town::each().await? {
        let playbook = write(&town, "Flooding", json!({})).await?;
        let due = get(&town, "/api/v1/due-drills").await?;
        assert_eq!(due["items"][0]["due_at"], "2026-04-02T00:00:00Z", "{due}");
        town.workshop.pass(92 * DAY).await?;
        let due = get(&town, "/api/v1/due-drills").await?;
        assert_eq!(due["items"][0]["overdue"], true);
        let new = json!({"playbook_id": playbook, "scenario": "The cellar fills up"});
        let drill = post(&town, "engineer", "/api/v1/drills", new).await?;
        let body = json!({"to": "done", "why": "over", "findings": "none"});
        end(&town, &drill, body).await?;
        let due = get(&town, "/api/v1/due-drills").await?;
        assert_eq!(
            (&due["items"][0]["overdue"], &due["items"][0]["last_drill_id"]),
            (&json!(false), &drill["id"])
        );
        let policy = json!({"policy": {"every_days": 30}, "why": "twice as often"});
        let (status, _) =
            town.ask("quality", Method::PUT, "/api/v1/drill-policy", Some(&policy)).await?;
        assert_eq!(status, StatusCode::OK);
        town.workshop.pass(31 * DAY).await?;
        assert_eq!(get(&town, "/api/v1/due-drills").await?["items"][0]["overdue"], true);
    }
    Ok(())
}
