//! Means of some minutes, judged against a baseline that is days or weeks old.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::learnt::Learnt;
use crate::detector::Detector;
use crate::findings::{Finding, Slot};
use crate::report::Level;
use crate::rules::Drift;
use crate::settings::{Character, Settings};

/// The slow level of an asset.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Slow {
    /// Shared with copies of the watch: it changes once in a stretch.
    detector: Arc<Detector>,
    pub(super) learnt: Learnt,
    mean_us: i64,
    block: i64,
    newest_us: i64,
    /// By slot.
    means: Vec<Mean>,
}

#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
struct Mean {
    value: f64,
    count: u32,
}

impl Slow {
    pub(super) fn new(rules: &Drift) -> Self {
        Self {
            detector: Arc::new(Detector::new(rules.settings())),
            learnt: Learnt::new(Level::Drift),
            mean_us: Settings::micros(rules.mean_s).max(1),
            block: i64::MIN,
            newest_us: i64::MIN,
            means: Vec::new(),
        }
    }

    pub(super) fn know(&mut self, slot: Slot, character: Character) {
        Arc::make_mut(&mut self.detector).know(slot, character);
    }

    /// Takes a reading; answers what the means of the stretch before it showed, when it is the first
    /// of a new one.
    pub(super) fn take(&mut self, slot: Slot, at_us: i64, value: f64) -> Vec<Finding> {
        let mut findings = Vec::new();
        let block = at_us.div_euclid(self.mean_us);
        if block > self.block {
            self.close(&mut findings);
            self.block = block;
        } else if block < self.block {
            return findings;
        }
        let place = usize::from(slot.0);
        if self.means.len() <= place {
            self.means.resize(place + 1, Mean::default());
        }
        let mean = &mut self.means[place];
        mean.count = mean.count.saturating_add(1);
        let share = 1.0 / f64::from(mean.count);
        mean.value = mean.value * (1.0 - share) + value * share;
        self.newest_us = self.newest_us.max(at_us);
        findings
    }

    fn close(&mut self, findings: &mut Vec<Finding>) {
        if self.means.iter().all(|mean| mean.count == 0) {
            return;
        }
        // One time for all: a point that spoke early in the stretch is not late.
        let at_us = self.newest_us;
        let detector = Arc::make_mut(&mut self.detector);
        for (slot, mean) in (0u16..).zip(&mut self.means) {
            let Mean { value, count } = std::mem::take(mean);
            if count > 0 {
                detector.observe(Slot(slot), at_us, value, findings);
            }
        }
    }
}
