//! The same readings give the same findings: batching, order inside the window, snapshots.

mod generated;

use detection::{Detector, Finding, Settings, Slot, SnapshotError};
use generated::{Compressor, Machine, SECOND_US};

type Reading = (Slot, i64, f64);

fn readings(seconds: i64) -> Vec<Reading> {
    let mut machine = Compressor::new(21);
    let mut readings = Vec::new();
    for second in 0..seconds {
        let fault = if (1500..1700).contains(&second) { 1.0 } else { 0.0 };
        for (slot, value) in (0u16..).zip(machine.second(second, fault)) {
            readings.push((Slot(slot), second * SECOND_US + i64::from(slot) * 7_000, value));
        }
    }
    readings
}

fn feed(detector: &mut Detector, readings: &[Reading]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (slot, at_us, value) in readings {
        detector.observe(*slot, *at_us, *value, &mut findings);
    }
    findings
}

fn whole(readings: &[Reading]) -> Vec<Finding> {
    let findings = feed(&mut Detector::new(Settings::default()), readings);
    assert!(findings.iter().any(|finding| matches!(finding, Finding::Cleared { .. })));
    findings
}

#[test]
fn the_findings_do_not_depend_on_the_batches() {
    let readings = readings(2500);
    let expected = whole(&readings);
    for size in [1, 3, 1000] {
        let mut detector = Detector::new(Settings::default());
        let found: Vec<Finding> =
            readings.chunks(size).flat_map(|batch| feed(&mut detector, batch)).collect();
        assert_eq!(found, expected);
    }
}

#[test]
fn a_resumed_snapshot_continues_exactly_at_any_point() {
    let readings = readings(2500);
    let expected = whole(&readings);
    // Waiting, learning, watching, deviating, clearing.
    for second in [0, 200, 800, 1550, 1690, 1720, 1900] {
        let (before, after) = readings.split_at(second * 4 + 2);
        let mut detector = Detector::new(Settings::default());
        let mut found = feed(&mut detector, before);
        let mut resumed =
            Detector::resume(&detector.snapshot().expect("written")).expect("readable");
        found.extend(feed(&mut resumed, after));
        assert_eq!(found, expected, "resumed at {second} s");
        feed(&mut detector, after);
        assert_eq!(resumed.snapshot().ok(), detector.snapshot().ok());
    }
}

#[test]
fn readings_out_of_order_inside_the_window_change_nothing() {
    let readings = readings(2500);
    let expected = whole(&readings);
    let mut shuffled = readings.clone();
    for group in shuffled.chunks_mut(7) {
        group.reverse();
    }
    assert_ne!(shuffled, readings);
    let mut detector = Detector::new(Settings::default());
    assert_eq!(feed(&mut detector, &shuffled), expected);
    assert_eq!(detector.counts().late, 0);
}

#[test]
fn readings_older_than_the_watermark_change_nothing_and_are_counted() {
    let readings = readings(2500);
    let expected = whole(&readings);
    let mut detector = Detector::new(Settings::default());
    let mut findings = Vec::new();
    for (slot, at_us, value) in &readings {
        detector.observe(*slot, *at_us, *value, &mut findings);
        if let Some(watermark_us) = detector.watermark_us() {
            detector.observe(*slot, watermark_us - 1, 1e9, &mut findings);
        }
    }
    assert_eq!(findings, expected);
    assert!(detector.counts().late > 9000);
    let before = detector.watermark_us();
    assert!(feed(&mut detector, &readings).is_empty(), "a replay raises nothing again");
    assert_eq!(detector.watermark_us(), before);
}

#[test]
fn a_snapshot_of_another_version_is_refused_by_name() {
    let refused = Detector::resume(r#"{"version":0,"detector":{}}"#);
    assert!(matches!(refused, Err(SnapshotError::Version { found: 0, .. })));
    assert!(matches!(Detector::resume("{"), Err(SnapshotError::Unreadable(_))));
}

#[test]
fn memory_stays_bounded_however_long_learning_lasts() {
    let settings = Settings { learning_s: 1e9, learning_frames_max: 256, ..Settings::default() };
    let mut detector = Detector::new(settings);
    let mut longest = 0;
    for (batch, readings) in readings(20_000).chunks(4_000).enumerate() {
        feed(&mut detector, readings);
        let size = detector.snapshot().expect("written").len();
        assert!(batch == 0 || size < 3 * longest.max(1), "{size}");
        longest = longest.max(size);
    }
    assert!(longest < 100_000, "{longest}");
}
