//! Awkward points, silences and spikes, on generated readings.

mod generated;

use detection::{Cause, Character, Detector, Finding, Phase, Settings, Slot};
use generated::{Noise, SECOND_US, cleared, first_raised_s, first_raised_slots, raised, watch};

fn detector() -> Detector {
    Detector::new(Settings::default())
}

#[test]
fn a_constant_point_is_learnt_and_its_change_is_raised() {
    let (mut detector, mut noise) = (detector(), Noise::new(1));
    let findings = watch(&mut detector, 0..1200, |second| {
        [if second < 900 { 5.0 } else { 6.0 }, 10.0 + noise.normal()]
    });
    assert_eq!(raised(&findings).len(), 1);
    assert_eq!(first_raised_slots(&findings)[0], 0);
    assert!(first_raised_s(&findings).is_some_and(|at_s| (900..930).contains(&at_s)));
}

#[test]
fn points_that_stay_at_zero_raise_nothing() {
    let findings = watch(&mut detector(), 0..3600, |_| [0.0, 0.0]);
    assert!(raised(&findings).is_empty());
}

#[test]
fn a_quantised_point_does_not_raise_by_its_steps_alone() {
    for seed in 1..=10 {
        let (mut detector, mut noise) = (detector(), Noise::new(seed));
        let findings = watch(&mut detector, 0..4 * 3600, |_| {
            [(31.8 + 0.3 * noise.normal()).round(), (20.0 + 0.1 * noise.normal()).round()]
        });
        assert!(raised(&findings).is_empty(), "{seed}: {findings:?}");
    }
}

#[test]
fn values_that_are_not_finite_are_refused_and_counted() {
    let (mut plain, mut polluted) = (detector(), detector());
    let (mut expected, mut found) = (Vec::new(), Vec::new());
    for second in 0..1000 {
        let (at_us, value) = (second * SECOND_US, (second % 5) as f64);
        plain.observe(Slot(0), at_us, value, &mut expected);
        for wrong in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            polluted.observe(Slot(0), at_us, wrong, &mut found);
        }
        polluted.observe(Slot(0), at_us, value, &mut found);
    }
    assert_eq!(expected, found);
    assert_eq!(polluted.counts().refused, 3000);
    assert_eq!(plain.normal(Slot(0)), polluted.normal(Slot(0)));
}

#[test]
fn slots_beyond_the_highest_are_refused_and_counted() {
    let mut detector = detector();
    detector.observe(Slot(u16::MAX), 0, 1.0, &mut Vec::new());
    assert_eq!(detector.counts().refused, 1);
}

#[test]
fn huge_values_and_times_leave_every_figure_finite() {
    let mut detector = detector();
    let findings = watch(&mut detector, 0..3000, |second| {
        let sign = if second % 2 == 0 { 1.0 } else { -1.0 };
        [1e300 * sign, if second < 1500 { 1.0 } else { f64::MAX }, 1e-300 * sign]
    });
    for finding in raised(&findings) {
        let Finding::Raised { deviations, .. } = finding else { continue };
        assert!(deviations.iter().all(|point| point.unusual.is_finite() && point.low.is_finite()));
    }
    assert_eq!(raised(&findings).len(), 1);
    let mut rest = Vec::new();
    detector.observe(Slot(0), i64::MAX, 1.0, &mut rest);
    detector.observe(Slot(0), i64::MIN, 1.0, &mut rest);
    assert_eq!(detector.counts().late, 1);
}

#[test]
fn a_single_spike_raises_nothing() {
    for size in [1e2, 1e6, 1e300] {
        let (mut detector, mut noise) = (detector(), Noise::new(3));
        let findings = watch(&mut detector, 0..3000, |second| {
            let spike = if second > 500 && second % 120 == 0 { size } else { 0.0 };
            [10.0 + 0.1 * noise.normal() + spike, 5.0 + noise.normal()]
        });
        assert!(raised(&findings).is_empty(), "{size}: {:?}", raised(&findings));
    }
}

#[test]
fn spikes_while_learning_do_not_widen_the_band() {
    let band = |spikes: bool| {
        let (mut detector, mut noise) = (detector(), Noise::new(3));
        watch(&mut detector, 0..500, |second| {
            let spike = if spikes && second % 150 == 70 { 1e4 } else { 0.0 };
            [10.0 + 0.1 * noise.normal() + spike]
        });
        detector.normal(Slot(0)).expect("learnt")
    };
    let (clean, spiked) = (band(false), band(true));
    assert!(spiked.high - spiked.low < 2.0 * (clean.high - clean.low), "{clean:?} {spiked:?}");
}

#[test]
fn a_lasting_step_is_raised_once_and_cleared_when_it_is_over() {
    let (mut detector, mut noise) = (detector(), Noise::new(4));
    let findings = watch(&mut detector, 0..3000, |second| {
        let step = if (1000..2000).contains(&second) { 3.0 } else { 0.0 };
        [10.0 + step + 0.2 * noise.normal(), 50.0 + noise.normal()]
    });
    assert_eq!(raised(&findings).len(), 1);
    assert_eq!(cleared(&findings), 1);
    assert!(first_raised_s(&findings).is_some_and(|at_s| (1000..1030).contains(&at_s)));
    assert_eq!(first_raised_slots(&findings), [0]);
    assert!(matches!(detector.phase(), Phase::Watching { deviating_since_us: None, .. }));
}

#[test]
fn a_step_in_load_that_was_learnt_raises_nothing() {
    let (mut detector, mut noise) = (detector(), Noise::new(5));
    let findings = watch(&mut detector, 0..6 * 3600, |second| {
        let load = if second % 200 < 60 { 8.0 } else { 0.0 };
        [3.0 + load + 0.1 * noise.normal(), 1.0 + 0.1 * load + 0.05 * noise.normal()]
    });
    assert!(raised(&findings).is_empty(), "{:?}", raised(&findings));
}

#[test]
fn a_mild_drift_below_the_adaptation_bound_raises_nothing() {
    let (mut detector, mut noise) = (detector(), Noise::new(6));
    let findings = watch(&mut detector, 0..6 * 3600, |second| {
        let drift = 0.5 * (second as f64 / (6.0 * 3600.0));
        [10.0 + drift + noise.normal(), 5.0 + noise.normal()]
    });
    assert!(raised(&findings).is_empty(), "{:?}", raised(&findings));
}

#[test]
fn a_drift_beyond_the_adaptation_bound_is_raised() {
    let (mut detector, mut noise) = (detector(), Noise::new(6));
    let findings = watch(&mut detector, 0..6 * 3600, |second| {
        [10.0 + 8.0 * (second as f64 / (6.0 * 3600.0)) + noise.normal(), 5.0 + noise.normal()]
    });
    assert_eq!(raised(&findings).len(), 1);
}

#[test]
fn a_sensor_that_goes_silent_neither_raises_nor_hides_the_others() {
    let (mut detector, mut noise) = (detector(), Noise::new(7));
    let mut findings = Vec::new();
    for second in 0..2000 {
        let at_us = second * SECOND_US;
        let fault = if second >= 1500 { 3.0 } else { 0.0 };
        detector.observe(Slot(0), at_us, 4.0 + fault + 0.1 * noise.normal(), &mut findings);
        if second < 800 {
            detector.observe(Slot(1), at_us, 9.0 + noise.normal(), &mut findings);
        }
        detector.observe(Slot(2), at_us, 2.0 + noise.normal(), &mut findings);
    }
    assert_eq!(raised(&findings).len(), 1);
    assert!(first_raised_s(&findings).is_some_and(|at_s| (1500..1530).contains(&at_s)));
}

#[test]
fn a_deviation_stays_while_its_only_point_is_silent_and_clears_once_it_is_back() {
    let (mut detector, mut noise) = (detector(), Noise::new(8));
    let mut findings = Vec::new();
    for second in 0..2000 {
        let at_us = second * SECOND_US;
        let fault = if (600..1000).contains(&second) { 5.0 } else { 0.0 };
        if !(900..1500).contains(&second) {
            detector.observe(Slot(0), at_us, 4.0 + fault + 0.1 * noise.normal(), &mut findings);
        }
        detector.observe(Slot(1), at_us, 2.0 + noise.normal(), &mut findings);
        let active =
            matches!(detector.phase(), Phase::Watching { deviating_since_us: Some(_), .. });
        assert_eq!(active, (620..1500).contains(&second) || active, "{second}");
    }
    assert_eq!((raised(&findings).len(), cleared(&findings)), (1, 1));
}

#[test]
fn after_all_points_were_silent_watching_goes_on_without_an_alarm() {
    let (mut detector, mut noise) = (detector(), Noise::new(9));
    let mut value = |second: i64| {
        let noise = noise.normal();
        [7.0 + noise + if second >= 90_000 { 8.0 } else { 0.0 }]
    };
    let mut findings = watch(&mut detector, 0..600, &mut value);
    findings.extend(watch(&mut detector, 80_000..81_000, &mut value));
    assert!(raised(&findings).is_empty());
    findings.extend(watch(&mut detector, 90_000..90_100, &mut value));
    assert_eq!(raised(&findings).len(), 1);
}

#[test]
fn sixty_four_points_are_watched_and_the_deviating_one_is_named() {
    let (mut detector, mut noise) = (detector(), Noise::new(10));
    let findings = watch(&mut detector, 0..3000, |second| {
        let shared = noise.normal();
        let mut values: [f64; 64] =
            std::array::from_fn(|point| point as f64 + shared + 0.5 * noise.normal());
        values[42] += if second >= 2500 { 8.0 } else { 0.0 };
        values
    });
    assert_eq!(raised(&findings).len(), 1, "{:?}", raised(&findings));
    assert!(first_raised_s(&findings).is_some_and(|at_s| (2500..2530).contains(&at_s)));
    assert_eq!(first_raised_slots(&findings)[0], 42);
}

#[test]
fn points_that_no_longer_go_together_are_raised_as_a_combination() {
    let (mut detector, mut noise) = (detector(), Noise::new(11));
    let mut load = 0.0;
    let findings = watch(&mut detector, 0..3000, |second| {
        load += 0.05 * (noise.normal() - load);
        let sign = if second >= 2000 { -1.0 } else { 1.0 };
        [10.0 + load + 0.01 * noise.normal(), 20.0 + sign * load + 0.01 * noise.normal()]
    });
    let first = raised(&findings).first().map(|finding| match finding {
        Finding::Raised { cause, .. } => *cause,
        _ => Cause::Level,
    });
    assert_eq!(first, Some(Cause::Combination));
    assert!(first_raised_s(&findings).is_some_and(|at_s| at_s >= 2000));
}

#[test]
fn a_point_that_turns_up_later_is_left_out_until_it_is_learnt_itself() {
    let (mut detector, mut noise) = (detector(), Noise::new(12));
    let mut findings = Vec::new();
    for second in 0..3000 {
        let at_us = second * SECOND_US;
        detector.observe(Slot(0), at_us, 4.0 + noise.normal(), &mut findings);
        if second >= 1000 {
            let fault = if second >= 2500 { 9.0 } else { 0.0 };
            detector.observe(Slot(7), at_us, 900.0 + fault + noise.normal(), &mut findings);
        }
        assert_eq!(detector.normal(Slot(7)).is_some(), second >= 1403, "{second}");
    }
    assert!(matches!(&findings[0], Finding::Learned { slots, .. } if slots == &[Slot(0)]));
    assert!(matches!(&findings[1], Finding::Learned { slots, .. } if slots == &[Slot(7)]));
    assert_eq!(first_raised_slots(&findings), [7]);
}

#[test]
fn a_gap_extends_the_learning_window() {
    let (mut detector, mut noise) = (detector(), Noise::new(13));
    let mut findings = watch(&mut detector, 0..200, |_| [noise.normal()]);
    findings.extend(watch(&mut detector, 1200..1700, |_| [noise.normal()]));
    let Some(Finding::Learned { at_us, .. }) = findings.first() else { panic!("not learnt") };
    assert!((1399..1410).contains(&(at_us / SECOND_US)), "{at_us}");
}

#[test]
fn a_machine_sampled_every_five_minutes_is_learnt_from_enough_frames_and_watched() {
    let (mut detector, mut noise) = (detector(), Noise::new(14));
    let mut findings = Vec::new();
    for sample in 0..1000 {
        let fault = if sample >= 800 { 15.0 } else { 0.0 };
        let spike = if sample == 600 { 200.0 } else { 0.0 };
        let at_us = sample * 300 * SECOND_US;
        let value = 70.0 + fault + spike + noise.normal();
        detector.observe(Slot(0), at_us, value, &mut findings);
        detector.observe(Slot(1), at_us + 137 * SECOND_US, noise.normal(), &mut findings);
    }
    let Some(Finding::Learned { at_us, .. }) = findings.first() else { panic!("not learnt") };
    assert!((299..303).contains(&(at_us / 300 / SECOND_US)));
    assert_eq!(raised(&findings).len(), 1, "{:?}", raised(&findings));
    assert!(first_raised_s(&findings).is_some_and(|at_s| (800..808).contains(&(at_s / 300))));
    assert_eq!(first_raised_slots(&findings), [0]);
}

#[test]
fn a_growing_deviation_that_spreads_is_told_as_worsened_not_raised_again() {
    let (mut detector, mut noise) = (detector(), Noise::new(15));
    let findings = watch(&mut detector, 0..2000, |second| {
        let fault = ((second - 1000) as f64 / 100.0).clamp(0.0, 6.0);
        let second_point = if second >= 1300 { 4.0 } else { 0.0 };
        [10.0 + fault + 0.2 * noise.normal(), 5.0 + second_point + 0.2 * noise.normal()]
    });
    assert_eq!(raised(&findings).len(), 1);
    assert_eq!(first_raised_slots(&findings), [0]);
    let worsened: Vec<Vec<u16>> = findings
        .iter()
        .filter_map(|finding| match finding {
            Finding::Worsened { deviations, .. } => {
                assert!(deviations.is_sorted_by(|a, b| a.limits >= b.limits));
                Some(deviations.iter().map(|point| point.slot.0).collect())
            }
            _ => None,
        })
        .collect();
    assert!((2..=6).contains(&worsened.len()), "{worsened:?}");
    assert!(worsened.last().is_some_and(|slots| slots.contains(&1)));
}

#[test]
fn the_band_contains_what_the_point_usually_shows() {
    let (mut detector, mut noise) = (detector(), Noise::new(16));
    watch(&mut detector, 0..500, |_| [20.0 + noise.normal()]);
    let band = detector.normal(Slot(0)).expect("learnt");
    assert!(band.low < 19.0 && (band.expected - 20.0).abs() < 0.3 && band.high > 21.0, "{band:?}");
    assert_eq!(detector.normal(Slot(1)), None);
}

#[test]
fn a_fault_that_began_during_another_deviation_is_raised_when_that_one_clears() {
    let (mut detector, mut noise) = (detector(), Noise::new(17));
    let findings = watch(&mut detector, 0..2500, |second| {
        let first = if (800..1300).contains(&second) { 6.0 } else { 0.0 };
        let later = if second >= 1100 { 3.0 } else { 0.0 };
        [10.0 + first + 0.2 * noise.normal(), 5.0 + later + 0.2 * noise.normal()]
    });
    let named: Vec<u16> = raised(&findings)
        .into_iter()
        .filter_map(|finding| match finding {
            Finding::Raised { deviations, .. } => Some(deviations[0].slot.0),
            _ => None,
        })
        .collect();
    assert_eq!(named, [0, 1]);
}

#[test]
fn an_aftermath_of_the_same_deviation_does_not_raise_a_second_one() {
    let (mut detector, mut noise) = (detector(), Noise::new(18));
    let findings = watch(&mut detector, 0..4000, |second| {
        let fault = (800..1300).contains(&second);
        let warm =
            if second >= 820 { (-((second - 1300).max(0) as f64) / 900.0).exp() } else { 0.0 };
        [
            10.0 + if fault { 6.0 } else { 0.0 } + 0.2 * noise.normal(),
            60.0 + 3.0 * warm + 0.2 * noise.normal(),
        ]
    });
    assert_eq!((raised(&findings).len(), cleared(&findings)), (1, 1));
}

#[test]
fn a_step_inside_the_band_is_told_as_a_change_from_the_level_before() {
    let settings = Settings { learning_s: 1600.0, ..Settings::default() };
    let (mut detector, mut noise) = (Detector::new(settings), Noise::new(31));
    let findings = watch(&mut detector, 0..3000, |second| {
        // The level wanders slowly while it is learnt, so that its band is wide.
        let wander = match second {
            ..1600 => 1.2 * second as f64 / 1600.0 - 0.6,
            1600..2200 => 0.6 * (2200 - second) as f64 / 600.0,
            _ => 0.0,
        };
        let step = if second >= 2500 { 0.8 } else { 0.0 };
        [20.0 + wander - step + 0.1 * noise.normal()]
    });
    let Finding::Raised { at_us, cause, deviations, .. } = raised(&findings)[0] else {
        panic!("{findings:?}")
    };
    assert_eq!(*cause, Cause::Change);
    assert!((2500..2560).contains(&(at_us / SECOND_US)));
    assert!((deviations[0].expected - 20.0).abs() < 0.2, "{deviations:?}");
    assert!(deviations[0].limits >= 1.0 && (deviations[0].seen - 19.2).abs() < 0.3);
}

#[test]
fn the_way_back_to_normal_is_not_another_change() {
    let (mut detector, mut noise) = (detector(), Noise::new(32));
    let findings = watch(&mut detector, 0..3000, |second| {
        let fault = if (900..1500).contains(&second) { 3.0 } else { 0.0 };
        [50.0 - fault + 0.3 * noise.normal()]
    });
    assert_eq!(raised(&findings).len(), 1, "{findings:?}");
    assert_eq!(cleared(&findings), 1);
}

#[test]
fn a_temperature_is_judged_only_after_half_an_hour_of_learning() {
    let mut judged = Vec::new();
    for known in [None, Some(Character::THERMAL)] {
        let (mut detector, mut noise) = (detector(), Noise::new(33));
        if let Some(character) = known {
            detector.know(Slot(0), character);
        }
        // Cold water is added every 25 minutes, for the first time after ten minutes.
        let findings = watch(&mut detector, 0..3 * 3600, |second| {
            let since = (second - 600).rem_euclid(1500) as f64;
            let dip = if second < 600 { 0.0 } else { 4.0 * (-since / 300.0).exp() };
            [70.0 - dip + 0.1 * noise.normal()]
        });
        judged.push(raised(&findings).len());
    }
    assert!(judged[0] > 0, "a short window cannot know that the water is cooled now and then");
    assert_eq!(judged[1], 0);
}

#[test]
fn vibration_that_changes_by_less_than_a_tenth_raises_nothing() {
    let vibrating = |to: f64| {
        let (mut detector, mut noise) = (detector(), Noise::new(34));
        detector.know(Slot(0), Character::VIBRATION);
        let findings = watch(&mut detector, 0..1500, |second| {
            [(if second < 900 { 0.04 } else { to }) + 0.0002 * noise.normal()]
        });
        raised(&findings).len()
    };
    assert_eq!(vibrating(0.043), 0);
    assert_eq!(vibrating(0.046), 1);
}
