//! Months of the calendar.

use std::fmt;

use jiff::ToSpan as _;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::http::Problem;
use crate::kpis::counting::Span;

/// A month, written as `2026-11`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::kpis) struct Month(Date);

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.0.year(), self.0.month())
    }
}

fn invalid() -> Problem {
    Problem::Invalid("a month has to be written like 2026-11, from 2000-01 to 9999-11".into())
}

impl Month {
    pub fn parse(text: &str) -> Result<Self, Problem> {
        let numbers = text.split_once('-').filter(|(y, m)| y.len() == 4 && m.len() == 2);
        let (year, month) = numbers.ok_or_else(invalid)?;
        let (year, month) =
            (year.parse().map_err(|_| invalid())?, month.parse().map_err(|_| invalid())?);
        let first = Date::new(year, month, 1).map_err(|_| invalid())?;
        let known = first >= Date::constant(2000, 1, 1) && first < Date::constant(9999, 12, 1);
        known.then_some(Self(first)).ok_or_else(invalid)
    }

    /// This one and those before it, the oldest first.
    pub fn last(self, months: usize) -> Result<Vec<Self>, Problem> {
        let ago = |n: usize| {
            let first = self.0.checked_sub(i64::try_from(n).unwrap_or(0).months());
            first.map(Self).map_err(|_| invalid())
        };
        (0..months).rev().map(ago).collect()
    }

    /// From its first midnight to that of the next, microseconds since the Unix epoch.
    pub fn span(self, zone: &str) -> Result<Span, Problem> {
        let zone = TimeZone::get(zone).map_err(|_| {
            Problem::Invalid(format!("`time_zone` {zone:?} is not known: use an IANA name"))
        })?;
        let begins = |date: Date| {
            let at = date.to_zoned(zone.clone()).map_err(|_| invalid())?;
            Ok::<_, Problem>(at.timestamp().as_microsecond())
        };
        let next = self.0.checked_add(1.months()).map_err(|_| invalid())?;
        Ok((begins(self.0)?, begins(next)?))
    }
}

#[cfg(test)]
mod tests {
    use super::Month;

    #[test]
    fn months_follow_one_another_through_years_and_changes_of_the_clock() {
        let months = Month::parse("2026-03").unwrap().last(12).unwrap();
        assert_eq!(months[0].to_string(), "2025-04");
        let spans: Vec<_> = months.iter().map(|m| m.span("Europe/Berlin").unwrap()).collect();
        assert!(spans.windows(2).all(|pair| pair[0].1 == pair[1].0));
        let (from, to) = spans[11];
        // March 2026 has lost an hour.
        assert_eq!(to - from, (31 * 24 - 1) * 3_600_000_000);
    }

    #[test]
    fn what_is_no_month_is_refused() {
        for text in ["2026", "2026-13", "2026-1", "26-01", "1999-12", "2026-1x", "9999-12"] {
            assert!(Month::parse(text).is_err(), "{text}");
        }
    }
}
