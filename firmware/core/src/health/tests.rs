use std::vec::Vec;

use super::*;
use crate::config::Range;

/// One reading a second; gives back the changes with the number of the reading.
fn changes(limits: &config::Health, readings: &[Result<f32, Fault>]) -> Vec<(usize, Diagnosis)> {
    let mut judge = Judge::new(Uptime(0));
    let mut at = |(i, reading): (usize, &Result<f32, Fault>)| {
        let now = Uptime(1_000 * i as u64);
        judge.judge(*reading, limits, now).changed.map(|change| (i, change))
    };
    readings.iter().enumerate().filter_map(&mut at).collect()
}

fn diagnosis(health: Health, cause: Cause) -> Diagnosis {
    Diagnosis { health, cause }
}

const ANY: config::Health = config::Health {
    specified: Range::ALL,
    possible: Range::ALL,
    rate_per_s: f32::INFINITY,
    stuck_after_ms: 0,
};

#[test]
fn one_bus_error_is_no_failure_and_three_in_a_row_are() {
    let bus = Err(Fault::Bus);
    assert_eq!(changes(&ANY, &[Ok(1.0), bus, bus, Ok(1.0), bus, Ok(1.0)]), []);
    let failed = changes(&ANY, &[Ok(1.0), bus, bus, bus, bus]);
    assert_eq!(failed, [(3, diagnosis(Health::Failure, Cause::Bus))]);
}

#[test]
fn a_failure_ends_after_three_good_readings() {
    let open = Err(Fault::OpenCircuit);
    let readings = [open, open, open, Ok(1.0), Ok(1.1), Ok(1.2)];
    let expected =
        [(2, diagnosis(Health::Failure, Cause::Open)), (5, diagnosis(Health::Good, Cause::None))];
    assert_eq!(changes(&ANY, &readings), expected);
}

#[test]
fn beyond_the_specified_range_is_a_warning_and_beyond_the_possible_a_failure_without_a_value() {
    let limits = config::Health {
        specified: Range { low: -40.0, high: 125.0 },
        possible: Range { low: -60.0, high: 200.0 },
        ..ANY
    };
    let warm = [Ok(130.0); 3];
    let expected = diagnosis(Health::OutOfSpecification, Cause::Range);
    assert_eq!(changes(&limits, &warm), [(2, expected)]);
    let hot = [Ok(1e9); 3];
    assert_eq!(changes(&limits, &hot), [(2, diagnosis(Health::Failure, Cause::Range))]);
    let mut judge = Judge::new(Uptime(0));
    assert_eq!(judge.judge(Ok(1e9), &limits, Uptime(0)).value, None);
    assert_eq!(judge.judge(Ok(130.0), &limits, Uptime(0)).value, Some(130.0));
    assert_eq!(judge.judge(Ok(f32::NAN), &limits, Uptime(0)).value, None);
}

#[test]
fn a_value_that_no_longer_moves_is_suspected_after_its_span() {
    let limits = config::Health { stuck_after_ms: 5_000, ..ANY };
    let found = changes(&limits, &[Ok(21.5); 9]);
    assert_eq!(found, [(7, diagnosis(Health::OutOfSpecification, Cause::Stuck))]);
    let moving: Vec<_> = (0..20).map(|i| Ok(21.5 + 0.1 * (i % 2) as f32)).collect();
    assert_eq!(changes(&limits, &moving), []);
}

#[test]
fn one_jump_is_no_diagnosis_and_steady_haste_is() {
    let limits = config::Health { rate_per_s: 10.0, ..ANY };
    assert_eq!(changes(&limits, &[Ok(0.0), Ok(500.0), Ok(500.0), Ok(0.0), Ok(0.0)]), []);
    let wild: Vec<_> = (0..6).map(|i| Ok(100.0 * i as f32)).collect();
    let expected = diagnosis(Health::OutOfSpecification, Cause::Rate);
    assert_eq!(changes(&limits, &wild), [(3, expected)]);
}

#[test]
fn faults_that_come_and_go_ask_for_maintenance() {
    let flaky: Vec<_> =
        (0..40).map(|i| if i % 4 == 0 { Err(Fault::Bus) } else { Ok(1.0) }).collect();
    let found = changes(&ANY, &flaky);
    let (_, last) = found.last().unwrap();
    assert_eq!(*last, diagnosis(Health::MaintenanceRequired, Cause::Unsteady));
}

#[test]
fn a_sensor_that_is_still_measuring_is_waited_for_but_not_for_ever() {
    let slow = (0..30).map(|i| if i % 4 == 0 { Ok(1.0) } else { Err(Fault::NotReady) });
    assert_eq!(changes(&ANY, &slow.collect::<Vec<_>>()), []);
    let found = changes(&ANY, &[Err(Fault::NotReady); 13]);
    assert_eq!(found, [(12, diagnosis(Health::Failure, Cause::Missing))]);
}

#[test]
fn a_change_of_calibration_is_a_function_check_and_no_jump() {
    let limits = config::Health { rate_per_s: 1.0, ..ANY };
    let mut judge = Judge::new(Uptime(0));
    judge.judge(Ok(10.0), &limits, Uptime(0));
    let check = judge.calibrated(Uptime(500));
    assert_eq!(check, diagnosis(Health::FunctionCheck, Cause::Calibration));
    let changes: Vec<_> = (1..=3u64)
        .filter_map(|s| judge.judge(Ok(90.0), &limits, Uptime(s * 1_000)).changed)
        .collect();
    assert_eq!(changes, [diagnosis(Health::Good, Cause::None)]);
}
