//! The items of a document, sorted for a page.

use crate::document::Line;
use crate::item::{
    Acceptance, Asset, Binding, Calibration, Check, Entry, Finding, Gate, HiddenAlarm, Item, Point,
    PointVerdict, Readings, Report, Session, Step, Summary, Ticket, Verdict,
};

/// What a page shows.
#[derive(Default)]
pub struct View<'a> {
    pub report: Option<&'a Report>,
    pub asset: Option<&'a Asset>,
    pub ticket: Option<&'a Ticket>,
    pub ticket_steps: Vec<&'a Step>,
    pub findings: Vec<&'a Finding>,
    pub session: Option<&'a Session>,
    pub session_steps: Vec<&'a Step>,
    pub entries: Vec<&'a Entry>,
    pub hidden_alarms: Vec<&'a HiddenAlarm>,
    pub points: Vec<&'a Point>,
    pub bindings: Vec<&'a Binding>,
    pub calibrations: Vec<&'a Calibration>,
    /// The oldest version first.
    pub verdicts: Vec<&'a Verdict>,
    point_verdicts: Vec<&'a PointVerdict>,
    pub acceptance: Option<&'a Acceptance>,
    pub checks: Vec<&'a Check>,
    pub gate: Option<&'a Gate>,
    summaries: Vec<&'a Summary>,
    readings: Vec<&'a Readings>,
}

impl<'a> View<'a> {
    pub fn of(lines: &'a [Line]) -> Self {
        let mut view = Self::default();
        for line in lines {
            let Line::Item(item) = line else { continue };
            match &**item {
                Item::Report(report) => view.report = Some(report),
                Item::Asset(asset) => view.asset = Some(asset),
                Item::Ticket(ticket) => view.ticket = Some(ticket),
                Item::TicketStep(step) => view.ticket_steps.push(step),
                Item::Finding(finding) => view.findings.push(finding),
                Item::Session(session) => view.session = Some(session),
                Item::SessionStep(step) => view.session_steps.push(step),
                Item::Entry(entry) => view.entries.push(entry),
                Item::HiddenAlarm(alarm) => view.hidden_alarms.push(alarm),
                Item::Point(point) => view.points.push(point),
                Item::Binding(binding) => view.bindings.push(binding),
                Item::Calibration(calibration) => view.calibrations.push(calibration),
                Item::Verdict(verdict) => view.verdicts.push(verdict),
                Item::PointVerdict(verdict) => view.point_verdicts.push(verdict),
                Item::Acceptance(acceptance) => view.acceptance = Some(acceptance),
                Item::Check(check) => view.checks.push(check),
                Item::Gate(gate) => view.gate = Some(gate),
                Item::Summary(summary) => view.summaries.push(summary),
                Item::Readings(readings) => view.readings.push(readings),
            }
        }
        view.verdicts.sort_by_key(|v| v.version);
        view
    }

    /// The verdict that counts.
    pub fn verdict(&self) -> Option<&'a Verdict> {
        self.verdicts.last().copied()
    }

    /// What it says of a point.
    pub fn verdict_on(&self, point: &Point) -> Option<&'a PointVerdict> {
        let version = self.verdict()?.version;
        let of = |v: &&&PointVerdict| v.version == version && v.point_id == point.id;
        self.point_verdicts.iter().find(of).copied()
    }

    pub fn summaries_of(&self, point: &Point) -> Vec<&'a Summary> {
        self.summaries.iter().filter(|s| s.point_id == point.id).copied().collect()
    }

    /// Readings that the document holds of a point, and how many there are in its windows.
    pub fn readings_of(&self, point: &Point) -> (u64, u64) {
        let of = self.readings.iter().filter(|r| r.point_id == point.id);
        of.fold((0, 0), |(shown, all), r| (shown + r.shown, all + r.of))
    }
}
