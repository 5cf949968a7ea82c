//! The catalogue: found by number, name, code and model, and changed by one person at a time.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::access::tests::Town;

const PARTS: &str = "/api/v1/parts";

async fn add(town: &Town, body: &Value) -> anyhow::Result<(StatusCode, Value)> {
    town.ask("engineer", Method::POST, PARTS, Some(body)).await
}

async fn found(town: &Town, query: &str) -> anyhow::Result<Vec<String>> {
    let path = format!("{PARTS}?{query}");
    let (status, page) = town.ask("technician", Method::GET, &path, None).await?;
    assert_eq!(status, StatusCode::OK, "{page}");
    let numbers = page["items"].as_array().into_iter().flatten();
    Ok(numbers.filter_map(|p| p["part_number"].as_str().map(str::to_owned)).collect())
}

fn seal() -> Value {
    json!({"part_number": "S-100", "name": "Shaft seal", "code": "4006381333931",
        "models": ["CR 10", "CR 15"], "price": {"minor": 1250, "currency": "EUR"}})
}

#[tokio::test]
async fn a_part_is_found_by_number_name_scanned_code_and_the_model_that_it_fits()
-> anyhow::Result<()> {
    for town in Town::each().await? {
        let (status, part) = add(&town, &seal()).await?;
        assert_eq!(status, StatusCode::CREATED, "{part}");
        assert_eq!((&part["unit"], &part["version"]), (&json!("piece"), &json!(1)));
        for query in ["q=s-10", "q=SHAFT", "code=4006381333931", "code=s-100", "model=cr%2010"] {
            assert_eq!(found(&town, query).await?, ["S-100"], "{query}");
        }
        for query in ["q=screw", "code=400638133393", "model=CR", "model=CR%201_", "code=S-1"] {
            assert!(found(&town, query).await?.is_empty(), "{query}");
        }
    }
    Ok(())
}

#[tokio::test]
async fn no_two_parts_have_one_number_or_one_code() -> anyhow::Result<()> {
    for town in Town::each().await? {
        add(&town, &seal()).await?;
        let mut again = seal();
        again["code"] = Value::Null;
        let (status, problem) = add(&town, &again).await?;
        assert_eq!(status, StatusCode::CONFLICT);
        assert_eq!(problem["detail"], "there is a part \"S-100\" already");
        let mut other = seal();
        other["part_number"] = json!("S-200");
        let (status, problem) = add(&town, &other).await?;
        assert_eq!(status, StatusCode::CONFLICT);
        assert_eq!(problem["detail"], "another part has this code already");
        for wrong in [
            json!({"part_number": " ", "name": "n"}),
            json!({"part_number": "n", "name": "n", "price": {"minor": -1, "currency": "EUR"}}),
            json!({"part_number": "n", "name": "n", "price": {"minor": 1, "currency": "euro"}}),
            json!({"part_number": "n", "name": "n", "models": [""]}),
        ] {
            assert_eq!(add(&town, &wrong).await?.0, StatusCode::BAD_REQUEST, "{wrong}");
        }
    }
    Ok(())
}

#[tokio::test]
async fn of_two_people_who_change_a_part_the_second_is_told_and_every_field_is_written_down()
-> anyhow::Result<()> {
    for town in Town::each().await? {
        let (_, part) = add(&town, &seal()).await?;
        let id = part["id"].as_str().unwrap_or_default();
        let path = format!("{PARTS}/{id}");
        let dearer = json!({"price": {"minor": 1400, "currency": "EUR"}, "code": null,
            "archived": true, "why": "the list of 2026"});
        let (status, part) = town.change(&path, 1, &dearer).await?;
        assert_eq!(status, StatusCode::OK, "{part}");
        assert_eq!((&part["price"]["minor"], &part["code"]), (&json!(1400), &Value::Null));
        let (status, _) = town.change(&path, 1, &dearer).await?;
        assert_eq!(status, StatusCode::PRECONDITION_FAILED);
        let path = format!("/api/v1/changes?subject_kind=part&subject_id={id}");
        let (_, page) = town.ask("admin", Method::GET, &path, None).await?;
        let price = page["items"].as_array().into_iter().flatten().find(|c| c["field"] == "price");
        let price = price.cloned().unwrap_or_default();
        assert_eq!((&price["from"], &price["to"]), (&json!("1250 EUR"), &json!("1400 EUR")));
        assert!(found(&town, "q=S-100").await?.is_empty(), "it is no longer used");
        assert_eq!(found(&town, "q=S-100&archived=true").await?, ["S-100"]);
        assert_eq!(found(&town, "code=S-100").await?, ["S-100"], "who scans it is told what it is");
    }
    Ok(())
}
