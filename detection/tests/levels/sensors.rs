//! The health of sensors.

use detection::{Class, Level, Point, Redundancy, Report, Rules, Sensors, Slot, Watch};

use crate::generated::{Noise, SECOND_US};
use crate::{cleared, keys, point, pump, raised, run, watch};

/// A second at which everything is learnt.
const LEARNT: i64 = 600;

fn explained(reports: &[Report], key: &str) -> String {
    let all = raised(reports);
    let condition = all.iter().find(|condition| condition.key == key);
    let condition = condition.unwrap_or_else(|| panic!("{key} is not among {:?}", keys(reports)));
    assert_eq!((condition.level, condition.class), (Level::Sensor, Class::Sensor));
    assert_eq!(condition.class.signature(), None, "never a ticket");
    let evidence = &condition.evidence[0];
    assert!(evidence.since_us <= condition.at_us && evidence.limits >= 1.0, "{evidence:?}");
    assert_eq!(condition.summary, evidence.words);
    evidence.words.clone()
}

#[test]
fn a_stuck_sensor_is_found_explained_and_over_when_it_moves_again() {
    let mut watch = watch(Rules::default());
    let reports = run(&mut watch, 0..1200, |second, [t, i, p]| {
        [Some(if (LEARNT..900).contains(&second) { 60.1 } else { t }), Some(i), Some(p)]
    });
    let words = explained(&reports, "sensor:stuck:p0");
    assert!(words.contains("Bearing temperature has shown exactly 60.1 °C for 60 s"), "{words}");
    assert_eq!(keys(&reports), ["sensor:stuck:p0"]);
    assert_eq!(cleared(&reports), [("sensor:stuck:p0", 930)]);
    assert_eq!(raised(&reports)[0].since_us / SECOND_US, LEARNT);
}

#[test]
fn sensor_health_never_becomes_a_machine_fault() {
    // Each way to be sick, far away from what is normal.
    type Sick = fn(i64, f64) -> Option<f64>;
    let ways: [(&str, Sick); 4] = [
        ("sensor:stuck:p0", |_, _| Some(60.35)),
        ("sensor:spikes:p0", |second, t| Some(if second % 20 == 0 { 150.0 } else { t })),
        ("sensor:dropout:p0", |_, _| None),
        ("sensor:out_of_range:p0", |_, _| Some(-300.0)),
    ];
    for (key, sick) in ways {
        let mut watch = watch(Rules::default());
        let reports = run(&mut watch, 0..2000, |second, [t, i, p]| {
            let ill = (LEARNT..1200).contains(&second);
            [if ill { sick(second, t) } else { Some(t) }, Some(i), Some(p)]
        });
        assert_eq!(keys(&reports), [key]);
        assert!(!watch.deviates());
        let over = cleared(&reports);
        assert!(over.len() == 1 && over[0].0 == key && over[0].1 >= 1200, "{key}: {over:?}");
    }
}

#[test]
fn a_machine_fault_is_still_found_beside_a_sick_sensor() {
    let mut watch = watch(Rules::default());
    let reports = run(&mut watch, 0..1500, |second, [t, i, p]| {
        let t = if second > LEARNT { -300.0 } else { t };
        [Some(t), Some(if second > 1000 { i + 4.0 } else { i }), Some(p)]
    });
    assert_eq!(keys(&reports), ["sensor:out_of_range:p0", "deviation"]);
    assert_eq!(raised(&reports)[1].evidence[0].slot, Slot(1));
}

#[test]
fn a_machine_at_rest_has_no_stuck_sensors() {
    let mut watch = watch(Rules::default());
    // Off: the current is exactly zero, the others stay exactly where they are.
    let reports = run(&mut watch, 0..4000, |second, sound| {
        if (LEARNT..3000).contains(&second) {
            [Some(60.2), Some(0.0), Some(4.001e5)]
        } else {
            sound.map(Some)
        }
    });
    let stuck = keys(&reports).into_iter().filter(|key| key.starts_with("sensor:stuck")).count();
    assert_eq!(stuck, 0, "{:?}", keys(&reports));
}

#[test]
fn a_point_that_is_constant_or_coarse_by_nature_is_never_called_stuck() {
    let mut watch = watch(Rules::default());
    let mut steps = Noise::new(3);
    let reports = run(&mut watch, 0..20_000, |second, [_, i, _]| {
        // A setpoint, and a coarse value that changes every minute or so.
        let coarse = if steps.uniform() < 0.02 { 1e5 } else { 0.0 };
        [Some(50.0), Some(i), Some(4e5 + coarse * f64::from(u8::from(second % 3 > 0)))]
    });
    assert!(keys(&reports).iter().all(|key| !key.starts_with("sensor:stuck")), "{reports:?}");
}

#[test]
fn a_single_spike_is_no_alarm_and_frequent_ones_are() {
    let spiky = |every: i64| {
        let mut watch = watch(Rules::default());
        run(&mut watch, 0..3000, |second, [t, i, p]| {
            let spike = second > LEARNT && second % every == 0;
            [Some(t), Some(if spike { 40.0 } else { i }), Some(p)]
        })
    };
    assert_eq!(keys(&spiky(1000)), [""; 0]);
    let reports = spiky(60);
    assert_eq!(keys(&reports), ["sensor:spikes:p1"]);
    let words = explained(&reports, "sensor:spikes:p1");
    assert!(words.contains("5 times") && words.contains("to 40 A from about 1"), "{words}");
}

#[test]
fn a_gap_of_the_whole_asset_is_no_dropout_and_the_silence_of_one_point_is() {
    let mut watch = watch(Rules::default());
    let mut reports = run(&mut watch, 0..900, |_, sound| sound.map(Some));
    reports.extend(run(&mut watch, 8000..8100, |_, sound| sound.map(Some)));
    assert_eq!(keys(&reports), [""; 0]);
    let reports = run(&mut watch, 8100..9000, |second, [t, i, p]| {
        [Some(t), (second >= 8700).then_some(i), Some(p)]
    });
    let words = explained(&reports, "sensor:dropout:p1");
    assert!(words.contains("Motor current has said nothing for"), "{words}");
    assert_eq!(cleared(&reports), [("sensor:dropout:p1", 8730)]);
}

#[test]
fn a_point_that_reports_seldom_and_irregularly_is_no_dropout() {
    let mut watch = watch(Rules::default());
    let mut due = Noise::new(9);
    let reports = run(&mut watch, 0..20_000, |_, [t, i, p]| {
        [Some(t), Some(i), (due.uniform() < 0.02).then_some(p)]
    });
    assert_eq!(keys(&reports), [""; 0]);
}

#[test]
fn a_reading_outside_the_range_of_its_sensor_is_withheld_and_named() {
    let rules: Rules = serde_json::from_str(
        r#"{"sensors": {"range": {"sensors": [{"points": {"name": "Discharge pressure"},
            "low": 0, "high": 1000000}]}}}"#,
    )
    .expect("rules");
    let mut watch = watch(rules);
    let reports = run(&mut watch, 0..1000, |second, [t, i, p]| {
        [Some(t), Some(i), Some(if second >= 800 { 2.5e6 } else { p })]
    });
    assert_eq!(keys(&reports), ["sensor:out_of_range:p2"]);
    let words = explained(&reports, "sensor:out_of_range:p2");
    assert_eq!(words, "Discharge pressure shows 2.500e6 Pa; it can show from 0 to 1.000e6 Pa");
}

fn twins(rules: &Rules) -> (Watch, [Point; 2]) {
    let mut points =
        [point(0, "Supply 1", "temperature", "Cel"), point(1, "Supply 2", "temperature", "Cel")];
    for point in &mut points {
        point.position = "supply".to_owned();
    }
    (Watch::new(rules.clone(), points.clone()), points)
}

#[test]
fn a_sensor_that_drifts_away_from_its_twin_is_found_while_both_follow_the_machine() {
    let (mut watch, _) = twins(&Rules::default());
    let mut noise = Noise::new(4);
    let mut reports = Vec::new();
    for minute in 0..2000_i64 {
        // The water itself swings by 20 degrees; from hour 16 on one sensor creeps away.
        let water = 40.0 + 10.0 * (minute as f64 / 200.0).sin();
        let creep = 0.005 * (minute - 960).max(0) as f64;
        for (slot, off) in [(0, 0.0), (1, 0.4 + creep)] {
            let value = water + off + 0.05 * noise.normal();
            watch.observe(Slot(slot), minute * 60 * SECOND_US, value, &mut reports);
        }
        if minute == 960 {
            assert!(keys(&reports).iter().all(|key| !key.contains("disagreement")));
        }
    }
    let words = explained(&reports, "sensor:disagreement:p0+p1");
    assert!(words.contains("Supply 1 and Supply 2 measure the same"), "{words}");
}

#[test]
fn three_phases_at_one_place_are_no_redundant_points() {
    let mut points = pump().map(|p| Point { position: "motor".into(), ..p });
    points[0].quantity = "current".into();
    points[0].unit = "A".into();
    let redundancy = Redundancy { learning_means: 5, ..Redundancy::default() };
    let sensors = Sensors { redundancy, ..Sensors::default() };
    let mut watch = Watch::new(Rules { sensors, ..Rules::default() }, points);
    let reports = run(&mut watch, 0..8000, |second, [t, i, p]| {
        [Some(t), Some(i + if second > 4000 { 3.0 } else { 0.0 }), Some(p)]
    });
    assert!(keys(&reports).iter().all(|key| !key.contains("disagreement")));
}
