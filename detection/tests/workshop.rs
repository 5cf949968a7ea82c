//! Machines under varying load: no false alarm over hours, a plain fault within half a minute.

mod generated;

use detection::{Character, Detector, Settings, Slot};
use generated::{
    Chiller, Compressor, Machine, Pump, first_raised_s, first_raised_slots, raised, watch,
};

const HISTORY_S: i64 = 1800;
const HOURS: i64 = 6;
/// The fault grows over two minutes; at this part of it at least two points are outside anything
/// they showed before.
const GROWTH_S: i64 = 120;
const PLAIN: f64 = 0.5;

fn detector() -> Detector {
    let settings = Settings { learning_s: HISTORY_S as f64, ..Settings::default() };
    let mut detector = Detector::new(settings);
    for (slot, character) in
        [(0, Character::LOAD), (2, Character::THERMAL), (3, Character::VIBRATION)]
    {
        detector.know(Slot(slot), character);
    }
    detector
}

fn sound(name: &str, machine: impl Fn(u64) -> Box<dyn Machine>) {
    for seed in 1..=8 {
        let (mut machine, mut detector) = (machine(seed), detector());
        let findings = watch(&mut detector, 0..HOURS * 3600, |second| machine.second(second, 0.0));
        assert!(raised(&findings).is_empty(), "{name} {seed}: {:?}", raised(&findings));
    }
}

fn failing(name: &str, machine: impl Fn(u64) -> Box<dyn Machine>) {
    for seed in 1..=8 {
        let (mut machine, mut detector) = (machine(seed), detector());
        let from_s = HISTORY_S + 3600 + 137 * i64::try_from(seed).unwrap_or(0);
        let mut plain_s = None;
        let findings = watch(&mut detector, 0..from_s + 900, |second| {
            let fault = ((second - from_s) as f64 / GROWTH_S as f64).clamp(0.0, 1.0);
            let readings = machine.second(second, fault);
            if fault >= PLAIN && machine.shows() {
                plain_s.get_or_insert(second);
            }
            readings
        });
        let plain_s = plain_s.expect("the machine runs within a quarter of an hour");
        let at_s = first_raised_s(&findings).unwrap_or(i64::MAX);
        assert!(at_s >= from_s, "{name} {seed}: raised before the fault");
        assert!(at_s <= plain_s + 30, "{name} {seed}: raised {} s after plain", at_s - plain_s);
        assert_eq!(raised(&findings).len(), 1, "{name} {seed}");
        assert!(!first_raised_slots(&findings).is_empty());
    }
}

#[test]
fn a_sound_compressor_with_bimodal_current_raises_nothing_for_hours() {
    sound("compressor", |seed| Box::new(Compressor::new(seed)));
}

#[test]
fn a_sound_pump_with_steps_in_load_raises_nothing_for_hours() {
    sound("pump", |seed| Box::new(Pump::new(seed)));
}

#[test]
fn a_sound_chiller_that_is_off_for_half_of_the_time_raises_nothing_for_hours() {
    sound("chiller", |seed| Box::new(Chiller::new(seed)));
}

#[test]
fn a_failing_compressor_is_raised_within_half_a_minute_of_being_plain() {
    failing("compressor", |seed| Box::new(Compressor::new(seed)));
}

#[test]
fn a_failing_pump_is_raised_within_half_a_minute_of_being_plain() {
    failing("pump", |seed| Box::new(Pump::new(seed)));
}

#[test]
fn a_failing_chiller_is_raised_within_half_a_minute_of_being_plain() {
    failing("chiller", |seed| Box::new(Chiller::new(seed)));
}

/// A pressure that is too small for the load, but not for a higher one.
#[test]
fn a_fault_inside_what_other_loads_show_is_found_by_the_regime() {
    let caught = |tells_load: bool| {
        let found = |seed: &u64| {
            let mut machine = Pump::new(*seed);
            let settings = Settings { learning_s: 3600.0, ..Settings::default() };
            let mut detector = Detector::new(settings);
            if tells_load {
                detector.know(Slot(0), Character::LOAD);
            }
            detector.know(Slot(2), Character::THERMAL);
            let findings = watch(&mut detector, 0..4 * 3600, |second| {
                let mut readings = machine.second(second, 0.0);
                readings[1] -= if second > 9000 { 0.35 } else { 0.0 };
                readings
            });
            let first = first_raised_s(&findings);
            assert!(first.is_none_or(|at_s| at_s > 9000), "{seed}: raised before the fault");
            first.is_some()
        };
        (1..=12).filter(found).count()
    };
    let (without, with) = (caught(false), caught(true));
    assert!(with >= 2 * without.max(3), "{with} with regimes, {without} without");
}
