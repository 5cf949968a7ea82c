//! More alarms than a person can take in.

use super::*;

/// Names of the events that watchers were told.
fn told(events: &mut tokio::sync::broadcast::Receiver<crate::app::Event>) -> Vec<&'static str> {
    std::iter::from_fn(|| events.try_recv().ok()).map(|event| event.name).collect()
}

#[tokio::test]
async fn more_than_ten_alarms_in_ten_minutes_are_one_flood_until_they_are_fewer_than_five()
-> anyhow::Result<()> {
    for w in Workshop::each().await? {
        let no_ticket = |a: &mut Raise| a.signature = None;
        for n in 0..10 {
            w.raise(&format!("t{n}"), no_ticket).await?;
        }
        let mut events = w.app.events.subscribe();
        assert!(w.alarm("t9").await?["flood_id"].is_null());
        for n in 10..14 {
            w.raise(&format!("t{n}"), no_ticket).await?;
            w.clock.0.fetch_add(MINUTE, Ordering::SeqCst);
        }
        assert!(w.alarm("t10").await?["flood_id"].is_string());
        assert_eq!(told(&mut events), ["alarm_flood"], "watchers are told of the flood alone");
        w.raise("urgent", |a| a.priority = Priority::High).await?;
        assert!(told(&mut events).contains(&"alarm"), "urgent ones are told all the same");
        let floods = async || -> anyhow::Result<Value> {
            let query = axum::extract::Query::try_from_uri(&"/".parse()?)?;
            let floods = crate::alarms::list_floods(State(w.app.clone()), query).await?;
            Ok(serde_json::to_value(&floods.0)?["items"].clone())
        };
        assert_eq!(floods().await?[0]["alarm_count"], 5);
        // Ten minutes after the fifth alarm before the end there are four in the window.
        let due = w.pass(0).await?;
        assert_eq!(due, Some(START + 10 * MINUTE));
        w.pass(10 * MINUTE - 4 * MINUTE - 1).await?;
        assert!(floods().await?[0]["until"].is_null());
        w.pass(1 + 4 * MINUTE).await?;
        assert!(floods().await?[0]["until"].is_string());
        w.raise("later", no_ticket).await?;
        assert!(w.alarm("later").await?["flood_id"].is_null());
        assert_eq!(floods().await?.as_array().map(Vec::len), Some(1));
    }
    Ok(())
}

#[tokio::test]
async fn hidden_alarms_make_no_flood_and_a_flood_still_opens_tickets() -> anyhow::Result<()> {
    for w in Workshop::each().await? {
        let window = json!({"kind": "maintenance", "until": rfc3339(w.now() + HOUR)});
        let window = w.hide(window).await?;
        for n in 0..12 {
            w.raise(&format!("t{n}"), |_| ()).await?;
            w.clear(&format!("t{n}")).await?;
        }
        crate::alarms::resume(&w.app, &text(&window, "id"), w.now(), "Ada", "done").await?;
        for n in 0..12 {
            w.raise(&format!("s{n}"), |a| a.signature = Some(format!("s{n}"))).await?;
        }
        assert!(w.alarm("t11").await?["flood_id"].is_null());
        assert!(w.alarm("s9").await?["flood_id"].is_null());
        assert!(w.alarm("s11").await?["flood_id"].is_string());
        assert_eq!(w.tickets().await?.len(), 12);
    }
    Ok(())
}
