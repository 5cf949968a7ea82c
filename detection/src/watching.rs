//! The time after learning: compares every frame with what is normal.

use serde::{Deserialize, Serialize};

use crate::{
    alarm::{Alarm, Combined, Scene, worst_first},
    channel::{Channel, Watched},
    detector::Channels,
    distance::{Combination, Suggested},
    findings::{Cause, Deviation, Finding, Slot},
    regimes::{Load, Regimes},
    settings::Settings,
};

/// State of an asset under watch.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Watching {
    since_us: i64,
    combination: Option<Combination>,
    regimes: Option<Regimes>,
    load: Load,
    /// When the combination went over its limit.
    combination_over_us: Option<i64>,
    combination_frames: u32,
    /// The combination was still unusual when the last deviation was cleared: it counts again
    /// once it has been back.
    combination_excused: bool,
    alarm: Alarm,
}

impl Watching {
    pub(crate) fn new(
        since_us: i64,
        combination: Option<Combination>,
        regimes: Option<Regimes>,
    ) -> Self {
        Self {
            since_us,
            combination,
            regimes,
            load: Load::Unknown,
            combination_over_us: None,
            combination_frames: 0,
            combination_excused: false,
            alarm: Alarm::Calm,
        }
    }

    pub(crate) fn load(&self) -> Load {
        self.load
    }

    pub(crate) fn since_us(&self) -> i64 {
        self.since_us
    }

    pub(crate) fn deviating_since_us(&self) -> Option<i64> {
        self.alarm.since_us()
    }

    /// Judges the asset after one more frame.
    pub(crate) fn next(
        &mut self,
        settings: &Settings,
        at_us: i64,
        channels: &mut Channels,
        findings: &mut Vec<Finding>,
    ) {
        learn_late_points(settings, at_us, channels, findings);
        if let Some(regimes) = &mut self.regimes {
            regimes.follow(at_us, channels.value(settings, at_us, regimes.slot()));
            self.load = regimes.load(settings, at_us);
        }
        let combination = self.judge_combination(settings, at_us, channels);
        let mut present = Vec::new();
        let mut deviating = Vec::new();
        for (slot, channel) in channels.iter() {
            if !channel.present(settings, at_us) {
                continue;
            }
            let Some(deviation) = channel.deviation(settings, slot, at_us) else { continue };
            present.push(deviation);
            if channel.deviates(settings) {
                deviating.push(deviation);
            }
        }
        worst_first(&mut deviating);
        let uncombined = self.uncombined(settings, at_us, channels, combination);
        let by_regime = |worst: &Deviation| {
            let point = channels.get(worst.slot.0).and_then(Channel::watched);
            point.is_some_and(Watched::by_regime) && worst.cause == Cause::Level
        };
        let scene = Scene {
            regime: self.load.regime(),
            bound: self.load.regime().filter(|_| deviating.first().is_some_and(by_regime)),
            settings,
            at_us,
            deviating: &deviating,
            present: &present,
            combination,
            uncombined: &uncombined,
        };
        let began = self.alarm.began_with(settings);
        let was_active = self.alarm.since_us().is_some();
        self.alarm = std::mem::take(&mut self.alarm).next(&scene, findings);
        if was_active && self.alarm.since_us().is_none() {
            for slot in began {
                if let Some(point) = channels.get_mut(slot).and_then(Channel::watched_mut) {
                    point.excuse(settings);
                }
            }
            self.combination_over_us = None;
            self.combination_excused = true;
        }
    }

    fn judge_combination(
        &mut self,
        settings: &Settings,
        at_us: i64,
        channels: &Channels,
    ) -> Combined {
        let score = |slot| channels.score(settings, at_us, slot);
        let distance = self.combination.as_mut().and_then(|learnt| learnt.distance(score));
        let level = distance.unwrap_or(0.0) / settings.combination_limit;
        if level < settings.off_level {
            self.combination_excused = false;
        }
        if level < 1.0 || self.combination_excused {
            self.combination_over_us = None;
            self.combination_frames = 0;
            return Combined { level, since_us: None };
        }
        let since_us = *self.combination_over_us.get_or_insert(at_us);
        self.combination_frames = self.combination_frames.saturating_add(1);
        let lasted = self.combination_frames >= settings.on_samples
            && at_us.saturating_sub(since_us) >= Settings::micros(settings.on_delay_s);
        Combined { level, since_us: lasted.then_some(since_us) }
    }

    /// What an unusual combination consists of; empty unless it could be raised now.
    fn uncombined(
        &self,
        settings: &Settings,
        at_us: i64,
        channels: &Channels,
        combined: Combined,
    ) -> Vec<Deviation> {
        let (Some(learnt), Some(since_us), None) =
            (&self.combination, combined.since_us, self.deviating_since_us())
        else {
            return Vec::new();
        };
        let deviation = |suggested: Suggested| {
            let channel = channels.get(suggested.slot)?;
            let own = channel.deviation(settings, suggested.slot, at_us)?;
            let expected = channel.watched()?.value_of(suggested.score);
            Some(Deviation {
                cause: Cause::Combination,
                expected,
                unusual: suggested.unusual,
                limits: suggested.unusual / settings.limit,
                since_us,
                ..own
            })
        };
        let score = |slot| channels.score(settings, at_us, slot);
        learnt.suggested(score).into_iter().filter_map(deviation).collect()
    }
}

fn learn_late_points(
    settings: &Settings,
    at_us: i64,
    channels: &mut Channels,
    findings: &mut Vec<Finding>,
) {
    let mut slots = Vec::new();
    for (slot, channel) in channels.iter_mut_with_slot() {
        if channel.learner().is_some_and(|learner| learner.complete(settings, 1.0)) {
            channel.learn(settings);
            slots.push(Slot(slot));
        }
    }
    if !slots.is_empty() {
        findings.push(Finding::Learned { at_us, slots });
    }
}
