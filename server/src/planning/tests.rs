//! Auto-dispatch: who goes, why, and how it is undone.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use super::auto::auto_dispatch;
use crate::access::tests::Town;
use crate::limits::AUTO_DISPATCH_AGAIN_US;
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

async fn auto(town: &Town, how: &str, priorities: Value) -> anyhow::Result<()> {
    let path = "/api/v1/planning-policy";
    let (_, page) = town.ask("manager", Method::GET, path, None).await?;
    let mut policy = page["items"][0]["policy"].clone();
    policy["auto_dispatch"] = json!(how);
    policy["auto_dispatch_priorities"] = priorities;
    let new = json!({"policy": policy, "why": "there is much to do"});
    let (status, answer) = town.ask("manager", Method::PUT, path, Some(&new)).await?;
    assert_eq!(status, StatusCode::OK, "{answer}");
    Ok(())
}

async fn show(town: &Town, path: &str) -> anyhow::Result<Value> {
    Ok(town.ask("admin", Method::GET, path, None).await?.1)
}

/// What was written down about attempts for a work order.
async fn noted(town: &Town, order: &str) -> anyhow::Result<Vec<(String, String, String)>> {
    let id = order.rsplit('/').next().unwrap_or_default();
    let path = format!("/api/v1/changes?subject_kind=work_order&subject_id={id}");
    let changes = show(town, &path).await?;
    let of = |c: &Value, key: &str| c[key].as_str().unwrap_or_default().to_owned();
    let changes = changes["items"].as_array().cloned().unwrap_or_default();
    let noted = changes.iter().filter(|c| c["field"] == "auto_dispatch");
    Ok(noted.map(|c| (of(c, "to"), of(c, "why"), of(c, "rule"))).collect())
}

/// Ten minutes after ten minutes, two servers look.
async fn pass(town: &Town, times: usize) -> anyhow::Result<()> {
    for _ in 0..times {
        let app = &town.workshop.app;
        let (one, other) = tokio::join!(auto_dispatch(app), auto_dispatch(app));
        one?;
        other?;
        town.workshop.pass(AUTO_DISPATCH_AGAIN_US).await?;
    }
    Ok(())
}

async fn dispatchers_told(town: &Town) -> anyhow::Result<i64> {
    Ok(sqlx::query_scalar("SELECT count(*) FROM outbox WHERE event = 'dispatch_wanted'")
        .fetch_one(&town.workshop.app.database)
        .await?)
}

async fn robot(town: &Town) -> anyhow::Result<()> {
    let body = json!({"owner_kind": "role", "owner": "dispatcher", "kind": "email",
        "address": "plan@example.com", "language": "en", "time_zone": "UTC", "why": "shared"});
    town.ask("admin", Method::POST, "/api/v1/notification-addresses", Some(&body)).await?;
    Ok(())
}

#[tokio::test]
async fn what_waits_is_planned_by_itself_only_where_the_policy_says_so() -> anyhow::Result<()> {
    for town in Town::each().await? {
        only_mei(&town).await?;
        let order = order(&town).await?;
        let priority = show(&town, &order).await?["priority"].clone();
        pass(&town, 1).await?;
        assert_eq!(show(&town, &order).await?["state"], "unscheduled", "off is the default");
        auto(&town, "book", json!([])).await?;
        pass(&town, 1).await?;
        assert_eq!(show(&town, &order).await?["state"], "unscheduled", "not this priority");
        auto(&town, "book", json!([priority])).await?;
        pass(&town, 1).await?;
        assert_eq!(show(&town, &order).await?["state"], "scheduled");
        let id = order.rsplit('/').next().unwrap_or_default();
        let path = format!("/api/v1/visits?work_order={id}");
        let visits = show(&town, &path).await?;
        let visit = &visits["items"][0];
        assert_eq!(visit["rule"], "auto-dispatch, planning policy version 2");
        assert_eq!(visit["planned_by"], "auto-dispatch");
        // A dispatcher undoes it, and that holds.
        let body = json!({"to": "cancelled", "why": "Bo goes"});
        let path =
            format!("/api/v1/visits/{}/transition", visit["id"].as_str().unwrap_or_default());
        town.ask("dispatcher", Method::POST, &path, Some(&body)).await?;
        pass(&town, 2).await?;
        assert_eq!(show(&town, &order).await?["state"], "unscheduled");
    }
    Ok(())
}

#[tokio::test]
async fn that_nobody_can_go_is_written_down_and_told_once_and_tried_again() -> anyhow::Result<()> {
    for town in Town::each().await? {
        only_mei(&town).await?;
        robot(&town).await?;
        let mut file = mei();
        file["skills"] = json!([]);
        keep(&town, "account-technician", &file).await?;
        let order = order(&town).await?;
        auto(&town, "book", json!(["critical", "high", "medium", "low"])).await?;
        pass(&town, 3).await?;
        let noted = noted(&town, &order).await?;
        assert_eq!(noted.len(), 1, "{noted:?}");
        assert_eq!(noted[0].0, "failed");
        assert!(noted[0].1.contains("has not: bearings"), "{noted:?}");
        assert_eq!(noted[0].2, "auto-dispatch, planning policy version 1");
        assert_eq!(dispatchers_told(&town).await?, 1);
        keep(&town, "account-technician", &mei()).await?;
        pass(&town, 1).await?;
        assert_eq!(show(&town, &order).await?["state"], "scheduled", "somebody has learned it");
    }
    Ok(())
}

#[tokio::test]
async fn a_suggestion_is_made_once_and_plans_nothing() -> anyhow::Result<()> {
    for town in Town::each().await? {
        only_mei(&town).await?;
        robot(&town).await?;
        let order = order(&town).await?;
        auto(&town, "suggest", json!(["critical", "high", "medium", "low"])).await?;
        pass(&town, 3).await?;
        let noted = noted(&town, &order).await?;
        assert_eq!(noted.len(), 1, "{noted:?}");
        assert!(noted[0].1.starts_with("account-technician could go at 2026-01-01T07:30:00Z"));
        assert_eq!(dispatchers_told(&town).await?, 1);
        assert_eq!(show(&town, &order).await?["state"], "unscheduled");
    }
    Ok(())
}
