//! How a fault is diagnosed.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::access::tests::Town;

const TICKET: &str = "/api/v1/tickets/ticket-own";

async fn ask(
    town: &Town,
    method: Method,
    path: &str,
    body: Value,
) -> anyhow::Result<(StatusCode, Value)> {
    town.ask("engineer", method, &format!("{TICKET}/{path}"), Some(&body)).await
}

async fn suspect(town: &Town, cause: &str) -> anyhow::Result<()> {
    let body = json!({"cause": cause, "evidence": "it could be"});
    let (status, answer) = ask(town, Method::POST, "candidate-causes", body).await?;
    assert_eq!(status, StatusCode::CREATED, "{answer}");
    Ok(())
}

async fn judge(town: &Town, cause: &str, to: &str) -> anyhow::Result<(StatusCode, Value)> {
    let body = json!({"to": to, "evidence": "measured"});
    ask(town, Method::PUT, &format!("candidate-causes/{cause}"), body).await
}

#[tokio::test]
async fn causes_are_ruled_out_one_by_one_and_the_first_confirmed_one_is_kept() -> anyhow::Result<()>
{
    for town in Town::each().await? {
        for cause in ["clogged_strainer", "worn_bearing"] {
            suspect(&town, cause).await?;
        }
        judge(&town, "clogged_strainer", "confirmed").await?;
        let (status, problem) = judge(&town, "clogged_strainer", "ruled_out").await?;
        assert_eq!(status, StatusCode::CONFLICT, "what was wrong is opened first: {problem}");
        judge(&town, "clogged_strainer", "open").await?;
        judge(&town, "clogged_strainer", "ruled_out").await?;
        let (_, diagnosis) = judge(&town, "worn_bearing", "confirmed").await?;
        assert_eq!(diagnosis["first_cause"], "clogged_strainer");
        assert_eq!(diagnosis["right_at_first"], Value::Null, "nothing was found yet");
        let finding = json!({"cause": "worn_bearing"});
        let (status, answer) = ask(&town, Method::PUT, "finding", finding).await?;
        assert!(status.is_success(), "{answer}");
        let (_, diagnosis) =
            town.ask("quality", Method::GET, &format!("{TICKET}/diagnosis"), None).await?;
        assert_eq!(diagnosis["final_cause"], "worn_bearing");
        assert_eq!(diagnosis["right_at_first"], false);
    }
    Ok(())
}

#[tokio::test]
async fn triage_says_how_a_ticket_is_handled_by_whom_and_why() -> anyhow::Result<()> {
    for town in Town::each().await? {
        let phone = json!({"mode": "phone", "tier": 1, "why": "try a restart first"});
        ask(&town, Method::POST, "triage", phone).await?;
        let site = json!({"mode": "on_site", "tier": 2, "why": "it did not help"});
        let (_, diagnosis) = ask(&town, Method::POST, "triage", site).await?;
        assert_eq!(diagnosis["triage"][0]["mode"], "on_site");
        assert_eq!(diagnosis["triage"][1]["why"], "try a restart first");
        let (status, _) =
            ask(&town, Method::POST, "triage", json!({"mode": "remote", "tier": 9, "why": "w"}))
                .await?;
        assert_eq!(status, StatusCode::BAD_REQUEST);
    }
    Ok(())
}

#[tokio::test]
async fn what_two_people_noticed_is_merged_by_field() -> anyhow::Result<()> {
    for town in Town::each().await? {
        let path = format!("{TICKET}/diagnosis");
        let a = json!({"phenomena": "it hums", "noticed_at": "2025-12-31T10:00:00Z"});
        assert_eq!(town.change(&path, 0, &a).await?.0, StatusCode::OK);
        let (status, both) = town.change(&path, 0, &json!({"doing": "starting up"})).await?;
        assert_eq!(status, StatusCode::OK, "{both}");
        assert_eq!(
            (&both["phenomena"], &both["doing"]),
            (&json!("it hums"), &json!("starting up"))
        );
        let (status, clash) = town.change(&path, 0, &json!({"phenomena": "it whines"})).await?;
        assert_eq!(status, StatusCode::CONFLICT);
        assert_eq!(clash["conflicts"][0]["theirs"], "it hums");
    }
    Ok(())
}
