//! What returns promise.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::access::tests::Town;
use crate::alarms::tests::HOUR;

const RETURNS: &str = "/api/v1/returns";

async fn ask(town: &Town, who: &str, more: Value) -> anyhow::Result<(StatusCode, Value)> {
    let mut body = json!({"kind": "return", "asset_id": "pump", "reason": "defective",
        "method": "pick_up", "note": "It hums"});
    if let (Some(body), Some(more)) = (body.as_object_mut(), more.as_object()) {
        body.extend(more.clone());
    }
    town.ask(who, Method::POST, RETURNS, Some(&body)).await
}

async fn asked(town: &Town, more: Value) -> anyhow::Result<String> {
    let (status, rma) = ask(town, "customer_service", more).await?;
    assert_eq!(status, StatusCode::CREATED, "{rma}");
    Ok(format!("{RETURNS}/{}", rma["id"].as_str().unwrap_or_default()))
}

async fn step(town: &Town, path: &str, body: Value) -> anyhow::Result<(StatusCode, Value)> {
    let mut body = body;
    body["why"] = json!("in a test");
    town.ask("quality", Method::POST, &format!("{path}/transition"), Some(&body)).await
}

/// Takes the steps one after the other; answers the return after the last.
async fn walk(town: &Town, path: &str, steps: &[&str]) -> anyhow::Result<Value> {
    let mut rma = Value::Null;
    for to in steps {
        let (status, next) = step(town, path, json!({"to": to})).await?;
        assert_eq!(status, StatusCode::OK, "{to}: {next}");
        rma = next;
    }
    Ok(rma)
}

async fn get(town: &Town, who: &str, path: &str) -> anyhow::Result<Value> {
    Ok(town.ask(who, Method::GET, path, None).await?.1)
}

async fn sql(town: &Town, sql: &'static str) -> anyhow::Result<()> {
    sqlx::query(sql).execute(&town.workshop.app.database).await?;
    Ok(())
}

fn states(list: &Value) -> Vec<&str> {
    list.as_array().into_iter().flatten().filter_map(|s| s["state"].as_str()).collect()
}

#[tokio::test]
async fn every_step_has_somebody_and_a_time_and_the_customer_follows_it_by_a_link()
-> anyhow::Result<()> {
    for town in Town::each().await? {
        let path = asked(&town, json!({"owner_id": "account-manager"})).await?;
        let rma = get(&town, "technician", &path).await?;
        assert_eq!(
            (&rma["state"], &rma["customer_id"]),
            (&json!("requested"), &json!("customer-own"))
        );
        assert_eq!((&rma["owner_name"], &rma["item"]), (&json!("account-manager"), &json!("pump")));
        assert_eq!(rma["due_at"], "2026-01-01T08:00:00Z");
        walk(&town, &path, &["approved", "awaiting", "received"]).await?;
        let give = json!({"owner_id": "account-technician", "why": "looks at it"});
        assert_eq!(
            town.change(&path, rma["version"].as_i64().unwrap_or(0) + 3, &give).await?.0,
            StatusCode::OK
        );
        let rma = walk(&town, &path, &["inspected"]).await?;
        let owners: Vec<_> =
            rma["steps"].as_array().into_iter().flatten().map(|s| s["owner_id"].clone()).collect();
        assert_eq!(
            json!(owners),
            json!([
                "account-manager",
                "account-quality",
                "account-quality",
                "account-technician",
                "account-quality"
            ])
        );
        let (status, problem) = step(&town, &path, json!({"to": "refunded"})).await?;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{problem}");
        let paid = json!({"to": "refunded", "refund": {"minor": 19900, "currency": "EUR"}});
        assert_eq!(step(&town, &path, paid).await?.0, StatusCode::OK);
        let rma = walk(&town, &path, &["closed"]).await?;
        assert_eq!((&rma["due_at"], &rma["owner_id"]), (&Value::Null, &Value::Null));
        let link = rma["link"].as_str().unwrap_or_default();
        let (status, seen) = town.ask("nobody", Method::GET, link, None).await?;
        assert_eq!(status, StatusCode::OK, "{seen}");
        assert_eq!(
            states(&seen["steps"]),
            ["requested", "approved", "awaiting", "received", "inspected", "refunded", "closed"]
        );
        assert_eq!(
            (&seen["refund"]["minor"], &seen["reason"]),
            (&json!(19900), &json!("It does not work"))
        );
        let wrong = format!("/api/v1/public/returns/{}", "0".repeat(64));
        assert_eq!(town.ask("nobody", Method::GET, &wrong, None).await?.0, StatusCode::NOT_FOUND);
    }
    Ok(())
}

#[tokio::test]
async fn an_illegal_step_names_the_legal_ones() -> anyhow::Result<()> {
    for town in Town::each().await? {
        let path = asked(&town, json!({})).await?;
        let (status, problem) = step(&town, &path, json!({"to": "refunded"})).await?;
        assert_eq!(status, StatusCode::CONFLICT);
        assert_eq!(problem["next_states"], json!(["approved", "refused", "cancelled"]));
    }
    Ok(())
}

#[tokio::test]
async fn a_step_that_nobody_takes_is_overdue_and_sooner_in_the_priority_lane() -> anyhow::Result<()>
{
    for town in Town::each().await? {
        sql(&town, "DELETE FROM returns WHERE id LIKE 'return-%'").await?;
        let usual = asked(&town, json!({})).await?;
        sql(&town, "UPDATE customers SET priority_lane = 1 WHERE id = 'customer-own'").await?;
        let first = asked(&town, json!({})).await?;
        let overdue = async |owner: &str| {
            let path = format!("{RETURNS}?overdue=true&owner={owner}");
            let page = get(&town, "manager", &path).await?;
            let items = page["items"].as_array().cloned().unwrap_or_default();
            anyhow::Ok(
                items
                    .iter()
                    .map(|r| format!("{RETURNS}/{}", r["id"].as_str().unwrap_or("")))
                    .collect::<Vec<_>>(),
            )
        };
        assert!(overdue("").await?.is_empty());
        town.workshop.pass(4 * HOUR + 1).await?;
        assert_eq!(overdue("").await?, std::slice::from_ref(&first));
        town.workshop.pass(4 * HOUR).await?;
        assert_eq!(overdue("").await?, [first.clone(), usual.clone()], "the newest first");
        let rma = walk(&town, &first, &["approved"]).await?;
        assert_eq!((&rma["overdue"], &rma["priority_lane"]), (&json!(false), &json!(true)));
        assert_eq!(overdue("").await?, [usual]);
        town.workshop.pass(24 * HOUR).await?;
        assert_eq!(overdue("account-quality").await?, [first]);
    }
    Ok(())
}

#[tokio::test]
async fn what_comes_later_than_the_policy_allows_is_taken_only_when_somebody_says_so()
-> anyhow::Result<()> {
    for town in Town::each().await? {
        for (kind, bought, too_late) in [
            ("return", "2025-12-25T00:00:00Z", false),
            ("return", "2025-12-24T23:59:59Z", true),
            ("exchange", "2025-12-17T00:00:00Z", false),
            ("exchange", "2025-12-16T00:00:00Z", true),
        ] {
            let path = asked(&town, json!({"kind": kind, "bought_at": bought})).await?;
            let rma = get(&town, "manager", &path).await?;
            assert_eq!(rma["too_late"], too_late, "{kind} {bought}");
            let (status, _) = step(&town, &path, json!({"to": "approved"})).await?;
            let with = if too_late { StatusCode::CONFLICT } else { StatusCode::OK };
            assert_eq!(status, with, "{kind} {bought}");
            if too_late {
                let kind = json!({"to": "approved", "despite_date": true});
                assert_eq!(step(&town, &path, kind).await?.0, StatusCode::OK);
            }
        }
    }
    Ok(())
}

#[tokio::test]
async fn reasons_days_and_hours_are_policy_and_what_was_promised_stays() -> anyhow::Result<()> {
    for town in Town::each().await? {
        let before = asked(&town, json!({})).await?;
        let path = "/api/v1/return-policy";
        let page = get(&town, "manager", path).await?;
        let mut policy = page["items"][0]["policy"].clone();
        policy["hours"]["requested"] = json!(2);
        policy["reasons"] = json!([{"code": "moth", "words": {"en": "Moths", "zh-Hans": "蛀虫",
            "zh-Hant": "蛀蟲"}}]);
        let new = json!({"policy": policy, "why": "we are quicker"});
        let (status, version) = town.ask("manager", Method::PUT, path, Some(&new)).await?;
        assert_eq!((status, &version["version"]), (StatusCode::OK, &json!(1)), "{version}");
        let (status, problem) = ask(&town, "dispatcher", json!({})).await?;
        assert_eq!(status, StatusCode::BAD_REQUEST);
        assert_eq!(problem["detail"], "`reason` has to be one of: moth");
        let after = asked(&town, json!({"reason": "moth"})).await?;
        assert_eq!(get(&town, "manager", &after).await?["due_at"], "2026-01-01T02:00:00Z");
        let old = get(&town, "manager", &before).await?;
        assert_eq!(
            (&old["due_at"], &old["policy_version"]),
            (&json!("2026-01-01T08:00:00Z"), &json!(0))
        );
        policy["hours"]["requested"] = json!(0);
        let wrong = json!({"policy": policy, "why": "w"});
        let (status, _) = town.ask("manager", Method::PUT, path, Some(&wrong)).await?;
        assert_eq!(status, StatusCode::BAD_REQUEST);
    }
    Ok(())
}

#[tokio::test]
async fn parts_that_come_back_go_into_stock_once() -> anyhow::Result<()> {
    for town in Town::each().await? {
        let of = json!({"asset_id": null, "part_id": "part-own", "quantity": 3,
            "customer_id": "customer-own", "kind": "exchange"});
        let path = asked(&town, of).await?;
        assert_eq!(get(&town, "manager", &path).await?["item"], "3 × Bearing (own-6204)");
        walk(&town, &path, &["approved"]).await?;
        let two = json!({"to": "received", "to_stock": {"depot_id": "depot-own", "quantity": 2}});
        let (status, rma) = step(&town, &path, two).await?;
        assert_eq!((status, &rma["stocked"]), (StatusCode::OK, &json!(2)), "{rma}");
        let four = json!({"to": "inspected", "to_stock": {"depot_id": "depot-own", "quantity": 2}});
        assert_eq!(step(&town, &path, four).await?.0, StatusCode::BAD_REQUEST, "one is left");
        let rest = json!({"to": "inspected", "to_stock": {"depot_id": "depot-own"}});
        assert_eq!(step(&town, &path, rest).await?.0, StatusCode::OK);
        let id = path.rsplit('/').next().unwrap_or_default();
        let moves = get(&town, "manager", &format!("/api/v1/stock/moves?subject={id}")).await?;
        let deltas: Vec<_> = moves["items"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|m| (&m["reason"], &m["delta"]))
            .collect();
        assert_eq!(json!(deltas), json!([["returned", 1], ["returned", 2]]));
        walk(&town, &path, &["exchanged"]).await?;
        let body = json!({"return_id": id, "depot_id": "depot-own"});
        let (status, shipment) =
            town.ask("dispatcher", Method::POST, "/api/v1/shipments", Some(&body)).await?;
        assert_eq!(status, StatusCode::CREATED, "{shipment}");
        assert_eq!(shipment["lines"][0]["quantity"], 3);
        let link = get(&town, "manager", &path).await?["link"].clone();
        let seen = get(&town, "nobody", link.as_str().unwrap_or_default()).await?;
        assert_eq!(seen["shipments"], json!([shipment["link"]]));
    }
    Ok(())
}

#[tokio::test]
async fn the_customer_hears_of_every_step_in_their_language() -> anyhow::Result<()> {
    for town in Town::each().await? {
        sql(&town, "UPDATE contacts SET email = 'li@example.com', language = 'zh-Hans' WHERE id = 'contact-own'").await?;
        let path = asked(&town, json!({})).await?;
        walk(&town, &path, &["approved", "cancelled"]).await?;
        let told: Vec<(String, String, String)> = sqlx::query_as(
            "SELECT address, language, facts FROM outbox WHERE event = 'return_step' ORDER BY id",
        )
        .fetch_all(&town.workshop.app.database)
        .await?;
        let steps: Vec<_> = told
            .iter()
            .filter_map(|t| {
                serde_json::from_str::<Value>(&t.2).ok()?["step"].as_str().map(str::to_owned)
            })
            .collect();
        assert_eq!(steps, ["return_requested", "return_approved", "return_cancelled"]);
        assert!(told.iter().all(|t| (t.0.as_str(), t.1.as_str()) == ("li@example.com", "zh-Hans")));
    }
    Ok(())
}

#[tokio::test]
async fn customers_ask_for_returns_of_their_own_machines_and_see_no_others() -> anyhow::Result<()> {
    for town in Town::each().await? {
        let (status, rma) = ask(&town, "customer", json!({})).await?;
        assert_eq!(status, StatusCode::CREATED, "{rma}");
        let owner = json!({"owner_id": "account-manager"});
        assert_eq!(ask(&town, "customer", owner).await?.0, StatusCode::BAD_REQUEST);
        let foreign =
            json!({"request_id": "request-foreign", "asset_id": null, "part_id": "part-own"});
        assert_eq!(ask(&town, "customer", foreign).await?.0, StatusCode::NOT_FOUND);
        for (body, with) in [
            (json!({"asset_id": null}), StatusCode::BAD_REQUEST),
            (json!({"part_id": "part-own"}), StatusCode::BAD_REQUEST),
            (json!({"quantity": 2}), StatusCode::BAD_REQUEST),
            (json!({"asset_id": "no"}), StatusCode::NOT_FOUND),
            (json!({"site_id": "site-foreign"}), StatusCode::BAD_REQUEST),
            (
                json!({"asset_id": null, "part_id": "no", "customer_id": "customer-own"}),
                StatusCode::NOT_FOUND,
            ),
            (json!({"asset_id": null, "part_id": "part-own"}), StatusCode::BAD_REQUEST),
            (json!({"owner_id": "account-customer"}), StatusCode::NOT_FOUND),
            (json!({"request_id": "no"}), StatusCode::NOT_FOUND),
        ] {
            let (status, problem) = ask(&town, "dispatcher", body.clone()).await?;
            assert_eq!(status, with, "{body}: {problem}");
        }
    }
    Ok(())
}
