//! The detector of one asset.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    channel::{Channel, Watched},
    distance::Combination,
    findings::{Finding, Normal, Slot},
    frames::{Frame, Frames},
    learning::{Learner, Thinned},
    regimes::{Load, Regimes},
    settings::{Character, Settings},
    watching::Watching,
};

/// A point belongs to the first learning window when it was there for this part of it.
const PRESENT_PART: f64 = 0.9;

/// Where a detector stands. Times are measured times, microseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "phase", rename_all = "snake_case")]
pub enum Phase {
    /// No frame has been judged yet.
    Waiting,
    /// Learning what is normal.
    Learning {
        /// First reading that is learnt from.
        from_us: i64,
        /// When learning is expected to end; gaps and slow points move it.
        until_us: i64,
    },
    /// Watching for deviations.
    Watching {
        /// First reading that was judged.
        since_us: i64,
        /// Beginning of the active deviation, if there is one.
        deviating_since_us: Option<i64>,
    },
}

/// Readings that changed nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Older than the frames that are judged already.
    pub late: u64,
    /// Not a finite number, or of a slot beyond `Settings::points_max`.
    pub refused: u64,
}

/// Watches one asset. See the crate's documentation.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Detector {
    settings: Settings,
    frames: Frames,
    channels: Channels,
    mode: Mode,
    refused: u64,
    characters: BTreeMap<u16, Character>,
}

/// The points by slot.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Channels(Vec<Option<Channel>>);

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Mode {
    #[default]
    Waiting,
    Learning(Learning),
    Watching(Box<Watching>),
}

/// The first learning window of the asset.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Learning {
    from_us: i64,
    /// Smoothed values of all points, by slot, one row per frame: how they go together.
    rows: Thinned<Vec<Option<f64>>>,
}

impl Detector {
    /// A detector that has seen nothing yet.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        Self {
            settings,
            frames: Frames::default(),
            channels: Channels::default(),
            mode: Mode::Waiting,
            refused: 0,
            characters: BTreeMap::new(),
        }
    }

    /// Says what is known of a point beforehand; otherwise it is taken as [`Character`]'s default
    /// says. Only a point that has not reported yet is affected.
    pub fn know(&mut self, slot: Slot, character: Character) {
        self.characters.insert(slot.0, character);
    }

    /// The point that tells the load.
    fn load(&self) -> Option<u16> {
        self.characters.iter().find(|(_, character)| character.load).map(|(slot, _)| *slot)
    }

    fn character(&self, slot: u16) -> Character {
        self.characters.get(&slot).copied().unwrap_or_default()
    }

    /// Takes one reading in the point's own unit, measured at `measured_at_us` (microseconds on
    /// any one time axis), and appends what follows from it to `findings`.
    ///
    /// A value that is not finite is refused and counted: the caller is expected to have rejected
    /// it, and to have rejected times in the future, since a frame is closed by newer readings.
    pub fn observe(
        &mut self,
        slot: Slot,
        measured_at_us: i64,
        value: f64,
        findings: &mut Vec<Finding>,
    ) {
        if !value.is_finite() || slot.0 >= self.settings.points_max {
            self.refused += 1;
            return;
        }
        if !self.frames.add(&self.settings, slot.0, measured_at_us, value) {
            return;
        }
        while let Some(frame) = self.frames.next_closed(&self.settings) {
            self.judge(&frame, findings);
        }
    }

    /// What the detector is doing, and whether a deviation is active.
    #[must_use]
    pub fn phase(&self) -> Phase {
        match &self.mode {
            Mode::Waiting => Phase::Waiting,
            Mode::Learning(learning) => learning.phase(&self.settings, &self.channels),
            Mode::Watching(watching) => Phase::Watching {
                since_us: watching.since_us(),
                deviating_since_us: watching.deviating_since_us(),
            },
        }
    }

    /// The band inside which a point is normal now; none until the point is learnt.
    #[must_use]
    pub fn normal(&self, slot: Slot) -> Option<Normal> {
        Some(self.channels.get(slot.0)?.watched()?.normal(&self.settings))
    }

    /// Everything measured before this time has been judged: older readings change nothing.
    #[must_use]
    pub fn watermark_us(&self) -> Option<i64> {
        self.frames.watermark_us(&self.settings)
    }

    /// Readings that changed nothing, since the detector began.
    #[must_use]
    pub fn counts(&self) -> Counts {
        Counts { late: self.frames.late(), refused: self.refused }
    }

    fn judge(&mut self, frame: &Frame, findings: &mut Vec<Finding>) {
        let load = match &self.mode {
            Mode::Watching(watching) => watching.load(),
            Mode::Waiting | Mode::Learning(_) => Load::Unknown,
        };
        for (slot, value) in frame.values() {
            let character = self.character(slot);
            self.channels.take(&self.settings, (slot, character, load), frame.at_us, value);
        }
        let mode = std::mem::take(&mut self.mode);
        self.mode = match mode {
            Mode::Waiting => Mode::Learning(Learning::new(frame.at_us)),
            Mode::Learning(learning) => {
                let load = self.load();
                learning.next(&self.settings, frame.at_us, load, &mut self.channels, findings)
            }
            Mode::Watching(mut watching) => {
                watching.next(&self.settings, frame.at_us, &mut self.channels, findings);
                Mode::Watching(watching)
            }
        };
    }
}

impl Learning {
    fn new(from_us: i64) -> Self {
        Self { from_us, rows: Thinned::default() }
    }

    fn next(
        mut self,
        settings: &Settings,
        at_us: i64,
        load: Option<u16>,
        channels: &mut Channels,
        findings: &mut Vec<Finding>,
    ) -> Mode {
        let row = channels.smoothed(settings, at_us);
        self.rows.push(settings.learning_frames_max, row, |first, _, _| first);
        if !channels.learners().any(|learner| learner.complete(settings, 1.0)) {
            return Mode::Learning(self);
        }
        let mut learnt = Vec::new();
        for (slot, channel) in channels.iter_mut_with_slot() {
            if channel.learner().is_some_and(|learner| learner.complete(settings, PRESENT_PART)) {
                channel.learn(settings);
                learnt.push(slot);
            }
        }
        let combination = self.combination(channels, &learnt);
        let regimes = load.and_then(|load| self.regimes(settings, at_us, load, channels, &learnt));
        findings.push(Finding::Learned { at_us, slots: learnt.into_iter().map(Slot).collect() });
        Mode::Watching(Box::new(Watching::new(at_us, combination, regimes)))
    }

    fn combination(&self, channels: &Channels, learnt: &[u16]) -> Option<Combination> {
        let points: Vec<(usize, &Watched)> = learnt
            .iter()
            .filter_map(|slot| Some((usize::from(*slot), channels.get(*slot)?.watched()?)))
            .collect();
        let scored = |row: &Vec<Option<f64>>| -> Option<Vec<f64>> {
            let score =
                |(slot, point): &(usize, &Watched)| Some(point.score_of(row.get(*slot).copied()??));
            points.iter().map(score).collect()
        };
        let rows: Vec<Vec<f64>> = self.rows.as_slice().iter().filter_map(scored).collect();
        Combination::learn(learnt.to_vec(), &rows)
    }

    fn regimes(
        &self,
        settings: &Settings,
        at_us: i64,
        load: u16,
        channels: &mut Channels,
        learnt: &[u16],
    ) -> Option<Regimes> {
        let column = |slot: u16| -> Vec<Option<f64>> {
            let rows = self.rows.as_slice().iter();
            rows.map(|row| row.get(usize::from(slot)).copied().flatten()).collect()
        };
        let loads = column(load);
        let regimes = Regimes::learn(load, &loads)?;
        let row_us = at_us.saturating_sub(self.from_us) as f64 / loads.len().max(1) as f64;
        let settling = (settings.settling_s * 1e6 / row_us.max(1.0)).ceil() as usize;
        // What a slow point shows follows from the loads of the last hours, not from this one.
        for slot in learnt.iter().copied().filter(|slot| *slot != load) {
            let Some(channel) = channels.get_mut(slot).filter(|channel| !channel.slow()) else {
                continue;
            };
            let visited = regimes.visited(&loads, &column(slot), settling);
            if let Some(point) = channel.watched_mut() {
                point.learn_regimes(settings, &visited);
            }
        }
        Some(regimes)
    }

    fn phase(&self, settings: &Settings, channels: &Channels) -> Phase {
        let remaining_us =
            channels.learners().map(|learner| learner.remaining_us(settings)).min().unwrap_or(0);
        let newest_us = channels.newest_us().unwrap_or(self.from_us);
        Phase::Learning { from_us: self.from_us, until_us: newest_us.saturating_add(remaining_us) }
    }
}

impl Channels {
    fn take(
        &mut self,
        settings: &Settings,
        (slot, character, load): (u16, Character, Load),
        at_us: i64,
        value: f64,
    ) {
        let place = usize::from(slot);
        if self.0.len() <= place {
            self.0.resize(place + 1, None);
        }
        match &mut self.0[place] {
            Some(channel) => channel.take(settings, load, at_us, value),
            empty => *empty = Some(Channel::new(settings, character, at_us, value)),
        }
    }

    pub(crate) fn get(&self, slot: u16) -> Option<&Channel> {
        self.0.get(usize::from(slot))?.as_ref()
    }

    /// Signed distance of a learnt and present point from what is expected of it under any load.
    pub(crate) fn score(&self, settings: &Settings, at_us: i64, slot: u16) -> Option<f64> {
        let channel = self.get(slot).filter(|channel| channel.present(settings, at_us))?;
        channel.watched().map(|watched| watched.score_of(channel.smoothed()))
    }

    /// Smoothed value of a point that is present.
    pub(crate) fn value(&self, settings: &Settings, at_us: i64, slot: u16) -> Option<f64> {
        let channel = self.get(slot).filter(|channel| channel.present(settings, at_us))?;
        Some(channel.smoothed())
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (u16, &Channel)> {
        (0u16..).zip(&self.0).filter_map(|(slot, channel)| Some((slot, channel.as_ref()?)))
    }

    pub(crate) fn get_mut(&mut self, slot: u16) -> Option<&mut Channel> {
        self.0.get_mut(usize::from(slot))?.as_mut()
    }

    pub(crate) fn iter_mut_with_slot(&mut self) -> impl Iterator<Item = (u16, &mut Channel)> {
        (0u16..).zip(&mut self.0).filter_map(|(slot, channel)| Some((slot, channel.as_mut()?)))
    }

    fn learners(&self) -> impl Iterator<Item = &Learner> {
        self.0.iter().flatten().filter_map(Channel::learner)
    }

    fn newest_us(&self) -> Option<i64> {
        self.0.iter().flatten().map(Channel::at_us).max()
    }

    fn smoothed(&self, settings: &Settings, at_us: i64) -> Vec<Option<f64>> {
        let value = |channel: &Option<Channel>| {
            let channel = channel.as_ref().filter(|channel| channel.present(settings, at_us))?;
            Some(channel.smoothed())
        };
        self.0.iter().map(value).collect()
    }
}
