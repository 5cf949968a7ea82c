//! The business database: the same promises on SQLite and on a real PostgreSQL.

use anyhow::Context as _;
use serde_json::{Value, json};
use system_tests::{Aftercare, Database, Postgres, generated_run};

async fn the_ticket(up: &Aftercare) -> anyhow::Result<Value> {
    up.until_judged().await?;
    let tickets = up.get("/api/v1/tickets").await?;
    let [ticket] = &tickets["items"].as_array().context("tickets")?[..] else {
        anyhow::bail!("expected one ticket: {tickets}");
    };
    Ok(ticket.clone())
}

#[tokio::test]
async fn one_ticket_is_opened_moved_and_closed_with_its_history() -> anyhow::Result<()> {
    for database in Database::each().await? {
        let dir = tempfile::tempdir()?;
        let run = generated_run(dir.path())?;
        let up = database.up(&dir.path().join("data")).await?;
        for _ in 0..2 {
            up.replay(&run, "Test rig", &["--as-fast-as-possible"]).await?;
        }
        let ticket = the_ticket(&up).await?;
        let id = ticket["id"].as_str().context("id")?;
        let path = format!("/api/v1/tickets/{id}/transition");
        let (status, problem) =
            up.send("POST", &path, &json!({"to": "closed", "why": "too soon"})).await?;
        assert_eq!(status, 409);
        assert_eq!(problem["next_states"], json!(["diagnosing", "resolved", "cancelled"]));
        for to in ["diagnosing", "resolved", "closed"] {
            let (status, _) = up.send("POST", &path, &json!({"to": to, "why": "done"})).await?;
            assert_eq!(status, 200, "{to}");
        }
        let shown = up.get(&format!("/api/v1/tickets/{id}")).await?;
        let history = shown["history"].as_array().context("history")?;
        let states: Vec<_> = history.iter().filter_map(|step| step["to"].as_str()).collect();
        assert_eq!(states, ["open", "diagnosing", "resolved", "closed"]);

        let alarms = up.get("/api/v1/alarms").await?;
        let alarm = alarms["items"][0]["id"].as_str().context("an alarm")?;
        let path = format!("/api/v1/alarms/{alarm}/acknowledge");
        for _ in 0..2 {
            let (status, seen) = up.send("POST", &path, &json!({})).await?;
            assert_eq!((status, &seen["acknowledged_by"]), (200, &json!("first administrator")));
        }
    }
    Ok(())
}

#[tokio::test]
async fn everything_is_there_again_after_a_restart() -> anyhow::Result<()> {
    for database in Database::each().await? {
        let dir = tempfile::tempdir()?;
        let run = generated_run(dir.path())?;
        let data = dir.path().join("data");
        let up = database.up(&data).await?;
        up.replay(&run, "Test rig", &["--as-fast-as-possible"]).await?;
        let ticket = the_ticket(&up).await?;
        let boards = up.get("/api/v1/boards").await?;
        assert_eq!(up.terminate().await?, Some(0));
        let up = database.up(&data).await?;
        up.replay(&run, "Test rig", &["--as-fast-as-possible"]).await?;
        assert_eq!(the_ticket(&up).await?["id"], ticket["id"]);
        let again = up.get("/api/v1/boards").await?;
        assert_eq!(again["items"][0]["first_seen"], boards["items"][0]["first_seen"]);
        let (_, points) = up.only_asset().await?;
        assert!(!points.is_empty());
    }
    Ok(())
}

#[tokio::test]
async fn people_boards_and_refusals_are_kept_alike() -> anyhow::Result<()> {
    for database in Database::each().await? {
        let dir = tempfile::tempdir()?;
        let up = database.up(dir.path()).await?;
        // A token, for gateways only.
        let (status, token) =
            up.send("POST", "/api/v1/tokens", &json!({"name": "site", "scope": "gateway"})).await?;
        assert_eq!(status, 201, "{token}");
        let gateway = token["secret"].as_str().context("a token")?;
        let client = reqwest::Client::builder().cookie_store(true).build()?;
        let asset_list = format!("{}/api/v1/assets", up.http);
        let refused = client.get(&asset_list).bearer_auth(gateway).send().await?;
        assert_eq!(refused.status(), 403);
        // A session, until it is ended.
        let session = format!("{}/api/v1/session", up.http);
        let login = json!({"token": system_tests::TOKEN});
        assert_eq!(client.post(&session).json(&login).send().await?.status(), 200);
        assert_eq!(client.get(&asset_list).send().await?.status(), 200);
        let out = client.delete(&session).header("x-requested-with", "aftercare").send().await?;
        assert_eq!(out.status(), 204);
        assert_eq!(client.get(&asset_list).send().await?.status(), 401);
        // A board's credential and its status; a refused message.
        let (status, credential) =
            up.send("POST", "/api/v1/boards/b1/credential", &json!({})).await?;
        assert_eq!((status, &credential["username"]), (200, &json!("b1")));
        up.publish("aftercare/b2/status", "online").await?;
        for _ in 0..2 {
            up.publish("aftercare/b2/readings", "no SenML").await?;
        }
        up.until_judged().await?;
        let boards = up.get("/api/v1/boards").await?;
        assert_eq!(boards["items"][1]["online"], json!(true), "{boards}");
        let rejected = up.get("/api/v1/rejected").await?;
        assert_eq!(rejected["items"].as_array().map(Vec::len), Some(2), "{rejected}");
        assert_eq!(rejected["counts"], json!([{"reason": "not_senml", "records": 2}]));
        assert_eq!(up.terminate().await?, Some(0));
    }
    Ok(())
}

#[tokio::test]
async fn two_servers_on_one_database_open_one_ticket() -> anyhow::Result<()> {
    let postgres = Postgres::start().await?;
    let dir = tempfile::tempdir()?;
    let run = generated_run(dir.path())?;
    let database = ["--database", postgres.url.as_str()];
    let first = Aftercare::up(&dir.path().join("first"), &database).await?;
    // Made once; the second server reads them from the database.
    let row = dir.path().join("row.csv");
    let text = std::fs::read_to_string(&run)?;
    let start: Vec<_> = text.lines().take(2).collect();
    std::fs::write(&row, start.join("\n"))?;
    first.replay(&row, "Test rig", &["--as-fast-as-possible"]).await?;
    let second = Aftercare::up(&dir.path().join("second"), &database).await?;
    let (one, other) = tokio::join!(
        first.replay(&run, "Test rig", &["--as-fast-as-possible"]),
        second.replay(&run, "Test rig", &["--as-fast-as-possible"])
    );
    one.and(other)?;
    second.until_judged().await?;
    the_ticket(&first).await?;
    Ok(())
}
