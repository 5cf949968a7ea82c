//! Stored readings of an asset in order of time, in portions that fit into memory.

use ::telemetry::pack::Sample;
use store::{Range, SeriesId};

use crate::app::App;
use crate::boards::Binding;
use crate::http::Problem;
use crate::limits::{CATCH_UP_READINGS, CATCH_UP_US};

/// A walk over the readings of an asset in a range of measured time.
pub(crate) struct Portions {
    series: Vec<(SeriesId, Binding)>,
    rest: Range,
    portion_us: i64,
}

impl Portions {
    pub async fn of(app: &App, asset_id: &str, range: Range) -> Self {
        let series = app.directory.read().await.series_of(asset_id);
        Self { series, rest: range, portion_us: CATCH_UP_US }
    }

    /// The next readings with the slots of their points, in order; none: there are no more.
    pub async fn next(&mut self, app: &App) -> Result<Option<Vec<(Sample, u16)>>, Problem> {
        let Some(first_us) = self.first(app).await? else { return Ok(None) };
        let to_us = first_us.saturating_add(self.portion_us).min(self.rest.to_us);
        let portion = Range { from_us: first_us, to_us };
        let mut readings = Vec::new();
        for (id, binding) in &self.series {
            let part = binding.valid.within(portion);
            for sample in app.store.raw(*id, part, usize::MAX).await? {
                readings.push((binding.correction.sample(sample), binding.slot));
            }
        }
        match readings.len() {
            0..CATCH_UP_READINGS => self.portion_us = self.portion_us.saturating_mul(2),
            _ => self.portion_us = (self.portion_us / 2).max(CATCH_UP_US),
        }
        self.rest.from_us = to_us;
        sort(&mut readings);
        Ok(Some(readings))
    }

    async fn first(&self, app: &App) -> Result<Option<i64>, Problem> {
        let mut first = None;
        for (id, binding) in &self.series {
            let sample = app.store.raw(*id, binding.valid.within(self.rest), 1).await?;
            let at = sample.first().map(|s| s.measured_at_us);
            first = first.into_iter().chain(at).min();
        }
        Ok(first)
    }
}

/// Order of measurement.
pub(super) fn sort(readings: &mut [(Sample, u16)]) {
    readings.sort_by_key(|(sample, slot)| (sample.measured_at_us, *slot));
}
