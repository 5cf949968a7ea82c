//! Reading readings: in pages, the newest, and which series there are.
//!
//! A query looks at the heads first and at the months second. What is sealed in between is then in
//! both and counts once, so no reading is missing or there twice, and nobody waits for a seal.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use telemetry::pack::Sample;

use super::Inner;
use super::chunk::{self, Found};
use super::folder::{Holds, MonthFile};
use super::month::Month;
use crate::{Range, SeriesId, StoreError};

/// The part of ordered readings that lies in a range.
pub(super) fn inside(samples: &[Sample], range: Range) -> &[Sample] {
    let upto = |at_us| samples.partition_point(|s| s.measured_at_us < at_us);
    let from = upto(range.from_us);
    &samples[from..upto(range.to_us).max(from)]
}

impl Inner {
    /// Months in which there may be readings of a range, in order.
    pub(super) fn months(&self, range: Range, head: &[Sample]) -> BTreeSet<Month> {
        let mut months: BTreeSet<_> = self.folder.months(Holds::Readings).into_iter().collect();
        months.retain(|month| !month.range().within(range).is_empty());
        let mut rest = head;
        while let Some(first) = rest.first() {
            let month = Month::of(first.measured_at_us);
            rest = &rest[rest.partition_point(|s| s.measured_at_us < month.range().to_us)..];
            months.insert(month);
        }
        months
    }

    pub(super) fn raw(
        &self,
        id: SeriesId,
        range: Range,
        limit: usize,
    ) -> Result<Vec<Sample>, StoreError> {
        let mut samples = Vec::new();
        if range.is_empty() || limit == 0 {
            return Ok(samples);
        }
        let head = self.heads().part(id, range);
        for month in self.months(range, &head) {
            let part = range.within(month.range());
            let head = inside(&head, part);
            let mut take = |found: &[Sample]| {
                samples.extend_from_slice(&found[..found.len().min(limit - samples.len())]);
                if samples.len() < limit {
                    ControlFlow::Continue(())
                } else {
                    ControlFlow::Break(())
                }
            };
            let walked = self.folder.read(MonthFile::readings(month), |db| {
                chunk::walk(
                    db,
                    id,
                    part,
                    head,
                    |_| false,
                    |found| match found {
                        Found::Readings(found) => take(found),
                        Found::Whole(_) => ControlFlow::Continue(()),
                    },
                )
            })?;
            if walked.unwrap_or_else(|| take(head)).is_break() {
                break;
            }
        }
        Ok(samples)
    }

    pub(super) fn latest(&self, id: SeriesId, range: Range) -> Result<Option<Sample>, StoreError> {
        if range.is_empty() {
            return Ok(None);
        }
        let head = self.heads().latest(id, range);
        let months = self.folder.months(Holds::Readings).into_iter().rev();
        for month in months.skip_while(|month| month.range().from_us >= range.to_us) {
            let part = range.within(month.range());
            if part.is_empty() || head.is_some_and(|h| h.measured_at_us >= part.to_us) {
                break;
            }
            let sealed = self.folder.read(MonthFile::readings(month), |db| {
                let Some(chunk) = chunk::last_before(db, id, part.to_us)? else { return Ok(None) };
                if chunk.end_us() < part.to_us {
                    return Ok(Some(chunk.stats.last));
                }
                Ok(chunk.samples(db)?.into_iter().rfind(|s| s.measured_at_us < part.to_us))
            })?;
            if let Some(sealed) = sealed.flatten().filter(|s| part.contains(s.measured_at_us)) {
                // The head last: of equal times it has the newer value.
                return Ok([Some(sealed), head]
                    .into_iter()
                    .flatten()
                    .max_by_key(|s| s.measured_at_us));
            }
        }
        Ok(head)
    }

    pub(super) fn series(&self) -> Result<Vec<SeriesId>, StoreError> {
        let mut all: BTreeSet<_> = self.heads().iter().map(|(id, _)| id).collect();
        for month in self.folder.months(Holds::Readings) {
            all.extend(
                self.folder.read(MonthFile::readings(month), chunk::series)?.unwrap_or_default(),
            );
        }
        Ok(all.into_iter().collect())
    }
}
