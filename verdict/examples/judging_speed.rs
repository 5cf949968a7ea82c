//! Measures how long a verdict takes: three windows of 100 000 readings with as many loads.
//!
//! `cargo run --release -p verdict --example judging_speed`
#![allow(clippy::print_stdout, reason = "a program that prints a figure")]

use std::time::Instant;

use rand_pcg::Pcg64Mcg;
use rand_pcg::rand_core::RngCore as _;
use verdict::{Plan, Series, Window, judge};

const READINGS: i64 = 100_000;

fn main() {
    let mut random = Pcg64Mcg::new(7);
    let mut uniform = || f64::from(random.next_u32()) / 4_294_967_296.0;
    let times: Vec<i64> = (0..READINGS).map(|i| i * 1_000_000).collect();
    let mut window = |level: f64| {
        let loads: Vec<f64> = times.iter().map(|_| 10.0 + uniform()).collect();
        let values: Vec<f64> = loads.iter().map(|l| level + 3.0 * l + uniform()).collect();
        (loads, values)
    };
    let (healthy, before, after) = (window(50.0), window(55.0), window(50.0));

    let (healthy, before, after) = (of(&times, &healthy), of(&times, &before), of(&times, &after));
    let mut took_ms: Vec<f64> = (0..11)
        .map(|_| {
            let start = Instant::now();
            std::hint::black_box(judge(&healthy, &before, &after, &Plan::default()));
            start.elapsed().as_secs_f64() * 1000.0
        })
        .collect();
    took_ms.sort_by(f64::total_cmp);
    println!("3 windows of {READINGS} readings: median {:.0} ms", took_ms[5]);
    println!("fastest {:.0} ms, slowest {:.0} ms", took_ms[0], took_ms[10]);
}

fn of<'a>(times_us: &'a [i64], (loads, values): &'a (Vec<f64>, Vec<f64>)) -> Window<'a> {
    Window { times_us, values, load: Some(Series { times_us, values: loads }) }
}
