//! What a report is made of. A document holds them as JSON objects whose `is` says which; readings
//! are arrays of time and value. Whoever reads a document should pass over what they do not know.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::moment::Moment;

/// What the report is about; always the first item.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// What people call it.
    pub title: String,
    /// By the clock of the server that signed it. Nobody else vouches for that time.
    pub made_at: Moment,
    /// Who asked for it.
    pub made_by: String,
    /// Fingerprint of the key that signed it.
    pub key: String,
    /// Program and version that made it.
    pub software: String,
}

/// The machine.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Asset {
    /// Its id.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// What it is, such as `pump`.
    pub kind: String,
    /// Model of the maker.
    pub model: Option<String>,
    /// Serial number of the maker.
    pub serial: Option<String>,
}

/// The ticket that the session mends.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Ticket {
    /// Its id.
    pub id: String,
    /// What people call it.
    pub number: String,
    /// What it is about.
    pub title: String,
    /// Its state.
    pub state: String,
    /// Its priority.
    pub priority: String,
    /// When it was opened.
    pub opened_at: Moment,
    /// Since when the machine deviates.
    pub since: Moment,
}

/// A change of state, of the ticket or of the session.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// When it took effect.
    pub at: Moment,
    /// State before; none for the first.
    pub from: Option<String>,
    /// State after.
    pub to: String,
    /// Who did it.
    pub who: String,
    /// Why.
    pub why: String,
}

/// What was found to be wrong, and what mended it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// When it was written down.
    pub at: Moment,
    /// Who says so.
    pub who: String,
    /// Code of the cause.
    pub cause: String,
    /// The cause in words.
    pub text: String,
    /// What mended it, in words.
    pub remedy: String,
    /// Part numbers that mended it.
    pub parts: Vec<String>,
}

/// The repair session.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Session {
    /// Its id.
    pub id: String,
    /// What the work is.
    pub title: String,
    /// Its state.
    pub state: String,
    /// Who works.
    pub technicians: Vec<String>,
    /// When the work began.
    pub started_at: Option<Moment>,
    /// When the newest acceptance test began, which is when the work ended.
    pub ended_at: Option<Moment>,
}

/// What somebody wrote down, signed or attached.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// Its id.
    pub id: String,
    /// Where it stands on the time axis.
    pub at: Moment,
    /// As the author's device told it.
    pub device_at: Option<Moment>,
    /// When the server learnt of it.
    pub recorded_at: Moment,
    /// Who wrote it.
    pub author: String,
    /// Id of the entry that it corrects.
    pub corrects: Option<String>,
    /// What kind it is, such as `part_used` or `signed_off`.
    pub kind: String,
    /// The rest of it, by its kind; a photo or document is named by the SHA-256 of its content.
    #[serde(flatten)]
    pub content: Map<String, Value>,
}

/// An alarm that the work caused and that was hidden for its time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HiddenAlarm {
    /// Its id.
    pub id: String,
    /// One line.
    pub summary: String,
    /// When it was raised, measured time.
    pub raised_at: Moment,
    /// When its condition was over.
    pub cleared_at: Option<Moment>,
}

/// A measurement point.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// Its id.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// What it measures.
    pub quantity: String,
    /// Where on the machine.
    pub position: String,
    /// Unit of its readings.
    pub unit: String,
}

/// Which channel of which board spoke for a point, and when.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Binding {
    /// Id of the point.
    pub point_id: String,
    /// What people call it.
    pub point_name: String,
    /// The board.
    pub board: String,
    /// Its channel.
    pub channel: String,
    /// Unit that the channel reports in.
    pub unit: String,
    /// From when on; none: since the first reading.
    pub from: Option<Moment>,
    /// Until when; none: until further notice.
    pub to: Option<Moment>,
}

/// What the reports of a channel were corrected by: reading = reported × scale + offset.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Calibration {
    /// The board.
    pub board: String,
    /// Its channel.
    pub channel: String,
    /// Unit that the channel reports in.
    pub unit: String,
    /// From when on it holds, until the next one of the channel.
    pub from: Moment,
    /// Factor.
    pub scale: f64,
    /// Summand, in the unit.
    pub offset: f64,
    /// Number of the certificate, serial of the reference, or the like.
    pub note: String,
    /// Who entered it.
    pub by: String,
    /// When it was entered.
    pub entered_at: Moment,
}

/// A version of the verdict.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Verdict {
    /// Its number; the newest counts.
    pub version: i64,
    /// The most cautious word that the points allow.
    pub overall: String,
    /// When it was made.
    pub made_at: Moment,
    /// Who made it.
    pub by: String,
    /// Why.
    pub why: String,
    /// Windows, load and terms that it was made with.
    pub content: Value,
}

/// What a version of the verdict says of a point.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PointVerdict {
    /// Of the verdict.
    pub version: i64,
    /// Id of the point.
    pub point_id: String,
    /// What people call it.
    pub point_name: String,
    /// Unit of the figures.
    pub unit: String,
    /// The word.
    pub verdict: String,
    /// Why, in the order of weight.
    pub reasons: Vec<String>,
    /// Effects with intervals, coverage, sample counts, method.
    pub judgement: Value,
    /// Windows of which not all readings were judged, and of how many blocks.
    pub thinned: Value,
}

/// How the acceptance test stood.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Acceptance {
    /// Name and version of the test; none: there is none for this machine.
    pub test: Option<String>,
    /// Since when it runs.
    pub since: Option<Moment>,
    /// `pass`, `fail` or `pending`.
    pub outcome: String,
    /// Who answers for the whole test, where somebody does.
    pub exception: Option<Signed>,
}

/// Somebody's word.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Signed {
    /// Who.
    pub name: String,
    /// Why; empty with a confirmation.
    pub why: String,
    /// When.
    pub at: Moment,
}

/// How a check of the acceptance test stood.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Check {
    /// Its id within the test.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// `pass`, `fail` or `pending`.
    pub outcome: String,
    /// A sentence.
    pub text: String,
    /// Who confirmed it.
    pub confirmed: Option<Signed>,
    /// Who answers for it.
    pub exception: Option<Signed>,
    /// How each point stood, with the figures that decide.
    pub points: Value,
}

/// The leave-site gate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Gate {
    /// Whether it was open.
    pub may_leave: bool,
    /// What was missing.
    pub missing: Vec<String>,
    /// When somebody left last, with the gate open.
    pub left_at: Option<Moment>,
}

/// A stretch of time of a summary in which something was measured.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Bucket {
    /// When it begins.
    pub at: Moment,
    /// Readings in it.
    pub count: u64,
    /// Least.
    pub min: f64,
    /// Mean.
    pub mean: f64,
    /// Greatest.
    pub max: f64,
}

/// All readings of a point in a window, in figures.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// Id of the point.
    pub point_id: String,
    /// What people call it.
    pub point_name: String,
    /// `healthy`, `before`, `during` or `after`.
    pub window: String,
    /// First moment.
    pub from: Moment,
    /// First moment after it.
    pub to: Moment,
    /// Unit of the figures.
    pub unit: String,
    /// Readings in the window.
    pub readings: u64,
    /// Length of a bucket, microseconds.
    pub bucket_us: i64,
    /// Those in which something was measured, in the order of time.
    pub buckets: Vec<Bucket>,
}

/// Readings of a point in a window: lines of time and value follow, as they were measured and as the
/// sensor was calibrated.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Readings {
    /// Id of the point.
    pub point_id: String,
    /// What people call it.
    pub point_name: String,
    /// `healthy`, `before`, `during` or `after`.
    pub window: String,
    /// First moment.
    pub from: Moment,
    /// First moment after it.
    pub to: Moment,
    /// Unit of the readings.
    pub unit: String,
    /// Readings in the window.
    pub of: u64,
    /// Readings that follow.
    pub shown: u64,
    /// When not all of them follow: those of so many blocks of equal length, evenly over the window.
    pub blocks: Option<u32>,
}

/// An item.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
#[expect(missing_docs, reason = "each is described by its content")]
pub enum Item {
    Report(Report),
    Asset(Asset),
    Ticket(Ticket),
    TicketStep(Step),
    Finding(Finding),
    Session(Session),
    SessionStep(Step),
    Entry(Entry),
    HiddenAlarm(HiddenAlarm),
    Point(Point),
    Binding(Binding),
    Calibration(Calibration),
    Verdict(Verdict),
    PointVerdict(PointVerdict),
    Acceptance(Acceptance),
    Check(Check),
    Gate(Gate),
    Summary(Summary),
    Readings(Readings),
}

impl Report {
    /// The first item of a document, where it is one.
    pub(crate) fn first(item: &[u8]) -> Option<Self> {
        match serde_json::from_slice(item) {
            Ok(Item::Report(report)) => Some(report),
            _ => None,
        }
    }
}

/// A window as people say it.
pub(crate) fn window_in_words(window: &str) -> &str {
    match window {
        "healthy" => "of the healthy machine",
        "before" => "before the repair",
        "during" => "during the repair",
        "after" => "after the repair",
        other => other,
    }
}
