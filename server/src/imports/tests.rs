//! A file comes in as a whole or not at all, and again it changes nothing.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::access::tests::Town;

async fn import(town: &Town, what: &str, file: &str) -> anyhow::Result<(StatusCode, Value)> {
    town.upload("manager", &format!("/api/v1/imports/{what}"), file.as_bytes()).await
}

async fn imported(town: &Town, what: &str, file: &str) -> anyhow::Result<Value> {
    let (status, report) = import(town, what, file).await?;
    assert_eq!(status, StatusCode::OK, "{what}: {report}");
    Ok(report)
}

fn counts(report: &Value) -> (i64, i64, i64) {
    let of = |key: &str| report[key].as_i64().unwrap_or(-1);
    (of("created"), of("updated"), of("unchanged"))
}

/// Row, column and problem of each mistake.
fn mistakes(report: &Value) -> Vec<(i64, String, String)> {
    let errors = report["errors"].as_array().cloned().unwrap_or_default();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let mistake =
        |e: &Value| (e["row"].as_i64().unwrap_or(0), text(&e["column"]), text(&e["problem"]));
    errors.iter().map(mistake).collect()
}

const FILES: [(&str, &str); 4] = [
    (
        "customers",
        "\u{feff}name;segment;language;high_risk;notes\r\n\
         Nordic Foods;key account;zh-Hans;yes;\"Calls; often\"\r\n\
         own;;;;Known for long\r\n",
    ),
    (
        "sites",
        "customer,name,time_zone,address,latitude,longitude\n\
         Nordic Foods,Bakery,europe/oslo,\"Quay 7, Oslo\",59.9,10.7\n\
         own,own,,New street 1,,\n",
    ),
    (
        "assets",
        "name,kind,model,serial,customer,site,warranty_until\n\
         Oven 1,oven,OV-2,SN-77,Nordic Foods,Bakery,2027-06-30\n\
         pump,machine,P-9,,,,\n",
    ),
    (
        "tickets",
        "reference,asset,title,priority,since\n\
         OLD-1,Oven 1,Door does not close,high,2025-12-01\n\
         OLD-2,pump,It hums,,\n",
    ),
];

#[tokio::test]
async fn a_trial_says_what_would_be_done_and_writes_nothing() -> anyhow::Result<()> {
    for town in Town::each().await? {
        let (what, file) = FILES[0];
        let trial = imported(&town, &format!("{what}?dry_run=true"), file).await?;
        assert_eq!((counts(&trial), &trial["written"]), ((1, 1, 0), &json!(false)));
        assert_eq!(
            trial["changes"],
            json!([
                {"row": 2, "name": "Nordic Foods", "outcome": "created", "fields": []},
                {"row": 3, "name": "own", "outcome": "updated", "fields": ["notes"]}
            ])
        );
        assert_eq!(counts(&imported(&town, what, file).await?), (1, 1, 0), "it was all to do");
    }
    Ok(())
}

#[tokio::test]
async fn what_was_kept_elsewhere_comes_in_and_the_same_files_again_change_nothing()
-> anyhow::Result<()> {
    for town in Town::each().await? {
        for (what, file) in FILES {
            let report = imported(&town, what, file).await?;
            let new = if what == "tickets" { (2, 0, 0) } else { (1, 1, 0) };
            assert_eq!((counts(&report), &report["written"]), (new, &json!(true)), "{report}");
        }
        let count = "SELECT count(*) FROM changes";
        let db = &town.workshop.app.database;
        let before: i64 = sqlx::query_scalar(count).fetch_one(db).await?;
        for (what, file) in FILES {
            let report = imported(&town, what, file).await?;
            assert_eq!(counts(&report), (0, 0, 2), "{what}: {report}");
        }
        assert_eq!(sqlx::query_scalar::<_, i64>(count).fetch_one(db).await?, before);
        let (_, page) = town.ask("admin", Method::GET, "/api/v1/assets?q=SN-77", None).await?;
        let oven = &page["items"][0];
        assert_eq!(
            (&oven["customer_name"], &oven["warranty_until"], &oven["model"]),
            (&json!("Nordic Foods"), &json!("2027-06-30T00:00:00Z"), &json!("OV-2"))
        );
        assert!(oven["code"].is_string());
        let tickets = town.workshop.tickets().await?;
        let old = tickets.iter().find(|t| t["signature"] == "import:OLD-1").cloned();
        let old = old.unwrap_or_default();
        assert_eq!(
            (&old["state"], &old["priority"], &old["since"]),
            (&json!("open"), &json!("high"), &json!("2025-12-01T00:00:00Z"))
        );
        let told: i64 = sqlx::query_scalar("SELECT count(*) FROM outbox").fetch_one(db).await?;
        assert_eq!(told, 0, "what everybody knows is no news");
        // What is done about it meanwhile is not undone.
        sqlx::query("UPDATE tickets SET state = 'cancelled'").execute(db).await?;
        assert_eq!(counts(&imported(&town, "tickets", FILES[3].1).await?), (0, 0, 2));
    }
    Ok(())
}

#[tokio::test]
async fn every_mistake_is_named_by_row_and_column_and_then_nothing_is_written() -> anyhow::Result<()>
{
    for town in Town::each().await? {
        for (what, file, wrong) in [
            (
                "customers",
                "name,language,high_risk\nGood,en,no\n,fr,perhaps\ngood,,\nLast,en,no,more\n",
                vec![(3, "name"), (3, "language"), (3, "high_risk"), (4, "name"), (5, "")],
            ),
            (
                "sites",
                "customer,name,time_zone,latitude,longitude\nown,A,Mars/Base,95,1\n\
                 nobody,B,UTC,,\nown,C,,,\nown,D,UTC,1,\n",
                vec![(2, "time_zone"), (2, "latitude"), (3, "customer"), (4, "time_zone"), (5, "")],
            ),
            (
                "assets",
                "name,kind,customer,site,warranty_until\npump,press,,,\nP,,own,,soon\n\
                 Q,q,,own,\nR,r,own,hall,\n",
                vec![
                    (2, "kind"),
                    (3, "kind"),
                    (3, "warranty_until"),
                    (3, "site"),
                    (4, "customer"),
                    (5, "site"),
                ],
            ),
            (
                "tickets",
                "reference,asset,title,priority,since\n1,nothing,t,,\n2,pump,,often,2999-01-01\n",
                vec![(2, "asset"), (3, "title"), (3, "priority"), (3, "since")],
            ),
            ("customers", "nmae,notes\nA,b\n", vec![(1, "nmae"), (1, "name")]),
        ] {
            let (status, report) = import(&town, what, file).await?;
            assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{what}: {report}");
            let found = mistakes(&report);
            let found: Vec<_> = found.iter().map(|(row, at, _)| (*row, at.as_str())).collect();
            assert_eq!(found, wrong, "{what}: {report}");
            assert_eq!(report["written"], json!(false));
        }
        let good: i64 = sqlx::query_scalar("SELECT count(*) FROM customers WHERE name = 'Good'")
            .fetch_one(&town.workshop.app.database)
            .await?;
        assert_eq!(good, 0, "all or nothing");
    }
    Ok(())
}

#[tokio::test]
async fn what_is_no_such_file_is_refused() -> anyhow::Result<()> {
    for town in Town::each().await? {
        let many = format!("name\n{}", "x\n".repeat(5_001));
        let large = format!("name\n{}\n", "x".repeat(4 * 1024 * 1024));
        for (what, file, with) in [
            ("visits", "name\nA\n", StatusCode::NOT_FOUND),
            ("customers", many.as_str(), StatusCode::BAD_REQUEST),
            ("customers", large.as_str(), StatusCode::BAD_REQUEST),
        ] {
            let (status, problem) = import(&town, what, file).await?;
            assert_eq!(status, with, "{what}: {problem}");
        }
        let (status, _) = town.upload("technician", "/api/v1/imports/customers", b"name\n").await?;
        assert_eq!(status, StatusCode::FORBIDDEN);
    }
    Ok(())
}
