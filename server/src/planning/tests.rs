//! Auto-dispatch: who goes, why, and how it is undone.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::access::tests::Town;
use crate::work_orders::tests::order;

/// 2026-01-01 is a Thursday; Mei works on weekdays from eight to four in Berlin.
fn mei() -> Value {
    let day = json!([{"from": "08:00", "to": "16:00"}]);
    json!({"skills": ["bearings"], "areas": [], "latitude": 52.5, "longitude": 13.4, "why": "hired",
        "hours": {"time_zone": "Europe/Berlin", "schedule": {"week": {"monday": day, "tuesday": day,
            "wednesday": day, "thursday": day, "friday": day}}}})
}

async fn keep(town: &Town, account: &str, file: &Value) -> anyhow::Result<(StatusCode, Value)> {
    let path = format!("/api/v1/technicians/{account}");
    town.ask("dispatcher", Method::PUT, &path, Some(file)).await
}

async fn dispatch(town: &Town, order: &str, body: Value) -> anyhow::Result<(StatusCode, Value)> {
    let path = format!("{order}/dispatch");
    town.ask("dispatcher", Method::POST, &path, Some(&body)).await
}

/// Technicians of the other tests have no hours.
async fn only_mei(town: &Town) -> anyhow::Result<()> {
    let database = &town.workshop.app.database;
    for sql in ["DELETE FROM visits", "DELETE FROM technicians"] {
        sqlx::query(sql).execute(database).await?;
    }
    let (status, kept) = keep(town, "account-technician", &mei()).await?;
    assert_eq!(status, StatusCode::OK, "{kept}");
    Ok(())
}

#[tokio::test]
async fn the_best_visit_is_planned_within_working_hours_and_says_why() -> anyhow::Result<()> {
    for town in Town::each().await? {
        only_mei(&town).await?;
        let order = order(&town).await?;
        let (status, done) = dispatch(&town, &order, json!({})).await?;
        assert_eq!(status, StatusCode::CREATED, "{done}");
        // At eight in Berlin it is seven in UTC, and half an hour on the way to a site without a place.
        assert_eq!(done["visit"]["starts_at"], "2026-01-01T07:30:00Z");
        assert_eq!(done["visit"]["rule"], "auto-dispatch, planning policy version 0");
        let reasons = done["visit"]["reasons"].to_string();
        assert!(reasons.contains("has bearings") && reasons.contains("30 min"), "{reasons}");
    }
    Ok(())
}

#[tokio::test]
async fn when_nobody_can_go_it_says_of_everybody_why() -> anyhow::Result<()> {
    for town in Town::each().await? {
        only_mei(&town).await?;
        let mut file = mei();
        file["skills"] = json!([]);
        keep(&town, "account-technician", &file).await?;
        let (status, problem) = dispatch(&town, &order(&town).await?, json!({})).await?;
        assert_eq!(status, StatusCode::CONFLICT);
        assert_eq!(problem["detail"], "nobody can go: account-technician has not: bearings");
    }
    Ok(())
}

#[tokio::test]
async fn who_is_away_is_not_planned_until_the_absence_is_taken_back() -> anyhow::Result<()> {
    for town in Town::each().await? {
        only_mei(&town).await?;
        let path = "/api/v1/technicians/account-technician/absences";
        let away = json!({"from": "2026-01-01T00:00:00Z", "to": "2026-01-02T00:00:00Z",
            "reason": "training"});
        let (status, absence) = town.ask("dispatcher", Method::POST, path, Some(&away)).await?;
        assert_eq!(status, StatusCode::CREATED, "{absence}");
        let suggestions = format!("{}/suggestions", order(&town).await?);
        let first = |answer: Value| answer["suggestions"][0]["starts_at"].clone();
        let (_, answer) = town.ask("dispatcher", Method::GET, &suggestions, None).await?;
        assert_eq!(first(answer), "2026-01-02T07:30:00Z");
        let path = format!("{path}/{}", absence["id"].as_str().unwrap_or_default());
        town.ask("dispatcher", Method::DELETE, &path, None).await?;
        let (_, answer) = town.ask("dispatcher", Method::GET, &suggestions, None).await?;
        assert_eq!(first(answer), "2026-01-01T07:30:00Z");
    }
    Ok(())
}

#[tokio::test]
async fn an_emergency_makes_room_only_when_that_is_said_and_the_other_waits_again()
-> anyhow::Result<()> {
    for town in Town::each().await? {
        only_mei(&town).await?;
        let usual = order(&town).await?;
        let change = json!({"planned_minutes": 450, "why": "a long one"});
        town.change(&usual, 1, &change).await?;
        dispatch(&town, &usual, json!({})).await?;
        let emergency = order(&town).await?;
        town.change(&emergency, 1, &json!({"priority": "critical", "why": "it leaks"})).await?;
        let (_, later) = dispatch(&town, &emergency, json!({})).await?;
        assert_eq!(later["visit"]["starts_at"], "2026-01-02T07:30:00Z", "{later}");
        let off = json!({"to": "unscheduled", "why": "not soon enough"});
        let path = format!("{emergency}/transition");
        town.ask("dispatcher", Method::POST, &path, Some(&off)).await?;
        let (_, now) = dispatch(&town, &emergency, json!({"make_room": true})).await?;
        assert_eq!(now["visit"]["starts_at"], "2026-01-01T07:30:00Z", "{now}");
        let (_, usual) = town.ask("dispatcher", Method::GET, &usual, None).await?;
        assert_eq!(usual["state"], "unscheduled");
        assert_eq!(now["displaced"], json!([usual["id"]]));
    }
    Ok(())
}

#[tokio::test]
async fn dispatches_at_once_give_one_technician_one_place_at_a_time() -> anyhow::Result<()> {
    for town in Town::each().await? {
        only_mei(&town).await?;
        let mut orders = Vec::new();
        for _ in 0..6 {
            orders.push(order(&town).await?);
        }
        let all = orders.iter().map(|order| dispatch(&town, order, json!({})));
        let mut spans = Vec::new();
        for answer in futures_util::future::join_all(all).await {
            let (status, done) = answer?;
            assert_eq!(status, StatusCode::CREATED, "{done}");
            let at = |key: &str| done["visit"][key].as_str().unwrap_or_default().to_owned();
            spans.push((at("starts_at"), at("ends_at")));
        }
        spans.sort();
        assert!(spans.windows(2).all(|two| two[0].1 <= two[1].0), "{spans:?}");
    }
    Ok(())
}

#[tokio::test]
async fn the_planning_policy_has_versions_and_a_visit_names_the_one_that_weighed()
-> anyhow::Result<()> {
    for town in Town::each().await? {
        only_mei(&town).await?;
        let path = "/api/v1/planning-policy";
        let (_, page) = town.ask("manager", Method::GET, path, None).await?;
        let mut policy = page["items"][0]["policy"].clone();
        policy["unknown_way_minutes"] = json!(60);
        let wrong = json!({"policy": {"travel": -1}, "why": "w"});
        let (status, _) = town.ask("manager", Method::PUT, path, Some(&wrong)).await?;
        assert!(status.is_client_error());
        let new = json!({"policy": policy, "why": "the roads are bad"});
        let (status, version) = town.ask("manager", Method::PUT, path, Some(&new)).await?;
        assert_eq!((status, &version["version"]), (StatusCode::OK, &json!(1)));
        let (_, done) = dispatch(&town, &order(&town).await?, json!({})).await?;
        assert_eq!(done["visit"]["rule"], "auto-dispatch, planning policy version 1");
        assert_eq!(done["visit"]["starts_at"], "2026-01-01T08:00:00Z");
    }
    Ok(())
}
