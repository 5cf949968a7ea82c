//! What a board does when it is told to.

use telemetry::command::{self, Command};

use super::Agent;
use crate::boot::Reset;
use crate::calibration::Calibration;
use crate::clock::Uptime;
use crate::limits::{REBOOT_ECHO_MS, REBOOT_GRACE_MS};
use crate::outbox::What;
use crate::refusal::Refusal;
use crate::settings::{Burst, Heard};
use crate::storage::Storage;

/// What the board itself has to do about a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Reset as soon as [`Agent::may_reboot`] says so, and give [`Reset::Command`] as the cause.
    Reboot,
    /// Show which board this is.
    Identify {
        /// For how long, from now.
        seconds: u16,
    },
}

type Obeyed = Result<Option<Effect>, Refusal>;

impl<S: Storage, const RING: usize> Agent<S, RING> {
    /// Obeys a message from the board's topic of commands, and has the answer to report.
    ///
    /// Bytes that were not sealed for this board with its key are dropped. A command that is heard
    /// again, because its answer has not come through yet, gets the same answer and is not done
    /// again. Any other that is not newer than all before is dropped: somebody plays it again.
    pub fn command(&mut self, message: &[u8], now: Uptime) -> Option<Effect> {
        let key = &self.config.command_key;
        let opened = command::open(key, &self.config.board, message).ok()?;
        let counter = opened.counter;
        let fresh = self.settings.heard.last().is_none_or(|last| counter > last.counter);
        if opened.command == Ok(Command::Time) {
            // Taken or not, there is nothing more to do about it, and nothing to remember: the
            // clock itself knows whether it makes sense.
            if fresh && self.clock.hint(counter / 1_000, now) {
                self.time_is_known();
            }
            self.outbox.push(now, What::Answer { counter, refused: None });
            return None;
        }
        if !fresh {
            let heard = self.settings.heard.iter().find(|heard| heard.counter == counter)?;
            self.outbox.push(now, What::Answer { counter, refused: heard.refused });
            return None;
        }
        let issued_ms = counter / 1_000;
        self.clock.not_before(issued_ms, now);
        let obeyed = match opened.command {
            Ok(command) => self.obey(&command, issued_ms, now),
            Err(error) => Err(error.into()),
        };
        let refused = obeyed.err();
        self.settings.remember(Heard { counter, refused });
        self.save();
        self.outbox.push(now, What::Answer { counter, refused });
        obeyed.ok().flatten()
    }

    fn obey(&mut self, command: &Command<'_>, issued_ms: i64, now: Uptime) -> Obeyed {
        match *command {
            Command::Time => Ok(None),
            Command::Identify { seconds } => self.identify(seconds, issued_ms, now),
            Command::Interval { channel, interval_ms } => {
                self.set_interval(channel, interval_ms, now)
            }
            Command::Burst { interval_ms, seconds } => {
                self.burst(interval_ms, seconds, issued_ms, now)
            }
            Command::Calibrate(calibration) => self.calibrate(&calibration, now),
            Command::Reboot => Ok(self.begin_reboot(now)),
        }
    }

    fn identify(&self, seconds: u16, issued_ms: i64, now: Uptime) -> Obeyed {
        if self.is_over(issued_ms, u32::from(seconds), now) {
            return Err(Refusal::TooLate);
        }
        Ok(Some(Effect::Identify { seconds }))
    }

    fn set_interval(&mut self, channel: Option<&str>, interval_ms: u32, now: Uptime) -> Obeyed {
        let mut found = false;
        for (i, known) in self.config.channels.iter_mut().enumerate() {
            if channel.is_none_or(|name| name == known.name) {
                found = true;
                known.sampling.interval_ms = interval_ms;
                self.settings.changed.interval(i);
            }
        }
        self.set_pace(now);
        if found { Ok(None) } else { Err(Refusal::NoChannel) }
    }

    fn burst(&mut self, interval_ms: u32, seconds: u32, issued_ms: i64, now: Uptime) -> Obeyed {
        if seconds > 0 && self.is_over(issued_ms, seconds, now) {
            return Err(Refusal::TooLate);
        }
        let until_ms = issued_ms.saturating_add(i64::from(seconds) * 1_000);
        self.burst_counted_to = Some(now + u64::from(seconds) * 1_000);
        self.settings.burst = (seconds > 0).then_some(Burst { interval_ms, until_ms });
        self.follow_burst(now);
        self.set_pace(now);
        Ok(None)
    }

    fn calibrate(&mut self, calibration: &command::Calibration<'_>, now: Uptime) -> Obeyed {
        let mut channels = self.config.channels.iter_mut().zip(&mut self.channels).enumerate();
        let named = channels.find(|(_, (channel, _))| channel.name == calibration.channel);
        let (i, (channel, state)) = named.ok_or(Refusal::NoChannel)?;
        channel.calibration =
            Some(Calibration::from_command(calibration).ok_or(Refusal::OutOfRange)?);
        self.settings.changed.calibration(i);
        state.reporter.reset();
        let diagnosis = state.judge.calibrated(now);
        if let Ok(channel) = u8::try_from(i) {
            self.outbox.push(now, What::Health { channel, diagnosis });
        }
        Ok(None)
    }

    fn begin_reboot(&mut self, now: Uptime) -> Option<Effect> {
        // A board that could not keep the counter hears the command that it has just obeyed as a
        // new one, as long as the broker has no acknowledgement.
        let echo = !S::KEEPS && self.reset == Reset::Command && now.0 < REBOOT_ECHO_MS;
        if echo {
            return None;
        }
        self.reboot = Some(now + REBOOT_GRACE_MS);
        Some(Effect::Reboot)
    }

    /// Whether what was to last some seconds from a moment on is over, as far as the board knows.
    fn is_over(&self, from_ms: i64, seconds: u32, now: Uptime) -> bool {
        let until_ms = from_ms.saturating_add(i64::from(seconds) * 1_000);
        self.clock.unix_ms(now).is_some_and(|unix_ms| unix_ms >= until_ms)
    }

    /// After [`Effect::Reboot`]: whether the answer has arrived, or was waited for long enough.
    /// When it says yes, all readings are in flash.
    pub fn may_reboot(&mut self, now: Uptime) -> bool {
        let Some(latest) = self.reboot else { return false };
        if self.outbox.has_answers() && now < latest {
            return false;
        }
        self.switch_off(now);
        true
    }

    /// The board is about to be switched off: all readings go to flash.
    pub fn switch_off(&mut self, now: Uptime) {
        self.keep_all(now);
        self.save();
    }
}
