//! Acknowledging, latching, chattering, escalation.

use super::*;
use crate::alarms::worsen;

#[tokio::test]
async fn saying_the_same_finding_again_changes_nothing() -> anyhow::Result<()> {
    for w in Workshop::each().await? {
        let at = w.now();
        for _ in 0..3 {
            w.raise("t", |a| a.raised_at = at).await?;
        }
        w.pass(MINUTE).await?;
        for _ in 0..3 {
            w.clear("t").await?;
        }
        w.raise("t", |a| a.raised_at = at).await?;
        assert_eq!(w.state("t").await?, "unacknowledged_cleared");
        assert_eq!(w.history("t").await?.len(), 2);
        assert_eq!(w.tickets().await?[0]["alarm_count"], 1);
    }
    Ok(())
}

#[tokio::test]
async fn a_clearing_ends_only_what_was_raised_before_it() -> anyhow::Result<()> {
    for w in Workshop::each().await? {
        let at = w.now();
        w.raise("t", |_| ()).await?;
        // A replay from an earlier time says again what was over before.
        w.raise("t", |a| a.raised_at = at - HOUR).await?;
        clear(&w.app, &w.asset, "t", at - MINUTE).await?;
        assert_eq!(w.state("t").await?, "unacknowledged_active");
        clear(&w.app, &w.asset, "t", at + MINUTE).await?;
        assert_eq!(w.state("t").await?, "unacknowledged_cleared");
    }
    Ok(())
}

#[tokio::test]
async fn a_latched_alarm_stays_until_somebody_resets_it() -> anyhow::Result<()> {
    for w in Workshop::each().await? {
        let app = || State(w.app.clone());
        w.raise("trip", |a| a.latched = true).await?;
        let id = text(&w.alarm("trip").await?, "id");
        let too_soon = crate::alarms::reset(me(), app(), Path(id.clone())).await;
        assert!(matches!(too_soon, Err(Problem::IllegalStep { .. })));
        w.pass(MINUTE).await?;
        w.clear("trip").await?;
        assert_eq!(w.state("trip").await?, "latched_unacknowledged");
        w.acknowledge("trip").await?;
        // It comes back before it was reset: the same alarm, to be seen anew.
        w.pass(HOUR).await?;
        w.raise("trip", |a| a.latched = true).await?;
        assert_eq!(w.state("trip").await?, "unacknowledged_active");
        w.acknowledge("trip").await?;
        w.pass(MINUTE).await?;
        w.clear("trip").await?;
        let _ = crate::alarms::reset(me(), app(), Path(id)).await?;
        assert_eq!(w.state("trip").await?, "normal");
        assert_eq!(
            w.history("trip").await?,
            [
                "unacknowledged_active by detection",
                "latched_unacknowledged by detection",
                "latched_acknowledged by Ada",
                "unacknowledged_active by detection",
                "acknowledged_active by Ada",
                "latched_acknowledged by detection",
                "normal by Ada",
            ]
        );
    }
    Ok(())
}

#[tokio::test]
async fn a_chattering_alarm_is_one_row_until_it_is_quiet() -> anyhow::Result<()> {
    for w in Workshop::each().await? {
        let chatter = async |times: usize| -> anyhow::Result<()> {
            for _ in 0..times {
                w.raise("t", |_| ()).await?;
                w.pass(30 * S).await?;
                w.clear("t").await?;
                w.pass(30 * S).await?;
            }
            Ok(())
        };
        chatter(3).await?;
        assert_eq!(rows(&w).await?, 3);
        assert!(w.alarm("t").await?["chattering_until"].is_string());
        chatter(5).await?;
        assert_eq!(rows(&w).await?, 3);
        assert_eq!(w.alarm("t").await?["occurrences"], 6);
        // Somebody has seen that it chatters: it does not ask again each time.
        w.acknowledge("t").await?;
        w.raise("t", |_| ()).await?;
        assert_eq!(w.state("t").await?, "acknowledged_active");
        w.pass(30 * S).await?;
        w.clear("t").await?;
        w.pass(11 * MINUTE).await?;
        w.raise("t", |_| ()).await?;
        assert_eq!(rows(&w).await?, 4);
        assert_eq!(w.state("t").await?, "unacknowledged_active");
        assert_eq!(w.tickets().await?.len(), 1);
    }
    Ok(())
}

async fn rows(w: &Workshop) -> anyhow::Result<i64> {
    Ok(sqlx::query_scalar("SELECT count(*) FROM alarms").fetch_one(&w.app.database).await?)
}

#[tokio::test]
async fn an_alarm_that_nobody_sees_is_escalated_once_a_level() -> anyhow::Result<()> {
    for w in Workshop::each().await? {
        w.raise("t", |_| ()).await?;
        w.raise("seen", |_| ()).await?;
        w.acknowledge("seen").await?;
        let stands = async || -> anyhow::Result<(String, Value)> {
            let alarm = w.alarm("t").await?;
            Ok((text(&alarm, "priority"), alarm["escalation_level"].clone()))
        };
        assert_eq!(w.pass(HOUR - 1).await?, Some(START + HOUR));
        assert_eq!(stands().await?, ("medium".into(), json!(0)));
        w.pass(1).await?;
        assert_eq!(stands().await?, ("high".into(), json!(1)));
        assert_eq!(w.tickets().await?[0]["priority"], "high");
        w.pass(15 * MINUTE).await?;
        assert_eq!(stands().await?, ("critical".into(), json!(2)));
        for _ in 0..5 {
            w.pass(5 * MINUTE).await?;
        }
        assert_eq!(stands().await?, ("critical".into(), json!(3)));
        assert_eq!(w.alarm("seen").await?["escalation_level"], 0);
        assert_eq!(w.app.metrics.escalated.load(Ordering::Relaxed), 3);
        assert_eq!(w.history("t").await?.len(), 4, "each escalation is in its history");
    }
    Ok(())
}

#[tokio::test]
async fn dispatchers_are_told_of_an_escalated_alarm_by_the_policy_that_did_it() -> anyhow::Result<()>
{
    for w in Workshop::each().await? {
        let address = json!({
            "owner_kind": "role", "owner": "dispatcher", "kind": "wecom",
            "address": "http://127.0.0.1:9/robot", "why": "in a test",
        });
        let app = || State(w.app.clone());
        let _ = crate::notifications::add_address(me(), app(), Json(from_json(address))).await?;
        w.raise("t", |alarm| alarm.priority = Priority::High).await?;
        w.pass(15 * MINUTE).await?;
        let query = axum::extract::Query::try_from_uri(&"/".parse()?)?;
        let outbox = crate::notifications::list_outbox(app(), query).await?;
        let outbox = serde_json::to_value(&outbox.0)?;
        // The older one says that the alarm opened a ticket.
        let message = &outbox["items"][0];
        assert_eq!(outbox["items"].as_array().map(Vec::len), Some(2));
        assert_eq!(outbox["items"][1]["event"], "ticket_opened");
        assert_eq!(message["facts"]["machine"], "pump");
        assert_eq!(message["facts"]["priority"], "critical");
        assert_eq!(message["urgent"], true);
        assert!(text(message, "rule").starts_with("alarm escalation, version 1;"), "{message}");
    }
    Ok(())
}

#[tokio::test]
async fn a_changed_policy_of_escalation_holds_at_once_and_keeps_the_old_one() -> anyhow::Result<()>
{
    for w in Workshop::each().await? {
        let app = || State(w.app.clone());
        w.raise("t", |_| ()).await?;
        let steps = json!([{"priority": "medium", "after_s": 60, "raise_to": "critical"}]);
        let wanted = json!({"steps": steps, "why": "night shift"});
        let _ = crate::alarms::change_escalations(me(), app(), Json(from_json(wanted))).await?;
        w.pass(MINUTE).await?;
        assert_eq!(w.alarm("t").await?["priority"], "critical");
        let query = axum::extract::Query::try_from_uri(&"/".parse()?)?;
        let versions = crate::alarms::list_escalations(app(), query).await?;
        let versions = serde_json::to_value(&versions.0)?;
        assert_eq!(versions["items"][0]["version"], 2);
        assert_eq!(versions["items"][1]["steps"].as_array().map(Vec::len), Some(4));
        let down = json!([{"priority": "high", "after_s": 60, "raise_to": "low"}]);
        let down = from_json(json!({"steps": down, "why": "x"}));
        let refused = crate::alarms::change_escalations(me(), app(), Json(down)).await;
        assert!(matches!(refused, Err(Problem::Invalid(_))));
    }
    Ok(())
}

#[tokio::test]
async fn growing_shows_on_the_alarm_and_not_on_one_that_is_over() -> anyhow::Result<()> {
    for w in Workshop::each().await? {
        let worse = vec![deviation("p1", 9.0)];
        worsen(&w.app, &w.asset, "t", "It grows", &worse).await?;
        w.raise("t", |_| ()).await?;
        worsen(&w.app, &w.asset, "t", "It grows", &worse).await?;
        assert_eq!(w.alarm("t").await?["deviations"][0]["point_id"], "p1");
        assert_eq!(w.tickets().await?[0]["deviations"][0]["unusual"], 9.0);
        assert_eq!(w.tickets().await?[0]["title"], "It grows");
    }
    Ok(())
}
