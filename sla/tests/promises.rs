//! What is promised about service levels, by example.

use jiff::Timestamp;
use sla::{Calendar, Counts, Hold, Schedule, ScheduleError, Target, due, worked};

const HOUR_S: i64 = 3_600;

fn schedule(json: &str) -> Schedule {
    serde_json::from_str(json).unwrap()
}

/// Monday to Friday 08:00–12:00 and 13:00–17:00, closed on Easter Monday, open on one Saturday.
fn office() -> Schedule {
    let day = r#"[{"from": "08:00", "to": "12:00"}, {"from": "13:00", "to": "17:00"}]"#;
    schedule(&format!(
        r#"{{"week": {{"monday": {day}, "tuesday": {day}, "wednesday": {day}, "thursday": {day},
        "friday": {day}}}, "holidays": [{{"date": "2026-04-06", "name": "Easter Monday"}},
        {{"date": "2026-04-11", "name": "instead of Monday",
        "open": [{{"from": "09:00", "to": "11:00"}}]}}]}}"#
    ))
}

fn us(text: &str) -> i64 {
    text.parse::<Timestamp>().unwrap().as_microsecond()
}

fn business(hours: i64) -> Target {
    Target { seconds: hours * HOUR_S, counts: Counts::Business }
}

#[track_caller]
fn assert_due(calendar: &Calendar, start: &str, target: Target, wanted: &str) {
    let at = due(calendar, us(start), target, &[]).unwrap().unwrap();
    assert_eq!(Timestamp::from_microsecond(at).unwrap().to_string(), wanted);
}

#[test]
fn a_night_a_lunch_and_a_weekend_do_not_count() {
    let berlin = Calendar::new(&office(), "Europe/Berlin").unwrap();
    // Wednesday 16:00 at the site: one hour today, three tomorrow.
    assert_due(&berlin, "2026-01-07T15:00:00Z", business(4), "2026-01-08T10:00:00Z");
    assert_due(&berlin, "2026-01-07T10:30:00Z", business(1), "2026-01-07T12:30:00Z");
    assert_due(&berlin, "2026-01-09T15:00:00Z", business(2), "2026-01-12T08:00:00Z");
}

#[test]
fn a_target_that_is_used_up_when_the_site_closes_is_due_then() {
    let berlin = Calendar::new(&office(), "Europe/Berlin").unwrap();
    assert_due(&berlin, "2026-01-09T15:00:00Z", business(1), "2026-01-09T16:00:00Z");
}

#[test]
fn the_same_hours_in_another_time_zone_are_other_hours() {
    let shanghai = Calendar::new(&office(), "Asia/Shanghai").unwrap();
    assert_due(&shanghai, "2026-01-07T15:00:00Z", business(4), "2026-01-08T04:00:00Z");
}

#[test]
fn a_holiday_is_closed_and_a_working_saturday_is_open() {
    let berlin = Calendar::new(&office(), "Europe/Berlin").unwrap();
    // Good Friday is worked here; Easter Monday is not. Clocks have changed by now.
    assert_due(&berlin, "2026-04-03T14:00:00Z", business(2), "2026-04-07T07:00:00Z");
    assert_due(&berlin, "2026-04-10T14:00:00Z", business(2), "2026-04-11T08:00:00Z");
}

#[test]
fn a_night_is_as_long_as_it_is() {
    let always = |day: &str| format!(r#""{day}": [{{"from": "00:00", "to": "24:00"}}]"#);
    let week = ["saturday", "sunday"].map(always).join(", ");
    let weekend = schedule(&format!(r#"{{"week": {{{week}}}}}"#));
    for (zone, from, to, hours) in [
        ("Europe/Berlin", "2026-03-27T00:00:00Z", "2026-03-31T00:00:00Z", 47.0),
        ("Europe/Berlin", "2026-10-23T00:00:00Z", "2026-10-27T00:00:00Z", 49.0),
        ("America/New_York", "2026-03-06T00:00:00Z", "2026-03-10T00:00:00Z", 47.0),
        ("America/New_York", "2026-10-30T00:00:00Z", "2026-11-03T00:00:00Z", 49.0),
        ("Australia/Lord_Howe", "2026-10-02T00:00:00Z", "2026-10-06T00:00:00Z", 47.5),
        ("Australia/Lord_Howe", "2026-04-02T12:00:00Z", "2026-04-06T12:00:00Z", 48.5),
        ("Asia/Shanghai", "2026-03-27T00:00:00Z", "2026-03-31T00:00:00Z", 48.0),
    ] {
        let calendar = Calendar::new(&weekend, zone).unwrap();
        let worked = worked(&calendar, Counts::Business, us(from), us(to), &[]);
        assert_eq!(worked as f64 / 3.6e9, hours, "{zone} from {from}");
    }
}

#[test]
fn the_leap_day_is_a_day() {
    let utc = Calendar::new(&office(), "UTC").unwrap();
    // Monday 2028-02-28 15:00; 2 h today, 8 h on Tuesday the 29th, then Wednesday the 1st.
    assert_due(&utc, "2028-02-28T15:00:00Z", business(11), "2028-03-01T09:00:00Z");
}

#[test]
fn a_hold_stops_the_clock_for_as_long_as_it_lasts() {
    let utc = Calendar::new(&office(), "UTC").unwrap();
    let start = us("2026-01-07T09:00:00Z");
    let from_us = us("2026-01-07T10:00:00Z");
    let stands = Hold { from_us, to_us: None };
    assert_eq!(due(&utc, start, business(2), &[stands]), Ok(None));
    let over = Hold { from_us, to_us: Some(us("2026-01-07T16:30:00Z")) };
    // An hour before; half an hour after; half an hour tomorrow.
    assert_eq!(due(&utc, start, business(2), &[over]), Ok(Some(us("2026-01-08T08:30:00Z"))));
    // Used up before anybody held it.
    assert_eq!(due(&utc, start, business(1), &[stands]), Ok(Some(from_us)));
    let elapsed = Target { seconds: 2 * HOUR_S, counts: Counts::Elapsed };
    assert_eq!(due(&utc, start, elapsed, &[over]), Ok(Some(us("2026-01-07T17:30:00Z"))));
}

#[test]
fn hours_that_nobody_could_keep_are_refused() {
    let refused = |json: &str, zone| Calendar::new(&schedule(json), zone).unwrap_err();
    assert_eq!(refused(r#"{"week": {}}"#, "UTC"), ScheduleError::NeverOpens);
    let only_a_holiday = r#"{"week": {}, "holidays": [{"date": "2026-01-01", "name": "New Year",
        "open": [{"from": "08:00", "to": "09:00"}]}]}"#;
    assert_eq!(refused(only_a_holiday, "UTC"), ScheduleError::NeverOpens);
    let backwards = r#"{"week": {"monday": [{"from": "22:00", "to": "06:00"}]}}"#;
    assert!(matches!(refused(backwards, "UTC"), ScheduleError::Backwards { .. }));
    let overlap = r#"{"week": {"monday": [{"from": "10:00", "to": "12:00"},
        {"from": "08:00", "to": "10:01"}]}}"#;
    assert_eq!(refused(overlap, "UTC"), ScheduleError::Overlap("monday".into()));
    let fine = r#"{"week": {"monday": [{"from": "08:00", "to": "24:00"}]}}"#;
    let nowhere = refused(fine, "Europe/Atlantis");
    assert_eq!(nowhere, ScheduleError::NoSuchTimeZone("Europe/Atlantis".into()));
    for time in ["24:01", "8:00", "08:60", "08", "+8:00", ""] {
        let json = format!(r#"{{"from": "00:00", "to": {time:?}}}"#);
        assert!(serde_json::from_str::<sla::Opening>(&json).is_err(), "{time}");
    }
}

#[test]
fn a_time_zone_is_known_in_any_spelling() {
    assert_eq!(Calendar::time_zone("europe/berlin").unwrap(), "Europe/Berlin");
    assert!(Calendar::time_zone("Mars/Olympus").is_err());
}

#[test]
fn far_ends_of_time_are_answered() {
    let utc = Calendar::new(&office(), "UTC").unwrap();
    assert!(due(&utc, i64::MAX, business(1), &[]).is_err());
    assert_eq!(worked(&utc, Counts::Business, i64::MAX, i64::MIN, &[]), 0);
    assert!(due(&utc, i64::MIN, business(1), &[]).is_err());
}
