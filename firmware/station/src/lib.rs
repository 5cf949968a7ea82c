//! The agent between its sensors and its link, for boards with an asynchronous executor: such a
//! board brings a network, a clock for `embassy-time`, its sensors and [`Hardware`].
//!
//! [`Station::measure`] and `link::run` run side by side, in one task or in two of one executor.
#![no_std]

#[cfg(feature = "w5500")]
pub mod ethernet;
#[cfg(feature = "embassy-net")]
pub mod network;

use core::cell::{Cell, RefCell};

use board::agent::{Agent, Effect};
use board::clock::Uptime;
use board::config::{Broker, Text};
use board::limits::MAX_NAME_BYTES;
use board::sensor::Inputs;
use board::storage::Storage;
use embassy_futures::select::select;
use embassy_sync::blocking_mutex::raw::NoopRawMutex;
use embassy_sync::signal::Signal;
use embassy_time::{Instant, Timer};
use link::{Down, Settings, State, Traffic};
use telemetry::topic::Kind;

/// Longest pause between two calls of [`Hardware::alive`], milliseconds.
pub const ALIVE_MS: u64 = 1_000;

/// What of a board the agent's commands touch, and who watches over it.
pub trait Hardware {
    /// Shows which board this is, or ends that.
    fn lamp(&self, on: bool);

    /// The loop goes round: feeds a watchdog. Called every [`ALIVE_MS`] at least.
    fn alive(&self);

    /// The link has entered a state: for a log.
    fn link(&self, state: State);
}

/// What the sampling and the link share.
pub struct Station<'a, H, S, const RING: usize> {
    /// A second time, since the link has them for the whole run and the agent is changed.
    name: Text<MAX_NAME_BYTES>,
    broker: Broker,
    agent: RefCell<&'a mut Agent<S, RING>>,
    hardware: H,
    rebooting: Cell<bool>,
    lit_until: Cell<Option<Uptime>>,
    /// There may be a message for the link.
    news: Signal<NoopRawMutex, ()>,
    /// The link has changed what the sampling waits for.
    changed: Signal<NoopRawMutex, ()>,
}

/// A state of the link in words, for a log; `None` for one that lasts a moment.
#[must_use]
pub fn words(state: State) -> Option<&'static str> {
    Some(match state {
        State::Up => "the link is up",
        State::Down(Down::Name) => "the broker's name has no address",
        State::Down(Down::Unreachable) => "the broker cannot be reached",
        State::Down(Down::Refused) => "the broker does not let the board in",
        State::Down(Down::NotAllowed) => "the broker does not allow a topic",
        State::Down(Down::DoesNotFit) => "the configuration does not fit into MQTT",
        State::Down(Down::Silent) => "the broker does not answer any more",
        State::Down(Down::Lost) => "the connection is lost",
        State::Resolving | State::Connecting(_) => return None,
    })
}

/// Milliseconds since boot.
#[must_use]
pub fn now() -> Uptime {
    Uptime(Instant::now().as_millis())
}

impl<'a, H: Hardware, S: Storage, const RING: usize> Station<'a, H, S, RING> {
    /// Around an agent.
    pub fn new(agent: &'a mut Agent<S, RING>, hardware: H) -> Self {
        Self {
            name: agent.config().board.clone(),
            broker: agent.config().broker.clone(),
            agent: RefCell::new(agent),
            hardware,
            rebooting: Cell::new(false),
            lit_until: Cell::new(None),
            news: Signal::new(),
            changed: Signal::new(),
        }
    }

    /// Whom the link connects to.
    #[must_use]
    pub fn settings(&self) -> Settings<'_> {
        Settings {
            board: &self.name,
            host: &self.broker.host,
            port: self.broker.port,
            username: &self.broker.username,
            password: &self.broker.password,
        }
    }

    /// A time server or the operating system tells the time, milliseconds since 1970.
    pub fn tell_time(&self, unix_ms: i64) {
        self.agent.borrow_mut().set_time(unix_ms, now());
        self.news.signal(());
    }

    /// Samples for as long as the board runs. Ends when a command wants the board to begin anew and
    /// all readings are in flash.
    pub async fn measure(&self, inputs: &mut impl Inputs) {
        while let Some(until) = self.turn(inputs) {
            self.news.signal(());
            let until = Instant::from_millis(until.0);
            select(Timer::at(until), self.changed.wait()).await;
        }
    }

    /// What was given to [`Station::new`].
    pub fn hardware(&self) -> &H {
        &self.hardware
    }

    /// The board is switched off: what is in memory goes to flash.
    pub fn switch_off(&self) {
        self.agent.borrow_mut().switch_off(now());
    }

    /// Does what is due and says until when nothing is.
    fn turn(&self, inputs: &mut impl Inputs) -> Option<Uptime> {
        let mut agent = self.agent.borrow_mut();
        self.hardware.alive();
        agent.measure(inputs, now);
        if self.lit_until.get().is_some_and(|until| until <= now()) {
            self.lit_until.set(None);
            self.hardware.lamp(false);
        }
        if self.rebooting.get() && agent.may_reboot(now()) {
            return None;
        }
        let next = agent.next_due(now()).min(now() + ALIVE_MS);
        Some(self.lit_until.get().map_or(next, |lit| lit.min(next)))
    }
}

impl<H: Hardware, S: Storage, const RING: usize> Traffic for Station<'_, H, S, RING> {
    fn next_kind(&self) -> Option<Kind> {
        self.agent.borrow_mut().next_kind()
    }

    fn next_message(&self, buffer: &mut [u8]) -> Option<usize> {
        Some(self.agent.borrow_mut().next_message(now(), buffer)?.length)
    }

    async fn message_waits(&self) {
        self.news.wait().await;
    }

    fn delivered(&self) {
        self.agent.borrow_mut().delivered(now());
        self.changed.signal(());
    }

    fn command(&self, payload: &[u8]) {
        match self.agent.borrow_mut().command(payload, now()) {
            Some(Effect::Reboot) => self.rebooting.set(true),
            Some(Effect::Identify { seconds }) => {
                self.hardware.lamp(true);
                self.lit_until.set(Some(now() + u64::from(seconds) * 1_000));
            }
            None => {}
        }
        self.news.signal(());
        self.changed.signal(());
    }

    fn entered(&self, state: State) {
        match state {
            State::Up => self.agent.borrow_mut().link_up(now()),
            State::Down(_) => self.agent.borrow_mut().link_down(now()),
            State::Resolving | State::Connecting(_) => {}
        }
        self.hardware.link(state);
        self.changed.signal(());
    }
}
