//! Puts readings that arrive interleaved and slightly out of order into time-ordered frames.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use crate::settings::Settings;

/// The readings of one tick. Only points that reported in it are there.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Frame {
    index: i64,
    /// Newest measured time in the frame, microseconds.
    pub(crate) at_us: i64,
    /// Sorted by slot.
    cells: Vec<Cell>,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Cell {
    slot: u16,
    count: u32,
    mean: f64,
}

impl Frame {
    /// Slot and mean value of the points that reported, in order of slot.
    pub(crate) fn values(&self) -> impl Iterator<Item = (u16, f64)> + '_ {
        self.cells.iter().map(|cell| (cell.slot, cell.mean))
    }

    fn add(&mut self, slot: u16, at_us: i64, value: f64) {
        self.at_us = self.at_us.max(at_us);
        match self.cells.binary_search_by_key(&slot, |cell| cell.slot) {
            Ok(found) => {
                let cell = &mut self.cells[found];
                cell.count += 1;
                // Divided first: the difference of two huge values must not overflow.
                let share = 1.0 / f64::from(cell.count);
                cell.mean = cell.mean * (1.0 - share) + value * share;
            }
            Err(place) => self.cells.insert(place, Cell { slot, count: 1, mean: value }),
        }
    }
}

/// Frames that are still open, and how far time has come.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Frames {
    open: VecDeque<Frame>,
    newest_us: Option<i64>,
    /// Frames with an index below this one are closed.
    closed_below: Option<i64>,
    late: u64,
}

impl Frames {
    /// Takes one reading; false when it is too late to count.
    pub(crate) fn add(
        &mut self,
        settings: &Settings,
        slot: u16,
        measured_at_us: i64,
        value: f64,
    ) -> bool {
        let index = measured_at_us.div_euclid(settings.tick_us());
        if self.closed_below.is_some_and(|below| index < below) {
            self.late += 1;
            return false;
        }
        self.newest_us = Some(self.newest_us.map_or(measured_at_us, |us| us.max(measured_at_us)));
        // Nearly always the newest frame, hence from the back.
        let place = self.open.iter().rposition(|frame| frame.index <= index);
        match place {
            Some(found) if self.open[found].index == index => {
                self.open[found].add(slot, measured_at_us, value);
            }
            _ => {
                let mut frame = Frame { index, at_us: measured_at_us, cells: Vec::new() };
                frame.add(slot, measured_at_us, value);
                self.open.insert(place.map_or(0, |before| before + 1), frame);
            }
        }
        true
    }

    /// The oldest frame that can no longer change, if there is one.
    pub(crate) fn next_closed(&mut self, settings: &Settings) -> Option<Frame> {
        let tick_us = settings.tick_us();
        let lateness_us = Settings::micros(settings.lateness_s);
        let judged_us = self.newest_us?.saturating_sub(lateness_us);
        let below = judged_us.div_euclid(tick_us);
        self.closed_below = Some(self.closed_below.map_or(below, |old| old.max(below)));
        if self.open.front()?.index < below { self.open.pop_front() } else { None }
    }

    /// Readings measured before this time change nothing any more, microseconds.
    pub(crate) fn watermark_us(&self, settings: &Settings) -> Option<i64> {
        Some(self.closed_below?.saturating_mul(settings.tick_us()))
    }

    pub(crate) fn late(&self) -> u64 {
        self.late
    }
}
