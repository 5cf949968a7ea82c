//! What is known about boards, held in memory so that a reading costs no query.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use ::telemetry::pack::{Pack, Sample};
use sqlx::AnyPool;
use store::{Range, SeriesId, SeriesName, TelemetryStore};

use super::{keep_board, keep_channel};
use crate::app::App;
use crate::calibrations::{self, Correction};
use crate::http::Problem;

/// Which point a series speaks for, and when.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Binding {
    pub asset_id: String,
    pub point_id: String,
    pub slot: u16,
    pub valid: Range,
    /// As the sensor was calibrated in that time.
    pub correction: Correction,
}

/// A stretch of time in which a series spoke for a point.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stretch {
    pub series: SeriesId,
    pub valid: Range,
    pub correction: Correction,
}

/// A channel in one unit.
#[derive(Debug)]
pub(super) struct Channel {
    pub unit: String,
    pub series: SeriesId,
    pub first_seen_at: i64,
    /// Newest measured time, its value, and when it was received; since this server started.
    pub last: Option<(Sample, i64)>,
    /// In order of their beginning; shared with the readings that are on their way.
    pub bindings: Arc<[Binding]>,
}

/// By name. Nearly every channel has one unit.
type Channels = HashMap<String, Vec<Channel>>;

/// What is known about boards, held in memory so that a reading costs no query.
#[derive(Debug, Default)]
pub(crate) struct Directory {
    boards: HashMap<String, Channels>,
}

/// The samples of one channel in one pack, with what is known about it.
pub(crate) struct Resolved<'a> {
    pub series: SeriesId,
    pub samples: &'a [Sample],
    pub unit: &'a str,
    pub received_at_us: i64,
    pub bindings: Arc<[Binding]>,
}

impl Directory {
    pub async fn load(db: &AnyPool, store: &dyn TelemetryStore) -> Result<Self, sqlx::Error> {
        let mut directory = Self::default();
        let channels: Vec<(i64, String, String, String, i64)> =
            sqlx::query_as("SELECT series, board_id, channel, unit, first_seen_at FROM channels")
                .fetch_all(db)
                .await?;
        let calibrations = calibrations::by_series(db).await?;
        let mut bindings = load_bindings(db).await?;
        for (series, board, channel, unit, first_seen_at) in channels {
            store.introduce(SeriesId(series), name(&board, &channel, &unit));
            let bindings = bindings.remove(&series).unwrap_or_default();
            let dated = calibrations.get(&series).map_or(&[][..], Vec::as_slice);
            let bindings = bindings.iter().flat_map(|b| as_calibrated(b, dated)).collect();
            let series = SeriesId(series);
            let known = Channel { unit, series, first_seen_at, last: None, bindings };
            directory.boards.entry(board).or_default().entry(channel).or_default().push(known);
        }
        Ok(directory)
    }

    /// Takes over the newest readings that an older directory knew.
    fn remember(&mut self, old: &Self) {
        let channels = self.boards.iter_mut().flat_map(|(board, channels)| {
            channels.iter_mut().map(move |(name, units)| (board, name, units))
        });
        for (board, name, units) in channels {
            for channel in units {
                channel.last = old.find(board, name, &channel.unit).and_then(|c| c.last);
            }
        }
    }

    /// The channels of a board, by name.
    pub(super) fn of_board(&self, board: &str) -> impl Iterator<Item = (&str, &Channel)> {
        let channels = self.boards.get(board).into_iter().flatten();
        channels.flat_map(|(name, units)| units.iter().map(|c| (name.as_str(), c)))
    }

    fn all(&self) -> impl Iterator<Item = &Channel> {
        self.boards.values().flat_map(HashMap::values).flatten()
    }

    /// Newest measured time and time of receipt over an asset's channels.
    pub fn last_of_asset(&self, asset_id: &str) -> Option<(i64, i64)> {
        let of_asset = |c: &&Channel| c.bindings.iter().any(|b| b.asset_id == asset_id);
        let lasts =
            self.all().filter(of_asset).filter_map(|c| c.last.map(|(s, r)| (s.measured_at_us, r)));
        lasts.reduce(|a, b| (a.0.max(b.0), a.1.max(b.1)))
    }

    /// The series that speak for an asset's points.
    pub fn series_of(&self, asset_id: &str) -> Vec<(SeriesId, Binding)> {
        let bound = self.all().flat_map(|c| c.bindings.iter().map(|b| (c.series, b.clone())));
        bound.filter(|(_, b)| b.asset_id == asset_id).collect()
    }

    /// The series that spoke for a point, in order of time.
    pub fn stretches_of(&self, point_id: &str) -> Vec<Stretch> {
        let of_point = self.all().flat_map(|c| {
            let bindings = c.bindings.iter().filter(|b| b.point_id == point_id);
            let stretch = |b: &Binding| Stretch {
                series: c.series,
                valid: b.valid,
                correction: b.correction,
            };
            bindings.map(stretch)
        });
        let mut stretches: Vec<_> = of_point.collect();
        stretches.sort_by_key(|s| s.valid.from_us);
        stretches
    }

    /// Every stretch of time in which a series spoke for a point.
    pub fn all_bound(&self) -> impl Iterator<Item = (SeriesId, &Binding)> {
        self.all().flat_map(|c| c.bindings.iter().map(|b| (c.series, b)))
    }

    /// The series of a channel.
    pub fn series_named(&self, board: &str, channel: &str, unit: &str) -> Option<SeriesId> {
        self.find(board, channel, unit).map(|c| c.series)
    }

    /// The assets that a series ever spoke for.
    pub fn assets_of(&self, series: SeriesId) -> BTreeSet<String> {
        let channels = self.all().filter(|c| c.series == series);
        channels.flat_map(|c| c.bindings.iter().map(|b| b.asset_id.clone())).collect()
    }

    fn find(&self, board: &str, channel: &str, unit: &str) -> Option<&Channel> {
        self.boards.get(board)?.get(channel)?.iter().find(|c| c.unit == unit)
    }
}

fn name(board: &str, channel: &str, unit: &str) -> SeriesName {
    SeriesName { board: board.to_owned(), channel: channel.to_owned(), unit: unit.to_owned() }
}

async fn load_bindings(db: &AnyPool) -> Result<HashMap<i64, Vec<Binding>>, sqlx::Error> {
    let rows: Vec<(i64, String, String, i64, i64, i64)> = sqlx::query_as(
        "SELECT b.series, p.asset_id, p.id, p.slot, b.valid_from, b.valid_to \
         FROM bindings b JOIN points p ON p.id = b.point_id ORDER BY b.valid_from",
    )
    .fetch_all(db)
    .await?;
    let mut bindings: HashMap<i64, Vec<Binding>> = HashMap::new();
    for (series, asset_id, point_id, slot, from_us, to_us) in rows {
        let slot = u16::try_from(slot).unwrap_or(u16::MAX);
        let binding = Binding {
            asset_id,
            point_id,
            slot,
            valid: Range { from_us, to_us },
            correction: Correction::NONE,
        };
        bindings.entry(series).or_default().push(binding);
    }
    Ok(bindings)
}

/// Cuts a binding where the sensor was calibrated anew.
fn as_calibrated(binding: &Binding, dated: &[(i64, Correction)]) -> Vec<Binding> {
    let edges = dated.iter().map(|(from_us, _)| *from_us).chain([i64::MAX]);
    let starts = std::iter::once((i64::MIN, Correction::NONE)).chain(dated.iter().copied());
    starts
        .zip(edges)
        .map(|((from_us, correction), to_us)| Binding {
            valid: binding.valid.within(Range { from_us, to_us }),
            correction,
            ..binding.clone()
        })
        .filter(|part| !part.valid.is_empty())
        .collect()
}

/// Reads the directory again after a change of bindings or calibrations.
pub(crate) async fn reload(app: &App) -> Result<(), Problem> {
    let mut directory = app.directory.write().await;
    let fresh = Directory::load(&app.database, &*app.store).await?;
    let old = std::mem::replace(&mut *directory, fresh);
    directory.remember(&old);
    app.descriptions.points_changed();
    Ok(())
}

/// Finds the series of every channel in the packs; channels seen for the first time are kept.
pub(crate) async fn resolve<'a>(
    app: &App,
    packs: &'a [Pack],
) -> Result<Vec<Resolved<'a>>, Problem> {
    let unknown = {
        let directory = app.directory.read().await;
        packs.iter().any(|p| {
            p.series
                .iter()
                .any(|s| directory.find(p.board.as_str(), s.channel.as_str(), &s.unit).is_none())
        })
    };
    let mut directory = app.directory.write().await;
    if unknown {
        meet(app, &mut directory, packs).await?;
    }
    let mut resolved = Vec::new();
    for pack in packs {
        let Some(channels) = directory.boards.get_mut(pack.board.as_str()) else { continue };
        for s in &pack.series {
            let mut units = channels.get_mut(s.channel.as_str()).into_iter().flatten();
            let Some(channel) = units.find(|c| c.unit == s.unit) else { continue };
            if let Some(newest) = s.samples.iter().max_by_key(|s| s.measured_at_us)
                && channel.last.is_none_or(|(l, _)| l.measured_at_us <= newest.measured_at_us)
            {
                channel.last = Some((*newest, pack.received_at_us));
            }
            resolved.push(Resolved {
                series: channel.series,
                samples: &s.samples,
                unit: &s.unit,
                received_at_us: pack.received_at_us,
                bindings: channel.bindings.clone(),
            });
        }
    }
    Ok(resolved)
}

async fn meet(app: &App, directory: &mut Directory, packs: &[Pack]) -> Result<(), Problem> {
    let mut tx = app.database.begin().await?;
    let mut met = Vec::new();
    for pack in packs {
        for s in &pack.series {
            let board = pack.board.as_str();
            if directory.find(board, s.channel.as_str(), &s.unit).is_none() {
                let at = pack.received_at_us;
                keep_board(&mut tx, board, at).await?;
                let series = keep_channel(&mut tx, board, s.channel.as_str(), &s.unit, at).await?;
                met.push((board.to_owned(), s.channel.as_str().to_owned(), &s.unit, series, at));
            }
        }
    }
    tx.commit().await?;
    for (board, channel, unit, series, first_seen_at) in met {
        let series = SeriesId(series);
        app.store.introduce(series, name(&board, &channel, unit));
        if directory.find(&board, &channel, unit).is_none() {
            let (unit, bindings) = (unit.clone(), Arc::default());
            let new = Channel { unit, series, first_seen_at, last: None, bindings };
            directory.boards.entry(board).or_default().entry(channel).or_default().push(new);
        }
    }
    Ok(())
}
