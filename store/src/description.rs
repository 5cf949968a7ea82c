//! What series mean, for tools that read the database of the store directly.

use crate::{Range, SeriesId};

/// A series speaks for a measurement point of a machine, for a stretch of time.
#[derive(Debug, Clone, PartialEq)]
pub struct NamedSeries {
    /// The series.
    pub id: SeriesId,
    /// When it speaks for the point.
    pub valid: Range,
    /// Name of the machine.
    pub asset: String,
    /// Name of the point on it.
    pub point: String,
    /// Such as `temperature`.
    pub quantity: String,
    /// Where on the machine.
    pub position: String,
    /// What was reported has to be multiplied by this, by the calibration of that time,
    pub scale: f64,
    /// and this has to be added.
    pub offset: f64,
}

/// A ticket, as a mark on charts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotedTicket {
    /// Its id, which never changes.
    pub id: String,
    /// As people call it, such as `T-7`.
    pub number: String,
    /// Name of the machine.
    pub asset: String,
    /// Such as `open`.
    pub state: String,
    /// One line.
    pub title: String,
    /// Since when the machine deviates, microseconds of measured time.
    pub since_us: i64,
    /// When it was opened, microseconds.
    pub opened_us: i64,
}
