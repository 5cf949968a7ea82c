//! Rules tried on the recorded past: which tickets they would have opened.

use crate::report::{Condition, Report};

/// A ticket that would have been opened. Times are measured times, microseconds.
#[derive(Debug, Clone, PartialEq)]
pub struct WouldBe {
    /// What it is known by: all conditions of this signature join it.
    pub signature: &'static str,
    /// The condition that would have opened it.
    pub opened_by: Condition,
    /// Keys of the conditions that held in it, that of `opened_by` first.
    pub keys: Vec<String>,
    /// When the last of its conditions was over; none: they held until the end.
    pub over_us: Option<i64>,
    /// Keys of those that hold now.
    holding: Vec<String>,
}

/// Gathers the reports of a watch into tickets, as alarms are: a condition opens the ticket of its
/// signature or joins the one that is there. A ticket lasts until none of its conditions holds; what
/// comes after that is another one, since in the past nobody was there to close it later.
#[derive(Debug, Clone, Default)]
pub struct Trial {
    tickets: Vec<WouldBe>,
    /// Conditions about sensors, which open no ticket.
    sensors: Vec<Condition>,
    learned_us: Option<i64>,
}

impl Trial {
    /// Takes a report in the order in which the watch gave it.
    pub fn take(&mut self, report: Report) {
        match report {
            Report::Learned { at_us, .. } => {
                self.learned_us.get_or_insert(at_us);
            }
            Report::Worsened { .. } => {}
            Report::Raised(condition) => match condition.class.signature() {
                None => self.sensors.push(condition),
                Some(signature) => self.raise(signature, condition),
            },
            Report::Cleared { key, at_us } => {
                for ticket in self.tickets.iter_mut().filter(|ticket| ticket.over_us.is_none()) {
                    ticket.holding.retain(|held| *held != key);
                    if ticket.holding.is_empty() {
                        ticket.over_us = Some(at_us);
                    }
                }
            }
        }
    }

    fn raise(&mut self, signature: &'static str, condition: Condition) {
        let open =
            |ticket: &&mut WouldBe| ticket.signature == signature && ticket.over_us.is_none();
        let key = condition.key.clone();
        match self.tickets.iter_mut().find(open) {
            Some(ticket) => {
                if !ticket.keys.contains(&key) {
                    ticket.keys.push(key.clone());
                }
                ticket.holding.push(key);
            }
            None => self.tickets.push(WouldBe {
                signature,
                opened_by: condition,
                keys: vec![key.clone()],
                over_us: None,
                holding: vec![key],
            }),
        }
    }

    /// The tickets, in the order of their opening.
    #[must_use]
    pub fn tickets(&self) -> &[WouldBe] {
        &self.tickets
    }

    /// What was found about sensors, in order.
    #[must_use]
    pub fn sensors(&self) -> &[Condition] {
        &self.sensors
    }

    /// When the machine had been learnt: before that only limits and sensors were judged.
    #[must_use]
    pub fn learned_us(&self) -> Option<i64> {
        self.learned_us
    }
}
