//! Runs the detector over NAB's machine temperature (a reading every five minutes).
//!
//! `cargo run --release -p detection --example nab -- FOLDER [setting=value ...]`
#![allow(clippy::print_stdout, clippy::print_stderr)]

mod table;

use std::{path::Path, process::ExitCode};

use detection::{Detector, Finding, Slot};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[String]) -> Result<(), String> {
    let folder = arguments.first().ok_or("which folder holds the file and labels.json?")?;
    let folder = Path::new(folder);
    let settings = table::settings(&arguments[1..])?;
    let table = table::read(&folder.join("machine_temperature_system_failure.csv"), ',')?;
    let labels = std::fs::read_to_string(folder.join("labels.json"))
        .map_err(|error| format!("labels.json: {error}"))?;
    let labels: serde_json::Value =
        serde_json::from_str(&labels).map_err(|error| format!("labels.json: {error}"))?;
    let windows: Vec<(i64, i64)> = labels["windows"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|window| {
            let end = |index: usize| table::instant_us(window[index].as_str()?);
            Some((end(0)?, end(1)?))
        })
        .collect();
    let mut detector = Detector::new(settings);
    let mut findings = Vec::new();
    for row in &table.rows {
        detector.observe(Slot(0), row.at_us, row.values[0], &mut findings);
    }
    let begun_us = table.rows[0].at_us;
    let day = |us: i64| (us - begun_us) as f64 / 86.4e9;
    let mut caught = vec![false; windows.len()];
    let mut outside = 0;
    for finding in &findings {
        match finding {
            Finding::Raised { at_us, .. } => {
                let hit = windows.iter().position(|(from, to)| (*from..=*to).contains(at_us));
                match hit {
                    Some(window) => caught[window] = true,
                    None => outside += 1,
                }
                println!("raised day {:.2}, window {hit:?}", day(*at_us));
            }
            Finding::Cleared { at_us, .. } => println!("cleared day {:.2}", day(*at_us)),
            Finding::Learned { at_us, .. } => println!("learnt day {:.2}", day(*at_us)),
            Finding::Worsened { .. } => {}
        }
    }
    let caught = caught.iter().filter(|caught| **caught).count();
    println!("{caught} of {} windows, {outside} raised outside", windows.len());
    Ok(())
}
