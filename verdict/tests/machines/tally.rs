//! Counts of verdicts against the truth.

use std::collections::BTreeMap;

use verdict::Verdict;

use super::Case;

/// The verdicts in the order of the table.
pub const VERDICTS: [Verdict; 5] =
    [Verdict::Fixed, Verdict::Improved, Verdict::Unchanged, Verdict::Worse, Verdict::NotEnoughData];

/// Verdicts on machines of one kind.
#[derive(Debug, Clone, Default)]
pub struct Tally {
    pub machines: usize,
    pub by_verdict: [usize; 5],
    /// "Fixed" although the machine is off by more than the stated tolerance.
    pub wrong: usize,
    /// Fully mended machines, and how many of them are called fixed.
    pub mended: usize,
    pub found: usize,
    /// Verdicts by truth.
    pub by_truth: BTreeMap<&'static str, [usize; 5]>,
}

impl Tally {
    pub fn add(&mut self, case: &Case) {
        let verdict = case.judgement.verdict;
        let column = VERDICTS.iter().position(|v| *v == verdict).unwrap_or(4);
        self.machines += 1;
        self.by_verdict[column] += 1;
        self.by_truth.entry(case.repair.name).or_default()[column] += 1;
        if case.repair.name.ends_with("mended") && case.repair.name != "half mended" {
            self.mended += 1;
            self.found += usize::from(verdict == Verdict::Fixed);
        }
        self.wrong += usize::from(verdict == Verdict::Fixed && case.is_off());
    }

    pub fn join(&mut self, other: &Self) {
        self.machines += other.machines;
        self.wrong += other.wrong;
        self.mended += other.mended;
        self.found += other.found;
        for (mine, theirs) in self.by_verdict.iter_mut().zip(other.by_verdict) {
            *mine += theirs;
        }
        for (truth, counts) in &other.by_truth {
            let mine = self.by_truth.entry(truth).or_default();
            mine.iter_mut().zip(counts).for_each(|(m, c)| *m += c);
        }
    }

    pub fn fixed(&self) -> usize {
        self.by_verdict[0]
    }

    /// Share of "fixed" that is wrong.
    pub fn wrong_share(&self) -> f64 {
        self.wrong as f64 / self.fixed().max(1) as f64
    }

    /// Share of mended machines that are called fixed.
    pub fn power(&self) -> f64 {
        self.found as f64 / self.mended.max(1) as f64
    }
}
