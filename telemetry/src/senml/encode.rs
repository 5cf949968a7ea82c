//! Writing SenML packs, as boards and `aftercare replay` do.

use alloc::string::String;
use alloc::vec::Vec;

use minicbor::Encoder;
use minicbor::encode::{Error, Write};

/// One value to send.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Measurement<'a> {
    /// Channel.
    pub name: &'a str,
    /// SenML or UCUM unit.
    pub unit: &'a str,
    /// Value in that unit.
    pub value: f64,
    /// Seconds since the Unix epoch, or before now when below 2^28 (RFC 8428, section 4.5.3).
    pub time_s: f64,
}

/// Writes a pack as CBOR: the base time once, then each record relative to it.
///
/// `base_name` may be empty. Works without an allocator when `writer` does.
///
/// # Errors
/// When the writer is full.
pub fn encode_cbor<W: Write>(
    writer: W,
    base_name: &str,
    measurements: &[Measurement<'_>],
) -> Result<(), Error<W::Error>> {
    let mut e = Encoder::new(writer);
    let base_time = measurements.first().map_or(0.0, |m| m.time_s);
    e.array(measurements.len() as u64)?;
    for (i, m) in measurements.iter().enumerate() {
        let offset = m.time_s - base_time;
        let bases = if i == 0 { u64::from(!base_name.is_empty()) + 1 } else { 0 };
        e.map(bases + 3 + u64::from(offset != 0.0))?;
        if i == 0 {
            if !base_name.is_empty() {
                e.i8(-2)?.str(base_name)?;
            }
            e.i8(-3)?.f64(base_time)?;
        }
        e.u8(0)?.str(m.name)?.u8(1)?.str(m.unit)?.u8(2)?.f64(m.value)?;
        if offset != 0.0 {
            e.u8(6)?.f64(offset)?;
        }
    }
    Ok(())
}

/// Writes a pack as JSON with absolute times, as a person would type it.
#[must_use]
pub fn encode_json(base_name: &str, measurements: &[Measurement<'_>]) -> Vec<u8> {
    #[derive(serde::Serialize)]
    struct Record<'a> {
        #[serde(skip_serializing_if = "Option::is_none")]
        bn: Option<&'a str>,
        n: &'a str,
        u: &'a str,
        v: f64,
        t: f64,
    }
    let record = |(i, m): (usize, &Measurement<'_>)| {
        let bn = (i == 0 && !base_name.is_empty()).then_some(base_name);
        let json = Record { bn, n: m.name, u: m.unit, v: m.value, t: m.time_s };
        serde_json::to_string(&json).unwrap_or_default()
    };
    let mut text = String::from("[");
    for (i, m) in measurements.iter().enumerate() {
        if i > 0 {
            text.push(',');
        }
        text.push_str(&record((i, m)));
    }
    text.push(']');
    text.into_bytes()
}
