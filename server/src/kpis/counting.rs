//! Figures are counted over their rows, in the database.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::future::{try_join, try_join_all};
use serde::Serialize;
use sqlx::{AnyPool, FromRow};
use utoipa::ToSchema;

use super::definition::{ALL, Dimension, How, Kpi, SHARE, Terms};
use crate::http::Problem;

/// A figure of a time.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, ToSchema)]
pub struct Figure {
    /// Rows that it is counted over.
    pub(super) rows: i64,
    /// Null where there is nothing to count, or nothing to count it by.
    #[schema(required)]
    pub(super) value: Option<f64>,
    /// Of the sample (n - 1); null with fewer than two rows, of shares, and where the figure is not a mean.
    #[schema(required)]
    pub(super) deviation: Option<f64>,
}

#[derive(FromRow)]
struct Sums {
    position: i64,
    part: String,
    n: i64,
    sum: f64,
    squares: f64,
}

impl Figure {
    fn of(kpi: &Kpi, (n, sum, squares): (i64, f64, f64), base: Option<f64>) -> Self {
        let rows = n as f64;
        let base = base.filter(|base| *base > 0.0);
        let (value, deviation) = match kpi.how {
            How::Mean => {
                // Never below zero by rounding.
                let variance = ((squares - sum * sum / rows) / (rows - 1.0)).max(0.0);
                // That of a share says nothing beyond the share.
                let deviation = (n > 1 && kpi.unit != SHARE).then(|| variance.sqrt());
                ((n > 0).then(|| sum / rows), deviation)
            }
            How::SumBy(_) => (base.map(|base| sum / base), None),
            How::BaseByCount(_) => (base.filter(|_| n > 0).map(|base| base / rows), None),
            How::MeanOfParts(_) => (None, None),
        };
        Self { rows: n, value, deviation }
    }

    /// The mean over the rows of several means.
    fn together(means: &[Self]) -> Self {
        let rows = means.iter().map(|mean| mean.rows).sum();
        let sum: f64 = means.iter().filter_map(|mean| Some(mean.value? * mean.rows as f64)).sum();
        Self { rows, value: (rows > 0).then(|| sum / rows as f64), deviation: None }
    }

    /// The mean of several figures that have a value, whatever they are counted over.
    fn mean(parts: &[Self]) -> Self {
        let values: Vec<f64> = parts.iter().filter_map(|part| part.value).collect();
        let value = values.iter().sum::<f64>() / values.len() as f64;
        Self {
            rows: parts.iter().map(|part| part.rows).sum(),
            value: (!values.is_empty()).then_some(value),
            deviation: None,
        }
    }
}

/// A time: its first moment, and the first after it.
pub(super) type Span = (i64, i64);

/// Figures of one KPI over spans that follow one another, by part; the whole is the part `''`.
pub(super) type Trend = BTreeMap<String, Vec<Figure>>;

/// Counts all KPIs over spans that follow one another without a gap, in the order of [`ALL`]. What
/// several of them are counted by is counted once.
pub(super) async fn trends(
    db: &AnyPool,
    terms: &Terms,
    spans: &[Span],
) -> Result<Vec<Trend>, Problem> {
    let bases: BTreeSet<String> = ALL.iter().filter_map(|kpi| terms.base(kpi)).collect();
    let (bases, sums) = try_join(
        try_join_all(bases.into_iter().map(|sql| base(db, sql, spans))),
        try_join_all(ALL.iter().map(|kpi| sums(db, kpi, terms, spans))),
    )
    .await?;
    let bases: BTreeMap<String, Vec<Option<f64>>> = bases.into_iter().collect();
    let none = vec![None; spans.len()];
    let trend = |(kpi, sums): (&Kpi, Vec<Sums>)| {
        let base = terms.base(kpi).and_then(|sql| bases.get(&sql));
        by_part(kpi, &sums, base.unwrap_or(&none))
    };
    let mut counted: Vec<Trend> = ALL.iter().zip(sums).map(trend).collect();
    for (at, kpi) in ALL.iter().enumerate().filter(|(_, kpi)| !kpi.dimensions().is_empty()) {
        counted[at] = of_others(kpi.dimensions(), &counted, spans.len());
    }
    Ok(counted)
}

/// A figure that is the mean of others: those are not counted once more.
fn of_others(dimensions: &[Dimension], counted: &[Trend], spans: usize) -> Trend {
    let whole = |name: &str, at: usize| {
        let of = ALL.iter().zip(counted).find(|(kpi, _)| kpi.name == name);
        of.and_then(|(_, trend)| trend.get("")?.get(at)).copied().unwrap_or_default()
    };
    let part = |dimension: &Dimension, at| {
        let figures: Vec<_> = dimension.figures.iter().map(|name| whole(name, at)).collect();
        Figure::together(&figures)
    };
    let mut trend: Trend = dimensions
        .iter()
        .map(|d| (d.part.to_owned(), (0..spans).map(|at| part(d, at)).collect()))
        .collect();
    let parts = |at| trend.values().map(|figures: &Vec<Figure>| figures[at]).collect::<Vec<_>>();
    let all = (0..spans).map(|at| Figure::mean(&parts(at))).collect();
    trend.insert(String::new(), all);
    trend
}

/// What a statement counts in each span, with the statement.
async fn base(
    db: &AnyPool,
    sql: String,
    spans: &[Span],
) -> Result<(String, Vec<Option<f64>>), Problem> {
    let mut counted = Vec::with_capacity(spans.len());
    for (from, to) in spans {
        let base = sqlx::query_scalar(sqlx::AssertSqlSafe(sql.clone()));
        counted.push(Some(base.bind(from).bind(to).fetch_one(db).await?));
    }
    Ok((sql, counted))
}

/// Sums of a KPI by span and part.
async fn sums(
    db: &AnyPool,
    kpi: &Kpi,
    terms: &Terms,
    spans: &[Span],
) -> Result<Vec<Sums>, Problem> {
    if !kpi.dimensions().is_empty() {
        return Ok(Vec::new());
    }
    if !kpi.at_end {
        return within(db, kpi, terms, spans).await;
    }
    let mut all = Vec::new();
    for (position, span) in (0..).zip(spans) {
        let one = within(db, kpi, terms, &[*span]).await?;
        all.extend(one.into_iter().map(|sums| Sums { position, ..sums }));
    }
    Ok(all)
}

/// Sums by span and part. Rows of a KPI that says how things are at the end have times before it: all
/// of them belong to the one span.
async fn within(
    db: &AnyPool,
    kpi: &Kpi,
    terms: &Terms,
    spans: &[Span],
) -> Result<Vec<Sums>, Problem> {
    let Some(((_, to), before)) = spans.split_last() else { return Ok(Vec::new()) };
    let from = before.first().or(spans.first()).map_or(*to, |(from, _)| *from);
    let cases =
        before.iter().zip(0..).map(|((_, end), at)| format!("WHEN r.at < {end} THEN {at} "));
    let position = match before.len() {
        0 => "0".to_owned(),
        last => format!("CASE {}ELSE {last} END", cases.collect::<String>()),
    };
    // The square of 0 or 1 is itself; it is not asked for twice where that takes a lookup a row.
    let square = if kpi.unit == SHARE { "g.value" } else { "g.value * g.value" };
    let rows = kpi.rows(terms);
    let sql = format!(
        "SELECT CAST(g.position AS BIGINT) AS position, g.part, count(*) AS n, \
         coalesce(sum(g.value), 0.0) AS sum, coalesce(sum({square}), 0.0) AS squares \
         FROM (SELECT {position} AS position, r.part, CAST(r.value AS DOUBLE PRECISION) AS value \
         FROM ({rows}) r) g GROUP BY g.position, g.part"
    );
    let sums = sqlx::query_as(sqlx::AssertSqlSafe(sql));
    Ok(sums.bind(from).bind(to).fetch_all(db).await?)
}

fn by_part(kpi: &Kpi, sums: &[Sums], bases: &[Option<f64>]) -> Trend {
    let mut added: BTreeMap<&str, Vec<(i64, f64, f64)>> = BTreeMap::new();
    for s in sums {
        let Ok(at) = usize::try_from(s.position) else { continue };
        let parts = if s.part.is_empty() { vec![""] } else { vec!["", s.part.as_str()] };
        for part in parts {
            let of = added.entry(part).or_insert_with(|| vec![(0, 0.0, 0.0); bases.len()]);
            let (n, sum, squares) = of[at];
            of[at] = (n + s.n, sum + s.sum, squares + s.squares);
        }
    }
    added.entry("").or_insert_with(|| vec![(0, 0.0, 0.0); bases.len()]);
    let figures = |sums: Vec<(i64, f64, f64)>| {
        sums.into_iter().zip(bases).map(|(sums, base)| Figure::of(kpi, sums, *base)).collect()
    };
    added.into_iter().map(|(part, sums)| (part.to_owned(), figures(sums))).collect()
}
