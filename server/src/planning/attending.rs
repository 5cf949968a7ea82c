//! What time does to visits, by itself: reminders.

use tokio::sync::watch;

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
            tokio::select! {
                _ = stop.wait_for(|stop| *stop) => return,
                () = tokio::time::sleep(ATTEND_VISITS_EVERY) => {}
            }
        }
    }
}
