//! What comes back.

use super::*;

#[tokio::test]
async fn the_return_rate_is_what_came_back_by_the_years_that_machines_were_in_service()
-> anyhow::Result<()> {
    for town in afterwards().await? {
        // Asked for a month before, received in the month; the other one was called off.
        for (whose, state, day) in
            [("own", "requested", -20), ("own", "received", 3), ("foreign", "cancelled", 4)]
        {
            let at = MONTH + day * 24 * HOUR;
            let sql = format!(
                "INSERT INTO return_steps (id, return_id, state, at, left_at) \
                 VALUES ('{whose}-{state}', 'return-{whose}', '{state}', {at}, {at})"
            );
            run(&town, &sql).await?;
        }
        let all = figures(&town).await?;
        let figure = &all["return_rate"]["figure"];
        // One, by two machines for 30 days.
        let years = 2.0 * 30.0 / 365.25;
        assert!((figure["value"].as_f64().unwrap_or_default() - 1.0 / years).abs() < 1e-9);
        let rows = get(&town, &format!("/api/v1/kpis/return_rate/rows?{SPAN}")).await?;
        assert_eq!(rows["items"].as_array().map(Vec::len), Some(1), "{rows}");
        let row = &rows["items"][0];
        assert_eq!((&row["subject_id"], &row["part"]), (&json!("return-own"), &json!("return")));
    }
    Ok(())
}
