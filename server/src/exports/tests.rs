//! Everything leaves as it is kept, as far as the caller sees it, and nothing runs in a spreadsheet.

use axum::http::{Method, StatusCode};
use serde_json::json;

use crate::access::tests::Town;
use crate::limits::EXPORT_PAGE;

async fn rows(town: &Town, token: &str, path: &str) -> anyhow::Result<Vec<Vec<String>>> {
    let text = town.text(token, path).await?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
    let rows = reader.records().map(|r| Ok(r?.iter().map(str::to_owned).collect()));
    rows.collect::<Result<_, csv::Error>>().map_err(anyhow::Error::from)
}

#[tokio::test]
async fn every_table_leaves_with_a_header_and_all_its_rows() -> anyhow::Result<()> {
    for town in Town::each().await? {
        for table in [
            "customers",
            "contacts",
            "sites",
            "assets",
            "requests",
            "tickets",
            "work-orders",
            "visits",
            "surveys",
        ] {
            let path = format!("/api/v1/exports/{table}.csv");
            let all = rows(&town, "manager", &path).await?;
            assert_eq!((all[0][0].as_str(), all.len()), ("id", 3), "{table}: {all:?}");
            assert!(all.iter().all(|row| row.len() == all[0].len()), "{table}");
        }
        let visits = rows(&town, "manager", "/api/v1/exports/visits.csv").await?;
        assert_eq!(visits[1][5], "1970-01-01T00:00:00Z");
        town.limit_everybody().await?;
        let own = rows(&town, "manager", "/api/v1/exports/visits.csv").await?;
        assert_eq!((own.len(), own[1][0].as_str()), (2, "visit-own"));
    }
    Ok(())
}

#[tokio::test]
async fn a_table_longer_than_a_page_leaves_whole_and_a_segment_by_itself() -> anyhow::Result<()> {
    for town in Town::each().await? {
        let mut tx = town.workshop.app.begin().await?;
        for n in 0..=2 * EXPORT_PAGE {
            sqlx::query(
                "INSERT INTO customers (id, name, segment, language, high_risk, priority_lane, \
                 notes, created_at, version) VALUES ($1, $1, $2, 'en', 0, 0, '', 0, 1)",
            )
            .bind(format!("c{n}"))
            .bind(if n < 3 { "key account" } else { "" })
            .execute(&mut *tx)
            .await?;
        }
        tx.commit().await?;
        let all = rows(&town, "manager", "/api/v1/exports/customers.csv").await?;
        // The header, and the two of the town.
        assert_eq!(all.len() as i64, 2 * EXPORT_PAGE + 4);
        let segment = "/api/v1/customers.csv?segment=key%20account";
        assert_eq!(rows(&town, "manager", segment).await?.len(), 4);
    }
    Ok(())
}

#[tokio::test]
async fn what_people_write_is_no_formula_in_a_spreadsheet() -> anyhow::Result<()> {
    for town in Town::each().await? {
        let notes = "=HYPERLINK(\"http://example.com\",\"open\")";
        let body = json!({"name": "+cmd", "notes": notes});
        let (status, _) =
            town.ask("manager", Method::POST, "/api/v1/customers", Some(&body)).await?;
        assert_eq!(status, StatusCode::CREATED);
        sqlx::query("UPDATE sites SET latitude = -33.5, longitude = 151.25 WHERE id = 'site-own'")
            .execute(&town.workshop.app.database)
            .await?;
        let customers = rows(&town, "manager", "/api/v1/exports/customers.csv").await?;
        let row = customers.iter().find(|row| row[1] == "'+cmd").cloned().unwrap_or_default();
        assert_eq!(row.get(6), Some(&format!("'{notes}")));
        let sites = rows(&town, "manager", "/api/v1/exports/sites.csv").await?;
        let row = sites.iter().find(|row| row[0] == "site-own").cloned().unwrap_or_default();
        assert_eq!((row[6].as_str(), row[7].as_str()), ("-33.5", "151.25"), "figures stay");
    }
    Ok(())
}
