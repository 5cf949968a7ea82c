//! A recording as the server would see it: canonical units, one detector.

use detection::{Detector, Finding, Settings, Slot};
use telemetry::quantity::{Conversion, Quantity, conversion};

use crate::replay::{Map, Recording};

/// A deviation, from the reading that raised it to the one that cleared it.
#[derive(Debug, Clone)]
pub struct Raised {
    pub at_s: f64,
    /// None: not cleared before the end.
    pub cleared_s: Option<f64>,
    /// Names of the points it named at first.
    pub points: Vec<String>,
}

impl Raised {
    /// Whether the deviation was raised in a labelled time.
    pub fn begins_in(&self, (from_s, until_s): (f64, f64)) -> bool {
        (from_s..=until_s).contains(&self.at_s)
    }

    /// Whether the deviation was active at this time.
    pub fn covers(&self, at_s: f64) -> bool {
        self.at_s <= at_s && self.cleared_s.is_none_or(|end| at_s < end)
    }
}

/// What a detector with these settings raises in the first `channels` channels of a recording.
pub fn watch(recording: &Recording, channels: usize, settings: &Settings) -> Vec<Raised> {
    let map: &Map = &recording.map;
    let known: Vec<Option<Conversion>> =
        map.channel[..channels].iter().map(|c| conversion(&c.unit)).collect();
    let mut detector = Detector::new(settings.clone());
    for (slot, known) in (0u16..).zip(&known) {
        let quantity = known.map_or(Quantity::Other, |known| known.quantity);
        detector.know(Slot(slot), server::watch::character(quantity));
    }
    let mut findings = Vec::new();
    for row in &recording.rows {
        for ((slot, value), known) in (0u16..).zip(&row.values).zip(&known) {
            let Some(value) = value else { continue };
            let value = known.map_or(*value, |known| known.apply(*value));
            detector.observe(Slot(slot), (row.time_s * 1e6) as i64, value, &mut findings);
        }
    }
    let mut all: Vec<Raised> = Vec::new();
    for finding in findings {
        match finding {
            Finding::Raised { at_us, deviations, .. } => all.push(Raised {
                at_s: at_us as f64 / 1e6,
                cleared_s: None,
                points: deviations
                    .iter()
                    .map(|d| map.channel[usize::from(d.slot.0)].name.clone())
                    .collect(),
            }),
            Finding::Cleared { at_us, .. } => {
                if let Some(last) = all.last_mut() {
                    last.cleared_s = Some(at_us as f64 / 1e6);
                }
            }
            Finding::Learned { .. } | Finding::Worsened { .. } => {}
        }
    }
    all
}
