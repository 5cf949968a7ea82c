//! A promise that is due soon, or late, is noticed once.

use futures_util::future::join_all;

use super::*;

async fn notices(town: &Town, clock: &Value) -> anyhow::Result<Vec<String>> {
    let notices =
        sqlx::query_scalar("SELECT kind FROM sla_notices WHERE clock_id = $1 ORDER BY at, kind");
    Ok(notices.bind(text(clock, "id")).fetch_all(&town.workshop.app.database).await?)
}

#[tokio::test]
async fn due_soon_and_late_are_noticed_once_each_however_many_look() -> anyhow::Result<()> {
    for town in Town::each().await? {
        resolve_within(&town, 12, "working-days").await?;
        let ticket = ticket(&town).await?;
        let clock = clock(&town, &ticket, "resolution").await?;
        let mut events = town.workshop.app.events.subscribe();
        let next = attend(&town.workshop.app).await?;
        assert_eq!(next.map(crate::time::rfc3339), Some("2026-01-01T06:00:00Z".to_owned()));
        for (hours, noticed) in [
            (5, vec![]),
            (1, vec!["due_soon"]),
            (5, vec!["due_soon"]),
            (1, vec!["due_soon", "breached"]),
        ] {
            town.workshop.pass(hours * HOUR).await?;
            for attended in join_all((0..8).map(|_| attend(&town.workshop.app))).await {
                attended?;
            }
            assert_eq!(notices(&town, &clock).await?, noticed);
        }
        assert_eq!(state(&town, &ticket, "resolution").await?, "breached");
        let mut told = 0;
        while let Ok(event) = events.try_recv() {
            told += usize::from(event.name == "sla");
        }
        assert_eq!(told, 2, "watchers are told once each");
        assert_eq!(attend(&town.workshop.app).await?, None, "nothing more is to come");
    }
    Ok(())
}

#[tokio::test]
async fn a_promise_that_nobody_looked_after_in_time_is_late_and_not_due_soon() -> anyhow::Result<()>
{
    for town in Town::each().await? {
        let ticket = ticket(&town).await?;
        let clock = clock(&town, &ticket, "resolution").await?;
        pass(&town, 48 * HOUR).await?;
        assert_eq!(notices(&town, &clock).await?, ["breached"]);
    }
    Ok(())
}

#[tokio::test]
async fn what_is_done_late_stays_late_and_cannot_be_put_on_hold() -> anyhow::Result<()> {
    for town in Town::each().await? {
        let ticket = ticket(&town).await?;
        town.workshop.pass(25 * HOUR).await?;
        let clock = clock(&town, &ticket, "resolution").await?;
        let hold = json!({"reason": "no access"});
        let (status, problem) = post(&town, &act(&clock, "hold"), hold).await?;
        assert_eq!(status, StatusCode::CONFLICT, "{problem}");
        town.workshop.move_ticket(&ticket, "resolved", json!({})).await?;
        let done = super::clock(&town, &ticket, "resolution").await?;
        assert_eq!(done["state"], "met");
        assert_eq!(done["breached_at"], "2026-01-02T00:00:00Z");
        assert_eq!(done["met_at"], "2026-01-02T01:00:00Z");
        pass(&town, 0).await?;
        assert_eq!(notices(&town, &clock).await?, ["breached"]);
    }
    Ok(())
}

#[tokio::test]
async fn nothing_is_due_while_it_is_on_hold() -> anyhow::Result<()> {
    for town in Town::each().await? {
        let ticket = ticket(&town).await?;
        let running = clock(&town, &ticket, "resolution").await?;
        post(&town, &act(&running, "hold"), json!({"reason": "the customer is away"})).await?;
        pass(&town, 100 * HOUR).await?;
        assert!(notices(&town, &running).await?.is_empty());
        post(&town, &act(&running, "resume"), json!({"why": "back again"})).await?;
        // From Monday, 04:00, on the whole working day is left.
        let resumed = clock(&town, &ticket, "resolution").await?;
        assert_eq!(resumed["due_at"], "2026-01-06T04:00:00Z");
    }
    Ok(())
}
