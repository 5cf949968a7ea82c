//! How customers are reminded. It is 2026-01-01T00:00:00Z when they begin.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use super::attending::attend;
use crate::access::tests::Town;
use crate::alarms::tests::HOUR;

const DAY: i64 = 24 * HOUR;

async fn get(town: &Town, path: &str) -> anyhow::Result<Value> {
    let (status, answer) = town.ask("manager", Method::GET, path, None).await?;
    assert_eq!(status, StatusCode::OK, "{path}: {answer}");
    Ok(answer)
}

/// The house decides to remind its customers; the customer's contact gets an address, and the pump a date
/// of purchase.
async fn bought(town: &Town, at: &str) -> anyhow::Result<()> {
    let mut policy = get(town, "/api/v1/care-policy").await?["items"][0]["policy"].take();
    policy["active"] = json!(true);
    let body = json!({"policy": policy, "why": "customers asked for it"});
    let (status, made) =
        town.ask("manager", Method::PUT, "/api/v1/care-policy", Some(&body)).await?;
    assert_eq!(status, StatusCode::OK, "{made}");
    sqlx::query("UPDATE contacts SET email = 'li@example.com', language = 'zh-Hans' WHERE id = 'contact-own'")
        .execute(&town.workshop.app.database)
        .await?;
    let body = json!({"purchased_at": at, "why": "from the invoice"});
    let (status, asset) = town.change("/api/v1/assets/pump", 1, &body).await?;
    assert_eq!((status, &asset["purchased_at"]), (StatusCode::OK, &json!(at)), "{asset}");
    Ok(())
}

/// Time passes, and reminders are looked after.
async fn pass(town: &Town, us: i64) -> anyhow::Result<()> {
    town.workshop.pass(us).await?;
    Ok(attend(&town.workshop.app).await?)
}

/// Rules and states of the reminders that were not seeded, the one that is due first at the top.
async fn reminders(town: &Town) -> anyhow::Result<Vec<(String, String)>> {
    let list = get(town, "/api/v1/care-reminders").await?;
    let mut items = list["items"].as_array().cloned().unwrap_or_default();
    items.retain(|item| item["rule"] != "seeded");
    items.reverse();
    let text = |v: &Value| v.as_str().unwrap_or_default().to_owned();
    Ok(items.iter().map(|i| (text(&i["rule"]), text(&i["state"]))).collect())
}

async fn messages(town: &Town) -> anyhow::Result<Vec<(String, String)>> {
    Ok(sqlx::query_as(
        "SELECT recipient, facts FROM outbox WHERE event = 'care_reminder' ORDER BY id",
    )
    .fetch_all(&town.workshop.app.database)
    .await?)
}

async fn withdraw(town: &Town, rule: &str) -> anyhow::Result<(StatusCode, Value)> {
    let id: String = sqlx::query_scalar("SELECT id FROM care_reminders WHERE rule = $1")
        .bind(rule)
        .fetch_one(&town.workshop.app.database)
        .await?;
    let body = json!({"why": "we have just been there"});
    let path = format!("/api/v1/care-reminders/{id}/withdraw");
    town.ask("customer_service", Method::POST, &path, Some(&body)).await
}

fn pairs<const N: usize>(pairs: [(&str, &str); N]) -> Vec<(String, String)> {
    pairs.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect()
}

#[tokio::test]
async fn nobody_is_reminded_before_somebody_has_decided_it() -> anyhow::Result<()> {
    for town in Town::each().await? {
        sqlx::query("UPDATE contacts SET email = 'li@example.com'")
            .execute(&town.workshop.app.database)
            .await?;
        let body = json!({"purchased_at": "2025-12-18T00:00:00Z", "why": "from the invoice"});
        town.change("/api/v1/assets/pump", 1, &body).await?;
        pass(&town, DAY).await?;
        assert_eq!((reminders(&town).await?, messages(&town).await?), (vec![], vec![]));
    }
    Ok(())
}

#[tokio::test]
async fn a_reminder_is_planned_ahead_and_sent_once_in_the_contacts_language_at_the_sites_morning()
-> anyhow::Result<()> {
    for town in Town::each().await? {
        bought(&town, "2025-12-31T00:00:00Z").await?;
        pass(&town, 0).await?;
        assert_eq!(reminders(&town).await?, pairs([("welcome", "planned")]));
        let planned = &get(&town, "/api/v1/care-reminders?state=planned").await?["items"][0];
        assert_eq!(planned["due_at"], "2026-01-14T09:00:00Z");
        pass(&town, 13 * DAY + 8 * HOUR).await?;
        assert!(messages(&town).await?.is_empty(), "not before nine");
        pass(&town, HOUR).await?;
        pass(&town, HOUR).await?;
        let sent = messages(&town).await?;
        assert_eq!(sent.len(), 1, "once");
        assert_eq!(sent[0].0, "contact:contact-own");
        assert!(sent[0].1.contains("设备已使用两周"), "{}", sent[0].1);
        let reminder = &get(&town, "/api/v1/care-reminders?state=sent").await?["items"][0];
        assert_eq!(
            (&reminder["contact_name"], &reminder["message_state"]),
            (&json!("own"), &json!("waiting"))
        );
    }
    Ok(())
}

#[tokio::test]
async fn two_servers_that_look_after_reminders_at_once_send_one() -> anyhow::Result<()> {
    for town in Town::each().await? {
        bought(&town, "2025-12-18T00:00:00Z").await?;
        town.workshop.pass(10 * HOUR).await?;
        let app = &town.workshop.app;
        let (a, b, c) = tokio::join!(attend(app), attend(app), attend(app));
        a.and(b).and(c)?;
        assert_eq!(messages(&town).await?.len(), 1);
        assert_eq!(reminders(&town).await?, pairs([("welcome", "sent")]));
    }
    Ok(())
}

#[tokio::test]
async fn maintenance_is_not_due_any_more_when_work_was_done_meanwhile() -> anyhow::Result<()> {
    for town in Town::each().await? {
        bought(&town, "2025-01-20T00:00:00Z").await?;
        pass(&town, 0).await?;
        assert_eq!(reminders(&town).await?, pairs([("yearly-maintenance", "planned")]));
        for to in ["in_progress", "completed", "closed"] {
            let body = json!({"to": to, "why": "in a test"});
            let path = "/api/v1/work-orders/order-own/transition";
            let (status, answer) = town.ask("admin", Method::POST, path, Some(&body)).await?;
            assert_eq!(status, StatusCode::OK, "{answer}");
        }
        pass(&town, DAY).await?;
        assert_eq!(reminders(&town).await?, pairs([("yearly-maintenance", "dropped")]));
        pass(&town, 30 * DAY).await?;
        assert!(messages(&town).await?.is_empty());
        pass(&town, 335 * DAY).await?;
        assert_eq!(messages(&town).await?.len(), 1, "a year after the work");
    }
    Ok(())
}

#[tokio::test]
async fn a_reminder_can_be_taken_back_until_its_message_has_left_and_does_not_come_again()
-> anyhow::Result<()> {
    for town in Town::each().await? {
        bought(&town, "2025-12-31T00:00:00Z").await?;
        pass(&town, 0).await?;
        let (status, taken) = withdraw(&town, "welcome").await?;
        assert_eq!((status, &taken["state"]), (StatusCode::OK, &json!("withdrawn")), "{taken}");
        assert_eq!(withdraw(&town, "welcome").await?.0, StatusCode::CONFLICT);
        pass(&town, 14 * DAY).await?;
        assert!(messages(&town).await?.is_empty());
        let body = json!({"warranty_until": "2026-02-15T00:00:00Z", "why": "told so"});
        town.change("/api/v1/assets/pump", 2, &body).await?;
        pass(&town, 2 * DAY).await?;
        assert_eq!(messages(&town).await?.len(), 1, "the warranty");
        let (status, taken) = withdraw(&town, "warranty-ends").await?;
        assert_eq!(
            (status, &taken["message_state"]),
            (StatusCode::OK, &json!("withdrawn")),
            "{taken}"
        );
        sqlx::query("UPDATE care_reminders SET state = 'sent' WHERE rule = 'warranty-ends'")
            .execute(&town.workshop.app.database)
            .await?;
        let (status, problem) = withdraw(&town, "warranty-ends").await?;
        assert_eq!(status, StatusCode::CONFLICT, "it has left: {problem}");
    }
    Ok(())
}

#[tokio::test]
async fn whoever_wants_no_reminders_gets_none_and_that_is_written_down() -> anyhow::Result<()> {
    for town in Town::each().await? {
        bought(&town, "2025-12-18T00:00:00Z").await?;
        let body = json!({"no_care": true, "why": "she asked us not to"});
        let (status, contact) = town.change("/api/v1/contacts/contact-own", 1, &body).await?;
        assert_eq!((status, &contact["no_care"]), (StatusCode::OK, &json!(true)), "{contact}");
        pass(&town, 10 * HOUR).await?;
        assert!(messages(&town).await?.is_empty());
        let dropped = &get(&town, "/api/v1/care-reminders?state=dropped").await?["items"][0];
        assert_eq!(dropped["why"], "the customer has no contact who wants reminders");
        let path = "/api/v1/changes?subject_kind=contact&subject_id=contact-own";
        assert_eq!(get(&town, path).await?["items"][0]["field"], "no_care");
    }
    Ok(())
}

#[tokio::test]
async fn a_new_policy_drops_what_is_not_due_by_it_and_speaks_of_chosen_models_and_segments()
-> anyhow::Result<()> {
    for town in Town::each().await? {
        bought(&town, "2025-12-31T00:00:00Z").await?;
        pass(&town, 0).await?;
        let rule = |key: &str, more: Value| {
            let mut rule = json!({"key": key, "kind": "tip", "advice": {"en": "Drain it."},
                "when": {"is": "days_after", "days": 10, "since": "purchase"}});
            rule.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            rule
        };
        let rules = json!([
            rule("drain", json!({})),
            rule("other model", json!({"models": ["P-200"]})),
            rule("other segment", json!({"segments": ["key account"]}))
        ]);
        let policy =
            json!({"active": true, "rules": rules, "ahead_days": 30, "late_days": 7, "hour": 9});
        let body = json!({"policy": policy, "why": "the drain matters more"});
        let (status, answer) =
            town.ask("manager", Method::PUT, "/api/v1/care-policy", Some(&body)).await?;
        assert_eq!(status, StatusCode::OK, "{answer}");
        pass(&town, HOUR).await?;
        assert_eq!(reminders(&town).await?, pairs([("drain", "planned"), ("welcome", "dropped")]));
        pass(&town, 10 * DAY).await?;
        let (_, facts) = &messages(&town).await?[0];
        assert!(facts.contains("Drain it."), "English, where there is no Chinese: {facts}");
    }
    Ok(())
}
