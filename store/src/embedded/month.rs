//! Months of measured time, UTC: what a file covers.

use std::fmt;

use crate::Range;
use crate::limits::TIMES;

const DAY_US: i64 = 86_400_000_000;

/// A calendar month, counted from January of the year 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Month(i64);

impl Month {
    /// The month in which a time lies; times beyond [`TIMES`] count as its edges.
    pub fn of(at_us: i64) -> Self {
        let days = at_us.clamp(TIMES.from_us, TIMES.to_us).div_euclid(DAY_US);
        // Days to civil date after Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms":
        // years begin in March, so that the leap day is the last of the year.
        let days = days + 719_468;
        let era = days.div_euclid(146_097);
        let of_era = days.rem_euclid(146_097);
        let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year + year / 4 - year / 100);
        let march_based = (5 * of_year + 2) / 153;
        Self((era * 400 + year) * 12 + march_based + 2)
    }

    /// From its first microsecond to that of the next month.
    pub fn range(self) -> Range {
        Range { from_us: self.start_us(), to_us: Self(self.0 + 1).start_us() }
    }

    fn start_us(self) -> i64 {
        let months = self.0 - 2;
        let (year, month) = (months.div_euclid(12), months.rem_euclid(12));
        let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
        let of_year = (153 * month + 2) / 5;
        let days = era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468;
        days * DAY_US
    }

    /// Reads `2026-01`.
    pub fn parse(text: &str) -> Option<Self> {
        let (year, month) = text.split_once('-')?;
        let digits = |t: &str, n| t.len() == n && t.bytes().all(|b| b.is_ascii_digit());
        if !digits(year, 4) || !digits(month, 2) {
            return None;
        }
        let month: i64 = month.parse().ok().filter(|m| (1..=12).contains(m))?;
        Some(Self(year.parse::<i64>().ok()? * 12 + month - 1))
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.0.div_euclid(12), self.0.rem_euclid(12) + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_follow_each_other_without_gap_and_every_time_lies_in_its_own() {
        let mut month = Month::of(i64::MIN);
        let mut months = 0;
        while month < Month::of(i64::MAX) {
            let range = month.range();
            assert_eq!(Month::of(range.from_us), month);
            assert_eq!(Month::of(range.to_us - 1), month);
            let next = Month::of(range.to_us);
            assert_eq!(next.range().from_us, range.to_us);
            assert_eq!(Month::parse(&month.to_string()), Some(month));
            let days = (range.to_us - range.from_us) / DAY_US;
            assert!((28..=31).contains(&days), "{month} has {days} days");
            (month, months) = (next, months + 1);
        }
        assert!(months > 500 * 12);
    }

    #[test]
    fn known_dates_lie_in_their_months() {
        for (at_s, name) in [
            (0, "1970-01"),
            (-1, "1969-12"),
            (951_782_400, "2000-02"), // the 29th
            (951_868_800, "2000-03"),
            (1_767_225_600, "2026-01"),
        ] {
            assert_eq!(Month::of(at_s * 1_000_000).to_string(), name);
        }
        assert_eq!(Month::parse("2026-13"), None);
        assert_eq!(Month::parse("journal"), None);
    }
}
