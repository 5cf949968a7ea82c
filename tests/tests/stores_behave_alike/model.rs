//! A store that is slow and obviously right.

use std::collections::BTreeMap;

use store::{Bucket, Grid, Range};
use telemetry::pack::Sample;

/// The readings of one series.
#[derive(Default)]
pub struct Model(BTreeMap<i64, f64>);

impl Model {
    pub fn write(&mut self, samples: &[Sample]) {
        self.0.extend(samples.iter().map(|s| (s.measured_at_us, s.value)));
    }

    pub fn delete(&mut self, range: Range) {
        self.0.retain(|at, _| !range.contains(*at));
    }

    pub fn raw(&self, range: Range) -> Vec<Sample> {
        let inside = self.0.iter().filter(|(at, _)| range.contains(**at));
        inside.map(|(at, value)| Sample { measured_at_us: *at, value: *value }).collect()
    }

    pub fn buckets(&self, grid: Grid) -> Vec<Option<Bucket>> {
        let mut buckets = vec![None; grid.len()];
        for sample in self.raw(grid.range) {
            let at = grid.index(sample.measured_at_us);
            Bucket::merge(&mut buckets[at], &Bucket::of(sample));
        }
        buckets
    }
}

/// Figures that a chart shows must be the model's; sums may differ by rounding.
pub fn assert_same(found: &[Option<Bucket>], expected: &[Option<Bucket>], what: &str) {
    assert_eq!(found.len(), expected.len(), "{what}");
    for (index, (found, expected)) in found.iter().zip(expected).enumerate() {
        let figures =
            |b: &Option<Bucket>| b.map(|b| (b.count, b.min, b.max, b.first.value, b.last.value));
        assert_eq!(figures(found), figures(expected), "{what}, bucket {index}");
        if let (Some(found), Some(expected)) = (found, expected) {
            let close = (found.sum - expected.sum).abs() <= 1e-9 * expected.sum.abs().max(1.0);
            assert!(close, "{what}, bucket {index}: sum {} for {}", found.sum, expected.sum);
        }
    }
}
