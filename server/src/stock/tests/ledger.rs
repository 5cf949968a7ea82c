//! The ledger: every piece is accounted for.

use axum::http::{Method, StatusCode};
use serde_json::json;

use super::Store;
use crate::access::tests::Town;

#[tokio::test]
async fn every_change_is_a_line_with_the_balance_afterwards() -> anyhow::Result<()> {
    for town in Town::each().await? {
        let store = Store::of(&town).await?;
        store.receive(&store.north, 5).await?;
        let count = json!({"depot_id": store.north, "counted": 4});
        store.post("counts", count.clone()).await?;
        store.post("counts", count).await?;
        let transfer =
            json!({"from_depot_id": store.north, "to_depot_id": store.south, "quantity": 3});
        let (status, level) = store.post("transfers", transfer).await?;
        assert_eq!((status, &level["on_hand"]), (StatusCode::OK, &json!(3)), "{level}");
        let scrap = json!({"depot_id": store.north, "quantity": 1});
        store.post("scrap", scrap).await?;
        let moves = store.moves(&store.north).await?;
        let lines: Vec<_> = moves
            .iter()
            .rev()
            .map(|m| {
                (m["number"].clone(), m["reason"].clone(), m["delta"].clone(), m["balance"].clone())
            })
            .collect();
        assert_eq!(
            json!(lines),
            json!([
                [1, "received", 5, 5],
                [2, "counted", -1, 4],
                [3, "counted", 0, 4],
                [4, "moved", -3, 1],
                [5, "scrapped", -1, 0]
            ])
        );
        assert!(moves.iter().all(|m| m["who"] == "dispatcher" && m["why"] == "in a test"));
    }
    Ok(())
}

#[tokio::test]
async fn a_shortage_says_what_is_there_and_where_else_some_are_and_changes_nothing()
-> anyhow::Result<()> {
    for town in Town::each().await? {
        let store = Store::of(&town).await?;
        store.receive(&store.north, 2).await?;
        store.receive(&store.south, 7).await?;
        let scrap = json!({"depot_id": store.north, "quantity": 3});
        let (status, problem) = store.post("scrap", scrap).await?;
        assert_eq!(status, StatusCode::CONFLICT);
        assert_eq!(
            problem["detail"],
            "North has 2 of Bearing (6204) free, and 3 are needed; South has 7"
        );
        let transfer =
            json!({"from_depot_id": store.north, "to_depot_id": store.van, "quantity": 3});
        assert_eq!(store.post("transfers", transfer).await?.0, StatusCode::CONFLICT);
        assert_eq!(store.figures(&store.north).await?, (2, 0, 0));
        assert!(store.moves(&store.van).await?.is_empty());
        let nowhere = json!({"depot_id": "no", "quantity": 1});
        assert_eq!(store.post("receipts", nowhere).await?.0, StatusCode::NOT_FOUND);
        for wrong in [0, -1, 1_000_001] {
            let body = json!({"depot_id": store.north, "quantity": wrong});
            assert_eq!(store.post("receipts", body).await?.0, StatusCode::BAD_REQUEST);
        }
        let much = json!({"depot_id": store.north, "quantity": 999_999});
        assert_eq!(store.post("receipts", much).await?.0, StatusCode::CONFLICT);
    }
    Ok(())
}

#[tokio::test]
async fn many_movers_at_once_lose_no_piece_and_make_none() -> anyhow::Result<()> {
    for town in Town::each().await? {
        let store = Store::of(&town).await?;
        let depots = [&store.north, &store.south, &store.van];
        for depot in depots {
            store.receive(depot, 6).await?;
        }
        // A fixed mix of quantities in every direction: more than there is, again and again.
        let moves = (0..48_usize).map(|i| {
            let (from, to) = (depots[i % 3], depots[(i + 1 + (i / 3) % 2) % 3]);
            let quantity = 1 + (i * 7) % 5;
            store.post(
                "transfers",
                json!({"from_depot_id": from, "to_depot_id": to, "quantity": quantity}),
            )
        });
        let mut moved = 0;
        for answer in futures_util::future::join_all(moves).await {
            match answer? {
                (StatusCode::OK, _) => moved += 1,
                (StatusCode::CONFLICT, _) => {}
                (status, problem) => panic!("{status} {problem}"),
            }
        }
        assert!(moved > 0);
        let mut pieces = 0;
        for depot in depots {
            let on_hand = store.figures(depot).await?.0;
            assert!(on_hand >= 0);
            pieces += on_hand;
            let moves = store.moves(depot).await?;
            let sum: i64 = moves.iter().filter_map(|m| m["delta"].as_i64()).sum();
            assert_eq!(sum, on_hand, "the ledger of a depot adds up to what is there");
            let mut balance = 0;
            for (number, line) in moves.iter().rev().enumerate() {
                balance += line["delta"].as_i64().unwrap_or_default();
                assert_eq!(
                    (&line["number"], &line["balance"]),
                    (&json!(number + 1), &json!(balance))
                );
            }
        }
        assert_eq!(pieces, 18);
    }
    Ok(())
}

#[tokio::test]
async fn people_hear_once_of_each_fall_below_the_minimum() -> anyhow::Result<()> {
    for town in Town::each().await? {
        let store = Store::of(&town).await?;
        sqlx::query(
            "INSERT INTO notification_addresses (id, owner_kind, owner, kind, address, language, \
             time_zone, active, who, created_at) VALUES ('a', 'role', 'dispatcher', 'email', \
             'd@example.com', 'en', 'UTC', 1, 'w', 0)",
        )
        .execute(&town.workshop.app.database)
        .await?;
        store.receive(&store.north, 5).await?;
        let level = store.minimum(&store.north, 3).await?;
        assert!(level["low_since"].is_null());
        let take = |quantity: i64| {
            store.post("scrap", json!({"depot_id": store.north, "quantity": quantity}))
        };
        take(2).await?;
        assert!(store.level(&store.north).await?["low_since"].is_null(), "three are enough");
        take(1).await?;
        take(1).await?;
        let low = store.level(&store.north).await?;
        assert_eq!(low["low_since"], "2026-01-01T00:00:00Z");
        let path = "/api/v1/stock?below_minimum=true";
        let (_, page) = town.ask("manager", Method::GET, path, None).await?;
        assert_eq!(page["items"], json!([low]));
        store.receive(&store.north, 5).await?;
        take(5).await?;
        let told: Vec<String> =
            sqlx::query_scalar("SELECT facts FROM outbox WHERE event = 'low_stock' ORDER BY id")
                .fetch_all(&town.workshop.app.database)
                .await?;
        let left: Vec<i64> = told
            .iter()
            .filter_map(|facts| {
                serde_json::from_str::<serde_json::Value>(facts).ok()?["left"].as_i64()
            })
            .collect();
        assert_eq!(left, [2, 1], "of the first fall, and of the second");
    }
    Ok(())
}

#[tokio::test]
async fn a_van_belongs_to_one_technician_and_a_shelf_to_a_site() -> anyhow::Result<()> {
    for town in Town::each().await? {
        let store = Store::of(&town).await?;
        for (body, with) in [
            (json!({"name": "n", "kind": "van"}), StatusCode::BAD_REQUEST),
            (
                json!({"name": "n", "kind": "warehouse", "site_id": "site-own"}),
                StatusCode::BAD_REQUEST,
            ),
            (json!({"name": "n", "kind": "van", "technician_id": "no"}), StatusCode::NOT_FOUND),
            (json!({"name": "n", "kind": "site", "site_id": "no"}), StatusCode::NOT_FOUND),
            (json!({"name": "North", "kind": "warehouse"}), StatusCode::CONFLICT),
            (
                json!({"name": "n", "kind": "van", "technician_id": "own-technician"}),
                StatusCode::CONFLICT,
            ),
            (json!({"name": "n", "kind": "warehouse", "latitude": 1.0}), StatusCode::BAD_REQUEST),
        ] {
            let path = "/api/v1/depots";
            let (status, problem) = town.ask("manager", Method::POST, path, Some(&body)).await?;
            assert_eq!(status, with, "{body}: {problem}");
        }
        let path = format!("/api/v1/depots/{}", store.van);
        let driver = json!({"technician_id": "foreign-technician", "name": "Blue van", "why": "w"});
        let (status, van) = town.change(&path, 1, &driver).await?;
        assert_eq!(status, StatusCode::OK, "{van}");
        assert_eq!(
            (&van["name"], &van["technician_id"]),
            (&driver["name"], &driver["technician_id"])
        );
        assert_eq!(town.change(&path, 1, &driver).await?.0, StatusCode::PRECONDITION_FAILED);
        let path = "/api/v1/depots?kind=van";
        let (_, page) = town.ask("technician", Method::GET, path, None).await?;
        assert_eq!(page["items"], json!([van]));
    }
    Ok(())
}
