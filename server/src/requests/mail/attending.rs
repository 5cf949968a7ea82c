//! The worker of the mailbox: takes what is unread, waits for more, and has patience with a mail server
//! that is away.

use std::sync::atomic::Ordering;
use std::time::Duration;

use mailbox::{Account, Mailbox, MailboxError};
use tokio::sync::watch;

use super::taking::{Taken, take};
use crate::app::App;
use crate::http::Problem;
use crate::limits::{MAILBOX_EVERY, MAILBOX_PATIENCE, MAILBOX_REST};
use crate::metrics::Metrics;

impl App {
    /// Takes letters from a mailbox until `stop` becomes true. A letter is marked as read only after it
    /// is in the database; one that came twice is known there.
    pub async fn attend_mailbox(self, account: Account, stop: watch::Receiver<bool>) {
        let mut stopped = stop;
        let mut rest = MAILBOX_REST;
        loop {
            let attended = tokio::select! {
                _ = stopped.wait_for(|stop| *stop) => return,
                attended = attend(&self, &account, &mut rest) => attended,
            };
            match attended {
                Ok(()) => {}
                Err(error) => {
                    self.metrics.mailbox_away.store(1, Ordering::Relaxed);
                    let wait_s = rest.as_secs();
                    tracing::warn!(%error, wait_s, "The mailbox cannot be read; it is tried again");
                }
            }
            tokio::select! {
                _ = stopped.wait_for(|stop| *stop) => return,
                () = tokio::time::sleep(rest) => {}
            }
            rest = (rest * 2).min(MAILBOX_PATIENCE);
        }
    }
}

/// Takes letters as long as all goes well; ends where a rest is needed.
async fn attend(app: &App, account: &Account, rest: &mut Duration) -> Result<(), MailboxError> {
    let mut mailbox = Mailbox::open(account).await?;
    app.metrics.mailbox_away.store(0, Ordering::Relaxed);
    loop {
        let unread = mailbox.unread().await?;
        let mut failed = false;
        for uid in &unread {
            failed |= !one(app, &mut mailbox, *uid).await?;
        }
        if failed {
            mailbox.close().await;
            return Ok(());
        }
        *rest = MAILBOX_REST;
        if unread.is_empty() {
            mailbox = mailbox.wait(MAILBOX_EVERY).await?;
        }
    }
}

/// Whether a letter is dealt with; what failed here is tried again after a rest.
async fn one(app: &App, mailbox: &mut Mailbox, uid: u32) -> Result<bool, MailboxError> {
    let Some(bytes) = mailbox.letter(uid).await? else { return Ok(true) };
    match take(app, bytes).await {
        Ok(Taken::Request(_) | Taken::Message(_)) => {
            Metrics::add(&app.metrics.mails_taken, 1);
            app.notifications.due.notify_one();
        }
        Ok(Taken::Ignored(why)) => {
            Metrics::add(&app.metrics.mails_ignored, 1);
            tracing::info!(uid, why, "A letter is ignored");
        }
        Ok(Taken::Known) => {}
        Err(problem @ (Problem::TooMany { .. } | Problem::Conflict(_) | Problem::Invalid(_))) => {
            Metrics::add(&app.metrics.mails_put_aside, 1);
            tracing::warn!(uid, %problem, "A letter stays in the mailbox, flagged: look at it");
            mailbox.put_aside(uid).await?;
            return Ok(true);
        }
        Err(problem) => {
            tracing::error!(uid, %problem, "A letter was not taken; it is tried again");
            return Ok(false);
        }
    }
    mailbox.mark_read(uid).await?;
    Ok(true)
}
