//! The clock against a model that is slow and obvious: it looks at the clock on the wall once a minute.

use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use sla::{Calendar, Counts, Hold, Holiday, Opening, Schedule, Target, Week, due, worked};

const MINUTE: i64 = 60_000_000;

/// Time zones, each with a date near which its clocks change, or would elsewhere: in spring and in
/// autumn, by half an hour, never, by offsets of 45 minutes, at midnight, and by a day that a country
/// left out.
const PLACES: [(&str, Date); 12] = [
    ("Europe/Berlin", date(2026, 3, 29)),
    ("Europe/Berlin", date(2026, 10, 25)),
    ("America/New_York", date(2026, 3, 8)),
    ("America/New_York", date(2026, 11, 1)),
    ("Australia/Lord_Howe", date(2026, 4, 5)),
    ("Australia/Lord_Howe", date(2026, 10, 4)),
    ("Asia/Shanghai", date(2026, 3, 29)),
    ("Europe/Berlin", date(2028, 2, 29)),
    ("Asia/Kathmandu", date(2028, 2, 29)),
    ("Pacific/Chatham", date(2026, 9, 27)),
    ("America/Sao_Paulo", date(2018, 11, 4)),
    ("Pacific/Apia", date(2011, 12, 30)),
];

struct Model {
    schedule: Schedule,
    zone: TimeZone,
    counts: Counts,
    holds: Vec<Hold>,
}

impl Model {
    /// Whether the clock runs in the minute that begins at `at`.
    fn runs(&self, at: i64) -> bool {
        let held = |h: &Hold| h.from_us <= at && h.to_us.is_none_or(|to| at < to);
        if self.holds.iter().any(held) {
            return false;
        }
        if self.counts == Counts::Elapsed {
            return true;
        }
        let wall = Timestamp::from_microsecond(at).unwrap().to_zoned(self.zone.clone());
        let week = &self.schedule.week;
        let of_weekday = match wall.weekday() {
            jiff::civil::Weekday::Monday => &week.monday,
            jiff::civil::Weekday::Tuesday => &week.tuesday,
            jiff::civil::Weekday::Wednesday => &week.wednesday,
            jiff::civil::Weekday::Thursday => &week.thursday,
            jiff::civil::Weekday::Friday => &week.friday,
            jiff::civil::Weekday::Saturday => &week.saturday,
            jiff::civil::Weekday::Sunday => &week.sunday,
        };
        let holiday = self.schedule.holidays.iter().find(|h| h.date == wall.date());
        let openings = holiday.map_or(of_weekday, |h| &h.open);
        let shown = format!("{:02}:{:02}", wall.hour(), wall.minute()).parse().unwrap();
        openings.iter().any(|o| o.from <= shown && shown < o.to)
    }

    fn worked(&self, from: i64, minutes: i64) -> i64 {
        let all = (0..minutes).map(|n| from + n * MINUTE);
        all.filter(|&at| self.runs(at)).count() as i64 * MINUTE
    }

    /// The end of the minute in which the target is used up, within so many minutes.
    fn due(&self, start: i64, target_minutes: i64, minutes: i64) -> Option<i64> {
        let all = (0..minutes).map(|n| start + n * MINUTE);
        let mut running = all.filter(|&at| self.runs(at));
        running.nth(usize::try_from(target_minutes - 1).unwrap()).map(|at| at + MINUTE)
    }
}

fn opening() -> impl Strategy<Value = Opening> {
    // Mostly quarters of an hour, where clocks change; and 24:00.
    let quarter = |n: u16| format!("{:02}:{:02}", n / 4, n % 4 * 15);
    let ends = (0_u16..96).prop_flat_map(|from| (Just(from), from + 1..=96));
    ends.prop_map(move |(from, to)| Opening {
        from: quarter(from).parse().unwrap(),
        to: quarter(to).parse().unwrap(),
    })
}

/// Openings of a day, those left out that overlap one before.
fn day() -> impl Strategy<Value = Vec<Opening>> {
    vec(opening(), 0..4).prop_map(|openings| {
        let mut kept: Vec<Opening> = Vec::new();
        for o in openings {
            if kept.iter().all(|k| o.to <= k.from || k.to <= o.from) {
                kept.push(o);
            }
        }
        kept
    })
}

fn schedule(around: Date) -> impl Strategy<Value = Schedule> {
    let week = (day(), day(), day(), day(), day(), day(), day());
    let holidays = vec((-6_i64..20, day()), 0..4);
    (week, holidays).prop_filter_map("never opens", move |(w, holidays)| {
        let week = Week {
            monday: w.0,
            tuesday: w.1,
            wednesday: w.2,
            thursday: w.3,
            friday: w.4,
            saturday: w.5,
            sunday: w.6,
        };
        let mut schedule = Schedule { week, holidays: Vec::new() };
        for (days, open) in holidays {
            let date = around.checked_add(days.days()).unwrap();
            if schedule.holidays.iter().all(|h| h.date != date) {
                schedule.holidays.push(Holiday { date, name: "a day off".into(), open });
            }
        }
        schedule.check().is_ok().then_some(schedule)
    })
}

#[derive(Debug)]
struct Case {
    zone: &'static str,
    schedule: Schedule,
    counts: Counts,
    /// Some days before the clocks change, on a full minute.
    start: i64,
    holds: Vec<Hold>,
}

impl Case {
    fn calendar(&self) -> Calendar {
        Calendar::new(&self.schedule, self.zone).unwrap()
    }

    fn model(&self) -> Model {
        Model {
            schedule: self.schedule.clone(),
            zone: TimeZone::get(self.zone).unwrap(),
            counts: self.counts,
            holds: self.holds.clone(),
        }
    }

    fn target(&self, minutes: i64) -> Target {
        Target { seconds: minutes * 60, counts: self.counts }
    }
}

fn case() -> impl Strategy<Value = Case> {
    select(&PLACES[..]).prop_flat_map(|(zone, around)| {
        let midnight = around.to_zoned(TimeZone::UTC).unwrap().timestamp().as_microsecond();
        let counts = prop_oneof![4 => Just(Counts::Business), 1 => Just(Counts::Elapsed)];
        let start = (-3 * 1_440_i64..1_440).prop_map(move |n| midnight + n * MINUTE);
        let hold = (
            -1_440_i64..6 * 1_440,
            prop_oneof![9 => (1_i64..2_000).prop_map(Some), 1 => Just(None)],
        );
        (schedule(around), counts, start, vec(hold, 0..4)).prop_map(
            move |(schedule, counts, start, holds)| {
                let hold = |(after, length): (i64, Option<i64>)| {
                    let from_us = start + after * MINUTE;
                    Hold { from_us, to_us: length.map(|l| from_us + l * MINUTE) }
                };
                let holds = holds.into_iter().map(hold).collect();
                Case { zone, schedule, counts, start, holds }
            },
        )
    })
}

/// The target, or the longest that hours as few as these are let to promise.
fn let_through(calendar: &Calendar, target: Target) -> Target {
    match calendar.check(target) {
        Err(sla::ScheduleError::Target { most_s }) => Target { seconds: most_s, ..target },
        _ => target,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn what_was_worked_is_what_the_wall_clock_says(case in case(), minutes in 0_i64..8 * 1_440) {
        let to = case.start + minutes * MINUTE;
        let worked = worked(&case.calendar(), case.counts, case.start, to, &case.holds);
        prop_assert_eq!(worked, case.model().worked(case.start, minutes));
    }

    #[test]
    fn a_promise_is_due_when_the_wall_clock_says(case in case(), target in 1_i64..3_000) {
        let looked_at = 12 * 1_440;
        let within = case.model().due(case.start, target, looked_at);
        let due = due(&case.calendar(), case.start, case.target(target), &case.holds).unwrap();
        match within {
            Some(at) => prop_assert_eq!(due, Some(at)),
            None => prop_assert!(due.is_none_or(|at| at > case.start + looked_at * MINUTE)),
        }
    }

    #[test]
    fn when_it_is_due_exactly_the_target_was_worked(
        case in case(), target in 1_i64..2_000_000, into in 0_i64..MINUTE,
    ) {
        let (calendar, start) = (case.calendar(), case.start + into);
        let target = let_through(&calendar, Target { seconds: target, counts: case.counts });
        if let Some(at) = due(&calendar, start, target, &case.holds).unwrap() {
            prop_assert_eq!(
                worked(&calendar, case.counts, start, at, &case.holds),
                target.seconds * 1_000_000
            );
            // And not a microsecond before.
            prop_assert!(
                worked(&calendar, case.counts, start, at - 1, &case.holds)
                    < target.seconds * 1_000_000
            );
        } else {
            prop_assert!(case.holds.iter().any(|h| h.to_us.is_none()));
        }
    }

    #[test]
    fn starting_later_or_allowing_more_is_never_due_earlier(
        case in case(), target in 1_i64..3_000, later in 0_i64..3_000, more in 0_i64..3_000,
    ) {
        let calendar = case.calendar();
        let at = |start, target| {
            let due = due(&calendar, start, case.target(target), &case.holds).unwrap();
            due.unwrap_or(i64::MAX)
        };
        let first = at(case.start, target);
        prop_assert!(at(case.start + later * MINUTE, target) >= first);
        prop_assert!(at(case.start, target + more) >= first);
    }

    #[test]
    fn a_hold_never_makes_anything_due_earlier(
        case in case(), target in 1_i64..3_000, after in -2_000_i64..6_000, length in 1_i64..3_000,
    ) {
        let (calendar, from_us) = (case.calendar(), case.start + after * MINUTE);
        let due_with = |holds: &[Hold]| {
            due(&calendar, case.start, case.target(target), holds).unwrap().unwrap_or(i64::MAX)
        };
        let mut more = case.holds.clone();
        more.push(Hold { from_us, to_us: Some(from_us + length * MINUTE) });
        prop_assert!(due_with(&more) >= due_with(&case.holds));
    }

    #[test]
    fn what_a_calendar_lets_through_is_always_reached(case in case(), share in 1_i64..=1_000) {
        let calendar = case.calendar();
        let too_long = Target { seconds: i64::MAX, counts: case.counts };
        let Err(sla::ScheduleError::Target { most_s }) = calendar.check(too_long) else {
            panic!("a target of 292 000 years was taken");
        };
        let target = Target { seconds: (most_s * share / 1_000).max(1), counts: case.counts };
        prop_assert_eq!(calendar.check(target), Ok(()));
        prop_assert!(due(&calendar, case.start, target, &case.holds).is_ok());
    }
}
