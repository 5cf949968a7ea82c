//! The rules of alarms and their tickets, on SQLite and on a real PostgreSQL, with a clock that the
//! test moves.

mod attention;
mod floods;
mod hiding;
mod older_versions;
mod tickets;
mod writers;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use axum::Json;
use axum::extract::{Path, State};
use serde_json::{Value, json};
use store::Retention;
use system_tests::Database;

use super::list::find;
use super::{Class, Priority, Raise, SuspensionKind, attending, clear, raise};
use crate::access::{Reach, Role};
use crate::alarms::suspensions;
use crate::app::{App, Options};
use crate::http::{By, Caller, Problem};
use crate::notifications::NotificationSettings;
use crate::readings_store::ReadingsStore;

const S: i64 = 1_000_000;
const MINUTE: i64 = 60 * S;
pub(crate) const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
/// 2026-01-01T00:00:00Z.
const START: i64 = 1_767_225_600 * S;

struct HandClock(AtomicI64);

impl telemetry::clock::Clock for HandClock {
    fn now_us(&self) -> i64 {
        self.0.load(Ordering::SeqCst)
    }
}

/// A server with two assets on one of the databases.
pub(crate) struct Workshop {
    pub app: App,
    clock: Arc<HandClock>,
    pub asset: String,
    other: String,
    _data: tempfile::TempDir,
    _database: Database,
}

impl Workshop {
    async fn on(database: Database) -> anyhow::Result<Self> {
        let data = tempfile::tempdir()?;
        let clock = Arc::new(HandClock(AtomicI64::new(START)));
        let url = match &database {
            Database::Sqlite => None,
            Database::Postgres(postgres) => Some(postgres.url.clone()),
        };
        let options = Options {
            data: data.path().to_owned(),
            database: url,
            readings: ReadingsStore::Embedded,
            retention: Retention::default(),
            clock: clock.clone(),
            bootstrap_token: None,
            evidence_key: None,
            notifications: NotificationSettings::default(),
        };
        let app = App::open(options).await?;
        for id in ["pump", "chiller"] {
            sqlx::query(
                "INSERT INTO assets (id, name, kind, learning_s, created_at) \
                 VALUES ($1, $1, 'machine', 60.0, 0)",
            )
            .bind(id)
            .execute(&app.database)
            .await?;
        }
        let (asset, other) = ("pump".to_owned(), "chiller".to_owned());
        Ok(Self { app, clock, asset, other, _data: data, _database: database })
    }

    /// One on each database.
    pub async fn each() -> anyhow::Result<Vec<Self>> {
        let mut workshops = Vec::new();
        for database in Database::each().await? {
            workshops.push(Self::on(database).await?);
        }
        Ok(workshops)
    }

    pub fn now(&self) -> i64 {
        self.clock.0.load(Ordering::SeqCst)
    }

    /// Time passes, and what is due is done.
    pub async fn pass(&self, us: i64) -> anyhow::Result<Option<i64>> {
        self.clock.0.fetch_add(us, Ordering::SeqCst);
        Ok(attending::attend(&self.app).await?)
    }

    pub async fn raise(&self, tag: &str, change: impl FnOnce(&mut Raise)) -> anyhow::Result<()> {
        let mut new = alarm(tag, self.now());
        change(&mut new);
        Ok(raise(&self.app, &self.asset, new).await?)
    }

    pub async fn clear(&self, tag: &str) -> anyhow::Result<()> {
        Ok(clear(&self.app, &self.asset, tag, self.now()).await?)
    }

    /// The newest alarm of a tag, as the interface shows it.
    async fn alarm(&self, tag: &str) -> anyhow::Result<Value> {
        let id: String =
            sqlx::query_scalar("SELECT id FROM alarms WHERE tag = $1 ORDER BY id DESC LIMIT 1")
                .bind(tag)
                .fetch_one(&self.app.database)
                .await?;
        Ok(serde_json::to_value(find(&self.app, &id).await?)?)
    }

    async fn state(&self, tag: &str) -> anyhow::Result<String> {
        Ok(self.alarm(tag).await?["state"].as_str().unwrap_or_default().to_owned())
    }

    /// Everything that happened to the newest alarm of a tag, as `to by who`.
    async fn history(&self, tag: &str) -> anyhow::Result<Vec<String>> {
        let id = text(&self.alarm(tag).await?, "id");
        let shown = super::show(State(self.app.clone()), Path(id)).await?;
        let shown = serde_json::to_value(&shown.0)?;
        let steps = shown["history"].as_array().cloned().unwrap_or_default();
        Ok(steps.iter().map(|s| format!("{} by {}", text(s, "to"), text(s, "who"))).collect())
    }

    /// Hides alarms as a person does, or says why not.
    async fn hide(&self, mut body: Value) -> Result<Value, Problem> {
        body["asset_id"] = json!(self.asset);
        body["reason"] = json!("a reason");
        let wanted = from_json(body);
        let (_, made) = suspensions::add(ada(), State(self.app.clone()), Json(wanted)).await?;
        Ok(serde_json::to_value(&made.0).unwrap_or_default())
    }

    async fn acknowledge(&self, tag: &str) -> anyhow::Result<()> {
        let id = text(&self.alarm(tag).await?, "id");
        let _ = super::acknowledge(me(), State(self.app.clone()), Path(id)).await?;
        Ok(())
    }

    /// All tickets, the oldest first.
    pub async fn tickets(&self) -> anyhow::Result<Vec<Value>> {
        let query = axum::extract::Query::try_from_uri(&"/".parse()?)?;
        let page = crate::tickets::list(Reach::Everything, State(self.app.clone()), query).await?;
        let page = serde_json::to_value(&page.0)?;
        let mut tickets = page["items"].as_array().cloned().unwrap_or_default();
        tickets.reverse();
        Ok(tickets)
    }

    pub async fn move_ticket(&self, id: &str, to: &str, more: Value) -> Result<Value, Problem> {
        let mut body = json!({"to": to, "why": "in a test"});
        if let (Some(body), Some(more)) = (body.as_object_mut(), more.as_object()) {
            body.extend(more.clone());
        }
        let app = State(self.app.clone());
        let moved =
            crate::tickets::transition(me(), app, Path(id.to_owned()), Json(from_json(body)));
        Ok(serde_json::to_value(&moved.await?.0).unwrap_or_default())
    }
}

fn ada() -> Caller {
    Caller::new("Ada".to_owned(), None, Role::Admin, false)
}

fn me() -> By {
    By("Ada".to_owned())
}

fn from_json<T: serde::de::DeserializeOwned>(body: Value) -> T {
    serde_json::from_value(body).unwrap()
}

fn text(value: &Value, key: &str) -> String {
    value[key].as_str().unwrap_or_default().to_owned()
}

fn rfc3339(us: i64) -> Value {
    json!(crate::time::rfc3339(us))
}

/// An alarm of the machine that opens or joins the ticket of its deviations.
fn alarm(tag: &str, at: i64) -> Raise {
    Raise {
        tag: tag.to_owned(),
        class: Class::Machine,
        priority: Priority::Medium,
        signature: Some("deviation".to_owned()),
        summary: format!("{tag} is high"),
        since_at: at,
        raised_at: at,
        deviations: Vec::new(),
        latched: false,
    }
}

fn deviation(point: &str, unusual: f64) -> super::Deviation {
    super::Deviation {
        point_id: point.to_owned(),
        point_name: point.to_owned(),
        quantity: "temperature".to_owned(),
        unit: "Cel".to_owned(),
        expected: 1.0,
        low: 0.0,
        high: 2.0,
        seen: 3.0,
        unusual,
        limits: 1.0,
        reason: "level".to_owned(),
        words: String::new(),
        since: crate::time::rfc3339(START),
    }
}
