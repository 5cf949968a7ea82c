//! One measurement point: its smoothed signal, and what is known about it.

use serde::{Deserialize, Serialize};

use crate::{
    baseline::Baseline,
    findings::{Cause, Deviation, Normal, Slot},
    learning::Learner,
    regimes::{Load, Visited},
    settings::{Character, Settings, lag_gain},
};

/// Before smoothing, values are limited to this many times the limit, so that one spike moves the
/// smoothed value by a bounded amount.
const CLIP: f64 = 3.0;
/// Weight of a new interval in the running estimate of the sampling interval.
const INTERVAL_GAIN: f64 = 0.1;
/// One interval counts at most this many times the estimate.
const INTERVAL_GROWTH: f64 = 4.0;

/// A point that has reported at least once.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Channel {
    slow: bool,
    at_us: i64,
    interval_us: f64,
    /// Last three readings, oldest first.
    recent: [f64; 3],
    smoothed: f64,
    /// The mean of the last seconds, and the mean before them.
    means: Means,
    knowledge: Knowledge,
}

/// Two means of different memory: their distance shows a change.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Means {
    recent: f64,
    before: f64,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Knowledge {
    Learning(Learner),
    Learnt(Watched),
}

/// A learnt point under watch.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Watched {
    /// Under any load.
    baseline: Baseline,
    /// In each regime, where enough of it was seen.
    regimes: Vec<Option<Baseline>>,
    /// The regime by which the point is judged now.
    regime: Option<usize>,
    /// Signed distance from the expected value, robust standard deviations.
    score: f64,
    changed: Option<Changed>,
    over: Option<Over>,
    /// From crossing the limit until well inside it again the expected value stays where it is:
    /// it must not follow a fault.
    held: bool,
    /// The point was still away when the last deviation was cleared: it counts again once it has
    /// been back, or is further away than this score.
    excused_up_to: Option<f64>,
}

/// A point that went from one level to another.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Changed {
    /// The level before.
    from: f64,
    /// Distance of the recent mean from it, robust standard deviations.
    by: f64,
}

/// A point outside its band.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Over {
    since_us: i64,
    samples: u32,
}

impl Channel {
    pub(crate) fn new(settings: &Settings, character: Character, at_us: i64, value: f64) -> Self {
        let mut learner = Learner::new(character);
        learner.add(settings, 0, value);
        Self {
            slow: character.slow,
            at_us,
            interval_us: settings.tick_us() as f64,
            recent: [value; 3],
            smoothed: value,
            means: Means { recent: value, before: value },
            knowledge: Knowledge::Learning(learner),
        }
    }

    /// Takes the value of one frame.
    pub(crate) fn take(&mut self, settings: &Settings, load: Load, at_us: i64, value: f64) {
        let elapsed_us = at_us.saturating_sub(self.at_us).max(1);
        let silent = elapsed_us > self.hold_us(settings);
        self.keep_pace(settings, elapsed_us);
        self.at_us = at_us;
        self.recent = [self.recent[1], self.recent[2], value];
        // A gap must not let one reading replace the smoothed value.
        let step_us = (elapsed_us as f64).min(2.0 * self.interval_us);
        let gain = |constant_us: f64| lag_gain(step_us, constant_us);
        let smoothing = gain(settings.smoothing_us(self.interval_us));
        let (recent_us, before_us) = settings.change_us(self.interval_us);
        match &mut self.knowledge {
            Knowledge::Learning(learner) => {
                self.smoothed += smoothing * (value - self.smoothed);
                self.means.recent += gain(recent_us) * (value - self.means.recent);
                self.means.before += gain(before_us) * (value - self.means.before);
                learner.add(settings, elapsed_us, value);
            }
            Knowledge::Learnt(watched) => {
                watched.regime = load.regime();
                if load == Load::Settling && watched.changed.is_none() {
                    // What changes with the load is no change of the machine.
                    self.means.before = self.means.recent;
                }
                let clipped = watched.baseline.clip(value, CLIP * settings.limit);
                self.smoothed += smoothing * (clipped - self.smoothed);
                self.means.recent += gain(recent_us) * (clipped - self.means.recent);
                if silent {
                    watched.over = None;
                }
                watched.judge(settings, at_us, self.smoothed, self.means);
                if !watched.held {
                    self.means.before += gain(before_us) * (clipped - self.means.before);
                    let adaptation = gain(settings.adaptation_us(self.interval_us));
                    watched.follow(self.smoothed, adaptation);
                }
            }
        }
    }

    fn keep_pace(&mut self, settings: &Settings, elapsed_us: i64) {
        let counted = (elapsed_us as f64).min(INTERVAL_GROWTH * self.interval_us);
        let estimate = self.interval_us + INTERVAL_GAIN * (counted - self.interval_us);
        self.interval_us = estimate.max(settings.tick_us() as f64);
    }

    fn hold_us(&self, settings: &Settings) -> i64 {
        (settings.hold_intervals * self.interval_us) as i64
    }

    /// Median of the last three readings.
    pub(crate) fn seen(&self) -> f64 {
        let [a, b, c] = self.recent;
        a.max(b).min(a.min(b).max(c))
    }

    pub(crate) fn slow(&self) -> bool {
        self.slow
    }

    pub(crate) fn at_us(&self) -> i64 {
        self.at_us
    }

    pub(crate) fn smoothed(&self) -> f64 {
        self.smoothed
    }

    pub(crate) fn present(&self, settings: &Settings, now_us: i64) -> bool {
        now_us.saturating_sub(self.at_us) <= self.hold_us(settings)
    }

    pub(crate) fn learner(&self) -> Option<&Learner> {
        match &self.knowledge {
            Knowledge::Learning(learner) => Some(learner),
            Knowledge::Learnt(_) => None,
        }
    }

    pub(crate) fn watched(&self) -> Option<&Watched> {
        match &self.knowledge {
            Knowledge::Learning(_) => None,
            Knowledge::Learnt(watched) => Some(watched),
        }
    }

    pub(crate) fn watched_mut(&mut self) -> Option<&mut Watched> {
        match &mut self.knowledge {
            Knowledge::Learning(_) => None,
            Knowledge::Learnt(watched) => Some(watched),
        }
    }

    /// Ends learning; a point that is learnt already stays as it is.
    pub(crate) fn learn(&mut self, settings: &Settings) {
        if let Knowledge::Learning(learner) = &self.knowledge {
            let baseline = learner.baseline(settings);
            let score = baseline.score(self.smoothed);
            self.knowledge = Knowledge::Learnt(Watched {
                baseline,
                regimes: Vec::new(),
                regime: None,
                score,
                changed: None,
                over: None,
                held: false,
                excused_up_to: None,
            });
        }
    }

    /// Whether the point has been outside its band for the on-delay.
    pub(crate) fn deviates(&self, settings: &Settings) -> bool {
        self.watched().and_then(|watched| watched.over).is_some_and(|over| {
            over.samples >= settings.on_samples
                && self.at_us.saturating_sub(over.since_us) >= Settings::micros(settings.on_delay_s)
        })
    }

    pub(crate) fn since_us(&self) -> Option<i64> {
        Some(self.watched()?.over?.since_us)
    }

    pub(crate) fn deviation(
        &self,
        settings: &Settings,
        slot: u16,
        now_us: i64,
    ) -> Option<Deviation> {
        let watched = self.watched()?;
        let level = watched.active().normal(settings.limit);
        let (cause, unusual, Normal { expected, low, high }) = match watched.changed {
            Some(changed) if watched.by_change(settings) => {
                let band = settings.change_limit * watched.baseline.change();
                let Changed { from, by } = changed;
                (Cause::Change, by, Normal { expected: from, low: from - band, high: from + band })
            }
            _ => (Cause::Level, watched.score.abs(), level),
        };
        Some(Deviation {
            slot: Slot(slot),
            cause,
            expected,
            low,
            high,
            seen: self.seen(),
            unusual,
            limits: watched.away(settings),
            since_us: self.since_us().unwrap_or(now_us),
        })
    }
}

impl Watched {
    /// What the point is judged by.
    fn active(&self) -> &Baseline {
        let of_regime = self.regime.and_then(|regime| self.regimes.get(regime)?.as_ref());
        of_regime.unwrap_or(&self.baseline)
    }

    fn follow(&mut self, smoothed: f64, gain: f64) {
        self.baseline.follow(smoothed, gain);
        let of_regime = self.regime.and_then(|regime| self.regimes.get_mut(regime)?.as_mut());
        if let Some(baseline) = of_regime {
            baseline.follow(smoothed, gain);
        }
    }

    /// Learns what the point shows in each regime.
    pub(crate) fn learn_regimes(&mut self, settings: &Settings, visited: &[Option<Visited>]) {
        let learnt = |visited: &Option<Visited>| {
            visited.as_ref().map(|visited| self.baseline.in_regime(settings, visited))
        };
        self.regimes = visited.iter().map(learnt).collect();
    }

    fn judge(&mut self, settings: &Settings, at_us: i64, smoothed: f64, means: Means) {
        self.score = self.active().score(smoothed);
        self.look_for_change(settings, means);
        let away = self.away(settings);
        if away < settings.off_level {
            self.excused_up_to = None;
            self.held = false;
            self.changed = None;
        }
        self.held |= away >= 1.0;
        let limit = self.excused_up_to.unwrap_or(1.0);
        self.over = match self.over {
            _ if away < limit => None,
            None => Some(Over { since_us: at_us, samples: 1 }),
            Some(over) => Some(Over { samples: over.samples.saturating_add(1), ..over }),
        };
    }

    /// A way back to what is normal is a change, too, but not one to report.
    fn look_for_change(&mut self, settings: &Settings, means: Means) {
        let sigmas = |from: f64| (means.recent - from).abs() / self.baseline.change();
        self.changed = match self.changed {
            Some(changed) => Some(Changed { by: sigmas(changed.from), ..changed }),
            None if settings.change_limit > 0.0 && !self.held => {
                let by = sigmas(means.before);
                let from_expected = |value: f64| (value - self.active().expected()).abs();
                let leads_away = from_expected(means.recent) > from_expected(means.before);
                let changed = by >= settings.change_limit && leads_away;
                changed.then_some(Changed { from: means.before, by })
            }
            None => None,
        };
    }

    fn level(&self, settings: &Settings) -> f64 {
        self.score.abs() / settings.limit
    }

    fn change(&self, settings: &Settings) -> f64 {
        self.changed.map_or(0.0, |changed| changed.by / settings.change_limit)
    }

    fn by_change(&self, settings: &Settings) -> bool {
        self.change(settings) > self.level(settings)
    }

    /// Distance from what is normal, in multiples of the limit.
    fn away(&self, settings: &Settings) -> f64 {
        self.level(settings).max(self.change(settings))
    }

    /// Whether the point is judged by what it shows under the present load.
    pub(crate) fn by_regime(&self) -> bool {
        self.regime.is_some_and(|regime| matches!(self.regimes.get(regime), Some(Some(_))))
    }

    pub(crate) fn score_of(&self, value: f64) -> f64 {
        self.baseline.score(value)
    }

    pub(crate) fn value_of(&self, score: f64) -> f64 {
        self.baseline.value(score)
    }

    pub(crate) fn normal(&self, settings: &Settings) -> Normal {
        self.active().usual(settings.limit)
    }

    /// A point that is not quite back when its deviation is cleared does not raise the next one
    /// unless it gets notably worse.
    pub(crate) fn excuse(&mut self, settings: &Settings) {
        self.over = None;
        let away = self.away(settings);
        if away >= settings.off_level {
            self.excused_up_to = Some(settings.worsened_factor * away.max(1.0));
        }
    }
}
