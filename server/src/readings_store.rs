//! Which telemetry store the server uses, and its upkeep.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use ::telemetry::clock::Clock;
use serde::{Deserialize, Serialize};
use store::embedded::Embedded;
use store::influx::{Account, Influx, set_up};
use store::{Retention, StoreError, TelemetryStore};
use tokio::sync::watch;

use crate::app::{App, StartError};
use crate::health::{Figure, Part};
use crate::limits::{EXPIRE_EVERY, INFLUX_AT_START};

/// Where readings are kept.
#[derive(Debug, Clone)]
pub enum ReadingsStore {
    /// In the data folder.
    Embedded,
    /// In an InfluxDB.
    Influx(InfluxChoice),
}

/// An InfluxDB as an operator names it.
#[derive(Debug, Clone)]
pub struct InfluxChoice {
    /// Its address.
    pub url: String,
    /// Organisation.
    pub org: String,
    /// Bucket of the readings.
    pub bucket: String,
    /// File with a token. Without one, a database that nobody has set up yet is set up, and the
    /// token it gives is kept in the data folder.
    pub token_file: Option<PathBuf>,
}

/// Opens the telemetry store that was chosen.
///
/// # Errors
/// When it is in use, cannot be written or reached, or will not have us.
pub async fn open(
    choice: &ReadingsStore,
    data: &Path,
    retention: Retention,
    clock: Arc<dyn Clock>,
) -> Result<Arc<dyn TelemetryStore>, StartError> {
    match choice {
        ReadingsStore::Embedded => {
            let dir = data.join("telemetry");
            let opened =
                tokio::task::spawn_blocking(move || Embedded::open(&dir, retention, clock)).await;
            Ok(Arc::new(opened.map_err(|e| StartError::State(e.to_string()))??))
        }
        ReadingsStore::Influx(choice) => {
            let account = reached(|| account(choice, data)).await?;
            let connect =
                || async { Ok(Influx::connect(account.clone(), retention, clock.clone()).await?) };
            Ok(Arc::new(reached(connect).await?))
        }
    }
}

/// Tries again for a while: after a power cut the database may come up later than we do.
async fn reached<T, F: Future<Output = Result<T, StartError>>>(
    attempt: impl Fn() -> F,
) -> Result<T, StartError> {
    let give_up = tokio::time::Instant::now() + INFLUX_AT_START;
    loop {
        match attempt().await {
            Err(StartError::Store(StoreError::Away(why)))
                if tokio::time::Instant::now() < give_up =>
            {
                tracing::warn!(why, "Waiting for InfluxDB");
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
            result => return result,
        }
    }
}

/// What the first set-up of a database made. Whoever can read this can read every reading.
#[derive(Serialize, Deserialize)]
struct KeptAccount {
    url: String,
    org: String,
    bucket: String,
    token: String,
    user: String,
    password: String,
}

async fn account(choice: &InfluxChoice, data: &Path) -> Result<Account, StartError> {
    let InfluxChoice { url, org, bucket, token_file } = choice.clone();
    if let Some(file) = token_file {
        let token = std::fs::read_to_string(&file)
            .map_err(|e| StartError::State(format!("cannot read {}: {e}", file.display())))?;
        return Ok(Account { url, org, bucket, token: token.trim().to_owned() });
    }
    let kept = data.join("influxdb.json");
    if let Ok(text) = std::fs::read_to_string(&kept) {
        let KeptAccount { url: known, org, bucket, token, .. } = serde_json::from_str(&text)
            .map_err(|e| StartError::State(format!("{}: {e}", kept.display())))?;
        if known != url {
            return Err(StartError::State(format!(
                "{} was made by the set-up of {known}: give that address, or a token file for {url}",
                kept.display()
            )));
        }
        return Ok(Account { url, org, bucket, token });
    }
    let made = set_up(&url, &org, &bucket).await?;
    let Account { url, org, bucket, token } = made.account;
    let account = KeptAccount { url, org, bucket, token, user: made.user, password: made.password };
    keep(&kept, &account)
        .map_err(|e| StartError::State(format!("cannot write {}: {e}", kept.display())))?;
    tracing::info!(
        file = %kept.display(),
        "InfluxDB was set up; its token and the password of its user are in the file"
    );
    let KeptAccount { url, org, bucket, token, .. } = account;
    Ok(Account { url, org, bucket, token })
}

fn keep(file: &Path, account: &KeptAccount) -> std::io::Result<()> {
    use std::io::Write as _;
    use std::os::unix::fs::OpenOptionsExt as _;
    let mut options = std::fs::OpenOptions::new();
    let mut file = options.write(true).create_new(true).mode(0o600).open(file)?;
    file.write_all(&serde_json::to_vec_pretty(account)?)?;
    file.sync_all()
}

/// The telemetry store, for `/readyz`.
pub(crate) struct Telemetry(pub App);

#[async_trait::async_trait]
impl Part for Telemetry {
    fn name(&self) -> &'static str {
        "telemetry"
    }

    async fn ready(&self) -> Result<(), String> {
        self.0.store.check().await.map_err(|e| e.to_string())
    }

    fn figures(&self) -> Vec<Figure> {
        Vec::new()
    }
}

impl App {
    /// Deletes now and then what is older than its retention, until `stop` becomes true.
    pub async fn keep_to_retention(self, mut stop: watch::Receiver<bool>) {
        loop {
            if let Err(error) = self.store.expire().await {
                tracing::warn!(%error, "What is too old could not be deleted");
            }
            tokio::select! {
                _ = stop.wait_for(|stop| *stop) => return,
                () = tokio::time::sleep(EXPIRE_EVERY) => {}
            }
        }
    }
}
