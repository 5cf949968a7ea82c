//! A file of the Numenta Anomaly Benchmark (NAB): one temperature, labelled windows.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::Context as _;
use detection::Settings;
use serde::Serialize;
use serde_json::Value;

use super::recordings::watch;
use super::scores::{RowScore, Rows, TicketScore, Window, instant, percent, seconds, stray};
use crate::replay::Recording;

/// Of a file, this part at the beginning is not scored (NAB's probationary period, Lavin and Ahmad
/// 2015); the detector learns during a part of it.
const PROBATION: f64 = 0.15;

#[derive(Debug, Serialize)]
pub struct Report {
    collection: &'static str,
    windows: Vec<Window>,
    /// When the tickets outside every window began.
    false_tickets: Vec<String>,
    tickets: TicketScore,
    rows: RowScore,
    settings: Settings,
}

pub fn evaluate(file: &Path, labels: &Path, settings: &Settings) -> anyhow::Result<Report> {
    let recording = Recording::open(file, None)?;
    let labelled = windows(file, labels)?;
    let raised = watch(&recording, recording.map.channel.len(), settings);
    let mut rows = Rows::default();
    let probation = (PROBATION * recording.rows.len() as f64) as usize;
    for row in recording.rows.iter().skip(probation) {
        rows.count(
            raised.iter().any(|raised| raised.covers(row.time_s)),
            labelled.iter().any(|(from, until)| (*from..=*until).contains(&row.time_s)),
        );
    }
    let windows: Vec<Window> = labelled.iter().map(|window| Window::of(&raised, *window)).collect();
    let false_tickets: Vec<String> =
        stray(&raised, &labelled).map(|raised| instant(raised.at_s)).collect();
    Ok(Report {
        collection: "nab",
        tickets: TicketScore::of(&windows, false_tickets.len()),
        windows,
        false_tickets,
        rows: rows.score(),
        settings: settings.clone(),
    })
}

/// The windows of a file: `{"windows": [[from, until], …]}`, or NAB's `combined_windows.json`, which
/// has a list for every file.
fn windows(file: &Path, labels: &Path) -> anyhow::Result<Vec<(f64, f64)>> {
    let named = labels.display();
    let text = std::fs::read_to_string(labels).with_context(|| format!("cannot read {named}"))?;
    let json: Value = serde_json::from_str(&text).with_context(|| format!("{named} is no JSON"))?;
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let of_file = |all: &Value| {
        all.as_object()?.iter().find(|(key, _)| key.ends_with(&*name)).map(|(_, list)| list.clone())
    };
    let list = json.get("windows").cloned().or_else(|| of_file(&json));
    let list = list
        .and_then(|list| list.as_array().cloned())
        .with_context(|| format!("{named} has no windows for {name}"))?;
    let end = |window: &Value, place: usize| -> anyhow::Result<f64> {
        let text = window[place].as_str().unwrap_or_default();
        let time: jiff::civil::DateTime =
            text.parse().with_context(|| format!("{named}: {window} is no window"))?;
        Ok(time.to_zoned(jiff::tz::TimeZone::UTC)?.timestamp().as_duration().as_secs_f64())
    };
    list.iter().map(|window| Ok((end(window, 0)?, end(window, 1)?))).collect()
}

impl Report {
    pub fn table(&self) -> String {
        let mut text =
            format!("{:<22} {:<22} {:>8} {:>9}\n", "window from", "until", "tickets", "delay");
        for window in &self.windows {
            let _ = writeln!(
                text,
                "{:<22} {:<22} {:>8} {:>9}",
                window.from,
                window.until,
                window.tickets,
                seconds(window.delay_s)
            );
        }
        for at in &self.false_tickets {
            let _ = writeln!(text, "{at:<22} {:<22} {:>8}", "", "false");
        }
        let _ = write!(
            text,
            "\nTickets: {} of {} windows have a ticket that begins inside, {} of them exactly one; {} \
             false tickets; median delay {}\n\
             Rows after the first {:.0} %: F1 {:.3}, false alarms {}, missed {}",
            self.tickets.detected,
            self.tickets.windows,
            self.tickets.once,
            self.tickets.false_tickets,
            seconds(self.tickets.median_delay_s),
            100.0 * PROBATION,
            self.rows.f1,
            percent(self.rows.false_alarm_rate),
            percent(self.rows.missed_alarm_rate),
        );
        text
    }
}
