//! How work orders move, and how two people edit one.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::access::tests::Town;

/// Makes a work order for the ticket of the pump; answers its address.
pub(crate) async fn order(town: &Town) -> anyhow::Result<String> {
    let body = json!({"ticket_id": "ticket-own", "title": "Replace the bearing",
        "skills": ["bearings"], "steps": ["Isolate", "Replace", "Run"]});
    let path = "/api/v1/work-orders";
    let (status, made) = town.ask("engineer", Method::POST, path, Some(&body)).await?;
    assert_eq!(status, StatusCode::CREATED, "{made}");
    Ok(format!("{path}/{}", made["id"].as_str().unwrap_or_default()))
}

async fn step(town: &Town, order: &str, to: &str) -> anyhow::Result<(StatusCode, Value)> {
    let body = json!({"to": to, "why": "in a test"});
    town.ask("admin", Method::POST, &format!("{order}/transition"), Some(&body)).await
}

async fn show(town: &Town, path: &str) -> anyhow::Result<Value> {
    Ok(town.ask("admin", Method::GET, path, None).await?.1)
}

async fn changes(town: &Town, order: &Value) -> anyhow::Result<Vec<Value>> {
    let id = order["id"].as_str().unwrap_or_default();
    let path = format!("/api/v1/changes?subject_kind=work_order&subject_id={id}");
    Ok(show(town, &path).await?["items"].as_array().cloned().unwrap_or_default())
}

#[tokio::test]
async fn an_illegal_step_names_the_legal_ones() -> anyhow::Result<()> {
    for town in Town::each().await? {
        let order = order(&town).await?;
        let (status, problem) = step(&town, &order, "completed").await?;
        assert_eq!(status, StatusCode::CONFLICT);
        assert_eq!(problem["next_states"], json!(["scheduled", "on_hold", "cancelled"]));
        let (status, problem) = step(&town, &order, "scheduled").await?;
        assert_eq!(status, StatusCode::CONFLICT, "without a visit: {problem}");
    }
    Ok(())
}

#[tokio::test]
async fn a_hold_says_why_and_every_step_says_who_when_from_to_and_why() -> anyhow::Result<()> {
    for town in Town::each().await? {
        let path = order(&town).await?;
        step(&town, &path, "on_hold").await?;
        let order = show(&town, &path).await?;
        assert_eq!(order["hold_reason"], "in a test");
        step(&town, &path, "unscheduled").await?;
        assert_eq!(show(&town, &path).await?["hold_reason"], Value::Null);
        let changes = changes(&town, &order).await?;
        let steps: Vec<_> = changes
            .iter()
            .rev()
            .map(|c| (c["from"].as_str().unwrap_or("-"), c["to"].as_str().unwrap_or("-")))
            .collect();
        assert_eq!(
            steps,
            [("-", "unscheduled"), ("unscheduled", "on_hold"), ("on_hold", "unscheduled")]
        );
        assert!(changes.iter().all(|c| c["who"] != "" && c["why"] != "" && c["at"] != ""));
    }
    Ok(())
}

#[tokio::test]
async fn two_people_who_edit_different_fields_lose_nothing() -> anyhow::Result<()> {
    for town in Town::each().await? {
        let path = order(&town).await?;
        let a = json!({"title": "Replace both bearings", "why": "the other one is worn, too"});
        let b = json!({"planned_minutes": 240, "why": "two bearings",
            "device_at": "2025-12-31T23:00:00Z"});
        assert_eq!(town.change(&path, 1, &a).await?.0, StatusCode::OK);
        // Written offline, against the version that was known then.
        let (status, order) = town.change(&path, 1, &b).await?;
        assert_eq!(status, StatusCode::OK, "{order}");
        assert_eq!(order["title"], "Replace both bearings");
        assert_eq!(order["planned_minutes"], 240);
        assert_eq!(order["version"], 3);
        let newest = &changes(&town, &order).await?[0];
        assert_eq!(newest["device_at"], "2025-12-31T23:00:00Z");
        assert_ne!(newest["at"], newest["device_at"]);
    }
    Ok(())
}

#[tokio::test]
async fn two_people_who_edit_the_same_field_are_told_and_nothing_is_overwritten()
-> anyhow::Result<()> {
    for town in Town::each().await? {
        let path = order(&town).await?;
        let a = json!({"title": "Replace both bearings", "why": "a"});
        let b = json!({"title": "Replace the seal", "planned_minutes": 60, "why": "b"});
        town.change(&path, 1, &a).await?;
        let (status, problem) = town.change(&path, 1, &b).await?;
        assert_eq!(status, StatusCode::CONFLICT);
        assert_eq!(problem["type"], "/problems/clash");
        let conflict = &problem["conflicts"][0];
        assert_eq!(conflict["field"], "title");
        assert_eq!(conflict["theirs"], "Replace both bearings");
        assert_eq!(conflict["yours"], "Replace the seal");
        let order = show(&town, &path).await?;
        assert_eq!((&order["title"], &order["planned_minutes"]), (&a["title"], &json!(120)));
        // Both made the same of it: that is no conflict.
        assert_eq!(town.change(&path, 1, &a).await?.0, StatusCode::OK);
    }
    Ok(())
}

#[tokio::test]
async fn many_editors_at_once_write_each_field_or_are_told() -> anyhow::Result<()> {
    for town in Town::each().await? {
        let path = order(&town).await?;
        let edits = (1..=8).map(|minutes| {
            let (town, path) = (&town, &path);
            async move {
                let body = json!({"planned_minutes": minutes, "why": "w"});
                town.change(path, 1, &body).await
            }
        });
        let answers = futures_util::future::join_all(edits).await;
        let mut written = 0;
        for answer in answers {
            match answer? {
                (StatusCode::OK, _) => written += 1,
                (StatusCode::CONFLICT | StatusCode::PRECONDITION_FAILED, _) => {}
                (status, body) => panic!("{status} {body}"),
            }
        }
        assert_eq!(written, 1, "each of the eight values differs from the others");
    }
    Ok(())
}

#[tokio::test]
async fn a_line_is_ticked_once_and_the_tick_can_be_taken_back() -> anyhow::Result<()> {
    for town in Town::each().await? {
        let path = order(&town).await?;
        let order = show(&town, &path).await?;
        let line = format!("{path}/steps/{}", order["steps"][1]["id"].as_str().unwrap_or_default());
        let tick = |done: bool| {
            let (town, line) = (&town, &line);
            async move {
                let body = json!({"done": done, "device_at": "2025-12-31T23:00:00Z"});
                town.ask("technician", Method::PUT, line, Some(&body)).await
            }
        };
        let (status, order) = tick(true).await?;
        assert_eq!(status, StatusCode::OK, "{order}");
        assert_eq!(order["steps"][1]["done_at"], "2025-12-31T23:00:00Z");
        assert_eq!(order["steps"][1]["done_by"], "technician");
        tick(true).await?;
        let order = tick(false).await?.1;
        assert_eq!(order["steps"][1]["done_at"], Value::Null);
        let steps = changes(&town, &order).await?;
        assert_eq!(steps.iter().filter(|c| c["field"] == "step").count(), 2, "once each");
    }
    Ok(())
}
