//! When a reminder of a machine is due. Days and months are counted by the calendar in UTC, so that
//! moving a machine to another time zone does not make the reminder another one; the hour is the site's.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};

use super::policy::{CareSince, CareWhen};

/// What is known about a machine, microseconds.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Machine {
    pub purchased_at: Option<i64>,
    pub warranty_until: Option<i64>,
    pub ticket_closed_at: Option<i64>,
    pub work_closed_at: Option<i64>,
}

/// Days from which to which reminders are looked for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Window {
    pub first: Date,
    pub last: Date,
}

impl Window {
    /// From so many days before a moment to so many days after it.
    pub fn around(now: i64, before: i64, after: i64) -> Option<Self> {
        let today = day(now)?;
        Some(Self {
            first: today.checked_sub(before.days()).ok()?,
            last: today.checked_add(after.days()).ok()?,
        })
    }

    fn holds(self, day: Date) -> bool {
        (self.first..=self.last).contains(&day)
    }
}

/// The day of a moment.
pub(super) fn day(at: i64) -> Option<Date> {
    Some(Timestamp::from_microsecond(at).ok()?.to_zoned(TimeZone::UTC).date())
}

/// The hour of a day at a place; an hour that the clocks leave out is the one after.
pub(super) fn moment(day: Date, hour: i8, time_zone: &str) -> Option<i64> {
    let zone = TimeZone::get(time_zone).unwrap_or(TimeZone::UTC);
    Some(day.at(hour, 0, 0, 0).to_zoned(zone).ok()?.timestamp().as_microsecond())
}

/// The day within the window on which a reminder is due, if any.
pub(super) fn due(when: &CareWhen, machine: Machine, window: Window) -> Option<Date> {
    let due = match when {
        CareWhen::DaysAfter { days, since } => {
            let base = match since {
                CareSince::Purchase => machine.purchased_at,
                CareSince::ClosedTicket => machine.ticket_closed_at,
            };
            day(base?)?.checked_add(days.days()).ok()?
        }
        CareWhen::BeforeWarrantyEnds { days } => {
            day(machine.warranty_until?)?.checked_sub(days.days()).ok()?
        }
        CareWhen::EveryMonths { months } => {
            let base = day(machine.purchased_at.max(machine.work_closed_at)?)?;
            // Each is counted from the base: the last days of months do not wear off.
            let after = |times: i64| base.checked_add((months * times).months()).ok();
            (1..).map_while(after).find(|due| *due >= window.first)?
        }
    };
    window.holds(due).then_some(due)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> i64 {
        text.parse::<Timestamp>().unwrap().as_microsecond()
    }

    fn window(now: &str) -> Window {
        Window::around(at(now), 7, 30).unwrap()
    }

    #[test]
    fn maintenance_comes_again_until_work_is_done_and_then_counts_from_there() {
        let when = CareWhen::EveryMonths { months: 6 };
        let mut machine =
            Machine { purchased_at: Some(at("2025-08-31T23:00:00Z")), ..Machine::default() };
        let february = window("2026-02-20T00:00:00Z");
        assert_eq!(due(&when, machine, february), Some(Date::constant(2026, 2, 28)));
        let august = window("2026-08-20T00:00:00Z");
        assert_eq!(due(&when, machine, august), Some(Date::constant(2026, 8, 31)));
        machine.work_closed_at = Some(at("2026-02-25T08:00:00Z"));
        assert_eq!(due(&when, machine, february), None);
        assert_eq!(due(&when, machine, august), Some(Date::constant(2026, 8, 25)));
    }

    #[test]
    fn what_was_due_long_ago_and_what_nobody_knows_the_date_of_is_not_due() {
        let when = CareWhen::DaysAfter { days: 14, since: CareSince::Purchase };
        let bought = |text| Machine { purchased_at: Some(at(text)), ..Machine::default() };
        let now = window("2026-02-20T00:00:00Z");
        assert_eq!(due(&when, bought("2026-01-29T00:00:00Z"), now), None);
        assert!(due(&when, bought("2026-01-30T00:00:00Z"), now).is_some());
        assert_eq!(due(&when, Machine::default(), now), None);
    }

    #[test]
    fn the_hour_is_that_of_the_site() {
        let day = Date::constant(2026, 3, 1);
        assert_eq!(moment(day, 9, "Asia/Shanghai"), Some(at("2026-03-01T01:00:00Z")));
        // The clocks go from two to three.
        let spring = Date::constant(2026, 3, 29);
        assert_eq!(moment(spring, 2, "Europe/Berlin"), Some(at("2026-03-29T01:00:00Z")));
    }
}
