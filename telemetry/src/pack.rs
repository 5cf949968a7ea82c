//! One decoded message: what a board reported, by channel, in canonical units.

use alloc::string::String;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::name::{BoardId, ChannelName};

/// One value at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Sample {
    /// When it was measured, microseconds since the Unix epoch, UTC.
    pub measured_at_us: i64,
    /// The value in the unit of its series; always finite.
    pub value: f64,
}

/// The samples of one channel in one message, in the order in which the board sent them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Series {
    /// The channel.
    pub channel: ChannelName,
    /// Canonical unit, or the board's own where it is not known; empty when none was given.
    pub unit: String,
    /// At least one sample.
    pub samples: Vec<Sample>,
}

/// Everything taken from one message.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Pack {
    /// The board that sent it.
    pub board: BoardId,
    /// When the gateway received it, microseconds since the Unix epoch, UTC.
    pub received_at_us: i64,
    /// One entry a channel and unit.
    pub series: Vec<Series>,
}

impl Pack {
    /// Number of readings in the pack.
    #[must_use]
    pub fn readings(&self) -> usize {
        self.series.iter().map(|s| s.samples.len()).sum()
    }
}
