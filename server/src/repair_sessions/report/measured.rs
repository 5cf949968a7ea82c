//! The readings of a report: of every point in every window, all of them in figures, and as many as
//! fit one by one.

use std::slice;

use ::telemetry::pack::Sample;
use store::{Bucket, Grid, Range};

use crate::app::App;
use crate::http::Problem;
use crate::limits::{REPORT_AROUND_US, REPORT_BUCKETS, REPORT_READINGS};
use crate::points::view;
use crate::repair_sessions::points::{Blocks, Point};
use crate::repair_sessions::session::RepairSession;
use crate::repair_sessions::verdicts::RepairVerdict;

/// A window of a report.
pub struct Window {
    pub name: &'static str,
    pub range: Range,
}

/// A point in a window.
pub struct Measured {
    pub point: Point,
    pub window: &'static str,
    pub range: Range,
    pub bucket_us: i64,
    /// Begin of each bucket in which something was measured.
    pub buckets: Vec<(i64, Bucket)>,
    pub readings: Vec<Sample>,
    /// In so many blocks, when these are not all readings.
    pub blocks: Option<u32>,
}

/// The windows of the newest verdict; without one, the work and some time around it.
pub fn windows(
    session: &RepairSession,
    verdict: Option<&RepairVerdict>,
    now_us: i64,
) -> Vec<Window> {
    let ranges = match (verdict, session.started_at) {
        (Some(verdict), _) => {
            let w = &verdict.content.windows;
            vec![
                ("healthy", w.healthy.span.range()),
                ("before", w.before.span.range()),
                ("during", w.during.range()),
                ("after", w.after.span.range()),
            ]
        }
        (None, Some(start)) => {
            let end_us = session.ended_at.map_or(now_us, |end| end.0);
            let before = Range { from_us: start.0 - REPORT_AROUND_US, to_us: start.0 };
            let to_us = now_us.min(end_us + REPORT_AROUND_US);
            vec![
                ("before", before),
                ("during", Range { from_us: start.0, to_us: end_us }),
                ("after", Range { from_us: end_us, to_us }),
            ]
        }
        (None, None) => Vec::new(),
    };
    let there = ranges.into_iter().filter(|(_, range)| !range.is_empty());
    there.map(|(name, range)| Window { name, range }).collect()
}

/// What the points measured in the windows.
pub async fn of(app: &App, points: &[Point], windows: &[Window]) -> Result<Vec<Measured>, Problem> {
    let mut all = Vec::with_capacity(points.len() * windows.len());
    for point in points {
        for window in windows {
            all.push(measured(app, point, window).await?);
        }
    }
    Ok(all)
}

async fn measured(app: &App, point: &Point, window: &Window) -> Result<Measured, Problem> {
    let grid = Grid::new(window.range, REPORT_BUCKETS)?;
    let buckets = view::of(app, &point.id).await.in_buckets(app, grid).await?;
    let begins = (0..).map(|i| grid.start_us + grid.bucket_us * i);
    let buckets: Vec<_> = begins.zip(buckets).filter_map(|(at, b)| Some((at, b?))).collect();
    let blocks = Blocks::of(app, slice::from_ref(point), window.range, REPORT_READINGS).await?;
    Ok(Measured {
        point: point.clone(),
        window: window.name,
        range: window.range,
        bucket_us: grid.bucket_us,
        buckets,
        readings: point.readings(app, &blocks).await?,
        blocks: blocks.thinned.map(|t| t.blocks),
    })
}
