//! Prints readings a second on one core, of the detector by itself and of the whole watch around it:
//! `cargo run --release -p detection --example speed`.
#![allow(clippy::print_stdout)]

use std::time::Instant;

use detection::{Character, Detector, Limit, Point, Rules, Settings, Slot, Watch};

/// Readings of a run.
const READINGS: i64 = 4_000_000;
/// Each is measured so often, in turns; the best time counts.
const RUNS: usize = 3;

fn main() {
    for points in [1, 8, 64] {
        let (mut bare, mut composed) = (f64::MIN, f64::MIN);
        let mut found = (0, 0);
        for _ in 0..RUNS {
            let mut detector = Detector::new(Settings::default());
            let mut findings = Vec::new();
            bare = bare.max(rate(points, |slot, at_us, value| {
                detector.observe(slot, at_us, value, &mut findings);
            }));
            let mut watch = watch(points);
            let mut reports = Vec::new();
            composed = composed.max(rate(points, |slot, at_us, value| {
                watch.observe(slot, at_us, value, &mut reports);
            }));
            found = (findings.len(), reports.len());
        }
        println!(
            "{points} points: detector {:.2}, watch {:.2} million readings/s ({:.2} of it); {} \
             findings, {} reports",
            bare / 1e6,
            composed / 1e6,
            composed / bare,
            found.0,
            found.1
        );
    }
}

/// Every level at work: health, drift, a limit and a rate on every point, half of them in pairs.
fn watch(points: u16) -> Watch {
    let limit = |name: &str, kind: &str, value: f64| -> Limit {
        let limit = serde_json::json!({"name": name, "points": {"quantity": "temperature"},
            "kind": kind, "value": value, "deadband": 1.0, "on_delay_s": 5.0});
        serde_json::from_value(limit).expect("a limit")
    };
    let limits = vec![limit("high", "high", 50.0), limit("rise", "rise", 500.0)];
    let rules = Rules { limits, ..Rules::default() };
    let point = |slot: u16| Point {
        slot: Slot(slot),
        key: slot.to_string(),
        name: slot.to_string(),
        quantity: "temperature".into(),
        position: if slot % 4 < 2 { (slot / 2).to_string() } else { String::new() },
        unit: "Cel".into(),
        character: Character::default(),
        reports: true,
    };
    Watch::new(rules, (0..points).map(point))
}

fn rate(points: u16, mut observe: impl FnMut(Slot, i64, f64)) -> f64 {
    let frames = READINGS / i64::from(points);
    let begun = Instant::now();
    for second in 0..frames {
        for slot in 0..points {
            // A cheap hash as noise: the loop measures the detector, not a generator.
            let hash = (second as u64 * 64 + u64::from(slot)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
            let value = 10.0 + (hash >> 40) as f64 / f64::from(1 << 24);
            observe(Slot(slot), second * 1_000_000, value);
        }
    }
    (frames * i64::from(points)) as f64 / begun.elapsed().as_secs_f64()
}
