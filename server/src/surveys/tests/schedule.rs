//! Customers are asked on schedule.

use super::*;
use crate::surveys::policy::SurveyPolicy;

/// Half a year from the beginning, 2026-01-01.
const HALF_A_YEAR: i64 = 181 * DAY;
const POINTS: &str = "/api/v1/customers/customer-own/loyalty-points";

async fn run(town: &Town, sql: &str) -> anyhow::Result<()> {
    sqlx::query(sqlx::AssertSqlSafe(sql.to_owned())).execute(&town.workshop.app.database).await?;
    Ok(())
}

/// Two customers who begin now and can be written to; so many months are the policy.
async fn asked_every(town: &Town, months: i64) -> anyhow::Result<()> {
    run(town, &format!("UPDATE customers SET created_at = {}", town.workshop.now())).await?;
    run(town, "UPDATE contacts SET email = id || '@example.com'").await?;
    let policy = SurveyPolicy { every_months: months, ..SurveyPolicy::default() };
    let body = json!({"policy": policy, "why": "in a test"});
    let (status, answer) =
        town.ask("admin", Method::PUT, "/api/v1/survey-policy", Some(&body)).await?;
    assert_eq!(status, StatusCode::OK, "{answer}");
    Ok(())
}

/// Time passes, and what is due is done.
async fn pass(town: &Town, us: i64) -> anyhow::Result<()> {
    town.workshop.pass(us).await?;
    Ok(attend(&town.workshop.app).await?)
}

/// Who was asked about the whole service, in order, each as often as they were.
async fn asked(town: &Town) -> anyhow::Result<Vec<String>> {
    let sql = "SELECT customer_id FROM surveys WHERE ticket_id IS NULL ORDER BY customer_id";
    Ok(sqlx::query_scalar(sql).fetch_all(&town.workshop.app.database).await?)
}

#[tokio::test]
async fn a_customer_who_was_asked_nothing_for_so_long_is_asked_once_about_the_whole_service()
-> anyhow::Result<()> {
    for town in Town::each().await? {
        asked_every(&town, 6).await?;
        pass(&town, HALF_A_YEAR - DAY).await?;
        assert!(asked(&town).await?.is_empty(), "too early");
        pass(&town, DAY).await?;
        pass(&town, 30 * DAY).await?;
        assert_eq!(asked(&town).await?, ["customer-foreign", "customer-own"]);
        assert_eq!(told(&town, "survey_invitation").await?.len(), 2);
        let path: String = sqlx::query_scalar(
            "SELECT path FROM outbox WHERE recipient = 'contact:contact-own' AND about_kind = 'survey'",
        )
        .fetch_one(&town.workshop.app.database)
        .await?;
        let secret = path.trim_start_matches("/survey/");
        let path = format!("/api/v1/public/surveys/{secret}");
        let (status, _) = answer(&town, secret, json!({"support": 5})).await?;
        assert_eq!(status, StatusCode::CONFLICT, "open for thirty days");
        pass(&town, HALF_A_YEAR).await?;
        assert_eq!(asked(&town).await?.len(), 4, "and again after as long");
        let (_, old) = town.ask("nobody", Method::GET, &path, None).await?;
        assert_eq!((&old["number"], &old["machine"]), (&Value::Null, &Value::Null), "{old}");
    }
    Ok(())
}

#[tokio::test]
async fn what_is_said_about_the_whole_service_counts_and_is_worked_with_as_anything_else()
-> anyhow::Result<()> {
    for town in Town::each().await? {
        asked_every(&town, 6).await?;
        pass(&town, HALF_A_YEAR).await?;
        let secrets: Vec<(String, String)> = sqlx::query_as(
            "SELECT id, secret FROM surveys WHERE ticket_id IS NULL ORDER BY customer_id",
        )
        .fetch_all(&town.workshop.app.database)
        .await?;
        let [(foreign, _), (own, secret)] = &secrets[..] else { anyhow::bail!("{secrets:?}") };
        let (status, done) = answer(&town, secret, json!({"support": 4})).await?;
        assert_eq!((status, &done["state"]), (StatusCode::OK, &json!("answered")), "{done}");
        let figures = figures(&town).await?;
        assert_eq!(figures["criteria"][0]["mean"], 4.0, "{figures}");
        let (_, csat) = town.ask("manager", Method::GET, "/api/v1/kpis/csat/rows", None).await?;
        assert_eq!(csat["items"][0]["subject_id"], json!(own), "{csat}");
        let (_, points) = town.ask("manager", Method::GET, POINTS, None).await?;
        assert_eq!(points["balance"], 10, "{points}");
        let path = format!("/api/v1/surveys/{own}/tags");
        let tags = json!({"tags": ["waiting"]});
        let (status, tagged) =
            town.ask("customer_service", Method::PUT, &path, Some(&tags)).await?;
        assert_eq!((status, &tagged["tags"]), (StatusCode::OK, &json!(["waiting"])), "{tagged}");
        assert_eq!(
            (&tagged["customer_name"], &tagged["ticket_id"], &tagged["asset_name"]),
            (&json!("own"), &Value::Null, &Value::Null)
        );
        let path = format!("/api/v1/surveys/{foreign}/withdraw");
        let why = json!({"why": "they asked us not to"});
        let (status, _) = town.ask("customer_service", Method::POST, &path, Some(&why)).await?;
        assert_eq!(status, StatusCode::OK);
        let states: Vec<_> =
            told(&town, "survey_invitation").await?.into_iter().map(|(_, state)| state).collect();
        assert!(states.contains(&"withdrawn".to_owned()), "{states:?}");
        let list = "/api/v1/surveys?customer=customer-foreign&state=withdrawn";
        let (_, page) = town.ask("quality", Method::GET, list, None).await?;
        // After that of the town.
        assert_eq!(page["items"][1]["id"], json!(foreign), "{page}");
    }
    Ok(())
}

#[tokio::test]
async fn whoever_was_asked_after_a_closure_is_asked_on_schedule_as_long_after_that()
-> anyhow::Result<()> {
    for town in Town::each().await? {
        asked_every(&town, 6).await?;
        town.workshop.pass(100 * DAY).await?;
        close(&town, "ticket-own").await?;
        pass(&town, HALF_A_YEAR - 100 * DAY).await?;
        assert_eq!(asked(&town).await?, ["customer-foreign"]);
        // Six months after 11 April.
        pass(&town, 101 * DAY).await?;
        assert_eq!(asked(&town).await?, ["customer-foreign"]);
        pass(&town, 2 * DAY).await?;
        assert_eq!(asked(&town).await?, ["customer-foreign", "customer-own"]);
    }
    Ok(())
}

#[tokio::test]
async fn two_servers_ask_once() -> anyhow::Result<()> {
    for town in Town::each().await? {
        asked_every(&town, 6).await?;
        town.workshop.pass(HALF_A_YEAR).await?;
        let app = &town.workshop.app;
        tokio::try_join!(attend(app), attend(app), attend(app))?;
        assert_eq!(asked(&town).await?, ["customer-foreign", "customer-own"]);
    }
    Ok(())
}

#[tokio::test]
async fn whoever_cannot_be_written_to_or_has_no_machine_is_not_asked_until_that_changes()
-> anyhow::Result<()> {
    for town in Town::each().await? {
        asked_every(&town, 6).await?;
        run(&town, "UPDATE contacts SET email = NULL WHERE id = 'contact-own'").await?;
        run(&town, "UPDATE assets SET site_id = NULL WHERE site_id = 'site-foreign'").await?;
        pass(&town, HALF_A_YEAR).await?;
        assert!(asked(&town).await?.is_empty());
        run(&town, "UPDATE contacts SET email = 'li@example.com' WHERE id = 'contact-own'").await?;
        pass(&town, 0).await?;
        assert_eq!(asked(&town).await?, ["customer-own"]);
    }
    Ok(())
}

#[tokio::test]
async fn nobody_is_asked_on_schedule_unless_the_policy_says_so() -> anyhow::Result<()> {
    // As a version before wrote it.
    let mut older = serde_json::to_value(SurveyPolicy { every_months: 7, ..Default::default() })?;
    older.as_object_mut().into_iter().for_each(|policy| drop(policy.remove("every_months")));
    assert_eq!(serde_json::from_value::<SurveyPolicy>(older)?, SurveyPolicy::default());
    for town in Town::each().await? {
        asked_every(&town, SurveyPolicy::default().every_months).await?;
        pass(&town, 20 * HALF_A_YEAR).await?;
        assert!(asked(&town).await?.is_empty());
        let policy = SurveyPolicy { every_months: 61, ..SurveyPolicy::default() };
        let body = json!({"policy": policy, "why": "in a test"});
        let (status, problem) =
            town.ask("admin", Method::PUT, "/api/v1/survey-policy", Some(&body)).await?;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{problem}");
    }
    Ok(())
}

#[tokio::test]
async fn a_round_asks_so_many_and_the_next_one_the_others() -> anyhow::Result<()> {
    for town in Town::each().await? {
        for n in 0..60 {
            for sql in [
                "INSERT INTO customers (id, name, segment, language, high_risk, priority_lane, notes, \
                 created_at, version) VALUES ('c#', 'c#', '', 'en', 0, 0, '', 0, 1)",
                "INSERT INTO sites (id, customer_id, name, address, area, time_zone, access_notes, \
                 created_at, version) VALUES ('s#', 'c#', 's', '', '', 'UTC', '', 0, 1)",
                "INSERT INTO contacts (id, customer_id, name, language, role, created_at, version) \
                 VALUES ('p#', 'c#', 'p', 'en', '', 0, 1)",
                "INSERT INTO assets (id, name, kind, learning_s, site_id, created_at) \
                 VALUES ('a#', 'a#', 'machine', 60.0, 's#', 0)",
            ] {
                run(&town, &sql.replace('#', &format!("{n:02}"))).await?;
            }
        }
        asked_every(&town, 6).await?;
        pass(&town, HALF_A_YEAR).await?;
        assert_eq!(asked(&town).await?.len(), 50);
        pass(&town, 0).await?;
        assert_eq!(asked(&town).await?.len(), 62);
    }
    Ok(())
}

#[tokio::test]
async fn a_limited_account_sees_only_the_surveys_of_its_customers() -> anyhow::Result<()> {
    for town in Town::each().await? {
        asked_every(&town, 6).await?;
        pass(&town, HALF_A_YEAR).await?;
        town.limit_everybody().await?;
        let rows = |page: Value| {
            let items = page["items"].as_array().cloned().unwrap_or_default();
            let row = |s: &Value| (s["customer_name"].clone(), s["ticket_id"].is_null());
            items.iter().map(row).collect::<Vec<_>>()
        };
        let see = async || town.ask("manager", Method::GET, "/api/v1/surveys", None).await;
        // By id from the last: that of the town is called survey-own.
        assert_eq!(rows(see().await?.1), [(json!("own"), false), (json!("own"), true)]);
        let csv = town.text("manager", "/api/v1/exports/surveys.csv").await?;
        assert_eq!(csv.lines().count(), 3, "{csv}");
        let foreign: String = sqlx::query_scalar(
            "SELECT id FROM surveys WHERE customer_id = 'customer-foreign' AND ticket_id IS NULL",
        )
        .fetch_one(&town.workshop.app.database)
        .await?;
        let path = format!("/api/v1/surveys/{foreign}/tags");
        let tags = json!({"tags": []});
        let (status, _) = town.ask("manager", Method::PUT, &path, Some(&tags)).await?;
        assert_eq!(status, StatusCode::NOT_FOUND);
        // Whoever sees one site of a customer does not see what is about all of them.
        run(&town, "DELETE FROM account_customers").await?;
        run(&town, "INSERT INTO account_sites VALUES ('account-manager', 'site-own')").await?;
        assert_eq!(rows(see().await?.1), [(json!("own"), false)]);
    }
    Ok(())
}
