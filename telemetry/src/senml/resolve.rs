//! Resolution of records (RFC 8428, section 4.6): base fields, times, units.

use alloc::borrow::{Cow, ToOwned};
use alloc::string::String;
use alloc::vec::Vec;

use super::decode::{Decoded, RecordError, Refused, SenmlError};
use super::record::Record;
use crate::limits::{MAX_AHEAD_US, MAX_CHANNELS, MAX_RECORDS, MAX_UNIT_BYTES};
use crate::name::ChannelName;
use crate::pack::{Sample, Series};
use crate::quantity::conversion;

/// Times below 2^28 s are relative to now (RFC 8428, section 4.5.3).
const RELATIVE_BELOW_S: f64 = 268_435_456.0;
/// SenML version of RFC 8428.
const VERSION: u64 = 10;

/// Takes records one after the other and sorts their values by channel.
pub(super) struct Resolver {
    received_at_us: i64,
    base_name: String,
    base_time: f64,
    base_unit: String,
    base_value: f64,
    records: usize,
    /// Boards repeat their channels in the same order; the next one is looked for first.
    expected: usize,
    decoded: Decoded,
}

impl Resolver {
    pub fn new(received_at_us: i64) -> Self {
        Self {
            received_at_us,
            base_name: String::new(),
            base_time: 0.0,
            base_unit: String::new(),
            base_value: 0.0,
            records: 0,
            expected: 0,
            decoded: Decoded::default(),
        }
    }

    pub fn finish(self) -> Decoded {
        self.decoded
    }

    /// Takes one record. An error refuses the whole pack.
    pub fn take(&mut self, record: Record<'_>) -> Result<(), SenmlError> {
        let position = self.records;
        self.records += 1;
        if self.records > MAX_RECORDS {
            return Err(SenmlError::TooManyRecords);
        }
        if let Some(version) = record.version.filter(|v| *v > VERSION) {
            return Err(SenmlError::Version(version));
        }
        let bare = record.name.is_none() && record.value.is_none();
        let base_only = bare && self.take_base(&record);
        if !bare {
            self.take_base(&record);
        }
        if base_only {
            return Ok(());
        }
        match self.reading(&record) {
            Ok((channel, unit, sample)) => self.keep(&channel, &unit, sample),
            Err(error) => {
                self.refuse(error, position);
                Ok(())
            }
        }
    }

    /// Base fields hold from this record on. Says whether there were any.
    fn take_base(&mut self, record: &Record<'_>) -> bool {
        let mut any = false;
        if let Some(name) = &record.base_name {
            name.as_ref().clone_into(&mut self.base_name);
            any = true;
        }
        if let Some(time) = record.base_time {
            self.base_time = time;
            any = true;
        }
        if let Some(unit) = &record.base_unit {
            unit.as_ref().clone_into(&mut self.base_unit);
            any = true;
        }
        if let Some(value) = record.base_value {
            self.base_value = value;
            any = true;
        }
        any || record.version.is_some()
    }

    fn reading<'r>(
        &self,
        record: &'r Record<'_>,
    ) -> Result<(Cow<'r, str>, Cow<'r, str>, Sample), RecordError> {
        let channel = match record.name.as_deref().filter(|n| !n.is_empty()) {
            Some(name) => {
                check_base_name(&self.base_name)?;
                Cow::Borrowed(name)
            }
            None => Cow::Owned(self.base_name.clone()),
        };
        let value = record.value.ok_or(RecordError::NoNumber)? + self.base_value;
        if !value.is_finite() {
            return Err(RecordError::NotFinite);
        }
        let unit = match record.unit.as_deref() {
            Some(unit) => Cow::Borrowed(unit),
            None => Cow::Owned(self.base_unit.clone()),
        };
        if unit.len() > MAX_UNIT_BYTES {
            return Err(RecordError::Unit);
        }
        let measured_at_us = self.measured_at(record.time.unwrap_or(0.0))?;
        Ok((channel, unit, Sample { measured_at_us, value }))
    }

    fn measured_at(&self, time: f64) -> Result<i64, RecordError> {
        let time = self.base_time + time;
        let us = time * 1e6;
        // 2^53 microseconds reach the year 2255; beyond it a double no longer names each one.
        if !us.is_finite() || us.abs() > 9_007_199_254_740_992.0 {
            return Err(RecordError::TimeRange);
        }
        #[expect(clippy::cast_possible_truncation, reason = "bounded above")]
        let us = round(us) as i64;
        let at = if time < RELATIVE_BELOW_S { self.received_at_us + us } else { us };
        if at < 0 {
            Err(RecordError::TimeRange)
        } else if at > self.received_at_us.saturating_add(MAX_AHEAD_US) {
            Err(RecordError::ClockAhead)
        } else {
            Ok(at)
        }
    }

    fn keep(&mut self, channel: &str, unit: &str, mut sample: Sample) -> Result<(), SenmlError> {
        let conversion = conversion(unit);
        if let Some(conversion) = conversion {
            sample.value = conversion.apply(sample.value);
        }
        let unit = conversion.map_or(unit, |c| c.unit);
        let index = match self.find(channel, unit) {
            Some(index) => index,
            None => match ChannelName::parse(channel) {
                Ok(channel) => self.open(channel, unit.to_owned())?,
                Err(error) => {
                    self.refuse(RecordError::Name(error), self.records - 1);
                    return Ok(());
                }
            },
        };
        self.expected = index + 1;
        self.decoded.series[index].samples.push(sample);
        Ok(())
    }

    fn find(&self, channel: &str, unit: &str) -> Option<usize> {
        let is = |s: &Series| s.channel.as_str() == channel && s.unit == unit;
        let series = &self.decoded.series;
        for guess in [self.expected, 0] {
            if series.get(guess).is_some_and(is) {
                return Some(guess);
            }
        }
        series.iter().position(is)
    }

    fn open(&mut self, channel: ChannelName, unit: String) -> Result<usize, SenmlError> {
        let series = &mut self.decoded.series;
        if series.len() >= MAX_CHANNELS {
            return Err(SenmlError::TooManyChannels);
        }
        series.push(Series { channel, unit, samples: Vec::new() });
        Ok(series.len() - 1)
    }

    fn refuse(&mut self, error: RecordError, position: usize) {
        let refused = &mut self.decoded.refused;
        match refused.iter_mut().find(|r| r.error.code() == error.code()) {
            Some(known) => known.count += 1,
            None => refused.push(Refused { error, first_record: position, count: 1 }),
        }
    }
}

/// Characters of RFC 8428, section 4.5.1. The base name is not kept, only checked: a board is named
/// by its topic, which the broker vouches for.
fn check_base_name(base: &str) -> Result<(), RecordError> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "-:./_".contains(c);
    match base.chars().next() {
        Some(c) if !c.is_ascii_alphanumeric() => {
            Err(RecordError::BaseName("it does not begin with a letter or digit"))
        }
        _ if !base.chars().all(allowed) => {
            Err(RecordError::BaseName("allowed are letters, digits and -:./_"))
        }
        _ => Ok(()),
    }
}

/// `f64::round` needs std.
fn round(x: f64) -> f64 {
    let half = if x < 0.0 { -0.5 } else { 0.5 };
    #[expect(clippy::cast_possible_truncation, reason = "callers stay below 2^53")]
    #[expect(clippy::cast_precision_loss, reason = "callers stay below 2^53")]
    let whole = ((x + half) as i64) as f64;
    whole
}
