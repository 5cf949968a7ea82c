//! Reports that wait for the link, and the count of readings that were lost.

use heapless::Vec;

use crate::clock::Uptime;
use crate::health::Diagnosis;
use crate::limits::MAX_REPORTS;
use crate::refusal::Refusal;

/// Something to report.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Event {
    pub at: Uptime,
    pub what: What,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum What {
    /// This run began.
    Boot,
    /// What became of a command.
    Answer { counter: i64, refused: Option<Refusal> },
    /// A sensor's health changed.
    Health { channel: u8, diagnosis: Diagnosis },
}

/// The one message that is on its way.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum InFlight {
    Nothing,
    /// The oldest event.
    Event,
    /// The loss of so many readings.
    Lost(u32),
    /// Readings up to a sequence number, not including it.
    Readings {
        end: u32,
    },
}

#[derive(Debug)]
pub(crate) struct Outbox {
    events: Vec<Event, MAX_REPORTS>,
    /// Readings lost and not yet reported.
    pub lost: u32,
    /// Readings that had to go while they were on their way: lost only if they do not arrive.
    perhaps_lost: u32,
    pub in_flight: InFlight,
}

impl Outbox {
    pub fn new(lost: u32) -> Self {
        Self { events: Vec::new(), lost, perhaps_lost: 0, in_flight: InFlight::Nothing }
    }

    pub fn push(&mut self, at: Uptime, what: What) {
        // A server repeats its commands until it has the answers; one of each is enough.
        let answer = matches!(what, What::Answer { .. });
        if answer && self.events.iter().any(|e| e.what == what) {
            return;
        }
        if self.events.is_full() {
            self.make_room();
        }
        // There is room now, unless nothing but answers waits; their server asks again.
        let _ = self.events.push(Event { at, what });
    }

    /// The oldest change of health goes, but not the event that is on its way.
    fn make_room(&mut self) {
        let mut waiting = self.events.iter().enumerate().skip(1);
        let health = waiting.find(|(_, e)| matches!(e.what, What::Health { .. }));
        if let Some((place, _)) = health {
            self.events.remove(place);
        }
    }

    /// The oldest event.
    pub fn event(&self) -> Option<&Event> {
        self.events.first()
    }

    /// Whether an answer still waits or is on its way.
    pub fn has_answers(&self) -> bool {
        self.events.iter().any(|e| matches!(e.what, What::Answer { .. }))
    }

    /// A reading had to go.
    pub fn lose(&mut self, sequence: u32) {
        match self.in_flight {
            InFlight::Readings { end } if is_before(sequence, end) => self.perhaps_lost += 1,
            _ => self.lost = self.lost.saturating_add(1),
        }
    }

    /// The link is gone, and with it what was on its way.
    pub fn give_up(&mut self) {
        self.in_flight = InFlight::Nothing;
        self.lost = self.lost.saturating_add(self.perhaps_lost);
        self.perhaps_lost = 0;
    }

    /// What was on its way has arrived. Gives back what it was.
    pub fn delivered(&mut self) -> (InFlight, Option<Event>) {
        let arrived = core::mem::replace(&mut self.in_flight, InFlight::Nothing);
        self.perhaps_lost = 0;
        let mut event = None;
        match arrived {
            InFlight::Event if !self.events.is_empty() => event = Some(self.events.remove(0)),
            InFlight::Lost(count) => self.lost = self.lost.saturating_sub(count),
            _ => {}
        }
        (arrived, event)
    }
}

/// Whether a sequence number lies before another; they wrap.
pub(crate) fn is_before(sequence: u32, end: u32) -> bool {
    end.wrapping_sub(sequence).wrapping_sub(1) < u32::MAX / 2
}

#[cfg(test)]
mod tests {
    use telemetry::report::{Cause, Health};

    use super::*;

    fn health(channel: u8) -> What {
        let diagnosis = Diagnosis { health: Health::Failure, cause: Cause::Bus };
        What::Health { channel, diagnosis }
    }

    #[test]
    fn when_too_many_wait_the_oldest_health_goes_and_answers_stay() {
        let mut outbox = Outbox::new(0);
        outbox.push(Uptime(0), What::Boot);
        outbox.push(Uptime(1), What::Answer { counter: 1, refused: None });
        (0..MAX_REPORTS as u8).for_each(|i| outbox.push(Uptime(2), health(i)));
        assert!(outbox.has_answers());
        assert_eq!(outbox.events.len(), MAX_REPORTS);
        assert_eq!(outbox.events.last().unwrap().what, health(MAX_REPORTS as u8 - 1));
        assert_eq!(outbox.events[2].what, health(2));
    }

    #[test]
    fn a_reading_that_goes_while_on_its_way_is_lost_only_if_it_does_not_arrive() {
        for arrives in [true, false] {
            let mut outbox = Outbox::new(0);
            outbox.in_flight = InFlight::Readings { end: 5 };
            outbox.lose(4);
            outbox.lose(5);
            if arrives {
                outbox.delivered();
            } else {
                outbox.give_up();
            }
            assert_eq!(outbox.lost, if arrives { 1 } else { 2 });
        }
    }

    #[test]
    fn sequence_numbers_are_compared_across_their_end() {
        assert!(is_before(u32::MAX, 0) && is_before(1, 2) && is_before(u32::MAX - 5, 10));
        assert!(!is_before(0, 0) && !is_before(0, u32::MAX) && !is_before(3, 2));
    }
}
