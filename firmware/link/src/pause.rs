//! How long to wait before the next attempt.

use crate::limits::{FIRST_PAUSE_MS, LONGEST_PAUSE_MS};

/// Pauses that double from failure to failure, each a random part between half and whole: boards
/// that lost their broker together do not come back together.
#[derive(Debug)]
pub struct Pauses {
    random: u32,
    next_ms: u32,
}

impl Pauses {
    /// From the shortest on. Boards need different seeds.
    #[must_use]
    pub fn new(seed: u32) -> Self {
        // The generator would not leave zero.
        Self { random: seed | 1, next_ms: FIRST_PAUSE_MS }
    }

    /// The pause after one more failure, milliseconds.
    pub fn failed(&mut self) -> u32 {
        let longest = self.next_ms;
        self.next_ms = longest.saturating_mul(2).min(LONGEST_PAUSE_MS);
        // Xorshift (Marsaglia 2003).
        self.random ^= self.random << 13;
        self.random ^= self.random >> 17;
        self.random ^= self.random << 5;
        longest / 2 + self.random % (longest / 2)
    }

    /// The link has been of use: the next failure is a first one.
    pub fn succeeded(&mut self) {
        self.next_ms = FIRST_PAUSE_MS;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_the_longest_and_begin_anew_after_a_success() {
        let mut pauses = Pauses::new(7);
        let mut longest = FIRST_PAUSE_MS;
        for _ in 0..12 {
            let pause = pauses.failed();
            assert!((longest / 2..longest).contains(&pause), "{pause} of {longest}");
            longest = (longest * 2).min(LONGEST_PAUSE_MS);
        }
        pauses.succeeded();
        assert!(pauses.failed() < FIRST_PAUSE_MS);
    }

    #[test]
    fn boards_that_fail_together_do_not_come_back_together() {
        let of = |seed| {
            let mut pauses = Pauses::new(seed);
            [(); 8].map(|()| pauses.failed())
        };
        assert_ne!(of(1), of(2));
    }
}
