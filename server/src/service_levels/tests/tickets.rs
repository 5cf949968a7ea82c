//! What is promised about a ticket.

use super::*;

#[tokio::test]
async fn a_new_ticket_is_promised_by_the_hours_of_its_site() -> anyhow::Result<()> {
    for (time_zone, first_response, resolution) in [
        ("UTC", "2026-01-01T13:00:00Z", "2026-01-02T00:00:00Z"),
        // It is 08:00 there; the site opens at 09:00.
        ("Asia/Shanghai", "2026-01-01T05:00:00Z", "2026-01-02T00:00:00Z"),
        // It is Wednesday evening there.
        ("America/New_York", "2026-01-01T18:00:00Z", "2026-01-02T00:00:00Z"),
        ("no such place", "2026-01-01T13:00:00Z", "2026-01-02T00:00:00Z"),
    ] {
        for town in Town::each().await? {
            sqlx::query("UPDATE sites SET time_zone = $1")
                .bind(time_zone)
                .execute(&town.workshop.app.database)
                .await?;
            let ticket = ticket(&town).await?;
            let clock = clock(&town, &ticket, "first_response").await?;
            assert_eq!(clock["due_at"], first_response, "{time_zone}");
            assert_eq!(clock["promised_due_at"], first_response);
            assert_eq!((&clock["policy"], &clock["state"]), (&json!("A"), &json!("running")));
            let resolution_clock = super::clock(&town, &ticket, "resolution").await?;
            assert_eq!(resolution_clock["due_at"], resolution, "{time_zone}");
        }
    }
    Ok(())
}

#[tokio::test]
async fn the_clocks_of_a_ticket_follow_its_states() -> anyhow::Result<()> {
    for town in Town::each().await? {
        let ticket = ticket(&town).await?;
        pass(&town, HOUR).await?;
        town.workshop.move_ticket(&ticket, "diagnosing", json!({})).await?;
        let answered = clock(&town, &ticket, "first_response").await?;
        assert_eq!(answered["state"], "met");
        assert_eq!(answered["met_at"], "2026-01-01T01:00:00Z");
        assert_eq!(answered["history"][1]["who"], "Ada");
        assert_eq!(answered["history"][1]["why"], "in a test");
        assert_eq!(state(&town, &ticket, "resolution").await?, "running");
        town.workshop.move_ticket(&ticket, "resolved", json!({})).await?;
        assert_eq!(state(&town, &ticket, "resolution").await?, "met");
        // It was not: the clock goes on as if it had never stopped.
        town.workshop.move_ticket(&ticket, "diagnosing", json!({})).await?;
        let resolution = clock(&town, &ticket, "resolution").await?;
        assert_eq!(resolution["state"], "running");
        assert_eq!(resolution["due_at"], resolution["promised_due_at"]);
        assert_eq!(state(&town, &ticket, "first_response").await?, "met");
        town.workshop.move_ticket(&ticket, "cancelled", json!({})).await?;
        assert_eq!(state(&town, &ticket, "resolution").await?, "cancelled");
        assert_eq!(state(&town, &ticket, "first_response").await?, "met");
    }
    Ok(())
}

#[tokio::test]
async fn what_comes_back_inside_its_guarantee_window_is_promised_anew() -> anyhow::Result<()> {
    for town in Town::each().await? {
        let ticket = ticket(&town).await?;
        town.workshop.clear("deviation").await?;
        town.workshop.move_ticket(&ticket, "resolved", json!({})).await?;
        town.workshop.move_ticket(&ticket, "closed", json!({})).await?;
        pass(&town, 24 * HOUR).await?;
        assert_eq!(super::ticket(&town).await?, ticket, "it is reopened");
        let clocks = show(&town, &format!("/api/v1/tickets/{ticket}/sla-clocks")).await?;
        let clocks = clocks["items"].as_array().cloned().unwrap_or_default();
        let of = |state: &str| clocks.iter().filter(|c| c["state"] == state).count();
        assert_eq!((of("met"), of("running")), (2, 2));
        // Friday, 2026-01-02; the weekend does not count.
        let resolution = clock(&town, &ticket, "resolution").await?;
        assert_eq!(resolution["promised_due_at"], "2026-01-03T00:00:00Z");
    }
    Ok(())
}

#[tokio::test]
async fn a_work_order_on_hold_stops_the_resolution_of_its_ticket_and_says_why() -> anyhow::Result<()>
{
    for town in Town::each().await? {
        let ticket = ticket(&town).await?;
        let order = json!({"ticket_id": ticket, "title": "Replace the bearing"});
        let (_, order) = post(&town, "/api/v1/work-orders", order).await?;
        let path = format!("/api/v1/work-orders/{}/transition", text(&order, "id"));
        pass(&town, HOUR).await?;
        let hold = json!({"to": "on_hold", "why": "a part is missing"});
        post(&town, &path, hold).await?;
        let held = clock(&town, &ticket, "resolution").await?;
        assert_eq!((&held["state"], &held["due_at"]), (&json!("on_hold"), &Value::Null));
        assert_eq!(held["holds"][0]["reason"], "a part is missing");
        assert_eq!(state(&town, &ticket, "first_response").await?, "running");

        // Somebody else holds it, too: it runs again when both are over.
        let (status, answer) =
            post(&town, &act(&held, "hold"), json!({"reason": "no access"})).await?;
        assert_eq!(status, StatusCode::OK, "{answer}");
        pass(&town, HOUR).await?;
        post(&town, &path, json!({"to": "unscheduled", "why": "the part is there"})).await?;
        assert_eq!(state(&town, &ticket, "resolution").await?, "on_hold");
        pass(&town, HOUR).await?;
        post(&town, &act(&held, "resume"), json!({"why": "the gate is open"})).await?;
        let resumed = clock(&town, &ticket, "resolution").await?;
        assert_eq!(resumed["state"], "running");
        // Two hours on hold, on a working day; then comes Friday.
        assert_eq!(resumed["due_at"], "2026-01-02T02:00:00Z");
        assert_eq!(resumed["promised_due_at"], "2026-01-02T00:00:00Z");
    }
    Ok(())
}

#[tokio::test]
async fn a_clock_that_a_work_order_holds_is_not_resumed_by_hand() -> anyhow::Result<()> {
    for town in Town::each().await? {
        let ticket = ticket(&town).await?;
        let order = json!({"ticket_id": ticket, "title": "Replace the bearing"});
        let (_, order) = post(&town, "/api/v1/work-orders", order).await?;
        let path = format!("/api/v1/work-orders/{}/transition", text(&order, "id"));
        let running = clock(&town, &ticket, "resolution").await?;
        let (status, problem) = post(&town, &act(&running, "resume"), json!({"why": "w"})).await?;
        assert_eq!((status, &problem["next_states"]), (StatusCode::CONFLICT, &json!(["on_hold"])));
        post(&town, &path, json!({"to": "on_hold", "why": "a part is missing"})).await?;
        let (status, problem) = post(&town, &act(&running, "resume"), json!({"why": "w"})).await?;
        assert_eq!(status, StatusCode::CONFLICT, "{problem}");
        // What is given up waits for nothing.
        post(&town, &path, json!({"to": "cancelled", "why": "not needed"})).await?;
        assert_eq!(state(&town, &ticket, "resolution").await?, "running");
    }
    Ok(())
}

#[tokio::test]
async fn customers_see_what_they_were_promised_and_nobody_elses() -> anyhow::Result<()> {
    for town in Town::each().await? {
        let ticket = ticket(&town).await?;
        let path = format!("/api/v1/tickets/{ticket}/sla-clocks");
        let (status, clocks) = town.ask("customer", Method::GET, &path, None).await?;
        assert_eq!((status, clocks["items"].as_array().map(Vec::len)), (StatusCode::OK, Some(2)));
        sqlx::query("UPDATE sla_clocks SET state = 'running' WHERE id = 'clock-foreign'")
            .execute(&town.workshop.app.database)
            .await?;
        let (_, mine) = town.ask("customer", Method::GET, "/api/v1/sla-clocks", None).await?;
        assert_eq!(mine["items"].as_array().map(Vec::len), Some(2), "{mine}");
        assert_eq!(mine["items"][0]["kind"], "first_response", "it is due next");
        let soon = "/api/v1/sla-clocks?due_before=2026-01-01T14:00:00Z&subject_kind=ticket";
        let soon = show(&town, soon).await?;
        assert_eq!(soon["items"].as_array().map(Vec::len), Some(1));
    }
    Ok(())
}
