//! One figure for how good the service is.

use super::*;

/// The index as somebody would count it who has only its rows.
pub(super) fn of_rows(rows: &[Value]) -> f64 {
    let mut parts: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    for row in rows {
        let part = row["part"].as_str().unwrap_or_default();
        let part = part.split_once(':').map_or(part, |(part, _)| part);
        parts.entry(part).or_default().extend(row["value"].as_f64());
    }
    mean(parts.into_values().map(|values| mean(values.into_iter())))
}

#[tokio::test]
async fn the_quality_index_gives_timeliness_professionalism_and_experience_one_weight()
-> anyhow::Result<()> {
    for town in afterwards().await? {
        ticket(&town, "a", [10, 12, 20, 30]).await?;
        ticket(&town, "b", [100, 104, 130, 150]).await?;
        for sql in [
            "UPDATE sla_clocks SET met_at = $ WHERE id IN ('clock-own', 'clock-foreign')",
            "INSERT INTO ticket_findings (id, ticket_id, cause, note, remedy, parts, at, who) \
             VALUES ('1', 'a', 'seal_worn', '', '', '[]', $, 'w'), ('2', 'b', 'leak', '', '', '[]', $, 'w')",
            "INSERT INTO diagnoses (ticket_id, phenomena, doing, location, first_cause, version) \
             VALUES ('a', '', '', '', 'leak', 1), ('b', '', '', '', 'leak', 1)",
        ] {
            run(&town, &sql.replace('$', &(MONTH + HOUR).to_string())).await?;
        }
        // Two promises kept, one of two causes right; nobody was asked, and that counts as nothing.
        let index = figures(&town).await?["quality_index"].clone();
        assert_eq!(index["figure"], json!({"rows": 4, "value": 0.75, "deviation": null}));
        let answered = format!(
            "UPDATE surveys SET answered_at = {}, score = 1 WHERE id = 'survey-own'",
            MONTH + HOUR
        );
        run(&town, &answered).await?;
        let index = figures(&town).await?["quality_index"].clone();
        assert_eq!(index["figure"], json!({"rows": 5, "value": 0.5, "deviation": null}));
        let parts = index["parts"].as_array().cloned().unwrap_or_default();
        let parts: Vec<_> =
            parts.iter().map(|p| (p["part"].clone(), p["figure"]["value"].clone())).collect();
        let expected = [("experience", 0.0), ("professionalism", 0.5), ("timeliness", 1.0)];
        assert_eq!(parts, expected.map(|(part, value)| (json!(part), json!(value))).to_vec());
        for (part, rows) in [("professionalism", 2), ("timeliness", 2), ("professional", 0)] {
            let path = format!("/api/v1/kpis/quality_index/rows?{SPAN}&part={part}");
            let page = get(&town, &path).await?;
            assert_eq!(page["items"].as_array().map(Vec::len), Some(rows), "{part}: {page}");
        }
    }
    Ok(())
}
