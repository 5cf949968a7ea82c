//! A condition with on-delay, deadband and off-delay (ISA-18.2, IEC 62682).

use serde::{Deserialize, Serialize};

/// Where one reading lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    /// Beyond the limit.
    Over,
    /// Inside the deadband: neither raises nor clears.
    Between,
    /// Back.
    Back,
}

/// The condition.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Delay {
    #[default]
    Calm,
    /// Over, but not for the on-delay.
    Pending {
        since_us: i64,
    },
    Active {
        since_us: i64,
    },
    /// Still holds, back but not for the off-delay.
    Clearing {
        since_us: i64,
        back_us: i64,
    },
}

/// What a reading changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Edge {
    Raised { since_us: i64 },
    Cleared,
}

impl Delay {
    pub(crate) fn is_active(self) -> bool {
        matches!(self, Self::Active { .. } | Self::Clearing { .. })
    }

    /// Takes one reading; delays in microseconds of measured time.
    pub(crate) fn step(&mut self, at_us: i64, side: Side, on_us: i64, off_us: i64) -> Option<Edge> {
        let next = match (*self, side) {
            (Self::Calm, Side::Over) => Self::Pending { since_us: at_us },
            (Self::Calm | Self::Pending { .. }, Side::Between | Side::Back) => Self::Calm,
            (Self::Active { since_us }, Side::Back) => Self::Clearing { since_us, back_us: at_us },
            (Self::Clearing { since_us, .. }, Side::Over | Side::Between) => {
                Self::Active { since_us }
            }
            (state, _) => state,
        };
        let (next, edge) = match next {
            Self::Pending { since_us } if at_us.saturating_sub(since_us) >= on_us => {
                (Self::Active { since_us }, Some(Edge::Raised { since_us }))
            }
            Self::Clearing { back_us, .. } if at_us.saturating_sub(back_us) >= off_us => {
                (Self::Calm, Some(Edge::Cleared))
            }
            state => (state, None),
        };
        *self = next;
        edge
    }

    /// Silence: what was not certain yet has to begin again.
    pub(crate) fn interrupt(&mut self) {
        *self = match *self {
            Self::Pending { .. } => Self::Calm,
            Self::Clearing { since_us, .. } => Self::Active { since_us },
            state => state,
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const S: i64 = 1_000_000;

    #[test]
    fn a_condition_shorter_than_its_on_delay_is_never_raised() {
        let mut delay = Delay::default();
        for second in 0..100 {
            let side = if second % 10 < 5 { Side::Over } else { Side::Between };
            assert_eq!(delay.step(second * S, side, 6 * S, S), None);
        }
    }

    #[test]
    fn a_reading_inside_the_deadband_neither_raises_nor_clears() {
        let mut delay = Delay::default();
        assert_eq!(delay.step(0, Side::Over, 0, 5 * S), Some(Edge::Raised { since_us: 0 }));
        for second in 1..60 {
            assert_eq!(delay.step(second * S, Side::Between, 0, 5 * S), None);
        }
        assert_eq!(delay.step(60 * S, Side::Back, 0, 5 * S), None);
        assert_eq!(delay.step(64 * S, Side::Between, 0, 5 * S), None);
        assert_eq!(delay.step(65 * S, Side::Back, 0, 5 * S), None);
        assert_eq!(delay.step(70 * S, Side::Back, 0, 5 * S), Some(Edge::Cleared));
    }

    #[test]
    fn a_silence_does_not_count_as_time_over_the_limit() {
        let mut delay = Delay::default();
        delay.step(0, Side::Over, 30 * S, S);
        delay.interrupt();
        assert_eq!(delay.step(600 * S, Side::Over, 30 * S, S), None);
    }
}
