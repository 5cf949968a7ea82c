//! From stored readings to the judgements of the crate `verdict`, point by point.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use verdict::{Judgement, Plan, Series, Tolerance, Window};

use super::acceptance::Selector;
use super::points::{Blocks, Point};
use super::verdicts::{PointVerdict, Terms, Verdict};
use super::windows::{ChosenSpan, Windows};
use crate::app::App;
use crate::http::Problem;

/// In what a tolerance is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ToleranceIn {
    /// The unit of the point.
    Unit,
    /// Robust standard deviations of the healthy readings at equal load.
    HealthySds,
}

/// How far a repaired point may be from the healthy machine.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PointTolerance {
    points: Selector,
    amount: f64,
    r#in: ToleranceIn,
}

impl PointTolerance {
    pub fn check(&self) -> Result<(), Problem> {
        if self.amount.is_finite() && self.amount > 0.0 {
            return Ok(());
        }
        Err(Problem::Invalid("`amount` of a tolerance has to be greater than 0".into()))
    }
}

impl Terms {
    fn plan(&self, point: &Point) -> Plan {
        let fits =
            |t: &&PointTolerance| t.points.matches(&point.quantity, &point.position, &point.name);
        let default = Plan { load_is_symptom: self.load_is_symptom, ..Plan::default() };
        match self.tolerances.iter().find(fits) {
            None => default,
            Some(PointTolerance { amount, r#in: ToleranceIn::Unit, .. }) => {
                Plan { tolerance: Tolerance::Unit(*amount), ..default }
            }
            Some(PointTolerance { amount, .. }) => {
                Plan { tolerance: Tolerance::HealthySds(*amount), ..default }
            }
        }
    }
}

/// Readings as the crate takes them.
#[derive(Default)]
struct Columns {
    times_us: Vec<i64>,
    values: Vec<f64>,
}

/// A window as it is read, the same blocks of it for every point.
struct Reading<'a> {
    span: &'a ChosenSpan,
    blocks: Blocks,
    load: Option<Columns>,
}

impl<'a> Reading<'a> {
    async fn of(
        app: &App,
        points: &[Point],
        load: Option<&Point>,
        span: &'a ChosenSpan,
    ) -> Result<Self, Problem> {
        let blocks = Blocks::of(app, points, span.span.range()).await?;
        let load = match load {
            Some(point) => Some(columns(app, point, &blocks, |_| true).await?),
            None => None,
        };
        Ok(Self { span, blocks, load })
    }

    async fn columns(&self, app: &App, point: &Point) -> Result<Columns, Problem> {
        columns(app, point, &self.blocks, |at_us| self.span.counts(at_us)).await
    }
}

async fn columns(
    app: &App,
    point: &Point,
    blocks: &Blocks,
    counts: impl Fn(i64) -> bool,
) -> Result<Columns, Problem> {
    let mut samples = point.readings(app, blocks).await?;
    samples.retain(|s| counts(s.measured_at_us));
    let (times_us, values) = samples.into_iter().map(|s| (s.measured_at_us, s.value)).unzip();
    Ok(Columns { times_us, values })
}

fn window<'a>(columns: &'a Columns, load: Option<&'a Columns>) -> Window<'a> {
    Window {
        times_us: &columns.times_us,
        values: &columns.values,
        load: load.map(|l| Series { times_us: &l.times_us, values: &l.values }),
    }
}

/// Judges every point but the load, and draws the verdicts together.
pub(super) async fn judge(
    app: &App,
    points: &[Point],
    load: Option<&Point>,
    windows: &Windows,
    terms: &Terms,
) -> Result<(Vec<PointVerdict>, Verdict), Problem> {
    let mut read = [
        Reading::of(app, points, load, &windows.healthy).await?,
        Reading::of(app, points, load, &windows.before).await?,
        Reading::of(app, points, load, &windows.after).await?,
    ];
    let thinned: BTreeMap<_, _> = ["healthy", "before", "after"]
        .into_iter()
        .zip(&read)
        .filter_map(|(name, r)| Some((name.to_owned(), r.blocks.thinned?)))
        .collect();
    let mut judged = Vec::new();
    let mut judgements = Vec::new();
    for point in points.iter().filter(|p| load.is_none_or(|l| l.id != p.id)) {
        let mut columns = Vec::with_capacity(read.len());
        for r in &read {
            columns.push(r.columns(app, point).await?);
        }
        let loads = read.each_mut().map(|r| r.load.take());
        let plan = terms.plan(point);
        // The statistics take a while; they must not keep other requests waiting.
        let judging = tokio::task::spawn_blocking(move || {
            let of = |i: usize| window(&columns[i], loads[i].as_ref());
            let judgement = verdict::judge(&of(0), &of(1), &of(2), &plan);
            (judgement, loads)
        });
        let (judgement, loads) = judging.await.map_err(|e| Problem::Internal(Box::new(e)))?;
        for (r, load) in read.iter_mut().zip(loads) {
            r.load = load;
        }
        judged.push(say(point, &judgement, thinned.clone())?);
        judgements.push(judgement);
    }
    Ok((judged, verdict::overall(&judgements).into()))
}

fn say(
    point: &Point,
    judgement: &Judgement,
    thinned: BTreeMap<String, super::points::Thinned>,
) -> Result<PointVerdict, Problem> {
    Ok(PointVerdict {
        point_id: point.id.clone(),
        point_name: point.name.clone(),
        quantity: point.quantity.clone(),
        unit: point.unit.clone(),
        verdict: judgement.verdict.into(),
        healthy_now: judgement.healthy_now,
        healthy_before: judgement.healthy_before,
        reasons: judgement.reasons.iter().map(ToString::to_string).collect(),
        thinned,
        judgement: serde_json::to_value(judgement).map_err(|e| Problem::Internal(Box::new(e)))?,
    })
}
