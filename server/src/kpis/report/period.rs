//! Months and quarters of the calendar.

use std::fmt;

use jiff::ToSpan as _;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::http::Problem;
use crate::kpis::counting::Span;

/// A month, written as `2026-11`, or a quarter, written as `2026-Q4`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::kpis) struct Period {
    first: Date,
    long: Long,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Long {
    Month,
    Quarter,
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month) = (self.first.year(), self.first.month());
        match self.long {
            Long::Month => write!(f, "{year:04}-{month:02}"),
            Long::Quarter => write!(f, "{year:04}-Q{}", (month + 2) / 3),
        }
    }
}

fn invalid() -> Problem {
    Problem::Invalid(
        "a month has to be written like 2026-11, and a quarter like 2026-Q4, from the year 2000 on"
            .into(),
    )
}

impl Period {
    pub fn month(text: &str) -> Result<Self, Problem> {
        let month = text.split_once('-').filter(|(_, m)| m.len() == 2);
        let (year, month) = month.ok_or_else(invalid)?;
        Self::of(year, month.parse().map_err(|_| invalid())?, Long::Month)
    }

    pub fn quarter(text: &str) -> Result<Self, Problem> {
        let (year, quarter) = text.split_once("-Q").ok_or_else(invalid)?;
        match quarter {
            "1" => Self::of(year, 1, Long::Quarter),
            "2" => Self::of(year, 4, Long::Quarter),
            "3" => Self::of(year, 7, Long::Quarter),
            "4" => Self::of(year, 10, Long::Quarter),
            _ => Err(invalid()),
        }
    }

    fn of(year: &str, month: i8, long: Long) -> Result<Self, Problem> {
        let year = Some(year).filter(|year| year.len() == 4).ok_or_else(invalid)?;
        let year = year.parse().map_err(|_| invalid())?;
        let first = Date::new(year, month, 1).map_err(|_| invalid())?;
        // The calendar ends with the year 9999, and the next one begins where this one ends.
        let known = first >= Date::constant(2000, 1, 1) && first < Date::constant(9999, 7, 1);
        known.then_some(Self { first, long }).ok_or_else(invalid)
    }

    /// What it is called.
    pub fn word(self) -> &'static str {
        match self.long {
            Long::Month => "month",
            Long::Quarter => "quarter",
        }
    }

    fn months(self) -> i64 {
        match self.long {
            Long::Month => 1,
            Long::Quarter => 3,
        }
    }

    /// A year of months, or two of quarters: this one and those before it, the oldest first.
    pub fn trend(self) -> Result<Vec<Self>, Problem> {
        let periods = match self.long {
            Long::Month => 12,
            Long::Quarter => 8,
        };
        let ago = |n: i64| {
            let first = self.first.checked_sub((n * self.months()).months());
            first.map(|first| Self { first, ..self }).map_err(|_| invalid())
        };
        (0..periods).rev().map(ago).collect()
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
        let next = self.first.checked_add(self.months().months()).map_err(|_| invalid())?;
        Ok((begins(self.first)?, begins(next)?))
    }
}

#[cfg(test)]
mod tests {
    use super::Period;

    #[test]
    fn months_follow_one_another_through_years_and_changes_of_the_clock() {
        let months = Period::month("2026-03").unwrap().trend().unwrap();
        assert_eq!((months[0].to_string(), months.len()), ("2025-04".into(), 12));
        let spans: Vec<_> = months.iter().map(|m| m.span("Europe/Berlin").unwrap()).collect();
        assert!(spans.windows(2).all(|pair| pair[0].1 == pair[1].0));
        let (from, to) = spans[11];
        // March 2026 has lost an hour.
        assert_eq!(to - from, (31 * 24 - 1) * 3_600_000_000);
    }

    #[test]
    fn quarters_are_three_months_each_and_follow_one_another_for_two_years() {
        let quarters = Period::quarter("2026-Q1").unwrap().trend().unwrap();
        let names: Vec<_> = quarters.iter().map(Period::to_string).collect();
        assert_eq!((names[0].as_str(), names[7].as_str()), ("2024-Q2", "2026-Q1"));
        let spans: Vec<_> = quarters.iter().map(|q| q.span("UTC").unwrap()).collect();
        assert!(spans.windows(2).all(|pair| pair[0].1 == pair[1].0));
        let months = ["2026-01", "2026-03"].map(|m| Period::month(m).unwrap().span("UTC").unwrap());
        assert_eq!(spans[7], (months[0].0, months[1].1));
    }

    #[test]
    fn what_is_no_month_or_quarter_is_refused() {
        for text in
            ["2026", "2026-13", "2026-1", "26-01", "1999-12", "2026-1x", "9999-12", "2026-Q4"]
        {
            assert!(Period::month(text).is_err(), "{text}");
        }
        for text in
            ["2026", "2026-Q0", "2026-Q5", "2026-4", "26-Q1", "1999-Q4", "9999-Q4", "2026-q4"]
        {
            assert!(Period::quarter(text).is_err(), "{text}");
        }
    }
}
