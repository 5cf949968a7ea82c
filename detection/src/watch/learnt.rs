//! What a detector finds, as a condition of the asset that explains itself.

use serde::{Deserialize, Serialize};

use crate::findings::{Cause, Deviation, Finding, Slot};
use crate::report::{Class, Condition, Evidence, Level, Priority, Reason, Report};
use crate::rules::Point;
use crate::wording::{figure, span};

/// The one condition of a detector. A finding that rests on sick sensors alone is not told; when a
/// sound point joins it, it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Learnt {
    level: Level,
    state: State,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum State {
    Calm,
    /// Told to the caller.
    Told,
    /// It rests on sick sensors alone.
    Withheld,
}

impl Learnt {
    pub(super) fn new(level: Level) -> Self {
        Self { level, state: State::Calm }
    }

    fn key(self) -> String {
        match self.level {
            Level::Drift => "drift".to_owned(),
            _ => "deviation".to_owned(),
        }
    }

    /// What a finding says to the caller, if anything.
    pub(super) fn report(
        &mut self,
        finding: Finding,
        points: &[Option<Point>],
        fit: impl Fn(Slot) -> bool,
    ) -> Option<Report> {
        let level = self.level;
        let explain = |deviations: Vec<Deviation>, at_us: i64| -> Vec<Evidence> {
            let sound = deviations.iter().filter(|deviation| fit(deviation.slot));
            sound.filter_map(|deviation| evidence(level, deviation, points, at_us)).collect()
        };
        match finding {
            Finding::Learned { at_us, slots } => Some(Report::Learned { level, at_us, slots }),
            Finding::Raised { at_us, since_us, deviations, .. } => {
                self.raise(at_us, since_us, explain(deviations, at_us), points)
            }
            Finding::Worsened { at_us, deviations } => {
                let evidence = explain(deviations, at_us);
                match self.state {
                    State::Withheld => {
                        let since_us = evidence.iter().map(|point| point.since_us).min();
                        self.raise(at_us, since_us.unwrap_or(at_us), evidence, points)
                    }
                    _ if evidence.is_empty() => None,
                    _ => {
                        let summary = summary(&evidence, points);
                        Some(Report::Worsened { key: self.key(), at_us, summary, evidence })
                    }
                }
            }
            Finding::Cleared { at_us, .. } => {
                let told = self.state == State::Told;
                self.state = State::Calm;
                told.then(|| Report::Cleared { key: self.key(), at_us })
            }
        }
    }

    fn raise(
        &mut self,
        at_us: i64,
        since_us: i64,
        evidence: Vec<Evidence>,
        points: &[Option<Point>],
    ) -> Option<Report> {
        if evidence.is_empty() {
            self.state = State::Withheld;
            return None;
        }
        self.state = State::Told;
        Some(Report::Raised(Condition {
            key: self.key(),
            level: self.level,
            class: Class::Machine,
            priority: Priority::Medium,
            latched: false,
            summary: summary(&evidence, points),
            since_us,
            at_us,
            evidence,
        }))
    }
}

fn named(points: &[Option<Point>], slot: Slot) -> Option<&Point> {
    points.get(usize::from(slot.0))?.as_ref()
}

fn evidence(
    level: Level,
    deviation: &Deviation,
    points: &[Option<Point>],
    at_us: i64,
) -> Option<Evidence> {
    let Deviation { slot, cause, expected, low, high, seen, unusual, limits, since_us } =
        *deviation;
    let point = named(points, slot)?;
    let reason = match (level, cause) {
        (Level::Drift, Cause::Level) => Reason::Drift,
        _ => Reason::from(cause),
    };
    let figure = |value| figure(value, &point.unit);
    let (seen_words, expected_words) = (figure(seen), figure(expected));
    let words = match reason {
        Reason::Change => {
            let direction = if seen > expected { "risen" } else { "fallen" };
            format!("{} has {direction} from {expected_words} to {seen_words}", point.name)
        }
        Reason::Combination => format!(
            "{} shows {seen_words}; {expected_words} would go with the other points",
            point.name
        ),
        Reason::Drift => format!(
            "{} shows {seen_words} and its long mean has left its baseline of {expected_words}",
            point.name
        ),
        _ => format!(
            "{} shows {seen_words}; {expected_words} is expected, {} to {} is normal",
            point.name,
            figure(low),
            figure(high)
        ),
    };
    let words = format!(
        "{words}: {unusual:.1} robust standard deviations, for {}",
        span(at_us.saturating_sub(since_us))
    );
    Some(Evidence { slot, reason, expected, low, high, seen, unusual, limits, since_us, words })
}

/// One line for a list: the most unusual point, and how many more.
fn summary(evidence: &[Evidence], points: &[Option<Point>]) -> String {
    let Some(first) = evidence.first() else { return "Deviates from normal".to_owned() };
    let name = named(points, first.slot).map_or("A point", |point| point.name.as_str());
    let direction = if first.seen > first.expected { "high" } else { "low" };
    let what = match first.reason {
        Reason::Change if direction == "high" => format!("{name} has risen"),
        Reason::Change => format!("{name} has fallen"),
        Reason::Combination => format!("{name} does not fit the other points"),
        Reason::Drift if direction == "high" => format!("{name} has crept up"),
        Reason::Drift => format!("{name} has crept down"),
        _ => format!("{name} is unusually {direction}"),
    };
    match evidence.len() - 1 {
        0 => what,
        1 => format!("{what}, and one more point"),
        n => format!("{what}, and {n} more points"),
    }
}
