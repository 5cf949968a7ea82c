//! What the customer file promises.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::access::tests::Town;

async fn add(town: &Town, path: &str, body: Value) -> anyhow::Result<String> {
    let (status, made) = town.ask("customer_service", Method::POST, path, Some(&body)).await?;
    assert_eq!(status, StatusCode::CREATED, "{path}: {made}");
    Ok(made["id"].as_str().unwrap_or_default().to_owned())
}

async fn names(town: &Town, path: &str) -> anyhow::Result<Vec<String>> {
    let (status, page) = town.ask("customer_service", Method::GET, path, None).await?;
    assert_eq!(status, StatusCode::OK, "{path}: {page}");
    let items = page["items"].as_array().cloned().unwrap_or_default();
    Ok(items.iter().map(|i| i["name"].as_str().unwrap_or_default().to_owned()).collect())
}

async fn refused(town: &Town, path: &str, body: Value, with: StatusCode) -> anyhow::Result<String> {
    let (status, problem) = town.ask("manager", Method::POST, path, Some(&body)).await?;
    assert_eq!(status, with, "{path} {body}: {problem}");
    Ok(problem["detail"].as_str().unwrap_or_default().to_owned())
}

#[tokio::test]
async fn a_customer_is_found_by_any_part_of_the_name_and_signs_mean_themselves()
-> anyhow::Result<()> {
    for town in Town::each().await? {
        for name in ["Nordic Foods", "100% Juice", "Under_score"] {
            add(&town, "/api/v1/customers", json!({"name": name})).await?;
        }
        let found = |q: &'static str| {
            let town = &town;
            async move { names(town, &format!("/api/v1/customers?q={q}")).await }
        };
        assert_eq!(found("IC%20fo").await?, ["Nordic Foods"]);
        assert_eq!(found("%25").await?, ["100% Juice"]);
        assert_eq!(found("_").await?, ["Under_score"]);
        assert_eq!(found("nobody").await?, [""; 0]);
    }
    Ok(())
}

#[tokio::test]
async fn sites_and_contacts_of_a_customer_are_found_by_what_is_known_of_them() -> anyhow::Result<()>
{
    for town in Town::each().await? {
        let id = add(&town, "/api/v1/customers", json!({"name": "Nordic"})).await?;
        let site = json!({"customer_id": id, "name": "Bakery", "address": "Quay 7",
            "time_zone": "europe/oslo", "latitude": 59.9, "longitude": 10.7});
        let site = add(&town, "/api/v1/sites", site).await?;
        let (_, site) =
            town.ask("technician", Method::GET, &format!("/api/v1/sites/{site}"), None).await?;
        assert_eq!(
            (&site["time_zone"], &site["customer_name"]),
            (&json!("Europe/Oslo"), &json!("Nordic"))
        );
        let contact = json!({"customer_id": id, "name": "Kari", "email": "Kari@Nordic.no",
            "phone": "+47 (22) 33-44"});
        add(&town, "/api/v1/contacts", contact).await?;
        for path in [
            format!("/api/v1/sites?customer={id}"),
            "/api/v1/sites?q=quay".to_owned(),
            format!("/api/v1/sites?q=bak&customer={id}"),
        ] {
            assert_eq!(names(&town, &path).await?, ["Bakery"], "{path}");
        }
        for q in ["kari", "@NORDIC", "472233"] {
            assert_eq!(names(&town, &format!("/api/v1/contacts?q={q}")).await?, ["Kari"], "{q}");
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_site_without_a_place_keeps_none_of_the_next_ones_from_theirs() -> anyhow::Result<()> {
    for town in Town::each().await? {
        let mut ids = Vec::new();
        // More than the database has connections, so that each sees one after the other.
        for number in 0..20 {
            let place = (number % 2 == 1).then_some(59.9);
            let site = json!({"customer_id": "customer-own", "name": format!("Quay {number}"),
                "time_zone": "UTC", "latitude": place, "longitude": place});
            ids.push(add(&town, "/api/v1/sites", site).await?);
        }
        for place in [json!(null), json!(10.5), json!(null), json!(-1e-38)] {
            let path = format!("/api/v1/sites/{}", ids[0]);
            let change = json!({"latitude": place, "longitude": place, "why": "measured"});
            let (status, site) = town.ask("manager", Method::PATCH, &path, Some(&change)).await?;
            assert_eq!((status, &site["latitude"]), (StatusCode::OK, &place), "{site}");
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_list_goes_on_after_the_last_name_though_two_sites_have_the_same() -> anyhow::Result<()> {
    for town in Town::each().await? {
        for owner in ["customer-own", "customer-foreign"] {
            let site = json!({"customer_id": owner, "name": "Depot", "time_zone": "UTC"});
            add(&town, "/api/v1/sites", site).await?;
        }
        let (_, all) = town.ask("manager", Method::GET, "/api/v1/sites?q=depot", None).await?;
        let first = all["items"][0]["id"].as_str().unwrap_or_default();
        let path = format!("/api/v1/sites?q=depot&cursor={first}");
        let (_, rest) = town.ask("manager", Method::GET, &path, None).await?;
        assert_eq!(rest["items"], json!([all["items"][1]]));
    }
    Ok(())
}

#[tokio::test]
async fn of_two_people_who_change_a_customer_the_second_is_told_and_each_field_is_written_down()
-> anyhow::Result<()> {
    for town in Town::each().await? {
        let path = "/api/v1/customers/customer-own";
        let wanted = json!({"high_risk": true, "segment": "key account", "why": "a large claim"});
        let (status, changed) = town.change(path, 1, &wanted).await?;
        assert_eq!((status, &changed["version"]), (StatusCode::OK, &json!(2)), "{changed}");
        let (status, problem) =
            town.change(path, 1, &json!({"notes": "calm", "why": "met them"})).await?;
        assert_eq!((status, &problem["version"]), (StatusCode::PRECONDITION_FAILED, &json!(2)));
        let (status, same) = town.change(path, 2, &wanted).await?;
        assert_eq!((status, &same["version"]), (StatusCode::OK, &json!(2)), "nothing is changed");
        let changes = "/api/v1/changes?subject_kind=customer&subject_id=customer-own";
        let (_, page) = town.ask("admin", Method::GET, changes, None).await?;
        let mut fields: Vec<_> = page["items"].as_array().cloned().unwrap_or_default();
        fields.sort_by_key(|c| c["field"].to_string());
        assert_eq!(fields.len(), 2, "{page}");
        assert_eq!(
            (&fields[0]["field"], &fields[0]["from"], &fields[0]["to"], &fields[0]["why"]),
            (&json!("high_risk"), &json!("false"), &json!("true"), &json!("a large claim"))
        );
    }
    Ok(())
}

#[tokio::test]
async fn null_takes_a_phone_number_away_and_what_is_left_out_stays() -> anyhow::Result<()> {
    for town in Town::each().await? {
        let path = "/api/v1/contacts/contact-own";
        let both = json!({"email": "A@b.c", "phone": "030 12", "why": "new"});
        let (_, contact) = town.change(path, 1, &both).await?;
        assert_eq!((&contact["email"], &contact["phone"]), (&json!("a@b.c"), &json!("03012")));
        let (_, contact) = town.change(path, 2, &json!({"phone": null, "why": "gone"})).await?;
        assert_eq!((&contact["email"], &contact["phone"]), (&json!("a@b.c"), &Value::Null));
    }
    Ok(())
}

#[tokio::test]
async fn what_cannot_be_is_refused_with_what_to_change() -> anyhow::Result<()> {
    for town in Town::each().await? {
        let site = |more: Value| {
            let mut site = json!({"customer_id": "customer-own", "name": "X", "time_zone": "UTC"});
            if let (Some(site), Some(more)) = (site.as_object_mut(), more.as_object()) {
                site.extend(more.clone());
            }
            site
        };
        for (path, body, with, says) in [
            ("customers", json!({"name": "own"}), StatusCode::CONFLICT, "already"),
            ("customers", json!({"name": " "}), StatusCode::BAD_REQUEST, "`name`"),
            ("sites", site(json!({"time_zone": "Mars/Base"})), StatusCode::BAD_REQUEST, "IANA"),
            ("sites", site(json!({"latitude": 91, "longitude": 0})), StatusCode::BAD_REQUEST, "90"),
            ("sites", site(json!({"latitude": 1})), StatusCode::BAD_REQUEST, "together"),
            ("sites", site(json!({"name": "own"})), StatusCode::CONFLICT, "already"),
            ("sites", site(json!({"customer_id": "no"})), StatusCode::NOT_FOUND, "customer"),
            (
                "contacts",
                json!({"customer_id": "customer-own", "name": "X", "email": "no"}),
                StatusCode::BAD_REQUEST,
                "`email`",
            ),
        ] {
            let detail = refused(&town, &format!("/api/v1/{path}"), body, with).await?;
            assert!(detail.contains(says), "{detail}");
        }
        let taken = json!({"name": "foreign", "why": "w"});
        let (status, _) = town.change("/api/v1/customers/customer-own", 1, &taken).await?;
        assert_eq!(status, StatusCode::CONFLICT);
    }
    Ok(())
}
