//! What a verdict promises, on readings made for it.

#[path = "machines/random.rs"]
#[allow(dead_code, reason = "shared with the calibration, which needs more of it")]
mod random;

use random::Random;
use verdict::{Judgement, Plan, Reason, Series, Tolerance, Verdict, Window, judge, overall};

/// Readings, one a second, of a level with noise that remembers `memory` of its last value.
fn readings(seed: u64, from_s: i64, count: i64, level: f64, noise: f64, memory: f64) -> Record {
    let mut random = Random::new(seed);
    let mut slow = random.normal();
    let (times_us, values) = (0..count)
        .map(|i| {
            slow = memory * slow + (1.0 - memory * memory).sqrt() * random.normal();
            ((from_s + i) * 1_000_000, level + noise * slow)
        })
        .unzip();
    Record { times_us, values }
}

struct Record {
    times_us: Vec<i64>,
    values: Vec<f64>,
}

impl Record {
    fn window(&self) -> Window<'_> {
        Window { times_us: &self.times_us, values: &self.values, load: None }
    }
}

fn judged(after_count: i64, after_level: f64, memory: f64, plan: &Plan) -> Judgement {
    let healthy = readings(1, 0, 3600, 50.0, 1.0, memory);
    let before = readings(2, 5000, 900, 58.0, 1.0, memory);
    let after = readings(3, 7000, after_count, after_level, 1.0, memory);
    judge(&healthy.window(), &before.window(), &after.window(), plan)
}

#[test]
fn a_mended_machine_is_fixed_and_the_figures_say_why() {
    let judgement = judged(1800, 50.0, 0.5, &Plan::default());
    assert_eq!(judgement.verdict, Verdict::Fixed, "{:?}", judgement.reasons);
    assert_eq!(judgement.healthy_now, Some(true));
    let effect = &judgement.effect;
    assert!(effect.after_less_healthy.is_some_and(|e| e.within(judgement.tolerance.level)));
    assert!(effect.after_less_before.is_some_and(|e| e.high < -7.0 && e.low > -9.0));
    assert!((effect.healthy_sd - 1.0).abs() < 0.1);
    assert!(judgement.method.contains("Huber"));
}

#[test]
fn a_fault_that_stays_is_unchanged_and_a_greater_one_is_worse() {
    let plan = Plan::default();
    assert_eq!(judged(1800, 58.0, 0.5, &plan).verdict, Verdict::Unchanged);
    assert_eq!(judged(1800, 61.0, 0.5, &plan).verdict, Verdict::Worse);
    assert_eq!(judged(1800, 54.0, 0.5, &plan).verdict, Verdict::Improved);
}

#[test]
fn past_healthy_to_the_other_side_is_not_fixed() {
    let judgement = judged(1800, 46.0, 0.5, &Plan::default());
    assert_eq!(judgement.verdict, Verdict::Improved);
    assert!(judgement.reasons.contains(&Reason::Overshot), "{:?}", judgement.reasons);
}

#[test]
fn never_fixed_from_less_data_than_stated() {
    let plan = Plan::default();
    for count in 0..plan.min_readings as i64 {
        let judgement = judged(count, 50.0, 0.0, &plan);
        assert_eq!(judgement.verdict, Verdict::NotEnoughData, "from {count}");
        assert_eq!(judgement.healthy_now, None);
    }
    for count in [100, 200, 400, 800, 1600] {
        for memory in [0.0, 0.9, 0.99, 0.998] {
            let judgement = judged(count, 50.0, memory, &plan);
            if judgement.verdict == Verdict::Fixed {
                assert!(judgement.samples.after.effective >= plan.min_effective_samples);
                assert!(judgement.samples.after.matched >= plan.min_readings);
            }
        }
    }
    let demanding = Plan { min_effective_samples: 1e6, ..plan };
    assert_eq!(judged(1800, 50.0, 0.0, &demanding).verdict, Verdict::NotEnoughData);
}

#[test]
fn dependent_readings_count_as_fewer() {
    let effective = |memory| judged(3600, 50.0, memory, &Plan::default()).samples.after.effective;
    let (none, some, much) = (effective(0.0), effective(0.9), effective(0.99));
    // An AR(1) process with ρ is worth (1 − ρ) / (1 + ρ) of its readings.
    assert!(none > 1200.0, "{none}");
    assert!(some > 60.0 && some < 500.0, "{some}");
    assert!(much > 4.0 && much < 60.0, "{much}");
}

#[test]
fn a_machine_that_shakes_as_before_is_not_fixed_although_its_mean_is_right() {
    let healthy = readings(1, 0, 3600, 50.0, 1.0, 0.3);
    let before = readings(2, 5000, 900, 58.0, 3.0, 0.3);
    let shaking = readings(3, 7000, 1800, 50.0, 3.0, 0.3);
    let plan = Plan::default();
    let judgement = judge(&healthy.window(), &before.window(), &shaking.window(), &plan);
    assert_eq!(judgement.verdict, Verdict::Improved);
    assert_eq!(judgement.healthy_now, Some(false));
    assert!(judgement.effect.spread_after_to_healthy.is_some_and(|e| e.low > 2.0));
}

#[test]
fn a_point_that_the_fault_never_touched_is_unchanged_and_healthy() {
    let healthy = readings(1, 0, 3600, 50.0, 1.0, 0.3);
    let before = readings(2, 5000, 1800, 50.0, 1.0, 0.3);
    let after = readings(3, 7000, 1800, 50.0, 1.0, 0.3);
    let untouched = judge(&healthy.window(), &before.window(), &after.window(), &Plan::default());
    assert_eq!(untouched.verdict, Verdict::Unchanged);
    assert_eq!((untouched.healthy_before, untouched.healthy_now), (Some(true), Some(true)));
    let fixed = judged(1800, 50.0, 0.5, &Plan::default());
    assert_eq!(overall(&[untouched.clone(), fixed.clone()]), Verdict::Fixed);
    let open = judged(20, 50.0, 0.5, &Plan::default());
    assert_eq!(overall(&[untouched.clone(), fixed.clone(), open.clone()]), Verdict::Improved);
    let worse = judged(1800, 61.0, 0.5, &Plan::default());
    assert_eq!(overall(&[fixed, worse]), Verdict::Worse);
    assert_eq!(overall(&[untouched, open]), Verdict::NotEnoughData);
    assert_eq!(overall(&[]), Verdict::NotEnoughData);
}

#[test]
fn the_same_readings_give_the_same_verdict_whatever_comes_of_wild_ones() {
    let plan = Plan::default();
    assert_eq!(judged(1800, 50.0, 0.9, &plan), judged(1800, 50.0, 0.9, &plan));
    let healthy = readings(1, 0, 3600, 50.0, 1.0, 0.3);
    let before = readings(2, 5000, 900, 58.0, 1.0, 0.3);
    let mut after = readings(3, 7000, 1800, 50.0, 1.0, 0.3);
    for i in (0..after.values.len()).step_by(60) {
        after.values[i] = if i % 120 == 0 { 4000.0 } else { f64::NAN };
    }
    let judgement = judge(&healthy.window(), &before.window(), &after.window(), &plan);
    assert_eq!(judgement.verdict, Verdict::Fixed, "{:?}", judgement.reasons);
}

#[test]
fn an_old_short_healthy_window_is_no_evidence() {
    let healthy = readings(1, 0, 3600, 50.0, 1.0, 0.3);
    let before = readings(2, 800_000, 900, 58.0, 1.0, 0.3);
    let after = readings(3, 900_000, 1800, 50.0, 1.0, 0.3);
    let judgement = judge(&healthy.window(), &before.window(), &after.window(), &Plan::default());
    assert_eq!(judgement.verdict, Verdict::NotEnoughData);
    let named = |r: &Reason| matches!(r, Reason::HealthyTooLongAgo { .. });
    assert!(judgement.reasons.iter().any(named));
}

#[test]
fn readings_that_never_vary_need_a_tolerance_in_their_unit() {
    let flat = |from_s, level| readings(1, from_s, 1800, level, 0.0, 0.0);
    let (healthy, before, after) = (flat(0, 4.0), flat(2000, 9.0), flat(5000, 4.0));
    let of = |plan: &Plan| judge(&healthy.window(), &before.window(), &after.window(), plan);
    assert_eq!(of(&Plan::default()).verdict, Verdict::NotEnoughData);
    assert!(of(&Plan::default()).reasons.contains(&Reason::NoSpread));
    // The sensor was seen to tell 4 from 9 and nothing between: within 1 is not shown.
    let fine = Plan { tolerance: Tolerance::Unit(1.0), ..Plan::default() };
    assert_ne!(of(&fine).verdict, Verdict::Fixed);
}

#[test]
fn empty_windows_and_odd_figures_are_no_verdict() {
    let none = Window { times_us: &[], values: &[], load: None };
    let lonely = Window {
        times_us: &[i64::MAX, i64::MIN],
        values: &[f64::MAX, f64::MIN],
        load: Some(Series { times_us: &[0], values: &[f64::NAN] }),
    };
    for window in [none, lonely] {
        let judgement = judge(&window, &window, &window, &Plan::default());
        assert_eq!(judgement.verdict, Verdict::NotEnoughData);
        assert!(serde_json::to_string(&judgement).is_ok());
    }
}

#[test]
fn a_judgement_survives_json() {
    let judgement = judged(1800, 50.0, 0.5, &Plan::default());
    let text = serde_json::to_string(&judgement).expect("it is written");
    let back: Judgement = serde_json::from_str(&text).expect("it is read");
    assert_eq!(back.verdict, judgement.verdict);
    assert_eq!(back.reasons, judgement.reasons);
}
