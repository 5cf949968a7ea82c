//! From three windows to a verdict.

use crate::compare::{Comparison, Figures, Terms, compare};
use crate::curve::Curve;
use crate::decide::{Finding, decide};
use crate::gapless::Gapless;
use crate::judgement::{
    Coverage, Effect, Estimate, Judgement, Samples, SamplesByWindow, Tolerances, Verdict,
};
use crate::load::{Bins, Reading, join};
use crate::locate::{Item, Located, locate};
use crate::matching::{Shares, coverage};
use crate::plan::{Plan, Tolerance};
use crate::reason::{Reason, Which};
use crate::robust::{quantile, robust_sd};
use crate::window::Window;

const METHOD: &str = "Two one-sided tests at matched load: Huber location of residuals from the \
    healthy curve, load bins equally weighted in all windows, long-run variance by equally weighted \
    cosines (6, 12, 24; the widest), the healthy machine's own wander between stretches included, \
    Student's distribution; short-term spread by mean absolute deviation within blocks";

/// Bins with less of the healthy readings are too rare to withhold a verdict for.
const BIN_OF_WEIGHT: f64 = 0.1;

/// Judges one point: was it brought back to how the healthy machine is?
///
/// The windows are readings of the same point in the same unit. For a point that is itself the
/// measure of the load, leave out the load.
#[must_use]
pub fn judge(
    healthy: &Window<'_>,
    before: &Window<'_>,
    after: &Window<'_>,
    plan: &Plan,
) -> Judgement {
    let mut judgement = judge_against_healthy(healthy, before, after, plan);
    let mismatch = judgement.coverage.after < plan.min_coverage;
    if plan.load_is_symptom && judgement.coverage.load_known && mismatch {
        // The load is still that of the fault, so the two windows around the repair match.
        let terms = Plan { load_is_symptom: false, max_gap_spans: f64::MAX, ..plan.clone() };
        let same = judge_against_healthy(before, before, after, &terms);
        if same.healthy_now == Some(true) {
            judgement.verdict = Verdict::Unchanged;
            judgement.reasons.insert(0, Reason::AsBeforeAtItsLoad);
            judgement.effect.after_less_before = same.effect.after_less_healthy;
            judgement.effect.spread_after_to_before = same.effect.spread_after_to_healthy;
            judgement.tolerance = same.tolerance;
            judgement.samples.before = same.samples.healthy;
            judgement.samples.after = same.samples.after;
        }
    }
    judgement
}

fn judge_against_healthy(
    healthy: &Window<'_>,
    before: &Window<'_>,
    after: &Window<'_>,
    plan: &Plan,
) -> Judgement {
    let joined = join([healthy, before, after], plan);
    let load_known = joined.load_known;
    let bins = if load_known {
        Bins::learn(joined.windows[0].iter().map(|r| r.load), plan)
    } else {
        Bins(vec![(f64::NEG_INFINITY, f64::INFINITY)])
    };
    let place = |r: &Reading| if load_known { bins.find(r.load) } else { Some(0) };
    let mut placed: [Vec<(usize, Reading)>; 3] =
        joined.windows.each_ref().map(|w| w.iter().filter_map(|r| Some((place(r)?, *r))).collect());
    let shares = Shares::count(&placed, &joined.windows, bins.0.len());
    let curve = Curve::fit(&placed[0], bins.0.len());

    let mut weights_of_three = shares.weights(&[0, 1, 2]);
    let coverage = coverage(&shares, &bins, load_known, joined.inertia_us, &weights_of_three);
    let symptom = plan.load_is_symptom && load_known && coverage.before < plan.min_coverage;
    if symptom {
        placed[1] =
            joined.windows[1].iter().filter_map(|r| Some((bins.nearest(r.load)?, *r))).collect();
    }
    let spans = joined.windows.each_ref().map(|w| Gapless::of(w));
    let residuals = [0, 1, 2].map(|i| {
        let clock = &spans[i];
        Figures {
            items: placed[i]
                .iter()
                .map(|(bin, r)| Item {
                    position: clock.position(r.at_us),
                    bin: *bin,
                    x: r.value - curve.at(*bin, r.load),
                })
                .collect(),
            span: clock.span(),
        }
    });
    let weights = shares.weights(&[0, 2]);
    let healthy_sd =
        robust_sd(residuals[0].items.iter().filter(|i| weights[i.bin] > 0.0).map(|i| i.x));
    let quantum = quantum(&joined.windows);
    let level_tolerance = match plan.tolerance {
        Tolerance::Unit(unit) => unit.abs(),
        Tolerance::HealthySds(sds) => sds.abs() * healthy_sd,
    };

    let block = block_of_spread(&spans);
    let mut spreads = residuals.each_ref().map(|f| deviations(f, block));
    let mut level_before = None;
    if symptom {
        // Another load before: the whole window counts alike, and load may explain its full range.
        let even = weights.iter().position(|w| *w > 0.0).unwrap_or(0);
        let items = residuals[1].items.iter().map(|i| Item { bin: even, ..*i }).collect();
        let alone = Figures { items, span: residuals[1].span };
        level_before = Some(alone);
        spreads[1].items.clear();
        weights_of_three.clone_from(&weights);
    }
    let terms = Terms {
        weights: &weights,
        weights_of_three: &weights_of_three,
        least_sd: healthy_sd,
        confidence: plan.confidence,
        ratio_floor: None,
        allowance: if healthy_sd < 0.5 * quantum { quantum } else { 0.0 },
        allowance_before: if symptom { curve.range() } else { 0.0 },
    };
    let level = compare(
        &residuals[0],
        level_before.as_ref().unwrap_or(&residuals[1]),
        &residuals[2],
        &terms,
    );
    let floor = (0.05 * quantum).max(1e-9 * healthy_sd).max(f64::MIN_POSITIVE);
    let spread = compare(
        &spreads[0],
        &spreads[1],
        &spreads[2],
        &Terms {
            least_sd: 0.0,
            ratio_floor: Some(floor),
            allowance: 0.0,
            allowance_before: 0.0,
            ..terms
        },
    );

    let samples = samples(&joined.windows, &placed, &spans, level.as_ref(), &weights);
    let mut reasons = refusals(&samples, &coverage, plan, symptom);
    let own_span = spans[0].span().max(1.0);
    let distance = match (joined.windows[0].last(), joined.windows[2].first()) {
        (Some(last), Some(first)) => first.at_us.saturating_sub(last.at_us) as f64 / own_span,
        _ => 0.0,
    };
    if distance > plan.max_gap_spans {
        reasons.push(Reason::HealthyTooLongAgo { spans: distance, allowed: plan.max_gap_spans });
    }
    if level_tolerance <= 0.0 {
        reasons.push(Reason::NoSpread);
    }
    let odd_bin = odd_bin(&residuals, &bins, &shares, &weights, level_tolerance, plan);
    let tolerances = Tolerances { level: level_tolerance, spread: plan.spread_tolerance };
    let finding = decide(level.as_ref(), spread.as_ref(), odd_bin, tolerances);
    let refused = !reasons.is_empty();
    // Before and healthy are compared only when both said enough; a short window before does not
    // take away what is known about now.
    let now_known = !reasons.iter().any(|r| !concerns_before(r));
    let Finding { verdict, healthy_now, healthy_before, reasons: found } = finding;
    reasons.extend(found);
    if symptom {
        reasons.push(Reason::LoadWasSymptom);
    }
    if !load_known {
        reasons.push(Reason::LoadUnknown);
    }
    Judgement {
        verdict: if refused { Verdict::NotEnoughData } else { verdict },
        healthy_now: healthy_now.filter(|_| now_known),
        healthy_before: healthy_before.filter(|_| !refused),
        reasons,
        effect: effect(level.as_ref(), spread.as_ref(), healthy_sd),
        coverage,
        samples,
        method: METHOD.to_owned(),
        tolerance: tolerances,
        confidence: plan.confidence,
    }
}

fn concerns_before(reason: &Reason) -> bool {
    matches!(
        reason,
        Reason::TooFewReadings { window: Which::Before, .. }
            | Reason::TooDependent { window: Which::Before, .. }
            | Reason::LoadNotMatched { window: Which::Before, .. }
    )
}

/// Smallest step between values: what the sensor can tell apart. 0 when it cannot be seen.
fn quantum(windows: &[Vec<Reading>; 3]) -> f64 {
    let mut values: Vec<f64> = windows
        .iter()
        .flat_map(|w| w.iter().step_by(w.len() / 2000 + 1).map(|r| r.value))
        .collect();
    values.sort_by(f64::total_cmp);
    let range = values.last().zip(values.first()).map_or(0.0, |(b, a)| b - a);
    let steps = values.windows(2).map(|w| w[1] - w[0]).filter(|d| *d > 1e-9 * range);
    let least = steps.fold(f64::INFINITY, f64::min);
    if least.is_finite() { least } else { 0.0 }
}

/// Length of the blocks within which the short-term spread is taken, the same in all windows.
fn block_of_spread(spans: &[Gapless; 3]) -> f64 {
    let shortest = spans.iter().map(Gapless::span).fold(f64::INFINITY, f64::min);
    let slowest = spans.iter().map(|s| s.interval).fold(0.0, f64::max);
    (shortest / 16.0).max(8.0 * slowest)
}

/// Distances from the mean of the block, made as large as they would be from the true mean.
fn deviations(figures: &Figures, block: f64) -> Figures {
    let mut items = Vec::with_capacity(figures.items.len());
    let of = |item: &Item| (item.position / block) as i64;
    for part in figures.items.chunk_by(|a, b| of(a) == of(b)) {
        if part.len() < 3 {
            continue;
        }
        let mut values: Vec<f64> = part.iter().map(|i| i.x).collect();
        let (low, high) = (quantile(&mut values, 0.05), quantile(&mut values, 0.95));
        let n = part.len() as f64;
        let mean = part.iter().map(|i| i.x.clamp(low, high)).sum::<f64>() / n;
        let grow = (n / (n - 1.0)).sqrt();
        items.extend(part.iter().map(|i| Item { x: (i.x - mean).abs() * grow, ..*i }));
    }
    Figures { items, span: figures.span }
}

fn samples(
    windows: &[Vec<Reading>; 3],
    placed: &[Vec<(usize, Reading)>; 3],
    spans: &[Gapless; 3],
    level: Option<&Comparison>,
    weights: &[f64],
) -> SamplesByWindow {
    let matched = |i: usize| placed[i].iter().filter(|p| weights[p.0] > 0.0).count();
    let of = |i: usize, located: Option<&Located>| Samples {
        readings: windows[i].len(),
        matched: matched(i),
        effective: located.map_or(0.0, |l| l.effective),
        span_us: spans[i].span() as i64,
    };
    SamplesByWindow {
        healthy: of(0, level.map(|l| &l.healthy)),
        before: Samples {
            matched: level.and_then(|l| l.before).map_or(0, |b| b.count),
            ..of(1, level.and_then(|l| l.before.as_ref()))
        },
        after: of(2, level.map(|l| &l.after)),
    }
}

/// Why there is too little to judge.
fn refusals(
    samples: &SamplesByWindow,
    coverage: &Coverage,
    plan: &Plan,
    symptom: bool,
) -> Vec<Reason> {
    let mut reasons = Vec::new();
    let needed = plan.min_coverage;
    for (window, share) in [
        (Which::Healthy, coverage.healthy),
        (Which::Before, if symptom { 1.0 } else { coverage.before }),
        (Which::After, coverage.after),
    ] {
        if share < needed {
            reasons.push(Reason::LoadNotMatched { window, share, needed });
        }
    }
    let (least, least_before) = (plan.min_effective_samples, plan.min_effective_before);
    for (window, samples, worth) in [
        (Which::Healthy, samples.healthy, least),
        (Which::Before, samples.before, least_before),
        (Which::After, samples.after, least),
    ] {
        if samples.matched < plan.min_readings {
            let (readings, needed) = (samples.matched, plan.min_readings);
            reasons.push(Reason::TooFewReadings { window, readings, needed });
        } else if samples.effective < worth {
            let (effective, needed) = (samples.effective, worth);
            reasons.push(Reason::TooDependent { window, effective, needed });
        }
    }
    reasons
}

/// A load at which the level differs although the averages may agree.
fn odd_bin(
    residuals: &[Figures; 3],
    bins: &Bins,
    shares: &Shares,
    weights: &[f64],
    tolerance: f64,
    plan: &Plan,
) -> Option<(f64, f64)> {
    let count = weights.len();
    (0..count).filter(|b| weights[*b] > 0.0 && shares.share(0, *b) >= BIN_OF_WEIGHT).find_map(
        |bin| {
            let mut alone = vec![0.0; count];
            alone[bin] = 1.0;
            let of = |f: &Figures| locate(&f.items, &alone, f.span, 0.0, plan.confidence);
            let (healthy, after) = (of(&residuals[0])?, of(&residuals[2])?);
            let error = (healthy.variance + after.variance).sqrt();
            let off = (after.value - healthy.value).abs();
            (count > 1 && off > tolerance + error).then_some(bins.0[bin])
        },
    )
}

fn effect(level: Option<&Comparison>, spread: Option<&Comparison>, healthy_sd: f64) -> Effect {
    let now = level.map(|l| l.now);
    let moved = level.and_then(|l| l.moved);
    let finite = |e: Option<Estimate>| e.filter(Estimate::is_finite);
    let (now, moved) = (finite(now), finite(moved));
    let in_sds =
        |e: Option<Estimate>| e.filter(|_| healthy_sd > 0.0).map(|e| e.scaled(1.0 / healthy_sd));
    let ratio =
        |e: Estimate| Estimate { value: e.value.exp(), low: e.low.exp(), high: e.high.exp() };
    Effect {
        after_less_healthy: now,
        after_less_before: moved,
        before_less_healthy: finite(level.and_then(|l| l.was)),
        healthy_sd,
        after_less_healthy_sds: in_sds(now),
        after_less_before_sds: in_sds(moved),
        spread_after_to_healthy: finite(spread.map(|s| ratio(s.now))),
        spread_after_to_before: finite(spread.and_then(|s| s.moved).map(ratio)),
    }
}
