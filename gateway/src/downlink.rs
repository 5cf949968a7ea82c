//! The way down: commands that the server has sealed are published to their boards until these have
//! answered.
//!
//! The gateway cannot read or forge a command; it only carries it. A board that is away misses what
//! is published meanwhile, so whatever is unanswered is published again with each answer of the
//! server, every ten seconds at the latest; a board does no command twice.

use std::time::Duration;

use rumqttc::{AsyncClient, EventLoop, MqttOptions, QoS};
use telemetry::name::BoardId;
use telemetry::topic::{self, Kind};
use tokio::sync::watch;

use crate::limits::{BACKOFF, WAITING_COMMANDS};

/// A sealed command on its way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// Its board.
    pub board: BoardId,
    /// Grows from command to command.
    pub counter: i64,
    /// The message, as `telemetry::command::seal` made it.
    pub message: Vec<u8>,
}

/// The server was not reached or did not answer properly. It is asked again.
#[derive(Debug, thiserror::Error)]
#[error("the server hands out no commands: {0}")]
pub struct CommandsError(pub String);

/// Hands out commands: the server in the same process, or over HTTP.
pub trait Commands: Send + Sync {
    /// All commands that boards behind this gateway have not answered. Returns at once when one is
    /// newer than `known`, otherwise after about ten seconds.
    fn waiting(
        &self,
        gateway: &str,
        known: i64,
    ) -> impl Future<Output = Result<Vec<Waiting>, CommandsError>> + Send;
}

/// Publishes what the server hands out.
pub struct Downlink<C> {
    commands: C,
    gateway: String,
    client: AsyncClient,
    events: EventLoop,
}

impl<C: Commands> Downlink<C> {
    /// `broker` says where to publish and as whom; the client id has to be unlike that of the
    /// connection that receives.
    pub fn new(commands: C, gateway: &str, broker: MqttOptions) -> Self {
        let (client, events) = AsyncClient::new(broker, WAITING_COMMANDS);
        Self { commands, gateway: gateway.to_owned(), client, events }
    }

    /// Runs until `stop` becomes true.
    pub async fn run(self, mut stop: watch::Receiver<bool>) {
        let Self { commands, gateway, client, events } = self;
        tokio::select! {
            _ = stop.wait_for(|stop| *stop) => {}
            () = hand_out(&commands, &gateway, &client) => {}
            () = keep_connected(events) => {}
        }
    }
}

async fn hand_out(commands: &impl Commands, gateway: &str, client: &AsyncClient) {
    let mut known = 0;
    let mut delay = BACKOFF.0;
    loop {
        match commands.waiting(gateway, known).await {
            Ok(waiting) => {
                delay = BACKOFF.0;
                for command in waiting {
                    known = known.max(command.counter);
                    publish(client, command);
                }
            }
            Err(error) => {
                tracing::debug!(%error, "Commands have to wait");
                pause(&mut delay).await;
            }
        }
    }
}

fn publish(client: &AsyncClient, command: Waiting) {
    let topic = topic::of(&command.board, Kind::Commands);
    // Where the broker is away the queue fills up; the command comes again with the next answer.
    if let Err(error) = client.try_publish(topic, QoS::AtLeastOnce, false, command.message) {
        tracing::warn!(%error, board = %command.board, "A command has to wait for the broker");
    }
}

async fn keep_connected(mut events: EventLoop) {
    let mut delay = BACKOFF.0;
    loop {
        match events.poll().await {
            Ok(_) => delay = BACKOFF.0,
            Err(error) => {
                tracing::debug!(%error, "No connection to the broker for commands");
                pause(&mut delay).await;
            }
        }
    }
}

async fn pause(delay: &mut Duration) {
    tokio::time::sleep(*delay).await;
    *delay = (*delay * 2).min(BACKOFF.1);
}
