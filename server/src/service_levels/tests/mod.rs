//! Promises, on both databases, with a clock that the test moves. It is 2026-01-01T00:00:00Z, a
//! Thursday, when they begin.

mod changes;
mod everything;
mod notices;
mod policies;
mod tickets;

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use super::attending::attend;
use crate::access::tests::Town;
use crate::alarms::tests::HOUR;

/// An alarm opens a ticket; answers its id.
async fn ticket(town: &Town) -> anyhow::Result<String> {
    // The town's machine is being maintained, which hides its alarms.
    sqlx::query("UPDATE alarm_suspensions SET ended_at = 1")
        .execute(&town.workshop.app.database)
        .await?;
    town.workshop.raise("deviation", |_| {}).await?;
    let tickets = town.workshop.tickets().await?;
    let opened = tickets.iter().find(|t| t["signature"] == "deviation");
    Ok(opened.map(|t| text(t, "id")).unwrap_or_default())
}

/// The newest clock of a kind.
async fn clock(town: &Town, ticket: &str, kind: &str) -> anyhow::Result<Value> {
    let clocks = show(town, &format!("/api/v1/tickets/{ticket}/sla-clocks")).await?;
    let clocks = clocks["items"].as_array().cloned().unwrap_or_default();
    Ok(clocks.into_iter().rev().find(|c| c["kind"] == kind).unwrap_or_default())
}

/// State of the newest clock of a kind.
async fn state(town: &Town, ticket: &str, kind: &str) -> anyhow::Result<String> {
    Ok(text(&clock(town, ticket, kind).await?, "state"))
}

/// Time passes, and promises are looked after.
async fn pass(town: &Town, us: i64) -> anyhow::Result<Option<i64>> {
    town.workshop.pass(us).await?;
    Ok(attend(&town.workshop.app).await?)
}

async fn show(town: &Town, path: &str) -> anyhow::Result<Value> {
    let (status, body) = town.ask("admin", Method::GET, path, None).await?;
    assert_eq!(status, StatusCode::OK, "{path}: {body}");
    Ok(body)
}

async fn put(town: &Town, path: &str, content: Value) -> anyhow::Result<(StatusCode, Value)> {
    let body = json!({"content": content, "why": "agreed with the customer"});
    town.ask("manager", Method::PUT, path, Some(&body)).await
}

/// Changes what policy A says about resolution, in hours of a calendar.
async fn resolve_within(town: &Town, hours: i64, calendar: &str) -> anyhow::Result<()> {
    let target = json!({"kind": "resolution", "seconds": hours * 3_600, "calendar": calendar});
    let policy = json!({"targets": [target], "due_soon_percent": 50});
    let (status, answer) = put(town, "/api/v1/sla-policies/A", policy).await?;
    assert_eq!(status, StatusCode::OK, "{answer}");
    Ok(())
}

async fn post(town: &Town, path: &str, body: Value) -> anyhow::Result<(StatusCode, Value)> {
    town.ask("dispatcher", Method::POST, path, Some(&body)).await
}

/// Address of something that is done to a clock.
fn act(clock: &Value, what: &str) -> String {
    format!("/api/v1/sla-clocks/{}/{what}", text(clock, "id"))
}

fn text(value: &Value, key: &str) -> String {
    value[key].as_str().unwrap_or_default().to_owned()
}
