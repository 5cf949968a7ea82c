//! Hours whose rollups have to be made again.
//!
//! A write or a delete makes the hours that it touches due: here, and by a mark in the database, so
//! that a crash forgets none. Until their rollups are made again, charts of these hours are answered
//! by readings. So a chart is never wrong, and rollups are made once for many writes.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::{Piece, Range, Resolution, SeriesId, Source};

/// What is due in one hour.
#[derive(Debug, Default, Clone)]
pub(super) struct Due {
    /// The database holds a mark of it.
    pub marked: bool,
    /// Found at the start, left by an earlier process: every series may be concerned.
    pub all: bool,
    /// Minutes that were touched, by series.
    pub series: HashMap<SeriesId, Range>,
}

impl Due {
    pub fn is_clean(&self) -> bool {
        !self.all && self.series.is_empty()
    }

    /// The minutes that were touched in any series.
    pub fn minutes(&self, hour_us: i64) -> Range {
        let hour = Range { from_us: hour_us, to_us: hour_us + Resolution::Hour.window_us() };
        if self.all {
            return hour;
        }
        let join = |a: Range, b: &Range| Range {
            from_us: a.from_us.min(b.from_us),
            to_us: a.to_us.max(b.to_us),
        };
        let none = Range { from_us: hour.to_us, to_us: hour.from_us };
        self.series.values().fold(none, join)
    }
}

/// By start of the hour.
#[derive(Default)]
pub(super) struct DueHours(Mutex<BTreeMap<i64, Due>>);

impl DueHours {
    pub fn lock(&self) -> MutexGuard<'_, BTreeMap<i64, Due>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Readings at this time were written or deleted.
    pub fn touch(&self, id: SeriesId, at_us: i64) {
        self.touch_range(id, Range { from_us: at_us, to_us: at_us + 1 });
    }

    /// As [`Self::touch`], for a stretch within one hour.
    pub fn touch_range(&self, id: SeriesId, range: Range) {
        let minute = Resolution::Minute;
        let from_us = minute.start_us(range.from_us);
        let to_us = minute.start_us(range.to_us - 1) + minute.window_us();
        let mut hours = self.lock();
        let due = hours.entry(Resolution::Hour.start_us(range.from_us)).or_default();
        let touched = due.series.entry(id).or_insert(Range { from_us, to_us });
        touched.from_us = touched.from_us.min(from_us);
        touched.to_us = touched.to_us.max(to_us);
    }

    /// The plan of a chart, with readings instead of rollups where these are due.
    pub fn around(&self, id: SeriesId, planned: Vec<Piece>) -> Vec<Piece> {
        let hours = self.lock();
        let mut pieces = Vec::new();
        for piece in planned {
            let Source::Rollup(_) = piece.source else {
                pieces.push(piece);
                continue;
            };
            let mut rest = piece.range;
            let first = Resolution::Hour.start_us(rest.from_us);
            for (hour, due) in hours.range(first..rest.to_us) {
                if !due.all && !due.series.contains_key(&id) {
                    continue;
                }
                let hour = Range { from_us: *hour, to_us: hour + Resolution::Hour.window_us() };
                let due = hour.within(rest);
                push(&mut pieces, Range { to_us: due.from_us, ..rest }, piece.source);
                push(&mut pieces, due, Source::Readings);
                rest.from_us = due.to_us;
            }
            push(&mut pieces, rest, piece.source);
        }
        pieces
    }
}

/// Neighbours that are answered alike become one.
fn push(pieces: &mut Vec<Piece>, range: Range, source: Source) {
    if range.is_empty() {
        return;
    }
    match pieces.last_mut() {
        Some(last) if last.source == source && last.range.to_us == range.from_us => {
            last.range.to_us = range.to_us;
        }
        _ => pieces.push(Piece { range, source }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 3_600_000_000;

    #[test]
    fn a_due_hour_is_answered_by_readings_for_its_series_only() {
        let due = DueHours::default();
        due.touch(SeriesId(1), 3 * HOUR + 5);
        due.touch(SeriesId(1), 4 * HOUR + 5);
        let source = Source::Rollup(Resolution::Hour);
        let plan = vec![Piece { range: Range { from_us: 0, to_us: 9 * HOUR }, source }];
        let pieces = due.around(SeriesId(1), plan.clone()).into_iter();
        let pieces: Vec<_> = pieces.map(|p| (p.source, p.range.from_us / HOUR)).collect();
        assert_eq!(pieces, [(source, 0), (Source::Readings, 3), (source, 5)]);
        assert_eq!(due.around(SeriesId(2), plan.clone()), plan);
    }
}
