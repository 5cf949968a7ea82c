//! The health of an asset's sensors, from raw readings with their measured times.
//!
//! Each point is judged by itself, in order of its own measured times: a reading that is not newer
//! than the newest of its point says nothing here. What a point usually does is learnt from its
//! first readings, at least as long as the asset is learnt.

mod explain;
mod range;
mod redundancy;
mod silence;
mod spikes;
mod stuck;

use serde::{Deserialize, Serialize};

use crate::delay::{Delay, Edge, Side};
use crate::rules::{Point, Rules, Sensors};
use crate::settings::Settings;
use range::Possible;
use redundancy::Pair;
use silence::{Life, Silence};
use spikes::Spikes;
use stuck::Stuck;

/// A point is learnt from at least so many readings …
const LEARNING_READINGS: u32 = 200;
/// … and for as long as the asset is learnt, but no longer than a day.
const LEARNING_MOST_S: f64 = 86_400.0;
/// How often silence is looked for, measured microseconds.
const LOOK_EVERY_US: i64 = 1_000_000;

/// What can be wrong with a sensor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ill {
    Stuck,
    Spikes,
    Dropout,
    OutOfRange,
    /// With the pair of this number.
    Disagreement(usize),
}

/// A sensor fell ill, or is well again.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Found {
    pub(crate) slot: u16,
    pub(crate) ill: Ill,
    pub(crate) edge: Edge,
}

/// All sensors of an asset.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Health {
    monitors: Vec<Option<Monitor>>,
    pairs: Vec<Pair>,
    /// Pairs by slot.
    paired: Vec<Vec<usize>>,
    life: Life,
    look_us: Option<i64>,
    /// Points that usually move, and those of them that do not now.
    movers: u32,
    still: u32,
}

/// The sensor of one point.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Monitor {
    reports: bool,
    /// What it can show, and what physics allow.
    low: Option<f64>,
    high: Option<f64>,
    least: Option<f64>,
    most: Option<f64>,
    last_us: Option<i64>,
    value: f64,
    readings: u32,
    began_lived_us: i64,
    learnt: bool,
    stuck: Stuck,
    spikes: Spikes,
    silence: Silence,
    range: Delay,
    counted: Movement,
}

/// As it is counted over the asset.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Movement {
    mover: bool,
    still: bool,
}

impl Health {
    /// Takes points in, or takes note of what is new about them.
    pub(crate) fn know<'a>(&mut self, rules: &Rules, points: impl Iterator<Item = &'a Point>) {
        let points: Vec<&Point> = points.collect();
        for point in &points {
            let place = usize::from(point.slot.0);
            if self.monitors.len() <= place {
                self.monitors.resize(place + 1, None);
            }
            let monitor = self.monitors[place].get_or_insert_default();
            let range = &rules.sensors.range;
            let physics = Possible::by_physics(point);
            (monitor.least, monitor.most) = (physics.low, physics.high);
            let possible = if range.on {
                physics.narrowed(point, &range.sensors)
            } else {
                Possible::default()
            };
            (monitor.low, monitor.high) = (possible.low, possible.high);
            monitor.reports = point.reports;
        }
        let mut known = std::mem::take(&mut self.pairs);
        for pair in redundancy::pairs(&rules.sensors.redundancy, &points) {
            let same = |old: &Pair| (old.first, old.second) == (pair.first, pair.second);
            let old = known.iter().position(same).map(|place| known.swap_remove(place));
            self.pairs.push(old.unwrap_or(pair));
        }
        self.paired = vec![Vec::new(); self.monitors.len()];
        for (number, pair) in self.pairs.iter().enumerate() {
            for slot in [pair.first, pair.second] {
                self.paired[usize::from(slot)].push(number);
            }
        }
    }

    /// Whether a value is one that the point can have.
    pub(crate) fn possible(&self, slot: u16, value: f64) -> bool {
        self.monitor(slot).is_none_or(|monitor| monitor.possible().holds(value))
    }

    /// Whether what the sensor says is to be believed.
    pub(crate) fn fit(&self, rules: &Sensors, slot: u16) -> bool {
        self.monitor(slot).is_none_or(|monitor| {
            !(monitor.stuck.is_active()
                || monitor.stuck.is_suspect(&rules.stuck)
                || monitor.spikes.is_active()
                || monitor.range.is_active())
        })
    }

    /// Whether a reading of this time is newer than all that the point has shown.
    pub(crate) fn is_new(&self, slot: u16, at_us: i64) -> bool {
        self.monitor(slot).is_some_and(|monitor| monitor.last_us.is_none_or(|last| last < at_us))
    }

    /// Whether physics, and not only a data sheet, exclude a value.
    pub(crate) fn physically_impossible(&self, slot: u16, value: f64) -> bool {
        self.monitor(slot).is_some_and(|monitor| !monitor.physics().holds(value))
    }

    /// How long the point had been silent before a reading of this time, microseconds.
    pub(crate) fn pause_us(&self, slot: u16, at_us: i64) -> i64 {
        let last_us = self.monitor(slot).and_then(|monitor| monitor.last_us);
        last_us.map_or(0, |last_us| at_us.saturating_sub(last_us))
    }

    /// Usual distance of the point's readings, microseconds; 0 while it is not known.
    pub(crate) fn interval_us(&self, slot: u16) -> f64 {
        self.monitor(slot).map_or(0.0, |monitor| monitor.silence.interval_us())
    }

    fn monitor(&self, slot: u16) -> Option<&Monitor> {
        self.monitors.get(usize::from(slot))?.as_ref()
    }

    /// Takes a reading that is new.
    pub(crate) fn take(
        &mut self,
        rules: &Rules,
        slot: u16,
        at_us: i64,
        value: f64,
        found: &mut Vec<Found>,
    ) {
        let place = usize::from(slot);
        self.life.go_on(at_us);
        let at_rest = self.movers >= 2 && 2 * self.still > self.movers;
        let lived_us = self.life.lived_us;
        let Some(monitor) = self.monitors.get_mut(place).and_then(Option::as_mut) else { return };
        monitor.take(rules, slot, at_us, value, lived_us, at_rest, found);
        let movement = monitor.movement(&rules.sensors);
        let before = std::mem::replace(&mut monitor.counted, movement);
        let possible = monitor.possible().holds(value);
        self.movers = self.movers + u32::from(movement.mover) - u32::from(before.mover);
        self.still = self.still + u32::from(movement.still) - u32::from(before.still);
        if possible {
            let off_us = Settings::micros(rules.sensors.off_delay_s);
            for number in &self.paired[place] {
                let rule = &rules.sensors.redundancy;
                let edge = self.pairs[*number].take(rule, off_us, slot, at_us, value);
                let ill = Ill::Disagreement(*number);
                found.extend(edge.map(|edge| Found { slot, ill, edge }));
            }
        }
        self.look_for_silence(rules, at_us, found);
    }

    fn look_for_silence(&mut self, rules: &Rules, at_us: i64, found: &mut Vec<Found>) {
        if self.look_us.is_some_and(|look_us| at_us < look_us) {
            return;
        }
        self.look_us = Some(at_us.saturating_add(LOOK_EVERY_US));
        let (rule, lived_us) = (&rules.sensors.dropout, self.life.lived_us);
        for (slot, monitor) in (0u16..).zip(&mut self.monitors) {
            let Some(monitor) = monitor.as_mut().filter(|monitor| monitor.reports) else {
                continue;
            };
            let edge = monitor.silence.unheard(rule, at_us, lived_us);
            found.extend(edge.map(|edge| Found { slot, ill: Ill::Dropout, edge }));
        }
    }
}

impl Monitor {
    fn possible(&self) -> Possible {
        Possible { low: self.low, high: self.high }
    }

    fn physics(&self) -> Possible {
        Possible { low: self.least, high: self.most }
    }

    #[expect(clippy::too_many_arguments, reason = "one reading and where it stands in the asset")]
    fn take(
        &mut self,
        rules: &Rules,
        slot: u16,
        at_us: i64,
        value: f64,
        lived_us: i64,
        at_rest: bool,
        found: &mut Vec<Found>,
    ) {
        let sensors = &rules.sensors;
        let off_us = Settings::micros(sensors.off_delay_s);
        let mut find = |ill, edge: Option<Edge>| {
            found.extend(edge.map(|edge| Found { slot, ill, edge }));
        };
        let interval_us = self.silence.interval_us();
        let pause_us = self.last_us.map_or(0, |last_us| at_us.saturating_sub(last_us));
        if is_gap(pause_us, interval_us) {
            self.range.interrupt();
        }
        find(Ill::Dropout, self.silence.heard(off_us, at_us, lived_us));
        let possible = self.possible().holds(value);
        let side = if possible { Side::Back } else { Side::Over };
        let on_us = Settings::micros(sensors.range.on_delay_s);
        find(Ill::OutOfRange, self.range.step(at_us, side, on_us, off_us));
        let same = self.last_us.is_some() && value == self.value;
        self.last_us = Some(at_us);
        self.value = value;
        if !possible {
            return;
        }
        let zero = value == 0.0;
        let edge = self.stuck.take(&sensors.stuck, off_us, at_us, same, zero, at_rest);
        find(Ill::Stuck, edge);
        find(Ill::Spikes, self.spikes.take(&sensors.spikes, off_us, at_us, value));
        if !self.learnt {
            self.learn(rules, lived_us);
        }
    }

    fn learn(&mut self, rules: &Rules, lived_us: i64) {
        if self.readings == 0 {
            self.began_lived_us = lived_us;
        }
        self.readings = self.readings.saturating_add(1);
        let window_us = Settings::micros(rules.deviation.learning_s.min(LEARNING_MOST_S));
        let lived_us = lived_us.saturating_sub(self.began_lived_us);
        if self.readings >= LEARNING_READINGS && lived_us >= window_us {
            self.learnt = true;
            self.stuck.learn();
            self.spikes.learn();
        }
    }

    fn movement(&self, rules: &Sensors) -> Movement {
        let mover = self.stuck.moves(&rules.stuck);
        Movement { mover, still: mover && self.stuck.is_still() }
    }
}

/// A pause after which a condition has to prove itself anew.
pub(crate) fn is_gap(pause_us: i64, interval_us: f64) -> bool {
    pause_us > 30_000_000 && interval_us > 0.0 && pause_us as f64 > 5.0 * interval_us
}
