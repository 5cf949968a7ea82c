//! What is promised stays on record, whatever changes.

use super::*;
use crate::alarms::Priority;

#[tokio::test]
async fn a_new_version_of_a_policy_moves_what_is_due_and_keeps_the_promise() -> anyhow::Result<()> {
    for town in Town::each().await? {
        let ticket = ticket(&town).await?;
        pass(&town, HOUR).await?;
        resolve_within(&town, 12, "working-days").await?;
        let moved = clock(&town, &ticket, "resolution").await?;
        assert_eq!(moved["due_at"], "2026-01-01T12:00:00Z");
        assert_eq!(moved["due_soon_at"], "2026-01-01T06:00:00Z");
        assert_eq!(moved["promised_due_at"], "2026-01-02T00:00:00Z");
        assert_eq!(moved["policy_version"], 2);
        let step = &moved["history"][1];
        assert_eq!(step["due_before"], "2026-01-02T00:00:00Z");
        assert_eq!(step["due_after"], "2026-01-01T12:00:00Z");
        assert_eq!(
            (&step["who"], &step["why"]),
            (&json!("manager"), &json!("policy A: agreed with the customer"))
        );
        // A target that is there no more stays as it was promised.
        let first = clock(&town, &ticket, "first_response").await?;
        assert_eq!(first["due_at"], first["promised_due_at"]);
        assert_eq!(first["policy_version"], 2);
    }
    Ok(())
}

#[tokio::test]
async fn a_holiday_moves_what_is_due_and_keeps_the_promise() -> anyhow::Result<()> {
    for town in Town::each().await? {
        let ticket = ticket(&town).await?;
        let day = json!([{"from": "09:00", "to": "17:00"}]);
        let hours = json!({"week": {"thursday": day, "friday": day},
            "holidays": [{"date": "2026-01-01", "name": "New Year"}]});
        let (status, answer) = put(&town, "/api/v1/calendars/working-hours", hours).await?;
        assert_eq!(status, StatusCode::OK, "{answer}");
        let moved = clock(&town, &ticket, "first_response").await?;
        assert_eq!(moved["due_at"], "2026-01-02T13:00:00Z");
        assert_eq!(moved["promised_due_at"], "2026-01-01T13:00:00Z");
        assert_eq!(moved["calendar_version"], 2);
        let other = clock(&town, &ticket, "resolution").await?;
        assert_eq!(other["history"].as_array().map(Vec::len), Some(1), "it has other hours");
    }
    Ok(())
}

#[tokio::test]
async fn a_clock_on_hold_takes_over_a_new_policy_when_it_runs_again() -> anyhow::Result<()> {
    for town in Town::each().await? {
        let ticket = ticket(&town).await?;
        let running = clock(&town, &ticket, "resolution").await?;
        post(&town, &act(&running, "hold"), json!({"reason": "no access"})).await?;
        pass(&town, 2 * HOUR).await?;
        resolve_within(&town, 12, "working-days").await?;
        let held = clock(&town, &ticket, "resolution").await?;
        assert_eq!((&held["state"], &held["due_at"]), (&json!("on_hold"), &Value::Null));
        post(&town, &act(&running, "resume"), json!({"why": "the gate is open"})).await?;
        let resumed = clock(&town, &ticket, "resolution").await?;
        assert_eq!(resumed["due_at"], "2026-01-01T14:00:00Z");
        assert_eq!(resumed["promised_due_at"], "2026-01-02T00:00:00Z");
    }
    Ok(())
}

#[tokio::test]
async fn what_was_late_before_the_policy_changed_stays_late() -> anyhow::Result<()> {
    for town in Town::each().await? {
        let ticket = ticket(&town).await?;
        // Nobody has looked at the clock since it became late.
        town.workshop.pass(25 * HOUR).await?;
        resolve_within(&town, 48, "working-days").await?;
        let late = clock(&town, &ticket, "resolution").await?;
        assert_eq!(late["state"], "breached");
        assert_eq!(late["breached_at"], "2026-01-02T00:00:00Z");
    }
    Ok(())
}

#[tokio::test]
async fn a_clock_that_was_started_while_its_policy_changed_is_caught_up() -> anyhow::Result<()> {
    for town in Town::each().await? {
        resolve_within(&town, 12, "working-days").await?;
        let ticket = ticket(&town).await?;
        let as_before = "UPDATE sla_clocks SET policy_version = 1, target_s = 86400 \
             WHERE kind = 'resolution'";
        sqlx::query(as_before).execute(&town.workshop.app.database).await?;
        attend(&town.workshop.app).await?;
        let caught_up = clock(&town, &ticket, "resolution").await?;
        assert_eq!(
            (&caught_up["policy_version"], &caught_up["target_s"]),
            (&json!(2), &json!(43_200))
        );
        let steps = caught_up["history"].as_array().map(Vec::len);
        attend(&town.workshop.app).await?;
        let again = clock(&town, &ticket, "resolution").await?;
        assert_eq!(again["history"].as_array().map(Vec::len), steps, "once");
    }
    Ok(())
}

#[tokio::test]
async fn what_becomes_more_urgent_is_due_earlier() -> anyhow::Result<()> {
    for town in Town::each().await? {
        let targets = json!([{"kind": "resolution", "seconds": 86_400},
            {"kind": "resolution", "priority": "critical", "seconds": 7_200}]);
        let policy = json!({"targets": targets, "due_soon_percent": 75});
        put(&town, "/api/v1/sla-policies/A", policy).await?;
        let ticket = ticket(&town).await?;
        let resolution = clock(&town, &ticket, "resolution").await?;
        assert_eq!(resolution["due_at"], "2026-01-02T00:00:00Z");
        pass(&town, HOUR).await?;
        town.workshop.raise("limit", |alarm| alarm.priority = Priority::Critical).await?;
        let urgent = clock(&town, &ticket, "resolution").await?;
        assert_eq!(urgent["due_at"], "2026-01-01T02:00:00Z");
        assert_eq!(urgent["promised_due_at"], "2026-01-02T00:00:00Z");
        assert_eq!(urgent["priority"], "critical");
    }
    Ok(())
}
