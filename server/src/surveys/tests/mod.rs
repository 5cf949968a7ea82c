//! How customers are asked, what they say, and what is done about it.

mod older_versions;
mod schedule;

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use super::attending::attend;
use crate::access::tests::Town;
use crate::alarms::tests::HOUR;

const DAY: i64 = 24 * HOUR;

/// Closes the ticket of a customer's machine; answers the secret of the survey.
/// Closes a ticket; the secret of the survey that asks about it.
async fn close(town: &Town, ticket: &str) -> anyhow::Result<String> {
    town.close(ticket).await?;
    Ok(sqlx::query_scalar("SELECT secret FROM surveys WHERE ticket_id = $1 AND state = 'open'")
        .bind(ticket)
        .fetch_one(&town.workshop.app.database)
        .await?)
}

async fn answer(town: &Town, secret: &str, values: Value) -> anyhow::Result<(StatusCode, Value)> {
    let answers: Vec<_> = values
        .as_object()
        .into_iter()
        .flatten()
        .map(|(criterion, value)| json!({"criterion": criterion, "value": value}))
        .collect();
    let body = json!({"answers": answers, "comment": "quick and friendly"});
    let path = format!("/api/v1/public/surveys/{secret}");
    // Nobody is signed in.
    town.ask("nobody", Method::POST, &path, Some(&body)).await
}

async fn figures(town: &Town) -> anyhow::Result<Value> {
    Ok(town.ask("quality", Method::GET, "/api/v1/survey-figures", None).await?.1)
}

#[tokio::test]
async fn a_closed_ticket_asks_its_customer_who_answers_once_without_an_account()
-> anyhow::Result<()> {
    for town in Town::each().await? {
        sqlx::query("UPDATE contacts SET email = 'li@example.com'")
            .execute(&town.workshop.app.database)
            .await?;
        let secret = close(&town, "ticket-own").await?;
        let (event, path): (String, String) = sqlx::query_as(
            "SELECT event, path FROM outbox WHERE recipient = 'contact:contact-own' \
             AND about_kind = 'survey'",
        )
        .fetch_one(&town.workshop.app.database)
        .await?;
        assert_eq!((event, path), ("survey_invitation".to_owned(), format!("/survey/{secret}")));
        let path = format!("/api/v1/public/surveys/{secret}");
        let (status, survey) = town.ask("nobody", Method::GET, &path, None).await?;
        assert_eq!((status, &survey["state"]), (StatusCode::OK, &json!("open")), "{survey}");
        let (status, _) = answer(&town, &secret, json!({"support": 6})).await?;
        assert_eq!(status, StatusCode::BAD_REQUEST);
        let (status, _) = answer(&town, &secret, json!({"price": 5})).await?;
        assert_eq!(status, StatusCode::BAD_REQUEST, "nobody asked that");
        let (status, done) = answer(&town, &secret, json!({"support": 5, "attitude": 3})).await?;
        assert_eq!((status, &done["state"]), (StatusCode::OK, &json!("answered")), "{done}");
        let (status, again) = answer(&town, &secret, json!({"support": 1})).await?;
        assert_eq!(status, StatusCode::CONFLICT, "{again}");
        let (status, _) = answer(&town, "guessed", json!({"support": 1})).await?;
        assert_eq!(status, StatusCode::NOT_FOUND);
    }
    Ok(())
}

#[tokio::test]
async fn the_figures_weigh_criteria_and_say_mean_deviation_and_share() -> anyhow::Result<()> {
    for town in Town::each().await? {
        let own = close(&town, "ticket-own").await?;
        let foreign = close(&town, "ticket-foreign").await?;
        assert_eq!(figures(&town).await?["criteria"][0]["mean"], Value::Null);
        // Support counts 3, attitude 2: (3·5 + 2·5) / 5 = 5 and (3·2 + 2·4) / 5 = 2.8.
        answer(&town, &own, json!({"support": 5, "attitude": 5})).await?;
        answer(&town, &foreign, json!({"support": 2, "attitude": 4})).await?;
        let figures = figures(&town).await?;
        assert_eq!((&figures["asked"], &figures["answered"]), (&json!(2), &json!(2)));
        let score = &figures["criteria"][0];
        assert_eq!(score["criterion"], "score");
        let close_to = |value: &Value, wanted: f64| {
            assert!((value.as_f64().unwrap_or_default() - wanted).abs() < 1e-9, "{value} {wanted}");
        };
        close_to(&score["mean"], 3.9);
        // Of two, the sample deviation is half their distance times the root of two.
        close_to(&score["standard_deviation"], 1.1 * 2.0_f64.sqrt());
        close_to(&score["satisfied"], 0.5);
        let attitude = &figures["criteria"][1];
        assert_eq!((&attitude["criterion"], &attitude["answers"]), (&json!("attitude"), &json!(2)));
        close_to(&attitude["mean"], 4.5);
        let (_, rows) =
            town.ask("quality", Method::GET, "/api/v1/surveys?state=answered", None).await?;
        assert_eq!(rows["items"].as_array().map(Vec::len), Some(2), "the rows behind");
    }
    Ok(())
}

#[tokio::test]
async fn a_survey_that_nobody_answered_in_time_or_that_was_taken_back_is_over() -> anyhow::Result<()>
{
    for town in Town::each().await? {
        let late = close(&town, "ticket-own").await?;
        let taken = close(&town, "ticket-foreign").await?;
        let id: String = sqlx::query_scalar("SELECT id FROM surveys WHERE secret = $1")
            .bind(&taken)
            .fetch_one(&town.workshop.app.database)
            .await?;
        let path = format!("/api/v1/surveys/{id}/withdraw");
        let why = json!({"why": "the customer asked us not to"});
        let (status, _) = town.ask("customer_service", Method::POST, &path, Some(&why)).await?;
        assert_eq!(status, StatusCode::OK);
        let (status, _) = answer(&town, &taken, json!({"support": 5})).await?;
        assert_eq!(status, StatusCode::CONFLICT);
        town.workshop.pass(31 * DAY).await?;
        let (status, problem) = answer(&town, &late, json!({"support": 5})).await?;
        assert_eq!((status, &problem["next_states"]), (StatusCode::CONFLICT, &json!([])));
    }
    Ok(())
}

#[tokio::test]
async fn customers_are_called_back_within_seven_days_and_their_suggestions_kept()
-> anyhow::Result<()> {
    for town in Town::each().await? {
        close(&town, "ticket-own").await?;
        let list = "/api/v1/call-backs?state=due";
        let (_, page) = town.ask("customer_service", Method::GET, list, None).await?;
        let call = &page["items"][0];
        assert_eq!(
            (&call["due_at"], &call["customer_name"]),
            (&json!("2026-01-08T00:00:00Z"), &json!("own"))
        );
        let path = format!("/api/v1/call-backs/{}", call["id"].as_str().unwrap_or_default());
        let result = |to: &str| json!({"to": to, "outcome": "content", "suggestion": "a drain cock", "adopted": true});
        let call = |to: &'static str| {
            let (town, path, body) = (&town, &path, result(to));
            async move { town.ask("customer_service", Method::PUT, path, Some(&body)).await }
        };
        assert_eq!(call("not_reached").await?.0, StatusCode::OK);
        let (_, reached) = call("reached").await?;
        assert_eq!((&reached["state"], &reached["adopted"]), (&json!("reached"), &json!(true)));
        assert_eq!(call("not_reached").await?.0, StatusCode::CONFLICT);
    }
    Ok(())
}

#[tokio::test]
async fn whether_a_corrective_action_helped_is_seen_in_the_surveys_before_and_after()
-> anyhow::Result<()> {
    for town in Town::each().await? {
        let before = close(&town, "ticket-own").await?;
        answer(&town, &before, json!({"support": 2})).await?;
        town.workshop.pass(DAY).await?;
        let new = json!({"title": "Answer within the hour", "cause": "long waits", "steps": ["Plan"],
            "owner_id": "account-manager", "due_at": "2026-02-01T00:00:00Z", "criterion": "support"});
        let path = "/api/v1/corrective-actions";
        let (status, made) = town.ask("quality", Method::POST, path, Some(&new)).await?;
        assert_eq!(status, StatusCode::CREATED, "{made}");
        let path = format!("{path}/{}", made["id"].as_str().unwrap_or_default());
        let moves = |to: &'static str| {
            let (town, path) = (&town, format!("{path}/transition"));
            async move {
                let body = json!({"to": to, "why": "in a test"});
                town.ask("quality", Method::POST, &path, Some(&body)).await
            }
        };
        assert_eq!(moves("effective").await?.0, StatusCode::CONFLICT, "before it was done");
        moves("in_progress").await?;
        moves("done").await?;
        town.workshop.pass(DAY).await?;
        let after = close(&town, "ticket-foreign").await?;
        answer(&town, &after, json!({"support": 5, "attitude": 1})).await?;
        let (_, action) = town.ask("quality", Method::GET, &path, None).await?;
        assert_eq!(action["effect"]["difference"], 3.0, "{action}");
        assert_eq!(action["effect"]["complete"], false);
        let (_, action) = moves("effective").await?;
        assert_eq!(action["state"], "effective");
    }
    Ok(())
}

async fn told(town: &Town, event: &str) -> anyhow::Result<Vec<(String, String)>> {
    Ok(sqlx::query_as("SELECT recipient, state FROM outbox WHERE event = $1 ORDER BY id")
        .bind(event)
        .fetch_all(&town.workshop.app.database)
        .await?)
}

#[tokio::test]
async fn those_who_call_are_told_once_the_day_before_a_call_back_is_due() -> anyhow::Result<()> {
    for town in Town::each().await? {
        sqlx::query("UPDATE call_backs SET state = 'withdrawn'")
            .execute(&town.workshop.app.database)
            .await?;
        let body = json!({"owner_kind": "role", "owner": "customer_service", "kind": "email",
            "address": "care@example.com", "language": "en", "time_zone": "UTC", "why": "shared"});
        let path = "/api/v1/notification-addresses";
        town.ask("admin", Method::POST, path, Some(&body)).await?;
        close(&town, "ticket-own").await?;
        for (days, times) in [(5, 0), (1, 1), (2, 1)] {
            town.workshop.pass(days * DAY).await?;
            attend(&town.workshop.app).await?;
            attend(&town.workshop.app).await?;
            assert_eq!(told(&town, "call_back_due").await?.len(), times);
        }
        let id: String = sqlx::query_scalar("SELECT id FROM call_backs WHERE state = 'due'")
            .fetch_one(&town.workshop.app.database)
            .await?;
        let body = json!({"to": "reached", "outcome": "content"});
        let path = format!("/api/v1/call-backs/{id}");
        town.ask("admin", Method::PUT, &path, Some(&body)).await?;
        let withdrawn = ("role:customer_service".to_owned(), "withdrawn".to_owned());
        assert_eq!(told(&town, "call_back_due").await?, [withdrawn]);
    }
    Ok(())
}

#[tokio::test]
async fn whoever_asked_for_the_work_hears_of_its_end_and_is_asked_how_it_was() -> anyhow::Result<()>
{
    for town in Town::each().await? {
        for sql in [
            "UPDATE contacts SET email = 'li@example.com'",
            "INSERT INTO contacts (id, customer_id, name, email, language, role, created_at, version) \
             SELECT 'contact-z', customer_id, 'Kari', 'kari@example.com', 'en', '', 0, 1 FROM contacts \
             WHERE id = 'contact-own'",
            "UPDATE requests SET contact_id = 'contact-z', customer_id = 'customer-own' \
             WHERE id = 'request-own'",
            "INSERT INTO request_tickets (request_id, ticket_id) VALUES ('request-own', 'ticket-own') \
             ON CONFLICT (request_id, ticket_id) DO NOTHING",
        ] {
            sqlx::query(sql).execute(&town.workshop.app.database).await?;
        }
        close(&town, "ticket-own").await?;
        for event in ["ticket_resolved", "ticket_closed", "survey_invitation"] {
            let asked = ("contact:contact-z".to_owned(), "waiting".to_owned());
            assert_eq!(told(&town, event).await?, [asked], "{event}");
        }
    }
    Ok(())
}

#[tokio::test]
async fn that_a_ticket_is_resolved_is_taken_back_when_it_is_not() -> anyhow::Result<()> {
    for town in Town::each().await? {
        sqlx::query("UPDATE contacts SET email = 'li@example.com'")
            .execute(&town.workshop.app.database)
            .await?;
        for to in ["diagnosing", "resolved", "diagnosing", "resolved"] {
            let body = json!({"to": to, "why": "in a test"});
            let path = "/api/v1/tickets/ticket-own/transition";
            town.ask("engineer", Method::POST, path, Some(&body)).await?;
        }
        let states: Vec<_> =
            told(&town, "ticket_resolved").await?.into_iter().map(|(_, state)| state).collect();
        assert_eq!(states, ["withdrawn", "waiting"]);
    }
    Ok(())
}
