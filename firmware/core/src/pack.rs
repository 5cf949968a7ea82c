//! Which readings fit into one message, and the message.

use heapless::Vec;
use minicbor::encode::write::Cursor;
use telemetry::senml::{BoardReading, TimeBase, encode_board_pack};

use crate::clock::{Uptime, signed};
use crate::config::Channel;
use crate::limits::MAX_READINGS_A_MESSAGE;

/// When a reading was measured, as far as it is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Moment {
    /// Milliseconds since the Unix epoch.
    Unix(i64),
    /// In this run, and nobody has told the time yet.
    ThisRun(Uptime),
}

/// A pack in the making. All its readings count from one base, so that it ends where the kind of
/// moment changes.
#[derive(Debug)]
pub(crate) struct Pack<'c> {
    channels: &'c [Channel],
    now: Uptime,
    room: usize,
    bytes: usize,
    base: Option<TimeBase>,
    readings: Vec<Placed, MAX_READINGS_A_MESSAGE>,
}

#[derive(Debug, Clone, Copy)]
struct Placed {
    channel: u8,
    value: f32,
    offset_ms: i64,
}

impl<'c> Pack<'c> {
    /// An empty pack for a buffer of `room` bytes.
    pub fn new(channels: &'c [Channel], now: Uptime, room: usize) -> Self {
        // The array's head: one byte, or two from 24 readings on.
        Self { channels, now, room, bytes: 2, base: None, readings: Vec::new() }
    }

    /// Adds a reading. Says whether it did: not when the pack is full.
    pub fn take(&mut self, channel: u8, value: f32, at: Moment) -> bool {
        let Some(known) = self.channels.get(usize::from(channel)) else {
            // It cannot be named, so it cannot be sent; a log of other channels is not even kept.
            return true;
        };
        let own_base = match at {
            Moment::Unix(ms) => TimeBase::Epoch(u32::try_from(ms / 1_000).unwrap_or(0)),
            Moment::ThisRun(_) => TimeBase::Now,
        };
        let base = self.base.unwrap_or(own_base);
        let offset_ms = match (base, at) {
            (TimeBase::Epoch(seconds), Moment::Unix(ms)) => ms - i64::from(seconds) * 1_000,
            (TimeBase::Now, Moment::ThisRun(at)) => -signed(self.now.since(at)),
            _ => return false,
        };
        let bytes = self.bytes + size(known, base, self.base.is_none(), offset_ms);
        let placed = Placed { channel, value, offset_ms };
        if bytes > self.room || self.readings.push(placed).is_err() {
            return false;
        }
        (self.bytes, self.base) = (bytes, Some(base));
        true
    }

    /// Whether its times count from now, because nobody has told the time.
    pub fn is_undated(&self) -> bool {
        self.base == Some(TimeBase::Now)
    }

    /// Writes the pack and says how long it is; `None` when it is empty.
    pub fn write(&self, buffer: &mut [u8]) -> Option<usize> {
        let readings = self.readings.iter().map(|placed| {
            let channel = self.channels.get(usize::from(placed.channel));
            let (name, unit) = channel.map_or(("", ""), |c| (c.name.as_str(), c.unit.as_str()));
            let Placed { value, offset_ms, .. } = *placed;
            BoardReading { channel: name, unit, value, offset_ms }
        });
        let mut cursor = Cursor::new(buffer);
        encode_board_pack(&mut cursor, self.base?, readings).ok()?;
        Some(cursor.position())
    }
}

/// Bytes of one record: map, base time if it is the first, name, unit, `f32`, and the time as a
/// decimal fraction unless it is the base.
fn size(channel: &Channel, base: TimeBase, first: bool, offset_ms: i64) -> usize {
    let text = |length: usize| length + if length < 24 { 2 } else { 3 };
    let base = if first && base != TimeBase::Now { 6 } else { 0 };
    let time = if offset_ms == 0 { 0 } else { 4 + integer(offset_ms) };
    1 + base + text(channel.name.len()) + text(channel.unit.len()) + 6 + time
}

/// Bytes of an integer in CBOR (RFC 8949, section 3): a negative one is kept as -1 - n.
fn integer(n: i64) -> usize {
    match if n < 0 { !n } else { n } {
        0..=23 => 1,
        24..=0xFF => 2,
        0x100..=0xFFFF => 3,
        0x1_0000..=0xFFFF_FFFF => 5,
        _ => 9,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::tests::full;

    #[test]
    fn the_size_that_is_counted_is_the_size_that_is_written() {
        let config = full();
        let offsets = [0, 1, -1, 23, 24, -24, -25, 255, 256, -257, 65_535, 65_536, 1 << 32];
        for start in [1_790_000_000_123, 1_790_000_000_000] {
            let mut pack = Pack::new(&config.channels, Uptime(1 << 40), 4096);
            for (i, offset) in offsets.iter().enumerate() {
                assert!(pack.take(i as u8 % 3, 1.5, Moment::Unix(start + offset)));
            }
            let mut buffer = [0; 4096];
            assert_eq!(pack.write(&mut buffer), Some(pack.bytes - 1));
        }
        let mut pack = Pack::new(&config.channels, Uptime(1 << 40), 4096);
        for i in 0..30 {
            assert!(pack.take(0, 1.5, Moment::ThisRun(Uptime((1 << 40) - (1 << i)))));
        }
        assert_eq!(pack.write(&mut [0; 4096]), Some(pack.bytes));
    }

    #[test]
    fn a_pack_ends_where_the_kind_of_time_changes_and_where_the_room_does() {
        let config = full();
        let mut pack = Pack::new(&config.channels, Uptime(9), 200);
        assert!(pack.take(0, 1.0, Moment::Unix(1_790_000_000_000)));
        assert!(!pack.take(0, 1.0, Moment::ThisRun(Uptime(5))));
        let more = (0..10).filter(|i| pack.take(0, 1.0, Moment::Unix(1_790_000_000_000 + i)));
        assert_eq!(more.count(), 2);
        assert!(pack.write(&mut [0; 200]).is_some());
    }
}
