//! Hours of sound work of generated machines, and growing faults: how many are raised, with and
//! without regimes. `cargo run --release -p detection --example workshop`
#![allow(clippy::print_stdout)]

#[path = "../tests/generated/mod.rs"]
mod generated;

use detection::{Character, Detector, Settings, Slot};
use generated::{Chiller, Compressor, Machine, Pump, first_raised_s, raised, watch};

const MACHINES: u64 = 60;
const LEARNING_S: f64 = 1800.0;
const FAULT_FROM_S: i64 = 9000;

type Make = fn(u64) -> Box<dyn Machine>;

fn main() {
    let kinds: [(&str, Make); 3] = [
        ("compressor", |seed| Box::new(Compressor::new(seed))),
        ("pump", |seed| Box::new(Pump::new(seed))),
        ("chiller", |seed| Box::new(Chiller::new(seed))),
    ];
    for regimes in [false, true] {
        println!("{}", if regimes { "the current tells the load" } else { "load unknown" });
        for (name, make) in kinds {
            let (mut sound, mut caught, mut early) = (0, 0, 0);
            for seed in 1..=MACHINES {
                let mut machine = make(seed);
                let findings = watch(&mut detector(regimes), 0..6 * 3600, |second| {
                    machine.second(second, 0.0)
                });
                sound += usize::from(raised(&findings).is_empty());
                let mut machine = make(seed);
                let findings = watch(&mut detector(regimes), 0..FAULT_FROM_S + 1800, |second| {
                    let fault = ((second - FAULT_FROM_S) as f64 / 120.0).clamp(0.0, 1.0);
                    machine.second(second, fault)
                });
                let first = first_raised_s(&findings);
                caught += usize::from(first.is_some_and(|at_s| at_s >= FAULT_FROM_S));
                early += usize::from(first.is_some_and(|at_s| at_s < FAULT_FROM_S));
            }
            println!(
                "  {name}: {sound} of {MACHINES} sound ones raised nothing in 6 h; of the failing \
                 ones {caught} were raised after the fault began, {early} before it"
            );
        }
        let inside = (1..=MACHINES).filter(|seed| inside_other_loads(*seed, regimes)).count();
        println!("  pump, pressure too small for its load only: {inside} of {MACHINES} raised");
    }
}

fn detector(regimes: bool) -> Detector {
    let mut detector = Detector::new(Settings { learning_s: LEARNING_S, ..Settings::default() });
    if regimes {
        detector.know(Slot(0), Character::LOAD);
    }
    detector.know(Slot(2), Character::THERMAL);
    detector.know(Slot(3), Character::VIBRATION);
    detector
}

/// A fault that stays inside what the pump shows under other loads.
fn inside_other_loads(seed: u64, regimes: bool) -> bool {
    let mut machine = Pump::new(seed);
    let findings = watch(&mut detector(regimes), 0..FAULT_FROM_S + 5400, |second| {
        let mut readings = machine.second(second, 0.0);
        readings[1] -= if second >= FAULT_FROM_S { 0.35 } else { 0.0 };
        readings
    });
    first_raised_s(&findings).is_some_and(|at_s| at_s >= FAULT_FROM_S)
}
