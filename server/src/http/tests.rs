//! Writes that are sent again, and requests that no handler sees.

use axum::http::{Method, StatusCode};
use serde_json::json;

use crate::access::Role;
use crate::access::tests::Town;
use crate::limits::{BODY_BYTES, IDEMPOTENCY_LEASE_US};
use crate::tokens;

const PATH: &str = "/api/v1/tokens";

#[tokio::test]
async fn a_write_sent_again_with_its_key_is_done_once_and_answered_alike() -> anyhow::Result<()> {
    for town in Town::each().await? {
        let body = json!({"name": "phone", "scope": "technician"});
        let first = town.write("admin", "key-1", PATH, &body).await?;
        assert_eq!(first.0, StatusCode::CREATED, "{}", first.1);
        assert_eq!(town.write("admin", "key-1", PATH, &body).await?, first);
        let (_, tokens) = town.ask("admin", Method::GET, PATH, None).await?;
        let named = tokens["items"].as_array().unwrap().iter().filter(|t| t["name"] == "phone");
        assert_eq!(named.count(), 1);
    }
    Ok(())
}

#[tokio::test]
async fn a_key_is_good_for_one_write_of_one_person() -> anyhow::Result<()> {
    for town in Town::each().await? {
        let body = json!({"name": "phone", "scope": "technician"});
        town.write("admin", "key-1", PATH, &body).await?;
        let other = json!({"name": "tablet", "scope": "technician"});
        let (status, problem) = town.write("admin", "key-1", PATH, &other).await?;
        assert_eq!(status, StatusCode::CONFLICT, "{problem}");
        // Somebody else's key of the same name is another key.
        let (status, _) = town.write("manager", "key-1", PATH, &body).await?;
        assert_eq!(status, StatusCode::FORBIDDEN);
    }
    Ok(())
}

#[tokio::test]
async fn of_the_same_write_sent_twice_at_once_one_is_done() -> anyhow::Result<()> {
    for town in Town::each().await? {
        let body = json!({"name": "phone", "scope": "technician"});
        let write = || town.write("admin", "key-1", PATH, &body);
        let (a, b, c) = tokio::join!(write(), write(), write());
        for (status, answer) in [a?, b?, c?] {
            assert!(
                status == StatusCode::CREATED || status == StatusCode::CONFLICT,
                "{status} {answer}"
            );
        }
        let made: i64 = sqlx::query_scalar("SELECT count(*) FROM api_tokens WHERE name = 'phone'")
            .fetch_one(&town.workshop.app.database)
            .await?;
        assert_eq!(made, 1);
    }
    Ok(())
}

#[tokio::test]
async fn a_write_that_was_cut_off_may_be_sent_again_after_a_minute() -> anyhow::Result<()> {
    for town in Town::each().await? {
        let body = json!({"name": "phone", "scope": "technician"});
        town.write("admin", "key-1", PATH, &body).await?;
        // As a crash in the middle leaves it.
        sqlx::query("UPDATE idempotency_keys SET status = NULL, body = NULL")
            .execute(&town.workshop.app.database)
            .await?;
        assert_eq!(town.write("admin", "key-1", PATH, &body).await?.0, StatusCode::CONFLICT);
        town.workshop.pass(IDEMPOTENCY_LEASE_US).await?;
        assert_eq!(town.write("admin", "key-1", PATH, &body).await?.0, StatusCode::CREATED);
    }
    Ok(())
}

#[tokio::test]
async fn what_cannot_be_read_is_refused_as_a_problem_like_any_other() -> anyhow::Result<()> {
    for town in Town::each().await? {
        let no_token = json!({"name": 7});
        let long = json!({"name": "x".repeat(BODY_BYTES)});
        for (method, path, body, status, kind) in [
            (Method::POST, PATH, Some(&no_token), 422, "/problems/invalid"),
            (Method::POST, PATH, None, 400, "/problems/invalid"),
            (Method::POST, PATH, Some(&long), 413, "/problems/too-large"),
            (Method::PUT, PATH, None, 405, "/problems/method-not-allowed"),
            (Method::GET, "/api/v1/changes", None, 400, "/problems/invalid"),
        ] {
            let (answered, problem) = town.ask("admin", method, path, body).await?;
            assert_eq!(answered, status, "{problem}");
            assert_eq!((&problem["type"], &problem["status"]), (&json!(kind), &json!(status)));
            assert!(problem["detail"].as_str().is_some_and(|detail| !detail.is_empty()));
        }
        let (answered, problem) = town.upload("admin", PATH, b"name: phone").await?;
        assert_eq!(answered, StatusCode::UNSUPPORTED_MEDIA_TYPE, "{problem}");
        assert_eq!(problem["type"], "/problems/unsupported-media-type");
    }
    Ok(())
}

#[tokio::test]
async fn a_text_with_nul_is_refused_wherever_it_stands() -> anyhow::Result<()> {
    for town in Town::each().await? {
        let body = json!({"name": "phone\0", "scope": "technician"});
        for (who, method, path, body) in [
            ("admin", Method::POST, PATH, Some(&body)),
            ("admin", Method::GET, "/api/v1/tickets/a%00b", None),
            ("customer", Method::GET, "/api/v1/tickets/a%00b", None),
            ("admin", Method::GET, "/api/v1/customers?q=%00", None),
        ] {
            let (status, problem) = town.ask(who, method, path, body).await?;
            assert_eq!(status, StatusCode::BAD_REQUEST, "{who} {path}: {problem}");
            assert!(problem["detail"].as_str().is_some_and(|detail| detail.contains("NUL")));
        }
    }
    Ok(())
}

#[tokio::test]
async fn two_programs_whose_tokens_have_one_name_do_not_answer_each_other() -> anyhow::Result<()> {
    for town in Town::each().await? {
        for secret in ["robot-1", "robot-2"] {
            let token = tokens::New {
                name: "robot",
                scope: Role::Admin,
                account_id: None,
                expires_at: None,
            };
            tokens::keep(&town.workshop.app.database, token, secret, 0).await?;
        }
        let first = json!({"name": "phone", "scope": "technician"});
        let second = json!({"name": "tablet", "scope": "technician"});
        let (status, _) = town.write("robot-1", "key-1", PATH, &first).await?;
        assert_eq!(status, StatusCode::CREATED);
        let (status, made) = town.write("robot-2", "key-1", PATH, &second).await?;
        assert_eq!((status, &made["name"]), (StatusCode::CREATED, &json!("tablet")), "{made}");
    }
    Ok(())
}
