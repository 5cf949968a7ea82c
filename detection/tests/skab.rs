//! Promises on the SKAB runs. They need the data folder beside the repository and say so when it
//! is absent; `workshop.rs` and `robustness.rs` prove the same on generated readings.
#![allow(clippy::print_stderr)]

#[path = "../examples/table/mod.rs"]
mod table;

use std::path::{Path, PathBuf};

use detection::{Detector, Finding, Settings, Slot};
use table::Table;

/// Shortest learning window for the fault-free run, seconds; see docs/detection.md.
const LONG_LEARNING_S: f64 = 1800.0;

fn run(name: &str) -> Option<Table> {
    let folder: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data/skab");
    let path = folder.join(name);
    if !path.exists() {
        eprintln!("NOT RUN: {} is absent", path.display());
        return None;
    }
    Some(table::read(&path, ';').expect("a readable run"))
}

fn watch(table: &Table, settings: Settings) -> Vec<Finding> {
    let mut detector = Detector::new(settings);
    let mut findings = Vec::new();
    for row in &table.rows {
        for (slot, value) in (0u16..8).zip(&row.values) {
            detector.observe(Slot(slot), row.at_us, *value, &mut findings);
        }
    }
    findings.retain(|finding| matches!(finding, Finding::Raised { .. }));
    findings
}

#[test]
fn valve1_1_is_raised_once_after_the_fault_began_and_names_the_flow() {
    let Some(table) = run("valve1/1.csv") else { return };
    let fault_us = table.rows.iter().find(|row| row.values[8] > 0.5).map(|row| row.at_us);
    let raised = watch(&table, Settings::default());
    let [Finding::Raised { at_us, deviations, .. }] = &raised[..] else {
        panic!("raised {} times", raised.len())
    };
    assert!(Some(*at_us) > fault_us);
    let names: Vec<&str> =
        deviations.iter().map(|point| table.columns[usize::from(point.slot.0)].as_str()).collect();
    assert_eq!(names, ["Volume Flow RateRMS"]);
}

#[test]
fn more_than_two_hours_of_sound_work_raise_nothing_after_half_an_hour_of_learning() {
    let Some(table) = run("anomaly-free/anomaly-free.csv") else { return };
    let settings = Settings { learning_s: LONG_LEARNING_S, ..Settings::default() };
    assert_eq!(watch(&table, settings), []);
}

#[test]
fn at_least_seventeen_of_twenty_runs_are_raised_inside_their_label() {
    let runs = (0..16).map(|run| format!("valve1/{run}.csv"));
    let runs = runs.chain((0..4).map(|run| format!("valve2/{run}.csv")));
    let (mut caught, mut outside) = (0, 0);
    for name in runs {
        let Some(table) = run(&name) else { return };
        let labelled: Vec<i64> =
            table.rows.iter().filter(|row| row.values[8] > 0.5).map(|row| row.at_us).collect();
        let label = labelled[0]..=labelled[labelled.len() - 1];
        let (inside, others): (Vec<_>, Vec<_>) =
            watch(&table, Settings::default()).into_iter().partition(
                |finding| matches!(finding, Finding::Raised { at_us, .. } if label.contains(at_us)),
            );
        caught += usize::from(!inside.is_empty());
        outside += others.len();
    }
    assert!(caught >= 17, "{caught} of 20 caught");
    assert!(outside <= 3, "{outside} raised outside a label");
}
