//! What readings are kept by.

/// Number of a channel, given by the business database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SeriesId(pub i64);

/// What a series is called where numbers say nothing: in InfluxDB, in exports.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SeriesName {
    /// Board that reported it.
    pub board: String,
    /// Channel of the board.
    pub channel: String,
    /// Unit in which its readings are kept; empty when none was given.
    pub unit: String,
}
