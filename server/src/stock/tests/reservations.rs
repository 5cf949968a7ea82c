//! Parts that work orders need: nobody uses what is kept for another.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use super::Store;
use crate::access::tests::Town;
use crate::work_orders::tests::order;

async fn ask(
    store: &Store<'_>,
    order: &str,
    quantity: i64,
    depot: Option<&str>,
) -> anyhow::Result<(StatusCode, Value)> {
    let body = json!({"part_id": store.part, "quantity": quantity, "depot_id": depot});
    store.town.ask("dispatcher", Method::POST, &format!("{order}/parts"), Some(&body)).await
}

async fn reserve(store: &Store<'_>, order: &str, quantity: i64) -> anyhow::Result<Value> {
    let (status, line) = ask(store, order, quantity, None).await?;
    assert_eq!(status, StatusCode::CREATED, "{line}");
    Ok(line)
}

async fn step(
    store: &Store<'_>,
    order: &str,
    line: &Value,
    body: Value,
) -> anyhow::Result<(StatusCode, Value)> {
    let mut body = body;
    body["why"] = json!("in a test");
    let path = format!("{order}/parts/{}/transition", line["id"].as_str().unwrap_or_default());
    store.town.ask("technician", Method::POST, &path, Some(&body)).await
}

async fn parts(store: &Store<'_>, order: &str) -> anyhow::Result<Value> {
    Ok(store.town.ask("manager", Method::GET, &format!("{order}/parts"), None).await?.1)
}

async fn visit(town: &Town, order: &str) -> anyhow::Result<Value> {
    let id = order.rsplit('/').next().unwrap_or_default();
    let body = json!({"work_order_id": id, "technician_id": "own-technician", "why": "w",
        "starts_at": "2026-01-02T08:00:00Z", "ends_at": "2026-01-02T10:00:00Z"});
    let (status, visit) =
        town.ask("dispatcher", Method::POST, "/api/v1/visits", Some(&body)).await?;
    assert_eq!(status, StatusCode::CREATED, "{visit}");
    Ok(visit)
}

#[tokio::test]
async fn the_van_of_whoever_goes_keeps_the_part_else_the_nearest_depot_and_says_why()
-> anyhow::Result<()> {
    for town in Town::each().await? {
        let store = Store::of(&town).await?;
        sqlx::query("UPDATE sites SET latitude = 50.0, longitude = 10.0 WHERE id = 'site-own'")
            .execute(&town.workshop.app.database)
            .await?;
        for depot in [&store.north, &store.south, &store.van] {
            store.receive(depot, 2).await?;
        }
        let order = order(&town).await?;
        let line = reserve(&store, &order, 1).await?;
        assert_eq!((&line["state"], &line["depot_name"]), (&json!("reserved"), &json!("South")));
        assert_eq!(line["reasons"], json!(["South has 2 free", "the nearest with enough: 222 km"]));
        visit(&town, &order).await?;
        let line = reserve(&store, &order, 2).await?;
        assert_eq!(line["depot_name"], "Van", "{line}");
        let line = reserve(&store, &order, 2).await?;
        assert_eq!(line["depot_name"], "North", "the van and South have too few: {line}");
        let (status, problem) = ask(&store, &order, 2, Some(&store.south)).await?;
        assert_eq!(status, StatusCode::CONFLICT);
        assert_eq!(
            problem["detail"],
            "South has 1 of Bearing (6204) free, and 2 are needed (1 more are reserved); \
             nowhere else are any"
        );
    }
    Ok(())
}

#[tokio::test]
async fn what_is_nowhere_is_wanted_and_nobody_is_sent_out_without_it() -> anyhow::Result<()> {
    for town in Town::each().await? {
        let store = Store::of(&town).await?;
        let day = json!([{"from": "08:00", "to": "16:00"}]);
        sqlx::query("UPDATE technicians SET hours = $1")
            .bind(json!({"time_zone": "UTC", "schedule": {"week": {"monday": day}}}).to_string())
            .execute(&town.workshop.app.database)
            .await?;
        store.receive(&store.north, 1).await?;
        let order = order(&town).await?;
        let line = reserve(&store, &order, 2).await?;
        assert_eq!((&line["state"], &line["depot_id"]), (&json!("wanted"), &Value::Null));
        assert_eq!(
            line["reasons"],
            json!(["nowhere are 2 of Bearing (6204)", "North has 1, not 2"])
        );
        let (_, answer) =
            town.ask("dispatcher", Method::GET, &format!("{order}/suggestions"), None).await?;
        let why = "cannot begin, parts are missing: 2 × Bearing (6204)";
        assert_eq!(answer["refused"][0]["why"], why, "{answer}");
        let path = format!("{order}/dispatch");
        let (status, problem) =
            town.ask("dispatcher", Method::POST, &path, Some(&json!({}))).await?;
        assert_eq!(status, StatusCode::CONFLICT);
        assert!(problem["detail"].to_string().contains("parts are missing"), "{problem}");
        let again = json!({"to": "reserved"});
        let (status, problem) = step(&store, &order, &line, again.clone()).await?;
        assert_eq!(status, StatusCode::CONFLICT, "{problem}");
        store.receive(&store.north, 1).await?;
        let (status, line) = step(&store, &order, &line, again).await?;
        assert_eq!((status, &line["state"]), (StatusCode::OK, &json!("reserved")), "{line}");
        let (_, answer) =
            town.ask("dispatcher", Method::GET, &format!("{order}/suggestions"), None).await?;
        assert!(!answer["refused"].to_string().contains("parts are missing"), "{answer}");
    }
    Ok(())
}

#[tokio::test]
async fn of_many_who_want_the_last_pieces_only_so_many_get_them() -> anyhow::Result<()> {
    for town in Town::each().await? {
        let store = Store::of(&town).await?;
        store.receive(&store.north, 5).await?;
        let mut orders = Vec::new();
        for _ in 0..6 {
            orders.push(order(&town).await?);
        }
        let all = orders.iter().map(|order| reserve(&store, order, 2));
        let mut reserved = 0;
        for answer in futures_util::future::join_all(all).await {
            reserved += i64::from(answer?["state"] == "reserved");
        }
        assert_eq!(reserved, 2);
        assert_eq!(store.figures(&store.north).await?, (5, 4, 0));
        let scrap = json!({"depot_id": store.north, "quantity": 2});
        assert_eq!(store.post("scrap", scrap).await?.0, StatusCode::CONFLICT, "one is free");
    }
    Ok(())
}

#[tokio::test]
async fn what_is_used_leaves_the_depot_at_the_price_of_that_time_and_the_rest_goes_back()
-> anyhow::Result<()> {
    for town in Town::each().await? {
        let store = Store::of(&town).await?;
        store.receive(&store.north, 5).await?;
        let order = order(&town).await?;
        let line = reserve(&store, &order, 3).await?;
        step(&store, &order, &line, json!({"to": "picked"})).await?;
        assert_eq!(store.figures(&store.north).await?, (5, 3, 3));
        for wrong in [0, 4] {
            let body = json!({"to": "used", "quantity": wrong});
            assert_eq!(step(&store, &order, &line, body).await?.0, StatusCode::BAD_REQUEST);
        }
        let (status, used) =
            step(&store, &order, &line, json!({"to": "used", "quantity": 2})).await?;
        assert_eq!(status, StatusCode::OK, "{used}");
        assert_eq!((&used["used"], &used["next_states"]), (&json!(2), &json!([])));
        assert_eq!(store.figures(&store.north).await?, (3, 0, 0));
        let newest = &store.moves(&store.north).await?[0];
        assert_eq!((&newest["reason"], &newest["delta"]), (&json!("used"), &json!(-2)));
        assert_eq!(newest["subject_kind"], "work_order");
        let dearer = json!({"price": {"minor": 5000, "currency": "EUR"}, "why": "w"});
        town.change(&format!("/api/v1/parts/{}", store.part), 1, &dearer).await?;
        let cost = &parts(&store, &order).await?["parts_cost"];
        assert_eq!(cost["sums"], json!([{"minor": 1800, "currency": "EUR"}]));
        let (status, problem) = step(&store, &order, &line, json!({"to": "released"})).await?;
        assert_eq!(status, StatusCode::CONFLICT);
        assert_eq!(problem["next_states"], json!([]));
    }
    Ok(())
}

#[tokio::test]
async fn a_cancelled_work_order_lets_go_of_everything_it_keeps() -> anyhow::Result<()> {
    for town in Town::each().await? {
        let store = Store::of(&town).await?;
        store.receive(&store.north, 5).await?;
        let order = order(&town).await?;
        let picked = reserve(&store, &order, 2).await?;
        step(&store, &order, &picked, json!({"to": "picked"})).await?;
        reserve(&store, &order, 1).await?;
        reserve(&store, &order, 50).await?;
        let body = json!({"to": "cancelled", "why": "the customer bought a new one"});
        let path = format!("{order}/transition");
        let (status, cancelled) = town.ask("dispatcher", Method::POST, &path, Some(&body)).await?;
        assert_eq!(status, StatusCode::OK, "{cancelled}");
        assert_eq!(store.figures(&store.north).await?, (5, 0, 0));
        let all = parts(&store, &order).await?;
        let states: Vec<_> =
            all["items"].as_array().into_iter().flatten().map(|l| &l["state"]).collect();
        assert_eq!(states, ["released"; 3]);
        let id = picked["id"].as_str().unwrap_or_default();
        let path = format!("/api/v1/changes?subject_kind=work_order_part&subject_id={id}");
        let (_, page) = town.ask("admin", Method::GET, &path, None).await?;
        let newest = &page["items"][0];
        assert_eq!(newest["rule"], "work order lets go of its parts");
        assert_eq!((&newest["from"], &newest["to"]), (&json!("picked"), &json!("released")));
        let (status, _) = ask(&store, &order, 1, None).await?;
        assert_eq!(status, StatusCode::CONFLICT, "a cancelled one gets nothing");
    }
    Ok(())
}

#[tokio::test]
async fn a_count_that_finds_fewer_than_are_reserved_puts_the_newest_back_on_the_wanted_list()
-> anyhow::Result<()> {
    for town in Town::each().await? {
        let store = Store::of(&town).await?;
        store.receive(&store.north, 6).await?;
        let order = order(&town).await?;
        let picked = reserve(&store, &order, 2).await?;
        step(&store, &order, &picked, json!({"to": "picked"})).await?;
        reserve(&store, &order, 2).await?;
        reserve(&store, &order, 2).await?;
        // The two that are picked are not on the shelf.
        let (status, level) =
            store.post("counts", json!({"depot_id": store.north, "counted": 3})).await?;
        assert_eq!(status, StatusCode::OK, "{level}");
        assert_eq!(store.figures(&store.north).await?, (5, 4, 2));
        let all = parts(&store, &order).await?;
        let states: Vec<_> =
            all["items"].as_array().into_iter().flatten().map(|l| &l["state"]).collect();
        assert_eq!(states, ["picked", "reserved", "wanted"]);
    }
    Ok(())
}

#[tokio::test]
async fn a_part_noted_in_the_repair_session_comes_off_the_reservation_once() -> anyhow::Result<()> {
    for town in Town::each().await? {
        let store = Store::of(&town).await?;
        store.receive(&store.van, 5).await?;
        let order = order(&town).await?;
        let visit = visit(&town, &order).await?;
        reserve(&store, &order, 3).await?;
        let body = json!({"asset_id": "pump", "ticket_id": "ticket-own", "visit_id": visit["id"],
            "title": "Bearing", "technicians": ["T"]});
        let path = "/api/v1/repair-sessions";
        let (status, session) = town.ask("technician", Method::POST, path, Some(&body)).await?;
        assert_eq!(status, StatusCode::OK, "{session}");
        let entries = format!("{path}/{}/entries", session["id"].as_str().unwrap_or_default());
        let note = |key: &'static str, number: &'static str, quantity: f64| {
            let (town, entries) = (&town, &entries);
            async move {
                let body = json!({"kind": "part_used", "part_number": number, "quantity": quantity,
                    "key": key});
                town.ask("technician", Method::POST, entries, Some(&body)).await
            }
        };
        for _ in 0..2 {
            let (status, entry) = note("a", "6204", 1.0).await?;
            assert_eq!(status, StatusCode::OK, "{entry}");
        }
        assert_eq!(store.figures(&store.van).await?, (4, 2, 0), "sent twice, used once");
        for (key, number, quantity) in
            [("b", "not in the catalogue", 1.0), ("c", "6204", 0.5), ("d", "6204", 9.0)]
        {
            assert_eq!(note(key, number, quantity).await?.0, StatusCode::OK);
        }
        assert_eq!(store.figures(&store.van).await?, (4, 2, 0), "these are notes");
        note("e", "6204", 2.0).await?;
        assert_eq!(store.figures(&store.van).await?, (2, 0, 0));
        let all = parts(&store, &order).await?;
        assert_eq!(
            (&all["items"][0]["state"], &all["items"][0]["used"]),
            (&json!("used"), &json!(3))
        );
        assert_eq!(all["parts_cost"]["sums"][0]["minor"], 2700);
    }
    Ok(())
}
