//! Readings on their way into one delivery.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use exchange::{Reading, Series};
use telemetry::delivery::{Delivery, Entry, Header, append_entry};
use telemetry::limits::{MAX_AHEAD_US, MAX_CHANNELS, MAX_UNIT_BYTES};
use telemetry::name::{BoardId, ChannelName};
use telemetry::pack::{self, Pack, Sample};
use telemetry::quantity::{Conversion, conversion};

/// Readings of one delivery. A reading takes up to 18 bytes and its names 160, so even one of
/// nothing but new names stays far below what the server takes.
const READINGS: usize = 20_000;

/// Why the server is not to have a reading; as the gateway decides.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    #[error("board {0:?}: {1}")]
    Board(String, telemetry::name::NameError),
    #[error("channel {0:?}: {1}")]
    Channel(String, telemetry::name::NameError),
    #[error("unit {0:?} is longer than {MAX_UNIT_BYTES} bytes")]
    Unit(String),
    #[error("the value is not finite")]
    NotFinite,
    #[error("the time is before 1970")]
    Before1970,
    #[error("the time is more than a day ahead of now")]
    Ahead,
}

/// A series by the names that the server will know it by.
#[derive(Clone)]
struct Canonical {
    board: BoardId,
    channel: ChannelName,
    unit: String,
    /// `None` where values stay as they are, which also keeps the sign of a zero.
    conversion: Option<Conversion>,
}

impl Canonical {
    fn of(series: &Series) -> Result<Self, Refused> {
        let Series { board, channel, unit } = series;
        let known = conversion(unit);
        if unit.len() > MAX_UNIT_BYTES {
            return Err(Refused::Unit(unit.clone()));
        }
        Ok(Self {
            board: BoardId::parse(board).map_err(|e| Refused::Board(board.clone(), e))?,
            channel: ChannelName::parse(channel)
                .map_err(|e| Refused::Channel(channel.clone(), e))?,
            unit: known.map_or(unit.as_str(), |k| k.unit).to_owned(),
            conversion: known.filter(|k| !k.is_identity()),
        })
    }
}

/// Decides what becomes of each reading. Series are looked at once.
pub struct Checks {
    now_us: i64,
    known: HashMap<Arc<Series>, Result<Arc<Canonical>, Refused>>,
}

/// A reading that goes in.
pub struct Checked {
    series: Arc<Canonical>,
    sample: Sample,
}

impl Checks {
    pub fn new(now_us: i64) -> Self {
        Self { now_us, known: HashMap::new() }
    }

    /// Series that go in.
    pub fn series(&self) -> usize {
        let names: std::collections::BTreeSet<_> = self
            .known
            .values()
            .flatten()
            .map(|c| (c.board.as_str(), c.channel.as_str(), c.unit.as_str()))
            .collect();
        names.len()
    }

    pub fn check(&mut self, reading: &Reading) -> Result<Checked, Refused> {
        let Reading { series, measured_at_us, value } = reading;
        let series = match self.known.get(series) {
            Some(known) => known.clone()?,
            None => {
                let found = Canonical::of(series).map(Arc::new);
                self.known.insert(Arc::clone(series), found.clone());
                found?
            }
        };
        let value = series.conversion.map_or(*value, |c| c.apply(*value));
        if !value.is_finite() {
            return Err(Refused::NotFinite);
        }
        if *measured_at_us < 0 {
            return Err(Refused::Before1970);
        }
        if *measured_at_us > self.now_us.saturating_add(MAX_AHEAD_US) {
            return Err(Refused::Ahead);
        }
        Ok(Checked { series, sample: Sample { measured_at_us: *measured_at_us, value } })
    }
}

/// The readings of one delivery.
#[derive(Default)]
pub struct Batch {
    boards: BTreeMap<BoardId, Vec<pack::Series>>,
    readings: usize,
    /// First and last place in the file.
    places: Option<(u64, u64)>,
}

impl Batch {
    pub fn is_empty(&self) -> bool {
        self.readings == 0
    }

    pub fn readings(&self) -> u64 {
        self.readings as u64
    }

    /// Last place in the file.
    pub fn last_place(&self) -> u64 {
        self.places.map_or(0, |(_, last)| last)
    }

    pub fn is_full(&self) -> bool {
        self.readings >= READINGS || self.boards.values().any(|s| s.len() >= MAX_CHANNELS)
    }

    pub fn add(&mut self, place: u64, checked: Checked) {
        let Checked { series, sample } = checked;
        if !self.boards.contains_key(&series.board) {
            self.boards.insert(series.board.clone(), Vec::new());
        }
        let Some(channels) = self.boards.get_mut(&series.board) else { return };
        let is = |s: &pack::Series| s.channel == series.channel && s.unit == series.unit;
        let at = channels.iter().rposition(is).unwrap_or_else(|| {
            let (channel, unit) = (series.channel.clone(), series.unit.clone());
            channels.push(pack::Series { channel, unit, samples: Vec::new() });
            channels.len() - 1
        });
        channels[at].samples.push(sample);
        self.readings += 1;
        self.places = Some((self.places.map_or(place, |(first, _)| first), place));
    }

    /// The delivery. Its numbers are places in the file: a repeated one is the same one.
    pub fn into_delivery(self, gateway: &str, received_at_us: i64) -> Delivery {
        let (first_seq, last_seq) = self.places.unwrap_or_default();
        let mut entries = Vec::new();
        for (board, series) in self.boards {
            append_entry(&mut entries, &Entry::Readings(Pack { board, received_at_us, series }));
        }
        Delivery { header: Header { gateway: gateway.to_owned(), first_seq, last_seq }, entries }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reading(unit: &str, measured_at_us: i64, value: f64) -> Reading {
        let (board, channel) = ("b1".to_owned(), "t".to_owned());
        let series = Arc::new(Series { board, channel, unit: unit.to_owned() });
        Reading { series, measured_at_us, value }
    }

    #[test]
    fn a_reading_goes_in_as_the_gateway_would_let_it_in() {
        let mut checks = Checks::new(1_000);
        let bar = checks.check(&reading("bar", 5, 2.0)).ok().unwrap();
        assert_eq!((bar.series.unit.as_str(), bar.sample.value), ("Pa", 200_000.0));
        let zero = checks.check(&reading("Pa", 5, -0.0)).ok().unwrap();
        assert_eq!(zero.sample.value.to_bits(), (-0.0_f64).to_bits());
        assert_eq!(checks.series(), 1);
        let mut refused = |reading| checks.check(&reading).err().unwrap();
        assert_eq!(refused(reading("Pa", 5, f64::NAN)), Refused::NotFinite);
        assert_eq!(refused(reading("bar", 5, f64::MAX)), Refused::NotFinite);
        assert_eq!(refused(reading("Pa", -1, 1.0)), Refused::Before1970);
        assert_eq!(refused(reading("Pa", 2_000 + MAX_AHEAD_US, 1.0)), Refused::Ahead);
        assert!(matches!(refused(reading(&"x".repeat(33), 5, 1.0)), Refused::Unit(_)));
    }
}
