//! Rules that change while an asset is watched, and rules that are tried on the past.

use detection::{Report, Rules, Trial};
use serde_json::json;

use crate::{cleared, keys, run, watch};

fn hot(value: f64) -> Rules {
    let limit = json!({"name": "hot", "points": {"quantity": "temperature"}, "kind": "high",
                       "value": value});
    serde_json::from_value(json!({"limits": [limit]})).expect("rules")
}

#[test]
fn other_limits_take_over_at_the_next_reading_and_what_was_learnt_stays() {
    let mut watch = watch(hot(50.0));
    let reports = run(&mut watch, 0..900, |_, sound| sound.map(Some));
    assert_eq!(keys(&reports), ["limit:hot:p0"]);
    let learnt = watch.normal(detection::Slot(0));
    let new = hot(80.0);
    assert!(watch.keeps_what_it_learnt(&new));
    let mut reports = Vec::new();
    watch.change_limits(&new, &mut reports);
    assert_eq!(cleared(&reports), [("limit:hot:p0", 899)]);
    assert_eq!(watch.normal(detection::Slot(0)), learnt);
    let reports = run(&mut watch, 900..1000, |_, [_, i, p]| [Some(85.0), Some(i), Some(p)]);
    assert!(keys(&reports).contains(&"limit:hot:p0"));

    let mut other = hot(80.0);
    other.deviation.learning_s = 1800.0;
    assert!(!watch.keeps_what_it_learnt(&other));
}

#[test]
fn a_limit_that_stays_the_same_keeps_its_state_when_others_change() {
    let mut watch = watch(hot(50.0));
    run(&mut watch, 0..60, |_, sound| sound.map(Some));
    let mut more = hot(50.0);
    let mut cold = more.limits[0].clone();
    (cold.name, cold.kind, cold.value) = ("cold".into(), detection::LimitKind::Low, 0.0);
    more.limits.insert(0, cold);
    let mut reports = Vec::new();
    watch.change_limits(&more, &mut reports);
    reports.extend(run(&mut watch, 60..120, |_, sound| sound.map(Some)));
    assert!(reports.is_empty(), "neither cleared nor raised again: {reports:?}");
    assert_eq!(watch.active().count(), 1);
}

#[test]
fn a_trial_gathers_conditions_into_tickets_as_alarms_are() {
    let mut rules = hot(80.0);
    let mut hotter = rules.limits[0].clone();
    (hotter.name, hotter.value) = ("hotter".into(), 90.0);
    let mut safety = rules.limits[0].clone();
    (safety.name, safety.value, safety.class) = ("trip".into(), 95.0, detection::Class::Safety);
    rules.limits.extend([hotter, safety]);
    rules.deviation.learning_s = 7_776_000.0;
    let mut watch = watch(rules);
    let reports = run(&mut watch, 0..900, |second, [t, i, p]| {
        let t = match second {
            100..200 => 85.0,
            200..300 => 99.0,
            600..700 => 85.0,
            _ => t,
        };
        [Some(t), Some(i), Some(p)]
    });
    let mut trial = Trial::default();
    reports.into_iter().for_each(|report: Report| trial.take(report));
    let tickets: Vec<_> = trial.tickets().iter().map(|t| (t.signature, t.keys.len())).collect();
    assert_eq!(tickets, [("deviation", 2), ("safety", 1), ("deviation", 1)]);
    assert!(trial.tickets().iter().all(|ticket| ticket.over_us.is_some()));
}
