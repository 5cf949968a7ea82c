//! Whether a reading is news: it moved beyond the deadband, the heartbeat is due, or a burst wants
//! them all.

use crate::clock::Uptime;
use crate::config::Reporting;

/// Remembers what was last sent of one channel.
#[derive(Debug, Clone, Copy, Default)]
pub struct Reporter {
    last: Option<(f32, Uptime)>,
}

impl Reporter {
    /// Whether this reading is to be kept and sent.
    pub fn is_news(&mut self, value: f32, settings: &Reporting, burst: bool, now: Uptime) -> bool {
        let news = burst
            || self.last.is_none_or(|(last, at)| {
                (value - last).abs() > settings.deadband
                    || now.since(at) >= u64::from(settings.heartbeat_ms)
            });
        if news {
            self.last = Some((value, now));
        }
        news
    }

    /// The next reading is news in any case.
    pub fn reset(&mut self) {
        self.last = None;
    }
}

#[cfg(test)]
mod tests {
    use std::vec::Vec;

    use super::*;

    fn sent(settings: &Reporting, burst: bool, values: &[f32]) -> Vec<usize> {
        let mut reporter = Reporter::default();
        let news = |(i, value): (usize, &f32)| {
            reporter.is_news(*value, settings, burst, Uptime(1_000 * i as u64)).then_some(i)
        };
        values.iter().enumerate().filter_map(news).collect()
    }

    #[test]
    fn only_what_moves_is_sent_and_a_slow_creep_too() {
        let settings = Reporting { deadband: 0.5, heartbeat_ms: 60_000 };
        assert_eq!(sent(&settings, false, &[20.0, 20.4, 20.1, 21.0, 21.1]), [0, 3]);
        assert_eq!(sent(&settings, false, &[20.0, 20.3, 20.6, 20.9, 21.2]), [0, 2, 4]);
    }

    #[test]
    fn a_resting_value_is_heard_of_at_each_heartbeat() {
        let settings = Reporting { deadband: 0.5, heartbeat_ms: 3_000 };
        assert_eq!(sent(&settings, false, &[20.0; 8]), [0, 3, 6]);
    }

    #[test]
    fn a_burst_sends_everything() {
        let settings = Reporting { deadband: 0.5, heartbeat_ms: 60_000 };
        assert_eq!(sent(&settings, true, &[20.0; 3]), [0, 1, 2]);
    }
}
