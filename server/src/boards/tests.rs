//! What boards are told, and what they say about themselves.

use ::telemetry::command::{self, Command};
use ::telemetry::delivery::{BoardReport, Delivery, Entry, Header, append_entry};
use ::telemetry::name::BoardId;
use ::telemetry::report::{Cause, Health, Report, Reset, Word};
use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::access::tests::Town;
use crate::ingest;

const BOARD: &str = "press-3";

/// A board with its credential, and the key that it was given.
async fn with_board(town: &Town) -> anyhow::Result<command::Key> {
    let path = format!("/api/v1/boards/{BOARD}/credential");
    let (status, credential) = town.ask("engineer", Method::POST, &path, None).await?;
    assert_eq!(status, StatusCode::OK, "{credential}");
    let key = hex::decode(credential["command_key"].as_str().unwrap_or_default())?;
    key.try_into().map_err(|_| anyhow::anyhow!("a key has 32 bytes"))
}

/// The board says something, through a gateway.
async fn say(
    town: &Town,
    gateway: &str,
    seq: u64,
    age_ms: u64,
    word: Word<'_>,
) -> anyhow::Result<()> {
    let app = &town.workshop.app;
    let mut bytes = Vec::new();
    Report { age_ms, word }.encode(&mut bytes).map_err(|e| anyhow::anyhow!("{e}"))?;
    let board = BoardId::parse(BOARD)?;
    let received_at_us = app.clock.now_us();
    let mut entries = Vec::new();
    append_entry(&mut entries, &Entry::Report(BoardReport { board, received_at_us, bytes }));
    let header = Header { gateway: gateway.to_owned(), first_seq: seq, last_seq: seq };
    ingest::take(app, Delivery { header, entries }).await?;
    Ok(())
}

async fn told(town: &Town, body: &Value) -> anyhow::Result<(StatusCode, Value)> {
    let path = format!("/api/v1/boards/{BOARD}/commands");
    town.ask("engineer", Method::POST, &path, Some(body)).await
}

async fn items(town: &Town, what: &str) -> anyhow::Result<Value> {
    let path = format!("/api/v1/boards/{BOARD}/{what}");
    let (status, mut list) = town.ask("engineer", Method::GET, &path, None).await?;
    assert_eq!(status, StatusCode::OK, "{list}");
    Ok(list["items"].take())
}

#[tokio::test]
async fn a_command_reaches_the_gateway_sealed_and_waits_until_the_board_has_answered()
-> anyhow::Result<()> {
    for town in Town::each().await? {
        let key = with_board(&town).await?;
        let burst = json!({"kind": "burst", "interval_ms": 100, "seconds": 1800});
        let (status, issued) = told(&town, &burst).await?;
        assert_eq!((status, &issued["command"]), (StatusCode::CREATED, &burst), "{issued}");

        let app = &town.workshop.app;
        let waiting = super::waiting(app, "g1", 0).await?;
        let [one] = &waiting[..] else { anyhow::bail!("{waiting:?}") };
        let message = hex::decode(&one.message)?;
        let opened = command::open(&key, BOARD, &message)?;
        assert_eq!(opened.counter, one.counter);
        assert_eq!(opened.command, Ok(Command::Burst { interval_ms: 100, seconds: 1800 }));

        say(&town, "g1", 1, 0, Word::Answer { counter: one.counter, refused: None }).await?;
        assert!(super::commands::unanswered(app, "g1").await?.is_empty());
        let list = items(&town, "commands").await?;
        assert_eq!(list[0]["id"], issued["id"]);
        assert!(list[0]["answered_at"].is_string() && list[0]["refused"].is_null(), "{list}");
    }
    Ok(())
}

#[tokio::test]
async fn a_command_goes_to_the_gateway_that_hears_the_board() -> anyhow::Result<()> {
    for town in Town::each().await? {
        with_board(&town).await?;
        say(&town, "g1", 1, 0, Word::Lost { readings: 1 }).await?;
        told(&town, &json!({"kind": "identify", "seconds": 30})).await?;
        let app = &town.workshop.app;
        assert_eq!(super::commands::unanswered(app, "g1").await?.len(), 1);
        assert_eq!(super::commands::unanswered(app, "g2").await?.len(), 0);
        say(&town, "g2", 1, 0, Word::Lost { readings: 1 }).await?;
        assert_eq!(super::commands::unanswered(app, "g2").await?.len(), 1);
    }
    Ok(())
}

#[tokio::test]
async fn a_board_that_has_begun_anew_is_told_the_time() -> anyhow::Result<()> {
    for town in Town::each().await? {
        let key = with_board(&town).await?;
        let boot = Word::Boot { firmware: "pico 0.1.0", reset: Reset::Panic, panic: Some("oh") };
        say(&town, "g1", 1, 0, boot).await?;
        // Delivered once more: it is the same start.
        say(&town, "g1", 1, 0, boot).await?;
        let waiting = super::commands::unanswered(&town.workshop.app, "g1").await?;
        let [one] = &waiting[..] else { anyhow::bail!("{waiting:?}") };
        let message = hex::decode(&one.message)?;
        assert_eq!(command::open(&key, BOARD, &message)?.command, Ok(Command::Time));
        let reports = items(&town, "reports").await?;
        let said = json!(
            {"kind": "boot", "firmware": "pico 0.1.0", "reset": "panic", "panic": "oh"}
        );
        assert_eq!((&reports[0]["said"], reports.as_array().map(Vec::len)), (&said, Some(1)));
    }
    Ok(())
}

#[tokio::test]
async fn the_newest_word_on_a_sensor_stands_and_has_its_own_time() -> anyhow::Result<()> {
    for town in Town::each().await? {
        with_board(&town).await?;
        let word = |health, cause| Word::Health { channel: "oil", health, cause };
        say(&town, "g1", 1, 2_000, word(Health::Failure, Cause::Open)).await?;
        // It came late: by then the wire was already broken.
        say(&town, "g1", 2, 90_000, word(Health::Good, Cause::None)).await?;
        let (_, boards) = town.ask("engineer", Method::GET, "/api/v1/boards", None).await?;
        let all = boards["items"].as_array().cloned().unwrap_or_default();
        let board = all.iter().find(|b| b["id"] == BOARD).cloned().unwrap_or_default();
        let health = &board["health"][0];
        assert_eq!(
            (&health["health"], &health["cause"]),
            (&json!("failure"), &json!("open_circuit"))
        );
        assert_eq!(items(&town, "reports").await?.as_array().map(Vec::len), Some(2));
    }
    Ok(())
}

#[tokio::test]
async fn what_no_board_could_obey_is_refused_before_it_is_sent() -> anyhow::Result<()> {
    for town in Town::each().await? {
        let (status, _) = told(&town, &json!({"kind": "reboot"})).await?;
        assert_eq!(status, StatusCode::NOT_FOUND);
        with_board(&town).await?;
        let flat = json!({"kind": "calibrate", "channel": "oil", "serial": "4711",
            "day": "2026-01-31", "curve": {"two_point": [[1.0, 0.0], [1.0, 5.0]]}});
        for wrong in [
            json!({"kind": "burst", "interval_ms": 1, "seconds": 60}),
            json!({"kind": "interval", "channel": "no name", "interval_ms": 1000}),
            json!({"kind": "explode"}),
            flat,
        ] {
            let (status, says) = told(&town, &wrong).await?;
            assert!(status.is_client_error(), "{wrong}: {status} {says}");
        }
        assert!(super::commands::unanswered(&town.workshop.app, "g1").await?.is_empty());
    }
    Ok(())
}

#[tokio::test]
async fn a_board_is_never_told_a_time_that_is_over() -> anyhow::Result<()> {
    for town in Town::each().await? {
        with_board(&town).await?;
        told(&town, &json!({"kind": "time"})).await?;
        let app = &town.workshop.app;
        for _ in 0..2 {
            town.workshop.pass(10_000_000).await?;
            let waiting = super::commands::unanswered(app, "g1").await?;
            let [one] = &waiting[..] else { anyhow::bail!("{waiting:?}") };
            assert!(one.counter >= app.clock.now_us());
        }
        assert_eq!(items(&town, "commands").await?.as_array().map(Vec::len), Some(1));
    }
    Ok(())
}

#[tokio::test]
async fn a_command_that_a_newer_one_has_overtaken_comes_again_and_a_reboot_does_not()
-> anyhow::Result<()> {
    for town in Town::each().await? {
        with_board(&town).await?;
        let app = &town.workshop.app;
        told(&town, &json!({"kind": "identify", "seconds": 30})).await?;
        told(&town, &json!({"kind": "reboot"})).await?;
        told(&town, &json!({"kind": "burst", "interval_ms": 100, "seconds": 60})).await?;
        let before = super::commands::unanswered(app, "g1").await?;
        let [identify, reboot, burst] = &before[..] else { anyhow::bail!("{before:?}") };
        say(&town, "g1", 1, 0, Word::Answer { counter: burst.counter, refused: None }).await?;
        let after = super::commands::unanswered(app, "g1").await?;
        let [same, again] = &after[..] else { anyhow::bail!("{after:?}") };
        assert_eq!(same.counter, reboot.counter);
        assert!(again.counter > burst.counter && again.counter != identify.counter);
    }
    Ok(())
}
