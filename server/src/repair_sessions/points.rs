//! The measurement points of a session's machine, and their readings in a window.

use ::telemetry::pack::Sample;
use serde::{Deserialize, Serialize};
use sqlx::FromRow;
use store::{Grid, Range};
use utoipa::ToSchema;

use crate::app::App;
use crate::http::Problem;
use crate::limits::{WINDOW_BLOCKS, WINDOW_READINGS};
use crate::points::view;

/// A measurement point of the machine.
#[derive(Debug, Clone, FromRow)]
pub(super) struct Point {
    pub id: String,
    pub name: String,
    pub quantity: String,
    pub position: String,
    pub unit: String,
}

/// All points of an asset.
pub(super) async fn of_asset(app: &App, asset_id: &str) -> Result<Vec<Point>, Problem> {
    Ok(sqlx::query_as(
        "SELECT id, name, quantity, position, unit FROM points WHERE asset_id = $1 ORDER BY slot",
    )
    .bind(asset_id)
    .fetch_all(&app.database)
    .await?)
}

/// A window with more readings than are judged: regular blocks of it were read, so that readings
/// beside each other stay beside each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Thinned {
    /// Readings in the window, of the point that has most.
    pub of: u64,
    /// About so many of them were judged.
    pub read: u64,
    /// In so many blocks of equal length, evenly over the window.
    pub blocks: u32,
}

/// The parts of a window that are read, the same for every point.
pub(super) struct Blocks {
    ranges: Vec<Range>,
    pub thinned: Option<Thinned>,
}

impl Blocks {
    /// All of a window; of one in which a point has more than [`WINDOW_READINGS`], regular blocks.
    pub async fn of(app: &App, points: &[Point], window: Range) -> Result<Self, Problem> {
        if window.is_empty() {
            return Ok(Self { ranges: Vec::new(), thinned: None });
        }
        let grid = Grid::new(window, WINDOW_BLOCKS)?;
        let mut most = 0;
        for point in points {
            let buckets = view::of(app, &point.id).await.in_buckets(app, grid).await?;
            most = buckets.iter().flatten().map(|b| b.count).sum::<u64>().max(most);
        }
        if most <= WINDOW_READINGS as u64 {
            return Ok(Self { ranges: vec![window], thinned: None });
        }
        let thinned = Thinned { of: most, read: WINDOW_READINGS as u64, blocks: WINDOW_BLOCKS };
        Ok(Self { ranges: blocks(window, most).collect(), thinned: Some(thinned) })
    }
}

impl Point {
    /// The readings of a window, in order of measurement.
    pub async fn readings(&self, app: &App, blocks: &Blocks) -> Result<Vec<Sample>, Problem> {
        let view = view::of(app, &self.id).await;
        let mut samples = Vec::new();
        for block in &blocks.ranges {
            samples.extend(view.in_order(app, *block, WINDOW_READINGS).await?);
        }
        Ok(samples)
    }

    /// The newest readings since a time: of the last `span_us`, and at most `limit`.
    pub async fn newest(
        &self,
        app: &App,
        since_us: i64,
        span_us: i64,
        limit: usize,
    ) -> Result<Vec<Sample>, Problem> {
        let view = view::of(app, &self.id).await;
        let Some(last) = view.latest(app).await? else { return Ok(Vec::new()) };
        let from_us = since_us.max(last.measured_at_us.saturating_sub(span_us));
        let mut range = Range { from_us, to_us: i64::MAX };
        loop {
            let samples = view.in_order(app, range, limit + 1).await?;
            if samples.len() <= limit {
                return Ok(samples);
            }
            range.from_us = samples[limit / 2].measured_at_us;
        }
    }
}

/// Blocks of equal length, evenly over the range, that together hold about [`WINDOW_READINGS`] of
/// its `of` readings.
fn blocks(range: Range, of: u64) -> impl Iterator<Item = Range> {
    let length = (range.to_us - range.from_us) as f64;
    let step = length / f64::from(WINDOW_BLOCKS);
    let share = (WINDOW_READINGS as f64 / of.max(1) as f64).min(1.0);
    (0..WINDOW_BLOCKS).map(move |i| {
        let from_us = range.from_us + (f64::from(i) * step) as i64;
        Range { from_us, to_us: from_us + (step * share) as i64 }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_window_is_thinned_by_blocks_that_are_spread_over_all_of_it() {
        let range = Range { from_us: 1_000, to_us: 1_000 + 3_600_000_000 };
        let blocks: Vec<_> = blocks(range, 10 * WINDOW_READINGS as u64).collect();
        assert_eq!(blocks.len(), WINDOW_BLOCKS as usize);
        assert_eq!(blocks[0].from_us, range.from_us);
        let covered: i64 = blocks.iter().map(|b| b.to_us - b.from_us).sum();
        assert!((355_000_000..=360_000_000).contains(&covered), "a tenth of it: {covered}");
        assert!(blocks.windows(2).all(|w| w[0].to_us < w[1].from_us));
        assert!(blocks.last().unwrap().to_us <= range.to_us);
    }
}
