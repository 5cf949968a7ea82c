//! A block of readings as bytes: a head, then the readings, little endian.
//!
//! `layout u8 · count u8 · boot u32 · first sequence u32 · names u32 · offset i64`, then each
//! `milliseconds since boot u48 · channel u8 · value f32`.

use crate::clock::Uptime;
use crate::limits::BLOCK_READINGS;
use crate::ring::Reading;

const LAYOUT: u8 = 1;
const HEAD_BYTES: usize = 22;
const READING_BYTES: usize = 11;
/// Longest block.
pub(crate) const BLOCK_BYTES: usize = HEAD_BYTES + BLOCK_READINGS * READING_BYTES;
/// An offset that no clock has.
const UNKNOWN: i64 = i64::MIN;

/// What the readings of a block have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Head {
    /// Number of the run that measured them.
    pub boot: u32,
    /// Sequence number of the first.
    pub first: u32,
    /// Checksum of the names and units of the channels, so that an index is not taken for another
    /// channel after a change of configuration.
    pub names: u32,
    /// What to add to the milliseconds since boot to get Unix time, if it was known by then.
    pub offset_ms: Option<i64>,
}

/// Writes a block of at most [`BLOCK_READINGS`] readings; gives back its bytes and how many
/// readings are in it.
pub(crate) fn write(
    head: Head,
    readings: impl Iterator<Item = Reading>,
    buffer: &mut [u8; BLOCK_BYTES],
) -> (&[u8], usize) {
    let (start, places) = buffer.split_at_mut(HEAD_BYTES);
    let (places, _) = places.as_chunks_mut::<READING_BYTES>();
    let mut count = 0u8;
    for (place, reading) in places.iter_mut().zip(readings) {
        let [a, b, c, d, e, f, ..] = reading.at.0.to_le_bytes();
        let [v, w, x, y] = reading.value.to_le_bytes();
        *place = [a, b, c, d, e, f, reading.channel, v, w, x, y];
        count += 1;
    }
    let Head { boot, first, names, offset_ms } = head;
    let offset = offset_ms.unwrap_or(UNKNOWN).to_le_bytes();
    let fields: [&[u8]; 5] = [
        &[LAYOUT, count],
        &boot.to_le_bytes(),
        &first.to_le_bytes(),
        &names.to_le_bytes(),
        &offset,
    ];
    start.iter_mut().zip(fields.into_iter().flatten()).for_each(|(to, from)| *to = *from);
    let count = usize::from(count);
    (buffer.get(..HEAD_BYTES + count * READING_BYTES).unwrap_or_default(), count)
}

/// A block that was read back.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Block<'a> {
    /// What its readings have in common.
    pub head: Head,
    readings: &'a [u8],
}

impl<'a> Block<'a> {
    /// Takes a block apart; `None` when another firmware wrote it.
    pub fn read(bytes: &'a [u8]) -> Option<Self> {
        let (&[layout, count], rest) = bytes.split_first_chunk()?;
        let (boot, rest) = rest.split_first_chunk()?;
        let (first, rest) = rest.split_first_chunk()?;
        let (names, rest) = rest.split_first_chunk()?;
        let (offset, readings) = rest.split_first_chunk()?;
        if layout != LAYOUT || readings.len() != usize::from(count) * READING_BYTES {
            return None;
        }
        let offset = i64::from_le_bytes(*offset);
        let head = Head {
            boot: u32::from_le_bytes(*boot),
            first: u32::from_le_bytes(*first),
            names: u32::from_le_bytes(*names),
            offset_ms: (offset != UNKNOWN).then_some(offset),
        };
        Some(Self { head, readings })
    }

    /// How many readings it holds.
    pub fn len(&self) -> usize {
        self.readings.len() / READING_BYTES
    }

    /// Sequence number behind the last.
    pub fn end(&self) -> u32 {
        // At most 255.
        #[expect(clippy::cast_possible_truncation, reason = "see above")]
        self.head.first.wrapping_add(self.len() as u32)
    }

    /// The sequence numbers of its readings.
    pub fn sequences(&self) -> impl Iterator<Item = u32> + use<> {
        let first = self.head.first;
        (0..self.len()).map(move |i| first.wrapping_add(u32::try_from(i).unwrap_or(0)))
    }

    /// The readings, oldest first.
    pub fn readings(&self) -> impl Iterator<Item = Reading> + 'a {
        self.readings.chunks_exact(READING_BYTES).filter_map(|bytes| {
            let (&[a, b, c, d, e, f, channel], value) = bytes.split_first_chunk()?;
            let at = Uptime(u64::from_le_bytes([a, b, c, d, e, f, 0, 0]));
            Some(Reading { channel, at, value: f32::from_le_bytes(*value.first_chunk()?) })
        })
    }
}

/// How many readings a block of whatever layout holds, to count them as lost.
pub(crate) fn count(bytes: &[u8]) -> u32 {
    bytes.get(1).copied().map_or(1, u32::from)
}

#[cfg(test)]
mod tests {
    use std::vec::Vec;

    use super::*;

    #[test]
    fn a_block_reads_back_as_it_was_written() {
        let readings: Vec<_> = (0..20u8)
            .map(|i| Reading { channel: i, at: Uptime(1 << 40 | u64::from(i)), value: -1.5 })
            .collect();
        for offset_ms in [None, Some(1_790_000_000_000)] {
            let head = Head { boot: 7, first: u32::MAX - 3, names: 9, offset_ms };
            let mut buffer = [0; BLOCK_BYTES];
            let (bytes, taken) = write(head, readings.iter().copied(), &mut buffer);
            assert_eq!(taken, BLOCK_READINGS);
            let block = Block::read(bytes).unwrap();
            assert_eq!((block.head, block.end()), (head, 12));
            assert_eq!(block.readings().collect::<Vec<_>>(), readings[..BLOCK_READINGS]);
            assert!(Block::read(&bytes[..bytes.len() - 1]).is_none());
        }
    }
}
