//! The choice of windows.

use verdict::{Choice, ChoiceNote, ChoiceSettings, Occasion, Series, Stretch, choose_windows};

const MINUTE: i64 = 60_000_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

fn stretch(from_us: i64, to_us: i64) -> Stretch {
    Stretch { from_us, to_us }
}

/// A load every half minute over 30 days.
fn choose(load: impl Fn(i64) -> f64, unhealthy: &[Stretch]) -> Choice {
    let times_us: Vec<i64> = (0..30 * DAY).step_by(30_000_000).collect();
    let values: Vec<f64> = times_us.iter().map(|t| load(*t)).collect();
    let occasion = Occasion {
        record: stretch(0, 30 * DAY),
        fault_since_us: 27 * DAY,
        repair: stretch(28 * DAY, 28 * DAY + 2 * HOUR),
        unhealthy,
    };
    let load = Series { times_us: &times_us, values: &values };
    choose_windows(Some(load), &occasion, &ChoiceSettings::default())
}

/// Something that varies a little around a level.
fn around(level: f64, at_us: i64) -> f64 {
    level + 0.2 * (at_us as f64 / 3e8).sin()
}

#[test]
fn before_ends_at_the_repair_and_after_begins_when_the_machine_has_settled() {
    let choice = choose(|t| around(10.0, t), &[]);
    assert_eq!(choice.before.stretch, stretch(27 * DAY, 28 * DAY));
    assert_eq!(choice.during, stretch(28 * DAY, 28 * DAY + 2 * HOUR));
    assert_eq!(choice.after.stretch.from_us, 28 * DAY + 2 * HOUR + 5 * MINUTE);
    assert_eq!(choice.after.stretch.length_us(), DAY);
    assert_eq!(choice.healthy.stretch.to_us, 27 * DAY - 10 * MINUTE);
    assert_eq!(choice.healthy.stretch.length_us(), 7 * DAY);
    assert!(choice.overlap_after > 0.95 && choice.notes.is_empty(), "{choice:?}");
}

#[test]
fn the_healthy_window_is_the_latest_at_the_load_that_came_after_the_repair() {
    // The last twelve days before the fault ran at half load; after the repair it is full again.
    let half = 15 * DAY..27 * DAY;
    let choice = choose(|t| around(if half.contains(&t) { 5.0 } else { 10.0 }, t), &[]);
    assert!(choice.healthy.stretch.from_us < 15 * DAY, "{choice:?}");
    assert!(choice.overlap_after > 0.7);
    assert!(choice.notes.contains(&ChoiceNote::LaterStretchPassedOver));
}

#[test]
fn a_load_that_was_never_there_before_is_said() {
    let choice = choose(|t| around(if t > 28 * DAY { 20.0 } else { 10.0 }, t), &[]);
    assert!(choice.overlap_after < 0.1);
    assert!(choice.notes.contains(&ChoiceNote::LoadsDiffer));
}

#[test]
fn earlier_deviations_are_no_part_of_the_healthy_window() {
    let unhealthy = [stretch(20 * DAY, 21 * DAY), stretch(25 * DAY, 25 * DAY + HOUR)];
    let healthy = choose(|t| around(10.0, t), &unhealthy).healthy.stretch;
    for other in unhealthy {
        assert!(healthy.to_us <= other.from_us || healthy.from_us >= other.to_us, "{healthy:?}");
    }
    assert!(healthy.length_us() > DAY);
}

#[test]
fn what_follows_a_change_of_level_is_skipped_until_it_has_settled() {
    // Six hours at each of two levels.
    let level = |t: i64| if (t / (6 * HOUR)) % 2 == 0 { 5.0 } else { 10.0 };
    let choice = choose(|t| around(level(t), t), &[]);
    let change = 26 * DAY + 6 * HOUR;
    assert!(!choice.healthy.counts(change + MINUTE));
    assert!(choice.healthy.counts(change + 6 * MINUTE));
    assert!(choice.healthy.counts(change - MINUTE));
    assert!(choice.healthy.length_us() > choice.healthy.stretch.length_us() * 9 / 10);
}

#[test]
fn a_load_that_cycles_faster_than_it_settles_is_taken_whole() {
    let level = |t: i64| if (t / (2 * MINUTE)) % 2 == 0 { 5.0 } else { 10.0 };
    let choice = choose(|t| around(level(t), t), &[]);
    assert!(choice.healthy.skipped.is_empty());
    assert!(choice.notes.contains(&ChoiceNote::SettlingNotSkipped));
}

#[test]
fn without_a_load_or_a_healthy_time_the_choice_says_so() {
    let occasion = Occasion {
        record: stretch(0, 2 * HOUR),
        fault_since_us: MINUTE,
        repair: stretch(HOUR, 2 * HOUR),
        unhealthy: &[],
    };
    let choice = choose_windows(None, &occasion, &ChoiceSettings::default());
    assert_eq!(choice.healthy.length_us(), 0);
    assert_eq!(choice.after.length_us(), 0);
    for note in [ChoiceNote::LoadUnknown, ChoiceNote::NoHealthyTime, ChoiceNote::NothingAfterYet] {
        assert!(choice.notes.contains(&note), "{choice:?}");
    }
}
