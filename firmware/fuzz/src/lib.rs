//! A board for the fuzzer: two channels, a small flash, and a gateway that reads what comes up.

mod flash;

pub use flash::{PAGE, RamFlash};

use board::agent::Agent;
use board::boot::{Boot, Reset};
use board::clock::Uptime;
use board::config::{Broker, Channel, Config, Text};
use board::storage::{Blocking, FlashStorage};
use telemetry::topic::Kind;

/// Key and id of the board.
pub const KEY: [u8; 32] = [7; 32];
/// See [`KEY`].
pub const BOARD: &str = "pump-7";
/// Pages of its flash, half of them for the settings.
pub const PAGES: usize = 8;

/// The agent under test.
pub type Fuzzed = Agent<FlashStorage<Blocking<RamFlash>>, 16>;

fn text<const N: usize>(s: &str) -> Text<N> {
    Text::try_from(s).unwrap()
}

/// The configuration of the board.
pub fn config() -> Config {
    let (username, password) = (text(""), text(""));
    let broker = Broker { host: text("broker"), port: 1883, username, password };
    let mut config = Config::new(text(BOARD), broker, KEY);
    for (name, unit) in [("bearing", "Cel"), ("outlet", "Pa")] {
        config.channels.push(Channel::new(text(name), text(unit), text("x"))).unwrap();
    }
    config
}

/// A board that boots with this flash.
pub fn boot(flash: RamFlash) -> Fuzzed {
    let half = (PAGES / 2 * PAGE) as u32;
    let storage = FlashStorage::new(Blocking(flash), 0..half, half..2 * half).unwrap();
    Agent::new(config(), storage, Boot::new("fuzz 1", Reset::Panic, Some("x")), Uptime(0))
}

/// Runs the loop for some milliseconds from `from` on.
pub fn run(agent: &mut Fuzzed, from: u64, ms: u64) {
    let mut now = Uptime(from);
    for _ in 0..1_000 {
        while let Some(channel) = agent.due(now) {
            agent.sampled(channel, now, Ok(now.0 as f32));
        }
        now = agent.next_due(now).max(now + 1);
        if now.0 > from + ms {
            break;
        }
    }
}

/// Takes all messages as the gateway does: each must be one that it can read.
pub fn drain(agent: &mut Fuzzed, now: u64) {
    agent.link_up(Uptime(now));
    // Readings wait a moment for somebody to tell the time.
    let now = Uptime(now) + board::limits::CLOCK_GRACE_MS;
    let mut buffer = [0; 512];
    let mut messages = 0;
    while let Some(message) = agent.next_message(now, &mut buffer) {
        let bytes = &buffer[..message.length];
        match message.kind {
            Kind::Reports => {
                telemetry::report::Report::decode(bytes).unwrap();
            }
            // A clock that is wrong by years is refused by the gateway, record by record.
            Kind::Readings => {
                telemetry::senml::decode(bytes, 4_000_000_000_000_000).unwrap();
            }
            kind => panic!("a board does not publish {kind:?}"),
        }
        agent.delivered(now);
        messages += 1;
        assert!(messages < 1_000, "messages without end");
    }
    agent.link_down(now);
}
