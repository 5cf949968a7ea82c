//! A running session and alarms, where readings cannot bring the alarm about.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use ::telemetry::clock::Clock;
use axum::Json;
use axum::extract::{Path, State};
use serde_json::{Value, json};

use super::{create, extend, show, transition};
use crate::alarms::{Class, Priority, Raise, raise};
use crate::app::{App, Options};
use crate::http::{Admin, Problem};
use crate::readings_store::ReadingsStore;

const HOUR_US: i64 = 3_600_000_000;

/// A clock that a test moves.
struct Hand(AtomicI64);

impl Clock for Hand {
    fn now_us(&self) -> i64 {
        self.0.load(Ordering::Relaxed)
    }
}

struct Bench {
    app: App,
    clock: Arc<Hand>,
    _folder: tempfile::TempDir,
}

fn somebody() -> Admin {
    Admin("A. Ohm".to_owned())
}

impl Bench {
    /// A server with one machine, at an hour of 2026.
    async fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(Hand(AtomicI64::new(1_770_000_000_000_000)));
        let options = Options {
            data: folder.path().to_owned(),
            database: None,
            readings: ReadingsStore::Embedded,
            retention: store::Retention::default(),
            clock: clock.clone(),
            bootstrap_token: None,
        };
        let app = App::open(options).await.unwrap();
        sqlx::query(
            "INSERT INTO assets (id, name, kind, learning_s, created_at) \
             VALUES ('pump', 'Pump', 'pump', 400, 0)",
        )
        .execute(&app.database)
        .await
        .unwrap();
        Self { app, clock, _folder: folder }
    }

    fn hours_pass(&self, hours: i64) {
        self.clock.0.fetch_add(hours * HOUR_US, Ordering::Relaxed);
    }

    async fn session(&self) -> String {
        let body = json!({"asset_id": "pump", "title": "Seal", "technicians": ["A. Ohm"]});
        let new = Json(serde_json::from_value(body).unwrap());
        let made = create(somebody(), State(self.app.clone()), new).await.unwrap();
        made.0.id
    }

    async fn moves(&self, id: &str, to: &str) -> Result<(), Problem> {
        let wanted = Json(serde_json::from_value(json!({"to": to, "why": "as planned"})).unwrap());
        let path = Path(id.to_owned());
        transition(somebody(), State(self.app.clone()), path, wanted).await.map(|_| ())
    }

    async fn alarm(&self, tag: &str, class: Class) {
        let now = self.app.clock.now_us();
        let new = Raise {
            tag: tag.to_owned(),
            class,
            priority: Priority::High,
            signature: Some(tag.to_owned()),
            summary: tag.to_owned(),
            since_at: now,
            raised_at: now,
            deviations: Vec::new(),
            latched: false,
        };
        raise(&self.app, "pump", new).await.unwrap();
    }

    async fn tickets(&self) -> Vec<String> {
        sqlx::query_scalar("SELECT signature FROM tickets ORDER BY number")
            .fetch_all(&self.app.database)
            .await
            .unwrap()
    }

    async fn hidden(&self, id: &str) -> Vec<String> {
        let path = Path(id.to_owned());
        let whole = show(somebody(), State(self.app.clone()), path).await.unwrap();
        let whole = serde_json::to_value(&whole.0).unwrap();
        let axis = whole["axis"].as_array().cloned().unwrap_or_default();
        let hidden = axis.iter().filter(|i| i["what"] == "hidden_alarm");
        hidden.filter_map(|i| i["is"]["tag"].as_str().map(str::to_owned)).collect()
    }
}

#[tokio::test]
async fn a_running_session_hides_what_the_work_causes_and_no_safety_alarm() {
    let bench = Bench::open().await;
    let id = bench.session().await;
    bench.alarm("before", Class::Machine).await;
    bench.moves(&id, "running").await.unwrap();
    bench.alarm("flow", Class::Machine).await;
    bench.alarm("unplugged", Class::Sensor).await;
    bench.alarm("overpressure", Class::Safety).await;
    assert_eq!(bench.tickets().await, ["before", "overpressure"]);
    bench.moves(&id, "acceptance_test").await.unwrap();
    // What still holds when the work is over was not caused by it.
    assert_eq!(bench.tickets().await, ["before", "overpressure", "flow", "unplugged"]);
    assert_eq!(bench.hidden(&id).await, ["before", "flow", "unplugged"]);
}

#[tokio::test]
async fn shelving_ends_at_the_planned_end_and_an_extension_needs_a_reason() {
    let bench = Bench::open().await;
    let id = bench.session().await;
    bench.moves(&id, "running").await.unwrap();
    let extension = async |hours: i64, why: &str| {
        let until = crate::time::rfc3339(bench.app.clock.now_us() + hours * HOUR_US);
        let body: Value = json!({"until": until, "why": why});
        let wanted = Json(serde_json::from_value(body).unwrap());
        extend(somebody(), State(bench.app.clone()), Path(id.clone()), wanted).await.map(|_| ())
    };
    assert!(matches!(extension(5, " ").await, Err(Problem::Invalid(_))));
    assert!(matches!(extension(25, "long").await, Err(Problem::Invalid(_))));
    extension(5, "a bolt broke").await.unwrap();
    bench.hours_pass(4);
    bench.alarm("hidden", Class::Machine).await;
    assert!(bench.tickets().await.is_empty(), "extended beyond the four hours of a plan");
    bench.hours_pass(1);
    bench.alarm("seen", Class::Machine).await;
    assert_eq!(bench.tickets().await, ["hidden", "seen"]);
    // Late, but better than not at all: from now on it is shelved again.
    extension(1, "still at it").await.unwrap();
    bench.alarm("later", Class::Machine).await;
    assert_eq!(bench.tickets().await, ["hidden", "seen"]);
    assert_eq!(bench.hidden(&id).await, ["hidden", "seen", "later"]);
}

#[tokio::test]
async fn of_many_sessions_of_a_machine_that_start_at_once_one_does() {
    let bench = Bench::open().await;
    let mut ids = Vec::new();
    for _ in 0..8 {
        ids.push(bench.session().await);
    }
    let starts = ids.iter().map(|id| bench.moves(id, "running"));
    let started = futures_util::future::join_all(starts).await;
    assert_eq!(started.iter().filter(|s| s.is_ok()).count(), 1);
    let refused = started.iter().filter(|s| matches!(s, Err(Problem::Conflict(_))));
    assert_eq!(refused.count(), 7, "{started:?}");
}
