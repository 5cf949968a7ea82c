//! Hours in a time zone, as instants.

use std::collections::BTreeMap;
use std::ops::Range;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::clock::{Counts, Target};
use crate::limits::TARGET_WEEKS;
use crate::schedule::{Opening, Schedule, ScheduleError, TimeOfDay};

const SECOND_US: i64 = 1_000_000;
const DAY_US: i64 = 86_400 * SECOND_US;
const WEEK_S: i64 = 7 * 86_400;
/// Monday, 1969-12-29, in days since the epoch.
const A_MONDAY: i64 = -3;

/// A schedule in a time zone.
#[derive(Debug, Clone)]
pub struct Calendar {
    zone: TimeZone,
    /// Monday first, each sorted.
    week: [Vec<Opening>; 7],
    /// By days since the epoch, each sorted.
    holidays: BTreeMap<i64, Vec<Opening>>,
}

impl Calendar {
    /// A schedule at a site in this time zone, an IANA name.
    ///
    /// # Errors
    /// When the time zone is not known, or the schedule is not one that [`Schedule::check`] takes.
    pub fn new(schedule: &Schedule, time_zone: &str) -> Result<Self, ScheduleError> {
        schedule.check()?;
        let sorted = |openings: &[Opening]| {
            let mut openings = openings.to_vec();
            openings.sort_unstable();
            openings
        };
        let holidays = schedule.holidays.iter();
        Ok(Self {
            zone: zone(time_zone)?,
            week: schedule.week.days().map(|(_, openings)| sorted(openings)),
            holidays: holidays.map(|h| (day_of(h.date), sorted(&h.open))).collect(),
        })
    }

    /// The one that is always open; what it counts is elapsed time.
    #[must_use]
    pub fn always() -> Self {
        let all_day = "00:00".parse().map(|from| Opening { from, to: TimeOfDay::END });
        let day: Vec<_> = all_day.into_iter().collect();
        Self {
            zone: TimeZone::UTC,
            week: std::array::from_fn(|_| day.clone()),
            holidays: BTreeMap::new(),
        }
    }

    /// The canonical name of a time zone, in its usual spelling.
    ///
    /// # Errors
    /// When it is not known.
    pub fn time_zone(name: &str) -> Result<String, ScheduleError> {
        let zone = zone(name)?;
        Ok(zone.iana_name().unwrap_or(name).to_owned())
    }

    /// Checks that a target is reached before the horizon, whenever it starts.
    ///
    /// # Errors
    /// With the longest target that is.
    pub fn check(&self, target: Target) -> Result<(), ScheduleError> {
        let most_s = TARGET_WEEKS
            * match target.counts {
                Counts::Elapsed => WEEK_S,
                Counts::Business => self.week_s(),
            };
        match target.seconds {
            seconds if (1..=most_s).contains(&seconds) => Ok(()),
            _ => Err(ScheduleError::Target { most_s }),
        }
    }

    /// Hours of a week without holidays, seconds.
    fn week_s(&self) -> i64 {
        let openings = self.week.iter().flatten();
        openings.map(|o| (o.to.us() - o.from.us()) / SECOND_US).sum()
    }

    /// What is open from an instant up to another, in order. Pieces may touch.
    pub fn open(&self, span: Range<i64>) -> impl Iterator<Item = Range<i64>> + '_ {
        self.offsets(span).flat_map(|(part, offset_us)| self.open_at_offset(part, offset_us))
    }

    /// The span in parts, in each of which local time is UTC plus one offset.
    fn offsets(&self, span: Range<i64>) -> impl Iterator<Item = (Range<i64>, i64)> + '_ {
        let mut from = span.start.max(Timestamp::MIN.as_microsecond());
        let to = span.end.min(Timestamp::MAX.as_microsecond());
        std::iter::from_fn(move || {
            if from >= to {
                return None;
            }
            let at = Timestamp::from_microsecond(from).ok()?;
            let offset_us = i64::from(self.zone.to_offset(at).seconds()) * SECOND_US;
            let change = self.zone.following(at).next().map(|t| t.timestamp().as_microsecond());
            let part = from..change.map_or(to, |change| change.min(to));
            from = part.end;
            Some((part, offset_us))
        })
    }

    fn open_at_offset(
        &self,
        part: Range<i64>,
        offset_us: i64,
    ) -> impl Iterator<Item = Range<i64>> + '_ {
        let first = (part.start + offset_us).div_euclid(DAY_US);
        let last = (part.end - 1 + offset_us).div_euclid(DAY_US);
        (first..=last).flat_map(move |day| {
            let (midnight, part) = (day * DAY_US - offset_us, part.clone());
            self.day(day).iter().filter_map(move |opening| {
                let from = (midnight + opening.from.us()).max(part.start);
                let to = (midnight + opening.to.us()).min(part.end);
                (from < to).then_some(from..to)
            })
        })
    }

    /// Openings of a day, given as days since the epoch.
    fn day(&self, day: i64) -> &[Opening] {
        let weekday = usize::try_from((day - A_MONDAY).rem_euclid(7)).unwrap_or(0);
        self.holidays.get(&day).unwrap_or(&self.week[weekday])
    }
}

fn zone(name: &str) -> Result<TimeZone, ScheduleError> {
    TimeZone::get(name).map_err(|_| ScheduleError::NoSuchTimeZone(name.to_owned()))
}

fn day_of(date: jiff::civil::Date) -> i64 {
    // Every date is a time in UTC; the last one of all, which jiff cannot turn into one, is not met.
    let midnight = date.to_zoned(TimeZone::UTC).map(|at| at.timestamp().as_second());
    midnight.unwrap_or(i64::MAX).div_euclid(86_400)
}
