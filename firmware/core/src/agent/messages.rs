//! What goes up: one message at a time, reports before readings, the oldest first.

use minicbor::encode::write::Cursor;
use telemetry::report::{Report, Word};
use telemetry::topic::Kind;

use super::{Agent, Link};
use crate::clock::{Uptime, signed};
use crate::limits::CLOCK_GRACE_MS;
use crate::outbox::{Event, InFlight, What, is_before};
use crate::pack::{Moment, Pack};
use crate::refusal::Refusal;
use crate::ring::Reading;
use crate::storage::block::Block;
use crate::storage::{Storage, StorageError, Visit};

/// A message to publish at QoS 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outgoing {
    /// The topic it belongs to: readings or reports.
    pub kind: Kind,
    /// Its bytes in the buffer.
    pub length: usize,
}

impl<S: Storage, const RING: usize> Agent<S, RING> {
    /// Of which kind [`Agent::next_message`] would be now, for a link that has to know the topic
    /// before it has room for the message. There may still be no message.
    pub fn next_kind(&mut self) -> Option<Kind> {
        if self.link == Link::Down {
            return None;
        }
        if self.outbox.in_flight == InFlight::Nothing {
            self.outbox.in_flight = self.choose();
        }
        match self.outbox.in_flight {
            InFlight::Event | InFlight::Lost(_) => Some(Kind::Reports),
            InFlight::Readings { .. } => Some(Kind::Readings),
            InFlight::Nothing => (self.waiting() > 0).then_some(Kind::Readings),
        }
    }

    /// Writes the message that is to be published now; `None` when there is none or the link is
    /// down. It stays the same message until [`Agent::delivered`] or [`Agent::link_down`].
    ///
    /// `buffer` holds at least [`crate::limits::MIN_MESSAGE_BYTES`]; a larger one takes more
    /// readings at a time.
    pub fn next_message(&mut self, now: Uptime, buffer: &mut [u8]) -> Option<Outgoing> {
        if self.link == Link::Down {
            return None;
        }
        if self.outbox.in_flight == InFlight::Nothing {
            self.outbox.in_flight = self.choose();
        }
        match self.outbox.in_flight {
            InFlight::Nothing => self.readings(None, now, buffer),
            InFlight::Event => {
                let event = *self.outbox.event()?;
                report(&Report { age_ms: now.since(event.at), word: self.word(&event)? }, buffer)
            }
            InFlight::Lost(readings) => {
                report(&Report { age_ms: 0, word: Word::Lost { readings } }, buffer)
            }
            InFlight::Readings { end } => {
                let again = self.readings(Some(end), now, buffer);
                if again.is_none() {
                    // All of them had to go meanwhile.
                    self.outbox.give_up();
                }
                again
            }
        }
    }

    /// The acknowledgement of the message has come: only now is it forgotten.
    pub fn delivered(&mut self, _now: Uptime) {
        match self.outbox.delivered() {
            (InFlight::Readings { end }, _) => self.forget_readings(end),
            (InFlight::Lost(_), _) => self.save(),
            (_, Some(Event { what: What::Boot, .. })) if self.settings.panic.is_some() => {
                self.settings.panic = None;
                self.save();
            }
            _ => {}
        }
    }

    /// What comes before readings.
    fn choose(&self) -> InFlight {
        if self.outbox.event().is_some() {
            InFlight::Event
        } else if self.outbox.lost > 0 {
            InFlight::Lost(self.outbox.lost)
        } else {
            InFlight::Nothing
        }
    }

    /// Packs the oldest readings, as many as fit, but none from the sequence number `limit` on.
    fn readings(&mut self, limit: Option<u32>, now: Uptime, buffer: &mut [u8]) -> Option<Outgoing> {
        if self.waiting() == 0 {
            return None;
        }
        let hold = self.readings_wait_until(now).is_some();
        let Self { config, storage, settings, log, ring, clock, outbox, .. } = self;
        let offset_ms = clock.offset_ms();
        let mut pack = Pack::new(&config.channels, now, buffer.len());
        let mut end = log.acknowledged;
        let mut take = |sequence: u32, reading: Reading, offset_ms: Option<i64>| {
            if is_before(sequence, end) {
                return true;
            }
            let Reading { channel, at, value } = reading;
            let moment = offset_ms.map_or(Moment::ThisRun(at), |offset_ms| {
                Moment::Unix(offset_ms.saturating_add(signed(at.0)))
            });
            let taken = limit.is_none_or(|limit| is_before(sequence, limit))
                && pack.take(channel, value, moment);
            if taken {
                end = sequence.wrapping_add(1);
            }
            taken
        };
        let mut all = true;
        let mut found = 0;
        if log.waiting > 0 {
            let acknowledged = log.acknowledged;
            let visited = storage.visit(&mut |bytes| {
                let Some(block) = Block::read(bytes) else { return Visit::Forget };
                // This run's clock may have been mended since; an earlier run's stands in the
                // block, or was learnt after it was written.
                let of_this_run = block.head.boot == settings.boot;
                let earlier = || block.head.offset_ms.or(settings.clock_of(block.head.boot));
                let offset_ms = if of_this_run { offset_ms } else { earlier() };
                found += block.sequences().filter(|s| !is_before(*s, acknowledged)).count();
                let mut numbered = block.sequences().zip(block.readings());
                all = numbered.all(|(sequence, reading)| take(sequence, reading, offset_ms));
                if all { Visit::Keep } else { Visit::Stop }
            });
            match visited {
                // Blocks that were written and cannot be found: the flash has a defect there.
                Ok(()) if all => outbox.lost += log.settle(found),
                Err(StorageError::Corrupt) => {
                    outbox.lost += log.settle(0);
                    let _ = storage.clear();
                }
                // What follows in memory is newer: without the older ones it has to wait.
                done => all &= done.is_ok(),
            }
        }
        if all {
            let mut sequence = ring.first();
            for reading in ring.iter() {
                if !take(sequence, reading, offset_ms) {
                    break;
                }
                sequence = sequence.wrapping_add(1);
            }
        }
        if hold && pack.is_undated() {
            return None;
        }
        let length = pack.write(buffer)?;
        outbox.in_flight = InFlight::Readings { end };
        Some(Outgoing { kind: Kind::Readings, length })
    }

    /// Readings of this run wait a moment for somebody to tell the time.
    pub(super) fn readings_wait_until(&self, now: Uptime) -> Option<Uptime> {
        let Link::Up { since } = self.link else { return None };
        let until = since + CLOCK_GRACE_MS;
        (self.clock.offset_ms().is_none() && now < until).then_some(until)
    }

    fn word(&self, event: &Event) -> Option<Word<'_>> {
        Some(match event.what {
            What::Boot => Word::Boot {
                firmware: self.firmware,
                reset: self.reset,
                panic: self.settings.panic.as_deref(),
            },
            What::Answer { counter, refused } => {
                Word::Answer { counter, refused: refused.map(Refusal::text) }
            }
            What::Health { channel, diagnosis } => Word::Health {
                channel: &self.config.channels.get(usize::from(channel))?.name,
                health: diagnosis.health,
                cause: diagnosis.cause,
            },
        })
    }
}

fn report(report: &Report<'_>, buffer: &mut [u8]) -> Option<Outgoing> {
    let mut cursor = Cursor::new(buffer);
    report.encode(&mut cursor).ok()?;
    Some(Outgoing { kind: Kind::Reports, length: cursor.position() })
}
