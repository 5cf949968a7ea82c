//! Time on a board: since boot always, of day once somebody has told it.

use core::ops::Add;

/// Milliseconds since boot; never goes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Uptime(pub u64);

impl Uptime {
    /// Milliseconds from `earlier` until now; 0 if that lies ahead.
    #[must_use]
    pub fn since(self, earlier: Self) -> u64 {
        self.0.saturating_sub(earlier.0)
    }
}

impl Add<u64> for Uptime {
    type Output = Self;
    /// Later by milliseconds.
    fn add(self, ms: u64) -> Self {
        Self(self.0.saturating_add(ms))
    }
}

/// Who told the time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Source {
    /// A time server, which measures the way there and back.
    Network,
    /// A command: the moment when it was issued, so never ahead of the truth, but late by as long
    /// as it travelled.
    Command,
}

/// The wall clock: how far the Unix epoch lies before boot.
#[derive(Debug, Clone, Copy, Default)]
pub struct WallClock {
    known: Option<Known>,
}

#[derive(Debug, Clone, Copy)]
struct Known {
    offset_ms: i64,
    source: Source,
    set_at: Uptime,
}

/// A command may set the clock back by this much in any case, in milliseconds.
const BACK_MS: u64 = 1_000;
/// And by one part in so many of the time since it was last set: 200 ppm, more than any crystal
/// is off. A command that would set it back further was held up on its way.
const DRIFT: u64 = 5_000;

/// 2020 to 2106, where seconds outgrow 32 bits: a time outside is nobody's mistake of a few minutes.
const PLAUSIBLE_MS: core::ops::Range<i64> = 1_577_836_800_000..4_294_967_296_000;

impl WallClock {
    /// Takes the time from a time server. Says whether it was taken: not when it cannot be.
    pub fn set(&mut self, unix_ms: i64, now: Uptime) -> bool {
        self.adopt(unix_ms, now, Source::Network)
    }

    /// Takes the time from a command for it that was issued at `unix_ms`. Says whether it was taken: not
    /// when a time server has told it, nor when the command came too late to tell it.
    pub fn hint(&mut self, unix_ms: i64, now: Uptime) -> bool {
        let take = match self.known {
            None => true,
            Some(Known { source: Source::Network, .. }) => false,
            Some(Known { set_at, .. }) => {
                let back = self.unix_ms(now).map_or(0, |known| known.saturating_sub(unix_ms));
                let drift = BACK_MS + now.since(set_at) / DRIFT;
                back <= i64::try_from(drift).unwrap_or(i64::MAX)
            }
        };
        take && self.adopt(unix_ms, now, Source::Command)
    }

    /// It cannot be earlier than the moment at which something that has arrived was issued. Tells
    /// no time where none is known: a command may have waited for the board for an hour.
    pub fn not_before(&mut self, unix_ms: i64, now: Uptime) {
        if self.unix_ms(now).is_some_and(|known| known < unix_ms) {
            self.hint(unix_ms, now);
        }
    }

    fn adopt(&mut self, unix_ms: i64, now: Uptime, source: Source) -> bool {
        if !PLAUSIBLE_MS.contains(&unix_ms) {
            return false;
        }
        let offset_ms = unix_ms.saturating_sub(signed(now.0));
        self.known = Some(Known { offset_ms, source, set_at: now });
        true
    }

    /// What has to be added to an uptime to get milliseconds since the Unix epoch, once known.
    #[must_use]
    pub fn offset_ms(&self) -> Option<i64> {
        self.known.map(|k| k.offset_ms)
    }

    /// Milliseconds since the Unix epoch, UTC, once known.
    #[must_use]
    pub fn unix_ms(&self, at: Uptime) -> Option<i64> {
        self.known.map(|k| k.offset_ms.saturating_add(signed(at.0)))
    }
}

/// An uptime as a signed number; it never comes near the end of either.
pub(crate) fn signed(ms: u64) -> i64 {
    i64::try_from(ms).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const T: i64 = 1_790_000_000_000;

    #[test]
    fn the_first_command_tells_the_time_and_a_later_one_mends_the_drift() {
        let mut clock = WallClock::default();
        assert_eq!(clock.unix_ms(Uptime(5)), None);
        assert!(clock.hint(T, Uptime(1_000)));
        assert_eq!(clock.unix_ms(Uptime(3_000)), Some(T + 2_000));
        // The crystal ran 100 ppm fast for a day: 8.6 s.
        let day = 86_400_000;
        assert!(clock.hint(T + day - 8_640, Uptime(1_000 + day.unsigned_abs())));
        assert_eq!(clock.unix_ms(Uptime(1_000 + day.unsigned_abs())), Some(T + day - 8_640));
    }

    #[test]
    fn a_command_that_was_held_up_does_not_set_the_clock_back() {
        let mut clock = WallClock::default();
        clock.hint(T, Uptime(0));
        assert!(!clock.hint(T + 10_000, Uptime(60_000)));
        assert_eq!(clock.unix_ms(Uptime(60_000)), Some(T + 60_000));
    }

    #[test]
    fn a_time_server_is_believed_before_a_command() {
        let mut clock = WallClock::default();
        clock.hint(T, Uptime(0));
        clock.set(T + 500, Uptime(0));
        assert!(!clock.hint(T + 2_000, Uptime(1_000)));
        assert_eq!(clock.unix_ms(Uptime(1_000)), Some(T + 1_500));
    }

    #[test]
    fn a_time_that_cannot_be_is_not_taken() {
        let mut clock = WallClock::default();
        assert!(!clock.hint(7, Uptime(0)) && !clock.set(i64::MAX, Uptime(0)));
        assert_eq!(clock.offset_ms(), None);
    }
}
