//! All levels together: the same readings give the same reports, and no reading breaks them.

use detection::{Detector, Finding, Level, Report, Rules, Settings, Slot, Watch, presets};
use serde_json::json;

use crate::generated::{Compressor, Machine, Noise, SECOND_US};
use crate::{keys, point, pump, raised, run, watch};

/// Rules that use every level.
fn everything() -> Rules {
    let all = json!({
        "sensors": {"redundancy": {"pairs": [["Bearing temperature", "Motor current"]],
                                   "mean_s": 1.0, "learning_means": 4}},
        "limits": [
            {"name": "a", "points": {"quantity": "temperature"}, "kind": "high", "value": 61},
            {"name": "b", "points": {"quantity": "current"}, "kind": "fall", "value": 0.1,
             "window_s": 20},
            {"name": "c", "points": {"name": "Discharge pressure"}, "kind": "low_low",
             "value": 4e5, "class": "safety",
             "only_at": {"points": {"quantity": "current"}, "at_least": 11.9}}
        ]
    });
    serde_json::from_value(all).expect("rules")
}

#[test]
fn a_sound_machine_says_nothing_at_any_level() {
    let mut watch = watch(Rules::default());
    let reports = run(&mut watch, 0..40_000, |_, sound| sound.map(Some));
    assert_eq!(keys(&reports), [""; 0]);
}

#[test]
fn the_level_of_deviation_finds_what_the_detector_by_itself_finds() {
    let mut bare = Detector::new(Settings::default());
    let points = (0..4).map(|slot| point(slot, &format!("P{slot}"), "other", ""));
    let mut watch = Watch::new(Rules::default(), points);
    let mut machine = Compressor::new(21);
    let (mut findings, mut reports) = (Vec::new(), Vec::new());
    for second in 0..2500 {
        let fault = if (1500..1700).contains(&second) { 1.0 } else { 0.0 };
        for (slot, value) in (0u16..).zip(machine.second(second, fault)) {
            bare.observe(Slot(slot), second * SECOND_US, value, &mut findings);
            watch.observe(Slot(slot), second * SECOND_US, value, &mut reports);
        }
    }
    let expected: Vec<i64> = findings
        .iter()
        .filter_map(|finding| match finding {
            Finding::Raised { at_us, .. } => Some(*at_us),
            _ => None,
        })
        .collect();
    let conditions = raised(&reports);
    let deviation = conditions.iter().filter(|condition| condition.level == Level::Deviation);
    assert_eq!(deviation.map(|condition| condition.at_us).collect::<Vec<_>>(), expected);
    assert!(!expected.is_empty());
}

#[test]
fn a_deviation_explains_itself_in_words_and_figures() {
    let mut watch = watch(Rules::default());
    let reports = run(&mut watch, 0..900, |second, [t, i, p]| {
        [Some(t), Some(if second > 700 { i + 4.0 } else { i }), Some(p)]
    });
    let all = raised(&reports);
    let condition = all[0];
    assert_eq!(condition.key, "deviation");
    let evidence = &condition.evidence[0];
    assert!(evidence.words.starts_with("Motor current "), "{}", evidence.words);
    assert!(evidence.words.contains("robust standard deviations, for "), "{}", evidence.words);
    assert!(evidence.limits > 1.0 && evidence.unusual > 3.0);
    assert!(condition.summary.starts_with("Motor current has risen"), "{}", condition.summary);
    assert_eq!(watch.active().count(), 1);
}

#[test]
fn a_creep_too_slow_for_the_short_memory_is_found_against_the_old_baseline() {
    let mut watch = watch(Rules::default());
    let mut noise = Noise::new(8);
    let mut reports = Vec::new();
    let days = |minutes: i64| minutes as f64 / 1440.0;
    // One reading a minute for thirty days; from day ten on the point creeps by 0.2 of its noise
    // a day.
    for minute in 0..30 * 1440_i64 {
        let creep = 0.2 * (days(minute) - 10.0).max(0.0);
        let daily = (days(minute) * std::f64::consts::TAU).sin();
        for slot in 0..3 {
            let value = 50.0 + 0.3 * daily + noise.normal() + if slot == 0 { creep } else { 0.0 };
            watch.observe(Slot(slot), minute * 60 * SECOND_US, value, &mut reports);
        }
    }
    let all = raised(&reports);
    let drift: Vec<_> = all.iter().filter(|condition| condition.level == Level::Drift).collect();
    assert_eq!(drift.len(), 1, "{:?}", keys(&reports));
    assert_eq!((drift[0].key.as_str(), drift[0].evidence[0].slot), ("drift", Slot(0)));
    assert!(drift[0].summary.contains("crept up"), "{}", drift[0].summary);
    assert!(drift[0].since_us > 10 * 86_400 * SECOND_US);
}

type Reading = (Slot, i64, f64);

fn readings() -> Vec<Reading> {
    let mut noise = Noise::new(12);
    let mut readings = Vec::new();
    for second in 0..2000_i64 {
        let sound = crate::sound(&mut noise);
        for (slot, value) in (0u16..).zip(sound) {
            let value = match (slot, second) {
                (0, 800..1000) => 60.1,
                (1, 1100..1300) if second % 13 == 0 => 40.0,
                (1, 1400..1500) => value + 5.0,
                (2, 1600..1800) => value - 4e4,
                _ => value,
            };
            readings.push((Slot(slot), second * SECOND_US + i64::from(slot) * 7_000, value));
        }
    }
    readings
}

fn feed(watch: &mut Watch, readings: &[Reading]) -> Vec<Report> {
    let mut reports = Vec::new();
    for (slot, at_us, value) in readings {
        watch.observe(*slot, *at_us, *value, &mut reports);
    }
    reports
}

#[test]
fn a_resumed_watch_continues_exactly_and_readings_shown_twice_change_nothing() {
    let readings = readings();
    let expected = feed(&mut watch(everything()), &readings);
    let levels: std::collections::HashSet<_> =
        raised(&expected).iter().map(|condition| condition.level).collect();
    assert_eq!(levels.len(), 3, "{:?}", keys(&expected));
    for second in [0, 100, 810, 900, 1150, 1450, 1700] {
        let (before, after) = readings.split_at(second * 3 + 1);
        let mut first = watch(everything());
        let mut reports = feed(&mut first, before);
        let mut resumed = Watch::resume(&first.snapshot().expect("written")).expect("readable");
        // As after a restart: what came since the watermark is shown again.
        let since_us = resumed.watermark_us().unwrap_or(i64::MIN);
        let again: Vec<Reading> =
            before.iter().filter(|(_, at_us, _)| *at_us >= since_us).copied().collect();
        assert_eq!(feed(&mut resumed, &again), []);
        reports.extend(feed(&mut resumed, after));
        assert_eq!(reports, expected, "resumed at {second} s");
    }
}

#[test]
fn what_is_worth_knowing_is_in_words_and_every_figure_is_finite_whatever_is_read() {
    let huge = [f64::MAX, f64::MIN, f64::MIN_POSITIVE, 0.0, -0.0, 1e30, -1e-300, -9e29];
    for seed in 0..40 {
        let mut noise = Noise::new(seed);
        let mut watch = Watch::new(everything(), pump());
        let mut at_us = (seed as i64 - 20) * 1_000_000_000_000;
        for _ in 0..4000 {
            at_us = at_us.saturating_add((noise.uniform().powi(8) * 4e9) as i64 - 200_000);
            let value = match (noise.uniform() * 12.0) as usize {
                n @ 0..8 => huge[n] * if seed % 2 == 0 { 1.0 } else { noise.uniform() },
                8 => f64::NAN,
                _ => 60.0 + noise.normal(),
            };
            let slot = Slot((noise.uniform() * 5.0) as u16);
            let mut reports = Vec::new();
            watch.observe(slot, at_us, value, &mut reports);
            for report in &reports {
                let json = serde_json::to_string(report).expect("written");
                assert_eq!(serde_json::from_str::<Report>(&json).ok().as_ref(), Some(report));
            }
        }
        let snapshot = watch.snapshot().expect("written");
        assert!(Watch::resume(&snapshot).is_ok());
        assert!(snapshot.len() < 2_000_000);
    }
}

#[test]
fn extreme_times_are_stood() {
    let mut watch = Watch::new(everything(), pump());
    let mut reports = Vec::new();
    for at_us in [i64::MIN, i64::MAX, 0, i64::MAX - 1, i64::MIN + 1, 1] {
        for slot in 0..3 {
            watch.observe(Slot(slot), at_us, 1.0, &mut reports);
        }
    }
}

#[test]
fn memory_stays_bounded_however_long_a_machine_is_watched() {
    let mut watch = watch(everything());
    run(&mut watch, 0..4000, |_, sound| sound.map(Some));
    let size = watch.snapshot().expect("written").len();
    run(&mut watch, 4000..40_000, |_, sound| sound.map(Some));
    let later = watch.snapshot().expect("written").len();
    assert!(later < 2 * size, "{size} then {later}");
}

#[test]
fn every_preset_leaves_a_sound_machine_alone() {
    for preset in presets() {
        let mut watch = watch(preset.rules);
        let reports = run(&mut watch, 0..8000, |_, sound| sound.map(Some));
        assert_eq!(keys(&reports), [""; 0], "{}", preset.name);
    }
}
