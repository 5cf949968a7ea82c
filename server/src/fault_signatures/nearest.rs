//! Patterns of deviations, how far they are from one another, and which past cases are near.
//!
//! A pattern has one score for each quantity and position that deviates: robust standard deviations,
//! with the sign of the direction, winsorised (Tukey 1962, "The future of data analysis") so that one
//! point far off does not drown the others. What does not deviate has none, which counts as 0. The
//! distance is the cosine distance, 1 − a·b / (|a| |b|): a fault that has grown deviates further in the
//! same direction, and stays near. Direction is what tells faults apart in reconstruction-based
//! isolation as well (Dunia and Qin 1998, "Subspace approach to multidimensional fault identification
//! and reconstruction").

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

/// Scores are cut at this, robust standard deviations.
const FURTHEST: f64 = 8.0;

/// A past case says something up to this distance: an angle of about 41° between two patterns.
pub const NEAR: f64 = 0.25;

/// With fewer past cases of a kind of machine nothing is said.
pub const FEWEST_CASES: usize = 3;

/// How a machine deviates.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Pattern {
    /// What found it: `deviation`, `limit`, `drift`, …
    pub levels: BTreeSet<String>,
    /// By quantity and position, such as `temperature bearing`.
    pub scores: BTreeMap<String, f64>,
}

impl Pattern {
    /// Adds a deviating point. Of several at one place the furthest counts.
    pub fn add(&mut self, quantity: &str, position: &str, score: f64) {
        if !score.is_finite() || score == 0.0 {
            return;
        }
        let score = score.clamp(-FURTHEST, FURTHEST);
        let place = format!("{quantity} {position}").trim().to_owned();
        let there = self.scores.entry(place).or_insert(score);
        if score.abs() > there.abs() {
            *there = score;
        }
    }

    /// From 0, the same, to 2, the opposite; `None` when one of the two deviates nowhere.
    pub fn distance(&self, other: &Self) -> Option<f64> {
        let norm = |p: &Self| p.scores.values().map(|s| s * s).sum::<f64>().sqrt();
        let norms = norm(self) * norm(other);
        if norms <= 0.0 {
            return None;
        }
        let both = self.scores.iter().filter_map(|(k, a)| other.scores.get(k).map(|b| a * b));
        Some((1.0 - both.sum::<f64>() / norms).clamp(0.0, 2.0))
    }
}

/// A closed ticket whose cause was found.
#[derive(Debug, Clone)]
pub struct Case<T> {
    pub of: T,
    pub model: Option<String>,
    pub pattern: Pattern,
    /// When it was closed, microseconds.
    pub closed_us: i64,
}

/// A past case that is near.
#[derive(Debug)]
pub struct Near<'a, T> {
    pub case: &'a Case<T>,
    pub distance: f64,
    pub same_model: bool,
}

/// Why nothing is said.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum Silence {
    /// The ticket has no deviations with figures.
    #[error("this ticket has no deviations that could be compared")]
    NoPattern,
    /// Too little was learnt.
    #[error(
        "{known} closed tickets of this kind of machine have a finding; at least {FEWEST_CASES} are needed"
    )]
    TooFew {
        /// Past cases of the kind.
        known: usize,
    },
    /// Nothing like it was seen.
    #[error(
        "no past case is like this one: the nearest is at a distance of {nearest:.2}, near is up to {NEAR}"
    )]
    NothingNear {
        /// Distance of the nearest past case.
        nearest: f64,
    },
}

/// The near ones of the past cases of the same kind of machine: those of the same model first, then
/// by distance, what was found by the same levels before other, the newest before older.
pub fn nearest<'a, T>(
    pattern: &Pattern,
    model: Option<&str>,
    cases: &'a [Case<T>],
) -> Result<Vec<Near<'a, T>>, Silence> {
    if pattern.scores.is_empty() {
        return Err(Silence::NoPattern);
    }
    if cases.len() < FEWEST_CASES {
        return Err(Silence::TooFew { known: cases.len() });
    }
    let near = |case: &'a Case<T>| {
        let same_model = model.is_some() && case.model.as_deref() == model;
        Some(Near { distance: pattern.distance(&case.pattern)?, case, same_model })
    };
    let mut all: Vec<_> = cases.iter().filter_map(near).collect();
    let nearest = all.iter().map(|n| n.distance).fold(2.0, f64::min);
    all.retain(|n| n.distance <= NEAR);
    if all.is_empty() {
        return Err(Silence::NothingNear { nearest });
    }
    let other_levels = |n: &Near<'_, T>| n.case.pattern.levels != pattern.levels;
    all.sort_by(|a, b| {
        (!a.same_model)
            .cmp(&!b.same_model)
            .then(a.distance.total_cmp(&b.distance))
            .then(other_levels(a).cmp(&other_levels(b)))
            .then(b.case.closed_us.cmp(&a.case.closed_us))
    });
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pattern(scores: &[(&str, f64)]) -> Pattern {
        let mut pattern = Pattern::default();
        for (place, score) in scores {
            let (quantity, position) = place.split_once(' ').unwrap_or((place, ""));
            pattern.add(quantity, position, *score);
        }
        pattern
    }

    fn case(cause: &'static str, model: &str, scores: &[(&str, f64)]) -> Case<&'static str> {
        Case { of: cause, model: Some(model.into()), pattern: pattern(scores), closed_us: 0 }
    }

    /// The same fleet each time: a small generator (Lehmer 1951) instead of a seed of some library.
    struct Fleet(u64);

    impl Fleet {
        fn unit(&mut self) -> f64 {
            self.0 = self.0 * 48_271 % 0x7fff_ffff;
            self.0 as f64 / f64::from(0x7fff_ffff)
        }

        /// A pattern as a real machine shows it: grown by 1 to 4, each score off by up to a third,
        /// and now and then a point that has nothing to do with it.
        fn shows(&mut self, fault: &[(&str, f64)]) -> Pattern {
            let grown = 1.0 + 3.0 * self.unit();
            let mut pattern = Pattern::default();
            for (place, score) in fault {
                let (quantity, position) = place.split_once(' ').unwrap();
                pattern.add(quantity, position, score * grown * (0.67 + 0.66 * self.unit()));
            }
            if self.unit() < 0.3 {
                pattern.add("humidity", "cabinet", 3.0 * self.unit() - 1.5);
            }
            pattern
        }
    }

    const STRAINER: &[(&str, f64)] =
        &[("pressure inlet", -3.0), ("current motor", -2.0), ("temperature bearing", 0.8)];
    const BEARING: &[(&str, f64)] =
        &[("temperature bearing", 3.0), ("acceleration bearing", 2.5), ("current motor", 1.0)];
    const SEAL: &[(&str, f64)] = &[("pressure outlet", -2.5), ("pressure inlet", 1.0)];

    #[test]
    fn three_causes_over_sixty_tickets_come_first_and_an_unknown_one_gets_no_answer() {
        let mut fleet = Fleet(7);
        let faults = [("strainer", STRAINER), ("bearing", BEARING), ("seal", SEAL)];
        let mut cases = Vec::new();
        let (mut said, mut right) = (0, 0);
        for i in 0..60 {
            let (cause, fault) = faults[(fleet.unit() * 3.0) as usize];
            let model = if fleet.unit() < 0.5 { "A" } else { "B" };
            let pattern = fleet.shows(fault);
            if let Ok(near) = nearest(&pattern, Some(model), &cases) {
                said += 1;
                right += usize::from(near[0].case.of == cause);
            }
            cases.push(Case { of: cause, model: Some(model.into()), pattern, closed_us: i });
        }
        assert!(said >= 45, "an answer for {said} of 60");
        assert!(right * 10 >= said * 9, "{right} of {said}");
        let mut after = 0;
        for i in 0..90 {
            let (cause, fault) = faults[i % 3];
            let pattern = fleet.shows(fault);
            let near = nearest(&pattern, Some("A"), &cases);
            after += usize::from(near.is_ok_and(|near| near[0].case.of == cause));
        }
        assert!(after >= 81, "{after} of 90");
        for unknown in [
            &[("temperature winding", 4.0), ("current motor", 3.0)][..],
            &[("pressure outlet", 3.0)],
            &[("temperature bearing", -4.0)],
        ] {
            let pattern = fleet.shows(unknown);
            let answer = nearest(&pattern, Some("A"), &cases);
            assert!(matches!(answer, Err(Silence::NothingNear { .. })), "{unknown:?}");
        }
    }

    #[test]
    fn a_fault_that_has_grown_stays_near_and_its_opposite_is_far() {
        let early = pattern(&[("temperature bearing", 1.5), ("current motor", 0.5)]);
        let late = pattern(&[("temperature bearing", 6.0), ("current motor", 2.0)]);
        let opposite = pattern(&[("temperature bearing", -3.0), ("current motor", -1.0)]);
        assert!(early.distance(&late).unwrap() < 1e-9);
        assert!(early.distance(&opposite).unwrap() > 1.99);
        assert_eq!(early.distance(&Pattern::default()), None);
    }

    #[test]
    fn one_point_far_off_does_not_drown_the_others() {
        let moderate = pattern(&[("temperature bearing", 6.0), ("current motor", 6.0)]);
        let wild = pattern(&[("temperature bearing", 900.0), ("current motor", 6.0)]);
        assert!(moderate.distance(&wild).unwrap() < 0.05);
    }

    #[test]
    fn cases_of_the_same_model_come_before_nearer_ones_of_the_kind() {
        let seen = pattern(&[("temperature bearing", 4.0), ("current motor", 1.0)]);
        let cases = [
            case("kind", "B", &[("temperature bearing", 4.0), ("current motor", 1.0)]),
            case("model", "A", &[("temperature bearing", 4.0), ("current motor", 2.0)]),
            case("far", "A", &[("pressure inlet", -4.0)]),
        ];
        let near = nearest(&seen, Some("A"), &cases).unwrap();
        assert_eq!(near.iter().map(|n| n.case.of).collect::<Vec<_>>(), ["model", "kind"]);
        let near = nearest(&seen, None, &cases).unwrap();
        assert_eq!(near[0].case.of, "kind", "a machine without a model has no model in common");
    }

    #[test]
    fn with_too_few_cases_or_nothing_to_compare_nothing_is_said() {
        let seen = pattern(&[("temperature bearing", 4.0)]);
        let one = [case("x", "A", &[("temperature bearing", 4.0)])];
        assert_eq!(nearest(&seen, None, &one).unwrap_err(), Silence::TooFew { known: 1 });
        assert_eq!(nearest(&Pattern::default(), None, &one).unwrap_err(), Silence::NoPattern);
    }
}
