//! The agent between its sensors and its link.

use core::cell::{Cell, RefCell};
use core::future::poll_fn;
use core::task::Poll;

use board::agent::{Agent, Effect};
use board::clock::Uptime;
use board::config::{Broker, Text};
use board::limits::MAX_NAME_BYTES;
use board::storage::{Blocking, FlashStorage};
use link::{Down, Settings, State, Traffic};
use telemetry::topic::Kind;

use crate::flash::Flash;
use crate::inputs::Inputs;
use crate::{clock, host, lamp, last_words};

/// Readings that wait in memory; what is more waits in flash.
pub const RING: usize = 48;

/// Where the agent keeps what outlives a reset.
pub type Store = FlashStorage<Blocking<Flash>>;

/// The agent with this board's flash.
pub type Keeper = Agent<Store, RING>;

/// What the main loop and the link share.
pub struct Station {
    /// A second time, since the link has them for the whole run and the agent is changed.
    name: Text<MAX_NAME_BYTES>,
    broker: Broker,
    agent: RefCell<&'static mut Keeper>,
    rebooting: Cell<bool>,
    lit_until: Cell<Option<Uptime>>,
}

fn now() -> Uptime {
    Uptime(clock::now_ms())
}

impl Station {
    /// Around an agent.
    #[must_use]
    pub fn new(agent: &'static mut Keeper) -> Self {
        Self {
            name: agent.config().board.clone(),
            broker: agent.config().broker.clone(),
            agent: RefCell::new(agent),
            rebooting: Cell::new(false),
            lit_until: Cell::new(None),
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

    /// Samples every channel that is due, and does what commands have left: turns the lamp off,
    /// restarts the board once the answer is out.
    /// Says how many samples it took.
    pub fn measure(&self, inputs: &mut Inputs<'_>) -> u32 {
        let mut agent = self.agent.borrow_mut();
        let samples = agent.measure(inputs, now);
        if self.lit_until.get().is_some_and(|until| until <= now()) {
            self.lit_until.set(None);
            lamp::set(false);
        }
        if self.rebooting.get() && agent.may_reboot(now()) {
            host::print(c"board: restarting as commanded\n");
            last_words::reboot();
        }
        samples
    }

    /// When the next sample is due, milliseconds since boot.
    #[must_use]
    pub fn next_due_ms(&self) -> u64 {
        self.agent.borrow().next_due(now()).0
    }
}

impl Traffic for Station {
    fn next_kind(&self) -> Option<Kind> {
        self.agent.borrow_mut().next_kind()
    }

    fn next_message(&self, buffer: &mut [u8]) -> Option<usize> {
        Some(self.agent.borrow_mut().next_message(now(), buffer)?.length)
    }

    /// Until the main loop has come round once.
    async fn message_waits(&self) {
        let mut asked = false;
        poll_fn(|_| {
            let ready = if asked { Poll::Ready(()) } else { Poll::Pending };
            asked = true;
            ready
        })
        .await;
    }

    fn delivered(&self) {
        self.agent.borrow_mut().delivered(now());
    }

    fn command(&self, payload: &[u8]) {
        match self.agent.borrow_mut().command(payload, now()) {
            Some(Effect::Reboot) => self.rebooting.set(true),
            Some(Effect::Identify { seconds }) => {
                lamp::set(true);
                self.lit_until.set(Some(now() + u64::from(seconds) * 1_000));
                host::print(c"board: the lamp shows which board this is\n");
            }
            None => {}
        }
    }

    fn entered(&self, state: State) {
        let mut agent = self.agent.borrow_mut();
        match state {
            State::Up => agent.link_up(now()),
            State::Down(_) => agent.link_down(now()),
            State::Resolving | State::Connecting(_) => return,
        }
        host::print(match state {
            State::Up => c"link: up\n",
            State::Down(Down::Name) => c"link: the broker's name has no address\n",
            State::Down(Down::Unreachable) => c"link: the broker cannot be reached\n",
            State::Down(Down::Refused) => c"link: the broker does not let the board in\n",
            State::Down(Down::NotAllowed) => c"link: the broker does not allow a topic\n",
            State::Down(Down::DoesNotFit) => c"link: the configuration does not fit into MQTT\n",
            State::Down(Down::Silent) => c"link: the broker does not answer any more\n",
            State::Down(Down::Lost) => c"link: the connection is lost\n",
            State::Resolving | State::Connecting(_) => return,
        });
    }
}
