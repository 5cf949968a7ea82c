//! Whether points go together as they used to: a robust multivariate distance.
//!
//! The distance is Mahalanobis' over winsorised scores with a shrunk correlation matrix (Ledoit
//! and Wolf 2004 for shrinkage towards the identity), divided by the number of points, so that it
//! is near one whatever their number.

use serde::{Deserialize, Serialize};

use crate::baseline::quantile;

/// Scores count up to this many robust standard deviations in the correlation.
const WINSOR: f64 = 3.0;
/// Weight of the identity matrix.
const SHRINKAGE: f64 = 0.02;
/// The largest usual distance is this quantile of the learnt ones.
const USUAL: f64 = 0.99;

/// Learnt correlation of the points that were learnt together.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Combination {
    members: Vec<u16>,
    /// Row-major, one row per member.
    correlation: Vec<f64>,
    /// The largest usual distance.
    usual: f64,
    #[serde(skip)]
    factor: Option<Factor>,
}

/// What the other points suggest for one point.
pub(crate) struct Suggested {
    pub(crate) slot: u16,
    /// The score that would go with the others.
    pub(crate) score: f64,
    /// Distance of the point's score from it, in standard deviations given the others.
    pub(crate) unusual: f64,
}

/// Cholesky factor for one set of points that are present, kept until the set changes.
#[derive(Debug, Clone)]
struct Factor {
    present: Vec<usize>,
    /// Lower triangle, row-major over `present`.
    lower: Vec<f64>,
}

impl Combination {
    /// Learns from rows of scores, one per member and row. None below two members or with fewer
    /// than ten rows a member.
    pub(crate) fn learn(members: Vec<u16>, rows: &[Vec<f64>]) -> Option<Self> {
        let n = members.len();
        if n < 2 || rows.len() < 10 * n {
            return None;
        }
        let mut correlation = vec![0.0; n * n];
        for row in rows {
            for i in 0..n {
                for j in 0..=i {
                    correlation[i * n + j] += winsorised(row[i]) * winsorised(row[j]);
                }
            }
        }
        // A constant point has no variance: it correlates with nothing.
        let scale: Vec<f64> =
            (0..n).map(|i| correlation[i * n + i].sqrt()).map(|root| root.max(1e-9)).collect();
        for i in 0..n {
            for j in 0..i {
                let entry = (1.0 - SHRINKAGE) * correlation[i * n + j] / (scale[i] * scale[j]);
                correlation[i * n + j] = entry;
                correlation[j * n + i] = entry;
            }
            correlation[i * n + i] = 1.0;
        }
        let mut learnt = Self { members, correlation, usual: 1.0, factor: None };
        let mut distances: Vec<f64> = rows
            .iter()
            .filter_map(|row| learnt.raw_distance(&|member| Some(row[member])))
            .collect();
        distances.sort_unstable_by(f64::total_cmp);
        if !distances.is_empty() {
            learnt.usual = quantile(&distances, USUAL).max(1.0);
        }
        Some(learnt)
    }

    /// Distance of the present points' scores, in multiples of the largest usual one.
    pub(crate) fn distance(&mut self, score: impl Fn(u16) -> Option<f64>) -> Option<f64> {
        let members = std::mem::take(&mut self.members);
        let distance = self.raw_distance(&|member| score(members[member]));
        self.members = members;
        Some(distance? / self.usual)
    }

    /// For each point that is present, what the others suggest for it. Call after
    /// [`distance`](Self::distance) with the same scores.
    pub(crate) fn suggested(&self, score: impl Fn(u16) -> Option<f64>) -> Vec<Suggested> {
        let Some(factor) = &self.factor else { return Vec::new() };
        let scores: Vec<f64> = factor
            .present
            .iter()
            .map(|member| score(self.members[*member]).unwrap_or_default())
            .collect();
        let suggested = |(place, member): (usize, &usize)| {
            // Column of the inverse: its diagonal is the reciprocal of the conditional variance,
            // its product with the scores the standardised residual.
            let column = factor.inverse_column(place);
            let residual: f64 =
                column.iter().zip(&scores).map(|(entry, score)| entry * score).sum();
            Suggested {
                slot: self.members[*member],
                score: scores[place] - residual / column[place],
                unusual: residual.abs() / column[place].sqrt(),
            }
        };
        factor.present.iter().enumerate().map(suggested).collect()
    }

    fn raw_distance(&mut self, score: &dyn Fn(usize) -> Option<f64>) -> Option<f64> {
        let n = self.correlation.len().isqrt();
        let scores: Vec<(usize, f64)> =
            (0..n).filter_map(|member| Some((member, score(member)?))).collect();
        if scores.len() < 2 {
            return None;
        }
        let same = self.factor.as_ref().is_some_and(|factor| {
            factor.present.len() == scores.len()
                && factor.present.iter().zip(&scores).all(|(old, (new, _))| old == new)
        });
        if !same {
            let present: Vec<usize> = scores.iter().map(|(member, _)| *member).collect();
            self.factor = Some(Factor::of(&self.correlation, n, present));
        }
        let squared = self.factor.as_ref()?.squared_length(&scores);
        Some((squared / scores.len() as f64).sqrt())
    }
}

fn winsorised(score: f64) -> f64 {
    score.clamp(-WINSOR, WINSOR)
}

impl Factor {
    /// Golub and Van Loan, Matrix Computations, algorithm 4.2.1. Shrinkage keeps every pivot at
    /// or above its weight, so that the factor always exists.
    fn of(correlation: &[f64], n: usize, present: Vec<usize>) -> Self {
        let m = present.len();
        let mut lower = vec![0.0; m * m];
        for i in 0..m {
            for j in 0..=i {
                let inner: f64 = (0..j).map(|k| lower[i * m + k] * lower[j * m + k]).sum();
                let rest = correlation[present[i] * n + present[j]] - inner;
                lower[i * m + j] =
                    if i == j { rest.max(1e-9).sqrt() } else { rest / lower[j * m + j] };
            }
        }
        Self { present, lower }
    }

    /// x' C⁻¹ x by forward substitution.
    fn squared_length(&self, scores: &[(usize, f64)]) -> f64 {
        let m = self.present.len();
        let mut solved: Vec<f64> = Vec::with_capacity(m);
        for (i, (_, score)) in scores.iter().enumerate() {
            let inner: f64 = solved.iter().zip(&self.lower[i * m..]).map(|(y, l)| y * l).sum();
            solved.push((score - inner) / self.lower[i * m + i]);
        }
        solved.iter().map(|y| y * y).sum()
    }

    /// One column of C⁻¹: forward and back substitution of a unit vector.
    fn inverse_column(&self, place: usize) -> Vec<f64> {
        let m = self.present.len();
        let mut column = vec![0.0; m];
        column[place] = 1.0;
        for i in 0..m {
            let inner: f64 = (0..i).map(|k| self.lower[i * m + k] * column[k]).sum();
            column[i] = (column[i] - inner) / self.lower[i * m + i];
        }
        for i in (0..m).rev() {
            let inner: f64 = (i + 1..m).map(|k| self.lower[k * m + i] * column[k]).sum();
            column[i] = (column[i] - inner) / self.lower[i * m + i];
        }
        column
    }
}
