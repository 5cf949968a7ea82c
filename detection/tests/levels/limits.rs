//! Limits and rates of change.

use detection::{Class, Level, Priority, Report, Rules};
use serde_json::{Value, json};

use crate::generated::SECOND_US;
use crate::{cleared, keys, raised, run, watch};

/// Rules with these limits alone: nothing is learnt within the tests.
fn limits(limits: Value) -> Rules {
    let rules = json!({"deviation": {"learning_s": 7_776_000}, "limits": limits});
    serde_json::from_value(rules).expect("rules")
}

fn temperature(limit: Value, value: impl Fn(i64) -> f64) -> Vec<Report> {
    let mut watch = watch(limits(json!([limit])));
    run(&mut watch, 0..1000, |second, [_, i, p]| [Some(value(second)), Some(i), Some(p)])
}

fn hot() -> Value {
    json!({"name": "hot", "points": {"quantity": "temperature"}, "kind": "high", "value": 80.0})
}

fn with(mut limit: Value, more: Value) -> Value {
    for (name, value) in more.as_object().expect("fields") {
        limit[name] = value.clone();
    }
    limit
}

#[test]
fn a_limit_is_raised_after_its_on_delay_and_over_after_its_off_delay_beyond_the_deadband() {
    let limit = with(hot(), json!({"deadband": 5.0, "on_delay_s": 10.0, "off_delay_s": 20.0}));
    let reports = temperature(limit, |second| match second {
        100..105 => 85.0, // too short
        200..300 => 85.0, // raised at 210
        300..400 => 78.0, // inside the deadband
        _ => 60.0,        // back from 400 on
    });
    let raised = raised(&reports);
    assert_eq!(keys(&reports), ["limit:hot:p0"]);
    assert_eq!((raised[0].at_us / SECOND_US, raised[0].since_us / SECOND_US), (210, 200));
    assert_eq!(cleared(&reports), [("limit:hot:p0", 420)]);
    assert_eq!(raised[0].summary, "Bearing temperature shows 85 °C; hot allows at most 80 °C");
    assert_eq!((raised[0].level, raised[0].priority), (Level::Limit, Priority::Medium));
}

#[test]
fn a_safety_limit_is_of_its_own_class_urgent_and_latched_when_it_says_so() {
    let limit = with(hot(), json!({"kind": "high_high", "class": "safety", "latched": true}));
    let reports = temperature(limit, |second| if second > 500 { 90.0 } else { 60.0 });
    let raised = raised(&reports);
    assert_eq!((raised[0].class, raised[0].latched), (Class::Safety, true));
    assert_eq!(raised[0].priority, Priority::Critical);
    assert_eq!(raised[0].class.signature(), Some("safety"));
}

#[test]
fn a_low_limit_looks_downwards() {
    let limit = with(hot(), json!({"name": "cold", "kind": "low", "value": 20.0, "deadband": 1.0}));
    let reports = temperature(limit, |second| match second {
        500..600 => 19.0,
        600..700 => 20.5,
        _ => 60.0,
    });
    assert_eq!(keys(&reports), ["limit:cold:p0"]);
    assert_eq!(cleared(&reports), [("limit:cold:p0", 700)]);
}

#[test]
fn a_rate_of_change_is_taken_over_its_window() {
    let fast = json!({"name": "fast", "points": {"quantity": "temperature"}, "kind": "rise",
                      "value": 2.0, "window_s": 120.0, "deadband": 0.5});
    let ramp = |per_minute: f64| {
        move |second: i64| 60.0 + per_minute / 60.0 * (second - 500).clamp(0, 300) as f64
    };
    assert_eq!(keys(&temperature(fast.clone(), ramp(1.5))), [""; 0]);
    assert_eq!(keys(&temperature(fast.clone(), ramp(-9.0))), [""; 0]);
    let reports = temperature(fast, ramp(4.0));
    assert_eq!(keys(&reports), ["limit:fast:p0"]);
    let (over, at_s) = cleared(&reports)[0];
    assert!(over == "limit:fast:p0" && at_s > 800, "{reports:?}");
    let words = &raised(&reports)[0].summary;
    assert!(
        words.contains("rises by 2.") && words.contains("°C/min") || words.contains("Cel/min"),
        "{words}"
    );
}

#[test]
fn a_limit_that_asks_for_a_load_is_silent_without_it() {
    let limit =
        with(hot(), json!({"only_at": {"points": {"quantity": "current"}, "at_least": 5.0}}));
    let mut watch = watch(limits(json!([limit])));
    let reports = run(&mut watch, 0..1000, |second, [_, i, p]| {
        let current = if (600..800).contains(&second) { i } else { 0.1 };
        [Some(if second > 300 { 90.0 } else { 60.0 }), Some(current), Some(p)]
    });
    assert_eq!(keys(&reports), ["limit:hot:p0"]);
    let raised_s = raised(&reports)[0].at_us / SECOND_US;
    assert!((600..=601).contains(&raised_s), "{raised_s}");
    let over_s = cleared(&reports)[0].1;
    assert!((800..=801).contains(&over_s), "{over_s}");
}

#[test]
fn a_broken_sensor_passes_no_machine_limit_and_a_safety_limit_looks_at_all_that_can_be() {
    let rules = |class: &str| {
        let mut rules = limits(json!([with(hot(), json!({"class": class}))]));
        let range = json!([{"points": {"quantity": "temperature"}, "high": 200.0}]);
        rules.sensors.range.sensors = serde_json::from_value(range).expect("ranges");
        rules
    };
    let keys_of = |class: &str| {
        let mut watch = watch(rules(class));
        let reports = run(&mut watch, 0..900, |second, [t, i, p]| {
            [Some(if second > 700 { 250.0 } else { t }), Some(i), Some(p)]
        });
        keys(&reports).into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(keys_of("machine"), ["sensor:out_of_range:p0"]);
    assert_eq!(keys_of("safety"), ["limit:hot:p0", "sensor:out_of_range:p0"]);
}

#[test]
fn time_in_which_nothing_was_heard_does_not_count_as_time_over_the_limit() {
    let limit = with(hot(), json!({"on_delay_s": 60.0}));
    let mut watch = watch(limits(json!([limit])));
    let hot = |_, [_, i, p]: [f64; 3]| [Some(90.0), Some(i), Some(p)];
    let mut reports = run(&mut watch, 0..30, hot);
    reports.extend(run(&mut watch, 3600..3630, hot));
    assert_eq!(keys(&reports), [""; 0]);
    reports.extend(run(&mut watch, 3630..3700, hot));
    assert_eq!(keys(&reports), ["limit:hot:p0"]);
}
