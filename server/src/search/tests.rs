//! What searching promises.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::access::tests::Town;

async fn hits(town: &Town, role: &str, q: &str) -> anyhow::Result<Vec<(String, String)>> {
    let q: String = q.bytes().map(|b| format!("%{b:02x}")).collect();
    let path = format!("/api/v1/search?q={q}");
    let (status, found) = town.ask(role, Method::GET, &path, None).await?;
    assert_eq!(status, StatusCode::OK, "{path}: {found}");
    let text = |v: &Value| v.as_str().unwrap_or_default().to_owned();
    let items = found["items"].as_array().cloned().unwrap_or_default();
    Ok(items.iter().map(|hit| (text(&hit["title"]), text(&hit["how"]))).collect())
}

async fn titles(town: &Town, q: &str) -> anyhow::Result<Vec<String>> {
    Ok(hits(town, "manager", q).await?.into_iter().map(|(title, _)| title).collect())
}

async fn add(town: &Town, path: &str, body: Value) -> anyhow::Result<String> {
    let (status, made) = town.ask("manager", Method::POST, path, Some(&body)).await?;
    assert_eq!(status, StatusCode::CREATED, "{path}: {made}");
    Ok(made["id"].as_str().unwrap_or_default().to_owned())
}

/// A customer in Bergen with a compressor.
async fn fjordfisk(town: &Town) -> anyhow::Result<(String, String)> {
    let customer = add(town, "/api/v1/customers", json!({"name": "Fjordfisk Søndre"})).await?;
    let site = json!({"customer_id": customer, "name": "Bryggen 4", "time_zone": "Europe/Oslo"});
    let site = add(town, "/api/v1/sites", site).await?;
    let machine = json!({"name": "Kompressor 空压机", "kind": "compressor", "model": "GA-37",
        "serial": "AX-2024/0081", "site_id": site});
    Ok((customer, add(town, "/api/v1/assets", machine).await?))
}

#[tokio::test]
async fn a_machine_is_found_by_words_of_its_name_number_site_and_customer_in_any_order()
-> anyhow::Result<()> {
    for town in Town::each().await? {
        fjordfisk(&town).await?;
        for q in [
            "kompressor",
            "KOMPR",
            "0081",
            "ax-2024/0081",
            "AX-2024",
            "bryggen ga-37",
            "fjordfisk kompressor",
            "空压机",
            "压机",
        ] {
            let found = titles(&town, q).await?;
            assert!(found.contains(&"Kompressor 空压机".to_owned()), "{q}: {found:?}");
        }
        let mut some = titles(&town, "fjordfisk turbine").await?;
        some.sort();
        assert_eq!(
            some,
            ["Bryggen 4", "Fjordfisk Søndre", "Kompressor 空压机"],
            "some of the words"
        );
    }
    Ok(())
}

#[tokio::test]
async fn a_mistyped_word_finds_what_is_spelt_alike_and_says_so() -> anyhow::Result<()> {
    for town in Town::each().await? {
        fjordfisk(&town).await?;
        for q in ["komprssor", "kompresssor", "kopmressor", "mpress"] {
            let found = hits(&town, "manager", q).await?;
            let similar = ("Kompressor 空压机".to_owned(), "similar".to_owned());
            assert_eq!(found, [similar], "{q}");
        }
        assert_eq!(titles(&town, "turbine").await?, [""; 0]);
        assert_eq!(titles(&town, "% _ '").await?, [""; 0]);
    }
    Ok(())
}

#[tokio::test]
async fn what_is_renamed_is_found_by_its_new_name_only_also_where_others_name_it()
-> anyhow::Result<()> {
    for town in Town::each().await? {
        let (customer, _) = fjordfisk(&town).await?;
        assert_eq!(titles(&town, "fjordfisk").await?.len(), 3);
        let change = json!({"name": "Havbruk", "why": "sold"});
        let (status, answer) =
            town.change(&format!("/api/v1/customers/{customer}"), 1, &change).await?;
        assert_eq!(status, StatusCode::OK, "{answer}");
        assert_eq!(titles(&town, "fjordfisk").await?, [""; 0]);
        assert_eq!(titles(&town, "havbruk").await?.len(), 3, "customer, site and machine");
    }
    Ok(())
}

#[tokio::test]
async fn a_ticket_is_found_by_its_number_its_words_and_its_machine_and_not_by_a_longer_number()
-> anyhow::Result<()> {
    for town in Town::each().await? {
        let (_, asset) = fjordfisk(&town).await?;
        let request = json!({"channel": "phone", "asset_id": asset, "text": "Oil drips on the floor",
            "subject": "Oil leak", "name": "Kari"});
        let id = add(&town, "/api/v1/requests", request).await?;
        let class = json!({"urgency": "minor", "scope": "local", "kind": "product_quality"});
        let path = format!("/api/v1/requests/{id}/classification");
        town.ask("manager", Method::POST, &path, Some(&class)).await?;
        let path = format!("/api/v1/requests/{id}/ticket");
        let (status, made) = town.ask("manager", Method::POST, &path, Some(&json!({}))).await?;
        assert!(status.is_success(), "{made}");
        for q in ["T-3", "oil leak", "leak kompressor", "t-3 fjordfisk"] {
            let found = titles(&town, q).await?;
            assert!(found.contains(&"T-3 Oil leak".to_owned()), "{q}: {found:?}");
        }
        assert_eq!(titles(&town, "T-30").await?, [""; 0]);
        assert!(titles(&town, "drips").await?.contains(&"R-3 Oil leak".to_owned()));
        let (_, page) =
            town.ask("manager", Method::GET, "/api/v1/tickets?q=leak&open=true", None).await?;
        assert_eq!(page["items"].as_array().map(Vec::len), Some(1), "{page}");
    }
    Ok(())
}

#[tokio::test]
async fn nobody_finds_what_they_may_not_list_or_what_is_not_theirs() -> anyhow::Result<()> {
    for town in Town::each().await? {
        for kind in ["asset", "ticket", "site", "customer", "contact", "request"] {
            for whose in ["own", "foreign"] {
                let id = match (kind, whose) {
                    ("asset", "own") => "pump".to_owned(),
                    ("asset", _) => "chiller".to_owned(),
                    _ => format!("{kind}-{whose}"),
                };
                sqlx::query(
                    "INSERT INTO search_changes (id, kind, subject_id) VALUES ($1, $2, $3)",
                )
                .bind(format!("{kind}{whose}"))
                .bind(kind)
                .bind(id)
                .execute(&town.workshop.app.database)
                .await?;
            }
        }
        assert_eq!(titles(&town, "foreign").await?.len(), 6, "one of each");
        town.limit_everybody().await?;
        assert_eq!(titles(&town, "foreign").await?, [""; 0]);
        let own = hits(&town, "customer", "own").await?;
        let own: Vec<&str> = own.iter().map(|(title, _)| title.as_str()).collect();
        assert_eq!(own, ["T-1 t", "pump", "own", "R-1 s-own"], "no customers and no contacts");
    }
    Ok(())
}

#[tokio::test]
async fn machines_with_a_common_word_are_listed_by_name_also_over_a_long_stretch_without_it()
-> anyhow::Result<()> {
    for town in Town::each().await? {
        let machine = json!({"name": "Turbine", "kind": "turbine"});
        let first = add(&town, "/api/v1/assets", machine).await?;
        let list = async |cursor: &str| {
            let path = format!("/api/v1/assets?q=turbine&cursor={cursor}").replace(' ', "%20");
            let (status, page) = town.ask("manager", Method::GET, &path, None).await?;
            assert_eq!(status, StatusCode::OK, "{page}");
            let names = page["items"].as_array().into_iter().flatten();
            let names = names.filter_map(|asset| asset["name"].as_str().map(str::to_owned));
            let next = page["next_cursor"].as_str().unwrap_or_default().to_owned();
            anyhow::Ok((names.collect::<Vec<_>>(), next))
        };
        assert_eq!(list("").await?.0, ["Turbine"]);
        // As its neighbours: 300 machines have the word, 2,700 have not, and 2,800 have it again.
        let number = "substr(CAST(10000 + i AS TEXT), 2)";
        for sql in [
            format!(
                "INSERT INTO assets (id, name, kind, learning_s, created_at) WITH RECURSIVE n (i) AS \
                 (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 5799) \
                 SELECT 'many-' || {number}, 'Machine ' || {number}, 'x', 1, 1 FROM n"
            ),
            format!(
                "INSERT INTO search_postings (word, kind, subject_id) SELECT p.word, p.kind, a.id \
                 FROM search_postings p JOIN assets a ON a.id LIKE 'many-%' \
                 AND (a.id < 'many-0300' OR a.id >= 'many-3000') WHERE p.subject_id = '{first}'"
            ),
        ] {
            sqlx::query(sqlx::AssertSqlSafe(sql)).execute(&town.workshop.app.database).await?;
        }
        let expected = (0..300).chain(3000..5800).map(|i| format!("Machine {i:04}"));
        let expected: Vec<String> = expected.collect();
        let mut cursor = String::new();
        for page in expected.chunks(200).take(3) {
            let (names, next) = list(&cursor).await?;
            assert_eq!(names, page);
            cursor = next;
        }
    }
    Ok(())
}
