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

#[tokio::test]
async fn a_component_that_is_replaced_stays_with_its_dates() -> anyhow::Result<()> {
    for town in Town::each().await? {
        let path = "/api/v1/assets/pump/components";
        let install = |body: Value| {
            let town = &town;
            async move { town.ask("technician", Method::POST, path, Some(&body)).await }
        };
        let seal = json!({"name": "shaft seal", "part_number": "4711", "serial": "S-1",
            "installed_at": "2025-01-01T00:00:00Z", "why": "delivered with it"});
        let (status, old) = install(seal).await?;
        assert_eq!(status, StatusCode::CREATED, "{old}");
        let seal = json!({"name": "shaft seal", "part_number": "4711", "serial": "S-2",
            "installed_at": "2025-06-01T00:00:00Z", "replaces": old["id"], "why": "it leaked"});
        let (_, new) = install(seal.clone()).await?;
        assert_eq!((&new["replaces"], &new["removed_at"]), (&old["id"], &Value::Null));
        let (status, problem) = install(seal).await?;
        assert_eq!(status, StatusCode::CONFLICT, "replaced once: {problem}");
        let (_, page) = town.ask("customer", Method::GET, path, None).await?;
        assert_eq!(page["items"][1]["removed_at"], new["installed_at"]);
        let installed = format!("{path}?installed=true");
        let (_, page) = town.ask("customer", Method::GET, &installed, None).await?;
        assert_eq!(page["items"], json!([new]));

        let removal = format!("{path}/{}/removal", new["id"].as_str().unwrap_or_default());
        for (at, with) in [
            ("2025-05-01T00:00:00Z", StatusCode::BAD_REQUEST),
            ("2026-05-01T00:00:00Z", StatusCode::BAD_REQUEST),
            ("2025-12-01T00:00:00Z", StatusCode::OK),
            ("2025-12-02T00:00:00Z", StatusCode::CONFLICT),
        ] {
            let body = json!({"removed_at": at, "why": "not needed"});
            let (status, answer) =
                town.ask("technician", Method::POST, &removal, Some(&body)).await?;
            assert_eq!(status, with, "{at}: {answer}");
        }
        let foreign = removal.replace("pump", "chiller");
        let body = json!({"why": "w"});
        let (status, _) = town.ask("technician", Method::POST, &foreign, Some(&body)).await?;
        assert_eq!(status, StatusCode::NOT_FOUND);
        let changes = "/api/v1/changes?subject_kind=asset&subject_id=pump";
        let (_, page) = town.ask("admin", Method::GET, changes, None).await?;
        let steps = page["items"].as_array().cloned().unwrap_or_default();
        assert_eq!(steps.len(), 3);
        assert_eq!(steps[1]["from"], "shaft seal, 4711, S-1");
    }
    Ok(())
}

#[tokio::test]
async fn the_documents_of_a_machine_are_read_by_whoever_sees_the_machine() -> anyhow::Result<()> {
    for town in Town::each().await? {
        let path = "/api/v1/assets/pump/documents";
        let add = format!("{path}?kind=manual&title=Operating%20manual");
        let (status, made) = town.upload("engineer", &add, b"%PDF-1.7 manual").await?;
        assert_eq!(status, StatusCode::CREATED, "{made}");
        let (_, page) =
            town.ask("customer", Method::GET, &format!("{path}?kind=manual"), None).await?;
        assert_eq!(page["items"], json!([made]));
        let (_, page) =
            town.ask("customer", Method::GET, &format!("{path}?kind=drawing"), None).await?;
        assert_eq!(page["items"], json!([]));
        let file = made["sha256"].as_str().unwrap_or_default();
        let (status, _) =
            town.ask("customer", Method::GET, &format!("/api/v1/attachments/{file}"), None).await?;
        assert_eq!(status, StatusCode::OK);
        let (status, _) = town.upload("engineer", path, b"%PDF-1.7 manual").await?;
        assert_eq!(status, StatusCode::BAD_REQUEST, "a document has a title and a kind");
    }
    Ok(())
}

#[tokio::test]
async fn the_code_on_a_label_leads_to_the_machine_for_those_who_may_see_it() -> anyhow::Result<()> {
    for town in Town::each().await? {
        let machine = json!({"name": "Mixer 3", "kind": "mixer", "site_id": "site-foreign"});
        let made = register(&town, machine).await?;
        let code = made["code"].as_str().unwrap_or_default().to_lowercase();
        assert_eq!(code.len(), 8);
        let (front, back) = code.split_at(4);
        let path = format!("/api/v1/asset-codes/{front}-{back}");
        let (status, found) = town.ask("technician", Method::GET, &path, None).await?;
        assert_eq!((status, &found["id"]), (StatusCode::OK, &made["id"]));
        let (status, _) = town.ask("customer", Method::GET, &path, None).await?;
        assert_eq!(status, StatusCode::NOT_FOUND);
        let wrong = "/api/v1/asset-codes/SN-1";
        let (status, _) = town.ask("technician", Method::GET, wrong, None).await?;
        assert_eq!(status, StatusCode::BAD_REQUEST);
        let label = format!("/api/v1/assets/{}/label.svg", made["id"].as_str().unwrap_or_default());
        let (status, _) = town.ask("technician", Method::GET, &label, None).await?;
        assert_eq!(status, StatusCode::OK);

        // A machine that an older version has registered gets its code at the next start.
        let (_, before) = town.ask("admin", Method::GET, "/api/v1/assets/pump", None).await?;
        assert_eq!(before["code"], Value::Null);
        super::give_codes_to_older(&town.workshop.app.database).await?;
        let (_, after) = town.ask("admin", Method::GET, "/api/v1/assets/pump", None).await?;
        assert!(after["code"].is_string());
    }
    Ok(())
}

#[tokio::test]
async fn a_request_about_the_code_of_a_label_is_about_that_machine() -> anyhow::Result<()> {
    for town in Town::each().await? {
        let db = &town.workshop.app.database;
        super::give_codes_to_older(db).await?;
        sqlx::query("UPDATE contacts SET email = 'kari@nordic.no' WHERE id = 'contact-own'")
            .execute(db)
            .await?;
        for (machine, email, asset) in [
            ("pump", "a@example.com", json!("pump")),
            ("pump", "kari@nordic.no", json!("pump")),
            // Somebody of another customer: a person has to say.
            ("chiller", "kari@nordic.no", Value::Null),
        ] {
            let code: String = sqlx::query_scalar("SELECT code FROM assets WHERE id = $1")
                .bind(machine)
                .fetch_one(db)
                .await?;
            let body = json!({"name": "Kari", "email": email, "machine": code, "text": "It leaks"});
            let (status, made) =
                town.ask("", Method::POST, "/api/v1/public/requests", Some(&body)).await?;
            assert_eq!(status, StatusCode::CREATED, "{made}");
            let path =
                format!("/api/v1/requests?q={}", made["number"].as_str().unwrap_or_default());
            let (_, page) = town.ask("admin", Method::GET, &path, None).await?;
            assert_eq!(page["items"][0]["asset_id"], asset, "{machine} {email}");
        }
    }
    Ok(())
}
