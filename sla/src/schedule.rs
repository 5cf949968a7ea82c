//! Hours as people write them down: openings of each weekday, and days that are different.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::limits::{HOLIDAYS, NAME_CHARS, OPENINGS_A_DAY};

/// Why hours, a time zone or a target are not taken; the text is for whoever wrote them.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ScheduleError {
    /// Not in the time zone database.
    #[error("there is no time zone {0:?}; an IANA name such as Europe/Berlin is needed")]
    NoSuchTimeZone(String),
    /// Nothing would ever be due.
    #[error("the hours never open: a weekday has to have an opening")]
    NeverOpens,
    /// An opening ends before it begins.
    #[error("an opening of {day} ends at {to}, not after its beginning at {from}")]
    Backwards {
        /// Weekday or date.
        day: String,
        /// Its beginning.
        from: TimeOfDay,
        /// Its end.
        to: TimeOfDay,
    },
    /// Two openings share a time.
    #[error("openings of {0} overlap")]
    Overlap(String),
    /// More openings of a day than [`OPENINGS_A_DAY`].
    #[error("{0} has more than {OPENINGS_A_DAY} openings")]
    TooManyOpenings(String),
    /// More holidays than [`HOLIDAYS`].
    #[error("there are more than {HOLIDAYS} holidays")]
    TooManyHolidays,
    /// A date is there twice.
    #[error("{0} is there twice")]
    SameDate(Date),
    /// A name of nothing, or longer than [`NAME_CHARS`].
    #[error("the name of {0} has to have 1 to {NAME_CHARS} characters")]
    Name(Date),
    /// A target of nothing, or longer than [`crate::limits::TARGET_WEEKS`].
    #[error("a target has to be from 1 to {most_s} seconds with these hours")]
    Target {
        /// The longest one, seconds.
        most_s: i64,
    },
}

/// A time of day, `HH:MM` from `00:00` to `24:00`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(value_type = String, example = "08:30"))]
pub struct TimeOfDay(
    /// Minutes since midnight.
    u16,
);

impl TimeOfDay {
    /// Midnight at the end of the day.
    pub const END: Self = Self(24 * 60);

    pub(crate) fn us(self) -> i64 {
        i64::from(self.0) * 60_000_000
    }
}

impl fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 60, self.0 % 60)
    }
}

impl FromStr for TimeOfDay {
    type Err = &'static str;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let two = |digits: &str| match digits.as_bytes() {
            [a @ b'0'..=b'9', b @ b'0'..=b'9'] => {
                Some(u16::from(a - b'0') * 10 + u16::from(b - b'0'))
            }
            _ => None,
        };
        let parts = text.split_once(':').and_then(|(h, m)| two(h).zip(two(m)));
        match parts {
            Some((h, m)) if m < 60 && (h < 24 || (h, m) == (24, 0)) => Ok(Self(h * 60 + m)),
            _ => Err("a time of day such as 08:30 is needed, from 00:00 to 24:00"),
        }
    }
}

impl Serialize for TimeOfDay {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for TimeOfDay {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        String::deserialize(d)?.parse().map_err(serde::de::Error::custom)
    }
}

/// A time that is worked, from–to on one day. One through midnight is two: up to `24:00`, and from
/// `00:00` on the next day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Opening {
    /// First minute that is worked.
    pub from: TimeOfDay,
    /// First minute that is not.
    pub to: TimeOfDay,
}

/// Openings by weekday; a day without one is closed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields, default)]
#[expect(missing_docs, reason = "the names of the days say it")]
pub struct Week {
    pub monday: Vec<Opening>,
    pub tuesday: Vec<Opening>,
    pub wednesday: Vec<Opening>,
    pub thursday: Vec<Opening>,
    pub friday: Vec<Opening>,
    pub saturday: Vec<Opening>,
    pub sunday: Vec<Opening>,
}

impl Week {
    /// The days, Monday first.
    pub(crate) fn days(&self) -> [(&'static str, &[Opening]); 7] {
        [
            ("monday", &self.monday),
            ("tuesday", &self.tuesday),
            ("wednesday", &self.wednesday),
            ("thursday", &self.thursday),
            ("friday", &self.friday),
            ("saturday", &self.saturday),
            ("sunday", &self.sunday),
        ]
    }
}

/// A date on which other hours hold than those of its weekday: a holiday, or a working Saturday.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Holiday {
    /// The date at the site.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub date: Date,
    /// What people call it.
    pub name: String,
    /// Openings of that day; without any it is closed.
    #[serde(default)]
    pub open: Vec<Opening>,
}

/// Weekly hours and the days that are different, in no particular time zone.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Schedule {
    /// Openings by weekday.
    pub week: Week,
    /// Dates on which other hours hold.
    #[serde(default)]
    pub holidays: Vec<Holiday>,
}

impl Schedule {
    /// Checks that it opens every week, and that no opening is backwards or overlaps another.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn check(&self) -> Result<(), ScheduleError> {
        for (day, openings) in self.week.days() {
            check_day(&day, openings)?;
        }
        if self.holidays.len() > HOLIDAYS {
            return Err(ScheduleError::TooManyHolidays);
        }
        let mut dates = std::collections::BTreeSet::new();
        for holiday in &self.holidays {
            if !dates.insert(holiday.date) {
                return Err(ScheduleError::SameDate(holiday.date));
            }
            let name = holiday.name.trim();
            if name.is_empty() || name.chars().count() > NAME_CHARS {
                return Err(ScheduleError::Name(holiday.date));
            }
            check_day(&holiday.date, &holiday.open)?;
        }
        if self.week.days().iter().all(|(_, openings)| openings.is_empty()) {
            return Err(ScheduleError::NeverOpens);
        }
        Ok(())
    }
}

fn check_day(day: &dyn fmt::Display, openings: &[Opening]) -> Result<(), ScheduleError> {
    if openings.len() > OPENINGS_A_DAY {
        return Err(ScheduleError::TooManyOpenings(day.to_string()));
    }
    for &Opening { from, to } in openings {
        if from >= to {
            return Err(ScheduleError::Backwards { day: day.to_string(), from, to });
        }
    }
    let mut sorted = openings.to_vec();
    sorted.sort_unstable();
    if sorted.windows(2).any(|pair| pair[0].to > pair[1].from) {
        return Err(ScheduleError::Overlap(day.to_string()));
    }
    Ok(())
}
