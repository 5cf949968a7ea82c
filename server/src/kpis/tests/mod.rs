//! What figures promise.

mod quality;
mod returns;
mod review;

use std::collections::BTreeMap;

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};
use system_tests::Years;

use super::definition::{ALL, Terms};
use super::policy::ReportingPolicy;
use crate::access::tests::Town;
use crate::alarms::tests::HOUR;
use crate::surveys::SurveyPolicy;

/// November 2026.
const MONTH: i64 = 1_793_491_200_000_000;
const SPAN: &str = "from=2026-11-01T00:00:00Z&to=2026-12-01T00:00:00Z";

/// The towns when the month is over.
async fn afterwards() -> anyhow::Result<Vec<Town>> {
    let towns = Town::each().await?;
    for town in &towns {
        let over = MONTH + 30 * 24 * HOUR;
        town.workshop.pass(over - town.workshop.now()).await?;
    }
    Ok(towns)
}

async fn run(town: &Town, sql: &str) -> anyhow::Result<()> {
    sqlx::query(sqlx::AssertSqlSafe(sql.to_owned())).execute(&town.workshop.app.database).await?;
    Ok(())
}

async fn get(town: &Town, path: &str) -> anyhow::Result<Value> {
    let (status, body) = town.ask("manager", Method::GET, path, None).await?;
    assert_eq!(status, StatusCode::OK, "{path}: {body}");
    Ok(body)
}

async fn figures(town: &Town) -> anyhow::Result<BTreeMap<String, Value>> {
    let all = get(town, &format!("/api/v1/kpis?{SPAN}")).await?;
    let items = all["items"].as_array().cloned().unwrap_or_default();
    Ok(items.into_iter().map(|i| (i["name"].as_str().unwrap_or_default().to_owned(), i)).collect())
}

/// A ticket that was opened, looked after, resolved and closed so many hours into the month.
async fn ticket(town: &Town, id: &str, hours: [i64; 4]) -> anyhow::Result<()> {
    let [opened, answered, resolved, closed] = hours.map(|h| MONTH + h * HOUR);
    run(
        town,
        &format!(
            "INSERT INTO tickets (id, number, asset_id, signature, state, title, opened_at, since_at, \
             deviations, closed_at, ended_at) SELECT '{id}', max(number) + 1, 'pump', '{id}', 'closed', 'Noise', \
             {opened}, {opened}, '[]', {closed}, {closed} FROM tickets"
        ),
    )
    .await?;
    for (at, from, to, since) in [
        (opened, "NULL", "open", "NULL".to_owned()),
        (answered, "'open'", "diagnosing", opened.to_string()),
        (resolved, "'diagnosing'", "resolved", answered.to_string()),
        (closed, "'resolved'", "closed", resolved.to_string()),
    ] {
        run(
            town,
            &format!(
                "INSERT INTO ticket_steps (id, ticket_id, at, from_state, to_state, who, why, since_at, \
                 round_at) VALUES ('{id}-{to}', '{id}', {at}, {from}, '{to}', 'w', '', {since}, {opened})"
            ),
        )
        .await?;
    }
    Ok(())
}

#[test]
fn every_figure_says_what_it_counts() {
    let terms = Terms { reporting: ReportingPolicy::default(), surveys: SurveyPolicy::default() };
    for kpi in ALL {
        assert!(kpi.says(&terms).len() > 40, "{}", kpi.name);
        assert!(!kpi.rows(&terms).contains('{'), "{}", kpi.name);
    }
}

#[tokio::test]
async fn figures_of_a_month_are_as_somebody_would_count_them_by_hand() -> anyhow::Result<()> {
    for town in afterwards().await? {
        ticket(&town, "a", [10, 12, 20, 30]).await?;
        ticket(&town, "b", [100, 104, 130, 150]).await?;
        // Answered in the month, closed in the next.
        ticket(&town, "c", [700, 706, 718, 730]).await?;
        for sql in [
            "INSERT INTO ticket_findings (id, ticket_id, cause, note, remedy, parts, at, who, superseded) \
             VALUES ('1', 'a', 'leak', '', '', '[]', $, 'w', 1), ('2', 'a', 'seal_worn', '', '', '[]', $, \
             'w', NULL), ('3', 'b', 'leak', '', '', '[]', $, 'w', NULL)",
            "INSERT INTO diagnoses (ticket_id, phenomena, doing, location, first_cause, version) \
             VALUES ('a', '', '', '', 'leak', 1), ('b', '', '', '', 'leak', 1)",
            "UPDATE surveys SET answered_at = $, score = 5 WHERE id = 'survey-own'",
            "UPDATE surveys SET answered_at = $, score = 3 WHERE id = 'survey-foreign'",
            "UPDATE sla_clocks SET met_at = $ WHERE id = 'clock-own'",
            "UPDATE sla_clocks SET met_at = $, breached_at = $ WHERE id = 'clock-foreign'",
        ] {
            run(&town, &sql.replace('$', &(MONTH + HOUR).to_string())).await?;
        }
        let all = figures(&town).await?;
        let value = |name: &str| all[name]["figure"]["value"].as_f64();
        let rows = |name: &str| all[name]["figure"]["rows"].as_i64();
        assert_eq!((value("first_response"), rows("first_response")), (Some(4.0), Some(3)));
        assert_eq!(all["first_response"]["figure"]["deviation"], json!(2.0));
        assert_eq!(value("time_to_resolve"), Some((10.0 + 30.0 + 18.0) / 3.0));
        // Two machines for 30 days, three failures.
        assert_eq!(value("mtbf"), Some(20.0));
        assert_eq!((value("diagnosis_accuracy"), rows("diagnosis_accuracy")), (Some(0.5), Some(2)));
        assert_eq!(value("sla_attainment"), Some(0.5));
        assert_eq!((value("csat"), value("satisfied")), (Some(4.0), Some(0.5)));
        assert_eq!(rows("backlog_age"), Some(3), "ticket c, and the two of the town");
        assert_eq!((value("first_time_fix"), rows("first_time_fix")), (None, Some(0)));
        assert_eq!(value("service_cost"), None, "nobody has entered sales");
        let stages = all["ticket_stages"]["parts"].as_array().cloned().unwrap_or_default();
        let open = stages.iter().find(|stage| stage["part"] == "open").cloned();
        assert_eq!(open.unwrap_or_default()["figure"]["value"], json!(4.0));
    }
    Ok(())
}

#[tokio::test]
async fn service_cost_is_parts_hours_and_visits_by_what_was_sold() -> anyhow::Result<()> {
    for town in afterwards().await? {
        let (arrived, done) = (MONTH + 10 * HOUR, MONTH + 12 * HOUR);
        let sql = format!(
            "UPDATE visits SET state = 'done', arrived_at = {arrived}, done_at = {done} \
             WHERE id = 'visit-own'"
        );
        run(&town, &sql).await?;
        let (status, sales) = town
            .ask(
                "manager",
                Method::PUT,
                "/api/v1/sales/2026-11",
                Some(&json!({"minor": 240_000, "currency": "EUR", "why": "bookkeeping"})),
            )
            .await?;
        assert_eq!(status, StatusCode::OK, "{sales}");
        // Two hours at 75 EUR and a visit at 90 EUR, of 2,400 EUR.
        assert_eq!(figures(&town).await?["service_cost"]["figure"]["value"], json!(0.1));
        let corrected =
            json!({"minor": 480_000, "currency": "EUR", "why": "an invoice was missing"});
        town.ask("manager", Method::PUT, "/api/v1/sales/2026-11", Some(&corrected)).await?;
        assert_eq!(figures(&town).await?["service_cost"]["figure"]["value"], json!(0.05));
        let listed = get(&town, "/api/v1/sales").await?;
        assert_eq!(listed["items"][0]["version"], json!(2), "{listed}");
    }
    Ok(())
}

#[tokio::test]
async fn figures_count_the_steps_that_people_take() -> anyhow::Result<()> {
    for town in Town::each().await? {
        for (hours, to) in
            [(3, "diagnosing"), (5, "resolved"), (2, "diagnosing"), (1, "resolved"), (4, "closed")]
        {
            town.workshop.pass(hours * HOUR).await?;
            let step = json!({"to": to, "why": "as it goes"});
            let path = "/api/v1/tickets/ticket-own/transition";
            let (status, answer) = town.ask("manager", Method::POST, path, Some(&step)).await?;
            assert_eq!(status, StatusCode::OK, "{answer}");
        }
        town.workshop.pass(HOUR).await?;
        let all = get(&town, "/api/v1/kpis").await?;
        let all = all["items"].as_array().cloned().unwrap_or_default();
        let stages =
            all.iter().find(|kpi| kpi["name"] == "ticket_stages").cloned().unwrap_or_default();
        let parts = stages["parts"].as_array().cloned().unwrap_or_default();
        let hours = |part: &str| {
            let of = parts.iter().find(|p| p["part"] == part).cloned().unwrap_or_default();
            (of["figure"]["rows"].as_i64(), of["figure"]["value"].as_f64())
        };
        assert_eq!(
            hours("diagnosing"),
            (Some(2), Some(3.0)),
            "5 h, and 1 h when it was taken up again"
        );
        assert_eq!(hours("resolved"), (Some(2), Some(3.0)), "2 h and 4 h");
        let backlog =
            all.iter().find(|kpi| kpi["name"] == "backlog_age").cloned().unwrap_or_default();
        assert_eq!(backlog["figure"]["rows"], json!(1), "the other one is still open");
    }
    Ok(())
}

#[tokio::test]
async fn a_month_that_goes_on_is_counted_up_to_now() -> anyhow::Result<()> {
    for town in Town::each().await? {
        // Ten days of November have passed.
        town.workshop.pass(MONTH + 10 * 24 * HOUR - town.workshop.now()).await?;
        ticket(&town, "a", [10, 12, 20, 30]).await?;
        // Two machines for ten days.
        let days = figures(&town).await?["mtbf"]["figure"]["value"].as_f64();
        assert_eq!(days.map(f64::round), Some(20.0));
    }
    Ok(())
}

fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (n, sum) = values.fold((0.0, 0.0), |(n, sum), value| (n + 1.0, sum + value));
    sum / n
}

fn some_years() -> Years {
    Years {
        seed: 7,
        until_us: MONTH + 29 * 24 * HOUR,
        days: 400,
        accounts: 40,
        customers: 12,
        assets: 60,
        tickets: 900,
    }
}

#[tokio::test]
async fn every_figure_is_what_its_rows_make() -> anyhow::Result<()> {
    for town in afterwards().await? {
        some_years().fill(&town.workshop.app.database).await?;
        for (name, kpi) in figures(&town).await? {
            let (mut rows, mut cursor) = (Vec::new(), String::new());
            loop {
                let page = get(&town, &format!("/api/v1/kpis/{name}/rows?{SPAN}{cursor}")).await?;
                rows.extend(page["items"].as_array().cloned().unwrap_or_default());
                match page["next_cursor"].as_str() {
                    Some(next) => cursor = format!("&cursor={}", next.replace('+', "%2B")),
                    None => break,
                }
            }
            assert_eq!(kpi["figure"]["rows"], json!(rows.len()), "{name}");
            if kpi["base_sql"].is_null() && !rows.is_empty() {
                let mean = match name.as_str() {
                    "quality_index" => quality::of_rows(&rows),
                    _ => mean(rows.iter().filter_map(|r| r["value"].as_f64())),
                };
                let value = kpi["figure"]["value"].as_f64().unwrap_or(f64::NAN);
                assert!(
                    (value - mean).abs() < 1e-6 * mean.abs().max(1.0),
                    "{name}: {value} {mean}"
                );
            }
            assert!(name == "service_cost" || !rows.is_empty(), "{name} has no rows");
        }
    }
    Ok(())
}

#[tokio::test]
async fn the_monthly_report_has_every_figure_over_twelve_months() -> anyhow::Result<()> {
    for town in afterwards().await? {
        some_years().fill(&town.workshop.app.database).await?;
        let all = figures(&town).await?;
        let table = town.text("manager", "/api/v1/monthly-reports/2026-11/report.csv").await?;
        let lines: Vec<&str> = table.lines().collect();
        for kpi in ALL {
            let of = |line: &&&str| line.starts_with(&format!("{},,", kpi.name));
            let lines: Vec<_> = lines.iter().filter(of).collect();
            assert_eq!(lines.len(), 12, "{}", kpi.name);
            let last: Vec<&str> = lines[11].split(',').collect();
            assert_eq!(last[2], "2026-11");
            let value = all[kpi.name]["figure"]["value"].as_f64();
            let shown = last[3].parse::<f64>().ok();
            let near = |(a, b): (f64, f64)| (a - b).abs() <= 1e-9 * a.abs();
            assert!(
                value.zip(shown).is_none_or(near) && value.is_some() == shown.is_some(),
                "{last:?}"
            );
        }
        let page = town.text("manager", "/api/v1/monthly-reports/2026-11/report.html").await?;
        let page = page.replace("&#x2f;", "/");
        for kpi in ALL {
            assert!(page.contains(kpi.title), "{}", kpi.title);
        }
        assert!(page.contains("/api/v1/kpis/first_response/rows?from=2026-11-01T00:00:00Z"));
    }
    Ok(())
}

#[tokio::test]
async fn what_cannot_be_reported_is_refused_in_words() -> anyhow::Result<()> {
    for town in Town::each().await? {
        for (path, says) in [
            ("/api/v1/kpis?from=2026-11-02T00:00:00Z&to=2026-11-01T00:00:00Z", "before `to`"),
            ("/api/v1/kpis?from=1990-01-01T00:00:00Z", "1098 days"),
            ("/api/v1/monthly-reports/2026-13/report.csv", "2026-11"),
            ("/api/v1/quarterly-reviews/2026-11/review.html", "2026-Q4"),
            ("/api/v1/monthly-reports/2026-11/report.html?time_zone=Mars", "IANA"),
            ("/api/v1/kpis/csat/rows?cursor=x", "cursor"),
        ] {
            let (status, problem) = town.ask("manager", Method::GET, path, None).await?;
            assert_eq!(status, StatusCode::BAD_REQUEST, "{path}");
            assert!(problem["detail"].as_str().unwrap_or_default().contains(says), "{problem}");
        }
        let (status, _) = town.ask("manager", Method::GET, "/api/v1/kpis/x/rows", None).await?;
        assert_eq!(status, StatusCode::NOT_FOUND);
        let goal = json!({"kpi": "luck", "is": "at_least", "figure": 1.0});
        let policy = json!({"policy": {"currency": "EUR", "labour_hour_minor": 1, "visit_minor": 1,
            "goals": [goal]}, "why": "x"});
        let (status, problem) =
            town.ask("manager", Method::PUT, "/api/v1/reporting-policy", Some(&policy)).await?;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{problem}");
    }
    Ok(())
}
