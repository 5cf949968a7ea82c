//! What requests from readings promise.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::access::tests::Town;

/// Towns whose machines nobody is working at: maintenance hides alarms, and what is hidden opens nothing.
async fn towns() -> anyhow::Result<Vec<Town>> {
    let towns = Town::each().await?;
    for town in &towns {
        sqlx::query("DELETE FROM alarm_suspensions").execute(&town.workshop.app.database).await?;
    }
    Ok(towns)
}

async fn from_readings(town: &Town) -> anyhow::Result<Vec<Value>> {
    let (status, page) = town.ask("admin", Method::GET, "/api/v1/requests", None).await?;
    assert_eq!(status, StatusCode::OK, "{page}");
    let items = page["items"].as_array().cloned().unwrap_or_default();
    Ok(items.into_iter().filter(|r| r["channel"] == "readings").collect())
}

async fn policy(town: &Town, requests: bool, tell: bool) -> anyhow::Result<()> {
    let policy = json!({"requests_from_readings": requests, "tell_customers": tell});
    let body = json!({"policy": policy, "why": "in a test"});
    let (status, said) =
        town.ask("admin", Method::PUT, "/api/v1/intake-policy", Some(&body)).await?;
    assert_eq!(status, StatusCode::OK, "{said}");
    Ok(())
}

async fn count(town: &Town, sql: &'static str) -> anyhow::Result<i64> {
    Ok(sqlx::query_scalar(sql).fetch_one(&town.workshop.app.database).await?)
}

const TOLD: &str = "SELECT count(*) FROM outbox WHERE about_kind = 'request'";

#[tokio::test]
async fn an_alarm_of_a_customers_machine_becomes_one_request_that_they_follow() -> anyhow::Result<()>
{
    for town in towns().await? {
        town.workshop.raise("flow", |_| {}).await?;
        town.workshop.raise("pressure", |_| {}).await?;
        let made = from_readings(&town).await?;
        let [request] = made.as_slice() else { panic!("one request: {made:?}") };
        assert_eq!(
            (&request["state"], &request["customer_id"], &request["subject"]),
            (&json!("ticketed"), &json!("customer-own"), &json!("flow is high"))
        );
        assert_eq!(
            (&request["asset_id"], &request["priority"]),
            (&json!("pump"), &json!("normal"))
        );
        let path = format!("/api/v1/requests/{}", request["id"].as_str().unwrap_or_default());
        let (_, shown) = town.ask("admin", Method::GET, &path, None).await?;
        let link = shown["link"].as_str().unwrap_or_default();
        let (status, followed) = town.ask("nobody", Method::GET, link, None).await?;
        assert_eq!((status, &followed["state"]), (StatusCode::OK, &json!("in_progress")));
        let id = request["id"].as_str().unwrap_or_default();
        let changes = format!("/api/v1/changes?subject_kind=request&subject_id={id}");
        let (_, page) = town.ask("admin", Method::GET, &changes, None).await?;
        for change in page["items"].as_array().into_iter().flatten() {
            assert_eq!(
                (&change["who"], &change["rule"]),
                (&json!("detection"), &json!("requests.from_readings"))
            );
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_recurrence_brings_no_second_request() -> anyhow::Result<()> {
    for town in towns().await? {
        town.workshop.raise("flow", |_| {}).await?;
        let [first] = from_readings(&town).await?.try_into().unwrap();
        let ticket = first["ticket_id"].as_str().unwrap_or_default().to_owned();
        town.workshop.clear("flow").await?;
        sqlx::query("UPDATE tickets SET state = 'closed', probation_until = $2 WHERE id = $1")
            .bind(&ticket)
            .bind(i64::MAX)
            .execute(&town.workshop.app.database)
            .await?;
        town.workshop.raise("pressure", |_| {}).await?;
        let tickets = town.workshop.tickets().await?;
        assert!(tickets.iter().any(|t| t["id"] == ticket.as_str() && t["state"] == "open"));
        assert_eq!(from_readings(&town).await?.len(), 1);
    }
    Ok(())
}

#[tokio::test]
async fn with_the_policy_off_or_without_a_customer_readings_make_no_request() -> anyhow::Result<()>
{
    for town in towns().await? {
        policy(&town, false, false).await?;
        town.workshop.raise("flow", |_| {}).await?;
        policy(&town, true, false).await?;
        sqlx::query("UPDATE assets SET site_id = NULL WHERE id = 'pump'")
            .execute(&town.workshop.app.database)
            .await?;
        let other = |new: &mut crate::alarms::Raise| new.signature = Some("leak".to_owned());
        town.workshop.raise("leak", other).await?;
        let tickets = "SELECT count(*) FROM tickets WHERE asset_id = 'pump' AND signature <> 's'";
        assert_eq!(count(&town, tickets).await?, 2);
        assert_eq!(from_readings(&town).await?.len(), 0);
    }
    Ok(())
}

#[tokio::test]
async fn a_customer_hears_of_it_only_when_the_policy_says_so_and_no_clock_runs_for_it()
-> anyhow::Result<()> {
    for town in towns().await? {
        sqlx::query("UPDATE contacts SET email = 'kari@nordic.no' WHERE id = 'contact-own'")
            .execute(&town.workshop.app.database)
            .await?;
        town.workshop.raise("flow", |_| {}).await?;
        assert_eq!(count(&town, TOLD).await?, 0);
        policy(&town, true, true).await?;
        let other = |new: &mut crate::alarms::Raise| new.signature = Some("leak".to_owned());
        town.workshop.raise("leak", other).await?;
        assert_eq!(count(&town, TOLD).await?, 1);
        let clocks = "SELECT count(*) FROM sla_clocks WHERE subject_kind = 'request'";
        assert_eq!(count(&town, clocks).await?, 0);
    }
    Ok(())
}

#[tokio::test]
async fn what_readings_asked_is_taken_back_by_a_person_in_two_steps() -> anyhow::Result<()> {
    for town in towns().await? {
        town.workshop.raise("flow", |_| {}).await?;
        let [request] = from_readings(&town).await?.try_into().unwrap();
        let path = format!("/api/v1/requests/{}", request["id"].as_str().unwrap_or_default());
        for to in ["classified", "rejected"] {
            let step = json!({"to": to, "why": "a false alarm"});
            let (status, said) =
                town.ask("admin", Method::POST, &format!("{path}/transition"), Some(&step)).await?;
            assert_eq!((status, &said["state"]), (StatusCode::OK, &json!(to)), "{said}");
        }
        let running = "SELECT count(*) FROM sla_clocks WHERE subject_kind = 'request' \
             AND state IN ('running', 'due_soon', 'breached')";
        assert_eq!(count(&town, running).await?, 0, "nobody waits for an answer");
    }
    Ok(())
}
