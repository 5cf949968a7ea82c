//! What is wrong with a sensor, in words and figures.

use super::{Found, Health, Ill, Monitor};
use crate::delay::Edge;
use crate::findings::{Normal, Slot};
use crate::report::{Class, Condition, Evidence, Level, Priority, Reason};
use crate::rules::{Point, Rules};
use crate::wording::{figure, span};

impl Health {
    /// The stable name of what was found.
    pub(crate) fn key<'a>(
        &self,
        found: &Found,
        point: impl Fn(u16) -> Option<&'a Point>,
    ) -> String {
        let name = |slot| point(slot).map_or_else(|| slot.to_string(), |p: &Point| p.key.clone());
        match found.ill {
            Ill::Stuck => format!("sensor:stuck:{}", name(found.slot)),
            Ill::Spikes => format!("sensor:spikes:{}", name(found.slot)),
            Ill::Dropout => format!("sensor:dropout:{}", name(found.slot)),
            Ill::OutOfRange => format!("sensor:out_of_range:{}", name(found.slot)),
            Ill::Disagreement(number) => {
                let pair = &self.pairs[number];
                format!("sensor:disagreement:{}+{}", name(pair.first), name(pair.second))
            }
        }
    }

    /// Explains what was found; `normal` is the band of the point where it is learnt.
    pub(crate) fn explain<'a>(
        &self,
        rules: &Rules,
        found: &Found,
        at_us: i64,
        point: impl Fn(u16) -> Option<&'a Point> + Copy,
        normal: Option<Normal>,
    ) -> Option<Condition> {
        let Edge::Raised { since_us } = found.edge else { return None };
        let monitor = self.monitor(found.slot)?;
        let about = Case { point: point(found.slot)?, monitor, normal, at_us, since_us };
        let (priority, evidence) = match found.ill {
            Ill::Stuck => (Priority::Medium, about.stuck(rules)),
            Ill::Spikes => (Priority::Low, about.spikes(rules)),
            Ill::Dropout => (Priority::Medium, about.dropout(rules, self.life.lived_us)),
            Ill::OutOfRange => (Priority::Medium, about.out_of_range()),
            Ill::Disagreement(number) => {
                let pair = &self.pairs[number];
                let (first, second) = (point(pair.first)?, point(pair.second)?);
                let standing = pair.standing(&rules.sensors.redundancy)?;
                (Priority::Low, disagreement(first, second, &standing, since_us))
            }
        };
        Some(Condition {
            key: self.key(found, point),
            level: Level::Sensor,
            class: Class::Sensor,
            priority,
            latched: false,
            summary: evidence.words.clone(),
            since_us,
            at_us,
            evidence: vec![evidence],
        })
    }
}

/// One sensor that fell ill.
struct Case<'a> {
    point: &'a Point,
    monitor: &'a Monitor,
    normal: Option<Normal>,
    at_us: i64,
    since_us: i64,
}

impl Case<'_> {
    fn evidence(
        &self,
        reason: Reason,
        seen: f64,
        unusual: f64,
        limits: f64,
        words: String,
    ) -> Evidence {
        let normal = self.normal.unwrap_or(Normal { expected: seen, low: seen, high: seen });
        Evidence {
            slot: Slot(self.point.slot.0),
            reason,
            expected: normal.expected,
            low: normal.low,
            high: normal.high,
            seen,
            unusual,
            limits,
            since_us: self.since_us,
            words,
        }
    }

    fn stuck(&self, rules: &Rules) -> Evidence {
        let (stuck, value) = (&self.monitor.stuck, self.monitor.value);
        let times = f64::from(stuck.run()) / f64::from(stuck.longest());
        let words = format!(
            "{} has shown exactly {} for {}, {} readings in a row; its longest usual run of equal \
             readings was {}",
            self.point.name,
            figure(value, &self.point.unit),
            span(self.at_us.saturating_sub(self.since_us)),
            stuck.run(),
            stuck.longest(),
        );
        let limits = times / rules.sensors.stuck.times_usual.max(1e-3);
        self.evidence(Reason::Stuck, value, times, limits, words)
    }

    fn spikes(&self, rules: &Rules) -> Evidence {
        let (spikes, rule) = (&self.monitor.spikes, &rules.sensors.spikes);
        let unit = &self.point.unit;
        let words = format!(
            "{} has jumped and come back {} times within {}, the last time to {} from about {}; \
             jumps of more than {} are not usual",
            self.point.name,
            spikes.count(),
            span(self.at_us.saturating_sub(self.since_us)),
            figure(spikes.newest, unit),
            figure(spikes.around, unit),
            figure(spikes.limit(rule), unit),
        );
        let count = spikes.count() as f64;
        let size =
            (spikes.newest - spikes.around).abs() / spikes.limit(rule).max(f64::MIN_POSITIVE);
        let evidence = self.evidence(Reason::Spikes, spikes.newest, count, size.min(1e9), words);
        Evidence { expected: spikes.around, ..evidence }
    }

    fn dropout(&self, rules: &Rules, lived_us: i64) -> Evidence {
        let silence = &self.monitor.silence;
        let silent_us = silence.silent_us(lived_us);
        let times = silent_us as f64 / silence.usual_us() as f64;
        let words = format!(
            "{} has said nothing for {} while other points went on; its longest usual silence was {}",
            self.point.name,
            span(silent_us),
            span(silence.usual_us()),
        );
        let limits = times / rules.sensors.dropout.times_usual.max(1e-3);
        self.evidence(Reason::Dropout, self.monitor.value, times, limits, words)
    }

    fn out_of_range(&self) -> Evidence {
        let (value, possible, unit) =
            (self.monitor.value, self.monitor.possible(), &self.point.unit);
        let can = match (possible.low, possible.high) {
            (Some(low), Some(high)) => {
                format!("from {} to {}", figure(low, ""), figure(high, unit))
            }
            (Some(low), None) => format!("{} and more", figure(low, unit)),
            (None, Some(high)) => format!("{} and less", figure(high, unit)),
            (None, None) => "anything".to_owned(),
        };
        let words = format!("{} shows {}; it can show {can}", self.point.name, figure(value, unit));
        let evidence = self.evidence(Reason::OutOfRange, value, 0.0, 1.0, words);
        let nearest =
            value.max(possible.low.unwrap_or(f64::MIN)).min(possible.high.unwrap_or(f64::MAX));
        Evidence {
            expected: self.normal.map_or(nearest, |normal| normal.expected),
            low: possible.low.unwrap_or(nearest),
            high: possible.high.unwrap_or(nearest),
            ..evidence
        }
    }
}

fn disagreement(
    first: &Point,
    second: &Point,
    standing: &super::redundancy::Standing,
    since_us: i64,
) -> Evidence {
    let words = format!(
        "{} and {} measure the same and are {} apart; they used to be {} apart, and up to {} more \
         or less is usual",
        first.name,
        second.name,
        figure(standing.now, &first.unit),
        figure(standing.usual, &first.unit),
        figure(standing.band, &first.unit),
    );
    Evidence {
        slot: first.slot,
        reason: Reason::Disagreement,
        expected: standing.usual,
        low: standing.usual - standing.band,
        high: standing.usual + standing.band,
        seen: standing.now,
        unusual: standing.sigmas,
        limits: standing.limits,
        since_us,
        words,
    }
}
