//! Whether an asset deviates: at most one deviation at a time, with delays and hysteresis.

use serde::{Deserialize, Serialize};

use crate::{
    findings::{Cause, Deviation, Finding},
    settings::Settings,
};

/// What one frame shows of the asset.
pub(crate) struct Scene<'a> {
    pub(crate) settings: &'a Settings,
    pub(crate) at_us: i64,
    /// The load regime, once the asset has settled in it.
    pub(crate) regime: Option<usize>,
    /// The same, when the worst point deviates from what it shows in this regime.
    pub(crate) bound: Option<usize>,
    /// Points that have been outside their band for the on-delay.
    pub(crate) deviating: &'a [Deviation],
    /// Every learnt point that is present, whether it deviates or not.
    pub(crate) present: &'a [Deviation],
    /// How the points go together.
    pub(crate) combination: Combined,
    /// The points that make up an unusual combination, once that has lasted.
    pub(crate) uncombined: &'a [Deviation],
}

/// How the points go together in this frame.
#[derive(Clone, Copy)]
pub(crate) struct Combined {
    /// Distance in multiples of its limit.
    pub(crate) level: f64,
    /// When it went over its limit, if it has been over for the on-delay.
    pub(crate) since_us: Option<i64>,
}

/// State of the asset's one alarm.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Alarm {
    #[default]
    Calm,
    Active(Active),
    /// Still active, but its leading point has been back since `back_since_us`.
    Clearing {
        active: Active,
        back_since_us: i64,
        samples: u32,
    },
}

/// An active deviation.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Active {
    since_us: i64,
    cause: Cause,
    /// A deviation from what is normal in one regime is over only when it has been seen to be over
    /// in that regime.
    regime: Option<usize>,
    /// Each point at its worst, the worst first.
    peak: Vec<Deviation>,
    /// Worst level of the combination, in multiples of its limit.
    combination_peak: f64,
    /// What the caller was told last.
    reported: Vec<Deviation>,
}

impl Alarm {
    pub(crate) fn since_us(&self) -> Option<i64> {
        match self {
            Self::Calm => None,
            Self::Active(active) | Self::Clearing { active, .. } => Some(active.since_us),
        }
    }

    /// Points of the active deviation that belong to its beginning: when it is cleared, what is
    /// left of them is its aftermath, while a point that joined later is another matter.
    pub(crate) fn began_with(&self, settings: &Settings) -> Vec<u16> {
        let (Self::Active(active) | Self::Clearing { active, .. }) = self else {
            return Vec::new();
        };
        let until_us = active.since_us.saturating_add(Settings::micros(settings.together_s));
        let began = active.peak.iter().filter(|point| point.since_us <= until_us);
        began.map(|point| point.slot.0).collect()
    }

    /// The state after one more frame.
    pub(crate) fn next(self, scene: &Scene, findings: &mut Vec<Finding>) -> Self {
        match self {
            Self::Calm => Self::calm(scene, findings),
            Self::Active(active) => Self::active(active, scene, findings),
            Self::Clearing { active, back_since_us, samples } => {
                Self::clearing(active, back_since_us, samples, scene, findings)
            }
        }
    }

    fn calm(scene: &Scene, findings: &mut Vec<Finding>) -> Self {
        let combined = scene.combination.since_us.filter(|_| !scene.uncombined.is_empty());
        let (cause, deviations) = if let Some(worst) = scene.deviating.first() {
            (worst.cause, scene.deviating.to_vec())
        } else if combined.is_some() {
            (Cause::Combination, most_unusual(scene.uncombined))
        } else {
            return Self::Calm;
        };
        let since_us = deviations
            .iter()
            .filter(|_| cause != Cause::Combination)
            .map(|deviation| deviation.since_us)
            .chain(combined)
            .min()
            .unwrap_or(scene.at_us);
        findings.push(Finding::Raised {
            at_us: scene.at_us,
            since_us,
            cause,
            deviations: deviations.clone(),
        });
        Self::Active(Active {
            since_us,
            cause,
            regime: scene.bound,
            peak: deviations.clone(),
            combination_peak: scene.combination.level,
            reported: deviations,
        })
    }

    fn active(mut active: Active, scene: &Scene, findings: &mut Vec<Finding>) -> Self {
        active.remember(scene);
        if active.is_back(scene) {
            return Self::Clearing { active, back_since_us: scene.at_us, samples: 1 };
        }
        active.tell_if_worse(scene, findings);
        Self::Active(active)
    }

    fn clearing(
        mut active: Active,
        back_since_us: i64,
        samples: u32,
        scene: &Scene,
        findings: &mut Vec<Finding>,
    ) -> Self {
        active.remember(scene);
        if !active.is_back(scene) {
            return Self::Active(active);
        }
        let samples = samples.saturating_add(1);
        let off_delay_us = Settings::micros(scene.settings.off_delay_s);
        if samples < scene.settings.off_samples
            || scene.at_us.saturating_sub(back_since_us) < off_delay_us
        {
            return Self::Clearing { active, back_since_us, samples };
        }
        findings.push(Finding::Cleared { at_us: scene.at_us, peak: active.peak });
        Self::Calm
    }
}

impl Active {
    fn remember(&mut self, scene: &Scene) {
        self.combination_peak = self.combination_peak.max(scene.combination.level);
        for deviation in scene.deviating {
            match self.peak.iter_mut().find(|known| known.slot == deviation.slot) {
                Some(known) if known.limits < deviation.limits => {
                    *known = Deviation { since_us: known.since_us, ..*deviation };
                }
                Some(_) => {}
                None => self.peak.push(*deviation),
            }
        }
        worst_first(&mut self.peak);
    }

    /// Whether the leading point (or the combination, if that raised it) is back. A leading
    /// point that has gone silent is replaced by the next one; with none of them left nobody can
    /// tell, and the deviation stays.
    fn is_back(&self, scene: &Scene) -> bool {
        if self.regime.is_some_and(|regime| scene.regime != Some(regime)) {
            return false;
        }
        let Settings { off_level, off_of_peak, .. } = *scene.settings;
        if self.cause == Cause::Combination {
            let off = off_level.max(off_of_peak * self.combination_peak);
            return scene.combination.level < off && scene.deviating.is_empty();
        }
        let leading = self.peak.iter().find_map(|peak| {
            scene.present.iter().find(|now| now.slot == peak.slot).map(|now| (peak, now))
        });
        leading.is_some_and(|(peak, now)| now.limits < off_level.max(off_of_peak * peak.limits))
    }

    fn tell_if_worse(&mut self, scene: &Scene, findings: &mut Vec<Finding>) {
        let worse = scene.deviating.iter().any(|now| {
            let told = self.reported.iter().find(|told| told.slot == now.slot);
            told.is_none_or(|told| now.limits >= scene.settings.worsened_factor * told.limits)
        });
        if !worse {
            return;
        }
        for now in scene.deviating {
            match self.reported.iter_mut().find(|told| told.slot == now.slot) {
                Some(told) if told.limits < now.limits => *told = *now,
                Some(_) => {}
                None => self.reported.push(*now),
            }
        }
        findings
            .push(Finding::Worsened { at_us: scene.at_us, deviations: scene.deviating.to_vec() });
    }
}

/// The points that make up most of an unusual combination: at least half as unusual as the most
/// unusual one, four at most.
fn most_unusual(uncombined: &[Deviation]) -> Vec<Deviation> {
    let mut most = uncombined.to_vec();
    worst_first(&mut most);
    let least = most.first().map_or(0.0, |worst| worst.unusual / 2.0);
    most.retain(|deviation| deviation.unusual >= least);
    most.truncate(4);
    most
}

/// Sorts the furthest beyond its limit first, equal ones by slot.
pub(crate) fn worst_first(deviations: &mut [Deviation]) {
    deviations.sort_by(|a, b| b.limits.total_cmp(&a.limits).then(a.slot.cmp(&b.slot)));
}
