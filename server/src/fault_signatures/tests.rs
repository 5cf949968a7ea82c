//! What the past says, on SQLite and on a real PostgreSQL, with a clock that the test moves.

use axum::Json;
use axum::extract::{Path, State};
use serde_json::{Value, json};

use super::{set_finding, similar};
use crate::alarms::Deviation;
use crate::alarms::tests::{HOUR, Workshop};
use crate::http::{By, Problem};

/// Longer than the guarantee window: the next fault is a ticket of its own.
const NEXT: i64 = 31 * 24 * HOUR;

const STRAINER: &[(&str, f64)] = &[("inlet", -4.0), ("motor", -2.0)];
const BEARING: &[(&str, f64)] = &[("bearing", 5.0), ("motor", 2.0)];

fn me() -> By {
    By("Ada".to_owned())
}

async fn with_points(w: &Workshop) -> anyhow::Result<()> {
    for (slot, position) in (0i64..).zip(["inlet", "motor", "bearing"]) {
        sqlx::query(
            "INSERT INTO points (id, asset_id, name, quantity, position, unit, slot, created_at) \
             VALUES ($1, $2, $1, 'temperature', $1, 'Cel', $3, 0)",
        )
        .bind(position)
        .bind(&w.asset)
        .bind(slot)
        .execute(&w.app.database)
        .await?;
    }
    Ok(())
}

fn deviations(of: &[(&str, f64)], grown: f64) -> Vec<Deviation> {
    let deviation = |(position, score): &(&str, f64)| Deviation {
        point_id: (*position).to_owned(),
        point_name: (*position).to_owned(),
        quantity: "temperature".to_owned(),
        unit: "Cel".to_owned(),
        expected: 0.0,
        low: -1.0,
        high: 1.0,
        seen: *score,
        unusual: score.abs() * grown,
        limits: score.abs() * grown / 6.0,
        reason: "level".to_owned(),
        words: String::new(),
        since: "2026-01-01T00:00:00Z".to_owned(),
    };
    of.iter().map(deviation).collect()
}

/// The machine has a fault; its ticket.
async fn breaks(w: &Workshop, of: &[(&str, f64)], grown: f64) -> anyhow::Result<String> {
    w.raise("deviation", |a| a.deviations = deviations(of, grown)).await?;
    let tickets = w.tickets().await?;
    let ticket = tickets.last().and_then(|t| t["id"].as_str());
    Ok(ticket.unwrap_or_default().to_owned())
}

async fn found(w: &Workshop, ticket: &str, body: Value) -> Result<Value, Problem> {
    let new = serde_json::from_value(body).map_err(|e| Problem::Invalid(e.to_string()))?;
    let set = set_finding(me(), State(w.app.clone()), Path(ticket.to_owned()), Json(new)).await?;
    Ok(serde_json::to_value(set.0).unwrap_or_default())
}

/// It is mended, and long over.
async fn mended(w: &Workshop, ticket: &str, cause: &str) -> anyhow::Result<()> {
    w.clear("deviation").await?;
    found(w, ticket, json!({"cause": cause, "parts": [format!("part of {cause}")]})).await?;
    for to in ["resolved", "closed"] {
        w.move_ticket(ticket, to, json!({})).await?;
    }
    w.pass(NEXT).await?;
    Ok(())
}

async fn past(w: &Workshop, ticket: &str) -> anyhow::Result<Value> {
    let answer = similar(State(w.app.clone()), Path(ticket.to_owned())).await?;
    Ok(serde_json::to_value(answer.0)?)
}

#[test]
fn a_point_beyond_a_limit_counts_although_nothing_was_learnt_of_it() {
    let at = |seen: f64, unusual: f64| {
        let [d] = &deviations(&[("motor", seen)], 1.0)[..] else { return f64::NAN };
        super::memory::score(&Deviation { unusual, ..d.clone() })
    };
    assert_eq!((at(4.0, 0.0), at(-4.0, 0.0), at(0.5, 0.0)), (3.0, -3.0, 0.0));
    assert_eq!((at(4.0, 6.5), at(-4.0, 6.5)), (6.5, -6.5));
}

#[tokio::test]
async fn closed_tickets_teach_what_a_pattern_meant_and_how_often_that_was_right()
-> anyhow::Result<()> {
    for w in Workshop::each().await? {
        with_points(&w).await?;
        let first = breaks(&w, STRAINER, 1.0).await?;
        let said = past(&w, &first).await?;
        assert!(
            said["silent_because"].as_str().unwrap_or_default().starts_with("0 closed"),
            "{said}"
        );
        assert_eq!(said["pattern"], json!({"temperature inlet": -4.0, "temperature motor": -2.0}));
        mended(&w, &first, "clogged_strainer").await?;
        for (fault, cause) in [(BEARING, "worn_bearing"), (STRAINER, "clogged_strainer")] {
            let ticket = breaks(&w, fault, 1.2).await?;
            assert_eq!(past(&w, &ticket).await?["cases"], json!([]), "too few are known");
            mended(&w, &ticket, cause).await?;
        }

        // From here on the past speaks, and is held against what is found.
        let right = breaks(&w, STRAINER, 1.7).await?;
        let said = past(&w, &right).await?;
        assert_eq!(said["causes"][0]["cause"], "clogged_strainer", "{said:#}");
        assert_eq!(said["causes"][0]["cases"], 2);
        assert_eq!(said["causes"][0]["how_often_right"]["of"], 0);
        assert_eq!(said["cases"][0]["parts"], json!(["part of clogged_strainer"]));
        assert_eq!(said["said_when_opened"]["cause"], "clogged_strainer");
        mended(&w, &right, "clogged_strainer").await?;
        let wrong = breaks(&w, STRAINER, 1.3).await?;
        mended(&w, &wrong, "closed_valve").await?;

        let next = breaks(&w, STRAINER, 1.0).await?;
        let said = past(&w, &next).await?;
        let hits = &said["causes"][0]["how_often_right"];
        let causes: Vec<_> = said["causes"].as_array().into_iter().flatten().collect();
        assert_eq!(causes.len(), 2, "{said:#}");
        let strainer = causes.iter().find(|c| c["cause"] == "clogged_strainer");
        let hits = strainer.map_or(hits, |c| &c["how_often_right"]);
        assert_eq!((&hits["right"], &hits["of"]), (&json!(1), &json!(2)), "{said:#}");
        assert!(hits["low"].as_f64() < Some(0.1) && hits["high"].as_f64() > Some(0.9), "{hits}");
        mended(&w, &next, "clogged_strainer").await?;

        let unknown = breaks(&w, &[("bearing", -5.0), ("inlet", 3.0)], 1.0).await?;
        let said = past(&w, &unknown).await?;
        assert_eq!((&said["causes"], &said["cases"]), (&json!([]), &json!([])));
        assert!(said["silent_because"].as_str().unwrap_or_default().starts_with("no past case"));
        assert_eq!(said["said_when_opened"], Value::Null);
    }
    Ok(())
}

#[tokio::test]
async fn a_corrected_finding_counts_and_the_old_one_stays() -> anyhow::Result<()> {
    for w in Workshop::each().await? {
        with_points(&w).await?;
        for _ in 0..3 {
            let ticket = breaks(&w, BEARING, 1.0).await?;
            mended(&w, &ticket, "worn_bearing").await?;
            let all = found(&w, &ticket, json!({"cause": "dry_bearing"})).await?;
            let causes: Vec<_> = all["items"].as_array().into_iter().flatten().collect();
            assert_eq!(causes[0]["cause"], "dry_bearing");
            assert_eq!(causes[1]["cause"], "worn_bearing");
        }
        let ticket = breaks(&w, BEARING, 1.0).await?;
        let said = past(&w, &ticket).await?;
        assert_eq!(said["causes"].as_array().map(Vec::len), Some(1), "{said:#}");
        assert_eq!(said["causes"][0]["cause"], "dry_bearing");

        let unclear = found(&w, &ticket, json!({"cause": "Dry bearing!"})).await;
        assert!(matches!(unclear, Err(Problem::Invalid(_))), "a code, so that it is said one way");
        w.move_ticket(&ticket, "cancelled", json!({})).await?;
        let nothing = found(&w, &ticket, json!({"cause": "dry_bearing"})).await;
        assert!(matches!(nothing, Err(Problem::Conflict(_))));
    }
    Ok(())
}
