//! SenML in CBOR (RFC 8428, section 6): the labels of table 4 are small integers.

use alloc::borrow::Cow;
use alloc::borrow::ToOwned;
use alloc::string::ToString;

use minicbor::data::{Tag, Type};
use minicbor::decode::{Decoder, Error};

use super::decode::SenmlError;
use super::record::Record;
use super::resolve::Resolver;
use crate::limits::MAX_DEPTH;

pub(super) fn read(payload: &[u8], resolver: &mut Resolver) -> Result<(), SenmlError> {
    let mut d = Decoder::new(payload);
    let length = d.array()?;
    let mut left = length;
    while more(&mut d, &mut left)? {
        let record = read_record(&mut d)?;
        resolver.take(record)?;
    }
    if d.position() < payload.len() {
        return Err(SenmlError::Malformed("bytes follow the pack".to_owned()));
    }
    Ok(())
}

/// Whether another item follows in an array or map of definite or indefinite length.
fn more(d: &mut Decoder<'_>, left: &mut Option<u64>) -> Result<bool, Error> {
    match left {
        Some(0) => Ok(false),
        Some(n) => {
            *n -= 1;
            Ok(true)
        }
        None if d.datatype()? == Type::Break => {
            d.set_position(d.position() + 1);
            Ok(false)
        }
        None => Ok(true),
    }
}

fn read_record<'a>(d: &mut Decoder<'a>) -> Result<Record<'a>, SenmlError> {
    let mut r = Record::default();
    let mut left = d.map()?;
    while more(d, &mut left)? {
        if matches!(d.datatype()?, Type::String | Type::StringIndef) {
            let label = text(d)?;
            if label.ends_with('_') {
                return Err(SenmlError::MustUnderstand(label.into_owned()));
            }
            skip(d)?;
            continue;
        }
        match d.i64()? {
            -2 => r.base_name = Some(text(d)?),
            -3 => r.base_time = Some(number(d)?),
            -4 => r.base_unit = Some(text(d)?),
            -5 => r.base_value = Some(number(d)?),
            -1 => r.version = Some(d.u64()?),
            0 => r.name = Some(text(d)?),
            1 => r.unit = Some(text(d)?),
            2 => r.value = Some(number(d)?),
            4 => r.value = Some(f64::from(u8::from(d.bool()?))),
            6 => r.time = Some(number(d)?),
            _ => skip(d)?,
        }
    }
    Ok(r)
}

fn text<'a>(d: &mut Decoder<'a>) -> Result<Cow<'a, str>, Error> {
    if d.datatype()? == Type::StringIndef {
        let parts: Result<alloc::string::String, Error> = d.str_iter()?.collect();
        return parts.map(Cow::Owned);
    }
    d.str().map(Cow::Borrowed)
}

/// A number as RFC 8428, section 6 allows: integer, float, or decimal fraction (tag 4).
fn number(d: &mut Decoder<'_>) -> Result<f64, Error> {
    match d.datatype()? {
        Type::F16 => d.f16().map(f64::from),
        Type::F32 => d.f32().map(f64::from),
        Type::F64 => d.f64(),
        Type::Tag => decimal_fraction(d),
        #[expect(clippy::cast_precision_loss, reason = "a reading is a double by RFC 8428")]
        _ => d.int().map(|i| i128::from(i) as f64),
    }
}

fn decimal_fraction(d: &mut Decoder<'_>) -> Result<f64, Error> {
    const DECIMAL_FRACTION: Tag = Tag::new(4);
    if d.tag()? != DECIMAL_FRACTION || d.array()? != Some(2) {
        return Err(Error::message("only tag 4, a decimal fraction, is a number"));
    }
    let exponent = d.i16()?;
    let mantissa = i128::from(d.int()?);
    // The decimal text is parsed, since powers of ten are exact there and not in binary.
    let decimal = alloc::format!("{mantissa}e{exponent}");
    decimal.parse().map_err(|_| Error::message("a decimal fraction that is no number"))
}

/// Passes over one value. minicbor skips without recursion; the cap is on what nests inside.
fn skip(d: &mut Decoder<'_>) -> Result<(), SenmlError> {
    let start = d.position();
    d.skip()?;
    let skipped = &d.input()[start..d.position()];
    let opening = |b: &&u8| matches!(**b, 0x80..=0xbf);
    if skipped.iter().take_while(opening).count() > MAX_DEPTH {
        return Err(SenmlError::Malformed("a value is nested too deeply".to_owned()));
    }
    Ok(())
}

impl From<Error> for SenmlError {
    fn from(error: Error) -> Self {
        if error.is_end_of_input() {
            Self::Incomplete(error.to_string())
        } else {
            Self::Malformed(error.to_string())
        }
    }
}
