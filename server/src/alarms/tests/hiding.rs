//! What hides alarms, and how they come out again.

use super::*;
use crate::alarms::{Suspend, hidden_by, resume, suspend};

#[tokio::test]
async fn a_shelved_alarm_opens_no_ticket_and_comes_out_by_itself_when_it_still_holds()
-> anyhow::Result<()> {
    for w in Workshop::each().await? {
        let until = w.now() + HOUR;
        let shelf = w.hide(json!({"tag": "t", "kind": "shelved", "until": rfc3339(until)})).await?;
        w.raise("t", |_| ()).await?;
        assert_eq!(w.state("t").await?, "shelved");
        assert_eq!(w.alarm("t").await?["hidden_by"], shelf["id"]);
        assert!(w.tickets().await?.is_empty());
        assert_eq!(w.pass(HOUR - 1).await?, Some(until), "the task sleeps until then");
        assert_eq!(w.state("t").await?, "shelved");
        w.pass(1).await?;
        assert_eq!(w.state("t").await?, "unacknowledged_active");
        assert_eq!(w.tickets().await?.len(), 1);
        assert_eq!(
            w.history("t").await?,
            ["shelved by detection", "unacknowledged_active by clock"]
        );
        let hidden = hidden_by(&w.app, &text(&shelf, "id")).await?;
        assert_eq!(hidden.len(), 1, "what it hid stays in its list");
    }
    Ok(())
}

#[tokio::test]
async fn an_expired_shelf_hides_nothing_even_before_the_task_has_looked() -> anyhow::Result<()> {
    for w in Workshop::each().await? {
        let until = rfc3339(w.now() + HOUR);
        w.hide(json!({"tag": "t", "kind": "shelved", "until": until})).await?;
        w.clock.0.fetch_add(HOUR, Ordering::SeqCst);
        w.raise("t", |_| ()).await?;
        assert_eq!(w.state("t").await?, "unacknowledged_active");
    }
    Ok(())
}

#[tokio::test]
async fn what_cleared_while_it_was_hidden_opens_no_ticket_and_stays_in_the_list()
-> anyhow::Result<()> {
    for w in Workshop::each().await? {
        let window =
            w.hide(json!({"kind": "maintenance", "until": rfc3339(w.now() + HOUR)})).await?;
        w.raise("t", |_| ()).await?;
        assert_eq!(w.state("t").await?, "out_of_service");
        w.pass(MINUTE).await?;
        w.clear("t").await?;
        w.pass(HOUR).await?;
        assert_eq!(w.state("t").await?, "normal");
        assert!(w.tickets().await?.is_empty());
        assert_eq!(hidden_by(&w.app, &text(&window, "id")).await?.len(), 1);
    }
    Ok(())
}

#[tokio::test]
async fn shelving_an_active_alarm_hides_it_and_its_ticket_stays() -> anyhow::Result<()> {
    for w in Workshop::each().await? {
        w.raise("t", |_| ()).await?;
        w.acknowledge("t").await?;
        let mut events = w.app.events.subscribe();
        let id = text(&w.alarm("t").await?, "id");
        let app = || State(w.app.clone());
        let shelving = json!({"until": rfc3339(w.now() + HOUR), "reason": "spare part ordered"});
        let _ =
            suspensions::shelve(ada(), app(), Path(id.clone()), Json(from_json(shelving))).await?;
        assert_eq!(w.state("t").await?, "shelved");
        assert_eq!(w.tickets().await?[0]["state"], "open");
        assert!(events.try_recv()?.data.contains("\"shelved\""), "watchers are told");
        let refused = super::super::acknowledge(me(), app(), Path(id.clone())).await;
        assert!(matches!(refused, Err(Problem::IllegalStep { .. })));
        let why = from_json(json!({"why": "it came sooner"}));
        let _ = suspensions::unshelve(me(), app(), Path(id), Json(why)).await?;
        assert_eq!(w.state("t").await?, "unacknowledged_active");
        assert_eq!(w.tickets().await?.len(), 1);
    }
    Ok(())
}

#[tokio::test]
async fn shelving_needs_an_end_within_a_day_a_reason_and_a_free_shelf() -> anyhow::Result<()> {
    let w = Workshop::on(Database::Sqlite).await?;
    let shelve = |until: Value| w.hide(json!({"tag": "t", "kind": "shelved", "until": until}));
    for until in [Value::Null, rfc3339(w.now()), rfc3339(w.now() + 24 * HOUR + S)] {
        assert!(matches!(shelve(until).await, Err(Problem::Invalid(_))));
    }
    shelve(rfc3339(w.now() + 24 * HOUR)).await?;
    assert!(matches!(shelve(rfc3339(w.now() + HOUR)).await, Err(Problem::Conflict(_))));
    Ok(())
}

#[tokio::test]
async fn safety_alarms_are_hidden_by_neither_maintenance_nor_repair_but_by_name()
-> anyhow::Result<()> {
    for w in Workshop::each().await? {
        w.hide(json!({"kind": "maintenance", "until": rfc3339(w.now() + HOUR)})).await?;
        w.hide(json!({"kind": "shelved", "until": rfc3339(w.now() + HOUR)})).await?;
        repair(&w, None).await?;
        w.raise("limit:pressure", |a| a.class = Class::Safety).await?;
        w.raise("vibration", |_| ()).await?;
        assert_eq!(w.state("limit:pressure").await?, "unacknowledged_active");
        assert!(w.alarm("vibration").await?["hidden_by"].is_string());
        let by_name =
            json!({"tag": "limit:pressure", "kind": "shelved", "until": rfc3339(w.now() + HOUR)});
        w.hide(by_name).await?;
        assert_eq!(w.state("limit:pressure").await?, "shelved");
        w.raise("limit:current", |a| a.class = Class::Safety).await?;
        assert_eq!(w.state("limit:current").await?, "unacknowledged_active");
        w.hide(json!({"kind": "out_of_service"})).await?;
        assert_eq!(w.state("limit:current").await?, "out_of_service");
    }
    Ok(())
}

async fn repair(w: &Workshop, until_at: Option<i64>) -> anyhow::Result<String> {
    let mut tx = w.app.database.begin().await?;
    let wanted = Suspend {
        asset_id: &w.asset,
        tag: None,
        kind: SuspensionKind::RepairSession,
        keep_safety: true,
        from_at: w.now(),
        until_at,
        reason: "repair",
        who: "Grace",
        now: w.now(),
    };
    let id = suspend(&mut tx, &wanted).await?;
    tx.commit().await?;
    Ok(id)
}

#[tokio::test]
async fn a_repair_hides_what_it_causes_and_lets_out_what_is_still_wrong_at_its_end()
-> anyhow::Result<()> {
    for w in Workshop::each().await? {
        let session = repair(&w, Some(w.now() + 4 * HOUR)).await?;
        w.raise("caused", |_| ()).await?;
        w.raise("stays", |_| ()).await?;
        w.pass(MINUTE).await?;
        w.clear("caused").await?;
        for _ in 0..2 {
            resume(&w.app, &session, w.now(), "Grace", "mended").await?;
        }
        assert_eq!(w.state("caused").await?, "normal");
        assert_eq!(w.state("stays").await?, "unacknowledged_active");
        let tickets = w.tickets().await?;
        assert_eq!((tickets.len(), &tickets[0]["alarm_count"]), (1, &json!(1)));
        assert_eq!(hidden_by(&w.app, &session).await?.len(), 2);
    }
    Ok(())
}

#[tokio::test]
async fn readings_that_come_after_a_repair_but_are_from_its_time_open_no_ticket_when_it_cleared()
-> anyhow::Result<()> {
    for w in Workshop::each().await? {
        let during = w.now() + 10 * MINUTE;
        let session = repair(&w, None).await?;
        w.pass(HOUR).await?;
        resume(&w.app, &session, w.now(), "Grace", "mended").await?;
        w.pass(MINUTE).await?;
        for tag in ["caused", "stays"] {
            w.raise(tag, |a| a.raised_at = during).await?;
            assert_eq!(w.state(tag).await?, "shelved");
        }
        clear(&w.app, &w.asset, "caused", during + MINUTE).await?;
        w.pass(MINUTE).await?;
        assert_eq!(w.state("caused").await?, "normal");
        assert_eq!(w.state("stays").await?, "unacknowledged_active");
        assert_eq!(w.tickets().await?.len(), 1);
    }
    Ok(())
}

#[tokio::test]
async fn an_alarm_that_two_suspensions_cover_comes_out_with_the_last() -> anyhow::Result<()> {
    for w in Workshop::each().await? {
        let shelf = json!({"tag": "t", "kind": "shelved", "until": rfc3339(w.now() + HOUR)});
        w.hide(shelf).await?;
        w.hide(json!({"kind": "maintenance", "until": rfc3339(w.now() + 2 * HOUR)})).await?;
        w.raise("t", |_| ()).await?;
        assert_eq!(w.state("t").await?, "shelved");
        w.pass(HOUR).await?;
        assert_eq!(w.state("t").await?, "out_of_service");
        w.pass(HOUR).await?;
        assert_eq!(w.state("t").await?, "unacknowledged_active");
    }
    Ok(())
}

#[tokio::test]
async fn maintenance_planned_ahead_begins_by_itself_and_can_be_cancelled() -> anyhow::Result<()> {
    for w in Workshop::each().await? {
        let (from, until) = (rfc3339(w.now() + HOUR), rfc3339(w.now() + 2 * HOUR));
        let planned = w.hide(json!({"kind": "maintenance", "from": from, "until": until})).await?;
        assert_eq!(planned["state"], "planned");
        let (from, until) = (rfc3339(w.now() + 3 * HOUR), rfc3339(w.now() + 4 * HOUR));
        let second = w.hide(json!({"kind": "maintenance", "from": from, "until": until})).await?;
        w.raise("t", |_| ()).await?;
        assert_eq!(w.state("t").await?, "unacknowledged_active");
        w.pass(HOUR).await?;
        assert_eq!(w.state("t").await?, "out_of_service");
        w.pass(HOUR).await?;
        assert_eq!(w.state("t").await?, "unacknowledged_active");
        let (app, id) = (State(w.app.clone()), Path(text(&second, "id")));
        let why = from_json(json!({"why": "no need"}));
        let cancelled = suspensions::end(me(), app, id, Json(why)).await?;
        assert_eq!(serde_json::to_value(&cancelled.0)?["state"], "cancelled");
        w.pass(HOUR).await?;
        assert_eq!(w.state("t").await?, "unacknowledged_active");
    }
    Ok(())
}

#[tokio::test]
async fn an_alarm_that_another_explains_is_suppressed_while_that_is_active() -> anyhow::Result<()> {
    for w in Workshop::each().await? {
        let rule = json!({"asset_id": w.asset, "while_tag": "no power", "tag": "no flow",
                          "why": "a pump without power moves nothing"});
        let app = || State(w.app.clone());
        let (_, made) = suspensions::add_rule(ada(), app(), Json(from_json(rule.clone()))).await?;
        let again = suspensions::add_rule(ada(), app(), Json(from_json(rule))).await;
        assert!(matches!(again, Err(Problem::Conflict(_))));
        w.raise("no power", |a| a.signature = Some("power".into())).await?;
        w.raise("no flow", |_| ()).await?;
        assert_eq!(w.state("no flow").await?, "suppressed_by_design");
        assert_eq!(w.tickets().await?.len(), 1);
        w.pass(MINUTE).await?;
        w.clear("no power").await?;
        assert_eq!(w.state("no flow").await?, "unacknowledged_active");
        w.pass(MINUTE).await?;
        w.raise("no power", |_| ()).await?;
        assert_eq!(w.state("no flow").await?, "suppressed_by_design");
        let id = Path(text(&serde_json::to_value(&made.0)?, "id"));
        suspensions::delete_rule(me(), app(), id).await?;
        assert_eq!(w.state("no flow").await?, "unacknowledged_active");
    }
    Ok(())
}

#[tokio::test]
async fn a_latched_alarm_that_cleared_while_it_was_hidden_waits_for_its_reset() -> anyhow::Result<()>
{
    for w in Workshop::each().await? {
        w.hide(json!({"kind": "maintenance", "until": rfc3339(w.now() + HOUR)})).await?;
        w.raise("trip", |a| a.latched = true).await?;
        w.pass(MINUTE).await?;
        w.clear("trip").await?;
        w.pass(HOUR).await?;
        assert_eq!(w.state("trip").await?, "latched_unacknowledged");
        assert!(w.tickets().await?.is_empty());
    }
    Ok(())
}
