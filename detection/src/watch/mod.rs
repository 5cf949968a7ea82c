//! The watch of one asset: the health of its sensors, limits, deviation and drift in one.

mod learnt;
mod slow;
mod snapshot;

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::delay::Edge;
use crate::detector::{Counts, Detector, Phase};
use crate::findings::{Normal, Slot};
use crate::health::{Found, Health, is_gap};
use crate::limits::{Limits, Passed, Seen};
use crate::report::{Condition, Evidence, Level, Report};
use crate::rules::{Point, Rules};
use learnt::Learnt;
use slow::Slow;

/// No reading of a machine is larger; beyond it the arithmetic of variances leaves the range of numbers.
const VALUE_MOST: f64 = 1e30;

/// Watches one asset by its rules, at four levels: the health of sensors, limits and rates, the
/// deviation from what was learnt, and drift against a baseline that is days or weeks old.
///
/// **Sensor health never becomes a fault of the machine.** What a sick sensor says (stuck, spiking,
/// out of range) is withheld from all other levels; only a safety limit looks at it nevertheless, as
/// long as physics allow the value.
///
/// **Order.** The detector of deviation puts readings into frames and so stands readings that are
/// late by up to `Settings::lateness_s`. Sensor health, limits and drift judge each point at once and in
/// order of its own measured times: a reading that is not newer than the newest of its point says
/// nothing to them. Points do not have to wait for one another. So a reading that is shown twice, as
/// after a restart, changes nothing.
///
/// ```
/// use detection::{Character, Point, Report, Rules, Slot, Watch};
///
/// let rules: Rules = serde_json::from_str(
///     r#"{"limits": [{"name": "hot", "points": {"quantity": "temperature"}, "kind": "high",
///         "value": 80, "deadband": 2, "on_delay_s": 5}]}"#,
/// ).expect("rules");
/// let bearing = Point {
///     slot: Slot(0), key: "t1".into(), name: "Bearing temperature".into(),
///     quantity: "temperature".into(), position: "bearing".into(), unit: "Cel".into(),
///     character: Character::THERMAL, reports: true,
/// };
/// let mut watch = Watch::new(rules, [bearing]);
/// let mut reports = Vec::new();
/// for second in 0..60 {
///     watch.observe(Slot(0), second * 1_000_000, 60.0 + second as f64, &mut reports);
/// }
/// assert!(matches!(&reports[..], [Report::Raised(hot)] if hot.key == "limit:hot:t1"));
/// ```
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Watch {
    rules: Arc<Rules>,
    /// By slot.
    points: Arc<Vec<Option<Point>>>,
    detector: Detector,
    deviation: Learnt,
    slow: Option<Slow>,
    health: Health,
    limits: Limits,
    /// Conditions that hold, by key.
    active: BTreeMap<String, Condition>,
    newest_us: Option<i64>,
    late: u64,
    refused: u64,
}

impl Watch {
    /// A watch that has seen nothing yet. The rules are taken as they are: see [`Rules::check`].
    #[must_use]
    pub fn new(rules: Rules, points: impl IntoIterator<Item = Point>) -> Self {
        let mut watch = Self {
            detector: Detector::new(rules.deviation.clone()),
            deviation: Learnt::new(Level::Deviation),
            slow: rules.drift.on.then(|| Slow::new(&rules.drift)),
            rules: Arc::new(rules),
            points: Arc::default(),
            health: Health::default(),
            limits: Limits::default(),
            active: BTreeMap::new(),
            newest_us: None,
            late: 0,
            refused: 0,
        };
        // Nothing can have held yet.
        watch.know(points, &mut Vec::new());
        watch
    }

    /// Takes points in, or what is new about them. A reading of a point that is not known is refused.
    pub fn know(&mut self, points: impl IntoIterator<Item = Point>, reports: &mut Vec<Report>) {
        let known = Arc::make_mut(&mut self.points);
        for point in points {
            let place = usize::from(point.slot.0);
            if known.len() <= place {
                known.resize(place + 1, None);
            }
            self.detector.know(point.slot, point.character);
            if let Some(slow) = &mut self.slow {
                slow.know(point.slot, point.character);
            }
            known[place] = Some(point);
        }
        self.set_up(reports);
    }

    fn set_up(&mut self, reports: &mut Vec<Report>) {
        let points = || self.points.iter().flatten();
        self.health.know(&self.rules, points());
        for (limit, slot) in self.limits.set_up(&self.rules.limits, points()) {
            let point = self.points.get(usize::from(slot)).and_then(Option::as_ref);
            if let Some(condition) = point.and_then(|point| self.active.remove(&limit.key(point))) {
                let at_us = self.newest_us.unwrap_or(condition.at_us);
                reports.push(Report::Cleared { key: condition.key, at_us });
            }
        }
    }

    /// Whether other rules can take over without learning anew: they differ in limits alone.
    #[must_use]
    pub fn keeps_what_it_learnt(&self, rules: &Rules) -> bool {
        let without_limits = |rules: &Rules| Rules { limits: Vec::new(), ..rules.clone() };
        without_limits(rules) == without_limits(&self.rules)
    }

    /// Takes other limits over; limits that held and are no more are reported as cleared, new ones
    /// begin with the next reading. The rest of the rules has to be the same
    /// ([`keeps_what_it_learnt`](Self::keeps_what_it_learnt)) and is left as it is.
    pub fn change_limits(&mut self, rules: &Rules, reports: &mut Vec<Report>) {
        Arc::make_mut(&mut self.rules).limits.clone_from(&rules.limits);
        self.set_up(reports);
    }

    /// The rules that it watches by.
    #[must_use]
    pub fn rules(&self) -> &Rules {
        &self.rules
    }

    /// Takes one reading in the point's own unit, measured at `at_us` (microseconds on any one time
    /// axis), and appends what follows from it to `reports`.
    ///
    /// A value that is not finite or beyond 1e30, or of a point that is not known, is refused and counted. Times in
    /// the future are the caller's to refuse.
    pub fn observe(&mut self, slot: Slot, at_us: i64, value: f64, reports: &mut Vec<Report>) {
        let known = self.points.get(usize::from(slot.0)).is_some_and(Option::is_some);
        if value.is_nan() || value.abs() > VALUE_MOST || !known {
            self.refused += 1;
            return;
        }
        self.newest_us = Some(self.newest_us.map_or(at_us, |newest_us| newest_us.max(at_us)));
        let is_new = self.health.is_new(slot.0, at_us);
        let possible = self.health.possible(slot.0, value);
        if is_new {
            let interval_us = self.health.interval_us(slot.0);
            let pause_us = self.health.pause_us(slot.0, at_us);
            self.look_after_sensor(slot, at_us, value, reports);
            let fit = possible && self.health.fit(&self.rules.sensors, slot.0);
            if possible || !self.health.physically_impossible(slot.0, value) {
                let after_gap = is_gap(pause_us, interval_us);
                let seen = Seen { slot: slot.0, at_us, value, interval_us, after_gap, fit };
                self.check_limits(&seen, reports);
            }
            if fit {
                self.look_for_drift(slot, at_us, value, reports);
            }
        } else {
            self.late += 1;
        }
        if possible && self.health.fit(&self.rules.sensors, slot.0) {
            self.look_for_deviation(slot, at_us, value, reports);
        }
    }

    fn look_after_sensor(&mut self, slot: Slot, at_us: i64, value: f64, reports: &mut Vec<Report>) {
        let mut found: Vec<Found> = Vec::new();
        self.health.take(&self.rules, slot.0, at_us, value, &mut found);
        for found in found {
            let point = |slot: u16| self.points.get(usize::from(slot))?.as_ref();
            let report = match found.edge {
                Edge::Cleared => {
                    Some(Report::Cleared { key: self.health.key(&found, point), at_us })
                }
                Edge::Raised { .. } => {
                    let normal = self.detector.normal(Slot(found.slot));
                    let condition = self.health.explain(&self.rules, &found, at_us, point, normal);
                    condition.map(Report::Raised)
                }
            };
            if let Some(report) = report {
                self.tell(report, reports);
            }
        }
    }

    fn check_limits(&mut self, seen: &Seen, reports: &mut Vec<Report>) {
        let Some(Some(point)) = self.points.get(usize::from(seen.slot)) else { return };
        let detector = &self.detector;
        let mut told = Vec::new();
        self.limits.take(
            seen,
            point,
            || detector.normal(Slot(seen.slot)),
            |passed| {
                told.push(match passed {
                    Passed::Raised(condition) => Report::Raised(condition),
                    Passed::Cleared { key } => Report::Cleared { key, at_us: seen.at_us },
                });
            },
        );
        for report in told {
            self.tell(report, reports);
        }
    }

    fn look_for_deviation(
        &mut self,
        slot: Slot,
        at_us: i64,
        value: f64,
        reports: &mut Vec<Report>,
    ) {
        let mut findings = Vec::new();
        self.detector.observe(slot, at_us, value, &mut findings);
        for finding in findings {
            let fit = |slot: Slot| self.health.fit(&self.rules.sensors, slot.0);
            if let Some(report) = self.deviation.report(finding, &self.points, fit) {
                self.tell(report, reports);
            }
        }
    }

    fn look_for_drift(&mut self, slot: Slot, at_us: i64, value: f64, reports: &mut Vec<Report>) {
        let Some(slow) = &mut self.slow else { return };
        let findings = slow.take(slot, at_us, value);
        for finding in findings {
            let Some(slow) = &mut self.slow else { return };
            let fit = |slot: Slot| self.health.fit(&self.rules.sensors, slot.0);
            if let Some(report) = slow.learnt.report(finding, &self.points, fit) {
                self.tell(report, reports);
            }
        }
    }

    /// Keeps account of what holds.
    fn tell(&mut self, mut report: Report, reports: &mut Vec<Report>) {
        match &mut report {
            Report::Learned { .. } => {}
            Report::Raised(condition) => {
                condition.evidence.iter_mut().for_each(Evidence::keep_finite);
                self.active.insert(condition.key.clone(), condition.clone());
            }
            Report::Worsened { key, summary, evidence, .. } => {
                evidence.iter_mut().for_each(Evidence::keep_finite);
                if let Some(condition) = self.active.get_mut(key) {
                    condition.summary.clone_from(summary);
                    condition.evidence.clone_from(evidence);
                }
            }
            Report::Cleared { key, .. } => {
                self.active.remove(key);
            }
        }
        reports.push(report);
    }

    /// The conditions that hold now, each with its newest figures.
    pub fn active(&self) -> impl Iterator<Item = &Condition> {
        self.active.values()
    }

    /// What the detector of deviation is doing.
    #[must_use]
    pub fn phase(&self) -> Phase {
        self.detector.phase()
    }

    /// Whether the machine does not do what it should: a condition of the machine or of safety holds.
    #[must_use]
    pub fn deviates(&self) -> bool {
        self.active.values().any(|condition| condition.class.signature().is_some())
    }

    /// The band inside which a point is normal now; none until the point is learnt.
    #[must_use]
    pub fn normal(&self, slot: Slot) -> Option<Normal> {
        self.detector.normal(slot)
    }

    /// Readings measured before this time change nothing any more. Those since then can be shown
    /// again after a restart.
    #[must_use]
    pub fn watermark_us(&self) -> Option<i64> {
        self.detector.watermark_us().or(self.newest_us)
    }

    /// Newest measured time that it has seen, microseconds.
    #[must_use]
    pub fn newest_us(&self) -> Option<i64> {
        self.newest_us
    }

    /// Readings that said nothing: `late` to sensor health, limits and drift, `refused` to all.
    #[must_use]
    pub fn counts(&self) -> Counts {
        Counts { late: self.late, refused: self.refused }
    }
}
