//! Prints readings a second on one core: `cargo run --release -p detection --example speed`.
#![allow(clippy::print_stdout)]

use std::time::Instant;

use detection::{Detector, Settings, Slot};

fn main() {
    for points in [1, 8, 64] {
        let frames: i64 = 4_000_000 / i64::from(points);
        let mut detector = Detector::new(Settings::default());
        let mut findings = Vec::new();
        let begun = Instant::now();
        for second in 0..frames {
            for slot in 0..points {
                // A cheap hash as noise: the loop measures the detector, not a generator.
                let hash =
                    (second as u64 * 64 + u64::from(slot)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
                let value = 10.0 + (hash >> 40) as f64 / f64::from(1 << 24);
                detector.observe(Slot(slot), second * 1_000_000, value, &mut findings);
            }
        }
        let readings = frames * i64::from(points);
        let rate = readings as f64 / begun.elapsed().as_secs_f64();
        println!(
            "{points} points: {:.2} million readings/s, {} findings",
            rate / 1e6,
            findings.len()
        );
    }
}
