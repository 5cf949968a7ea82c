//! What time does to visits, by itself: reminders, and visits for what waits for one.

use tokio::sync::watch;

use super::auto::auto_dispatch;
use crate::app::App;
use crate::limits::ATTEND_VISITS_EVERY;
use crate::visits;

impl App {
    /// Looks after visits, until `stop` becomes true.
    pub async fn attend_visits(self, mut stop: watch::Receiver<bool>) {
        loop {
            if let Err(error) = visits::remind(&self).await {
                tracing::warn!(%error, "Nobody was reminded of visits");
            }
            if let Err(error) = auto_dispatch(&self).await {
                tracing::warn!(%error, "Work orders were not dispatched by themselves");
            }
            tokio::select! {
                _ = stop.wait_for(|stop| *stop) => return,
                () = tokio::time::sleep(ATTEND_VISITS_EVERY) => {}
            }
        }
    }
}
