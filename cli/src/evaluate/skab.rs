//! SKAB: runs of a water circulation rig, labelled second by second.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use detection::Settings;
use serde::Serialize;

use super::recordings::watch;
use super::scores::{RowScore, Rows, TicketScore, Window, percent, seconds, stray};
use crate::replay::{Channel, Map, Recording};

/// Rows at the beginning of a run that are learnt from and not scored, as in published results.
const LEARNT_ROWS: usize = 400;
/// Column of the label.
const LABEL: &str = "anomaly";
/// Learning window for a run without faults, seconds: these are hours long.
const LONG_LEARNING_S: f64 = 3600.0;

#[derive(Debug, Serialize)]
pub struct Report {
    collection: &'static str,
    runs: Vec<Run>,
    /// Runs without a fault, learnt on the time that they say.
    fault_free: Vec<FaultFree>,
    rows: RowScore,
    tickets: TicketScore,
    settings: Settings,
}

#[derive(Debug, Serialize)]
struct Run {
    name: String,
    windows: Vec<Window>,
    false_tickets: usize,
    /// Points that the tickets named, in their order.
    named: Vec<Vec<String>>,
    rows: RowScore,
}

#[derive(Debug, Serialize)]
struct FaultFree {
    name: String,
    learning_s: f64,
    judged_s: f64,
    false_tickets: usize,
}

pub fn evaluate(folder: &Path, settings: &Settings) -> anyhow::Result<Report> {
    let (mut runs, mut fault_free, mut rows) = (Vec::new(), Vec::new(), Rows::default());
    for (name, file) in files(folder)? {
        let run = Labelled::open(&file)?;
        if run.faulty.contains(&true) {
            let run = with_faults(name, &run, settings);
            rows.add(run.rows.rows);
            runs.push(run);
        } else {
            fault_free.push(without_fault(name, &run, settings));
        }
    }
    anyhow::ensure!(!runs.is_empty(), "no run in {} has a labelled fault", folder.display());
    let windows = runs.iter().flat_map(|run| &run.windows);
    let tickets = TicketScore::of(windows, runs.iter().map(|run| run.false_tickets).sum());
    Ok(Report {
        collection: "skab",
        runs,
        fault_free,
        rows: rows.score(),
        tickets,
        settings: settings.clone(),
    })
}

/// The runs below a folder, by set and number.
fn files(folder: &Path) -> anyhow::Result<Vec<(String, PathBuf)>> {
    let entries = |folder: &Path| -> anyhow::Result<Vec<PathBuf>> {
        let read = std::fs::read_dir(folder)
            .with_context(|| format!("cannot read the folder {}", folder.display()))?;
        read.map(|entry| Ok(entry?.path())).collect()
    };
    let named = |path: &Path| path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let mut files = Vec::new();
    for set in entries(folder)?.into_iter().filter(|path| path.is_dir()) {
        for file in entries(&set)? {
            if file.extension().is_some_and(|extension| extension == "csv") {
                let run = named(&file);
                files.push((named(&set), run.parse::<u32>().ok(), run, file));
            }
        }
    }
    files.sort();
    anyhow::ensure!(
        !files.is_empty(),
        "{} has no folders with CSV files; give the one that holds valve1, valve2, …",
        folder.display()
    );
    Ok(files.into_iter().map(|(set, _, run, file)| (format!("{set}/{run}"), file)).collect())
}

/// A run, and which of its rows are faulty.
pub struct Labelled {
    pub recording: Recording,
    /// How many of its channels are points; the rest is the label.
    pub channels: usize,
    faulty: Vec<bool>,
}

impl Labelled {
    fn open(file: &Path) -> anyhow::Result<Self> {
        let named = || format!("cannot read {}", file.display());
        let text = std::fs::read_to_string(file).with_context(named)?;
        let header = text.lines().next().unwrap_or_default();
        let mut map = Map::recognise(header)
            .with_context(|| format!("{} is no run of SKAB", file.display()))?;
        let channels = map.channel.len();
        if header.split(map.delimiter).any(|column| column == LABEL) {
            map.channel.push(Channel {
                column: LABEL.to_owned(),
                channel: LABEL.to_owned(),
                unit: String::new(),
                name: LABEL.to_owned(),
                position: String::new(),
            });
        }
        let recording = Recording::open(file, Some(map))?;
        let label = |values: &[Option<f64>]| values.get(channels).copied().flatten();
        let faulty = recording.rows.iter().map(|row| label(&row.values) > Some(0.5)).collect();
        Ok(Self { recording, channels, faulty })
    }

    /// The run, when the file is one of SKAB with labels.
    pub fn if_labelled(file: &Path) -> anyhow::Result<Option<Self>> {
        let text = std::fs::read_to_string(file)
            .with_context(|| format!("cannot read {}", file.display()))?;
        let header = text.lines().next().unwrap_or_default();
        let labelled = Map::recognise(header)
            .is_some_and(|map| header.split(map.delimiter).any(|column| column == LABEL));
        if labelled { Self::open(file).map(Some) } else { Ok(None) }
    }

    /// Times of the first and the last row of every stretch of faulty rows, seconds.
    pub fn windows(&self) -> Vec<(f64, f64)> {
        let rows: Vec<(f64, bool)> =
            self.recording.rows.iter().map(|row| row.time_s).zip(self.faulty.clone()).collect();
        rows.chunk_by(|(_, a), (_, b)| a == b)
            .filter(|stretch| stretch[0].1)
            .map(|stretch| (stretch[0].0, stretch[stretch.len() - 1].0))
            .collect()
    }
}

fn with_faults(name: String, run: &Labelled, settings: &Settings) -> Run {
    let raised = watch(&run.recording, run.channels, settings);
    let mut rows = Rows::default();
    for (row, faulty) in run.recording.rows.iter().zip(&run.faulty).skip(LEARNT_ROWS) {
        rows.count(raised.iter().any(|raised| raised.covers(row.time_s)), *faulty);
    }
    let windows = run.windows();
    Run {
        name,
        false_tickets: stray(&raised, &windows).count(),
        windows: windows.iter().map(|window| Window::of(&raised, *window)).collect(),
        named: raised.into_iter().map(|raised| raised.points).collect(),
        rows: rows.score(),
    }
}

fn without_fault(name: String, run: &Labelled, settings: &Settings) -> FaultFree {
    let learning_s = LONG_LEARNING_S.max(settings.learning_s);
    let settings = Settings { learning_s, ..settings.clone() };
    let rows = &run.recording.rows;
    let whole_s = rows[rows.len() - 1].time_s - rows[0].time_s;
    FaultFree {
        name,
        learning_s,
        judged_s: whole_s - learning_s,
        false_tickets: watch(&run.recording, run.channels, &settings).len(),
    }
}

impl Report {
    pub fn table(&self) -> String {
        let mut text = String::new();
        let _ = writeln!(
            text,
            "{:<16} {:>8} {:>6} {:>6} {:>6} {:>8} {:>8}  named",
            "run", "tickets", "false", "delay", "F1", "false", "missed"
        );
        for run in &self.runs {
            let inside: usize = run.windows.iter().map(|window| window.tickets).sum();
            let delay = run.windows.iter().find_map(|window| window.delay_s);
            let _ = writeln!(
                text,
                "{:<16} {:>8} {:>6} {:>6} {:>6.3} {:>8} {:>8}  {}",
                run.name,
                inside,
                run.false_tickets,
                seconds(delay),
                run.rows.f1,
                percent(run.rows.false_alarm_rate),
                percent(run.rows.missed_alarm_rate),
                run.named.iter().map(|points| points.join(", ")).collect::<Vec<_>>().join(" | "),
            );
        }
        for run in &self.fault_free {
            let _ = writeln!(
                text,
                "{:<16} {:>8} {:>6}  without a fault: learnt on {:.0} s, judged for {:.0} s",
                run.name, "-", run.false_tickets, run.learning_s, run.judged_s
            );
        }
        let _ = write!(
            text,
            "\nTickets: {} of {} labelled faults have a ticket that begins inside the label, {} of \
             them exactly one; {} false tickets; median delay {}\n\
             Rows after the first {LEARNT_ROWS} of each run: F1 {:.3}, false alarms {}, missed {}",
            self.tickets.detected,
            self.tickets.windows,
            self.tickets.once,
            self.tickets.false_tickets,
            seconds(self.tickets.median_delay_s),
            self.rows.f1,
            percent(self.rows.false_alarm_rate),
            percent(self.rows.missed_alarm_rate),
        );
        text
    }
}
