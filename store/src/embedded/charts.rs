//! Charts: readings summed up in the buckets of a grid, from rollups, statistics of chunks, or
//! readings, whatever decodes least and answers the same.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use telemetry::pack::Sample;

use super::Inner;
use super::chunk::{self, Found};
use super::folder::{Holds, MonthFile};
use super::month::Month;
use super::reading::inside;
use crate::limits::UNSEALED_WINDOWS;
use crate::{Bucket, Grid, Range, Resolution, SeriesId, Source, StoreError, pieces};

/// The buckets that are being filled.
struct Chart {
    grid: Grid,
    buckets: Vec<Option<Bucket>>,
}

impl Chart {
    fn put(&mut self, at_us: i64, bucket: &Bucket) {
        Bucket::merge(&mut self.buckets[self.grid.index(at_us)], bucket);
    }

    fn put_readings(&mut self, samples: &[Sample]) {
        samples.iter().for_each(|s| self.put(s.measured_at_us, &Bucket::of(*s)));
    }
}

impl Inner {
    pub(super) fn buckets(
        &self,
        id: SeriesId,
        part: Range,
        grid: Grid,
    ) -> Result<Vec<Option<Bucket>>, StoreError> {
        let mut chart = Chart { grid, buckets: vec![None; grid.len()] };
        let head = self.heads().part(id, part.within(grid.range));
        let kept = self.retention.at(self.clock.now_us());
        for piece in pieces(part, grid, kept) {
            let head = inside(&head, piece.range);
            let mut months = self.months(piece.range, head);
            if let Source::Rollup(resolution) = piece.source {
                let rollups = self.folder.months(Holds::Rollups(resolution)).into_iter();
                months.extend(rollups.filter(|m| !m.range().within(piece.range).is_empty()));
            }
            for month in months {
                let part = piece.range.within(month.range());
                let head = inside(head, part);
                match piece.source {
                    Source::Readings => {
                        self.add_readings(&mut chart, month, id, part, head)?;
                    }
                    Source::Rollup(resolution) => {
                        self.add_rollup(&mut chart, month, id, part, head, resolution)?;
                    }
                }
            }
        }
        Ok(chart.buckets)
    }

    /// Answers whether there was a file of readings.
    fn add_readings(
        &self,
        chart: &mut Chart,
        month: Month,
        id: SeriesId,
        part: Range,
        head: &[Sample],
    ) -> Result<bool, StoreError> {
        let grid = chart.grid;
        let whole =
            |chunk: &chunk::Chunk| grid.index(chunk.start_us()) == grid.index(chunk.end_us());
        let walked = self.folder.read(MonthFile::readings(month), |db| {
            chunk::walk(db, id, part, head, whole, |found| {
                match found {
                    Found::Whole(stats) => chart.put(stats.first.measured_at_us, stats),
                    Found::Readings(samples) => chart.put_readings(samples),
                }
                ControlFlow::Continue(())
            })
        })?;
        if walked.is_none() {
            chart.put_readings(head);
        }
        Ok(walked.is_some())
    }

    fn add_rollup(
        &self,
        chart: &mut Chart,
        month: Month,
        id: SeriesId,
        part: Range,
        head: &[Sample],
        resolution: Resolution,
    ) -> Result<(), StoreError> {
        // Windows with readings that are not sealed yet, which may replace sealed ones.
        let unsealed: BTreeSet<_> =
            head.iter().map(|s| resolution.start_us(s.measured_at_us)).collect();
        let few = unsealed.len() <= UNSEALED_WINDOWS;
        let windows = match self.windows(month, resolution, id) {
            Ok(windows) => windows.filter(|_| few),
            Err(StoreError::Damaged { file, what })
                if self.folder.has(MonthFile::readings(month)) =>
            {
                let file = file.display();
                tracing::error!(%file, what, "a rollup is damaged; readings answer in its place");
                None
            }
            Err(error) => return Err(error),
        };
        let Some(windows) = windows else {
            let there = self.add_readings(chart, month, id, part, head)?;
            // Expired just now: then the rollup was built before.
            if !there && let Some(windows) = self.windows(month, resolution, id)? {
                put_windows(chart, &windows, part, &unsealed, resolution);
            }
            return Ok(());
        };
        put_windows(chart, &windows, part, &unsealed, resolution);
        for from_us in unsealed {
            let to_us = from_us + resolution.window_us();
            let window = Range { from_us, to_us }.within(part);
            self.add_readings(chart, month, id, window, inside(head, window))?;
        }
        Ok(())
    }
}

fn put_windows(
    chart: &mut Chart,
    windows: &[Bucket],
    part: Range,
    unsealed: &BTreeSet<i64>,
    resolution: Resolution,
) {
    for window in windows {
        let start_us = resolution.start_us(window.first.measured_at_us);
        if part.contains(start_us) && !unsealed.contains(&start_us) {
            chart.put(start_us, window);
        }
    }
}
