//! Many people at once, at everything that changes stock.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use super::Store;
use crate::access::tests::Town;
use crate::work_orders::tests::order;

/// Reserves and then picks, uses, releases or cancels, each work order in its own way.
async fn work(store: &Store<'_>, order: &str, way: usize) -> anyhow::Result<()> {
    let town = store.town;
    let body = json!({"part_id": store.part, "quantity": 1 + way % 3});
    let path = format!("{order}/parts");
    let (status, line) = town.ask("dispatcher", Method::POST, &path, Some(&body)).await?;
    assert_eq!(status, StatusCode::CREATED, "{line}");
    let path = format!("{path}/{}/transition", line["id"].as_str().unwrap_or_default());
    let steps: &[Value] = match way % 4 {
        0 => &[json!({"to": "picked"}), json!({"to": "used", "quantity": 1})],
        1 => &[json!({"to": "picked"}), json!({"to": "reserved"})],
        2 => &[json!({"to": "wanted"}), json!({"to": "reserved"}), json!({"to": "picked"})],
        _ => &[json!({"to": "picked"})],
    };
    for step in steps {
        let mut step = step.clone();
        step["why"] = json!("in a test");
        let (status, answer) = town.ask("technician", Method::POST, &path, Some(&step)).await?;
        assert!(matches!(status, StatusCode::OK | StatusCode::CONFLICT), "{status} {answer}");
    }
    if way % 4 == 3 {
        let body = json!({"to": "cancelled", "why": "in a test"});
        let path = format!("{order}/transition");
        let (status, answer) = town.ask("dispatcher", Method::POST, &path, Some(&body)).await?;
        assert_eq!(status, StatusCode::OK, "{answer}");
    }
    Ok(())
}

/// Counts, and moves a few pieces away and back.
async fn tidy(store: &Store<'_>, turn: i64) -> anyhow::Result<()> {
    let count = json!({"depot_id": store.north, "counted": 4 + turn % 3});
    let away = json!({"from_depot_id": store.north, "to_depot_id": store.van, "quantity": 2});
    let back = json!({"from_depot_id": store.van, "to_depot_id": store.north, "quantity": 1});
    for (what, body) in [("counts", count), ("transfers", away), ("transfers", back)] {
        let (status, answer) = store.post(what, body).await?;
        assert!(matches!(status, StatusCode::OK | StatusCode::CONFLICT), "{status} {answer}");
    }
    Ok(())
}

#[tokio::test]
async fn whatever_many_do_at_once_a_depot_keeps_what_work_orders_think_it_keeps()
-> anyhow::Result<()> {
    for town in Town::each().await? {
        let store = Store::of(&town).await?;
        store.receive(&store.north, 12).await?;
        store.receive(&store.south, 6).await?;
        let mut orders = Vec::new();
        for _ in 0..12 {
            orders.push(order(&town).await?);
        }
        let works = orders.iter().enumerate().map(|(way, order)| work(&store, order, way));
        let works = futures_util::future::join_all(works);
        let tidying = futures_util::future::join_all((0..6).map(|turn| tidy(&store, turn)));
        let (works, tidying) = futures_util::future::join(works, tidying).await;
        works.into_iter().chain(tidying).collect::<anyhow::Result<()>>()?;
        for depot in [&store.north, &store.south, &store.van] {
            let (on_hand, reserved, picked) = store.figures(depot).await?;
            let kept: (i64, i64) = sqlx::query_as(
                "SELECT CAST(coalesce(sum(quantity - used), 0) AS BIGINT), \
                 CAST(coalesce(sum(CASE WHEN state = 'picked' THEN quantity - used ELSE 0 END), 0) \
                 AS BIGINT) FROM work_order_parts WHERE depot_id = $1 \
                 AND state IN ('reserved', 'picked')",
            )
            .bind(depot)
            .fetch_one(&town.workshop.app.database)
            .await?;
            assert_eq!((reserved, picked), kept);
            assert!(on_hand >= reserved && reserved >= picked && picked >= 0);
            let moves = store.moves(depot).await?;
            let sum: i64 = moves.iter().filter_map(|m| m["delta"].as_i64()).sum();
            assert_eq!(sum, on_hand, "the ledger adds up to what is there");
        }
    }
    Ok(())
}
