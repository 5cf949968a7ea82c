//! Charts of a point: its windows side by side on one scale of values. Each window has its own scale
//! of time, which is written below it. A line is never drawn across a gap. The scale of values is that of
//! the running machine: a machine at rest, as in most repairs, would press everything else flat.

use std::fmt::Write as _;

use maud::{Markup, html};

use super::figures::{figure, unit};
use crate::item::{Bucket, Summary};
use crate::moment::Moment;

const WIDTH: f64 = 400.0;
const HEIGHT: f64 = 178.0;
const LEFT: f64 = 46.0;
const TOP: f64 = 18.0;
const BOTTOM: f64 = 150.0;
const GAP: f64 = 6.0;
const ORDER: [(&str, &str); 4] =
    [("healthy", "healthy"), ("before", "before"), ("during", "repair"), ("after", "after")];

/// The scale of values.
struct Scale {
    low: f64,
    high: f64,
}

impl Scale {
    fn of(summaries: &[&Summary]) -> Option<Self> {
        let runs = |s: &&&Summary| s.window != "during";
        let measured = summaries.iter().filter(runs).any(|s| !s.buckets.is_empty());
        let shown = summaries.iter().filter(move |s| !measured || runs(s));
        let buckets = || shown.clone().flat_map(|s| &s.buckets);
        let low = buckets().map(|b| b.min).filter(|v| v.is_finite()).reduce(f64::min)?;
        let high = buckets().map(|b| b.max).filter(|v| v.is_finite()).reduce(f64::max)?;
        let room = ((high - low) * 0.06).max(high.abs() * 1e-6).max(1e-9);
        Some(Self { low: low - room, high: high + room })
    }

    fn y(&self, value: f64) -> f64 {
        let share = (value - self.low) / (self.high - self.low);
        BOTTOM - share.clamp(0.0, 1.0) * (BOTTOM - TOP)
    }

    /// What is to be said of a window with readings off the scale.
    fn leaves_out(&self, summary: &Summary) -> Option<String> {
        let low = summary.buckets.iter().map(|b| b.min).reduce(f64::min)?;
        let high = summary.buckets.iter().map(|b| b.max).reduce(f64::max)?;
        match (low < self.low, high > self.high) {
            (true, true) => Some(format!("{} to {}", figure(low), figure(high))),
            (true, false) => Some(format!("down to {}", figure(low))),
            (false, true) => Some(format!("up to {}", figure(high))),
            (false, false) => None,
        }
    }

    /// Three to six round values.
    fn ticks(&self) -> Vec<f64> {
        let raw = (self.high - self.low) / 4.0;
        let power = 10f64.powf(raw.log10().floor());
        let steps = [1.0, 2.0, 5.0, 10.0].map(|s| s * power);
        let step = steps.into_iter().find(|s| *s >= raw).unwrap_or(10.0 * power);
        let first = (self.low / step).ceil();
        let at = |i: u32| (first + f64::from(i)) * step;
        (0..8).map(at).take_while(|v| *v <= self.high).collect()
    }
}

/// Where a window is drawn.
struct Panel<'a> {
    summary: &'a Summary,
    title: &'a str,
    x: f64,
    width: f64,
}

impl Panel<'_> {
    fn x(&self, at: Moment) -> f64 {
        let length = (self.summary.to.0 - self.summary.from.0).max(1) as f64;
        let share = (at.0 - self.summary.from.0) as f64 / length;
        self.x + share.clamp(0.0, 1.0) * self.width
    }

    /// Buckets that follow one another without a gap.
    fn stretches(&self) -> impl Iterator<Item = &[Bucket]> {
        let step = self.summary.bucket_us;
        self.summary.buckets.chunk_by(move |a, b| b.at.0 - a.at.0 <= step)
    }

    fn middle(&self, bucket: &Bucket) -> f64 {
        self.x(Moment(bucket.at.0 + self.summary.bucket_us / 2))
    }

    fn band(&self, stretch: &[Bucket], scale: &Scale) -> String {
        let mut points = String::new();
        let upper = stretch.iter().map(|b| (b, b.max));
        let lower = stretch.iter().rev().map(|b| (b, b.min));
        for (b, value) in upper.chain(lower) {
            let _ = write!(points, "{:.1},{:.1} ", self.middle(b), scale.y(value));
        }
        points
    }

    fn means(&self, stretch: &[Bucket], scale: &Scale) -> String {
        stretch.iter().fold(String::new(), |mut points, b| {
            let _ = write!(points, "{:.1},{:.1} ", self.middle(b), scale.y(b.mean));
            points
        })
    }

    fn draw(&self, scale: &Scale) -> Markup {
        html! {
            rect class={ "panel " (self.summary.window) } x=(px(self.x)) y=(px(TOP))
                width=(px(self.width)) height=(px(BOTTOM - TOP)) {}
            @for stretch in self.stretches() {
                @if let [one] = stretch {
                    circle class="alone" cx=(px(self.middle(one))) cy=(px(scale.y(one.mean))) r="1.2" {}
                } @else {
                    polygon class="spread" points=(self.band(stretch, scale)) {}
                    polyline class="mean" points=(self.means(stretch, scale)) {}
                }
            }
            @if let Some(left_out) = scale.leaves_out(self.summary) {
                text class="none" x=(px(self.x + self.width / 2.0)) y=(px(TOP + 12.0)) { (left_out) }
            }
            @if self.summary.buckets.is_empty() {
                text class="none" x=(px(self.x + self.width / 2.0)) y=(px((TOP + BOTTOM) / 2.0)) {
                    "no readings"
                }
            }
            text class="title" x=(px(self.x + self.width / 2.0)) y=(px(TOP - 6.0)) { (self.title) }
            text class="time" x=(px(self.x + self.width / 2.0)) y=(px(BOTTOM + 12.0)) {
                (self.summary.from.time_of_day())
            }
            text class="time" x=(px(self.x + self.width / 2.0)) y=(px(BOTTOM + 23.0)) {
                "+ " (length(self.summary.to.0 - self.summary.from.0))
            }
        }
    }
}

fn px(value: f64) -> String {
    format!("{value:.1}")
}

/// A length of time as people say it.
pub fn length(us: i64) -> String {
    let minutes = (us + 30_000_000) / 60_000_000;
    match minutes {
        0 => format!("{} s", us / 1_000_000),
        m if m < 120 => format!("{m} min"),
        m if m < 48 * 60 && m % 60 == 0 => format!("{} h", m / 60),
        m if m < 48 * 60 => format!("{} h {} min", m / 60, m % 60),
        m => format!("{} days", (m + 720) / 1440),
    }
}

/// The mean of the healthy machine, by which the eye compares.
fn healthy_mean(summaries: &[&Summary]) -> Option<f64> {
    let healthy = summaries.iter().find(|s| s.window == "healthy")?;
    let (sum, count) = healthy.buckets.iter().fold((0.0, 0.0), |(sum, count), b| {
        (sum + b.mean * b.count as f64, count + b.count as f64)
    });
    (count > 0.0).then(|| sum / count)
}

/// The windows of a point side by side; nothing when nothing was measured in any of them.
pub fn chart(name: &str, summaries: &[&Summary]) -> Option<Markup> {
    let scale = Scale::of(summaries)?;
    let shown: Vec<_> = ORDER
        .into_iter()
        .filter_map(|(window, title)| {
            summaries.iter().find(|s| s.window == window).map(|s| (*s, title))
        })
        .collect();
    let count = shown.len() as f64;
    let width = (WIDTH - LEFT - GAP * (count - 1.0)) / count;
    let panels = shown.iter().enumerate().map(|(i, (summary, title))| {
        let x = LEFT + i as f64 * (width + GAP);
        Panel { summary, title, x, width }
    });
    let unit = unit(&summaries.first()?.unit);
    Some(html! {
        svg viewBox={ "0 0 " (WIDTH) " " (HEIGHT) } role="img"
            aria-label={ (name) ": least, mean and greatest of its readings by window" } {
            text class="unit" x="2" y=(px(TOP - 6.0)) { (unit) }
            @for panel in panels { (panel.draw(&scale)) }
            @for tick in scale.ticks() {
                line class="tick" x1=(px(LEFT)) x2=(px(WIDTH)) y1=(px(scale.y(tick))) y2=(px(scale.y(tick))) {}
                text class="value" x=(px(LEFT - 4.0)) y=(px(scale.y(tick) + 3.0)) { (figure(tick)) }
            }
            @if let Some(mean) = healthy_mean(summaries) {
                line class="healthy-mean" x1=(px(LEFT)) x2=(px(WIDTH)) y1=(px(scale.y(mean))) y2=(px(scale.y(mean))) {}
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn summary(window: &str, minutes: &[i64]) -> Summary {
        let bucket = |m: &i64| Bucket {
            at: Moment(m * 60_000_000),
            count: 60,
            min: 1.0,
            mean: 2.0 + *m as f64,
            max: 3.0 + *m as f64,
        };
        Summary {
            point_id: "p".into(),
            point_name: "Inlet".into(),
            window: window.into(),
            from: Moment(0),
            to: Moment(600_000_000),
            unit: "Cel".into(),
            readings: 60 * minutes.len() as u64,
            bucket_us: 60_000_000,
            buckets: minutes.iter().map(bucket).collect(),
        }
    }

    #[test]
    fn no_line_is_drawn_across_a_gap() {
        let with_gap = summary("after", &[0, 1, 2, 6, 7]);
        let drawn = chart("Inlet", &[&with_gap]).unwrap().into_string();
        assert_eq!(drawn.matches("<polyline").count(), 2);
        let alone = summary("after", &[0, 1, 5]);
        let drawn = chart("Inlet", &[&alone]).unwrap().into_string();
        assert_eq!((drawn.matches("<polyline").count(), drawn.matches("<circle").count()), (1, 1));
        assert!(chart("Inlet", &[&summary("after", &[])]).is_none());
    }

    #[test]
    fn a_machine_at_rest_does_not_press_the_running_one_flat() {
        let runs = summary("after", &[0, 1, 2]);
        let mut rests = summary("during", &[0, 1]);
        for bucket in &mut rests.buckets {
            (bucket.min, bucket.mean, bucket.max) = (-500.0, -500.0, -400.0);
        }
        let scale = Scale::of(&[&rests, &runs]).unwrap();
        assert!(scale.low > 0.0, "{}", scale.low);
        assert_eq!(scale.leaves_out(&rests).as_deref(), Some("down to −500"));
        assert_eq!(scale.leaves_out(&runs), None);
        assert!(Scale::of(&[&rests]).unwrap().low < -500.0);
    }

    #[test]
    fn the_scale_has_a_few_round_ticks() {
        let ticks = Scale { low: 58.3, high: 71.9 }.ticks();
        assert_eq!(ticks, [60.0, 65.0, 70.0]);
    }
}
