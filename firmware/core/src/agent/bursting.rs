//! Measuring all channels fast for a while, as during a repair session.

use super::Agent;
use crate::clock::Uptime;
use crate::storage::Storage;

impl<S: Storage, const RING: usize> Agent<S, RING> {
    /// Begins a burst that was ordered, also by the run before, and ends one whose time is over.
    /// As long as nobody tells the time, the board measures at its ordinary pace: a burst that
    /// does not know when to end would not.
    pub(super) fn follow_burst(&mut self, now: Uptime) {
        let on = match (self.settings.burst, self.clock.unix_ms(now)) {
            (Some(burst), Some(unix_ms)) if unix_ms < burst.until_ms => true,
            (Some(_), Some(_)) => {
                self.settings.burst = None;
                self.save();
                false
            }
            _ => false,
        };
        if on != self.bursting {
            self.bursting = on;
            self.set_pace(now);
        }
    }

    /// Gives each channel the interval that holds now.
    pub(super) fn set_pace(&mut self, now: Uptime) {
        let burst = self.settings.burst.filter(|_| self.bursting).map(|b| b.interval_ms);
        for (state, channel) in self.channels.iter_mut().zip(&self.config.channels) {
            let ordinary = channel.sampling.interval_ms;
            // A burst makes nothing slower.
            state.schedule.set_interval(burst.unwrap_or(ordinary).min(ordinary), now);
        }
    }

    pub(super) fn burst_ends_at(&self) -> Option<Uptime> {
        let burst = self.settings.burst?;
        let at = burst.until_ms.checked_sub(self.clock.offset_ms()?)?;
        Some(Uptime(u64::try_from(at).unwrap_or(0)))
    }
}
