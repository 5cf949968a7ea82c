//! Limits and rates of change with deadband, on-delay and off-delay, one state for each limit and
//! point.
//!
//! Each point is judged in order of its own measured times, at once: a limit does not wait for
//! readings that may still come.

use serde::{Deserialize, Serialize};

use crate::delay::{Delay, Edge, Side};
use crate::findings::{Normal, Slot};
use crate::report::{Class, Condition, Evidence, Level, Reason};
use crate::rules::{Limit, LimitKind, Point};
use crate::settings::Settings;
use crate::slope::Slope;
use crate::wording::figure;

/// The load that a condition asks for is known for this long, in intervals of the point that shows
/// it, and at least so long, microseconds.
const LOAD_INTERVALS: f64 = 5.0;
const LOAD_US: i64 = 10_000_000;

/// All limits of an asset.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Limits {
    states: Vec<State>,
    /// Limits on each point, by slot.
    by_slot: Vec<Vec<usize>>,
    loads: Vec<Load>,
    /// Loads that each point shows, by slot.
    loads_by_slot: Vec<Vec<usize>>,
}

/// A limit on one point.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct State {
    limit: Limit,
    slot: u16,
    /// The load that has to be there.
    load: Option<usize>,
    delay: Delay,
    slope: Slope,
}

/// A load of the machine that limits ask for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Load {
    at_least: f64,
    /// When it was there last, and how long that is known for.
    there_us: Option<i64>,
    known_us: i64,
}

/// A reading that is judged.
pub(crate) struct Seen {
    pub(crate) slot: u16,
    pub(crate) at_us: i64,
    pub(crate) value: f64,
    /// Usual distance of the point's readings, microseconds.
    pub(crate) interval_us: f64,
    /// The point was silent before it for longer than it usually is.
    pub(crate) after_gap: bool,
    /// The sensor is to be believed; otherwise only safety limits look.
    pub(crate) fit: bool,
}

/// A limit that was passed, or is not any more.
pub(crate) enum Passed {
    Raised(Condition),
    Cleared { key: String },
}

impl Limits {
    /// Sets the limits up for these points. What stays the same keeps its state.
    ///
    /// Answers the limits that held and are no more, with their points.
    pub(crate) fn set_up<'a>(
        &mut self,
        limits: &[Limit],
        points: impl Iterator<Item = &'a Point>,
    ) -> Vec<(Limit, u16)> {
        let points: Vec<&Point> = points.collect();
        let slots = points.iter().map(|point| usize::from(point.slot.0) + 1).max().unwrap_or(0);
        let mut old = std::mem::take(self);
        self.by_slot = vec![Vec::new(); slots];
        self.loads_by_slot = vec![Vec::new(); slots];
        for limit in limits {
            let load = limit.only_at.as_ref().map(|only_at| {
                for point in points.iter().filter(|point| only_at.points.takes(point)) {
                    self.loads_by_slot[usize::from(point.slot.0)].push(self.loads.len());
                }
                let at_least = only_at.at_least;
                self.loads.push(Load { at_least, there_us: None, known_us: LOAD_US });
                self.loads.len() - 1
            });
            for point in points.iter().filter(|point| limit.points.takes(point)) {
                let slot = point.slot.0;
                let same = |state: &State| state.slot == slot && state.limit == *limit;
                let state = match old.states.iter().position(same) {
                    Some(place) => State { load, ..old.states.swap_remove(place) },
                    None => State {
                        limit: limit.clone(),
                        slot,
                        load,
                        delay: Delay::default(),
                        slope: Slope::default(),
                    },
                };
                self.by_slot[usize::from(slot)].push(self.states.len());
                self.states.push(state);
            }
        }
        let gone = old.states.into_iter().filter(|state| state.delay.is_active());
        gone.map(|state| (state.limit, state.slot)).collect()
    }

    /// Takes a reading that is newer than all before of its point.
    pub(crate) fn take(
        &mut self,
        seen: &Seen,
        point: &Point,
        normal: impl Fn() -> Option<Normal>,
        mut passed: impl FnMut(Passed),
    ) {
        let place = usize::from(seen.slot);
        let Some(own) = self.by_slot.get(place) else { return };
        if seen.fit {
            for number in &self.loads_by_slot[place] {
                let load = &mut self.loads[*number];
                load.known_us = LOAD_US.max((LOAD_INTERVALS * seen.interval_us) as i64);
                load.there_us = if seen.value >= load.at_least { Some(seen.at_us) } else { None };
            }
        }
        for number in own {
            let state = &mut self.states[*number];
            if !seen.fit && state.limit.class != Class::Safety {
                continue;
            }
            let load = state.load.map(|number| &self.loads[number]);
            let loaded = load.is_none_or(|load| load.is_there(seen.at_us));
            if let Some(what) = state.take(seen, point, loaded, &normal) {
                passed(what);
            }
        }
    }
}

impl Load {
    fn is_there(&self, at_us: i64) -> bool {
        self.there_us.is_some_and(|there_us| at_us.saturating_sub(there_us) <= self.known_us)
    }
}

impl State {
    fn take(
        &mut self,
        seen: &Seen,
        point: &Point,
        loaded: bool,
        normal: impl Fn() -> Option<Normal>,
    ) -> Option<Passed> {
        let limit = &self.limit;
        if seen.after_gap {
            self.delay.interrupt();
            self.slope.forget();
        }
        let rate = matches!(limit.kind, LimitKind::Rise | LimitKind::Fall);
        let measured = if rate {
            self.slope.take(Settings::micros(limit.window_s), seen.at_us, seen.value)
        } else {
            Some(seen.value)
        };
        let side = match measured {
            _ if !loaded => Side::Back,
            Some(measured) => limit.side(measured),
            None => Side::Between,
        };
        let (on_us, off_us) =
            (Settings::micros(limit.on_delay_s), Settings::micros(limit.off_delay_s));
        match self.delay.step(seen.at_us, side, on_us, off_us)? {
            Edge::Cleared => Some(Passed::Cleared { key: limit.key(point) }),
            Edge::Raised { since_us } => {
                let measured = measured.unwrap_or(seen.value);
                let condition = limit.condition(seen, point, measured, since_us, normal());
                Some(Passed::Raised(condition))
            }
        }
    }
}

impl Limit {
    /// The stable name of this limit on a point.
    pub(crate) fn key(&self, point: &Point) -> String {
        format!("limit:{}:{}", self.name, point.key)
    }

    fn side(&self, measured: f64) -> Side {
        let over = match self.kind {
            LimitKind::HighHigh | LimitKind::High | LimitKind::Rise => measured - self.value,
            LimitKind::Low | LimitKind::LowLow => self.value - measured,
            LimitKind::Fall => -measured - self.value,
        };
        match over {
            over if over > 0.0 => Side::Over,
            over if over > -self.deadband => Side::Between,
            _ => Side::Back,
        }
    }

    fn condition(
        &self,
        seen: &Seen,
        point: &Point,
        measured: f64,
        since_us: i64,
        normal: Option<Normal>,
    ) -> Condition {
        let (limit, unit) = (self.value, &point.unit);
        let rate = if unit.is_empty() { "1/min".to_owned() } else { format!("{unit}/min") };
        let (reason, shows, allowed, unit) = match self.kind {
            LimitKind::HighHigh => (Reason::HighHigh, "shows", "at most", unit.as_str()),
            LimitKind::High => (Reason::High, "shows", "at most", unit.as_str()),
            LimitKind::Low => (Reason::Low, "shows", "at least", unit.as_str()),
            LimitKind::LowLow => (Reason::LowLow, "shows", "at least", unit.as_str()),
            LimitKind::Rise => (Reason::Rise, "rises by", "at most", rate.as_str()),
            LimitKind::Fall => (Reason::Fall, "falls by", "at most", rate.as_str()),
        };
        let measured = if self.kind == LimitKind::Fall { -measured } else { measured };
        let words = format!(
            "{} {shows} {}; {} allows {allowed} {}",
            point.name,
            figure(measured, unit),
            self.name,
            figure(limit, unit),
        );
        let upper = !matches!(self.kind, LimitKind::Low | LimitKind::LowLow);
        let normal = normal.filter(|_| !matches!(self.kind, LimitKind::Rise | LimitKind::Fall));
        let (low, high) = match (normal, upper) {
            (Some(normal), true) => (normal.low.min(limit), limit),
            (Some(normal), false) => (limit, normal.high.max(limit)),
            (None, true) => (limit.min(0.0), limit),
            (None, false) => (limit, limit.max(0.0)),
        };
        let expected = normal.map_or(limit, |normal| normal.expected.clamp(low, high));
        let evidence = Evidence {
            slot: Slot(seen.slot),
            reason,
            expected,
            low,
            high,
            seen: measured,
            unusual: 0.0,
            limits: beyond(limit, measured, expected, upper),
            since_us,
            words,
        };
        Condition {
            key: self.key(point),
            level: Level::Limit,
            class: self.class,
            priority: self.urgency(),
            latched: self.latched,
            summary: evidence.words.clone(),
            since_us,
            at_us: seen.at_us,
            evidence: vec![evidence],
        }
    }
}

/// How far beyond a limit: multiples of its distance from what is expected, or of itself where
/// nothing is learnt; at least 1.
fn beyond(limit: f64, measured: f64, expected: f64, upper: bool) -> f64 {
    let (room, used) = match (expected - limit).abs() {
        0.0 if upper => (limit, measured),
        0.0 => (measured, limit),
        room => (room, (measured - expected).abs()),
    };
    let times = used / room;
    if times.is_finite() { times.max(1.0) } else { 1.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_far_beyond_a_limit_is_told_against_what_is_expected() {
        assert_eq!(beyond(80.0, 90.0, 70.0, true), 2.0);
        assert_eq!(beyond(80.0, 120.0, 80.0, true), 1.5);
        assert_eq!(beyond(2.0, 1.0, 2.0, false), 2.0);
        assert_eq!(beyond(0.0, -1.0, 0.0, false), 1.0);
    }
}
