//! What the watch of an asset promises, level by level.

#[path = "../generated/mod.rs"]
mod generated;
mod limits;
mod rules;
mod sensors;
mod whole;

use detection::{Character, Condition, Point, Report, Rules, Slot, Watch};
use generated::{Noise, SECOND_US};

fn point(slot: u16, name: &str, quantity: &str, unit: &str) -> Point {
    Point {
        slot: Slot(slot),
        key: format!("p{slot}"),
        name: name.to_owned(),
        quantity: quantity.to_owned(),
        position: String::new(),
        unit: unit.to_owned(),
        character: Character::default(),
        reports: true,
    }
}

/// A pump: temperature, current, pressure.
fn pump() -> [Point; 3] {
    [
        point(0, "Bearing temperature", "temperature", "Cel"),
        point(1, "Motor current", "current", "A"),
        point(2, "Discharge pressure", "pressure", "Pa"),
    ]
}

/// What the pump shows in a second of sound work.
fn sound(noise: &mut Noise) -> [f64; 3] {
    [60.0 + 0.2 * noise.normal(), 12.0 + 0.1 * noise.normal(), 4e5 + 2e3 * noise.normal()]
}

/// One reading a second of every point, as `value` changes it; no figure: no reading.
fn run(
    watch: &mut Watch,
    seconds: std::ops::Range<i64>,
    mut value: impl FnMut(i64, [f64; 3]) -> [Option<f64>; 3],
) -> Vec<Report> {
    let mut noise = Noise::new(5);
    let mut reports = Vec::new();
    for second in seconds {
        for (slot, value) in (0u16..).zip(value(second, sound(&mut noise))) {
            if let Some(value) = value {
                let at_us = second * SECOND_US + i64::from(slot) * 7_000;
                watch.observe(Slot(slot), at_us, value, &mut reports);
            }
        }
    }
    reports
}

fn watch(rules: Rules) -> Watch {
    assert_eq!(rules.check(), Ok(()));
    Watch::new(rules, pump())
}

fn raised(reports: &[Report]) -> Vec<&Condition> {
    reports
        .iter()
        .filter_map(|report| match report {
            Report::Raised(condition) => Some(condition),
            _ => None,
        })
        .collect()
}

fn keys(reports: &[Report]) -> Vec<&str> {
    raised(reports).into_iter().map(|condition| condition.key.as_str()).collect()
}

fn cleared(reports: &[Report]) -> Vec<(&str, i64)> {
    reports
        .iter()
        .filter_map(|report| match report {
            Report::Cleared { key, at_us } => Some((key.as_str(), at_us / SECOND_US)),
            _ => None,
        })
        .collect()
}
