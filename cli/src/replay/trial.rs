//! `aftercare replay --rules`: which tickets rules would have opened on a recording. Needs no server.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::Context as _;
use detection::{Condition, Point, Rules, Slot, Trial, Watch, WouldBe};
use serde::Serialize;
use telemetry::quantity::{Quantity, conversion};

use super::{Map, Recording};
use crate::evaluate::{Labelled, instant};

/// What the rules would have done.
#[derive(Debug, Serialize)]
pub struct Report {
    rows: usize,
    readings: u64,
    skipped: u64,
    learned_at: Option<String>,
    opened: usize,
    /// By the labels of the recording; null where it has none.
    opened_true: Option<usize>,
    opened_false: Option<usize>,
    /// Labelled faults that no ticket overlaps.
    missed: Option<usize>,
    tickets: Vec<Ticket>,
    sensor_alarms: usize,
    sensors: Vec<Sensor>,
}

#[derive(Debug, Serialize)]
struct Ticket {
    signature: &'static str,
    summary: String,
    since: String,
    opened_at: String,
    over_at: Option<String>,
    alarms: Vec<String>,
    words: Vec<String>,
    #[serde(rename = "true")]
    is_true: Option<bool>,
}

#[derive(Debug, Serialize)]
struct Sensor {
    tag: String,
    summary: String,
    since: String,
    raised_at: String,
}

pub fn run(file: &Path, map: Option<Map>, rules: &Rules) -> anyhow::Result<Report> {
    let labelled = if map.is_none() { Labelled::if_labelled(file)? } else { None };
    let (recording, channels, faults) = match labelled {
        Some(run) => {
            let faults = run.windows();
            (run.recording, run.channels, Some(faults))
        }
        None => {
            let recording = Recording::open(file, map)?;
            let channels = recording.map.channel.len();
            (recording, channels, None)
        }
    };
    anyhow::ensure!(channels <= usize::from(u16::MAX), "too many channels");
    let points = points(&recording.map, channels);
    let mut watch = Watch::new(rules.clone(), points);
    let (mut trial, mut readings, mut reports) = (Trial::default(), 0, Vec::new());
    let known: Vec<_> =
        recording.map.channel[..channels].iter().map(|c| conversion(&c.unit)).collect();
    for row in &recording.rows {
        for ((slot, value), known) in (0u16..).zip(&row.values).zip(&known) {
            let Some(value) = value else { continue };
            let value = known.map_or(*value, |known| known.apply(*value));
            watch.observe(Slot(slot), (row.time_s * 1e6).round() as i64, value, &mut reports);
            readings += 1;
        }
        reports.drain(..).for_each(|report| trial.take(report));
    }
    let (rows, skipped) = (recording.rows.len(), recording.skipped);
    Ok(Report::of(&trial, faults.as_deref(), rows, readings, skipped))
}

fn points(map: &Map, channels: usize) -> Vec<Point> {
    let point = |(slot, channel): (u16, &super::Channel)| {
        let known = conversion(&channel.unit);
        let quantity = known.map_or(Quantity::Other, |known| known.quantity);
        let named = serde_json::to_value(quantity).ok();
        Point {
            slot: Slot(slot),
            key: channel.channel.clone(),
            name: channel.name.clone(),
            quantity: named.and_then(|q| q.as_str().map(str::to_owned)).unwrap_or_default(),
            position: channel.position.clone(),
            unit: known.map_or_else(|| channel.unit.clone(), |known| known.unit.to_owned()),
            character: server::watch::character(quantity),
            reports: true,
        }
    };
    (0u16..).zip(&map.channel[..channels]).map(point).collect()
}

fn at(us: i64) -> String {
    instant(us as f64 / 1e6)
}

impl Report {
    fn of(
        trial: &Trial,
        faults: Option<&[(f64, f64)]>,
        rows: usize,
        readings: u64,
        skipped: u64,
    ) -> Self {
        let overlaps = |ticket: &WouldBe, (from, until): (f64, f64)| {
            let over_s = ticket.over_us.map_or(f64::INFINITY, |us| us as f64 / 1e6);
            ticket.opened_by.since_us as f64 / 1e6 <= until && from <= over_s
        };
        let is_true = |ticket: &WouldBe| {
            faults.map(|faults| faults.iter().any(|fault| overlaps(ticket, *fault)))
        };
        let ticket = |ticket: &WouldBe| Ticket {
            signature: ticket.signature,
            summary: ticket.opened_by.summary.clone(),
            since: at(ticket.opened_by.since_us),
            opened_at: at(ticket.opened_by.at_us),
            over_at: ticket.over_us.map(at),
            alarms: ticket.keys.clone(),
            words: ticket.opened_by.evidence.iter().map(|e| e.words.clone()).collect(),
            is_true: is_true(ticket),
        };
        let sensor = |condition: &Condition| Sensor {
            tag: condition.key.clone(),
            summary: condition.summary.clone(),
            since: at(condition.since_us),
            raised_at: at(condition.at_us),
        };
        let tickets: Vec<Ticket> = trial.tickets().iter().map(ticket).collect();
        let count = |wanted| tickets.iter().filter(|t| t.is_true == Some(wanted)).count();
        let missed = |faults: &[(f64, f64)]| {
            let met = |fault| trial.tickets().iter().any(|ticket| overlaps(ticket, fault));
            faults.iter().filter(|fault| !met(**fault)).count()
        };
        Self {
            rows,
            readings,
            skipped,
            learned_at: trial.learned_us().map(at),
            opened: tickets.len(),
            opened_true: faults.map(|_| count(true)),
            opened_false: faults.map(|_| count(false)),
            missed: faults.map(missed),
            tickets,
            sensor_alarms: trial.sensors().len(),
            sensors: trial.sensors().iter().map(sensor).collect(),
        }
    }

    pub fn json(&self) -> anyhow::Result<String> {
        serde_json::to_string(self).context("the result cannot be written")
    }

    pub fn table(&self) -> String {
        let mut text = String::new();
        let mut line = |opened: &str, over: &str, kind: &str, is: &str, what: &str| {
            let _ = writeln!(text, "{opened:<27} {over:<27} {kind:<9} {is:<7} {what}");
        };
        if !self.tickets.is_empty() || !self.sensors.is_empty() {
            line("opened", "over", "ticket", "true", "what");
        }
        for ticket in &self.tickets {
            let is = ticket.is_true.map_or("-", |is| if is { "yes" } else { "no" });
            let over = ticket.over_at.as_deref().unwrap_or("-");
            line(&ticket.opened_at, over, ticket.signature, is, &ticket.summary);
        }
        for sensor in &self.sensors {
            line(&sensor.raised_at, "-", "no ticket", "-", &sensor.summary);
        }
        let tickets =
            |n: usize| if n == 1 { "1 ticket".to_owned() } else { format!("{n} tickets") };
        let _ = write!(
            text,
            "These rules would have opened {} and raised {} about sensors.",
            tickets(self.opened),
            if self.sensor_alarms == 1 {
                "1 alarm".to_owned()
            } else {
                format!("{} alarms", self.sensor_alarms)
            },
        );
        if let (Some(is), Some(not), Some(missed)) =
            (self.opened_true, self.opened_false, self.missed)
        {
            let _ = write!(
                text,
                " By the labels {is} would have been true and {not} false; {missed} labelled faults \
                 would have been missed."
            );
        }
        if self.learned_at.is_none() {
            text.push_str(
                " The recording is shorter than the learning window: only limits and sensors were \
                 judged.",
            );
        }
        text
    }
}
