//! Measuring all channels fast for a while, as during a repair session.

use super::Agent;
use crate::clock::Uptime;
use crate::storage::Storage;

impl<S: Storage, const RING: usize> Agent<S, RING> {
    /// Begins a burst that was ordered, also by the run before, and ends one whose time is over.
    /// As long as nobody tells the time, a burst of the run before does not go on: without knowing
    /// when to end it would not.
    pub(super) fn follow_burst(&mut self, now: Uptime) {
        let on = match self.burst_ends_at() {
            Some(end) if now < end => true,
            Some(_) => {
                self.settings.burst = None;
                self.save();
                false
            }
            None => false,
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

    /// When the burst is over: by the wall clock, or as counted from its order while nobody has
    /// told the time.
    pub(super) fn burst_ends_at(&self) -> Option<Uptime> {
        let burst = self.settings.burst?;
        let Some(offset_ms) = self.clock.offset_ms() else { return self.burst_counted_to };
        let at = burst.until_ms.saturating_sub(offset_ms);
        Some(Uptime(u64::try_from(at).unwrap_or(0)))
    }
}
