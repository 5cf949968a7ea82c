//! A board, its gateway and the time between them, in one process.

mod anything;
mod commands;
mod readings;
mod resets;

use std::string::{String, ToString};
use std::vec::Vec;

use telemetry::command::{self, Command};
use telemetry::report;
use telemetry::senml;

use super::*;
use crate::boot::Reset;
use crate::config::{Broker, Text};
use crate::limits::MAX_CONFIG_BYTES;
use crate::storage::mock::{MockFlash, PAGE};
use crate::storage::{Blocking, FlashStorage};

type Flash = FlashStorage<Blocking<MockFlash>>;

const RING: usize = 32;
const KEY: [u8; 32] = [7; 32];
/// Unix time in milliseconds when a board of these tests starts for the first time.
const START: i64 = 1_790_000_000_000;

fn text<const N: usize>(s: &str) -> Text<N> {
    Text::try_from(s).unwrap()
}

/// Two channels that send each of their readings, one a second.
fn config() -> Config {
    let (username, password) = (text(""), text(""));
    let broker = Broker { host: text("broker"), port: 1883, username, password };
    let mut config = Config::new(text("pump-7"), broker, KEY);
    for (name, unit) in [("bearing", "Cel"), ("outlet", "Pa")] {
        let channel = Channel::new(text(name), text(unit), text("x"));
        config.channels.push(channel).unwrap();
    }
    config
}

/// As it comes out of a file: with a checksum.
fn installed(config: &Config) -> Config {
    let mut bytes = [0; MAX_CONFIG_BYTES];
    let length = config.encode(&mut bytes).unwrap();
    Config::decode(&bytes[..length]).unwrap()
}

fn flash(pages: u32) -> Flash {
    storage(MockFlash::new(pages as usize + 4), pages)
}

/// Settings need more room than a page of the mock's size, so they have four.
fn storage(flash: MockFlash, pages: u32) -> Flash {
    let page = PAGE as u32;
    FlashStorage::new(Blocking(flash), 0..4 * page, 4 * page..(4 + pages) * page).unwrap()
}

/// A reading as the gateway has it: channel, milliseconds since the Unix epoch, value.
type Arrived = (String, i64, f64);

#[derive(Debug, Clone, PartialEq)]
enum Told {
    Boot { reset: Reset, panic: Option<String> },
    Answer { counter: i64, refused: bool },
    Health { channel: String, health: &'static str, cause: &'static str },
    Lost(u32),
}

struct Board<S> {
    agent: Agent<S, RING>,
    now: Uptime,
    /// Unix time of this run's begin; what a perfect clock would say.
    began_ms: i64,
    /// What the sensors measure next.
    value: Result<f32, Fault>,
    arrived: Vec<Arrived>,
    told: Vec<Told>,
    buffer: usize,
}

impl<S: Storage> Board<S> {
    fn new(config: Config, storage: S) -> Self {
        Self::boot(config, storage, Boot::new("test 1", Reset::Power, None), START)
    }

    fn boot(config: Config, storage: S, boot: Boot, began_ms: i64) -> Self {
        let now = Uptime(0);
        let agent = Agent::new(config, storage, boot, now);
        let (arrived, told) = (Vec::new(), Vec::new());
        Self { agent, now, began_ms, value: Ok(0.0), arrived, told, buffer: 512 }
    }

    /// The power goes and comes; what had arrived has arrived.
    fn reset(self, pause_ms: i64) -> Self {
        let Self { agent, now, began_ms, arrived, told, .. } = self;
        let config = installed(&config());
        let began_ms = began_ms + now.0 as i64 + pause_ms;
        let boot = Boot::new("test 1", Reset::Power, None);
        let board = Self::boot(config, agent.into_storage(), boot, began_ms);
        Self { arrived, told, ..board }
    }

    fn unix_ms(&self) -> i64 {
        self.began_ms + self.now.0 as i64
    }

    fn tell_time(&mut self) {
        self.agent.set_time(self.unix_ms(), self.now);
    }

    /// Runs the board's loop; values grow by one a reading.
    fn run(&mut self, ms: u64) {
        let end = self.now + ms;
        while self.now < end {
            while let Some(channel) = self.agent.due(self.now) {
                self.agent.sampled(channel, self.now, self.value);
                self.value = self.value.map(|v| v + 1.0);
            }
            let next = self.agent.next_due(self.now);
            self.now = next.max(self.now + 1).min(end);
        }
    }

    fn up(&mut self) {
        self.agent.link_up(self.now);
    }

    fn down(&mut self) {
        self.agent.link_down(self.now);
    }

    /// Takes one message as the gateway does, without acknowledging it.
    fn receive(&mut self) -> Option<()> {
        let mut buffer = std::vec![0; self.buffer];
        let Outgoing { kind, length } = self.agent.next_message(self.now, &mut buffer)?;
        let received_us = self.unix_ms() * 1_000;
        match kind {
            telemetry::topic::Kind::Readings => {
                let pack = senml::decode(&buffer[..length], received_us).unwrap();
                assert!(pack.refused.is_empty());
                for series in &pack.series {
                    let name = series.channel.as_str().to_string();
                    let reading = |s: &telemetry::pack::Sample| {
                        (name.clone(), s.measured_at_us / 1_000, s.value)
                    };
                    self.arrived.extend(series.samples.iter().map(reading));
                }
            }
            telemetry::topic::Kind::Reports => {
                let report = report::Report::decode(&buffer[..length]).unwrap();
                self.told.push(told(report.word));
            }
            kind => panic!("a board does not publish {kind:?}"),
        }
        Some(())
    }

    /// Takes and acknowledges all that waits.
    fn drain(&mut self) {
        while self.receive().is_some() {
            self.agent.delivered(self.now);
        }
    }

    fn send(&mut self, counter_ms: i64, command: &Command<'_>) -> Option<Effect> {
        let mut buffer = [0; 256];
        let message = command::seal(&KEY, "pump-7", counter_ms * 1_000, command, &mut buffer);
        self.agent.command(message.unwrap(), self.now)
    }

    /// Sends a command that was issued now.
    fn obey(&mut self, command: &Command<'_>) -> Option<Effect> {
        self.send(self.unix_ms(), command)
    }

    /// Times of one channel's readings, sorted, counted from the first start.
    fn times(&self, channel: &str) -> Vec<i64> {
        let of_channel = self.arrived.iter().filter(|(name, ..)| name == channel);
        let mut times: Vec<_> = of_channel.map(|(_, at, _)| at - START).collect();
        times.sort_unstable();
        times
    }
}

fn told(word: report::Word<'_>) -> Told {
    use report::Word;
    match word {
        Word::Boot { firmware, reset, panic } => {
            assert_eq!(firmware, "test 1");
            Told::Boot { reset, panic: panic.map(ToString::to_string) }
        }
        Word::Answer { counter, refused } => {
            Told::Answer { counter: counter / 1_000, refused: refused.is_some() }
        }
        Word::Health { channel, health, cause } => {
            let (health, cause) = (health.code(), cause.code());
            Told::Health { channel: channel.to_string(), health, cause }
        }
        Word::Lost { readings } => Told::Lost(readings),
    }
}

/// Every second from `from` on.
fn seconds(from: i64, count: i64) -> Vec<i64> {
    (0..count).map(|i| from + 1_000 * i).collect()
}
