//! The review of a quarter.

use super::*;

const PAGE: &str = "/api/v1/quarterly-reviews/2026-Q4/review.html";

#[tokio::test]
async fn a_quarter_has_the_rows_of_its_months() -> anyhow::Result<()> {
    for town in afterwards().await? {
        some_years().fill(&town.workshop.app.database).await?;
        let rows = async |path: &str, figure: &str| {
            let table = town.text("manager", path).await?;
            let lines: Vec<&str> = table.lines().filter(|l| l.starts_with(figure)).collect();
            let row = |line: &&str| {
                let fields: Vec<&str> = line.split(',').collect();
                (fields[2].to_owned(), fields[6].parse::<i64>().unwrap_or(-1))
            };
            anyhow::Ok(lines.iter().map(row).collect::<BTreeMap<_, _>>())
        };
        let months = "/api/v1/monthly-reports/2026-12/report.csv";
        let quarters = "/api/v1/quarterly-reviews/2026-Q4/review.csv";
        for figure in
            ["first_response,,", "sla_attainment,,", "csat,,", "quality_index,timeliness,"]
        {
            let (months, quarters) = (rows(months, figure).await?, rows(quarters, figure).await?);
            assert_eq!(quarters.len(), 8, "{figure}");
            for (quarter, of) in [("2026-Q3", ["07", "08", "09"]), ("2026-Q4", ["10", "11", "12"])]
            {
                let sum: i64 = of.iter().map(|month| months[&format!("2026-{month}")]).sum();
                assert_eq!(quarters[quarter], sum, "{figure} {quarter}");
                assert!(sum > 0, "{figure} {quarter}");
            }
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_review_shows_the_actions_that_were_under_way_and_whether_they_helped()
-> anyhow::Result<()> {
    for town in afterwards().await? {
        let empty = town.text("manager", PAGE).await?;
        assert!(empty.contains("Quarterly review 2026-Q4") && empty.contains("None was under way"));
        let now = town.workshop.now();
        let make = async |id: &str, state: &str, made: i64, done: &str| {
            let sql = format!(
                "INSERT INTO corrective_actions (id, number, title, cause, steps, owner_id, due_at, \
                 state, window_days, done_at, created_at, version) SELECT '{id}', count(*) + 1, \
                 '{id} <b>', 'why', '[]', 'account-manager', {now} - 1, '{state}', 30, {done}, {made}, 1 \
                 FROM corrective_actions"
            );
            run(&town, &sql).await
        };
        let day = 24 * HOUR;
        make("over long ago", "effective", now - 400 * day, &(now - 300 * day).to_string()).await?;
        make("never begun", "open", now - 400 * day, "NULL").await?;
        make("answered sooner", "done", now - 20 * day, &(now - 10 * day).to_string()).await?;
        for (survey, at, score) in [("own", now - 21 * day, 2), ("foreign", now - 9 * day, 4)] {
            let sql = format!(
                "UPDATE surveys SET answered_at = {at}, state = 'answered', \
                 score = {score} WHERE id = 'survey-{survey}'"
            );
            run(&town, &sql).await?;
        }
        let page = town.text("manager", PAGE).await?;
        assert!(!page.contains("over long ago"), "{page}");
        for says in [
            "C-2 never begun &lt;b&gt;",
            "overdue",
            "C-3 answered sooner",
            "2.0 → 4.0",
            "1 and 1 answers, still counting",
        ] {
            assert!(page.contains(says), "{says}: {page}");
        }
        assert_eq!(page.matches("overdue").count(), 1, "what is done is not overdue");
    }
    Ok(())
}
