//! Many writers at once.

use super::*;
use crate::tickets::{Opening, open_or_join};

const WRITERS: usize = 24;

async fn at_once<F>(work: impl Fn(usize) -> F) -> anyhow::Result<()>
where
    F: Future<Output = anyhow::Result<()>> + Send + 'static,
{
    let tasks: Vec<_> = (0..WRITERS).map(|n| tokio::spawn(work(n))).collect();
    for task in tasks {
        task.await??;
    }
    Ok(())
}

async fn raise_many(w: &Workshop, same_asset: bool) -> anyhow::Result<()> {
    let at = w.now();
    at_once(|n| {
        let app = w.app.clone();
        let asset = if same_asset || n % 2 == 0 { w.asset.clone() } else { w.other.clone() };
        async move { Ok(raise(&app, &asset, alarm(&format!("{at}-{n}"), at)).await?) }
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn many_writers_open_one_ticket_and_reopen_it_once() -> anyhow::Result<()> {
    for w in Workshop::each().await? {
        raise_many(&w, true).await?;
        let ticket = w.tickets().await?.remove(0);
        assert_eq!((w.tickets().await?.len(), &ticket["alarm_count"]), (1, &json!(WRITERS)));
        let id = text(&ticket, "id");
        w.move_ticket(&id, "resolved", json!({})).await?;
        w.move_ticket(&id, "closed", json!({"despite_active_alarms": true})).await?;
        w.pass(HOUR).await?;
        raise_many(&w, true).await?;
        let ticket = w.tickets().await?.remove(0);
        assert_eq!(w.tickets().await?.len(), 1);
        assert_eq!(ticket["reopened_count"], 1);
        assert_eq!(ticket["alarm_count"], 2 * WRITERS);
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn writers_of_several_machines_number_their_tickets_without_gap() -> anyhow::Result<()> {
    for w in Workshop::each().await? {
        raise_many(&w, false).await?;
        let tickets = w.tickets().await?;
        let mut numbers: Vec<_> = tickets.iter().map(|t| text(t, "number")).collect();
        numbers.sort();
        assert_eq!(numbers, ["T-1", "T-2"]);
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_finding_said_by_many_at_once_is_one_alarm() -> anyhow::Result<()> {
    for w in Workshop::each().await? {
        let at = w.now();
        at_once(|_| {
            let (app, asset) = (w.app.clone(), w.asset.clone());
            async move { Ok(raise(&app, &asset, alarm("t", at)).await?) }
        })
        .await?;
        assert_eq!(w.tickets().await?[0]["alarm_count"], 1);
        assert_eq!(w.alarm("t").await?["occurrences"], 1);
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_database_lets_there_be_one_open_ticket_without_any_lock_on_the_asset()
-> anyhow::Result<()> {
    for w in Workshop::each().await? {
        let now = w.now();
        at_once(|_| {
            let (app, asset_id) = (w.app.clone(), w.asset.clone());
            async move {
                let mut tx = app.database.begin().await?;
                let opening = Opening {
                    asset_id: &asset_id,
                    signature: "deviation",
                    title: "high",
                    priority: "medium",
                    since_at: now,
                    deviations: "[]",
                    who: "detection",
                    told: true,
                };
                open_or_join(&mut tx, opening, now).await?;
                Ok(tx.commit().await?)
            }
        })
        .await?;
        assert_eq!(w.tickets().await?.len(), 1);
        let second = sqlx::query(
            "INSERT INTO tickets (id, number, asset_id, signature, state, title, opened_at, \
             since_at, deviations) VALUES ('x', 99, $1, 'deviation', 'open', '', 0, 0, '[]')",
        );
        assert!(second.bind(&w.asset).execute(&w.app.database).await.is_err());
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn raising_and_hiding_at_once_leaves_nothing_visible_under_a_suspension() -> anyhow::Result<()>
{
    for w in Workshop::each().await? {
        let at = w.now();
        at_once(|n| {
            let (app, asset) = (w.app.clone(), w.asset.clone());
            async move {
                if n != WRITERS / 2 {
                    return Ok(raise(&app, &asset, alarm(&format!("t{n}"), at)).await?);
                }
                let body = json!({"asset_id": asset, "kind": "maintenance", "reason": "planned",
                                  "until": rfc3339(at + HOUR)});
                let _ = suspensions::add(ada(), State(app), Json(from_json(body))).await?;
                Ok(())
            }
        })
        .await?;
        let visible: i64 =
            sqlx::query_scalar("SELECT count(*) FROM alarms WHERE state = 'unacknowledged_active'")
                .fetch_one(&w.app.database)
                .await?;
        assert_eq!(visible, 0);
    }
    Ok(())
}
