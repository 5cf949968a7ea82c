//! Measures the detector on the SKAB runs: tickets, and rows.
//!
//! `cargo run --release -p detection --example skab -- FOLDER [setting=value ...]`, where FOLDER
//! holds `valve1`, `valve2` and `anomaly-free`. Parameters were chosen on valve1 alone.
#![allow(clippy::print_stdout, clippy::print_stderr)]

mod table;

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use detection::{Detector, Finding, Settings, Slot};

/// Rows of a run that are not scored, as in the published results.
const UNSCORED_ROWS: usize = 400;
/// Learning window for the fault-free run, seconds.
const LONG_LEARNING_S: f64 = 1800.0;

#[derive(Default)]
struct Rows {
    true_positive: f64,
    false_positive: f64,
    true_negative: f64,
    false_negative: f64,
}

#[derive(Default)]
struct Tickets {
    runs: usize,
    caught: usize,
    single: usize,
    outside: usize,
    delays_s: Vec<i64>,
}

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
    let folder = arguments.first().ok_or("which folder holds valve1, valve2, anomaly-free?")?;
    let folder = Path::new(folder);
    let settings = table::settings(&arguments[1..])?;
    let mut totals = Vec::new();
    for set in ["valve1", "valve2"] {
        let (mut tickets, mut rows) = (Tickets::default(), Rows::default());
        for path in runs(&folder.join(set))? {
            let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            labelled_run(&format!("{set}/{name}"), &path, &settings, &mut tickets, &mut rows)?;
        }
        totals.push((set, tickets, rows));
    }
    for (set, tickets, rows) in &mut totals {
        tickets.delays_s.sort_unstable();
        let median = tickets.delays_s.get(tickets.delays_s.len() / 2);
        println!(
            "{set}: {} of {} runs raised inside the label ({} exactly once and nothing else), \
             {} missed, {} raised outside, median delay {} s",
            tickets.caught,
            tickets.runs,
            tickets.single,
            tickets.runs - tickets.caught,
            tickets.outside,
            median.map_or_else(|| "-".to_owned(), ToString::to_string),
        );
        rows.print(set);
    }
    let all = totals.iter().fold(Rows::default(), |sum, (_, _, rows)| sum.plus(rows));
    all.print("all 20 runs");
    let path = folder.join("anomaly-free/anomaly-free.csv");
    let free = table::read(&path, ';')?;
    let settings = Settings { learning_s: LONG_LEARNING_S.max(settings.learning_s), ..settings };
    let raised = watch(&free, free.columns.len(), &settings);
    println!("anomaly-free, learnt on {} s: {} raised", settings.learning_s, raised.len());
    for alarm in raised {
        println!("  {}", alarm.told(&free, free.rows[0].at_us));
    }
    Ok(())
}

/// The files of a folder in the order of their numbers.
fn runs(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let entries = std::fs::read_dir(folder).map_err(|error| format!("{folder:?}: {error}"))?;
    let mut paths: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "csv"));
    let number = |path: &PathBuf| path.file_stem()?.to_string_lossy().parse::<u32>().ok();
    paths.sort_by_key(number);
    Ok(paths)
}

struct Alarm {
    raised_us: i64,
    cleared_us: Option<i64>,
    finding: Finding,
}

impl Alarm {
    fn told(&self, table: &Table, zero_us: i64) -> String {
        let Finding::Raised { cause, deviations, .. } = &self.finding else {
            return String::new();
        };
        let points: Vec<String> = deviations
            .iter()
            .map(|point| {
                format!("{} {:.1}", table.columns[usize::from(point.slot.0)], point.unusual)
            })
            .collect();
        let until = self.cleared_us.map_or("end".to_owned(), |us| seconds(us - zero_us));
        format!("{}-{until} {cause:?} {}", seconds(self.raised_us - zero_us), points.join(", "))
    }
}

fn seconds(us: i64) -> String {
    (us / 1_000_000).to_string()
}

use table::Table;

fn watch(table: &Table, channels: usize, settings: &Settings) -> Vec<Alarm> {
    let mut detector = Detector::new(settings.clone());
    let mut findings = Vec::new();
    for row in &table.rows {
        for (slot, value) in (0u16..).zip(&row.values[..channels]) {
            detector.observe(Slot(slot), row.at_us, *value, &mut findings);
        }
    }
    let mut alarms: Vec<Alarm> = Vec::new();
    for finding in findings {
        match finding {
            Finding::Raised { at_us, .. } => {
                alarms.push(Alarm { raised_us: at_us, cleared_us: None, finding });
            }
            Finding::Cleared { at_us, .. } => {
                if let Some(last) = alarms.last_mut() {
                    last.cleared_us = Some(at_us);
                }
            }
            Finding::Learned { .. } | Finding::Worsened { .. } => {}
        }
    }
    alarms
}

fn labelled_run(
    name: &str,
    path: &Path,
    settings: &Settings,
    tickets: &mut Tickets,
    rows: &mut Rows,
) -> Result<(), String> {
    let table = table::read(path, ';')?;
    let column = |wanted: &str| table.columns.iter().position(|name| name == wanted);
    let anomaly = column("anomaly").ok_or_else(|| format!("{name}: no column anomaly"))?;
    let labelled = |row: &table::Row| row.values[anomaly] > 0.5;
    let label: Vec<i64> =
        table.rows.iter().filter(|row| labelled(row)).map(|row| row.at_us).collect();
    let (from, until) = (label[0], label[label.len() - 1]);
    let alarms = watch(&table, anomaly, settings);
    let inside = |alarm: &&Alarm| (from..=until).contains(&alarm.raised_us);
    let first = alarms.iter().find(inside);
    let caught = alarms.iter().filter(inside).count();
    tickets.runs += 1;
    tickets.caught += usize::from(first.is_some());
    tickets.outside += alarms.len() - caught;
    tickets.single += usize::from(alarms.len() == 1 && caught == 1);
    if let Some(first) = first {
        tickets.delays_s.push((first.raised_us - from) / 1_000_000);
    }
    for row in table.rows.iter().skip(UNSCORED_ROWS) {
        let flagged = alarms.iter().any(|alarm| {
            alarm.raised_us <= row.at_us && alarm.cleared_us.is_none_or(|us| row.at_us < us)
        });
        match (flagged, labelled(row)) {
            (true, true) => rows.true_positive += 1.0,
            (true, false) => rows.false_positive += 1.0,
            (false, false) => rows.true_negative += 1.0,
            (false, true) => rows.false_negative += 1.0,
        }
    }
    let zero = table.rows[0].at_us;
    println!("{name}: label {}-{} s", seconds(from - zero), seconds(until - zero));
    for alarm in &alarms {
        println!("  {}", alarm.told(&table, zero));
    }
    Ok(())
}

impl Rows {
    fn plus(&self, other: &Self) -> Self {
        Self {
            true_positive: self.true_positive + other.true_positive,
            false_positive: self.false_positive + other.false_positive,
            true_negative: self.true_negative + other.true_negative,
            false_negative: self.false_negative + other.false_negative,
        }
    }

    fn print(&self, set: &str) {
        let wrong = self.false_positive + self.false_negative;
        println!(
            "{set}: rows F1 {:.3}, false alarms {:.1} %, missed {:.1} %",
            2.0 * self.true_positive / (2.0 * self.true_positive + wrong),
            100.0 * self.false_positive / (self.false_positive + self.true_negative),
            100.0 * self.false_negative / (self.false_negative + self.true_positive),
        );
    }
}
