//! Several points of one machine together.

use crate::judgement::{Judgement, Verdict};

/// The verdict on the machine, from those on its points; the most cautious one that they allow.
///
/// - a point got worse: [`Verdict::Worse`];
/// - every point is shown to be healthy now and at least one is fixed: [`Verdict::Fixed`];
/// - otherwise, of the points that say something and were not healthy all along: nearer to healthy
///   is at least one and the others did not move away: [`Verdict::Improved`]; none moved:
///   [`Verdict::Unchanged`];
/// - nothing said, or no point: [`Verdict::NotEnoughData`].
///
/// One point without enough data is enough to withhold "fixed", so leave out points that cannot be
/// judged by design, not those that happened to say nothing.
#[must_use]
pub fn overall(judgements: &[Judgement]) -> Verdict {
    let any = |verdict| judgements.iter().any(|j| j.verdict == verdict);
    if any(Verdict::Worse) {
        return Verdict::Worse;
    }
    if any(Verdict::Fixed) {
        let all_healthy = judgements.iter().all(|j| j.healthy_now == Some(true));
        return if all_healthy { Verdict::Fixed } else { Verdict::Improved };
    }
    if any(Verdict::Improved) {
        return Verdict::Improved;
    }
    // That an untouched point did not move says nothing about one that could not be judged.
    let open = any(Verdict::NotEnoughData);
    let still_faulty = judgements
        .iter()
        .any(|j| j.verdict == Verdict::Unchanged && j.healthy_before != Some(true));
    if still_faulty || (any(Verdict::Unchanged) && !open) {
        Verdict::Unchanged
    } else {
        Verdict::NotEnoughData
    }
}
