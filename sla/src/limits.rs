//! Every limit of service levels, in one place. Together they see to it that a target which
//! [`Calendar::check`](crate::Calendar::check) has let through is always reached before the horizon,
//! so that nothing here runs without bound.

/// Most openings of a day.
pub const OPENINGS_A_DAY: usize = 8;

/// Most holidays of a calendar. A holiday spoils one week at most, so that of the weeks before the
/// horizon at least 100 are whole.
pub const HOLIDAYS: usize = 400;

/// Longest target, in weeks of the calendar's own hours (about a year): half of the whole weeks before
/// the horizon, which leaves room for hours that daylight saving takes away.
pub const TARGET_WEEKS: i64 = 53;

/// So far after its start, or after its last hold, is a promise looked for, microseconds (ten years).
pub const HORIZON_US: i64 = 3_653 * 86_400 * 1_000_000;

/// Longest name of a holiday, characters.
pub const NAME_CHARS: usize = 100;
