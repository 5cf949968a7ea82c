//! How people sign in, and how they stop being able to.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::access::tests::Town;
use crate::limits::{FAILED_LOGINS, FAILED_LOGINS_US};

const PASSWORD: &str = "correct horse battery";

async fn post(town: &Town, path: &str, body: Value) -> anyhow::Result<(StatusCode, Value)> {
    town.ask("admin", Method::POST, path, Some(&body)).await
}

async fn invite(town: &Town, email: &str, more: Value) -> anyhow::Result<(String, String)> {
    let mut body = json!({"email": email, "name": "Mei", "role": "technician"});
    if let (Some(body), Some(more)) = (body.as_object_mut(), more.as_object()) {
        body.extend(more.clone());
    }
    let (status, made) = post(town, "/api/v1/accounts", body).await?;
    assert_eq!(status, StatusCode::CREATED, "{made}");
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    Ok((text(&made["account"]["id"]), text(&made["password_code"]["code"])))
}

async fn sign_in(town: &Town, email: &str, password: &str) -> anyhow::Result<(StatusCode, Value)> {
    post(town, "/api/v1/session", json!({"account": {"email": email, "password": password}})).await
}

async fn set_password(town: &Town, code: &str, password: &str) -> anyhow::Result<StatusCode> {
    let body = json!({"code": code, "password": password});
    Ok(post(town, "/api/v1/password", body).await?.0)
}

#[tokio::test]
async fn an_invited_person_sets_a_password_once_and_signs_in_with_it() -> anyhow::Result<()> {
    for town in Town::each().await? {
        let (_, code) = invite(&town, "Mei@Example.com", json!({})).await?;
        let (status, _) = sign_in(&town, "mei@example.com", PASSWORD).await?;
        assert_eq!(status, StatusCode::UNAUTHORIZED, "before a password is set");
        assert_eq!(set_password(&town, &code, "short").await?, StatusCode::BAD_REQUEST);
        assert_eq!(set_password(&town, &code, PASSWORD).await?, StatusCode::NO_CONTENT);
        assert_eq!(set_password(&town, &code, PASSWORD).await?, StatusCode::UNAUTHORIZED);
        let (status, session) = sign_in(&town, " MEI@example.com", PASSWORD).await?;
        assert_eq!(status, StatusCode::OK, "{session}");
        assert_eq!(session["role"], "technician");
        let kept: String =
            sqlx::query_scalar("SELECT password FROM accounts WHERE email = 'mei@example.com'")
                .fetch_one(&town.workshop.app.database)
                .await?;
        assert!(kept.starts_with("$argon2id$"), "{kept}");
    }
    Ok(())
}

#[tokio::test]
async fn after_ten_wrong_passwords_the_address_waits_a_quarter_of_an_hour() -> anyhow::Result<()> {
    for town in Town::each().await? {
        let (_, code) = invite(&town, "mei@example.com", json!({})).await?;
        set_password(&town, &code, PASSWORD).await?;
        for _ in 0..FAILED_LOGINS {
            let (status, _) = sign_in(&town, "mei@example.com", "wrong password").await?;
            assert_eq!(status, StatusCode::UNAUTHORIZED);
        }
        let (status, problem) = sign_in(&town, "mei@example.com", PASSWORD).await?;
        assert_eq!(status, StatusCode::TOO_MANY_REQUESTS, "{problem}");
        town.workshop.pass(FAILED_LOGINS_US).await?;
        let (status, _) = sign_in(&town, "mei@example.com", PASSWORD).await?;
        assert_eq!(status, StatusCode::OK);
    }
    Ok(())
}

#[tokio::test]
async fn nobody_learns_from_a_wrong_password_which_addresses_have_an_account() -> anyhow::Result<()>
{
    for town in Town::each().await? {
        let (_, code) = invite(&town, "mei@example.com", json!({})).await?;
        set_password(&town, &code, PASSWORD).await?;
        let known = sign_in(&town, "mei@example.com", "wrong password").await?;
        let unknown = sign_in(&town, "nobody@example.com", "wrong password").await?;
        assert_eq!(known, unknown);
    }
    Ok(())
}

#[tokio::test]
async fn whoever_is_disabled_is_out_at_once_everywhere() -> anyhow::Result<()> {
    for town in Town::each().await? {
        let (status, _) = town.ask("technician", Method::GET, "/api/v1/session", None).await?;
        assert_eq!(status, StatusCode::OK);
        let body = json!({"state": "disabled", "why": "has left"});
        let path = "/api/v1/accounts/account-technician";
        let (status, account) = town.ask("admin", Method::PATCH, path, Some(&body)).await?;
        assert_eq!((status, &account["state"]), (StatusCode::OK, &json!("disabled")));
        let (status, _) = town.ask("technician", Method::GET, "/api/v1/session", None).await?;
        assert_eq!(status, StatusCode::UNAUTHORIZED);
        let changes = "/api/v1/changes?subject_kind=account&subject_id=account-technician";
        let (_, page) = town.ask("admin", Method::GET, changes, None).await?;
        let change = &page["items"][0];
        assert_eq!((&change["from"], &change["to"]), (&json!("active"), &json!("disabled")));
        assert_eq!(change["why"], "has left");
    }
    Ok(())
}

#[tokio::test]
async fn a_token_of_an_account_follows_its_role_and_ends_when_it_expires_or_is_revoked()
-> anyhow::Result<()> {
    for town in Town::each().await? {
        let token = |scope: &str| {
            json!({"name": "phone", "scope": scope, "account_id": "account-quality",
                "expires_at": "2026-01-01T01:00:00Z"})
        };
        let (status, _) = post(&town, "/api/v1/tokens", token("admin")).await?;
        assert_eq!(status, StatusCode::BAD_REQUEST, "more than its account may");
        let (status, issued) = post(&town, "/api/v1/tokens", token("quality")).await?;
        assert_eq!(status, StatusCode::CREATED, "{issued}");
        let secret = issued["secret"].as_str().unwrap_or_default();
        let session = |secret: String| {
            let town = &town;
            async move { town.ask(&secret, Method::GET, "/api/v1/session", None).await }
        };
        assert_eq!(session(secret.to_owned()).await?.1["role"], "quality");
        town.workshop.pass(crate::alarms::tests::HOUR).await?;
        assert_eq!(session(secret.to_owned()).await?.0, StatusCode::UNAUTHORIZED, "expired");

        let lasting = json!({"name": "script", "scope": "manager"});
        let (_, issued) = post(&town, "/api/v1/tokens", lasting).await?;
        let secret = issued["secret"].as_str().unwrap_or_default();
        assert_eq!(session(secret.to_owned()).await?.0, StatusCode::OK);
        let path = format!("/api/v1/tokens/{}", issued["id"].as_str().unwrap_or_default());
        let (status, _) = town.ask("admin", Method::DELETE, &path, None).await?;
        assert_eq!(status, StatusCode::NO_CONTENT);
        assert_eq!(session(secret.to_owned()).await?.0, StatusCode::UNAUTHORIZED, "revoked");
    }
    Ok(())
}

#[tokio::test]
async fn of_two_people_who_change_an_account_the_second_is_told() -> anyhow::Result<()> {
    for town in Town::each().await? {
        let path = "/api/v1/accounts/account-engineer";
        let change = |name: &str| json!({"name": name, "why": "a typing error"});
        let (status, _) = town.change(path, 1, &change("Ana")).await?;
        assert_eq!(status, StatusCode::OK);
        let (status, problem) = town.change(path, 1, &change("Anna")).await?;
        assert_eq!(status, StatusCode::PRECONDITION_FAILED, "{problem}");
        assert_eq!(problem["version"], 2);
    }
    Ok(())
}

#[tokio::test]
async fn an_invitation_is_sent_to_its_owner_with_the_link() -> anyhow::Result<()> {
    for town in Town::each().await? {
        let (account, code) = invite(&town, "mei@example.com", json!({})).await?;
        let (address, event, path): (String, String, String) = sqlx::query_as(
            "SELECT address, event, path FROM outbox WHERE about_kind = 'account' AND about_id = $1",
        )
        .bind(account)
        .fetch_one(&town.workshop.app.database)
        .await?;
        assert_eq!((address.as_str(), event.as_str()), ("mei@example.com", "account_invitation"));
        assert_eq!(path, format!("/#password={code}"));
    }
    Ok(())
}
