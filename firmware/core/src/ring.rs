//! Readings in memory until their acknowledgement has come.

use heapless::Deque;

use crate::clock::Uptime;

/// One reading of this run.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reading {
    /// Index of the channel in the configuration.
    pub channel: u8,
    /// When it was measured.
    pub at: Uptime,
    /// Value in the channel's unit.
    pub value: f32,
}

/// A reading in twelve bytes instead of twenty-four: 48 bits of milliseconds are 8,900 years.
#[derive(Debug, Clone, Copy)]
struct Slot {
    at_low: u32,
    at_high: u16,
    channel: u8,
    value: f32,
}

impl From<Reading> for Slot {
    fn from(reading: Reading) -> Self {
        let [a, b, c, d, e, f, ..] = reading.at.0.to_le_bytes();
        Self {
            at_low: u32::from_le_bytes([a, b, c, d]),
            at_high: u16::from_le_bytes([e, f]),
            channel: reading.channel,
            value: reading.value,
        }
    }
}

impl From<&Slot> for Reading {
    fn from(slot: &Slot) -> Self {
        let at = u64::from(slot.at_low) | u64::from(slot.at_high) << 32;
        Self { channel: slot.channel, at: Uptime(at), value: slot.value }
    }
}

/// A ring of `N` readings with ever-growing sequence numbers. When it is full the oldest goes, and
/// the caller is told.
#[derive(Debug)]
pub struct Ring<const N: usize> {
    slots: Deque<Slot, N>,
    /// Sequence number of the oldest reading.
    first: u32,
}

impl<const N: usize> Ring<N> {
    /// An empty ring whose first reading gets the number `first`.
    #[must_use]
    pub fn new(first: u32) -> Self {
        Self { slots: Deque::new(), first }
    }

    /// Gives the next reading the number `first`. Only for an empty ring.
    pub(crate) fn begin_at(&mut self, first: u32) {
        self.first = first;
    }

    /// Keeps a reading. Gives back the sequence number of the one that had to go for it.
    #[must_use]
    pub fn push(&mut self, reading: Reading) -> Option<u32> {
        let dropped = (self.slots.is_full() && self.slots.pop_front().is_some()).then(|| {
            let dropped = self.first;
            self.first = self.first.wrapping_add(1);
            dropped
        });
        if self.slots.push_back(reading.into()).is_err() {
            // Only a ring without any place comes here.
            let dropped = self.first;
            self.first = self.first.wrapping_add(1);
            return Some(dropped);
        }
        dropped
    }

    /// Forgets the oldest `count` readings.
    pub fn forget(&mut self, count: usize) {
        for _ in 0..count {
            if self.slots.pop_front().is_none() {
                return;
            }
            self.first = self.first.wrapping_add(1);
        }
    }

    /// Sequence number of the oldest reading, or of the next one when there is none.
    #[must_use]
    pub fn first(&self) -> u32 {
        self.first
    }

    /// Sequence number that the next reading gets.
    #[must_use]
    pub fn next(&self) -> u32 {
        // A ring is far smaller than 2^32.
        #[expect(clippy::cast_possible_truncation, reason = "see above")]
        self.first.wrapping_add(self.slots.len() as u32)
    }

    /// Readings in the ring.
    #[must_use]
    pub fn len(&self) -> usize {
        self.slots.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.slots.is_empty()
    }

    /// The readings, oldest first.
    pub fn iter(&self) -> impl Iterator<Item = Reading> + '_ {
        self.slots.iter().map(Reading::from)
    }
}

#[cfg(test)]
mod tests {
    use std::vec::Vec;

    use super::*;

    fn reading(i: u64) -> Reading {
        Reading { channel: 3, at: Uptime(0xFFFF_0000_0000 + i), value: i as f32 }
    }

    #[test]
    fn readings_come_back_in_order_until_they_are_forgotten() {
        let mut ring = Ring::<4>::new(10);
        (0..3).for_each(|i| assert_eq!(ring.push(reading(i)), None));
        assert_eq!(ring.iter().collect::<Vec<_>>(), [reading(0), reading(1), reading(2)]);
        ring.forget(2);
        assert_eq!((ring.first(), ring.next()), (12, 13));
        ring.forget(9);
        assert!(ring.is_empty());
        assert_eq!(ring.next(), 13);
    }

    #[test]
    fn a_full_ring_drops_the_oldest_and_says_which() {
        let mut ring = Ring::<2>::new(u32::MAX);
        assert_eq!(ring.push(reading(0)), None);
        assert_eq!(ring.push(reading(1)), None);
        assert_eq!(ring.push(reading(2)), Some(u32::MAX));
        assert_eq!(ring.push(reading(3)), Some(0));
        assert_eq!(ring.iter().collect::<Vec<_>>(), [reading(2), reading(3)]);
    }

    #[test]
    fn a_place_in_the_ring_takes_twelve_bytes() {
        assert_eq!(size_of::<Slot>(), 12);
    }
}
