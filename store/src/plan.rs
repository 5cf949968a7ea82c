//! Which stretch of a chart is answered from what: readings, or rollups of a minute or an hour.

use crate::limits::TIMES;
use crate::retention::Kept;
use crate::{Grid, Range, Resolution};

/// What answers a stretch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// The readings themselves.
    Readings,
    /// Windows of this length that start in the stretch.
    Rollup(Resolution),
}

/// A stretch and what answers it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece {
    /// The stretch; for rollups it begins and ends at edges of windows.
    pub range: Range,
    /// What answers it.
    pub source: Source,
}

/// Cuts a part of a grid's range into pieces in order of time that do not overlap.
///
/// Where readings are kept, rollups stand in for them only where the answer is the same: whole
/// windows, none of which lies in two buckets. Where they are not, the finest rollups that are kept
/// answer, each window in the bucket of its start.
#[must_use]
pub fn pieces(part: Range, grid: Grid, kept: Kept) -> Vec<Piece> {
    let part = part.within(grid.range).within(TIMES);
    let mut pieces = Vec::new();
    // Whole hours, so that no window lies on both sides.
    let raw_us = whole(Resolution::Hour, kept.raw_us);
    let minute_us = whole(Resolution::Hour, kept.minute_us).min(raw_us);
    let hour_us = kept.hour_us.min(minute_us);
    let gone = |from_us, to_us| Range { from_us, to_us }.within(part);
    push(&mut pieces, gone(hour_us, minute_us), Source::Rollup(Resolution::Hour));
    push(&mut pieces, gone(minute_us, raw_us), Source::Rollup(Resolution::Minute));
    let here = gone(raw_us, i64::MAX);
    let coarsest = Resolution::ALL.into_iter().rev().find(|r| fits(*r, grid));
    match coarsest.and_then(|r| Some((r, inside(r, here)?))) {
        Some((resolution, middle)) => {
            push(&mut pieces, gone(here.from_us, middle.from_us), Source::Readings);
            push(&mut pieces, middle, Source::Rollup(resolution));
            push(&mut pieces, gone(middle.to_us, here.to_us), Source::Readings);
        }
        None => push(&mut pieces, here, Source::Readings),
    }
    pieces
}

fn push(pieces: &mut Vec<Piece>, range: Range, source: Source) {
    if !range.is_empty() {
        pieces.push(Piece { range, source });
    }
}

/// Whether every window lies in one bucket.
fn fits(resolution: Resolution, grid: Grid) -> bool {
    let window = resolution.window_us();
    grid.len() == 1 || (grid.bucket_us % window == 0 && grid.start_us % window == 0)
}

/// The first start of a window at or after a moment.
fn whole(resolution: Resolution, at_us: i64) -> i64 {
    let at_us = at_us.clamp(TIMES.from_us, TIMES.to_us);
    resolution.start_us(at_us + resolution.window_us() - 1)
}

/// The whole windows in a range.
fn inside(resolution: Resolution, range: Range) -> Option<Range> {
    let from_us = whole(resolution, range.from_us);
    let middle = Range { from_us, to_us: resolution.start_us(range.to_us) };
    (!middle.is_empty()).then_some(middle)
}

#[cfg(test)]
mod tests {
    use super::*;

    const S: i64 = 1_000_000;
    const HOUR: i64 = 3600 * S;
    const DAY: i64 = 24 * HOUR;

    fn planned(from_us: i64, to_us: i64, buckets: u32, kept: Kept) -> Vec<(Source, i64, i64)> {
        let range = Range { from_us, to_us };
        let grid = Grid::new(range, buckets).unwrap();
        let pieces = pieces(Range::ALL, grid, kept).into_iter();
        pieces.map(|p| (p.source, p.range.from_us, p.range.to_us)).collect()
    }

    #[test]
    fn a_wide_chart_is_answered_by_whole_hours_and_its_ends_by_readings() {
        let (from, to) = (DAY + 7 * S, 300 * DAY + 9 * S);
        assert_eq!(
            planned(from, to, 300, Kept::ALL),
            [
                (Source::Readings, from, DAY + HOUR),
                (Source::Rollup(Resolution::Hour), DAY + HOUR, 300 * DAY),
                (Source::Readings, 300 * DAY, to),
            ]
        );
    }

    #[test]
    fn a_narrow_chart_is_answered_by_readings() {
        let planned = planned(DAY, DAY + 600 * S, 300, Kept::ALL);
        assert_eq!(planned, [(Source::Readings, DAY, DAY + 600 * S)]);
    }

    #[test]
    fn what_is_no_longer_kept_is_answered_by_the_finest_rollups() {
        let kept = Kept { raw_us: 30 * DAY, minute_us: 20 * DAY, hour_us: 10 * DAY };
        assert_eq!(
            planned(0, 30 * DAY + 600 * S, 10_000, kept),
            [
                (Source::Rollup(Resolution::Hour), 10 * DAY, 20 * DAY),
                (Source::Rollup(Resolution::Minute), 20 * DAY, 30 * DAY),
                (Source::Rollup(Resolution::Minute), 30 * DAY, 30 * DAY + 600 * S),
            ]
        );
    }

    #[test]
    fn pieces_cover_a_part_once_and_in_order() {
        for raw_us in [i64::MIN, 3 * HOUR + 1, i64::MAX] {
            for (from, to) in [(0, DAY), (-5 * HOUR - 1, 7 * HOUR + 3), (1, 2)] {
                for buckets in [1, 2, 50, 3000] {
                    let kept = Kept { raw_us, ..Kept::ALL };
                    let planned = planned(from, to, buckets, kept);
                    assert_eq!(planned.first().unwrap().1, from);
                    assert_eq!(planned.last().unwrap().2, to);
                    assert!(planned.windows(2).all(|p| p[0].2 == p[1].1), "{planned:?}");
                }
            }
        }
    }
}
