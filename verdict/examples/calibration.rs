//! Prints how often the verdicts on simulated machines are right.
//!
//! `cargo run --release -p verdict --example calibration [machines per stratum [part of its name]]`
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program that prints a table")]
#![allow(missing_docs, reason = "not a library")]

#[path = "../tests/machines/mod.rs"]
mod machines;

use std::thread;

use machines::strata::{STRATA, Stratum};
use machines::tally::Tally;
use machines::{Case, case, case_at_the_edge};

fn main() {
    let count: u64 = std::env::args().nth(1).and_then(|a| a.parse().ok()).unwrap_or(1000);
    println!("{count} machines a stratum");
    println!();
    println!(
        "| stratum | fixed | improved | unchanged | worse | not enough data | fixed, wrongly | mended found |"
    );
    println!("|---|---|---|---|---|---|---|---|---|");
    let mut all = Tally::default();
    let part = std::env::args().nth(2).unwrap_or_default();
    for stratum in STRATA.iter().filter(|s| s.name.contains(&part)) {
        let tally = run(stratum, count, case);
        let edge = run(stratum, count, case_at_the_edge);
        let [fixed, improved, unchanged, worse, open] = tally.by_verdict;
        println!(
            "| {} | {fixed} | {improved} | {unchanged} | {worse} | {open} | {} ({:.1} %) | {:.0} %{} | {:.1} % |",
            stratum.name,
            tally.wrong,
            100.0 * tally.wrong_share(),
            100.0 * tally.power(),
            if stratum.ample { "" } else { " (scarce)" },
            100.0 * edge.fixed() as f64 / edge.machines as f64,
        );
        if stratum.promised {
            all.join(&tally);
        }
    }
    println!(
        "| **all that is promised** | {} | {} | {} | {} | {} | {} ({:.1} %) | {:.0} % | |",
        all.by_verdict[0],
        all.by_verdict[1],
        all.by_verdict[2],
        all.by_verdict[3],
        all.by_verdict[4],
        all.wrong,
        100.0 * all.wrong_share(),
        100.0 * all.power(),
    );
    println!();
    println!("| truth | fixed | improved | unchanged | worse | not enough data |");
    println!("|---|---|---|---|---|---|");
    for (truth, [fixed, improved, unchanged, worse, open]) in &all.by_truth {
        println!("| {truth} | {fixed} | {improved} | {unchanged} | {worse} | {open} |");
    }
}

/// Two threads; the seeds decide, not the threads.
fn run(stratum: &Stratum, count: u64, case: fn(&Stratum, u64) -> Case) -> Tally {
    thread::scope(|scope| {
        let halves = [0, 1].map(|half| {
            scope.spawn(move || {
                let mut tally = Tally::default();
                for seed in (half..count).step_by(2) {
                    tally.add(&case(stratum, seed));
                }
                tally
            })
        });
        let mut tally = Tally::default();
        for half in halves {
            tally.join(&half.join().expect("a machine is judged"));
        }
        tally
    })
}
