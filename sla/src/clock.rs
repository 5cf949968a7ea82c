//! Clocks over a calendar: how much was worked, and when a target is used up.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::calendar::Calendar;
use crate::limits::HORIZON_US;

/// Which time a target counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Counts {
    /// Time in which the calendar is open.
    Business,
    /// All time.
    Elapsed,
}

/// How long something may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Target {
    /// So many of them.
    pub seconds: i64,
    /// Of which time.
    pub counts: Counts,
}

impl Target {
    fn us(self) -> i64 {
        self.seconds.saturating_mul(1_000_000)
    }
}

/// A time in which the clock stands still.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hold {
    /// From here, microseconds.
    pub from_us: i64,
    /// Up to here; `None`: it still stands.
    pub to_us: Option<i64>,
}

/// The target is not used up before the horizon ([`HORIZON_US`]). It cannot happen to targets that
/// [`Calendar::check`] has let through, except at the end of the years that can be named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the target is not reached within ten years")]
pub struct OutOfReach;

/// When a target that starts at `start_us` is due, microseconds; `None` when a hold that still lasts
/// stopped the clock before.
///
/// # Errors
/// When the target is beyond the horizon.
pub fn due(
    calendar: &Calendar,
    start_us: i64,
    target: Target,
    holds: &[Hold],
) -> Result<Option<i64>, OutOfReach> {
    let stops = Stops::of(holds);
    let after = stops.last_end().unwrap_or(start_us).max(start_us);
    let to = stops.stands_from.min(after.saturating_add(HORIZON_US));
    let mut left = target.us();
    for part in stops.runs(calendar, target.counts, start_us..to) {
        let length = part.end - part.start;
        if length >= left {
            return Ok(Some(part.start + left));
        }
        left -= length;
    }
    if stops.stands_from < i64::MAX { Ok(None) } else { Err(OutOfReach) }
}

/// How much the clock ran from an instant up to another, microseconds.
#[must_use]
pub fn worked(
    calendar: &Calendar,
    counts: Counts,
    from_us: i64,
    to_us: i64,
    holds: &[Hold],
) -> i64 {
    let stops = Stops::of(holds);
    let span = from_us..to_us.min(stops.stands_from);
    stops.runs(calendar, counts, span).map(|part| part.end - part.start).sum()
}

/// Holds in order, none of which overlaps another.
struct Stops {
    over: Vec<Range<i64>>,
    /// Beginning of the hold that still lasts; the end of time without one.
    stands_from: i64,
}

impl Stops {
    fn of(holds: &[Hold]) -> Self {
        let lasting = holds.iter().filter(|h| h.to_us.is_none()).map(|h| h.from_us);
        let stands_from = lasting.min().unwrap_or(i64::MAX);
        let mut all: Vec<_> =
            holds.iter().filter_map(|h| h.to_us.map(|to| h.from_us..to)).collect();
        all.retain(|h| h.start < h.end);
        all.sort_unstable_by_key(|h| h.start);
        let mut over: Vec<Range<i64>> = Vec::with_capacity(all.len());
        for hold in all {
            match over.last_mut() {
                Some(last) if hold.start <= last.end => last.end = last.end.max(hold.end),
                _ => over.push(hold),
            }
        }
        Self { over, stands_from }
    }

    fn last_end(&self) -> Option<i64> {
        self.over.last().map(|hold| hold.end)
    }

    /// When the clock runs within a span, in order.
    fn runs<'a>(
        &'a self,
        calendar: &'a Calendar,
        counts: Counts,
        span: Range<i64>,
    ) -> impl Iterator<Item = Range<i64>> + 'a {
        let (business, elapsed) = match counts {
            Counts::Business => (Some(calendar.open(span)), None),
            Counts::Elapsed => (None, Some(span)),
        };
        let open = business.into_iter().flatten().chain(elapsed);
        open.flat_map(|open| self.outside(open))
    }

    /// A span without the holds.
    fn outside(&self, span: Range<i64>) -> Vec<Range<i64>> {
        let first = self.over.partition_point(|hold| hold.end <= span.start);
        let mut from = span.start;
        let mut parts = Vec::new();
        for hold in self.over[first..].iter().take_while(|hold| hold.start < span.end) {
            parts.push(from..hold.start);
            from = hold.end;
        }
        parts.push(from..span.end);
        parts.retain(|part| part.start < part.end);
        parts
    }
}
