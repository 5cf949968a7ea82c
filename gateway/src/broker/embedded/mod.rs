//! The broker inside this process, for workshops that have none.
//!
//! `mqtt5` awaits our hook before it sends PUBACK, so the acknowledgement waits for the spool. This
//! module is the only place that knows the crate (docs/decisions/0001-embedded-broker.md).

mod access;
mod hook;

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use mqtt5::broker::config::{BrokerConfig, StorageBackend};
use mqtt5::broker::{BrokerShutdownHandle, MqttBroker};
use rumqttc::MqttOptions;
use telemetry::name::BoardId;

use self::access::{Access, OWN_NAME};
use self::hook::SpoolBeforePuback;
use crate::intake::Intake;
use crate::limits::{CLIENTS, PACKET_BYTES, STOPPING};

const LOOPBACK_V4: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
const LOOPBACK_V6: IpAddr = IpAddr::V6(Ipv6Addr::LOCALHOST);

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
    own_password: String,
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
            .with_max_subscriptions_per_client(16);
        config.client_channel_capacity = 256;
        config.sys_topics_enabled = false;
        config.storage_config.backend = StorageBackend::Memory;
        config.storage_config.max_queued_messages_per_client = 1000;
        config.storage_config.max_queued_bytes_per_client = 1024 * 1024;
        let own_password = uuid::Uuid::new_v4().to_string();
        let access =
            Access { credentials, own_password: own_password.clone(), intake: intake.clone() };
        let access = Arc::new(access);
        config.event_handler = Some(Arc::new(SpoolBeforePuback::new(intake, access.clone())));
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
        Ok(Self { address, own_password, shutdown, task })
    }

    /// How the gateway itself connects, to publish commands.
    #[must_use]
    pub fn for_commands(&self) -> MqttOptions {
        let mut own = self.address;
        if own.ip().is_unspecified() {
            own.set_ip(if own.is_ipv4() { LOOPBACK_V4 } else { LOOPBACK_V6 });
        }
        let mut options = MqttOptions::new(OWN_NAME, own.ip().to_string(), own.port());
        options.set_credentials(OWN_NAME, &self.own_password);
        options
    }

    /// Closes every connection and waits for the last task. A message that the spool cannot take
    /// keeps its connection waiting; it has no PUBACK, so its board sends it again.
    pub async fn stop(mut self) {
        self.shutdown.shutdown();
        if tokio::time::timeout(STOPPING, &mut self.task).await.is_err() {
            self.task.abort();
        }
    }
}
