//! The broker inside this process, for workshops that have none.
//!
//! `mqtt5` awaits our hook before it sends PUBACK, so the acknowledgement waits for the spool. This
//! module is the only place that knows the crate (docs/decisions/0001-embedded-broker.md).

use std::future::Future;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use mqtt5::broker::auth::{AuthProvider, AuthResult};
use mqtt5::broker::config::{BrokerConfig, StorageBackend};
use mqtt5::broker::events::{BrokerEventHandler, ClientPublishEvent, PublishAction};
use mqtt5::broker::{BrokerShutdownHandle, MqttBroker};
use telemetry::name::BoardId;
use telemetry::topic::{self, Kind};
use tokio::sync::oneshot;

use crate::intake::{Intake, Received};
use crate::limits::{BACKOFF, CLIENTS, PACKET_BYTES};

/// Says which boards have a credential and checks it.
pub trait Credentials: Send + Sync + 'static {
    /// Whether a credential was issued to this board.
    fn issued(&self, board: &BoardId) -> bool;
    /// Whether the password is the board's.
    fn matches(&self, board: &BoardId, password: &[u8]) -> bool;
}

/// The broker could not be started. The caller says so and ends.
#[derive(Debug, thiserror::Error)]
pub enum EmbeddedError {
    /// The address is taken or not ours.
    #[error("cannot listen for MQTT on {address}: {cause}")]
    Listen {
        /// The address asked for.
        address: SocketAddr,
        /// What the system said.
        cause: String,
    },
}

/// A running broker.
pub struct EmbeddedBroker {
    /// The address it listens on, with the port that was taken.
    pub address: SocketAddr,
    shutdown: BrokerShutdownHandle,
    task: tokio::task::JoinHandle<()>,
}

impl EmbeddedBroker {
    /// Starts listening; every accepted publish goes into the intake.
    ///
    /// # Errors
    /// When the address cannot be listened on.
    pub async fn start(
        address: SocketAddr,
        intake: Intake,
        credentials: Arc<dyn Credentials>,
    ) -> Result<Self, EmbeddedError> {
        let failed = |cause: String| EmbeddedError::Listen { address, cause };
        let mut config = BrokerConfig::default()
            .with_bind_address(address)
            .with_max_clients(CLIENTS)
            .with_max_packet_size(PACKET_BYTES)
            .with_session_expiry(Duration::from_secs(3600))
            .with_max_subscriptions_per_client(16)
            .with_max_retained_messages(CLIENTS)
            .with_max_retained_message_size(1024);
        config.client_channel_capacity = 256;
        config.sys_topics_enabled = false;
        config.storage_config.backend = StorageBackend::Memory;
        config.storage_config.max_queued_messages_per_client = 1000;
        config.storage_config.max_queued_bytes_per_client = 1024 * 1024;
        let access = Arc::new(Access { credentials });
        config.event_handler = Some(Arc::new(SpoolBeforePuback { intake, access: access.clone() }));
        let broker = MqttBroker::with_config(config).await.map_err(|e| failed(e.to_string()))?;
        let mut broker = broker.with_auth_provider(access);
        let address =
            broker.local_addr().ok_or_else(|| failed("the broker names no address".to_owned()))?;
        let (shutdown, mut ready) = (broker.shutdown_handle(), broker.ready_receiver());
        let task = tokio::spawn(async move {
            if let Err(error) = broker.run().await {
                tracing::error!(%error, "The embedded broker ended");
            }
        });
        ready.wait_for(|ready| *ready).await.map_err(|e| failed(e.to_string()))?;
        Ok(Self { address, shutdown, task })
    }

    /// Closes every connection and waits for the last task.
    pub async fn stop(self) {
        self.shutdown.shutdown();
        let _ = self.task.await;
    }
}

struct SpoolBeforePuback {
    intake: Intake,
    access: Arc<Access>,
}

impl SpoolBeforePuback {
    /// Returns once the message is on disk. While the spool cannot take it (disk full) this waits:
    /// the hook has no way to refuse, and a missing PUBACK is the refusal that MQTT knows.
    async fn store(&self, event: &ClientPublishEvent) {
        let mut delay = BACKOFF.0;
        loop {
            let (tx, stored) = oneshot::channel();
            let message = Received { topic: &event.topic, payload: &event.payload };
            let done = move |result: Result<(), _>| {
                let _ = tx.send(result.is_ok());
            };
            let taken = if self.access.may_publish(event.user_id.as_deref(), &event.topic) {
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
}

impl BrokerEventHandler for SpoolBeforePuback {
    fn on_client_publish<'a>(
        &'a self,
        event: ClientPublishEvent,
    ) -> Pin<Box<dyn Future<Output = PublishAction> + Send + 'a>> {
        Box::pin(async move {
            self.store(&event).await;
            match topic::parse(&event.topic).map(|t| t.kind) {
                // Others may want to see a board's status; readings are watched at the server.
                Ok(Kind::Status)
                    if self.access.may_publish(event.user_id.as_deref(), &event.topic) =>
                {
                    PublishAction::Continue
                }
                _ => PublishAction::Handled,
            }
        })
    }
}

/// Boards over loopback need no credential until one is issued; all others always do. A board
/// publishes under its own name only.
struct Access {
    credentials: Arc<dyn Credentials>,
}

impl Access {
    fn admit(&self, name: Option<&str>, password: Option<&[u8]>, from: SocketAddr) -> AuthResult {
        use mqtt5::types::ReasonCode::{BadUsernameOrPassword, NotAuthorized};
        let Some(name) = name else {
            return if from.ip().to_canonical().is_loopback() {
                AuthResult::success()
            } else {
                AuthResult::fail(NotAuthorized)
            };
        };
        match BoardId::parse(name) {
            Ok(board) if self.credentials.matches(&board, password.unwrap_or_default()) => {
                AuthResult::success_with_user(name)
            }
            _ => AuthResult::fail(BadUsernameOrPassword),
        }
    }

    fn may_publish(&self, user: Option<&str>, topic: &str) -> bool {
        match (topic::parse(topic), user) {
            (Ok(t), Some(user)) => t.board.as_str() == user && t.kind != Kind::Commands,
            (Ok(t), None) => !self.credentials.issued(&t.board),
            // A topic that is not ours is taken, refused with its reason, and listed.
            (Err(_), _) => true,
        }
    }

    fn may_subscribe(&self, user: Option<&str>, filter: &str) -> bool {
        match (topic::parse(filter), user) {
            (Ok(t), Some(user)) => t.board.as_str() == user,
            (Ok(t), None) => !self.credentials.issued(&t.board),
            (Err(_), _) => false,
        }
    }
}

type Answer<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

impl AuthProvider for Access {
    fn authenticate<'a>(
        &'a self,
        connect: &'a mqtt5::packet::connect::ConnectPacket,
        client_addr: SocketAddr,
    ) -> Answer<'a, mqtt5::error::Result<AuthResult>> {
        let name = connect.username.as_deref();
        let password = connect.password.as_deref();
        let result = self.admit(name, password, client_addr);
        Box::pin(async move { Ok(result) })
    }

    /// Always yes: the hook decides, for a refusal here would be acknowledged to MQTT 3.1.1
    /// clients and leave no trace.
    fn authorize_publish<'a>(
        &'a self,
        _client_id: &str,
        _user_id: Option<&'a str>,
        _topic: &'a str,
    ) -> Answer<'a, bool> {
        Box::pin(async { true })
    }

    fn authorize_subscribe<'a>(
        &'a self,
        _client_id: &str,
        user_id: Option<&'a str>,
        topic_filter: &'a str,
    ) -> Answer<'a, bool> {
        let may = self.may_subscribe(user_id, topic_filter);
        Box::pin(async move { may })
    }
}
