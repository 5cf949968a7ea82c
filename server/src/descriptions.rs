//! Keeps the telemetry store told what its series are called and how tickets stand, for tools such
//! as Grafana that read its database directly.
//!
//! Nothing waits for this: what could not be told is told later, and everything at each start.

use std::collections::{BTreeSet, HashMap};
use std::mem;
use std::sync::{Mutex, MutexGuard, PoisonError};

use sqlx::FromRow;
use store::{NamedSeries, StoreError, TelemetryStore};
use tokio::sync::{Notify, watch};

use crate::app::App;
use crate::limits::DESCRIBE_AGAIN;
use crate::tickets;

/// Why the store could not be told; later it is told again.
#[derive(Debug, thiserror::Error)]
enum TellError {
    /// The business database fails.
    #[error("the database: {0}")]
    Database(#[from] sqlx::Error),
    /// The store does not take it.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What the store has to be told.
#[derive(Default)]
pub(crate) struct Descriptions {
    /// Whether the store has a use for them.
    wanted: bool,
    untold: Mutex<Untold>,
    changed: Notify,
}

#[derive(Default)]
struct Untold {
    points: bool,
    all_tickets: bool,
    tickets: BTreeSet<String>,
}

impl Descriptions {
    /// After a start everything is untold.
    pub fn at_start(store: &dyn TelemetryStore) -> Self {
        let untold = Untold { points: true, all_tickets: true, ..Untold::default() };
        let wanted = store.is_read_by_others();
        Self { wanted, untold: Mutex::new(untold), ..Self::default() }
    }

    fn add(&self, more: impl FnOnce(&mut Untold)) {
        if self.wanted {
            more(&mut self.lock());
            self.changed.notify_one();
        }
    }

    pub fn points_changed(&self) {
        self.add(|untold| untold.points = true);
    }

    /// The name of a machine is on its series and on its tickets.
    pub fn asset_renamed(&self) {
        self.add(|untold| {
            untold.points = true;
            untold.all_tickets = true;
        });
    }

    pub fn ticket_changed(&self, id: &str) {
        self.add(|untold| {
            untold.tickets.insert(id.to_owned());
        });
    }

    fn lock(&self) -> MutexGuard<'_, Untold> {
        self.untold.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn put_back(&self, untold: Untold) {
        let mut now = self.lock();
        now.points |= untold.points;
        now.all_tickets |= untold.all_tickets;
        now.tickets.extend(untold.tickets);
    }
}

impl App {
    /// Tells the store what changed, until `stop` becomes true. A store that has no use for it is told
    /// nothing.
    pub async fn keep_described(self, mut stop: watch::Receiver<bool>) {
        if !self.descriptions.wanted {
            return;
        }
        loop {
            let untold = mem::take(&mut *self.descriptions.lock());
            let told = self.tell(&untold).await;
            let failed = told.is_err();
            if let Err(error) = told {
                tracing::warn!(%error, "Names and tickets did not reach the telemetry store");
                self.descriptions.put_back(untold);
            }
            tokio::select! {
                _ = stop.wait_for(|stop| *stop) => return,
                () = self.descriptions.changed.notified(), if !failed => {}
                () = tokio::time::sleep(DESCRIBE_AGAIN), if failed => {}
            }
        }
    }

    async fn tell(&self, untold: &Untold) -> Result<(), TellError> {
        if untold.points {
            self.store.name_series(&named(self).await?).await?;
        }
        let tickets = if untold.all_tickets {
            tickets::noted(self, None).await?
        } else {
            let mut tickets = Vec::new();
            for id in &untold.tickets {
                tickets.extend(tickets::noted(self, Some(id)).await?);
            }
            tickets
        };
        if !tickets.is_empty() {
            self.store.note_tickets(&tickets).await?;
        }
        Ok(())
    }
}

#[derive(FromRow)]
struct Row {
    id: String,
    asset: String,
    point: String,
    quantity: String,
    position: String,
}

async fn named(app: &App) -> Result<Vec<NamedSeries>, sqlx::Error> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT p.id, a.name AS asset, p.name AS point, p.quantity, p.position FROM points p \
         JOIN assets a ON a.id = p.asset_id",
    )
    .fetch_all(&app.database)
    .await?;
    let points: HashMap<&str, &Row> = rows.iter().map(|r| (r.id.as_str(), r)).collect();
    let directory = app.directory.read().await;
    let named = directory.all_bound().filter_map(|(id, binding)| {
        let point = points.get(binding.point_id.as_str())?;
        Some(NamedSeries {
            id,
            valid: binding.valid,
            asset: point.asset.clone(),
            point: point.point.clone(),
            quantity: point.quantity.clone(),
            position: point.position.clone(),
            scale: binding.correction.scale,
            offset: binding.correction.offset,
        })
    });
    Ok(named.collect())
}
