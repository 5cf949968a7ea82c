//! After which wait a message is tried again.

/// How patient the outbox is; part of the rules' versions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Patience {
    pub first_s: i64,
    pub longest_s: i64,
    pub give_up_after_s: i64,
}

impl Patience {
    /// Microseconds to wait after so many failed attempts: doubled with each, never more than the
    /// longest, and a fifth more or less by `chance` (0 to 1), so that what failed together does not
    /// come back together.
    pub fn wait_us(self, attempts: i64, chance: f64) -> i64 {
        let doublings = u32::try_from(attempts.saturating_sub(1).clamp(0, 40)).unwrap_or(0);
        let wait_s = self.first_s.saturating_mul(1_i64 << doublings).min(self.longest_s);
        let thousandths = 800 + (chance.clamp(0.0, 1.0) * 400.0) as i64;
        wait_s.saturating_mul(1_000).saturating_mul(thousandths)
    }

    /// Whether a message that was first tried then is given up.
    pub fn is_over(self, tried_at: i64, now: i64) -> bool {
        now.saturating_sub(tried_at) >= self.give_up_after_s.saturating_mul(1_000_000)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const PATIENCE: Patience =
        Patience { first_s: 60, longest_s: 21_600, give_up_after_s: 259_200 };

    #[test]
    fn waits_double_up_to_the_longest() {
        let waits: Vec<i64> =
            (1..=11).map(|attempt| PATIENCE.wait_us(attempt, 0.5) / 1_000_000).collect();
        assert_eq!(waits, [60, 120, 240, 480, 960, 1920, 3840, 7680, 15360, 21600, 21600]);
    }

    proptest! {
        #[test]
        fn a_wait_is_a_fifth_around_its_length_and_never_negative(
            attempts in 0_i64..i64::MAX, chance in 0.0_f64..=1.0, first in 1_i64..86_400,
            more in 0_i64..2_592_000,
        ) {
            let patience = Patience { first_s: first, longest_s: first + more, give_up_after_s: 1 };
            let wait = patience.wait_us(attempts, chance);
            prop_assert!(wait >= first * 800_000);
            prop_assert!(wait <= (first + more) * 1_200_000);
            prop_assert!(patience.wait_us(attempts.saturating_add(1), chance) >= wait);
        }
    }
}
