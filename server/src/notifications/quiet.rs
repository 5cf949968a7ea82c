//! Quiet hours: a part of the day in which only urgent messages come.

use jiff::civil::Time as WallTime;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _, Zoned};

/// Quiet hours in a time zone, in minutes of the day; over midnight when they end before they begin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct QuietHours {
    pub from: i64,
    pub until: i64,
    pub zone: TimeZone,
}

impl QuietHours {
    /// When a message may come that would come at `now`, microseconds: `now` itself, or the end of
    /// the quiet hours around it.
    pub fn release(&self, now: i64) -> i64 {
        let Ok(at) = Timestamp::from_microsecond(now) else { return now };
        let here = at.to_zoned(self.zone.clone());
        let minute = i64::from(here.hour()) * 60 + i64::from(here.minute());
        let over_midnight = self.until <= self.from;
        let quiet = if over_midnight {
            minute >= self.from || minute < self.until
        } else {
            (self.from..self.until).contains(&minute)
        };
        if !quiet {
            return now;
        }
        let tomorrow = over_midnight && minute >= self.from;
        self.end(&here, tomorrow).map_or(now, |end| end.max(now))
    }

    /// A wall time that a change of the clocks leaves out ends as much later (jiff, "compatible").
    fn end(&self, here: &Zoned, tomorrow: bool) -> Option<i64> {
        let day = if tomorrow { here.date().checked_add(1.day()).ok()? } else { here.date() };
        let hour = i8::try_from(self.until / 60).ok()?;
        let minute = i8::try_from(self.until % 60).ok()?;
        let wall = day.to_datetime(WallTime::new(hour, minute, 0, 0).ok()?);
        let end = self.zone.to_ambiguous_zoned(wall).compatible().ok()?;
        Some(end.timestamp().as_microsecond())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hours(from: i64, until: i64, zone: &str) -> QuietHours {
        QuietHours { from: from * 60, until: until * 60, zone: TimeZone::get(zone).unwrap() }
    }

    fn us(text: &str) -> i64 {
        text.parse::<Timestamp>().unwrap().as_microsecond()
    }

    #[test]
    fn a_message_of_the_night_comes_in_the_morning() {
        let quiet = hours(21, 7, "Asia/Shanghai");
        let morning = us("2026-01-02T07:00:00+08:00");
        assert_eq!(quiet.release(us("2026-01-01T22:30:00+08:00")), morning);
        assert_eq!(quiet.release(us("2026-01-02T06:59:59+08:00")), morning);
        assert_eq!(quiet.release(morning), morning);
        let evening = us("2026-01-02T20:59:59+08:00");
        assert_eq!(quiet.release(evening), evening);
    }

    #[test]
    fn quiet_hours_follow_the_clocks_of_the_place_when_summer_begins_and_ends() {
        let quiet = hours(22, 7, "Europe/Berlin");
        // The night is an hour shorter on 29 March 2026, and an hour longer on 25 October 2026.
        assert_eq!(quiet.release(us("2026-03-28T22:00:00Z")), us("2026-03-29T05:00:00Z"));
        assert_eq!(quiet.release(us("2026-10-24T21:00:00Z")), us("2026-10-25T06:00:00Z"));
    }

    #[test]
    fn quiet_hours_that_end_when_no_clock_shows_it_end_an_hour_later() {
        // 02:30 does not exist in Berlin on 29 March 2026.
        let quiet = QuietHours { until: 150, ..hours(22, 2, "Europe/Berlin") };
        assert_eq!(quiet.release(us("2026-03-29T00:00:00Z")), us("2026-03-29T01:30:00Z"));
    }

    #[test]
    fn quiet_hours_within_a_day_leave_the_night_alone() {
        let quiet = hours(12, 14, "UTC");
        assert_eq!(quiet.release(us("2026-01-01T13:00:00Z")), us("2026-01-01T14:00:00Z"));
        assert_eq!(quiet.release(us("2026-01-01T03:00:00Z")), us("2026-01-01T03:00:00Z"));
    }
}
