//! The agent: everything a board decides, and none of what it touches.
//!
//! A board's loop calls [`Agent::measure`], moves [`Agent::next_message`] while its link is up, and
//! sleeps until [`Agent::next_due`]. What comes down goes to [`Agent::command`].
//!
//! ```no_run
//! # use board::{agent::Agent, boot::{Boot, Reset}, clock::Uptime, config::Config};
//! # use board::storage::NoStorage;
//! # fn now() -> Uptime { Uptime(0) }
//! # struct Inputs;
//! # impl board::sensor::Inputs for Inputs {
//! #     fn named(&mut self, _: &str) -> Option<&mut dyn board::sensor::Sensor> { None }
//! # }
//! # fn sleep_until(_: Uptime) {}
//! # let config = Config::decode(&[]).unwrap();
//! let boot = Boot::new("my-board 1.0.0", Reset::Power, None);
//! let mut agent = Agent::<_, 256>::new(config, NoStorage, boot, now());
//! loop {
//!     agent.measure(&mut Inputs, now);
//!     sleep_until(agent.next_due(now()));
//! }
//! ```

mod bursting;
mod commands;
mod keeping;
mod messages;

pub use commands::Effect;
pub use messages::Outgoing;

use core::mem::MaybeUninit;

use heapless::Vec;

use crate::boot::{Boot, LastWords, Reset};
use crate::clock::{Uptime, WallClock};
use crate::config::{Channel, Config, ConfigError};
use crate::filter::Filter;
use crate::health::{Diagnosis, Judge};
use crate::limits::MAX_CHANNELS;
use crate::outbox::{Outbox, What};
use crate::reporting::Reporter;
use crate::ring::{Reading, Ring};
use crate::schedule::Schedule;
use crate::sensor::{Fault, Inputs};
use crate::settings::Settings;
use crate::storage::Storage;
use keeping::Log;

/// All that a board knows and decides. `RING` readings wait in memory, twelve bytes each.
#[derive(Debug)]
pub struct Agent<S, const RING: usize> {
    config: Config,
    storage: S,
    firmware: &'static str,
    reset: Reset,
    settings: Settings,
    clock: WallClock,
    channels: Vec<Pipeline, MAX_CHANNELS>,
    ring: Ring<RING>,
    log: Log,
    outbox: Outbox,
    link: Link,
    bursting: bool,
    burst_counted_to: Option<Uptime>,
    reboot: Option<Uptime>,
}

/// What each channel carries from one sample to the next.
#[derive(Debug)]
struct Pipeline {
    schedule: Schedule,
    filter: Filter,
    judge: Judge,
    reporter: Reporter,
}

impl Pipeline {
    fn new(channel: &Channel, now: Uptime) -> Self {
        let sampling = &channel.sampling;
        Self {
            schedule: Schedule::new(sampling.interval_ms, sampling.oversampling, now),
            filter: Filter::default(),
            judge: Judge::new(now),
            reporter: Reporter::default(),
        }
    }
}

/// Whether messages can go out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Link {
    Down,
    Up { since: Uptime },
}

impl<S: Storage, const RING: usize> Agent<S, RING> {
    /// Begins a run: takes up what the run before kept, and has the boot to report.
    pub fn new(config: Config, storage: S, boot: Boot, now: Uptime) -> Self {
        let mut agent = Self::unbegun(config, storage, &boot);
        agent.begin(boot.panic, now);
        agent
    }

    /// Begins a run as [`Agent::new`] does, of a configuration as bytes and where the agent is to
    /// stay: both are kilobytes that a small board does not have on its stack as well.
    ///
    /// # Errors
    /// When the configuration cannot be; no run has begun then.
    pub fn place<'p>(
        place: &'p mut MaybeUninit<Self>,
        config: &[u8],
        storage: S,
        boot: Boot,
        now: Uptime,
    ) -> Result<&'p mut Self, ConfigError> {
        let agent = place.write(Self::unbegun(Config::empty(), storage, &boot));
        agent.config.read(config)?;
        agent.begin(boot.panic, now);
        Ok(agent)
    }

    #[inline(always)]
    fn unbegun(config: Config, storage: S, boot: &Boot) -> Self {
        Self {
            config,
            storage,
            firmware: boot.firmware,
            reset: boot.reset,
            settings: Settings::default(),
            clock: WallClock::default(),
            channels: Vec::new(),
            ring: Ring::new(0),
            log: Log::new(),
            outbox: Outbox::new(0),
            link: Link::Down,
            bursting: false,
            burst_counted_to: None,
            reboot: None,
        }
    }

    #[inline(never)]
    fn begin(&mut self, panic: Option<LastWords>, now: Uptime) {
        self.resume(panic);
        for channel in &self.config.channels {
            // As many as there are channels.
            let _ = self.channels.push(Pipeline::new(channel, now));
        }
        self.outbox.push(now, What::Boot);
    }

    /// The channel that has to be sampled now, the one that waits longest first. Also does what
    /// else is due: call it at least when [`Agent::next_due`] says.
    pub fn due(&mut self, now: Uptime) -> Option<usize> {
        self.follow_burst(now);
        self.keep(now);
        let due = self.channels.iter().map(|c| c.schedule.due_at()).enumerate();
        let (channel, at) = due.min_by_key(|(_, at)| *at)?;
        (at <= now).then_some(channel)
    }

    /// Until when the board may sleep.
    #[must_use]
    pub fn next_due(&self, now: Uptime) -> Uptime {
        let samples = self.channels.iter().map(|c| c.schedule.due_at());
        let others = [self.keep_at(), self.burst_ends_at(), self.readings_wait_until(now)];
        let reboot = self.reboot.into_iter();
        samples.chain(others.into_iter().flatten()).chain(reboot).min().unwrap_or(now)
    }

    /// Samples every channel that is due and says how many samples it took. A name that the board
    /// does not have is a sensor that is not there.
    pub fn measure(&mut self, inputs: &mut impl Inputs, now: impl Fn() -> Uptime) -> u32 {
        let mut samples = 0;
        while let Some(channel) = self.due(now()) {
            let source = self.config.channels.get(channel).map(|c| c.source.as_str());
            let sensor = source.and_then(|source| inputs.named(source));
            let value = sensor.map_or(Err(Fault::Missing), |sensor| sensor.read());
            self.sampled(channel, now(), value);
            samples += 1;
        }
        samples
    }

    /// Takes one raw sample of a channel: filters, calibrates, judges the sensor, and keeps the
    /// reading if it is news.
    pub fn sampled(&mut self, channel: usize, now: Uptime, sample: Result<f32, Fault>) {
        let pipeline = self.channels.get_mut(channel).zip(self.config.channels.get(channel));
        let (Some((state, settings)), Ok(index)) = (pipeline, u8::try_from(channel)) else {
            return;
        };
        let complete = state.schedule.completes(now);
        state.schedule.sampled(now);
        let Some(filtered) = state.filter.take(sample, complete, &settings.sampling) else {
            return;
        };
        let calibrated = filtered.map(|v| settings.calibration.as_ref().map_or(v, |c| c.apply(v)));
        let judged = state.judge.judge(calibrated, &settings.health, now);
        if let Some(diagnosis) = judged.changed {
            self.outbox.push(now, What::Health { channel: index, diagnosis });
        }
        let Some(value) = judged.value else { return };
        if state.reporter.is_news(value, &settings.reporting, self.bursting, now) {
            self.keep_in_ring(Reading { channel: index, at: now, value });
            self.keep(now);
        }
    }

    /// Takes the time from a time server, in milliseconds since the Unix epoch. A time before 2020
    /// or after 2106 is not taken.
    pub fn set_time(&mut self, unix_ms: i64, now: Uptime) {
        if self.clock.set(unix_ms, now) {
            self.time_is_known();
        }
    }

    /// The time in milliseconds since the Unix epoch, once somebody has told it.
    #[must_use]
    pub fn time(&self, now: Uptime) -> Option<i64> {
        self.clock.unix_ms(now)
    }

    /// The link is up: the broker has accepted the connection and the commands are subscribed to.
    pub fn link_up(&mut self, now: Uptime) {
        self.outbox.give_up();
        self.link = Link::Up { since: now };
    }

    /// The link is down; what was on its way goes again later.
    pub fn link_down(&mut self, _now: Uptime) {
        self.outbox.give_up();
        self.link = Link::Down;
    }

    /// The configuration, with what commands have changed.
    #[must_use]
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// What is believed of a channel's sensor.
    #[must_use]
    pub fn diagnosis(&self, channel: usize) -> Option<Diagnosis> {
        self.channels.get(channel).map(|c| c.judge.diagnosis())
    }

    /// Readings that wait for their acknowledgement, in memory and in flash.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.ring.len() + self.log.waiting as usize
    }

    /// Ends the agent and gives the storage back.
    pub fn into_storage(self) -> S {
        self.storage
    }
}

#[cfg(test)]
mod tests;
