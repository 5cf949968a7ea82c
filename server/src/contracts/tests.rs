//! What a contract promises holds for the machines that it covers.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::access::tests::Town;
use crate::alarms::tests::HOUR;
use crate::time::rfc3339;

const PATH: &str = "/api/v1/contracts";

async fn agree(town: &Town, more: Value) -> anyhow::Result<Value> {
    let (status, made) = wanted(town, more).await?;
    assert_eq!(status, StatusCode::CREATED, "{made}");
    Ok(made)
}

async fn wanted(town: &Town, more: Value) -> anyhow::Result<(StatusCode, Value)> {
    let mut body = json!({"customer_id": "customer-own", "name": "Full service",
        "from": "2026-01-01T00:00:00Z", "sla_policy": "B"});
    if let (Some(body), Some(more)) = (body.as_object_mut(), more.as_object()) {
        body.extend(more.clone());
    }
    town.ask("manager", Method::POST, PATH, Some(&body)).await
}

/// The clocks of a new ticket of the town's own machine.
async fn promised(town: &Town) -> anyhow::Result<Vec<Value>> {
    let db = &town.workshop.app.database;
    for sql in
        ["UPDATE alarm_suspensions SET ended_at = 1", "UPDATE tickets SET state = 'cancelled'"]
    {
        sqlx::query(sql).execute(db).await?;
    }
    let signature = format!("at {}", town.workshop.now());
    town.workshop.raise(&signature, |new| new.signature = Some(signature.clone())).await?;
    town.workshop.pass(HOUR).await?;
    let tickets = town.workshop.tickets().await?;
    let ticket = tickets.iter().find(|t| t["signature"] == json!(signature));
    let id = ticket.and_then(|t| t["id"].as_str()).unwrap_or_default();
    let path = format!("/api/v1/tickets/{id}/sla-clocks");
    let (_, clocks) = town.ask("customer", Method::GET, &path, None).await?;
    Ok(clocks["items"].as_array().cloned().unwrap_or_default())
}

#[tokio::test]
async fn a_ticket_is_promised_what_the_contract_nearest_to_its_machine_says() -> anyhow::Result<()>
{
    for town in Town::each().await? {
        let clocks = promised(&town).await?;
        assert_eq!((&clocks[0]["policy"], &clocks[0]["contract_id"]), (&json!("A"), &Value::Null));
        let all = agree(&town, json!({"name": "All"})).await?;
        agree(&town, json!({"name": "Ended", "to": "2026-01-01T00:30:00Z"})).await?;
        agree(&town, json!({"name": "Later", "from": "2027-01-01T00:00:00Z"})).await?;
        let clocks = promised(&town).await?;
        assert_eq!(
            (&clocks[0]["policy"], &clocks[0]["contract_id"], &clocks[0]["contract_name"]),
            (&json!("B"), &all["id"], &json!("All"))
        );
        let site = json!({"name": "Site", "sites": ["site-own"], "sla_policy": "A"});
        let site = agree(&town, site).await?;
        assert_eq!(promised(&town).await?[0]["contract_id"], site["id"]);
        let machine = json!({"name": "Machine", "assets": ["pump"], "sla_policy": "B"});
        let machine = agree(&town, machine).await?;
        assert_eq!(promised(&town).await?[0]["contract_id"], machine["id"]);
        // The machine is sold: what its owner agreed on does not go with it.
        sqlx::query("UPDATE assets SET site_id = 'site-foreign' WHERE id = 'pump'")
            .execute(&town.workshop.app.database)
            .await?;
        sqlx::query(
            "INSERT INTO account_customers VALUES ('account-customer', 'customer-foreign')",
        )
        .execute(&town.workshop.app.database)
        .await?;
        assert_eq!(promised(&town).await?[0]["contract_id"], Value::Null);
    }
    Ok(())
}

#[tokio::test]
async fn a_contract_that_is_changed_leaves_what_was_promised() -> anyhow::Result<()> {
    for town in Town::each().await? {
        let made = agree(
            &town,
            json!({"price_a_year": {"minor": 120_000, "currency": "EUR"},
            "free_repair_days": 90, "assets": ["pump"]}),
        )
        .await?;
        let before = promised(&town).await?;
        let path = format!("{PATH}/{}", made["id"].as_str().unwrap_or_default());
        let other = json!({"sla_policy": "A", "assets": [], "why": "agreed anew"});
        let (status, changed) = town.change(&path, 1, &other).await?;
        assert_eq!((status, &changed["version"]), (StatusCode::OK, &json!(2)), "{changed}");
        assert_eq!((&changed["assets"], &changed["free_repair_days"]), (&json!([]), &json!(90)));
        let (status, _) = town.change(&path, 1, &json!({"to": null, "why": "w"})).await?;
        assert_eq!(status, StatusCode::PRECONDITION_FAILED);
        let (_, same) = town.change(&path, 2, &other).await?;
        assert_eq!(same["version"], 2, "nothing is changed");
        let ticket = before[0]["subject_id"].as_str().unwrap_or_default();
        let clocks = format!("/api/v1/tickets/{ticket}/sla-clocks");
        let (_, after) = town.ask("customer", Method::GET, &clocks, None).await?;
        assert_eq!(after["items"][0]["policy"], "B");
        assert_eq!(promised(&town).await?[0]["policy"], "A");
        let changes = format!(
            "/api/v1/changes?subject_kind=contract&subject_id={}",
            made["id"].as_str().unwrap_or_default()
        );
        let (_, page) = town.ask("admin", Method::GET, &changes, None).await?;
        assert_eq!(page["items"].as_array().map(Vec::len), Some(3), "{page}");
    }
    Ok(())
}

#[tokio::test]
async fn free_repairs_of_a_contract_lengthen_the_guarantee_window_of_what_is_closed_under_it()
-> anyhow::Result<()> {
    for town in Town::each().await? {
        let made = agree(&town, json!({"free_repair_days": 90})).await?;
        let ticket = town.close("ticket-own").await?;
        let days = |days: i64| json!(rfc3339(town.workshop.now() + days * 24 * HOUR));
        assert_eq!(ticket["probation_until"], days(90));
        // The machine's own window is longer than what is agreed anew.
        let path = format!("{PATH}/{}", made["id"].as_str().unwrap_or_default());
        let fewer = json!({"free_repair_days": 7, "why": "agreed anew"});
        let (status, _) = town.change(&path, 1, &fewer).await?;
        assert_eq!(status, StatusCode::OK);
        let (_, kept) =
            town.ask("manager", Method::GET, "/api/v1/tickets/ticket-own", None).await?;
        assert_eq!(kept["probation_until"], days(90), "what was promised stays");
        let clock = promised(&town).await?.remove(0);
        let later = town.close(clock["subject_id"].as_str().unwrap_or_default()).await?;
        assert_eq!(later["probation_until"], days(30));
    }
    Ok(())
}

#[tokio::test]
async fn what_no_contract_can_say_is_refused() -> anyhow::Result<()> {
    for town in Town::each().await? {
        for (more, with, says) in [
            (json!({"name": "own"}), StatusCode::CONFLICT, "already"),
            (json!({"to": "2025-01-01T00:00:00Z"}), StatusCode::BAD_REQUEST, "`from`"),
            (json!({"sla_policy": "Z"}), StatusCode::BAD_REQUEST, "`sla_policy`"),
            (json!({"free_repair_days": -1}), StatusCode::BAD_REQUEST, "`free_repair_days`"),
            (json!({"sites": ["site-foreign"]}), StatusCode::BAD_REQUEST, "`sites`"),
            (json!({"assets": ["chiller"]}), StatusCode::BAD_REQUEST, "`assets`"),
            (
                json!({"price_a_year": {"minor": 1, "currency": "euro"}}),
                StatusCode::BAD_REQUEST,
                "`price_a_year`",
            ),
            (json!({"customer_id": "no"}), StatusCode::NOT_FOUND, "customer"),
        ] {
            let (status, problem) = wanted(&town, more.clone()).await?;
            assert_eq!(status, with, "{more}: {problem}");
            assert!(problem["detail"].as_str().is_some_and(|d| d.contains(says)), "{problem}");
        }
    }
    Ok(())
}
