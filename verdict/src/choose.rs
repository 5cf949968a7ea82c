//! The choice of windows.

use crate::choice::{Choice, ChoiceNote, ChoiceSettings, ChosenWindow, Occasion};
use crate::load::{Bins, ordered, usual_interval_us};
use crate::plan::Plan;
use crate::window::{Series, Stretch};

/// Chooses the windows of a repair from the load of the machine over a long time.
///
/// The window before the repair is the latest part of the faulty time, the one after it the first
/// settled part. The healthy window is the latest healthy stretch whose loads cover those after the
/// repair; when none does, the best one. Without a load the choice is by time alone.
#[must_use]
pub fn choose_windows(
    load: Option<Series<'_>>,
    occasion: &Occasion<'_>,
    settings: &ChoiceSettings,
) -> Choice {
    let Occasion { record, fault_since_us, repair, unhealthy } = *occasion;
    let fault_us = fault_since_us.min(repair.from_us);
    let before = Stretch {
        from_us: fault_us.max(repair.from_us - settings.max_before_us).max(record.from_us),
        to_us: repair.from_us,
    };
    let settled_us = repair.to_us + settings.settling_us;
    let after = Stretch {
        from_us: settled_us.min(record.to_us),
        to_us: record.to_us.min(settled_us + settings.max_after_us),
    };
    let mut notes = Vec::new();
    if after.length_us() == 0 {
        notes.push(ChoiceNote::NothingAfterYet);
    }
    let healthy_end_us = fault_us - settings.guard_us;
    let free = without(Stretch { from_us: record.from_us, to_us: healthy_end_us }, unhealthy);
    let load = Load::new(load.map(ordered).unwrap_or_default(), settings);
    if load.points.is_empty() {
        notes.push(ChoiceNote::LoadUnknown);
    }
    let healthy = load.best_healthy(&free, after, settings, &mut notes);
    let (overlap_after, overlap_before) =
        (load.overlap(healthy, after), load.overlap(healthy, before));
    let (healthy, before, after) = load.skip(healthy, before, after, settings, &mut notes);
    Choice { healthy, before, during: repair, after, overlap_after, overlap_before, notes }
}

/// What is left of a stretch without others, in the order of time.
fn without(stretch: Stretch, others: &[Stretch]) -> Vec<Stretch> {
    let mut others: Vec<_> = others.to_vec();
    others.sort_by_key(|s| s.from_us);
    let mut free = Vec::new();
    let mut from_us = stretch.from_us;
    for other in others {
        if other.from_us > from_us {
            free.push(Stretch { from_us, to_us: other.from_us.min(stretch.to_us) });
        }
        from_us = from_us.max(other.to_us);
    }
    free.push(Stretch { from_us, to_us: stretch.to_us });
    free.retain(|s| s.length_us() > 0);
    free
}

struct Load {
    points: Vec<(i64, f64)>,
    hold_us: i64,
}

impl Load {
    fn new(points: Vec<(i64, f64)>, settings: &ChoiceSettings) -> Self {
        let hold_us = settings
            .load_hold_us
            .max(usual_interval_us(points.iter().map(|p| p.0)).saturating_mul(5));
        Self { points, hold_us }
    }

    fn within(&self, stretch: Stretch) -> &[(i64, f64)] {
        let from = self.points.partition_point(|p| p.0 < stretch.from_us);
        let to = self.points.partition_point(|p| p.0 < stretch.to_us).max(from);
        &self.points[from..to]
    }

    fn levels(&self, stretch: Stretch) -> Bins {
        Bins::learn(self.within(stretch).iter().map(|p| p.1), &Plan::default())
    }

    /// Share of the loads of `of` that `healthy` had as well.
    fn overlap(&self, healthy: Stretch, of: Stretch) -> f64 {
        if self.points.is_empty() {
            return 1.0;
        }
        let bins = self.levels(healthy);
        let there = self.within(of);
        let known = there.iter().filter(|p| bins.find(p.1).is_some()).count();
        if there.is_empty() { 0.0 } else { known as f64 / there.len() as f64 }
    }

    fn best_healthy(
        &self,
        free: &[Stretch],
        after: Stretch,
        settings: &ChoiceSettings,
        notes: &mut Vec<ChoiceNote>,
    ) -> Stretch {
        // Half of the longest window at a step, the latest first.
        let step_us = (settings.max_healthy_us / 2).max(1);
        let mut candidates: Vec<Stretch> = free
            .iter()
            .flat_map(|s| {
                let steps = (s.length_us() - settings.max_healthy_us).max(0) / step_us;
                (0..=steps).map(move |k| {
                    let to_us = s.to_us - k * step_us;
                    Stretch { from_us: s.from_us.max(to_us - settings.max_healthy_us), to_us }
                })
            })
            .collect();
        candidates.sort_by_key(|s| std::cmp::Reverse(s.to_us));
        let Some(&latest) = candidates.first() else {
            notes.push(ChoiceNote::NoHealthyTime);
            let at_us = after.from_us.min(after.to_us);
            return Stretch { from_us: at_us, to_us: at_us };
        };
        if self.points.is_empty() || after.length_us() == 0 {
            // Nothing to match: the longest of the late ones.
            return *candidates.iter().max_by_key(|s| (s.length_us(), s.to_us)).unwrap_or(&latest);
        }
        let longest_us = candidates.iter().map(|s| s.length_us()).max().unwrap_or(0);
        // A scrap between two visits is no baseline while a much longer stretch exists.
        candidates.retain(|s| 4 * s.length_us() >= longest_us);
        let judged: Vec<(Stretch, f64)> =
            candidates.iter().map(|s| (*s, self.overlap(*s, after))).collect();
        let chosen = judged.iter().find(|(_, o)| *o >= settings.min_overlap).or_else(|| {
            notes.push(ChoiceNote::LoadsDiffer);
            judged.iter().rev().max_by(|a, b| a.1.total_cmp(&b.1))
        });
        let chosen = chosen.map_or(latest, |c| c.0);
        if judged.first().is_some_and(|j| j.0 != chosen) {
            notes.push(ChoiceNote::LaterStretchPassedOver);
        }
        chosen
    }

    /// Leaves out what follows a gap in the load or a change between levels, unless that would
    /// leave less than half of a window.
    fn skip(
        &self,
        healthy: Stretch,
        before: Stretch,
        after: Stretch,
        settings: &ChoiceSettings,
        notes: &mut Vec<ChoiceNote>,
    ) -> (ChosenWindow, ChosenWindow, ChosenWindow) {
        let levels = Levels::of(&self.levels(healthy));
        let mut windows = [healthy, before, after].map(|stretch| ChosenWindow {
            stretch,
            skipped: self.settling(stretch, &levels, settings),
        });
        if windows.iter().any(|w| 2 * w.length_us() < w.stretch.length_us()) {
            notes.push(ChoiceNote::SettlingNotSkipped);
            windows.iter_mut().for_each(|w| w.skipped.clear());
        }
        let [healthy, before, after] = windows;
        (healthy, before, after)
    }

    fn settling(
        &self,
        stretch: Stretch,
        levels: &Levels,
        settings: &ChoiceSettings,
    ) -> Vec<Stretch> {
        let mut skipped: Vec<Stretch> = Vec::new();
        let mut last: Option<(i64, usize)> = None;
        for &(at_us, load) in self.within(stretch) {
            let level = levels.find(load);
            let settles = last.is_some_and(|(was_us, was)| {
                was != level || at_us.saturating_sub(was_us) > self.hold_us
            });
            if settles {
                let to_us = (at_us + settings.settling_us).min(stretch.to_us);
                match skipped.last_mut() {
                    Some(previous) if previous.to_us >= at_us => previous.to_us = to_us,
                    _ => skipped.push(Stretch { from_us: at_us, to_us }),
                }
            }
            last = Some((at_us, level));
        }
        skipped
    }
}

/// Levels that are apart from each other: bins that touch are one level.
struct Levels(Vec<(f64, f64)>);

impl Levels {
    fn of(bins: &Bins) -> Self {
        let mut levels: Vec<(f64, f64)> = Vec::new();
        for &(low, high) in &bins.0 {
            match levels.last_mut() {
                Some(last) if low <= last.1 => last.1 = high,
                _ => levels.push((low, high)),
            }
        }
        Self(levels)
    }

    /// Number of the level, counting the rooms between levels as well.
    fn find(&self, load: f64) -> usize {
        self.0.iter().take_while(|l| l.0 <= load).count() * 2
            - usize::from(self.0.iter().any(|l| l.0 <= load && load < l.1))
    }
}
