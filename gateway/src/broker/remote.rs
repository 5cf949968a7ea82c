//! A real broker: a persistent session at QoS 1 with manual acknowledgement.
//!
//! The broker keeps what we have not acknowledged, and we acknowledge what is in the spool. So a
//! crash on either side repeats messages and loses none; the server makes repetition harmless.

use std::time::Duration;

use rumqttc::{AsyncClient, Event, EventLoop, MqttOptions, Packet, Publish, QoS};
use telemetry::topic::SUBSCRIPTIONS;
use tokio::sync::{mpsc, watch};

use crate::intake::{Intake, Received};
use crate::limits::{BACKOFF, PACKET_BYTES, WAITING_MESSAGES};

/// A broker's address that cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("the broker address {url:?} is not of the form mqtt://host:port: {cause}")]
pub struct AddressError {
    url: String,
    cause: String,
}

/// Where the broker is and who we are there.
pub struct RemoteBroker {
    options: MqttOptions,
    link: watch::Sender<LinkState>,
}

/// How the connection stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LinkState {
    /// Not yet connected, or connected and not yet subscribed.
    Connecting,
    /// Messages come.
    Subscribed,
    /// No connection; the text says why.
    Away(String),
}

impl RemoteBroker {
    /// `url` such as `mqtt://127.0.0.1:1883`; `client_id` names the persistent session and must be
    /// unlike that of any other gateway at this broker.
    ///
    /// # Errors
    /// When the address is not understood.
    pub fn new(
        url: &str,
        client_id: &str,
        login: Option<(&str, &str)>,
    ) -> Result<Self, AddressError> {
        let separator = if url.contains('?') { '&' } else { '?' };
        let mut options = MqttOptions::parse_url(format!("{url}{separator}client_id={client_id}"))
            .map_err(|e| AddressError { url: url.to_owned(), cause: e.to_string() })?;
        options
            .set_clean_session(false)
            .set_manual_acks(true)
            .set_keep_alive(Duration::from_secs(30))
            .set_max_packet_size(PACKET_BYTES, PACKET_BYTES);
        if let Some((name, password)) = login {
            options.set_credentials(name, password);
        }
        Ok(Self { options, link: watch::channel(LinkState::Connecting).0 })
    }

    /// How to connect for commands: a client of its own, since one that waits for room to publish
    /// could not go on receiving.
    #[must_use]
    pub fn for_commands(&self) -> MqttOptions {
        let (host, port) = self.options.broker_address();
        let id = format!("{}-commands", self.options.client_id());
        let mut options = MqttOptions::new(id, host, port);
        options.set_transport(self.options.transport());
        if let Some(login) = self.options.credentials() {
            options.set_credentials(login.username, login.password);
        }
        options
    }

    /// How the connection stands, now and later.
    #[must_use]
    pub fn link(&self) -> watch::Receiver<LinkState> {
        self.link.subscribe()
    }

    /// Takes messages until `stop` becomes true.
    pub async fn run(self, intake: Intake, mut stop: watch::Receiver<bool>) {
        let (client, events) = AsyncClient::new(self.options, WAITING_MESSAGES);
        let (stored_tx, stored) = mpsc::unbounded_channel();
        let (generation_tx, generation) = watch::channel(0);
        let acknowledge = acknowledge_stored(client.clone(), stored, generation);
        let connection = Connection { client, generation: generation_tx, link: self.link };
        let receive = receive(connection, events, intake, stored_tx);
        tokio::select! {
            _ = stop.wait_for(|stop| *stop) => {}
            () = async { tokio::join!(receive, acknowledge); } => {}
        }
    }
}

/// A message that is on disk, and the connection on which it came.
struct Stored {
    publish: Publish,
    generation: u64,
}

struct Connection {
    client: AsyncClient,
    generation: watch::Sender<u64>,
    link: watch::Sender<LinkState>,
}

async fn receive(
    connection: Connection,
    mut events: EventLoop,
    intake: Intake,
    stored: mpsc::UnboundedSender<Stored>,
) {
    let Connection { client, generation, link } = connection;
    let mut delay = BACKOFF.0;
    let mut granted = 0;
    loop {
        match events.poll().await {
            Ok(Event::Incoming(Packet::ConnAck(_))) => {
                delay = BACKOFF.0;
                generation.send_modify(|g| *g += 1);
                // Also when the session was kept: the broker may have forgotten it.
                subscribe(&client);
                granted = 0;
                link.send_replace(LinkState::Connecting);
                tracing::info!("Connected to the broker");
            }
            Ok(Event::Incoming(Packet::SubAck(_))) => {
                granted += 1;
                if granted == SUBSCRIPTIONS.len() {
                    link.send_replace(LinkState::Subscribed);
                }
            }
            Ok(Event::Incoming(Packet::Publish(publish))) => {
                let of = *generation.borrow();
                if take(&intake, publish, of, &stored).await.is_err() {
                    return;
                }
            }
            Ok(_) => {}
            Err(error) => {
                // Events of the lost connection would be acknowledged on the next one.
                events.clean();
                generation.send_modify(|g| *g += 1);
                link.send_replace(LinkState::Away(error.to_string()));
                tracing::warn!(%error, delay_ms = delay.as_millis(), "The broker is away");
                tokio::time::sleep(delay).await;
                delay = (delay * 2).min(BACKOFF.1);
            }
        }
    }
}

fn subscribe(client: &AsyncClient) {
    for filter in SUBSCRIPTIONS {
        // Waiting here would stop the loop that empties the channel; it holds far more than these.
        if let Err(error) = client.try_subscribe(filter, QoS::AtLeastOnce) {
            tracing::error!(%error, filter, "Could not subscribe");
        }
    }
}

async fn take(
    intake: &Intake,
    publish: Publish,
    generation: u64,
    stored: &mpsc::UnboundedSender<Stored>,
) -> Result<(), crate::spool::SpoolError> {
    let (topic, payload) = (publish.topic.clone(), publish.payload.clone());
    let stored = stored.clone();
    let done = move |result: Result<(), _>| {
        if result.is_ok() && publish.qos != QoS::AtMostOnce {
            let _ = stored.send(Stored { publish, generation });
        }
    };
    intake.take(Received { topic: &topic, payload: &payload }, Box::new(done)).await
}

async fn acknowledge_stored(
    client: AsyncClient,
    mut stored: mpsc::UnboundedReceiver<Stored>,
    generation: watch::Receiver<u64>,
) {
    while let Some(Stored { publish, generation: of }) = stored.recv().await {
        // The broker sends it again on the new connection; packet ids do not carry over.
        if *generation.borrow() == of && client.ack(&publish).await.is_err() {
            return;
        }
    }
}
