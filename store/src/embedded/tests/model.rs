//! A store that is slow and obviously right.

use std::collections::BTreeMap;

use super::*;

/// The readings of one series.
#[derive(Default, Clone, PartialEq, Debug)]
pub struct Model(pub BTreeMap<i64, f64>);

impl Model {
    pub fn write(&mut self, samples: &[Sample]) {
        self.0.extend(samples.iter().map(|s| (s.measured_at_us, s.value)));
    }

    pub fn delete(&mut self, range: Range) {
        self.0.retain(|at, _| !range.contains(*at));
    }

    pub fn raw(&self, range: Range) -> Vec<Sample> {
        let inside = self.0.range(range.from_us..range.to_us);
        inside.map(|(t, v)| at(*t, *v)).collect()
    }

    pub fn latest(&self, range: Range) -> Option<Sample> {
        self.raw(range).last().copied()
    }

    /// Panics when a chart of the store is not that of the model; sums may differ by rounding.
    pub async fn assert_chart(&self, store: &Embedded, id: SeriesId, grid: Grid, what: &str) {
        let mut expected = vec![None; grid.len()];
        for sample in self.raw(grid.range) {
            Bucket::merge(&mut expected[grid.index(sample.measured_at_us)], &Bucket::of(sample));
        }
        let found = store.buckets(id, Range::ALL, grid).await.unwrap();
        assert_eq!(found.len(), expected.len());
        for (n, (found, expected)) in found.iter().zip(&expected).enumerate() {
            let exact = |b: &Option<Bucket>| b.map(|b| (b.count, b.min, b.max, b.first, b.last));
            assert_eq!(exact(found), exact(expected), "{what}: bucket {n} of {grid:?}");
            if let (Some(found), Some(expected)) = (found, expected) {
                let close = (found.sum - expected.sum).abs() <= 1e-9 * expected.sum.abs().max(1.0);
                assert!(close, "{what}: sum {} for {}", found.sum, expected.sum);
            }
        }
    }
}
