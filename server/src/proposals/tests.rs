//! How a proposal is written, approved, sent back and revised.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::access::tests::Town;

fn content(cost: i64, dangerous: bool) -> Value {
    json!({"title": "Replace the bearing", "steps": ["Isolate", "Replace"],
        "expected_effect": "vibration back to what it was", "feasibility": "parts are there",
        "safety": "lock out the drive", "safety_relevant": dangerous,
        "cost": {"minor": cost, "currency": "EUR"}, "benefit": "no standstill"})
}

async fn submitted(town: &Town, cost: i64, dangerous: bool) -> anyhow::Result<String> {
    let new = json!({"ticket_id": "ticket-own", "content": content(cost, dangerous)});
    let path = "/api/v1/proposals";
    let (status, made) = town.ask("technician", Method::POST, path, Some(&new)).await?;
    assert_eq!(status, StatusCode::CREATED, "{made}");
    let path = format!("{path}/{}", made["id"].as_str().unwrap_or_default());
    submit(town, &path).await?;
    Ok(path)
}

async fn submit(town: &Town, path: &str) -> anyhow::Result<()> {
    let body = json!({"to": "submitted", "why": "ready"});
    let path = format!("{path}/transition");
    let (status, answer) = town.ask("technician", Method::POST, &path, Some(&body)).await?;
    assert_eq!(status, StatusCode::OK, "{answer}");
    Ok(())
}

async fn decide(
    town: &Town,
    path: &str,
    role: &str,
    (approved, version): (bool, i64),
) -> anyhow::Result<(StatusCode, Value)> {
    let body = json!({"approved": approved, "why": "looked at it", "version": version});
    town.ask(role, Method::POST, &format!("{path}/decision"), Some(&body)).await
}

#[tokio::test]
async fn cost_and_danger_decide_who_has_to_approve_and_in_which_order() -> anyhow::Result<()> {
    for town in Town::each().await? {
        for (cost, dangerous, roles) in [
            (5_000, false, &["engineer"][..]),
            (5_000, true, &["engineer", "quality"]),
            (100_000, true, &["engineer", "quality", "manager"]),
        ] {
            let path = submitted(&town, cost, dangerous).await?;
            if let Some(last) = roles.last().filter(|_| roles.len() > 1) {
                let (status, problem) = decide(&town, &path, last, (true, 1)).await?;
                assert_eq!(status, StatusCode::CONFLICT, "out of turn: {problem}");
            }
            let mut state = Value::Null;
            for role in roles {
                let (status, answer) = decide(&town, &path, role, (true, 1)).await?;
                assert_eq!(status, StatusCode::OK, "{role}: {answer}");
                state = answer["state"].clone();
            }
            assert_eq!(state, "approved", "{roles:?}");
        }
    }
    Ok(())
}

#[tokio::test]
async fn what_is_sent_back_is_revised_and_goes_through_the_whole_chain_again() -> anyhow::Result<()>
{
    for town in Town::each().await? {
        let path = submitted(&town, 200_000, false).await?;
        decide(&town, &path, "engineer", (true, 1)).await?;
        let (_, back) = decide(&town, &path, "manager", (false, 1)).await?;
        assert_eq!(back["state"], "sent_back");
        let revision = json!({"content": content(150_000, false), "why": "a cheaper bearing"});
        let (status, draft) = town.ask("technician", Method::PUT, &path, Some(&revision)).await?;
        assert_eq!((status, &draft["version"]), (StatusCode::OK, &json!(2)), "{draft}");
        assert_eq!(draft["versions"].as_array().map(Vec::len), Some(2), "the first one stays");
        submit(&town, &path).await?;
        let (status, _) = decide(&town, &path, "engineer", (true, 1)).await?;
        assert_eq!(status, StatusCode::PRECONDITION_FAILED, "it looked at the old version");
        decide(&town, &path, "engineer", (true, 2)).await?;
        let (_, approved) = decide(&town, &path, "manager", (true, 2)).await?;
        assert_eq!(approved["state"], "approved");
        let sent_back = &approved["approvals"].as_array().unwrap()[3];
        assert_eq!(
            (&sent_back["state"], &sent_back["why"]),
            (&json!("sent_back"), &json!("looked at it"))
        );
    }
    Ok(())
}

#[tokio::test]
async fn nobody_approves_what_they_wrote_themselves() -> anyhow::Result<()> {
    for town in Town::each().await? {
        let new = json!({"ticket_id": "ticket-own", "content": content(1, false)});
        let (_, made) = town.ask("engineer", Method::POST, "/api/v1/proposals", Some(&new)).await?;
        let path = format!("/api/v1/proposals/{}", made["id"].as_str().unwrap_or_default());
        submit(&town, &path).await?;
        let (status, problem) = decide(&town, &path, "engineer", (true, 1)).await?;
        assert_eq!(status, StatusCode::CONFLICT);
        assert_eq!(problem["detail"], "nobody approves what they wrote themselves");
    }
    Ok(())
}

#[tokio::test]
async fn an_approved_proposal_becomes_a_work_order_and_no_other_does() -> anyhow::Result<()> {
    for town in Town::each().await? {
        let path = submitted(&town, 1, false).await?;
        let id = path.rsplit('/').next().unwrap_or_default();
        let order = json!({"proposal_id": id});
        let orders = "/api/v1/work-orders";
        let (status, problem) = town.ask("dispatcher", Method::POST, orders, Some(&order)).await?;
        assert_eq!(status, StatusCode::CONFLICT, "{problem}");
        decide(&town, &path, "engineer", (true, 1)).await?;
        let (status, made) = town.ask("dispatcher", Method::POST, orders, Some(&order)).await?;
        assert_eq!(status, StatusCode::CREATED, "{made}");
        assert_eq!(
            (&made["title"], &made["proposal_id"]),
            (&json!("Replace the bearing"), &json!(id))
        );
        assert_eq!(made["steps"][1]["text"], "Replace");
    }
    Ok(())
}

#[tokio::test]
async fn everybody_sees_what_waits_for_them_and_a_changed_policy_leaves_what_was_submitted()
-> anyhow::Result<()> {
    for town in Town::each().await? {
        submitted(&town, 200_000, false).await?;
        let waiting = |role: &'static str| {
            let town = &town;
            async move {
                let (_, page) = town.ask(role, Method::GET, "/api/v1/approvals", None).await?;
                anyhow::Ok(page["items"].as_array().map_or(0, Vec::len))
            }
        };
        assert_eq!((waiting("engineer").await?, waiting("manager").await?), (1, 0));
        let policy = json!({"policy": {"rules": []}, "why": "we trust each other"});
        let path = "/api/v1/approval-policy";
        let (status, _) = town.ask("manager", Method::PUT, path, Some(&policy)).await?;
        assert_eq!(status, StatusCode::OK);
        assert_eq!(waiting("engineer").await?, 1);
        let path = submitted(&town, 200_000, false).await?;
        let (_, new) = town.ask("engineer", Method::GET, &path, None).await?;
        assert_eq!((&new["state"], &new["policy_version"]), (&json!("approved"), &json!(1)));
    }
    Ok(())
}

#[tokio::test]
async fn who_has_to_approve_hears_of_it_in_turn_and_the_author_hears_how_it_went()
-> anyhow::Result<()> {
    for town in Town::each().await? {
        let path = submitted(&town, 200_000, false).await?;
        decide(&town, &path, "engineer", (true, 1)).await?;
        decide(&town, &path, "manager", (false, 1)).await?;
        let told: Vec<(String, String)> = sqlx::query_as(
            "SELECT recipient, event FROM outbox WHERE about_kind = 'proposal' ORDER BY id",
        )
        .fetch_all(&town.workshop.app.database)
        .await?;
        let told: Vec<_> = told.iter().map(|(who, what)| (who.as_str(), what.as_str())).collect();
        assert_eq!(
            told,
            [
                ("account:account-engineer", "approval_wanted"),
                ("account:account-manager", "approval_wanted"),
                ("account:account-technician", "approval_decided"),
            ]
        );
    }
    Ok(())
}
