//! Everything that handlers need, passed in and shared.

use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ::telemetry::clock::Clock;
use sqlx::{Any, AnyPool, Transaction};
use tokio::sync::{Notify, RwLock, Semaphore, broadcast};

use crate::attachments::Attachments;
use crate::boards::{Credentials, Directory};
use crate::descriptions::Descriptions;
use crate::evidence::SigningKey;
use crate::folder::DataFolder;
use crate::health::Part;
use crate::limits::TRIALS_AT_ONCE;
use crate::metrics::Metrics;
use crate::notifications::{NotificationSettings, Notifications};
use crate::readings_store::{self, ReadingsStore};
use crate::watch::Watches;
use crate::{access, accounts, assets, database, http, sessions, tokens};
use store::{Retention, StoreError, TelemetryStore};

/// Why the server could not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The business database cannot be opened or migrated.
    #[error("the database: {0}")]
    Database(#[from] sqlx::Error),
    /// The telemetry store cannot be opened.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The stored state does not read back.
    #[error("{0}")]
    State(String),
}

/// Where the server keeps what, and what it is given.
pub struct Options {
    /// Folder of everything that is kept here.
    pub data: PathBuf,
    /// Business database: `postgres://…`, or SQLite in the folder.
    pub database: Option<String>,
    /// Where readings are kept.
    pub readings: ReadingsStore,
    /// For how long readings and their rollups are kept.
    pub retention: Retention,
    /// Says what time it is.
    pub clock: Arc<dyn Clock>,
    /// Becomes the first administrator's token when there is no token yet.
    pub bootstrap_token: Option<String>,
    /// File with the private key that reports are signed with, PKCS#8 PEM; without one a key is made
    /// in the folder when it is needed first.
    pub evidence_key: Option<PathBuf>,
    /// How messages to people leave.
    pub notifications: NotificationSettings,
}

/// The file of the business data in a folder, where no other database is given.
#[must_use]
pub fn business_file(data: &Path) -> PathBuf {
    data.join("business.db")
}

/// What happened, for watchers.
#[derive(Debug, Clone)]
pub struct Event {
    /// Name of the server-sent event.
    pub name: &'static str,
    /// Its JSON.
    pub data: Arc<str>,
}

/// Shared state of the server. Clones are the same server.
#[derive(Clone)]
pub struct App(Arc<Inner>);

impl Deref for App {
    type Target = Inner;
    fn deref(&self) -> &Inner {
        &self.0
    }
}

/// What [`App`] holds.
pub struct Inner {
    /// Business data.
    pub database: AnyPool,
    sqlite: bool,
    /// Whether they are in a file in the data folder.
    pub(crate) business_in_folder: bool,
    /// Readings.
    pub store: Arc<dyn TelemetryStore>,
    /// Whether they are in the data folder.
    pub(crate) readings_in_folder: bool,
    /// Says what time it is.
    pub clock: Arc<dyn Clock>,
    pub(crate) directory: RwLock<Directory>,
    pub(crate) credentials: Credentials,
    /// Held while readings are judged: deliveries are judged one after the other.
    pub(crate) watches: tokio::sync::Mutex<Watches>,
    pub(crate) events: broadcast::Sender<Event>,
    pub(crate) metrics: Metrics,
    pub(crate) descriptions: Descriptions,
    /// Wakes whoever does what is due: a suspension or a waiting alarm is new.
    pub(crate) alarms_due: Notify,
    /// Wakes gateways that wait for a command to a board.
    pub(crate) commands_waiting: Notify,
    pub(crate) attachments: Attachments,
    pub(crate) signing_key: SigningKey,
    pub(crate) password_turns: accounts::Turns,
    /// Turns of trials of rules, which take much of a processor.
    pub(crate) trials: Semaphore,
    pub(crate) notifications: Notifications,
    _folder: DataFolder,
}

impl App {
    /// Opens the stores and judges what was stored but not judged before a crash.
    ///
    /// # Errors
    /// When a store cannot be opened.
    pub async fn open(options: Options) -> Result<Self, StartError> {
        let Options { data, database, readings, retention, clock, bootstrap_token, .. } = options;
        let business_in_folder = database.is_none();
        let readings_in_folder = matches!(readings, ReadingsStore::Embedded);
        let folder = DataFolder::take(&data)?;
        let attachments = Attachments::open(&data)
            .map_err(|e| StartError::State(format!("the attachments: {e}")))?;
        let signing_key = SigningKey::at(&data, options.evidence_key);
        let url = database
            .unwrap_or_else(|| format!("sqlite://{}?mode=rwc", business_file(&data).display()));
        let sqlite = url.starts_with("sqlite:");
        let database = database::open(&url).await?;
        let now = clock.now_us();
        if let Some(token) = bootstrap_token {
            tokens::bootstrap(&database, &token, now).await?;
        }
        sessions::forget_expired(&database, now).await?;
        accounts::forget_expired(&database, now).await?;
        http::idempotency::forget_expired(&database, now).await?;
        assets::give_codes_to_older(&database).await?;
        let notifications = Notifications::open(&database, options.notifications, now).await?;
        let store = readings_store::open(&readings, &data, retention, clock.clone()).await?;
        let directory = Directory::load(&database, &*store).await?;
        let credentials = Credentials::load(&database).await?;
        let descriptions = Descriptions::at_start(&*store);
        let app = Self(Arc::new(Inner {
            database,
            sqlite,
            business_in_folder,
            store,
            readings_in_folder,
            clock,
            directory: RwLock::new(directory),
            credentials,
            watches: tokio::sync::Mutex::new(Watches::default()),
            events: broadcast::channel(1024).0,
            metrics: Metrics::default(),
            descriptions,
            alarms_due: Notify::new(),
            commands_waiting: Notify::new(),
            attachments,
            signing_key,
            password_turns: accounts::Turns::default(),
            trials: Semaphore::new(TRIALS_AT_ONCE),
            notifications,
            _folder: folder,
        }));
        crate::watch::resume_all(&app).await.map_err(|e| StartError::State(e.to_string()))?;
        Ok(app)
    }

    /// Begins a transaction that will write, after what it reads. SQLite lets one write at a time: it
    /// takes its turn here, and not after it has read what another one then changes.
    pub(crate) async fn begin(&self) -> Result<Transaction<'static, Any>, sqlx::Error> {
        match self.sqlite {
            true => self.database.begin_with("BEGIN IMMEDIATE").await,
            false => self.database.begin().await,
        }
    }

    /// Tells watchers; costs nothing when there are none.
    pub(crate) fn announce<T: serde::Serialize>(&self, name: &'static str, data: &T) {
        if self.events.receiver_count() == 0 {
            return;
        }
        if let Ok(json) = serde_json::to_string(data) {
            let _ = self.events.send(Event { name, data: json.into() });
        }
    }

    /// Makes an administrator's token for a part of this process, and says its secret.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn issue_token(&self, name: &str) -> Result<String, StartError> {
        let secret = tokens::new_secret();
        let new = tokens::New::lasting(name, access::Role::Admin);
        tokens::keep(&self.database, new, &secret, self.clock.now_us()).await?;
        Ok(secret)
    }

    /// A code that signs one browser in as an administrator, once: `/#login=CODE`.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn login_code(&self) -> Result<String, StartError> {
        Ok(sessions::login_code(&self.database, self.clock.now_us()).await?)
    }

    /// The parts of the server that `/readyz` and `/metrics` tell about.
    #[must_use]
    pub fn parts(&self) -> Vec<Arc<dyn Part>> {
        vec![
            Arc::new(crate::metrics::Database(self.clone())),
            Arc::new(readings_store::Telemetry(self.clone())),
        ]
    }

    /// Saves the detectors and closes the database.
    pub async fn close(self) {
        crate::watch::save_all(&self).await;
        self.database.close().await;
    }
}
