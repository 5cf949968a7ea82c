//! What registering machines promises.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::access::tests::Town;

async fn register(town: &Town, body: Value) -> anyhow::Result<Value> {
    let path = "/api/v1/assets";
    let (status, made) = town.ask("customer_service", Method::POST, path, Some(&body)).await?;
    assert_eq!(status, StatusCode::CREATED, "{made}");
    Ok(made)
}

#[tokio::test]
async fn a_machine_without_a_board_is_registered_and_says_whose_it_is() -> anyhow::Result<()> {
    for town in Town::each().await? {
        let made = register(
            &town,
            json!({"name": "Mixer 3", "kind": "mixer", "model": "MX", "serial": "SN-9",
                "site_id": "site-own", "warranty_until": "2027-01-01T00:00:00Z"}),
        )
        .await?;
        assert_eq!(
            (&made["site_name"], &made["customer_id"], &made["condition"]),
            (&json!("own"), &json!("customer-own"), &json!("waiting"))
        );
        for query in ["q=sn-9", "customer=customer-own&q=mix", "site=site-own&q=mx"] {
            let path = format!("/api/v1/assets?{query}");
            let (_, page) = town.ask("technician", Method::GET, &path, None).await?;
            assert_eq!(page["items"], json!([made]), "{query}");
        }
        let (_, page) = town.ask("customer", Method::GET, "/api/v1/assets", None).await?;
        assert_eq!(page["items"].as_array().map(Vec::len), Some(2), "{page}");
    }
    Ok(())
}

#[tokio::test]
async fn a_board_that_is_adopted_by_the_name_of_a_registered_machine_sits_on_it()
-> anyhow::Result<()> {
    for town in Town::each().await? {
        let made = register(&town, json!({"name": "Mixer 3", "kind": "mixer"})).await?;
        let adoption = json!({"asset": {"name": "Mixer 3", "kind": "mixer"}, "channels": []});
        let path = "/api/v1/boards/esp-1/adoption";
        let (status, adopted) = town.ask("engineer", Method::PUT, path, Some(&adoption)).await?;
        assert_eq!((status, &adopted["asset_id"]), (StatusCode::OK, &made["id"]), "{adopted}");
        let adoption = json!({"asset": {"name": "New one", "kind": "mixer"}, "channels": []});
        let path = "/api/v1/boards/esp-2/adoption";
        let (status, adopted) = town.ask("engineer", Method::PUT, path, Some(&adoption)).await?;
        assert_eq!(status, StatusCode::OK, "{adopted}");
        let id = adopted["asset_id"].as_str().unwrap_or_default();
        let path = format!("/api/v1/assets/{id}");
        let (status, _) =
            town.change(&path, 1, &json!({"model": "X", "why": "name plate"})).await?;
        assert_eq!(status, StatusCode::OK);
    }
    Ok(())
}

#[tokio::test]
async fn a_machine_that_moves_to_another_site_is_seen_by_who_sees_that_site() -> anyhow::Result<()>
{
    for town in Town::each().await? {
        let see = || town.ask("customer", Method::GET, "/api/v1/assets/chiller", None);
        assert_eq!(see().await?.0, StatusCode::NOT_FOUND);
        let moved = json!({"site_id": "site-own", "serial": " S ", "why": "it was sold"});
        let (status, asset) = town.change("/api/v1/assets/chiller", 1, &moved).await?;
        assert_eq!(
            (status, &asset["customer_name"], &asset["serial"]),
            (StatusCode::OK, &json!("own"), &json!("S")),
            "{asset}"
        );
        assert_eq!(see().await?.0, StatusCode::OK);
        let (status, problem) = town.change("/api/v1/assets/chiller", 1, &moved).await?;
        assert_eq!(status, StatusCode::PRECONDITION_FAILED, "{problem}");
        let changes = "/api/v1/changes?subject_kind=asset&subject_id=chiller";
        let (_, page) = town.ask("admin", Method::GET, changes, None).await?;
        assert_eq!(page["items"].as_array().map(Vec::len), Some(2), "{page}");
    }
    Ok(())
}

#[tokio::test]
async fn what_cannot_be_is_refused_with_what_to_change() -> anyhow::Result<()> {
    for town in Town::each().await? {
        for (body, with) in [
            (json!({"name": "pump", "kind": "pump"}), StatusCode::CONFLICT),
            (json!({"name": "", "kind": "pump"}), StatusCode::BAD_REQUEST),
            (json!({"name": "P", "kind": "pump", "site_id": "no"}), StatusCode::NOT_FOUND),
        ] {
            let path = "/api/v1/assets";
            let (status, problem) = town.ask("manager", Method::POST, path, Some(&body)).await?;
            assert_eq!(status, with, "{body}: {problem}");
        }
        town.limit_everybody().await?;
        for (site, with) in [
            (Value::Null, StatusCode::BAD_REQUEST),
            (json!("site-foreign"), StatusCode::NOT_FOUND),
            (json!("site-own"), StatusCode::CREATED),
        ] {
            let body = json!({"name": "P", "kind": "pump", "site_id": site});
            let path = "/api/v1/assets";
            let (status, problem) = town.ask("manager", Method::POST, path, Some(&body)).await?;
            assert_eq!(status, with, "{body}: {problem}");
        }
    }
    Ok(())
}
