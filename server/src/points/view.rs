//! What a point measured: the series that spoke for it, one after the other, each as it was
//! calibrated at the time.

use ::telemetry::pack::Sample;
use store::{Bucket, Grid, Range};

use crate::app::App;
use crate::boards::Stretch;
use crate::http::Problem;

/// A point's view on the store.
pub(crate) struct View(Vec<Stretch>);

/// The view of a point; empty when nothing ever spoke for it.
pub(crate) async fn of(app: &App, point_id: &str) -> View {
    View(app.directory.read().await.stretches_of(point_id))
}

impl View {
    pub async fn latest(&self, app: &App) -> Result<Option<Sample>, Problem> {
        for stretch in self.0.iter().rev() {
            if let Some(sample) = app.store.latest(stretch.series, stretch.valid).await? {
                return Ok(Some(stretch.correction.sample(sample)));
            }
        }
        Ok(None)
    }

    pub async fn in_buckets(&self, app: &App, grid: Grid) -> Result<Vec<Option<Bucket>>, Problem> {
        let mut all = vec![None; grid.len()];
        for stretch in &self.0 {
            let part = stretch.valid.within(grid.range);
            if part.is_empty() {
                continue;
            }
            let parts = app.store.buckets(stretch.series, part, grid).await?;
            for (all, part) in all.iter_mut().zip(parts) {
                if let Some(part) = part {
                    Bucket::merge(all, &stretch.correction.bucket(part));
                }
            }
        }
        Ok(all)
    }

    pub async fn delete(&self, app: &App, range: Range) -> Result<(), Problem> {
        for stretch in &self.0 {
            let part = stretch.valid.within(range);
            if !part.is_empty() {
                app.store.delete(stretch.series, part).await?;
            }
        }
        Ok(())
    }

    /// The first `limit` readings of a range, in order of measurement.
    pub async fn in_order(
        &self,
        app: &App,
        range: Range,
        limit: usize,
    ) -> Result<Vec<Sample>, Problem> {
        let mut samples = Vec::new();
        // Stretches follow one another in time.
        for stretch in &self.0 {
            let part = stretch.valid.within(range);
            if !part.is_empty() && samples.len() < limit {
                let raw = app.store.raw(stretch.series, part, limit - samples.len()).await?;
                samples.extend(raw.into_iter().map(|s| stretch.correction.sample(s)));
            }
        }
        Ok(samples)
    }
}
