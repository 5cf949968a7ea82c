//! A board's way to its broker: MQTT 5 over any network that `embedded-nal-async` describes.
//!
//! One message is in flight at a time, at QoS 1, and [`Traffic::delivered`] is called when its
//! PUBACK has come: only then may the board forget what it held. Each connection is a clean
//! session, so nothing is kept in two places; what was in flight when a connection broke is asked
//! for again and sent again, which does no harm.
#![no_std]

mod connection;
pub mod limits;
mod pause;
mod state;

use embedded_nal_async::{Dns, TcpConnect};
pub use pause::Pauses;
pub use state::{Down, State};
use telemetry::topic::Kind;

/// Whom to connect to, and as whom.
#[derive(Debug, Clone, Copy)]
pub struct Settings<'a> {
    /// The board's id: its topics and its MQTT client id.
    pub board: &'a str,
    /// Name or address of the broker.
    pub host: &'a str,
    /// Port of the broker.
    pub port: u16,
    /// User name; empty for none.
    pub username: &'a str,
    /// Password.
    pub password: &'a str,
}

/// What the link carries, and whom it tells.
pub trait Traffic {
    /// Of which kind the next message is; `None` when nothing waits.
    fn next_kind(&self) -> Option<Kind>;

    /// Writes the next message, of the kind just said, and says its length; the same one again
    /// until [`Traffic::delivered`] or until the link was down. `None` when nothing waits after
    /// all.
    fn next_message(&self, buffer: &mut [u8]) -> Option<usize>;

    /// Waits until there may be a message. May return without one.
    fn message_waits(&self) -> impl Future<Output = ()>;

    /// The broker has the message.
    fn delivered(&self);

    /// A payload has come on the board's topic of commands.
    fn command(&self, payload: &[u8]);

    /// The link has entered a state. [`State::Up`] begins and [`State::Down`] ends it.
    fn entered(&self, state: State);
}

/// Memory for packets; one for the whole run.
#[derive(Debug)]
pub struct Memory {
    receive: [u8; limits::RECEIVE_BYTES],
    send: [u8; limits::SEND_BYTES],
}

impl Memory {
    /// Empty.
    #[must_use]
    pub const fn new() -> Self {
        Self { receive: [0; limits::RECEIVE_BYTES], send: [0; limits::SEND_BYTES] }
    }
}

impl Default for Memory {
    fn default() -> Self {
        Self::new()
    }
}

/// Keeps the link up, for ever. The seed spreads the pauses of boards that fail together.
pub async fn run<N, T>(
    settings: &Settings<'_>,
    network: &N,
    traffic: &T,
    memory: &mut Memory,
    seed: u32,
) -> !
where
    N: TcpConnect + Dns,
    T: Traffic,
{
    let mut pauses = Pauses::new(seed);
    let mut state = State::Resolving;
    loop {
        traffic.entered(state);
        state = match state {
            State::Resolving => state::resolve(settings, network).await,
            State::Connecting(broker) => {
                let link = connection::Link { settings, network, traffic, memory };
                State::Down(link.serve(broker, &mut pauses).await)
            }
            // Entered inside `serve`, which ends in `Down`.
            State::Up => State::Resolving,
            State::Down(_) => {
                let pause = u64::from(pauses.failed());
                embassy_time::Timer::after_millis(pause).await;
                State::Resolving
            }
        };
    }
}
