//! Deleting: a range of a series, and whole files that are older than their retention.

use rusqlite::Connection;

use super::chunk;
use super::fault::Outcome;
use super::folder::{Holds, MonthFile};
use super::month::Month;
use super::sealing::Amount;
use super::{Inner, Writer};
use crate::{Range, Resolution, SeriesId, StoreError};

impl Inner {
    /// Deletes exactly the readings of a range. A failure may leave some deleted: repeat it.
    ///
    /// The months first and the journal last: the journal alone could bring readings back, and
    /// once it says that they are gone, they are gone everywhere.
    pub(super) fn delete(
        &self,
        writer: &mut Writer,
        id: SeriesId,
        range: Range,
    ) -> Result<(), StoreError> {
        if range.is_empty() {
            return Ok(());
        }
        if let Some(deletions) = &mut writer.deletions_during_backup {
            deletions.push((id, range));
        }
        let touches = |month: &Month| !month.range().within(range).is_empty();
        for month in self.folder.months(Holds::Readings).into_iter().filter(touches) {
            let file = MonthFile::readings(month);
            let some = |db: &Connection| Ok(!chunk::overlapping(db, id, range)?.is_empty());
            if self.folder.read(file, some)? == Some(true) {
                self.forget_rollups(month, std::iter::once(id))?;
                self.folder.write(file, |tx| delete(tx, id, range))?;
                writer.rollups.touched(month, std::iter::once(id));
            }
        }
        for resolution in Resolution::ALL {
            let months = self.folder.months(Holds::Rollups(resolution)).into_iter();
            for month in months.filter(touches) {
                if !self.folder.has(MonthFile::readings(month)) {
                    self.cut_rollups(month, id, range)?;
                }
            }
        }
        writer.journal.append_deletion(id, range)?;
        self.heads_mut().delete(id, range);
        Ok(())
    }

    /// Deletes files all of whose month is older than their retention. A month of readings that
    /// cannot be summed up before stays, and its error is answered when the rest is done.
    pub(super) fn expire(&self, writer: &mut Writer, now_us: i64) -> Result<(), StoreError> {
        let kept = self.retention.at(now_us);
        let over = |holds| {
            let months = self.folder.months(holds).into_iter();
            months.filter(move |month| month.range().to_us <= kept.of(holds))
        };
        let mut failed = Ok(());
        if self.heads().iter().any(|(_, head)| head.iter().any(|s| s.measured_at_us < kept.raw_us))
        {
            failed = self.seal(writer, Amount::All);
            // What is damaged cannot be summed up below, and stays; anything else would be lost.
            if !matches!(failed, Ok(()) | Err(StoreError::Damaged { .. })) {
                return failed;
            }
        }
        for month in over(Holds::Readings) {
            let expired = self
                .build_month(writer, month, kept)
                .and_then(|()| self.folder.remove(MonthFile::readings(month)));
            match expired {
                Ok(()) => writer.closed_us = writer.closed_us.max(month.range().to_us),
                Err(error) => failed = Err(error),
            }
        }
        for resolution in Resolution::ALL {
            for month in over(Holds::Rollups(resolution)) {
                self.folder.remove(MonthFile::rollups(month, resolution))?;
            }
        }
        failed
    }

    /// The end of the last month whose readings were deleted and whose rollups are final.
    pub(super) fn closed_us(&self) -> i64 {
        let rollups = Resolution::ALL.into_iter().map(Holds::Rollups);
        let months = rollups.flat_map(|holds| self.folder.months(holds));
        let closed = months.filter(|month| !self.folder.has(MonthFile::readings(*month)));
        closed.map(|month| month.range().to_us).max().unwrap_or(i64::MIN)
    }
}

fn delete(db: &Connection, id: SeriesId, range: Range) -> Outcome<()> {
    for chunk in chunk::overlapping(db, id, range)? {
        let inside = range.contains(chunk.start_us()) && range.contains(chunk.end_us());
        let mut rest = if inside { Vec::new() } else { chunk.samples(db)? };
        let before = rest.len();
        rest.retain(|s| !range.contains(s.measured_at_us));
        if inside || rest.len() < before {
            chunk.delete(db)?;
            chunk::insert(db, id, &rest)?;
        }
    }
    Ok(())
}
