//! What shipments promise.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use super::lateness::attend;
use crate::access::tests::Town;
use crate::alarms::tests::HOUR;

const SHIPMENTS: &str = "/api/v1/shipments";

async fn order(town: &Town, more: Value) -> anyhow::Result<(StatusCode, Value)> {
    let mut body = json!({"site_id": "site-own", "depot_id": "depot-own",
        "lines": [{"part_id": "part-own", "quantity": 1}, {"text": "Grease", "quantity": 2}],
        "promised_at": "2026-01-01T10:00:00Z"});
    if let (Some(body), Some(more)) = (body.as_object_mut(), more.as_object()) {
        body.extend(more.clone());
    }
    town.ask("dispatcher", Method::POST, SHIPMENTS, Some(&body)).await
}

async fn ordered(town: &Town, more: Value) -> anyhow::Result<String> {
    let (status, shipment) = order(town, more).await?;
    assert_eq!(status, StatusCode::CREATED, "{shipment}");
    Ok(format!("{SHIPMENTS}/{}", shipment["id"].as_str().unwrap_or_default()))
}

async fn post(
    town: &Town,
    path: &str,
    what: &str,
    body: Value,
) -> anyhow::Result<(StatusCode, Value)> {
    town.ask("dispatcher", Method::POST, &format!("{path}/{what}"), Some(&body)).await
}

async fn step(town: &Town, path: &str, body: Value) -> anyhow::Result<(StatusCode, Value)> {
    let mut body = body;
    body["why"] = json!("in a test");
    post(town, path, "transition", body).await
}

async fn confirm(town: &Town, path: &str, channel: &str) -> anyhow::Result<Value> {
    let body = json!({"channel": channel, "confirmed_by": "Ms Li"});
    let (status, shipment) = post(town, path, "confirmations", body).await?;
    assert_eq!(status, StatusCode::CREATED, "{shipment}");
    Ok(shipment)
}

/// Confirms it, and takes the steps one after the other.
async fn walk(town: &Town, path: &str, steps: &[&str]) -> anyhow::Result<Value> {
    let mut shipment = confirm(town, path, "phone").await?;
    for to in steps {
        let (status, next) = step(town, path, json!({"to": to})).await?;
        assert_eq!(status, StatusCode::OK, "{to}: {next}");
        shipment = next;
    }
    Ok(shipment)
}

async fn get(town: &Town, who: &str, path: &str) -> anyhow::Result<Value> {
    Ok(town.ask(who, Method::GET, path, None).await?.1)
}

async fn on_hand(town: &Town) -> anyhow::Result<Value> {
    let path = "/api/v1/stock?part=part-own&depot=depot-own";
    Ok(get(town, "manager", path).await?["items"][0]["on_hand"].clone())
}

async fn told(town: &Town, event: &str) -> anyhow::Result<Vec<Value>> {
    let facts: Vec<String> =
        sqlx::query_scalar("SELECT facts FROM outbox WHERE event = $1 ORDER BY id")
            .bind(event)
            .fetch_all(&town.workshop.app.database)
            .await?;
    Ok(facts.iter().filter_map(|facts| serde_json::from_str(facts).ok()).collect())
}

async fn reach_contact(town: &Town) -> anyhow::Result<()> {
    sqlx::query("UPDATE contacts SET email = 'li@example.com' WHERE id = 'contact-own'")
        .execute(&town.workshop.app.database)
        .await?;
    Ok(())
}

#[tokio::test]
async fn from_the_order_to_the_delivery_the_customer_hears_and_follows_it() -> anyhow::Result<()> {
    for town in Town::each().await? {
        reach_contact(&town).await?;
        let path = ordered(&town, json!({})).await?;
        let (status, problem) = step(&town, &path, json!({"to": "confirmed"})).await?;
        assert_eq!(status, StatusCode::CONFLICT, "{problem}");
        confirm(&town, &path, "phone").await?;
        let shipment = confirm(&town, &path, "email").await?;
        assert_eq!(
            (&shipment["state"], &shipment["item"]),
            (&json!("confirmed"), &json!("Bearing (+1)"))
        );
        let channels: Vec<_> = shipment["confirmations"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|c| &c["channel"])
            .collect();
        assert_eq!(channels, ["phone", "email"]);
        step(&town, &path, json!({"to": "packed"})).await?;
        assert_eq!(on_hand(&town).await?, 1);
        let leaves = json!({"to": "shipped", "carrier": "Post", "tracking_number": "RR1"});
        assert_eq!(step(&town, &path, leaves).await?.0, StatusCode::OK);
        assert_eq!(on_hand(&town).await?, 0);
        let news = json!({"place": "Hamburg", "text": "left the harbour", "source": "Post"});
        assert_eq!(post(&town, &path, "updates", news).await?.0, StatusCode::CREATED);
        let earlier = json!({"text": "collected", "happened_at": "2025-12-31T20:00:00Z"});
        post(&town, &path, "updates", earlier).await?;
        let ahead = json!({"text": "t", "happened_at": "2026-01-02T00:00:00Z"});
        assert_eq!(post(&town, &path, "updates", ahead).await?.0, StatusCode::BAD_REQUEST);
        let (_, shipment) = step(&town, &path, json!({"to": "delivered"})).await?;
        assert_eq!(shipment["delivered_at"], "2026-01-01T00:00:00Z");
        let link = shipment["link"].as_str().unwrap_or_default();
        let seen = get(&town, "nobody", link).await?;
        assert_eq!(
            (&seen["state"], &seen["tracking_number"]),
            (&json!("delivered"), &json!("RR1"))
        );
        assert_eq!(seen["lines"][1], json!({"name": "Grease", "quantity": 2}));
        let texts: Vec<_> =
            seen["updates"].as_array().into_iter().flatten().map(|u| &u["text"]).collect();
        assert_eq!(texts, ["collected", "left the harbour"], "as it happened");
        assert_eq!(get(&town, "customer", &path).await?["id"], shipment["id"]);
        let told = told(&town, "shipment_update").await?;
        let told: Vec<_> = told.iter().map(|facts| &facts["status"]).collect();
        assert_eq!(
            told,
            [
                "shipment_confirmed",
                "shipment_packed",
                "shipment_shipped",
                "Hamburg: left the harbour",
                "collected",
                "shipment_delivered"
            ]
        );
    }
    Ok(())
}

#[tokio::test]
async fn what_is_not_in_stock_does_not_leave() -> anyhow::Result<()> {
    for town in Town::each().await? {
        let more = json!({"lines": [{"part_id": "part-own", "quantity": 2}]});
        let path = ordered(&town, more).await?;
        walk(&town, &path, &["packed"]).await?;
        let (status, problem) = step(&town, &path, json!({"to": "shipped"})).await?;
        assert_eq!(status, StatusCode::CONFLICT);
        assert!(problem["detail"].to_string().contains("own shelf has 1"), "{problem}");
        assert_eq!(get(&town, "manager", &path).await?["state"], "packed");
        let nowhere = ordered(&town, json!({"depot_id": null})).await?;
        walk(&town, &nowhere, &["packed"]).await?;
        let (status, problem) = step(&town, &nowhere, json!({"to": "shipped"})).await?;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{problem}");
    }
    Ok(())
}

#[tokio::test]
async fn one_that_failed_goes_out_again_without_taking_stock_twice_or_comes_back_to_a_depot()
-> anyhow::Result<()> {
    for town in Town::each().await? {
        let path = ordered(&town, json!({})).await?;
        walk(&town, &path, &["packed", "shipped", "failed", "shipped", "failed"]).await?;
        assert_eq!(on_hand(&town).await?, 0);
        let wrong = json!({"to": "shipped", "depot_id": "no"});
        assert_eq!(step(&town, &path, wrong).await?.0, StatusCode::OK, "it has left already");
        step(&town, &path, json!({"to": "failed"})).await?;
        let back = json!({"to": "closed", "depot_id": "depot-own"});
        let (status, shipment) = step(&town, &path, back).await?;
        assert_eq!(status, StatusCode::OK, "{shipment}");
        assert_eq!(on_hand(&town).await?, 1);
    }
    Ok(())
}

#[tokio::test]
async fn a_broken_promise_is_noticed_once_and_somebody_has_to_promise_anew() -> anyhow::Result<()> {
    for town in Town::each().await? {
        reach_contact(&town).await?;
        let app = &town.workshop.app;
        let path = ordered(&town, json!({})).await?;
        let punctual = ordered(&town, json!({})).await?;
        walk(&town, &punctual, &["packed", "shipped", "delivered"]).await?;
        let none = ordered(&town, json!({"promised_at": null})).await?;
        assert_eq!(attend(app).await?, Some(town.workshop.now() + 10 * HOUR));
        town.workshop.pass(10 * HOUR).await?;
        // Several servers look at the same moment.
        for next in futures_util::future::join_all((0..4).map(|_| attend(app))).await {
            next?;
        }
        assert_eq!(attend(app).await?, None);
        let late = told(&town, "shipment_late").await?;
        assert_eq!(late.len(), 1, "{late:?}");
        let page = get(&town, "manager", &format!("{SHIPMENTS}?late=true")).await?;
        assert_eq!(page["items"].as_array().map(Vec::len), Some(1));
        for wrong in [
            json!({"text": "", "promised_at": "2026-01-02T00:00:00Z"}),
            json!({"text": "t", "promised_at": "2026-01-01T09:00:00Z"}),
        ] {
            assert_eq!(post(&town, &path, "plans", wrong).await?.0, StatusCode::BAD_REQUEST);
        }
        let plan = json!({"text": "A courier brings it tomorrow", "promised_at": "2026-01-02T12:00:00Z",
            "compensation": {"minor": 500, "currency": "EUR"}});
        let (status, shipment) = post(&town, &path, "plans", plan.clone()).await?;
        assert_eq!(status, StatusCode::CREATED, "{shipment}");
        assert_eq!(
            (&shipment["late"], &shipment["promised_at"]),
            (&json!(false), &plan["promised_at"])
        );
        let first = &shipment["promises"][0];
        assert_eq!(
            (&first["promised_at"], &first["late_at"]),
            (&json!("2026-01-01T10:00:00Z"), &json!("2026-01-01T10:00:00Z"))
        );
        assert_eq!(shipment["promises"][1]["compensation"]["minor"], 500);
        let seen = get(&town, "nobody", shipment["link"].as_str().unwrap_or_default()).await?;
        assert_eq!((&seen["plan"], &seen["late"]), (&plan["text"], &json!(false)));
        // The new promise can be broken as well.
        town.workshop.pass(30 * HOUR).await?;
        attend(app).await?;
        attend(app).await?;
        assert_eq!(told(&town, "shipment_late").await?.len(), 2);
        let (status, _) = post(&town, &punctual, "plans", plan).await?;
        assert_eq!(status, StatusCode::BAD_REQUEST, "that is behind");
        let ahead = json!({"text": "t", "promised_at": "2026-02-01T00:00:00Z"});
        assert_eq!(post(&town, &punctual, "plans", ahead.clone()).await?.0, StatusCode::CONFLICT);
        assert_eq!(post(&town, &none, "plans", ahead).await?.0, StatusCode::CREATED);
    }
    Ok(())
}

#[tokio::test]
async fn a_shipment_is_somebodys_and_of_things_that_are_there() -> anyhow::Result<()> {
    for town in Town::each().await? {
        for (body, with) in [
            (json!({"lines": []}), StatusCode::BAD_REQUEST),
            (json!({"lines": [{"quantity": 1}]}), StatusCode::BAD_REQUEST),
            (json!({"lines": [{"text": "t", "quantity": 0}]}), StatusCode::BAD_REQUEST),
            (json!({"lines": [{"part_id": "no", "quantity": 1}]}), StatusCode::NOT_FOUND),
            (json!({"site_id": null}), StatusCode::BAD_REQUEST),
            (json!({"site_id": "no"}), StatusCode::NOT_FOUND),
            (json!({"depot_id": "no"}), StatusCode::NOT_FOUND),
            (json!({"work_order_id": "no"}), StatusCode::NOT_FOUND),
            (json!({"return_id": "no"}), StatusCode::NOT_FOUND),
            (json!({"customer_id": "customer-foreign"}), StatusCode::BAD_REQUEST),
            (json!({"promised_at": "2025-12-31T00:00:00Z"}), StatusCode::BAD_REQUEST),
        ] {
            let (status, problem) = order(&town, body.clone()).await?;
            assert_eq!(status, with, "{body}: {problem}");
        }
        let of_work = json!({"site_id": null, "work_order_id": "order-own"});
        let (status, shipment) = order(&town, of_work).await?;
        assert_eq!(
            (status, &shipment["customer_id"]),
            (StatusCode::CREATED, &json!("customer-own"))
        );
        let path = format!("{SHIPMENTS}/{}", shipment["id"].as_str().unwrap_or_default());
        let change = json!({"carrier": "Rail", "why": "cheaper"});
        let (status, changed) = town.change(&path, 1, &change).await?;
        assert_eq!((status, &changed["carrier"]), (StatusCode::OK, &json!("Rail")));
        assert_eq!(town.change(&path, 1, &change).await?.0, StatusCode::PRECONDITION_FAILED);
    }
    Ok(())
}
