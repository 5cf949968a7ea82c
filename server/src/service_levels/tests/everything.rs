//! What is promised about requests, returns, shipments, repairs and call-backs.

use super::*;

/// Chooses what holds where nothing else was chosen.
async fn by_default(town: &Town, policy: &str) -> anyhow::Result<()> {
    let path = format!("/api/v1/sla-policies/{policy}/default");
    let body = json!({"why": "agreed with the customers"});
    done(town, "manager", &path, body).await?;
    Ok(())
}

async fn done(town: &Town, who: &str, path: &str, body: Value) -> anyhow::Result<Value> {
    let (status, answer) = town.ask(who, Method::POST, path, Some(&body)).await?;
    assert!(status.is_success(), "{path} is answered with {status}: {answer}");
    Ok(answer)
}

async fn step(town: &Town, path: &str, to: &str, more: Value) -> anyhow::Result<Value> {
    let mut body = json!({"to": to, "why": "in a test"});
    if let (Some(body), Some(more)) = (body.as_object_mut(), more.as_object()) {
        body.extend(more.clone());
    }
    done(town, "admin", &format!("{path}/transition"), body).await
}

/// States of the clocks of something, the oldest first.
async fn states(town: &Town, kind: &str, id: &str) -> anyhow::Result<Vec<String>> {
    Ok(sqlx::query_scalar(
        "SELECT state FROM sla_clocks WHERE subject_kind = $1 AND subject_id = $2 ORDER BY id",
    )
    .bind(kind)
    .bind(id)
    .fetch_all(&town.workshop.app.database)
    .await?)
}

/// The clock of something that is still to be kept.
async fn live(town: &Town, kind: &str, id: &str) -> anyhow::Result<Value> {
    let path = format!("/api/v1/sla-clocks?subject_kind={kind}&subject_id={id}");
    Ok(show(town, &path).await?["items"][0].clone())
}

/// What dispatchers were told of promises.
async fn told(town: &Town) -> anyhow::Result<Vec<(String, String, String)>> {
    Ok(sqlx::query_as(
        "SELECT event, about_kind, path FROM outbox WHERE event LIKE 'sla_%' \
         AND recipient = 'role:dispatcher' ORDER BY id",
    )
    .fetch_all(&town.workshop.app.database)
    .await?)
}

async fn dispatchers_have_a_mailbox(town: &Town) -> anyhow::Result<()> {
    let body = json!({"owner_kind": "role", "owner": "dispatcher", "kind": "email",
        "address": "plan@example.com", "language": "en", "time_zone": "UTC", "why": "shared"});
    done(town, "admin", "/api/v1/notification-addresses", body).await?;
    Ok(())
}

/// Somebody telephones about the pump; answers the id of the request.
async fn call(town: &Town) -> anyhow::Result<String> {
    let body = json!({"channel": "phone", "name": "Kari", "text": "It leaks", "asset_id": "pump"});
    Ok(text(&done(town, "customer_service", "/api/v1/requests", body).await?, "id"))
}

async fn classify(town: &Town, request: &str) -> anyhow::Result<()> {
    let path = format!("/api/v1/requests/{request}/classification");
    let body = json!({"urgency": "general", "scope": "individual", "kind": "product_quality"});
    done(town, "customer_service", &path, body).await?;
    Ok(())
}

async fn write(town: &Town, request: &str, kind: &str) -> anyhow::Result<()> {
    let path = format!("/api/v1/requests/{request}/messages");
    done(town, "customer_service", &path, json!({"kind": kind, "text": "Since when?"})).await?;
    Ok(())
}

#[tokio::test]
async fn whoever_asks_hears_from_us_in_time_and_a_rejected_request_waits_for_nothing()
-> anyhow::Result<()> {
    for town in Town::each().await? {
        let asked = call(&town).await?;
        assert_eq!(live(&town, "request", &asked).await?["kind"], "first_response");
        classify(&town, &asked).await?;
        write(&town, &asked, "note").await?;
        assert_eq!(states(&town, "request", &asked).await?, ["running"], "nobody has written yet");
        write(&town, &asked, "question").await?;
        assert_eq!(states(&town, "request", &asked).await?, ["met"]);
        write(&town, &asked, "answer").await?;
        step(&town, &format!("/api/v1/requests/{asked}"), "closed", json!({})).await?;
        step(&town, &format!("/api/v1/requests/{asked}"), "classified", json!({})).await?;
        assert_eq!(states(&town, "request", &asked).await?, ["met", "running"], "they wait anew");
        let spam = call(&town).await?;
        step(&town, &format!("/api/v1/requests/{spam}"), "rejected", json!({})).await?;
        assert_eq!(states(&town, "request", &spam).await?, ["cancelled"]);
    }
    Ok(())
}

#[tokio::test]
async fn whose_request_becomes_a_ticket_does_not_wait_twice() -> anyhow::Result<()> {
    for town in Town::each().await? {
        let asked = call(&town).await?;
        let promised = live(&town, "request", &asked).await?;
        town.workshop.pass(2 * HOUR).await?;
        classify(&town, &asked).await?;
        let path = format!("/api/v1/requests/{asked}/ticket");
        let made = done(&town, "customer_service", &path, json!({})).await?;
        let ticket = text(&made, "ticket_id");
        let first = clock(&town, &ticket, "first_response").await?;
        for same in ["id", "started_at", "promised_due_at", "due_at"] {
            assert_eq!(first[same], promised[same], "{first}");
        }
        assert_eq!(state(&town, &ticket, "resolution").await?, "running");
        assert_eq!(live(&town, "request", &asked).await?, Value::Null);
        write(&town, &asked, "question").await?;
        assert_eq!(
            state(&town, &ticket, "first_response").await?,
            "met",
            "they have heard from us"
        );
        // Whoever has heard from us already waits for the solution only.
        let answered = call(&town).await?;
        classify(&town, &answered).await?;
        write(&town, &answered, "question").await?;
        let path = format!("/api/v1/requests/{answered}/ticket");
        let made = done(&town, "customer_service", &path, json!({"title": "Another"})).await?;
        let ticket = text(&made, "ticket_id");
        assert_eq!(clock(&town, &ticket, "first_response").await?, Value::Null);
        assert_eq!(state(&town, &ticket, "resolution").await?, "running");
    }
    Ok(())
}

#[tokio::test]
async fn a_return_is_handled_in_time_without_the_time_in_which_the_customer_has_it()
-> anyhow::Result<()> {
    for town in Town::each().await? {
        let body = json!({"kind": "return", "asset_id": "pump", "reason": "defective",
            "method": "pick_up"});
        let made = done(&town, "customer_service", "/api/v1/returns", body).await?;
        let (id, path) = (text(&made, "id"), format!("/api/v1/returns/{}", text(&made, "id")));
        step(&town, &path, "approved", json!({})).await?;
        step(&town, &path, "awaiting", json!({})).await?;
        town.workshop.pass(480 * HOUR).await?;
        assert_eq!(states(&town, "return", &id).await?, ["on_hold"]);
        step(&town, &path, "received", json!({})).await?;
        assert_eq!(states(&town, "return", &id).await?, ["running"]);
        step(&town, &path, "inspected", json!({})).await?;
        step(&town, &path, "repaired", json!({})).await?;
        let clock: (String, Option<i64>) = sqlx::query_as(
            "SELECT state, breached_at FROM sla_clocks WHERE subject_kind = 'return' \
             AND subject_id = $1",
        )
        .bind(&id)
        .fetch_one(&town.workshop.app.database)
        .await?;
        assert_eq!(clock, ("met".to_owned(), None));
    }
    Ok(())
}

#[tokio::test]
async fn news_of_a_shipment_keep_what_was_promised_and_promise_the_next_until_it_is_there()
-> anyhow::Result<()> {
    for town in Town::each().await? {
        by_default(&town, "B").await?;
        dispatchers_have_a_mailbox(&town).await?;
        let body = json!({"site_id": "site-own", "lines": [{"text": "Grease", "quantity": 1}]});
        let made = done(&town, "dispatcher", "/api/v1/shipments", body).await?;
        let (id, path) = (text(&made, "id"), format!("/api/v1/shipments/{}", text(&made, "id")));
        let yes = json!({"channel": "phone", "confirmed_by": "Ms Li"});
        done(&town, "dispatcher", &format!("{path}/confirmations"), yes).await?;
        step(&town, &path, "packed", json!({})).await?;
        assert!(states(&town, "shipment", &id).await?.is_empty(), "it is not on its way");
        step(&town, &path, "shipped", json!({})).await?;
        pass(&town, HOUR).await?;
        done(&town, "dispatcher", &format!("{path}/updates"), json!({"text": "Left Oslo"})).await?;
        assert_eq!(states(&town, "shipment", &id).await?, ["met", "running"]);
        assert_eq!(live(&town, "shipment", &id).await?["due_at"], "2026-01-01T03:00:00Z");
        for _ in 0..2 {
            pass(&town, 3 * HOUR).await?;
        }
        let late = ("sla_breached".to_owned(), "shipment".to_owned(), format!("/shipments/{id}"));
        assert_eq!(told(&town).await?, [late], "once, and with the way to it");
        step(&town, &path, "delivered", json!({})).await?;
        assert_eq!(states(&town, "shipment", &id).await?, ["met", "met"]);
    }
    Ok(())
}

#[tokio::test]
async fn a_repair_is_done_in_time_from_its_beginning_without_the_time_on_hold() -> anyhow::Result<()>
{
    for town in Town::each().await? {
        by_default(&town, "C").await?;
        let (id, path) = ("order-own", "/api/v1/work-orders/order-own");
        assert!(states(&town, "work_order", id).await?.is_empty());
        step(&town, path, "in_progress", json!({})).await?;
        assert_eq!(live(&town, "work_order", id).await?["due_at"], "2026-01-04T12:00:00Z");
        step(&town, path, "on_hold", json!({})).await?;
        town.workshop.pass(24 * HOUR).await?;
        step(&town, path, "unscheduled", json!({})).await?;
        assert_eq!(live(&town, "work_order", id).await?["due_at"], "2026-01-05T12:00:00Z");
        step(&town, path, "cancelled", json!({})).await?;
        assert_eq!(states(&town, "work_order", id).await?, ["cancelled"]);
    }
    Ok(())
}

#[tokio::test]
async fn a_call_back_that_was_promised_is_due_by_the_promise() -> anyhow::Result<()> {
    for town in Town::each().await? {
        by_default(&town, "B").await?;
        for to in ["diagnosing", "resolved", "closed"] {
            let more = json!({"despite_active_alarms": true});
            step(&town, "/api/v1/tickets/ticket-own", to, more).await?;
        }
        let (id, due_at): (String, i64) = sqlx::query_as(
            "SELECT id, due_at FROM call_backs WHERE ticket_id = 'ticket-own' AND created_at > 0",
        )
        .fetch_one(&town.workshop.app.database)
        .await?;
        let promised = live(&town, "call_back", &id).await?;
        assert_eq!(promised["due_at"], crate::time::rfc3339(due_at));
        let body = json!({"to": "reached", "outcome": "content"});
        let path = format!("/api/v1/call-backs/{id}");
        let (status, answer) = town.ask("admin", Method::PUT, &path, Some(&body)).await?;
        assert_eq!(status, StatusCode::OK, "{answer}");
        assert_eq!(states(&town, "call_back", &id).await?, ["met"]);
    }
    Ok(())
}

#[tokio::test]
async fn a_ticket_that_comes_back_while_its_work_is_on_hold_stands_still() -> anyhow::Result<()> {
    for town in Town::each().await? {
        let ticket = "/api/v1/tickets/ticket-own";
        sqlx::query("UPDATE work_orders SET state = 'on_hold', hold_reason = 'no part'")
            .execute(&town.workshop.app.database)
            .await?;
        step(&town, ticket, "resolved", json!({})).await?;
        sqlx::query(
            "INSERT INTO sla_clocks (id, subject_kind, subject_id, asset_id, kind, priority, policy, \
             policy_version, time_zone, target_s, due_soon_percent, state, started_at, due_at, \
             promised_due_at, met_at, version) VALUES ('kept', 'ticket', 'ticket-own', 'pump', \
             'resolution', 'medium', 'A', 1, 'UTC', 86400, 75, 'met', 1767225600000000, \
             1767312000000000, 1767312000000000, 1767225600000000, 1)",
        )
        .execute(&town.workshop.app.database)
        .await?;
        step(&town, ticket, "diagnosing", json!({})).await?;
        assert_eq!(state(&town, "ticket-own", "resolution").await?, "on_hold");
    }
    Ok(())
}

#[tokio::test]
async fn the_contract_of_the_customer_promises_also_what_is_about_no_machine() -> anyhow::Result<()>
{
    for town in Town::each().await? {
        sqlx::query(
            "INSERT INTO contracts (id, customer_id, name, from_at, to_at, sla_policy, \
             free_repair_days, created_at, version) \
             VALUES ('all', 'customer-own', 'Everything', 0, NULL, 'B', 0, 0, 1)",
        )
        .execute(&town.workshop.app.database)
        .await?;
        let body = json!({"channel": "phone", "name": "Kari", "text": "A question",
            "customer_id": "customer-own"});
        let asked = done(&town, "customer_service", "/api/v1/requests", body).await?;
        let clock = live(&town, "request", &text(&asked, "id")).await?;
        assert_eq!(
            (&clock["policy"], &clock["contract_name"]),
            (&json!("B"), &json!("Everything"))
        );
        // Whose it is may turn out later.
        let body = json!({"channel": "phone", "name": "Kari", "text": "A question"});
        let asked = done(&town, "customer_service", "/api/v1/requests", body).await?;
        let before = live(&town, "request", &text(&asked, "id")).await?;
        assert_eq!(before["policy"], "A");
        let path = format!("/api/v1/requests/{}", text(&asked, "id"));
        let link = json!({"customer_id": "customer-own", "why": "they said so"});
        let (status, answer) = town.change(&path, 1, &link).await?;
        assert_eq!(status, StatusCode::OK, "{answer}");
        let after = live(&town, "request", &text(&asked, "id")).await?;
        assert_eq!((&after["policy"], &after["id"]), (&json!("B"), &before["id"]));
        assert_eq!(after["promised_due_at"], before["promised_due_at"], "it stays on record");
        assert_ne!(after["due_at"], before["due_at"]);
    }
    Ok(())
}
