//! Alarms and the one ticket that they open, join and reopen.

use super::*;
use crate::alarms::worsen;

#[tokio::test]
async fn ten_points_of_one_machine_make_one_ticket() -> anyhow::Result<()> {
    for w in Workshop::each().await? {
        for n in 0..10 {
            w.raise(&format!("limit:high:p{n}"), |a| {
                a.deviations = vec![deviation(&format!("p{n}"), f64::from(n))];
                if n == 4 {
                    a.priority = Priority::High;
                }
            })
            .await?;
        }
        let tickets = w.tickets().await?;
        let [ticket] = &tickets[..] else { anyhow::bail!("{tickets:?}") };
        assert_eq!(ticket["alarm_count"], 10);
        assert_eq!(ticket["title"], "limit:high:p4 is high, and 9 more alarms");
        assert_eq!(ticket["priority"], "high");
        let points = ticket["deviations"].as_array().map(|d| d.iter().map(|d| text(d, "point_id")));
        let points: Vec<_> = points.into_iter().flatten().collect();
        assert_eq!(points, ["p9", "p8", "p7", "p6", "p5", "p4", "p3", "p2", "p1", "p0"]);
    }
    Ok(())
}

#[tokio::test]
async fn the_health_of_a_sensor_opens_no_ticket() -> anyhow::Result<()> {
    for w in Workshop::each().await? {
        w.raise("sensor:stuck:p1", |a| {
            a.class = Class::Sensor;
            a.signature = None;
        })
        .await?;
        assert_eq!(w.state("sensor:stuck:p1").await?, "unacknowledged_active");
        assert!(w.tickets().await?.is_empty());
    }
    Ok(())
}

/// Raises, clears, and closes the ticket.
async fn closed(w: &Workshop) -> anyhow::Result<String> {
    w.raise("t", |_| ()).await?;
    w.pass(20 * MINUTE).await?;
    w.clear("t").await?;
    let id = text(w.tickets().await?.last().unwrap_or(&Value::Null), "id");
    for to in ["resolved", "closed"] {
        w.move_ticket(&id, to, json!({})).await?;
    }
    Ok(id)
}

#[tokio::test]
async fn a_recurrence_inside_the_guarantee_window_reopens_the_ticket_with_its_history()
-> anyhow::Result<()> {
    for w in Workshop::each().await? {
        let id = closed(&w).await?;
        let ticket = w.tickets().await?.remove(0);
        assert_eq!(ticket["probation_until"], rfc3339(w.now() + 30 * DAY));
        w.pass(30 * DAY - 1).await?;
        w.raise("t", |_| ()).await?;
        let tickets = w.tickets().await?;
        assert_eq!((tickets.len(), &tickets[0]["id"]), (1, &json!(id)));
        assert_eq!((&tickets[0]["state"], &tickets[0]["number"]), (&json!("open"), &json!("T-1")));
        assert_eq!(tickets[0]["reopened_count"], 1);
        assert!(tickets[0]["probation_until"].is_null());
        let shown = crate::tickets::show(State(w.app.clone()), Path(id)).await?;
        let shown = serde_json::to_value(&shown.0)?;
        let who: Vec<_> = shown["history"].as_array().into_iter().flatten().collect();
        let who: Vec<_> = who.into_iter().map(|s| (text(s, "to"), text(s, "who"))).collect();
        let expected = [("open", "detection"), ("resolved", "Ada"), ("closed", "Ada")];
        let mut expected: Vec<_> =
            expected.map(|(to, who)| (to.to_owned(), who.to_owned())).to_vec();
        expected.push(("open".to_owned(), "probation".to_owned()));
        assert_eq!(who, expected);
    }
    Ok(())
}

#[tokio::test]
async fn after_the_guarantee_window_a_new_ticket_names_its_predecessor() -> anyhow::Result<()> {
    for w in Workshop::each().await? {
        let window = from_json(json!({"guarantee_s": 3600, "why": "contract 7"}));
        let asset = Path(w.asset.clone());
        let _ = crate::tickets::change_guarantee(me(), State(w.app.clone()), asset, Json(window))
            .await?;
        let id = closed(&w).await?;
        // What was promised at closure stays, whatever is agreed for later tickets.
        let window = from_json(json!({"guarantee_s": 0, "why": "contract 8"}));
        let asset = Path(w.asset.clone());
        let _ = crate::tickets::change_guarantee(me(), State(w.app.clone()), asset, Json(window))
            .await?;
        assert_eq!(w.tickets().await?[0]["probation_until"], rfc3339(w.now() + HOUR));
        w.pass(HOUR).await?;
        w.raise("t", |_| ()).await?;
        let tickets = w.tickets().await?;
        assert_eq!(tickets.len(), 2);
        assert_eq!(tickets[0]["state"], "closed");
        assert_eq!(tickets[1]["predecessor"], json!({"id": id, "number": "T-1"}));
    }
    Ok(())
}

#[tokio::test]
async fn a_cancelled_ticket_is_not_reopened_by_what_comes_back_or_grows() -> anyhow::Result<()> {
    for w in Workshop::each().await? {
        w.raise("t", |_| ()).await?;
        let id = text(&w.tickets().await?[0], "id");
        w.move_ticket(&id, "cancelled", json!({})).await?;
        w.pass(HOUR).await?;
        w.clear("t").await?;
        w.raise("t", |a| a.raised_at += 1).await?;
        let tickets = w.tickets().await?;
        assert_eq!(tickets.len(), 2);
        assert_eq!(tickets[0]["state"], "cancelled");
        // What grows although its ticket was cancelled is work after all, of a new ticket.
        w.move_ticket(&text(&tickets[1], "id"), "cancelled", json!({})).await?;
        worsen(&w.app, &w.asset, "t", "It grows", &[deviation("p1", 9.0)]).await?;
        let tickets = w.tickets().await?;
        assert_eq!(tickets.len(), 3);
        assert_eq!(tickets[2]["predecessor"]["number"], "T-2");
    }
    Ok(())
}

#[tokio::test]
async fn a_ticket_is_not_closed_over_an_active_alarm_unless_somebody_says_so() -> anyhow::Result<()>
{
    for w in Workshop::each().await? {
        w.raise("t", |_| ()).await?;
        let id = text(&w.tickets().await?[0], "id");
        w.move_ticket(&id, "resolved", json!({})).await?;
        let refused = w.move_ticket(&id, "closed", json!({})).await;
        let Err(Problem::Conflict(why)) = refused else { anyhow::bail!("{refused:?}") };
        assert!(why.contains("t is high"), "{why}");
        w.move_ticket(&id, "closed", json!({"despite_active_alarms": true})).await?;
        // It grows beyond what was accepted: that is a recurrence.
        worsen(&w.app, &w.asset, "t", "It grows", &[deviation("p1", 9.0)]).await?;
        assert_eq!(w.tickets().await?[0]["state"], "open");
    }
    Ok(())
}
