//! Visits move their work orders, and nobody is in two places at once.

use axum::http::{Method, StatusCode};
use futures_util::future::join_all;
use serde_json::{Value, json};

use super::reminding::remind;
use crate::access::tests::Town;
use crate::alarms::tests::HOUR;
use crate::work_orders::tests::order;

async fn plan(
    town: &Town,
    order: &str,
    technician: &str,
    (from, to): (&str, &str),
) -> anyhow::Result<(StatusCode, Value)> {
    let order_id = order.rsplit('/').next().unwrap_or_default();
    let time = |hour: &str| format!("2026-01-02T{hour}:00Z");
    let body = json!({"work_order_id": order_id, "technician_id": technician,
        "starts_at": time(from), "ends_at": time(to), "why": "asked for"});
    town.ask("dispatcher", Method::POST, "/api/v1/visits", Some(&body)).await
}

fn address(visit: &Value) -> String {
    format!("/api/v1/visits/{}", visit["id"].as_str().unwrap_or_default())
}

async fn step(town: &Town, visit: &Value, to: &str) -> anyhow::Result<(StatusCode, Value)> {
    let body = json!({"to": to, "why": "in a test"});
    let path = format!("{}/transition", address(visit));
    town.ask("technician", Method::POST, &path, Some(&body)).await
}

async fn state(town: &Town, order: &str) -> anyhow::Result<String> {
    let (_, order) = town.ask("admin", Method::GET, order, None).await?;
    Ok(order["state"].as_str().unwrap_or_default().to_owned())
}

#[tokio::test]
async fn a_visit_takes_its_work_order_along() -> anyhow::Result<()> {
    for town in Town::each().await? {
        let order = order(&town).await?;
        let (status, visit) = plan(&town, &order, "own-technician", ("08:00", "10:00")).await?;
        assert_eq!(status, StatusCode::CREATED, "{visit}");
        assert_eq!(state(&town, &order).await?, "scheduled");
        for (to, order_is) in
            [("dispatched", "dispatched"), ("travelling", "dispatched"), ("on_site", "in_progress")]
        {
            let (status, answer) = step(&town, &visit, to).await?;
            assert_eq!(status, StatusCode::OK, "{answer}");
            assert_eq!(state(&town, &order).await?, order_is);
        }
        town.workshop.pass(2 * HOUR).await?;
        let done = json!({"to": "completed", "why": "runs quietly"});
        let path = format!("{order}/transition");
        town.ask("technician", Method::POST, &path, Some(&done)).await?;
        let (_, visit) = town.ask("admin", Method::GET, &address(&visit), None).await?;
        assert_eq!(visit["state"], "done", "the work is done, and so is the visit");
        let stays: (i64, i64) = sqlx::query_as(
            "SELECT v.done_at - v.arrived_at, w.completed_at - w.begun_at FROM visits v \
             JOIN work_orders w ON w.id = v.work_order_id WHERE v.id = $1",
        )
        .bind(visit["id"].as_str())
        .fetch_one(&town.workshop.app.database)
        .await?;
        assert_eq!(stays, (2 * HOUR, 2 * HOUR), "what figures count is kept with both");
    }
    Ok(())
}

#[tokio::test]
async fn a_missed_visit_puts_the_work_order_back_into_the_queue() -> anyhow::Result<()> {
    for town in Town::each().await? {
        let order = order(&town).await?;
        let (_, visit) = plan(&town, &order, "own-technician", ("08:00", "10:00")).await?;
        step(&town, &visit, "missed").await?;
        assert_eq!(state(&town, &order).await?, "unscheduled");
        let (status, again) = plan(&town, &order, "own-technician", ("08:00", "10:00")).await?;
        assert_eq!(status, StatusCode::CREATED, "{again}");
    }
    Ok(())
}

#[tokio::test]
async fn a_work_order_that_leaves_the_plan_calls_its_visit_off() -> anyhow::Result<()> {
    for town in Town::each().await? {
        let order = order(&town).await?;
        let (_, visit) = plan(&town, &order, "own-technician", ("08:00", "10:00")).await?;
        let hold = json!({"to": "on_hold", "why": "a part is missing"});
        let path = format!("{order}/transition");
        town.ask("dispatcher", Method::POST, &path, Some(&hold)).await?;
        let (_, visit) = town.ask("admin", Method::GET, &address(&visit), None).await?;
        assert_eq!(visit["state"], "cancelled");
    }
    Ok(())
}

#[tokio::test]
async fn nobody_is_in_two_places_at_once_however_many_plan() -> anyhow::Result<()> {
    for town in Town::each().await? {
        let mut orders = Vec::new();
        for _ in 0..6 {
            orders.push(order(&town).await?);
        }
        let plans =
            orders.iter().map(|order| plan(&town, order, "own-technician", ("08:00", "10:00")));
        let answers = futures_util::future::join_all(plans).await;
        let mut planned = 0;
        for answer in answers {
            match answer? {
                (StatusCode::CREATED, _) => planned += 1,
                (status, problem) => assert_eq!(status, StatusCode::CONFLICT, "{problem}"),
            }
        }
        assert_eq!(planned, 1);
        // Right after it there is room.
        let (status, _) =
            plan(&town, &order(&town).await?, "own-technician", ("10:00", "11:00")).await?;
        assert_eq!(status, StatusCode::CREATED);
    }
    Ok(())
}

#[tokio::test]
async fn a_dispatcher_moves_a_visit_and_it_is_written_down_why() -> anyhow::Result<()> {
    for town in Town::each().await? {
        let order = order(&town).await?;
        let (_, visit) = plan(&town, &order, "own-technician", ("08:00", "10:00")).await?;
        let body = json!({"technician_id": "foreign-technician",
            "starts_at": "2026-01-02T13:00:00Z", "why": "the customer is in a meeting"});
        let (status, moved) = town.change(&address(&visit), 1, &body).await?;
        assert_eq!(status, StatusCode::OK, "{moved}");
        assert_eq!(moved["ends_at"], "2026-01-02T15:00:00Z", "it keeps its length");
        assert_eq!(moved["reasons"], json!(["the customer is in a meeting"]));
        let (status, _) = town.change(&address(&visit), 1, &body).await?;
        assert_eq!(status, StatusCode::PRECONDITION_FAILED);
    }
    Ok(())
}

#[tokio::test]
async fn a_technician_sees_their_own_day_in_order() -> anyhow::Result<()> {
    for town in Town::each().await? {
        for hours in [("13:00", "14:00"), ("08:00", "10:00")] {
            let order = order(&town).await?;
            plan(&town, &order, "own-technician", hours).await?;
        }
        let path = "/api/v1/visits?technician=own-technician&from=2026-01-02T00:00:00Z\
                    &to=2026-01-03T00:00:00Z";
        let (_, page) = town.ask("dispatcher", Method::GET, path, None).await?;
        let starts: Vec<_> =
            page["items"].as_array().unwrap().iter().map(|v| &v["starts_at"]).collect();
        assert_eq!(starts, ["2026-01-02T08:00:00Z", "2026-01-02T13:00:00Z"]);
    }
    Ok(())
}

#[tokio::test]
async fn a_verified_repair_session_ends_the_visit_and_completes_the_work_order()
-> anyhow::Result<()> {
    for town in Town::each().await? {
        let order = order(&town).await?;
        let (_, visit) = plan(&town, &order, "own-technician", ("08:00", "10:00")).await?;
        let body = json!({"asset_id": "pump", "ticket_id": "ticket-own", "visit_id": visit["id"],
            "title": "Bearing", "technicians": ["T"]});
        let path = "/api/v1/repair-sessions";
        let (status, session) = town.ask("technician", Method::POST, path, Some(&body)).await?;
        assert_eq!(status, StatusCode::OK, "{session}");
        let session = format!("{path}/{}", session["id"].as_str().unwrap_or_default());
        let moves = |to: &'static str| {
            let (town, path) = (&town, format!("{session}/transition"));
            async move {
                let body = json!({"to": to, "why": "in a test"});
                town.ask("technician", Method::POST, &path, Some(&body)).await
            }
        };
        assert_eq!(moves("running").await?.0, StatusCode::OK);
        assert_eq!(state(&town, &order).await?, "in_progress");
        moves("acceptance_test").await?;
        let exception = json!({"why": "no test for this machine", "name": "E", "role": "engineer"});
        let path = format!("{session}/acceptance/exceptions");
        let (status, signed) = town.ask("engineer", Method::POST, &path, Some(&exception)).await?;
        assert!(status.is_success(), "{signed}");
        let (status, verified) = moves("verified").await?;
        assert_eq!(status, StatusCode::OK, "{verified}");
        assert_eq!(state(&town, &order).await?, "verifying");
        let (_, visit) = town.ask("admin", Method::GET, &address(&visit), None).await?;
        assert_eq!(visit["state"], "done");
    }
    Ok(())
}

#[tokio::test]
async fn a_technician_hears_of_every_visit_once_and_of_every_change() -> anyhow::Result<()> {
    for town in Town::each().await? {
        let first = order(&town).await?;
        let (_, visit) = plan(&town, &first, "own-technician", ("08:00", "10:00")).await?;
        let later = json!({"starts_at": "2026-01-02T13:00:00Z", "why": "they are in a meeting"});
        town.change(&address(&visit), 1, &later).await?;
        let other = json!({"technician_id": "foreign-technician", "why": "nearer"});
        town.change(&address(&visit), 2, &other).await?;
        let hold = json!({"to": "on_hold", "why": "a part is missing"});
        let path = format!("{first}/transition");
        town.ask("dispatcher", Method::POST, &path, Some(&hold)).await?;
        let told: Vec<(String, String)> = sqlx::query_as(
            "SELECT recipient, event FROM outbox WHERE about_kind = 'visit' ORDER BY id",
        )
        .fetch_all(&town.workshop.app.database)
        .await?;
        let told: Vec<_> = told.iter().map(|(who, what)| (who.as_str(), what.as_str())).collect();
        assert_eq!(
            told,
            [
                ("account:own-technician", "visit_planned"),
                ("account:own-technician", "visit_changed"),
                ("account:own-technician", "visit_changed"),
                ("account:foreign-technician", "visit_planned"),
                ("account:foreign-technician", "visit_changed"),
            ]
        );
    }
    Ok(())
}

/// Who was told what, in order.
async fn told(town: &Town, event: &str) -> anyhow::Result<Vec<(String, String)>> {
    Ok(sqlx::query_as("SELECT recipient, state FROM outbox WHERE event = $1 ORDER BY id")
        .bind(event)
        .fetch_all(&town.workshop.app.database)
        .await?)
}

async fn reach_contact(town: &Town) -> anyhow::Result<()> {
    sqlx::query("UPDATE contacts SET email = 'li@example.com' WHERE id = 'contact-own'")
        .execute(&town.workshop.app.database)
        .await?;
    Ok(())
}

fn both(state: &str) -> Vec<(String, String)> {
    ["account:own-technician", "contact:contact-own"]
        .map(|who| (who.to_owned(), state.to_owned()))
        .to_vec()
}

#[tokio::test]
async fn a_visit_is_brought_to_mind_the_day_before_and_soon_before_once_each() -> anyhow::Result<()>
{
    for town in Town::each().await? {
        reach_contact(&town).await?;
        let order = order(&town).await?;
        plan(&town, &order, "own-technician", ("08:00", "10:00")).await?;
        for (hours, told_by_then) in [(7, 0), (1, 2), (3, 2), (19, 4), (3, 4)] {
            town.workshop.pass(hours * HOUR).await?;
            for reminded in join_all((0..4).map(|_| remind(&town.workshop.app))).await {
                reminded?;
            }
            assert_eq!(told(&town, "visit_reminder").await?.len(), told_by_then);
        }
        let rule: String =
            sqlx::query_scalar("SELECT rule FROM outbox WHERE event = 'visit_reminder' LIMIT 1")
                .fetch_one(&town.workshop.app.database)
                .await?;
        assert!(rule.starts_with("planning policy version 0: reminder 24 h before"), "{rule}");
    }
    Ok(())
}

#[tokio::test]
async fn whoever_was_away_or_has_just_heard_of_a_visit_gets_no_old_reminders() -> anyhow::Result<()>
{
    for town in Town::each().await? {
        let order = order(&town).await?;
        plan(&town, &order, "own-technician", ("08:00", "10:00")).await?;
        town.workshop.pass(31 * HOUR).await?;
        remind(&town.workshop.app).await?;
        assert_eq!(told(&town, "visit_reminder").await?.len(), 1, "the one of two hours before");
    }
    Ok(())
}

#[tokio::test]
async fn a_reminder_that_has_not_left_is_withdrawn_when_the_visit_is_moved_and_given_anew()
-> anyhow::Result<()> {
    for town in Town::each().await? {
        reach_contact(&town).await?;
        let order = order(&town).await?;
        let (_, visit) = plan(&town, &order, "own-technician", ("08:00", "10:00")).await?;
        town.workshop.pass(9 * HOUR).await?;
        remind(&town.workshop.app).await?;
        let later = json!({"starts_at": "2026-01-02T20:00:00Z", "why": "they are in a meeting"});
        town.change(&address(&visit), 1, &later).await?;
        assert_eq!(told(&town, "visit_reminder").await?, both("withdrawn"));
        town.workshop.pass(12 * HOUR).await?;
        remind(&town.workshop.app).await?;
        step(&town, &visit, "cancelled").await?;
        let told = told(&town, "visit_reminder").await?;
        assert_eq!(told, [both("withdrawn"), both("withdrawn")].concat(), "nobody comes");
    }
    Ok(())
}

#[tokio::test]
async fn a_technician_hears_of_the_work_order_that_they_get() -> anyhow::Result<()> {
    for town in Town::each().await? {
        let order = order(&town).await?;
        let (_, visit) = plan(&town, &order, "own-technician", ("08:00", "10:00")).await?;
        step(&town, &visit, "dispatched").await?;
        let own = |state: &str| vec![("account:own-technician".to_owned(), state.to_owned())];
        assert_eq!(told(&town, "work_order_assigned").await?, own("waiting"));
        step(&town, &visit, "cancelled").await?;
        assert_eq!(told(&town, "work_order_assigned").await?, own("withdrawn"));
    }
    Ok(())
}

#[tokio::test]
async fn the_customer_hears_of_the_visit_and_that_it_is_called_off() -> anyhow::Result<()> {
    for town in Town::each().await? {
        reach_contact(&town).await?;
        let order = order(&town).await?;
        plan(&town, &order, "own-technician", ("08:00", "10:00")).await?;
        let hold = json!({"to": "on_hold", "why": "a part is missing"});
        let path = format!("{order}/transition");
        town.ask("dispatcher", Method::POST, &path, Some(&hold)).await?;
        let told: Vec<(String, String)> = sqlx::query_as(
            "SELECT event, facts FROM outbox WHERE recipient = 'contact:contact-own' ORDER BY id",
        )
        .fetch_all(&town.workshop.app.database)
        .await?;
        assert_eq!(told.len(), 2, "{told:?}");
        assert_eq!((told[0].0.as_str(), told[1].0.as_str()), ("visit_planned", "visit_changed"));
        assert!(told[1].1.contains("\"cancelled\":true"), "{}", told[1].1);
    }
    Ok(())
}
