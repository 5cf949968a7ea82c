//! What the demo promises: one machine goes wrong, is found soon, and the others are left alone.

use detection::{Character, Detector, Finding, Level, Point, Report, Rules, Settings, Slot, Watch};
use simulation::{Kind, Machine, demo_workshop};

const HISTORY_S: i64 = 1800;
const FAULT_AT_S: i64 = HISTORY_S + 40;

/// Measured times, seconds, at which a detector raised.
fn raised(machine: &mut Machine, seconds: i64) -> Vec<i64> {
    let mut detector = Detector::new(Settings { learning_s: 1500.0, ..Settings::default() });
    let mut findings = Vec::new();
    for s in 1..=seconds {
        for (slot, value) in (0..).zip(machine.step(1.0)) {
            detector.observe(Slot(slot), s * 1_000_000, *value, &mut findings);
        }
    }
    let at = |f: &Finding| match f {
        Finding::Raised { at_us, .. } => Some(at_us / 1_000_000),
        _ => None,
    };
    findings.iter().filter_map(at).collect()
}

#[test]
fn the_clogged_pump_is_raised_once_within_a_minute() {
    for seed in 1..=10 {
        let mut pump = demo_workshop(seed, 1840.0).remove(0).machine;
        let at = raised(&mut pump, HISTORY_S + 600);
        assert_eq!(at.len(), 1, "seed {seed}: {at:?}");
        assert!((FAULT_AT_S..FAULT_AT_S + 60).contains(&at[0]), "seed {seed}: {at:?}");
    }
}

#[test]
fn the_healthy_machines_are_left_alone_for_two_hours() {
    for seed in 1..=10 {
        for member in &mut demo_workshop(seed, 1840.0)[1..] {
            let at = raised(&mut member.machine, HISTORY_S + 7200);
            assert!(at.is_empty(), "seed {seed}, {}: {at:?}", member.name);
        }
    }
}

/// What a watch of all levels raises, by key.
fn watched(machine: &mut Machine, seconds: i64) -> Vec<(Level, String)> {
    let point = |(slot, channel): (u16, &simulation::Channel)| Point {
        slot: Slot(slot),
        key: channel.name.to_owned(),
        name: channel.label.to_owned(),
        quantity: channel.quantity.to_owned(),
        position: channel.position.to_owned(),
        unit: channel.unit.to_owned(),
        character: Character::default(),
        reports: true,
    };
    let points: Vec<_> = (0..).zip(machine.channels()).map(point).collect();
    let deviation = Settings { learning_s: 1500.0, ..Settings::default() };
    let mut watch = Watch::new(Rules { deviation, ..Rules::default() }, points);
    let mut reports = Vec::new();
    for s in 1..=seconds {
        for (slot, value) in (0..).zip(machine.step(1.0)) {
            watch.observe(Slot(slot), s * 1_000_000, *value, &mut reports);
        }
    }
    let raised = reports.into_iter().filter_map(|report| match report {
        Report::Raised(condition) => Some((condition.level, condition.key)),
        _ => None,
    });
    raised.collect()
}

#[test]
fn no_sensor_of_the_workshop_is_doubted_whether_its_machine_works_rests_or_breaks() {
    for seed in 1..=5 {
        for member in &mut demo_workshop(seed, 1840.0) {
            let raised = watched(&mut member.machine, HISTORY_S + 4 * 3600);
            let sensors: Vec<_> =
                raised.iter().filter(|(level, _)| *level == Level::Sensor).collect();
            assert!(sensors.is_empty(), "seed {seed}, {}: {sensors:?}", member.name);
        }
    }
}

#[test]
fn the_same_seed_gives_the_same_readings() {
    let run = |seed| {
        let mut machine = Machine::new(Kind::Chiller, seed);
        (0..100).flat_map(|_| machine.step(1.0).to_vec()).collect::<Vec<_>>()
    };
    assert_eq!(run(7), run(7));
    assert_ne!(run(7), run(8));
}
