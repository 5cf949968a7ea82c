//! A payload becomes readings by channel, or a refusal with its reason.

use alloc::string::String;
use alloc::vec::Vec;

use super::resolve::Resolver;
use super::{cbor, json};
use crate::limits::{MAX_CHANNELS, MAX_PAYLOAD_BYTES, MAX_RECORDS};
use crate::pack::Series;

/// A pack, resolved.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Decoded {
    /// Readings by channel and unit.
    pub series: Vec<Series>,
    /// Records that were refused, grouped by cause.
    pub refused: Vec<Refused>,
}

/// Records of one pack that were refused for the same reason.
#[derive(Debug, Clone, PartialEq)]
pub struct Refused {
    /// Why.
    pub error: RecordError,
    /// Position of the first such record in the pack, from 0.
    pub first_record: usize,
    /// How many.
    pub count: u32,
}

/// Why a whole pack was refused. The gateway lists the message under [`SenmlError::code`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SenmlError {
    /// Neither a JSON array nor a CBOR array.
    #[error("the payload is neither a JSON nor a CBOR array, so it is no SenML pack")]
    NotSenml,
    /// The payload is empty.
    #[error("the payload is empty")]
    Empty,
    /// The payload ends before the pack does.
    #[error("the pack ends early: {0}")]
    Incomplete(String),
    /// The payload breaks the rules of JSON, CBOR or SenML.
    #[error("the pack is malformed: {0}")]
    Malformed(String),
    /// Larger than [`MAX_PAYLOAD_BYTES`].
    #[error("the payload is larger than {MAX_PAYLOAD_BYTES} bytes")]
    TooLarge,
    /// More records than [`MAX_RECORDS`].
    #[error("the pack holds more than {MAX_RECORDS} records")]
    TooManyRecords,
    /// More channels than [`MAX_CHANNELS`].
    #[error("the pack holds more than {MAX_CHANNELS} channels")]
    TooManyChannels,
    /// A `bver` above 10, the version of RFC 8428.
    #[error("the pack has SenML version {0}; 10 is the newest known")]
    Version(u64),
    /// A label ending in `_` that must be understood and is not (RFC 8428, section 4.4).
    #[error("the pack has the field {0:?}, which must be understood and is not")]
    MustUnderstand(String),
}

impl SenmlError {
    /// A stable code to count by.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotSenml => "not_senml",
            Self::Empty => "empty",
            Self::Incomplete(_) => "incomplete",
            Self::Malformed(_) => "malformed",
            Self::TooLarge => "too_large",
            Self::TooManyRecords => "too_many_records",
            Self::TooManyChannels => "too_many_channels",
            Self::Version(_) => "senml_version",
            Self::MustUnderstand(_) => "must_understand",
        }
    }
}

/// Why one record was refused.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum RecordError {
    /// No name, or one with characters that a channel may not have.
    #[error("the record's name is no channel name: {0}")]
    Name(crate::name::NameError),
    /// Base name and name together break RFC 8428, section 4.5.1.
    #[error("base name and name together are no SenML name: {0}")]
    BaseName(&'static str),
    /// No numeric or Boolean value.
    #[error("the record has no number; text, data and sums are not readings")]
    NoNumber,
    /// Not a number, or infinite.
    #[error("the value is not a finite number")]
    NotFinite,
    /// Later than the time of receipt by more than a day.
    #[error("the measured time is more than a day ahead of the time of receipt")]
    ClockAhead,
    /// Outside the years that microseconds in an `i64` can name, or before 1970.
    #[error("the measured time is outside the range that can be kept")]
    TimeRange,
    /// A unit longer than [`crate::limits::MAX_UNIT_BYTES`].
    #[error("the unit is too long")]
    Unit,
}

impl RecordError {
    /// A stable code to count by.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Name(_) => "channel_name",
            Self::BaseName(_) => "base_name",
            Self::NoNumber => "no_number",
            Self::NotFinite => "not_finite",
            Self::ClockAhead => "clock_ahead",
            Self::TimeRange => "time_range",
            Self::Unit => "unit",
        }
    }
}

/// Decodes a payload, JSON or CBOR by its first byte.
///
/// `received_at_us` is the time of receipt in microseconds since the Unix epoch; relative times
/// (RFC 8428, section 4.5.3) count from it.
///
/// # Errors
/// When the pack as a whole cannot be read.
pub fn decode(payload: &[u8], received_at_us: i64) -> Result<Decoded, SenmlError> {
    if payload.len() > MAX_PAYLOAD_BYTES {
        return Err(SenmlError::TooLarge);
    }
    let first = payload.iter().find(|b| !b.is_ascii_whitespace()).ok_or(SenmlError::Empty)?;
    let mut resolver = Resolver::new(received_at_us);
    match (*first, payload[0]) {
        (b'[', _) => json::read(payload, &mut resolver)?,
        (_, 0x80..=0x9f) => cbor::read(payload, &mut resolver)?,
        _ => return Err(SenmlError::NotSenml),
    }
    Ok(resolver.finish())
}
