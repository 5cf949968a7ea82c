//! The way out: hands spooled entries to the server and deletes them when it has confirmed.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use serde::Deserialize;
use telemetry::delivery::Delivery;
use telemetry::name::BoardId;
use tokio::sync::watch;

use crate::downlink::{Commands, CommandsError, Waiting};
use crate::limits::{BACKOFF, DELIVERY_TIMEOUT, GATHERING_DELIVERY, LARGE_DELIVERY_BYTES};
use crate::spool::{Spool, SpoolError};

/// Why a delivery was not confirmed.
#[derive(Debug, thiserror::Error)]
pub enum DeliverError {
    /// The server is away or busy: try again later, nothing is lost.
    #[error("the server did not take the delivery: {0}")]
    Unavailable(String),
    /// The server will not take it from us: a person has to mend the token or the address. Tried
    /// again slowly, since the spool keeps everything meanwhile.
    #[error("the server refuses this gateway: {0}")]
    Refused(String),
}

/// Takes deliveries: the server in the same process, or over HTTP.
pub trait Deliver: Send + Sync {
    /// Returns when everything in the delivery is stored.
    fn deliver(&self, delivery: Delivery) -> impl Future<Output = Result<(), DeliverError>> + Send;
}

/// State of the link to the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Link {
    /// Everything on disk is confirmed: waiting for the next commit.
    Idle,
    /// Little is waiting: a moment for more to come.
    Gathering,
    /// Entries are waiting and the server takes them.
    Draining,
    /// The server did not take the last delivery; the next attempt comes after this long.
    BackingOff(Duration),
    /// Asked to stop.
    Stopped,
}

/// Figures for `/metrics`.
#[derive(Debug, Default)]
pub struct ForwardFigures {
    /// Newest sequence number that the server has confirmed.
    pub confirmed_seq: AtomicU64,
    /// Deliveries that failed.
    pub failures: AtomicU64,
}

/// Drives the link until `stop` becomes true.
pub struct Forwarder<D> {
    spool: Spool,
    server: D,
    sent: u64,
    committed: watch::Receiver<u64>,
    stop: watch::Receiver<bool>,
    figures: Arc<ForwardFigures>,
}

impl<D: Deliver> Forwarder<D> {
    /// A forwarder that goes on where the server last confirmed.
    ///
    /// # Errors
    /// When the spool cannot be read.
    pub fn new(spool: Spool, server: D, stop: watch::Receiver<bool>) -> Result<Self, SpoolError> {
        let (sent, committed) = (spool.confirmed()?, spool.committed());
        Ok(Self { spool, server, sent, committed, stop, figures: Arc::default() })
    }

    /// What it has done so far.
    #[must_use]
    pub fn figures(&self) -> Arc<ForwardFigures> {
        self.figures.clone()
    }

    /// Runs until stopped. What was not confirmed stays in the spool.
    pub async fn run(mut self) {
        let mut link = Link::Draining;
        while link != Link::Stopped {
            link = match link {
                Link::Idle => self.idle().await,
                Link::Gathering => self.gather().await,
                Link::Draining => self.drain().await,
                Link::BackingOff(delay) => self.back_off(delay).await,
                Link::Stopped => Link::Stopped,
            };
        }
    }

    async fn idle(&mut self) -> Link {
        tokio::select! {
            _ = self.stop.wait_for(|stop| *stop) => Link::Stopped,
            changed = self.committed.changed() => {
                if changed.is_ok() { Link::Gathering } else { Link::Stopped }
            }
        }
    }

    async fn gather(&mut self) -> Link {
        tokio::select! {
            _ = self.stop.wait_for(|stop| *stop) => Link::Stopped,
            () = tokio::time::sleep(GATHERING_DELIVERY) => Link::Draining,
        }
    }

    async fn drain(&mut self) -> Link {
        if *self.stop.borrow() {
            return Link::Stopped;
        }
        self.committed.mark_unchanged();
        let (spool, after) = (self.spool.clone(), self.sent);
        let next = tokio::task::spawn_blocking(move || spool.next_after(after)).await;
        let delivery = match next {
            Ok(Ok(Some(delivery))) => delivery,
            Ok(Ok(None)) => return Link::Idle,
            Ok(Err(error)) => return self.failed(&error.to_string(), BACKOFF.0),
            Err(_) => return Link::Stopped,
        };
        let last_seq = delivery.header.last_seq;
        let more = delivery.entries.len() >= LARGE_DELIVERY_BYTES;
        match self.server.deliver(delivery).await {
            Ok(()) => {
                self.sent = last_seq;
                self.figures.confirmed_seq.store(last_seq, Ordering::Relaxed);
                match self.spool.confirm(last_seq).await {
                    Ok(()) if more => Link::Draining,
                    Ok(()) => Link::Gathering,
                    Err(_) => Link::Stopped,
                }
            }
            Err(error @ DeliverError::Unavailable(_)) => self.failed(&error.to_string(), BACKOFF.0),
            Err(error @ DeliverError::Refused(_)) => self.failed(&error.to_string(), BACKOFF.1),
        }
    }

    fn failed(&self, error: &str, delay: Duration) -> Link {
        self.figures.failures.fetch_add(1, Ordering::Relaxed);
        tracing::warn!(error, "A delivery failed; the spool keeps its entries");
        Link::BackingOff(delay)
    }

    async fn back_off(&mut self, delay: Duration) -> Link {
        tokio::select! {
            _ = self.stop.wait_for(|stop| *stop) => return Link::Stopped,
            () = tokio::time::sleep(delay) => {}
        }
        match self.drain().await {
            Link::BackingOff(least) => Link::BackingOff((delay * 2).min(BACKOFF.1).max(least)),
            link => link,
        }
    }
}

/// A server reached over HTTP.
#[derive(Clone)]
pub struct HttpServer {
    client: reqwest::Client,
    server: String,
    token: String,
}

impl HttpServer {
    /// `server` is its base address, such as `http://127.0.0.1:8080`; `token` an API token.
    ///
    /// # Errors
    /// When the HTTP client cannot be made.
    pub fn new(server: &str, token: String) -> Result<Self, reqwest::Error> {
        let client = reqwest::Client::builder().timeout(DELIVERY_TIMEOUT).build()?;
        Ok(Self { client, server: server.trim_end_matches('/').to_owned(), token })
    }
}

impl Deliver for HttpServer {
    async fn deliver(&self, delivery: Delivery) -> Result<(), DeliverError> {
        let request = self
            .client
            .post(format!("{}/api/v1/deliveries", self.server))
            .bearer_auth(&self.token)
            .header("content-type", "application/vnd.aftercare.delivery")
            .body(delivery.to_bytes());
        let answer = request
            .send()
            .await
            .map_err(|e| DeliverError::Unavailable(e.without_url().to_string()))?;
        match answer.status().as_u16() {
            200..=299 => Ok(()),
            status @ (400 | 401 | 403 | 404 | 413) => {
                Err(DeliverError::Refused(format!("HTTP status {status}")))
            }
            status => Err(DeliverError::Unavailable(format!("HTTP status {status}"))),
        }
    }
}

/// The server's answer, as its interface documents it.
#[derive(Deserialize)]
struct WaitingPage {
    items: Vec<WaitingItem>,
}

#[derive(Deserialize)]
struct WaitingItem {
    board: BoardId,
    counter: i64,
    message: String,
}

impl Commands for HttpServer {
    async fn waiting(&self, gateway: &str, known: i64) -> Result<Vec<Waiting>, CommandsError> {
        let failed = |e: reqwest::Error| CommandsError(e.without_url().to_string());
        let request = self
            .client
            .get(format!("{}/api/v1/commands/waiting", self.server))
            .query(&[("gateway", gateway), ("known", &known.to_string())])
            .bearer_auth(&self.token);
        let answer = request.send().await.and_then(reqwest::Response::error_for_status);
        let page: WaitingPage = answer.map_err(failed)?.json().await.map_err(failed)?;
        page.items.into_iter().map(WaitingItem::read).collect()
    }
}

impl WaitingItem {
    fn read(self) -> Result<Waiting, CommandsError> {
        let message = hex::decode(&self.message).map_err(|e| CommandsError(e.to_string()))?;
        Ok(Waiting { board: self.board, counter: self.counter, message })
    }
}
