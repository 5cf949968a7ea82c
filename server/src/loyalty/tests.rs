//! Points of customers.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::access::tests::Town;

const POINTS: &str = "/api/v1/customers/customer-own/loyalty-points";

async fn points(town: &Town) -> anyhow::Result<Value> {
    let (status, points) = town.ask("manager", Method::GET, POINTS, None).await?;
    assert_eq!(status, StatusCode::OK, "{points}");
    Ok(points)
}

async fn enter(town: &Town, delta: i64) -> anyhow::Result<(StatusCode, Value)> {
    let body = json!({"delta": delta, "why": "a mug"});
    town.ask("customer_service", Method::POST, POINTS, Some(&body)).await
}

#[tokio::test]
async fn points_are_never_negative_however_many_redeem_them_at_once() -> anyhow::Result<()> {
    for town in Town::each().await? {
        assert_eq!(points(&town).await?["balance"], 0);
        assert_eq!(enter(&town, -1).await?.0, StatusCode::CONFLICT);
        assert_eq!(enter(&town, 0).await?.0, StatusCode::BAD_REQUEST);
        enter(&town, 100).await?;
        let redeemed = futures_util::future::join_all((0..4).map(|_| enter(&town, -40))).await;
        let mut done = 0;
        for answer in redeemed {
            match answer? {
                (StatusCode::CREATED, _) => done += 1,
                (StatusCode::CONFLICT, _) => {}
                (status, body) => panic!("{status} {body}"),
            }
        }
        assert_eq!(done, 2);
        let ledger = points(&town).await?;
        assert_eq!(ledger["balance"], 20);
        let entries = ledger["entries"]["items"].as_array().cloned().unwrap_or_default();
        let balances: Vec<_> = entries.iter().map(|e| e["balance"].clone()).collect();
        assert_eq!(balances, [20, 60, 100]);
        assert_eq!(
            (&entries[0]["by"], &entries[0]["why"]),
            (&json!("customer_service"), &json!("a mug"))
        );
        let (_, list) = town.ask("manager", Method::GET, "/api/v1/loyalty-points", None).await?;
        assert_eq!(
            list["items"],
            json!([{"customer_id": "customer-own", "customer_name": "own", "balance": 20}])
        );
    }
    Ok(())
}

#[tokio::test]
async fn an_answered_survey_and_an_adopted_suggestion_earn_points_by_the_policy_once()
-> anyhow::Result<()> {
    for town in Town::each().await? {
        let policy =
            json!({"policy": {"survey_answered": 7, "suggestion_adopted": 70}, "why": "w"});
        town.ask("manager", Method::PUT, "/api/v1/loyalty-policy", Some(&policy)).await?;
        town.close("ticket-own").await?;
        let secret: String = sqlx::query_scalar(
            "SELECT secret FROM surveys WHERE ticket_id = 'ticket-own' AND state = 'open'",
        )
        .fetch_one(&town.workshop.app.database)
        .await?;
        let answers = json!({"answers": [{"criterion": "support", "value": 5}]});
        let path = format!("/api/v1/public/surveys/{secret}");
        town.ask("nobody", Method::POST, &path, Some(&answers)).await?;
        assert_eq!(points(&town).await?["balance"], 7);
        let call: String = sqlx::query_scalar("SELECT id FROM call_backs WHERE state = 'due'")
            .fetch_one(&town.workshop.app.database)
            .await?;
        let path = format!("/api/v1/call-backs/{call}");
        for to in ["not_reached", "not_reached", "reached"] {
            let result = json!({"to": to, "outcome": "o", "suggestion": "a tap", "adopted": true});
            let (status, answer) =
                town.ask("customer_service", Method::PUT, &path, Some(&result)).await?;
            assert_eq!(status, StatusCode::OK, "{answer}");
        }
        let ledger = points(&town).await?;
        assert_eq!(ledger["balance"], 77, "once: {ledger}");
        let newest = &ledger["entries"]["items"][0];
        assert_eq!(
            (&newest["reason"], &newest["subject_id"], &newest["rule"]),
            (&json!("suggestion_adopted"), &json!(call), &json!("loyalty policy version 1"))
        );
    }
    Ok(())
}
