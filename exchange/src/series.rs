//! Whose a reading is.

use std::collections::HashMap;
use std::sync::Arc;

/// What one channel of one board reports in one unit.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Series {
    /// Board that reported it.
    pub board: String,
    /// Channel of the board.
    pub channel: String,
    /// Unit of its readings; empty when none was given.
    pub unit: String,
}

/// More series than this are not remembered: a file of nothing but new names stays cheap to read.
const REMEMBERED: usize = 100_000;

/// The series that were read so far, so that each is kept once.
#[derive(Default)]
pub(crate) struct Known {
    last: Option<Arc<Series>>,
    all: HashMap<Series, Arc<Series>>,
}

impl Known {
    pub fn find(&mut self, board: &str, channel: &str, unit: &str) -> Arc<Series> {
        let is = |s: &Series| s.board == board && s.channel == channel && s.unit == unit;
        if let Some(last) = self.last.as_ref().filter(|last| is(last)) {
            return Arc::clone(last);
        }
        let series =
            Series { board: board.to_owned(), channel: channel.to_owned(), unit: unit.to_owned() };
        if self.all.len() >= REMEMBERED {
            self.all.clear();
        }
        let known =
            self.all.entry(series).or_insert_with_key(|series| Arc::new(series.clone())).clone();
        self.last = Some(Arc::clone(&known));
        known
    }
}
