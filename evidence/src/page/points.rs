//! The verdict point by point, with charts.

use maud::{Markup, html};
use serde_json::Value;

use super::charts::chart;
use super::figures::{figure, signed, tone, unit, words};
use super::view::View;
use crate::item::{Point, PointVerdict, Summary};

/// A difference of the judgement as people read it: `+2.1 °C`, and below it its interval.
fn difference(verdict: Option<&PointVerdict>, name: &str) -> Markup {
    let figures = |verdict: &PointVerdict| {
        let estimate = verdict.judgement.get("effect")?.get(name)?;
        let of = |key| estimate.get(key).and_then(Value::as_f64);
        let value = format!("{} {}", signed(of("value")?), unit(&verdict.unit));
        Some((value, format!("{} to {}", signed(of("low")?), signed(of("high")?))))
    };
    match verdict.and_then(figures) {
        Some((value, interval)) => html! { (value) span.interval { (interval) } },
        None => html! {},
    }
}

fn word(view: &View<'_>, point: &Point) -> Markup {
    let Some(verdict) = view.verdict_on(point) else {
        let load = view.verdict().map(|v| &v.content["load"]["point_id"]);
        let is_load = load.is_some_and(|id| *id == point.id.as_str());
        return html! { span.pill.plain { @if is_load { "the load" } @else { "not judged" } } };
    };
    // A point that the fault never touched is no cause for worry.
    let healthy = verdict.judgement.get("healthy_now").and_then(Value::as_bool) == Some(true);
    match verdict.verdict.as_str() {
        "unchanged" if healthy => html! { span.pill.good { "unchanged, healthy" } },
        word => html! { span.pill.(tone(word)) { (words(word)) } },
    }
}

/// All points in one table.
pub fn overview(view: &View<'_>) -> Markup {
    if view.points.is_empty() {
        return html! {};
    }
    html! {
        section {
            h2 { "What the readings say" }
            div.wide {
                table.points {
                    thead { tr { th { "Point" } th { "Verdict" } th { "After less before" } th { "After less healthy" } } }
                    tbody {
                        @for point in &view.points {
                            @let verdict = view.verdict_on(point);
                            tr {
                                td { (point.name) }
                                td { (word(view, point)) }
                                td { (difference(verdict, "after_less_before")) }
                                td { (difference(verdict, "after_less_healthy")) }
                            }
                        }
                    }
                }
            }
            @if view.verdict().is_some() {
                p.quiet { "Differences at equal load, with 95 % intervals unless the items say otherwise. A point that is the load itself is not judged." }
            }
        }
    }
}

/// Least, mean and greatest of a window.
fn figures_of(summary: &Summary) -> Option<(f64, f64, f64)> {
    let low = summary.buckets.iter().map(|b| b.min).reduce(f64::min)?;
    let high = summary.buckets.iter().map(|b| b.max).reduce(f64::max)?;
    let count: u64 = summary.buckets.iter().map(|b| b.count).sum();
    let sum: f64 = summary.buckets.iter().map(|b| b.mean * b.count as f64).sum();
    Some((low, sum / count.max(1) as f64, high))
}

fn window_title(window: &str) -> &str {
    if window == "during" { "repair" } else { window }
}

/// Every point with its chart and its reasons.
pub fn in_detail(view: &View<'_>) -> Markup {
    html! {
        @for point in &view.points { (detail(view, point)) }
    }
}

fn detail(view: &View<'_>, point: &Point) -> Markup {
    let verdict = view.verdict_on(point);
    let summaries = view.summaries_of(point);
    let (shown, all) = view.readings_of(point);
    html! {
        section.point {
            h3 { (point.name) " " (word(view, point)) }
            @if let Some(verdict) = verdict {
                ul.reasons { @for reason in &verdict.reasons { li { (reason) } } }
            }
            @if let Some(drawn) = chart(&point.name, &summaries) {
                figure {
                    (drawn)
                    figcaption {
                        "Line: mean. Shade: least to greatest. "
                        @if summaries.iter().any(|s| s.window == "healthy") {
                            "Dashed: mean of the healthy machine. "
                        }
                        "Each window has its own scale of time."
                    }
                }
                div.wide {
                    table.figures {
                        thead { tr { th { "Window" } th.when { "Begins" } th { "Readings" } th { "Least" } th { "Mean" } th { "Greatest" } } }
                        tbody {
                            @for s in &summaries {
                                tr {
                                    td { (window_title(&s.window)) }
                                    td.when { (s.from.minute()) }
                                    td { (s.readings) }
                                    @if let Some((low, mean, high)) = figures_of(s) {
                                        td { (figure(low)) }
                                        td { (figure(mean)) }
                                        td { (figure(high)) " " (unit(&s.unit)) }
                                    } @else {
                                        td {} td {} td {}
                                    }
                                }
                            }
                        }
                    }
                }
            } @else {
                p.quiet { "No readings in the windows of this report." }
            }
            p.quiet {
                (shown) " of " (all) " readings are in this file"
                @if shown < all { ", in regular blocks that the items name" }
                "; the figures are of all of them."
            }
        }
    }
}
