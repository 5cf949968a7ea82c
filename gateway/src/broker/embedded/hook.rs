//! What happens to a message before its PUBACK, and to a board that is gone.

use std::collections::{HashMap, HashSet};
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};

use mqtt5::broker::events::{
    BrokerEventHandler, ClientConnectEvent, ClientDisconnectEvent, ClientPublishEvent,
    PublishAction,
};
use telemetry::topic::{self, Kind};
use tokio::sync::oneshot;

use super::access::{Access, OWN_NAME};
use crate::intake::{Intake, Received};
use crate::limits::{BACKOFF, CLIENTS};

/// The broker's event handler.
pub(super) struct SpoolBeforePuback {
    intake: Intake,
    access: Arc<Access>,
    wills: Mutex<HashMap<Arc<str>, Presence>>,
    /// Topics on which the broker retains a status.
    retained: Mutex<HashSet<Arc<str>>>,
}

/// The open connections of one client id, two while one takes the other over, and the will of the
/// newest.
#[derive(Default)]
struct Presence {
    connections: u32,
    will: Option<Will>,
}

struct Will {
    topic: Arc<str>,
    payload: Vec<u8>,
}

type Done<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

impl SpoolBeforePuback {
    pub fn new(intake: Intake, access: Arc<Access>) -> Self {
        Self { intake, access, wills: Mutex::default(), retained: Mutex::default() }
    }

    /// Returns once the message is on disk. While the spool cannot take it (disk full) this waits:
    /// the hook has no way to refuse, and a missing PUBACK is the refusal that MQTT knows.
    async fn store(&self, message: Received<'_>, allowed: bool) {
        let mut delay = BACKOFF.0;
        loop {
            let (tx, stored) = oneshot::channel();
            let done = move |result: Result<(), _>| {
                let _ = tx.send(result.is_ok());
            };
            let taken = if allowed {
                self.intake.take(message, Box::new(done)).await
            } else {
                self.intake.refuse(message, Box::new(done)).await
            };
            if taken.is_ok() && stored.await == Ok(true) {
                return;
            }
            tokio::time::sleep(delay).await;
            delay = (delay * 2).min(BACKOFF.1);
        }
    }

    /// Whether the broker may keep and pass on a message: others may want to see a board's status;
    /// readings are watched at the server. The broker's own limits would acknowledge before the
    /// hook, so they are off, and this is the bound.
    fn may_pass(&self, topic: &Arc<str>, payload: &[u8]) -> bool {
        let status = topic::parse(topic).is_ok_and(|t| t.kind == Kind::Status);
        if !status || !matches!(payload, b"online" | b"offline") {
            return false;
        }
        let mut retained = self.retained.lock().unwrap_or_else(PoisonError::into_inner);
        if retained.len() < CLIENTS {
            retained.insert(topic.clone());
        }
        retained.contains(topic)
    }

    fn presences(&self) -> std::sync::MutexGuard<'_, HashMap<Arc<str>, Presence>> {
        self.wills.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn arrived(&self, event: ClientConnectEvent) {
        let mut presences = self.presences();
        let presence = presences.entry(event.client_id).or_default();
        presence.connections += 1;
        presence.will = event.will_topic.map(|topic| Will {
            topic,
            payload: event.will_payload.map(|p| p.to_vec()).unwrap_or_default(),
        });
    }

    /// The will that stands, when the last connection of a client has ended.
    fn left(&self, event: &ClientDisconnectEvent) -> Option<Will> {
        let mut presences = self.presences();
        let presence = presences.get_mut(&event.client_id)?;
        presence.connections = presence.connections.saturating_sub(1);
        if presence.connections > 0 {
            return None;
        }
        let presence = presences.remove(&event.client_id)?;
        presence.will.filter(|_| event.unexpected)
    }
}

impl BrokerEventHandler for SpoolBeforePuback {
    fn on_client_connect<'a>(&'a self, event: ClientConnectEvent) -> Done<'a, ()> {
        self.arrived(event);
        Box::pin(async {})
    }

    fn on_client_publish<'a>(&'a self, event: ClientPublishEvent) -> Done<'a, PublishAction> {
        Box::pin(async move {
            let message = Received { topic: &event.topic, payload: &event.payload };
            let allowed = self.access.may_publish(event.user_id.as_deref(), &event.topic);
            if allowed && event.user_id.as_deref() == Some(OWN_NAME) {
                return PublishAction::Continue;
            }
            self.store(message, allowed).await;
            if allowed && self.may_pass(&event.topic, &event.payload) {
                PublishAction::Continue
            } else {
                PublishAction::Handled
            }
        })
    }

    /// The broker tells subscribers of a last will, but not this handler: a board that is gone
    /// would stay online at the server.
    fn on_client_disconnect<'a>(&'a self, event: ClientDisconnectEvent) -> Done<'a, ()> {
        Box::pin(async move {
            if let Some(will) = self.left(&event) {
                let message = Received { topic: &will.topic, payload: &will.payload };
                self.store(message, true).await;
            }
        })
    }
}
