//! The pack of a board: no allocator, no double-precision arithmetic, whole milliseconds.

use minicbor::Encoder;
use minicbor::data::Tag;
use minicbor::encode::{Error, Write};

/// What the times of a pack count from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimeBase {
    /// Seconds since the Unix epoch.
    Epoch(u32),
    /// The moment of sending: a board that does not know the time (RFC 8428, section 4.5.3).
    Now,
}

/// One reading to send.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BoardReading<'a> {
    /// Channel.
    pub channel: &'a str,
    /// SenML or UCUM unit.
    pub unit: &'a str,
    /// Value in that unit, finite.
    pub value: f32,
    /// Milliseconds from the base; before now it is negative.
    pub offset_ms: i64,
}

/// Tag of a decimal fraction (RFC 8949, section 3.4.4), which RFC 8428, section 6 allows: whole
/// milliseconds stay whole, and the board needs no `f64`.
const DECIMAL_FRACTION: Tag = Tag::new(4);

/// Writes a pack as CBOR.
///
/// # Errors
/// When the writer is full.
pub fn encode_board_pack<'a, W: Write>(
    writer: W,
    base: TimeBase,
    readings: impl ExactSizeIterator<Item = BoardReading<'a>>,
) -> Result<(), Error<W::Error>> {
    let mut e = Encoder::new(writer);
    e.array(readings.len() as u64)?;
    let mut base = match base {
        TimeBase::Epoch(seconds) => Some(seconds),
        TimeBase::Now => None,
    };
    for BoardReading { channel, unit, value, offset_ms } in readings {
        let base = base.take();
        e.map(3 + u64::from(base.is_some()) + u64::from(offset_ms != 0))?;
        if let Some(seconds) = base {
            e.i8(-3)?.u32(seconds)?;
        }
        e.u8(0)?.str(channel)?.u8(1)?.str(unit)?.u8(2)?.f32(value)?;
        if offset_ms != 0 {
            e.u8(6)?.tag(DECIMAL_FRACTION)?.array(2)?.i8(-3)?.i64(offset_ms)?;
        }
    }
    Ok(())
}
