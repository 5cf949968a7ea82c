//! The rules from intervals to a verdict.

use crate::compare::Comparison;
use crate::judgement::{Tolerances, Verdict};
use crate::reason::{Aspect, Reason};

/// What the intervals say.
#[derive(Debug)]
pub(crate) struct Finding {
    pub verdict: Verdict,
    pub healthy_now: Option<bool>,
    pub healthy_before: Option<bool>,
    pub reasons: Vec<Reason>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Movement {
    Nearer,
    Further,
    None,
    Open,
}

/// One aspect, read from its intervals.
#[derive(Debug, Clone, Copy)]
struct Reading {
    same_now: Option<bool>,
    same_before: Option<bool>,
    movement: Movement,
}

fn read(comparison: &Comparison, tolerance: f64) -> Reading {
    let same = |e: &crate::judgement::Estimate| {
        if e.within(tolerance) {
            Some(true)
        } else if e.low > tolerance || e.high < -tolerance {
            Some(false)
        } else {
            None
        }
    };
    let same_now = same(&comparison.now);
    let movement = match (&comparison.gain, &comparison.was) {
        (Some(gain), Some(was)) => {
            // A full repair would have gained as much as the fault was large.
            let half_way = (0.5 * was.value.abs()).max(tolerance);
            let small = gain.within(tolerance);
            if gain.low > 0.0 && (!small || same_now == Some(true)) {
                Movement::Nearer
            } else if gain.high < 0.0 && !small && same_now != Some(true) {
                Movement::Further
            } else if small
                || (!gain.excludes_zero() && gain.high < half_way && gain.low > -half_way)
            {
                Movement::None
            } else {
                Movement::Open
            }
        }
        _ => Movement::Open,
    };
    Reading { same_now, same_before: comparison.was.as_ref().and_then(same), movement }
}

/// Reads level and spread together. "Fixed" needs both to be those of the healthy machine, at every
/// load, and at least one that was not so and came nearer.
pub(crate) fn decide(
    level: Option<&Comparison>,
    spread: Option<&Comparison>,
    odd_bin: Option<(f64, f64)>,
    tolerances: Tolerances,
) -> Finding {
    let (Some(level), Some(spread)) = (level, spread) else {
        return Finding {
            verdict: Verdict::NotEnoughData,
            healthy_now: None,
            healthy_before: None,
            reasons: Vec::new(),
        };
    };
    let overshot = level.crossed;
    let level = read(level, tolerances.level);
    let spread = read(spread, tolerances.spread.max(1.0).ln());
    let both = [(Aspect::Level, level), (Aspect::Spread, spread)];
    let together = |of: fn(&Reading) -> Option<bool>| match (of(&level), of(&spread)) {
        (Some(true), Some(true)) => Some(true),
        (Some(false), _) | (_, Some(false)) => Some(false),
        _ => None,
    };
    let mut healthy_now = together(|r| r.same_now);
    if odd_bin.is_some() && healthy_now == Some(true) {
        healthy_now = None;
    }
    let healthy_before = together(|r| r.same_before);
    let moved = |movement| both.iter().any(|(_, r)| r.movement == movement);
    // An aspect that was off before and is not any more.
    let mended =
        both.iter().any(|(_, r)| r.movement == Movement::Nearer && r.same_before != Some(true));
    let verdict = if moved(Movement::Further) {
        Verdict::Worse
    } else if healthy_now == Some(true) && mended {
        Verdict::Fixed
    } else if healthy_now == Some(true) && healthy_before == Some(true) {
        Verdict::Unchanged
    } else if mended && (level.movement == Movement::Nearer || level.same_now == Some(true)) {
        Verdict::Improved
    } else if level.movement == Movement::None && spread.movement != Movement::Nearer {
        Verdict::Unchanged
    } else {
        Verdict::NotEnoughData
    };
    Finding {
        verdict,
        healthy_now,
        healthy_before,
        reasons: reasons(&both, odd_bin, overshot, healthy_before),
    }
}

fn reasons(
    both: &[(Aspect, Reading)],
    odd_bin: Option<(f64, f64)>,
    overshot: bool,
    healthy_before: Option<bool>,
) -> Vec<Reason> {
    let mut reasons = Vec::new();
    for &(aspect, reading) in both {
        reasons.push(match reading.same_now {
            Some(true) => Reason::Equivalent { aspect },
            Some(false) => Reason::Different { aspect },
            None => Reason::EquivalenceOpen { aspect },
        });
        reasons.push(match reading.movement {
            Movement::Nearer => Reason::Nearer { aspect },
            Movement::Further => Reason::Further { aspect },
            Movement::None => Reason::DidNotMove { aspect },
            Movement::Open => Reason::MovementOpen { aspect },
        });
        if aspect == Aspect::Level && overshot && reading.same_now == Some(false) {
            reasons.push(Reason::Overshot);
        }
    }
    if let Some((low, high)) = odd_bin {
        reasons.push(Reason::DiffersAtALoad { low, high });
    }
    if healthy_before == Some(true) {
        reasons.push(Reason::WasHealthyBefore);
    }
    reasons
}
