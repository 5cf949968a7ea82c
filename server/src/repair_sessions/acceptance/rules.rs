//! When readings pass a check. Pure: slices in, an outcome with its figures out.

use ::telemetry::pack::Sample;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::limits::{ACCEPTANCE_GAP_INTERVALS, ACCEPTANCE_GAP_US};
use crate::time::Time;

/// How a check stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Shown.
    Pass,
    /// Not shown yet.
    Pending,
    /// The readings, or the machine, say no.
    Fail,
}

impl Outcome {
    /// All have to pass; one that fails fails them all.
    pub fn of_all(outcomes: impl IntoIterator<Item = Self>) -> Self {
        let worse = |a, b| match (a, b) {
            (Self::Fail, _) | (_, Self::Fail) => Self::Fail,
            (Self::Pending, _) | (_, Self::Pending) => Self::Pending,
            _ => Self::Pass,
        };
        outcomes.into_iter().fold(Self::Pass, worse)
    }
}

/// A reading that decided.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Deciding {
    pub at: Time,
    /// In the unit of the point.
    pub value: f64,
}

impl From<Sample> for Deciding {
    fn from(s: Sample) -> Self {
        Self { at: Time(s.measured_at_us), value: s.value }
    }
}

/// The figures that decided.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Figures {
    /// Readings since the test began that count.
    pub readings: usize,
    /// For how long the newest of them have been within the band.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held_seconds: Option<f64>,
    /// Least and greatest value in that time, in the unit of the point.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<f64>,
    /// The reading that reached the value, or the newest one outside the band.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deciding: Option<Deciding>,
}

/// What was said of one point.
#[derive(Debug, Clone, PartialEq)]
pub struct Judged {
    pub outcome: Outcome,
    pub text: String,
    pub figures: Figures,
}

/// The load at the time of a reading: the last one not older than a gap.
struct LoadAt<'a> {
    load: &'a [Sample],
    gap_us: i64,
}

impl LoadAt<'_> {
    fn at(&self, at_us: i64) -> Option<f64> {
        let until = self.load.partition_point(|s| s.measured_at_us <= at_us);
        let last = self.load[..until].last()?;
        (at_us - last.measured_at_us <= self.gap_us).then_some(last.value)
    }
}

/// Silence that counts as a gap: a minute, or some sampling intervals where those are longer.
fn gap_us(samples: &[Sample]) -> i64 {
    let mut steps: Vec<i64> =
        samples.windows(2).map(|w| w[1].measured_at_us - w[0].measured_at_us).collect();
    if steps.is_empty() {
        return ACCEPTANCE_GAP_US;
    }
    let middle = steps.len() / 2;
    let (_, median, _) = steps.select_nth_unstable(middle);
    (*median * ACCEPTANCE_GAP_INTERVALS).max(ACCEPTANCE_GAP_US)
}

/// A band; an open end is no limit.
#[derive(Debug, Clone, Copy)]
pub struct Band {
    pub low: Option<f64>,
    pub high: Option<f64>,
}

impl Band {
    fn contains(self, value: f64) -> bool {
        self.low.is_none_or(|low| value >= low) && self.high.is_none_or(|high| value <= high)
    }
}

/// Whether the newest readings have stayed within the band for `for_us`. Where a load is asked
/// for, readings at a lower or an unknown load do not count, and no time passes with them.
pub fn stays_within(
    samples: &[Sample],
    load: Option<(&[Sample], f64)>,
    band: Band,
    for_us: i64,
) -> Judged {
    let gap = gap_us(samples);
    let loads = load.map(|(load, least)| (LoadAt { load, gap_us: gap_us(load) }, least));
    let counts = |s: &Sample| match &loads {
        Some((at, least)) => at.at(s.measured_at_us).is_some_and(|l| l >= *least),
        None => true,
    };
    let readings = samples.iter().filter(|s| counts(s)).count();
    let mut held_us = 0;
    let (mut min, mut max) = (f64::INFINITY, f64::NEG_INFINITY);
    let mut outside = None;
    let mut later: Option<&Sample> = None;
    for sample in samples.iter().rev() {
        let step = later.map_or(0, |l| l.measured_at_us - sample.measured_at_us);
        if step > gap {
            break;
        }
        let both_count = later.is_none_or(counts) && counts(sample);
        later = Some(sample);
        if !counts(sample) {
            continue;
        }
        if !band.contains(sample.value) {
            outside = Some(Deciding::from(*sample));
            break;
        }
        (min, max) = (min.min(sample.value), max.max(sample.value));
        if both_count {
            held_us += step;
        }
        if held_us >= for_us {
            break;
        }
    }
    let held = held_us as f64 / 1e6;
    let needed = for_us as f64 / 1e6;
    let newest = samples.iter().rev().find(|s| counts(s));
    let (outcome, text) = match newest {
        None if samples.is_empty() => (Outcome::Pending, "no reading since the test began".into()),
        None => (Outcome::Pending, "no reading at the load that is asked for yet".into()),
        Some(_) if held_us >= for_us => {
            (Outcome::Pass, format!("within the band for {held:.0} s, {needed:.0} s are needed"))
        }
        Some(newest) if !band.contains(newest.value) => {
            (Outcome::Fail, format!("outside the band: {}", figure(newest.value)))
        }
        Some(_) => (
            Outcome::Pending,
            format!("within the band for {held:.0} s so far, {needed:.0} s are needed"),
        ),
    };
    let seen = min <= max;
    let figures = Figures {
        readings,
        held_seconds: Some(held),
        min: seen.then_some(min),
        max: seen.then_some(max),
        deciding: outside,
    };
    Judged { outcome, text, figures }
}

/// A value to be reached.
#[derive(Debug, Clone, Copy)]
pub enum Goal {
    AtLeast(f64),
    AtMost(f64),
}

impl Goal {
    fn reached_by(self, value: f64) -> bool {
        match self {
            Self::AtLeast(goal) => value >= goal,
            Self::AtMost(goal) => value <= goal,
        }
    }
}

/// Whether one of the readings since `began_us` reached the goal before `within_us` were over.
/// It fails only when a reading after that time shows that the time is over.
pub fn reaches(samples: &[Sample], began_us: i64, goal: Goal, within_us: i64) -> Judged {
    let until = began_us.saturating_add(within_us);
    let in_time = samples.iter().filter(|s| s.measured_at_us <= until);
    let reached = in_time.clone().find(|s| goal.reached_by(s.value));
    let over = samples.last().is_some_and(|s| s.measured_at_us > until);
    let (outcome, text) = match reached {
        Some(s) => {
            let after = (s.measured_at_us - began_us) as f64 / 1e6;
            (Outcome::Pass, format!("reached {} after {after:.0} s", figure(s.value)))
        }
        None if over => (
            Outcome::Fail,
            format!("not reached within {:.0} s of the test's begin", within_us as f64 / 1e6),
        ),
        None if samples.is_empty() => (Outcome::Pending, "no reading since the test began".into()),
        None => (Outcome::Pending, "not reached yet".into()),
    };
    let values = || in_time.clone().map(|s| s.value);
    let figures = Figures {
        readings: values().count(),
        held_seconds: None,
        min: values().reduce(f64::min),
        max: values().reduce(f64::max),
        deciding: reached.map(|s| Deciding::from(*s)),
    };
    Judged { outcome, text, figures }
}

/// A value for people.
fn figure(value: f64) -> String {
    let digits = if value.abs() >= 100.0 { 1 } else { 3 };
    format!("{value:.digits$}")
}

#[cfg(test)]
mod tests {
    use super::*;

    const S: i64 = 1_000_000;

    fn every_second(values: &[f64]) -> Vec<Sample> {
        let times = (0..).map(|i| i * S);
        times.zip(values).map(|(measured_at_us, v)| Sample { measured_at_us, value: *v }).collect()
    }

    const BAND: Band = Band { low: Some(1.0), high: Some(2.0) };

    #[test]
    fn a_band_is_held_by_the_newest_readings_and_not_by_earlier_ones() {
        let held = every_second(&[9.0, 1.5, 1.5, 1.5, 1.5]);
        assert_eq!(stays_within(&held, None, BAND, 3 * S).outcome, Outcome::Pass);
        assert_eq!(stays_within(&held, None, BAND, 4 * S).outcome, Outcome::Pending);
        let left = every_second(&[1.5, 1.5, 1.5, 1.5, 9.0]);
        let judged = stays_within(&left, None, BAND, 3 * S);
        assert_eq!(judged.outcome, Outcome::Fail);
        assert_eq!(judged.figures.deciding.unwrap().value, 9.0);
        assert_eq!(stays_within(&[], None, BAND, S).outcome, Outcome::Pending);
    }

    #[test]
    fn a_band_is_not_held_across_a_gap() {
        let mut samples = every_second(&[1.5; 10]);
        for s in &mut samples[5..] {
            s.measured_at_us += 3600 * S;
        }
        let judged = stays_within(&samples, None, BAND, 6 * S);
        assert_eq!((judged.outcome, judged.figures.held_seconds), (Outcome::Pending, Some(4.0)));
    }

    #[test]
    fn readings_at_a_lower_load_count_neither_for_nor_against() {
        let samples = every_second(&[1.5, 1.5, 1.5, 9.0, 9.0, 1.5, 1.5, 1.5]);
        let load = every_second(&[5.0, 5.0, 5.0, 1.0, 1.0, 5.0, 5.0, 5.0]);
        let judged = |for_us| stays_within(&samples, Some((&load, 4.0)), BAND, for_us);
        assert_eq!(judged(4 * S).outcome, Outcome::Pass);
        assert_eq!(judged(5 * S).outcome, Outcome::Pending);
        assert_eq!(judged(4 * S).figures.readings, 6);
        let idle = every_second(&[0.0; 8]);
        let never = stays_within(&samples, Some((&idle, 4.0)), BAND, S);
        assert!(never.text.contains("load"), "{}", never.text);
        assert_eq!(never.outcome, Outcome::Pending);
    }

    #[test]
    fn a_value_is_reached_in_time_or_not() {
        let rising = every_second(&[0.0, 1.0, 2.0, 3.0, 4.0]);
        let judged = |goal, within| reaches(&rising, 0, goal, within * S);
        assert_eq!(judged(Goal::AtLeast(2.0), 2).outcome, Outcome::Pass);
        assert_eq!(judged(Goal::AtLeast(2.0), 1).outcome, Outcome::Fail);
        assert_eq!(judged(Goal::AtLeast(9.0), 60).outcome, Outcome::Pending);
        assert_eq!(judged(Goal::AtMost(0.0), 1).outcome, Outcome::Pass);
        assert_eq!(reaches(&[], 0, Goal::AtMost(0.0), S).outcome, Outcome::Pending);
    }

    #[test]
    fn one_failing_point_fails_a_check_and_one_pending_keeps_it_open() {
        use Outcome::{Fail, Pass, Pending};
        assert_eq!(Outcome::of_all([Pass, Pending, Fail]), Fail);
        assert_eq!(Outcome::of_all([Pass, Pending]), Pending);
        assert_eq!(Outcome::of_all([Pass, Pass]), Pass);
    }
}
