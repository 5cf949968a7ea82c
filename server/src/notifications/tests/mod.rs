//! Promises about messages, on SQLite and on a real PostgreSQL, with a real mail server and receivers
//! on loopback, and a clock that the test moves.

mod addressing;
mod delivery;
mod policy;
mod quiet_hours;
mod servers;
mod words;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use axum::Json;
use axum::extract::{Path, State};
use serde_json::{Value, json};
use store::Retention;
use system_tests::{Database, MailServer};
use tokio::sync::watch;

use super::{
    About, Event, Mail, Mailbox, NotificationSettings, Notified, Part, Person, Recipient, Thread,
    What, attending, notify, take_back, told_by,
};
use crate::app::{App, Options};
use crate::http::{By, Language, Problem};
use crate::readings_store::ReadingsStore;

const S: i64 = 1_000_000;
const HOUR: i64 = 3_600 * S;
const DAY: i64 = 24 * HOUR;
/// 2026-01-01T00:00:00Z.
const START: i64 = 1_767_225_600 * S;

struct HandClock(AtomicI64);

impl ::telemetry::clock::Clock for HandClock {
    fn now_us(&self) -> i64 {
        self.0.load(Ordering::SeqCst)
    }
}

/// A service office: a server on one of the databases, and its mail server.
struct Office {
    app: App,
    mail: MailServer,
    clock: Arc<HandClock>,
    url: String,
    folder: tempfile::TempDir,
    _database: Database,
}

fn settings(mail: Option<&MailServer>) -> NotificationSettings {
    let mail = mail.map(|server| Mail {
        url: server.url.clone(),
        from: "Service <service@example.com>".to_owned(),
        password_file: None,
    });
    NotificationSettings { mail, public_url: "https://service.example.com/".to_owned() }
}

impl Office {
    async fn on(database: Database, with_mail: bool) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let url = match &database {
            Database::Sqlite => {
                format!("sqlite://{}?mode=rwc", folder.path().join("office.db").display())
            }
            Database::Postgres(postgres) => postgres.url.clone(),
        };
        let clock = Arc::new(HandClock(AtomicI64::new(START)));
        let mail = MailServer::start().await?;
        let settings = settings(with_mail.then_some(&mail));
        let app = server(&folder, "first", &url, &clock, settings).await?;
        Ok(Self { app, mail, clock, url, folder, _database: database })
    }

    /// One on each database.
    async fn each() -> anyhow::Result<Vec<Self>> {
        let mut offices = Vec::new();
        for database in Database::each().await? {
            offices.push(Self::on(database, true).await?);
        }
        Ok(offices)
    }

    /// Another server on the same database.
    async fn another(&self, name: &str) -> anyhow::Result<App> {
        server(&self.folder, name, &self.url, &self.clock, settings(Some(&self.mail))).await
    }

    fn now(&self) -> i64 {
        self.clock.0.load(Ordering::SeqCst)
    }

    /// Time passes, and what is due is sent.
    async fn pass(&self, us: i64) -> anyhow::Result<Option<i64>> {
        self.clock.0.fetch_add(us, Ordering::SeqCst);
        attend(&self.app).await
    }

    /// Tells an event in a transaction of its own.
    async fn tell(&self, event: Event<'_>) -> anyhow::Result<Notified> {
        let mut tx = self.app.begin().await?;
        let notified = notify(&mut tx, event, self.now()).await?;
        tx.commit().await?;
        Ok(notified)
    }

    /// An address as an administrator adds it.
    async fn reach(&self, owner: (&str, &str), kind: &str, address: &str, more: Value) -> Value {
        let mut body = json!({
            "owner_kind": owner.0, "owner": owner.1, "kind": kind, "address": address,
            "why": "in a test",
        });
        if let (Some(body), Some(more)) = (body.as_object_mut(), more.as_object()) {
            body.extend(more.clone());
        }
        let added = super::add_address(me(), State(self.app.clone()), Json(from_json(body)));
        let (_, added) = added.await.unwrap();
        serde_json::to_value(&added.0).unwrap_or_default()
    }

    /// The messages of the outbox, the oldest first.
    async fn messages(&self) -> anyhow::Result<Vec<Value>> {
        let query = axum::extract::Query::try_from_uri(&"/".parse()?)?;
        let page = super::list_outbox(State(self.app.clone()), query).await?;
        let page = serde_json::to_value(&page.0)?;
        let mut messages = page["items"].as_array().cloned().unwrap_or_default();
        messages.reverse();
        Ok(messages)
    }

    /// The one message that there is.
    async fn message(&self) -> anyhow::Result<Value> {
        let mut messages = self.messages().await?;
        anyhow::ensure!(messages.len() == 1, "one message was expected: {messages:?}");
        let id = text(&messages.remove(0), "id");
        let shown = super::show_message(State(self.app.clone()), Path(id)).await?;
        Ok(serde_json::to_value(&shown.0)?)
    }

    async fn withdraw(&self, id: &str) -> Result<Value, Problem> {
        let (app, why) = (State(self.app.clone()), from_json(json!({"why": "a mistake"})));
        let done = super::withdraw_message(me(), app, Path(id.to_owned()), Json(why)).await?;
        Ok(serde_json::to_value(&done.0).unwrap_or_default())
    }

    async fn retry(&self, id: &str) -> Result<Value, Problem> {
        let (app, why) = (State(self.app.clone()), from_json(json!({"why": "mended"})));
        let done = super::retry_message(me(), app, Path(id.to_owned()), Json(why)).await?;
        Ok(serde_json::to_value(&done.0).unwrap_or_default())
    }
}

async fn server(
    folder: &tempfile::TempDir,
    name: &str,
    url: &str,
    clock: &Arc<HandClock>,
    notifications: NotificationSettings,
) -> anyhow::Result<App> {
    let options = Options {
        data: folder.path().join(name),
        database: Some(url.to_owned()),
        readings: ReadingsStore::Embedded,
        retention: Retention::default(),
        clock: clock.clone(),
        bootstrap_token: None,
        evidence_key: None,
        notifications,
    };
    std::fs::create_dir_all(&options.data)?;
    Ok(App::open(options).await?)
}

async fn attend(app: &App) -> anyhow::Result<Option<i64>> {
    let (_keep, stop) = watch::channel(false);
    Ok(attending::attend(app, &stop).await?)
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

const ABOUT: About<'static> = About { kind: "ticket", id: "t-7", path: "/tickets/t-7" };

/// A contact of the customer whose mailbox the caller knows.
const WANG: Recipient<'static> = Recipient {
    part: Part::Customer,
    person: Person::Contact("wang"),
    mailbox: Some(Mailbox {
        address: "wang@example.org",
        language: Language::SimplifiedChinese,
        time_zone: "Asia/Shanghai",
    }),
};

/// The pump of the customer was mended.
fn mended(key: &str) -> Event<'_> {
    let what = What::TicketResolved { number: "T-7", machine: "Pump", summary: "seal replaced" };
    Event { audience: &[WANG], ..Event::new(key, what, ABOUT, "Ada closed the repair") }
}

/// A promise to the customer was not kept; the dispatchers hear of it.
fn breached(key: &str) -> Event<'_> {
    let what = What::SlaBreached { number: "T-7", promise: "first_response", due_at: START };
    Event::new(key, what, ABOUT, "SLA policy A, version 1")
}

const DISPATCHERS: (&str, &str) = ("role", "dispatcher");
