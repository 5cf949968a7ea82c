//! Who has learnt what.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::access::tests::Town;
use crate::alarms::tests::HOUR;

const DAY: i64 = 24 * HOUR;

async fn course(town: &Town, more: Value) -> anyhow::Result<Value> {
    let mut body = json!({"name": "Cold work", "roles": ["technician", "engineer"],
        "skills": ["refrigeration"], "valid_months": 12, "pass_from": 80, "why": "the law"});
    if let (Some(body), Some(more)) = (body.as_object_mut(), more.as_object()) {
        body.extend(more.clone());
    }
    let (status, made) = town.ask("quality", Method::POST, "/api/v1/courses", Some(&body)).await?;
    assert_eq!(status, StatusCode::CREATED, "{made}");
    Ok(made)
}

async fn assess(
    town: &Town,
    course: &Value,
    account: &str,
    more: Value,
) -> anyhow::Result<(StatusCode, Value)> {
    let mut body = json!({"course_id": course["id"], "account_id": account,
        "at": "2025-12-31T10:00:00Z", "note": "folder 7"});
    if let (Some(body), Some(more)) = (body.as_object_mut(), more.as_object()) {
        body.extend(more.clone());
    }
    town.ask("engineer", Method::POST, "/api/v1/training-records", Some(&body)).await
}

async fn get(town: &Town, who: &str, path: &str) -> anyhow::Result<Value> {
    let (status, answer) = town.ask(who, Method::GET, path, None).await?;
    assert_eq!(status, StatusCode::OK, "{path}: {answer}");
    Ok(answer)
}

#[tokio::test]
async fn the_score_says_whether_a_course_is_passed_and_the_course_for_how_long()
-> anyhow::Result<()> {
    for town in Town::each().await? {
        let course = course(&town, json!({})).await?;
        let account = "account-technician";
        let (status, _) = assess(&town, &course, account, json!({"passed": true})).await?;
        assert_eq!(status, StatusCode::BAD_REQUEST, "without a score");
        let (_, failed) = assess(&town, &course, account, json!({"score": 79})).await?;
        assert_eq!((&failed["passed"], &failed["expires_at"]), (&json!(false), &Value::Null));
        let (_, passed) =
            assess(&town, &course, account, json!({"score": 80, "assessor": "Ada"})).await?;
        assert_eq!(
            (&passed["passed"], &passed["expires_at"], &passed["assessor"]),
            (&json!(true), &json!("2026-12-31T10:00:00Z"), &json!("Ada"))
        );
        let ahead = json!({"score": 80, "at": "2026-01-02T00:00:00Z"});
        assert_eq!(assess(&town, &course, account, ahead).await?.0, StatusCode::BAD_REQUEST);
        let customer = assess(&town, &course, "account-customer", json!({"score": 80})).await?;
        assert_eq!(customer.0, StatusCode::BAD_REQUEST);
        let own = get(&town, "technician", "/api/v1/own-training-records").await?;
        assert_eq!(own["items"].as_array().map(Vec::len), Some(2));
        let others = get(&town, "dispatcher", "/api/v1/own-training-records").await?;
        assert_eq!(others["items"], json!([]));
    }
    Ok(())
}

#[tokio::test]
async fn coverage_is_the_share_of_a_role_with_a_valid_pass_and_names_who_is_missing()
-> anyhow::Result<()> {
    for town in Town::each().await? {
        sqlx::query("UPDATE accounts SET state = 'disabled' WHERE id = 'foreign-technician'")
            .execute(&town.workshop.app.database)
            .await?;
        let course = course(&town, json!({})).await?;
        assess(&town, &course, "account-technician", json!({"score": 90})).await?;
        assess(&town, &course, "own-technician", json!({"score": 10})).await?;
        let path = "/api/v1/training-coverage?role=technician";
        let coverage = get(&town, "quality", path).await?;
        assert_eq!(coverage["goal_percent"], 100.0);
        assert_eq!(coverage["goal_of"], "service level policy A version 1");
        let line = &coverage["courses"][0];
        assert_eq!(
            (&line["people"], &line["covered"], &line["assessed"], &line["percent"]),
            (&json!(2), &json!(1), &json!(2), &json!(50.0)),
            "{line}"
        );
        assert_eq!(line["missing"][0]["account_id"], "own-technician");
        assert_eq!(line["missing"][0]["expired_at"], Value::Null);
        town.workshop.pass(365 * DAY).await?;
        let line = &get(&town, "quality", path).await?["courses"][0];
        assert_eq!((&line["covered"], &line["assessed"]), (&json!(0), &json!(0)), "a year later");
        let missing = line["missing"].as_array().cloned().unwrap_or_default();
        let expired = missing.iter().find(|m| m["account_id"] == "account-technician");
        assert_eq!(expired.map(|m| &m["expired_at"]), Some(&json!("2026-12-31T10:00:00Z")));
        // What was, is still told.
        let then = format!("{path}&at=2026-01-01T00:00:00Z");
        assert_eq!(get(&town, "quality", &then).await?["courses"][0]["covered"], 1);
    }
    Ok(())
}

#[tokio::test]
async fn without_a_goal_of_the_service_levels_that_of_the_training_policy_holds()
-> anyhow::Result<()> {
    for town in Town::each().await? {
        let why = json!({"why": "another contract"});
        town.ask("manager", Method::POST, "/api/v1/sla-policies/B/default", Some(&why)).await?;
        let policy = json!({"policy": {"coverage_percent": 40.0}, "why": "to begin with"});
        town.ask("quality", Method::PUT, "/api/v1/training-policy", Some(&policy)).await?;
        let course = course(&town, json!({"roles": ["engineer"], "pass_from": null})).await?;
        assess(&town, &course, "account-engineer", json!({"passed": true})).await?;
        let coverage = get(&town, "manager", "/api/v1/training-coverage").await?;
        assert_eq!(coverage["goal_of"], "training policy version 1");
        assert_eq!(
            (&coverage["goal_percent"], &coverage["courses"][0]["meets_goal"]),
            (&json!(40.0), &json!(true))
        );
    }
    Ok(())
}

#[tokio::test]
async fn a_valid_pass_proves_skills_beside_those_that_are_planned_with() -> anyhow::Result<()> {
    for town in Town::each().await? {
        sqlx::query(
            "UPDATE technicians SET hours = '{\"time_zone\": \"UTC\", \"schedule\": {\"week\": {}}}'",
        )
        .execute(&town.workshop.app.database)
        .await?;
        let course = course(&town, json!({})).await?;
        let (_, record) = assess(&town, &course, "own-technician", json!({"score": 90})).await?;
        let proven = || async {
            let list = get(&town, "dispatcher", "/api/v1/technicians").await?;
            let items = list["items"].as_array().cloned().unwrap_or_default();
            let own = items.into_iter().find(|t| t["account_id"] == "own-technician");
            anyhow::Ok(own.unwrap_or_default())
        };
        let own = proven().await?;
        assert_eq!(
            (&own["skills"], &own["proven_skills"]),
            (&json!([]), &json!(["refrigeration"]))
        );
        let path = format!(
            "/api/v1/training-records/{}/withdraw",
            record["id"].as_str().unwrap_or_default()
        );
        let why = json!({"why": "it was somebody else"});
        let (status, withdrawn) = town.ask("quality", Method::POST, &path, Some(&why)).await?;
        assert_eq!(status, StatusCode::OK);
        assert_ne!(withdrawn["withdrawn_at"], Value::Null);
        assert_eq!(proven().await?["proven_skills"], json!([]));
    }
    Ok(())
}

#[tokio::test]
async fn a_course_is_changed_by_whoever_has_seen_its_newest_version() -> anyhow::Result<()> {
    for town in Town::each().await? {
        let made = course(&town, json!({})).await?;
        assert_eq!(made["roles"].as_array().map(Vec::len), Some(2));
        let path = format!("/api/v1/courses/{}", made["id"].as_str().unwrap_or_default());
        let body =
            json!({"name": "Cold work", "roles": ["technician"], "active": false, "why": "w"});
        let (status, changed) = town.ask("quality", Method::PUT, &path, Some(&body)).await?;
        assert_eq!(status, StatusCode::OK, "{changed}");
        assert_eq!((&changed["version"], &changed["roles"]), (&json!(2), &json!(["technician"])));
        assert_eq!(get(&town, "technician", "/api/v1/courses").await?["items"], json!([]));
        let twice = json!({"name": "Cold work", "roles": [], "why": "w"});
        let (status, _) =
            town.ask("quality", Method::POST, "/api/v1/courses", Some(&twice)).await?;
        assert_eq!(status, StatusCode::CONFLICT);
    }
    Ok(())
}
