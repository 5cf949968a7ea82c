//! The worker of the outbox: sends what is due, and sleeps until the next message is.

use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::stream;
use tokio::sync::watch;

use super::addresses::AddressKind;
use super::delivering::{can_leave, deliver};
use super::retry::Patience;
use super::{lease, outbox, rules};
use crate::app::App;
use crate::http::Problem;
use crate::limits::{OUTBOX_AT_ONCE, OUTBOX_EVERY, OUTBOX_REST};

impl App {
    /// Sends messages until `stop` becomes true; then those that are on their way are waited for.
    pub async fn attend_outbox(self, stop: watch::Receiver<bool>) {
        let mut stopped = stop.clone();
        while !*stop.borrow() {
            let wait = match attend(&self, &stop).await {
                Ok(next) => next.map_or(OUTBOX_EVERY, |at| self.rest_until(at)),
                Err(error) => {
                    tracing::warn!(%error, "Messages were not sent; they stay in the outbox");
                    OUTBOX_EVERY
                }
            };
            tokio::select! {
                _ = stopped.wait_for(|stop| *stop) => return,
                () = self.notifications.due.notified() => {}
                () = tokio::time::sleep(wait) => {}
            }
        }
    }

    fn rest_until(&self, at: i64) -> Duration {
        let us = u64::try_from(at.saturating_sub(self.clock.now_us())).unwrap_or(0);
        Duration::from_micros(us).clamp(OUTBOX_REST, OUTBOX_EVERY)
    }
}

/// Sends everything that is due and says when the next is.
pub(super) async fn attend(
    app: &App,
    stop: &watch::Receiver<bool>,
) -> Result<Option<i64>, Problem> {
    let patience = rules::patience(&app.database).await?;
    if !can_leave(app, AddressKind::Email) {
        outbox::give_up_untried(app, patience).await?;
    }
    while !*stop.borrow() && deliver_some(app, patience).await? {}
    app.notifications.saw_waiting(outbox::waiting(app).await?);
    lease::next_due(app).await
}

/// Whether there was something to send.
async fn deliver_some(app: &App, patience: Patience) -> Result<bool, Problem> {
    let leased = lease::take(app, app.clock.now_us()).await?;
    let some = !leased.is_empty();
    let sending = stream::iter(leased).for_each_concurrent(OUTBOX_AT_ONCE, async |leased| {
        if let Err(error) = deliver(app, &leased, patience).await {
            // Its lease expires; then it is sent again, under the same id.
            tracing::error!(message_id = leased.id, %error, "What came of a message was not kept");
        }
    });
    sending.await;
    Ok(some)
}
