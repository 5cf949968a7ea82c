//! The monthly report and the quarterly review: every figure with its trend, as a page and as a table.

mod page;
mod period;
mod sparkline;

use axum::extract::{Path, Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use utoipa::IntoParams;

pub(super) use period::Period;

use super::counting::{Figure, Span, trends};
use super::definition::{ALL, Kpi, Terms};
use super::list::terms;
use crate::app::App;
use crate::http::{By, Problem};
use crate::surveys;

/// Query of a report.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ReportQuery {
    /// IANA name of the zone whose midnights begin the months; `UTC` without it.
    time_zone: Option<String>,
}

impl ReportQuery {
    fn zone(&self) -> &str {
        self.time_zone.as_deref().unwrap_or("UTC")
    }
}

/// A figure, or a part of one, over the periods.
struct Line {
    kpi: &'static Kpi,
    part: String,
    figures: Vec<Figure>,
}

struct Report {
    period: Period,
    /// The period and those before it, the oldest first.
    spans: Vec<(Period, Span)>,
    lines: Vec<Line>,
    terms: Terms,
}

impl Report {
    async fn of(app: &App, period: Period, query: &ReportQuery) -> Result<Self, Problem> {
        let periods = period.trend()?;
        let passed = app.clock.now_us().saturating_add(1);
        let span =
            |period: &Period| period.span(query.zone()).map(|(from, to)| (from, to.min(passed)));
        let spans = periods.iter().map(span).collect::<Result<Vec<_>, _>>()?;
        let terms = terms(app).await?;
        let counted = trends(&app.database, &terms, &spans).await?;
        let line = |(kpi, trend): (&'static Kpi, super::counting::Trend)| {
            trend.into_iter().map(move |(part, figures)| Line { kpi, part, figures })
        };
        let lines = ALL.iter().zip(counted).flat_map(line).collect();
        Ok(Self { period, spans: periods.into_iter().zip(spans).collect(), lines, terms })
    }

    fn span(&self) -> Span {
        self.spans.last().map_or((0, 0), |(_, span)| *span)
    }
}

/// The report of a month, such as `2026-11`, as a page that needs nothing else: each figure, the month
/// before, its goal, twelve months, and the rows behind it.
#[utoipa::path(
    get,
    path = "/api/v1/monthly-reports/{month}/report.html",
    operation_id = "read_monthly_report",
    tag = "reports",
    params(ReportQuery),
    responses((status = 200, content_type = "text/html", body = String), Problem)
)]
pub(crate) async fn page(
    By(who): By,
    State(app): State<App>,
    Path(month): Path<String>,
    Query(query): Query<ReportQuery>,
) -> Result<Response, Problem> {
    let report = Report::of(&app, Period::month(&month)?, &query).await?;
    page::of(&report, query.zone(), (&who, app.clock.now_us()), None)
}

/// The same as a table (RFC 4180): a line for each figure, part and month.
#[utoipa::path(
    get,
    path = "/api/v1/monthly-reports/{month}/report.csv",
    operation_id = "read_monthly_table",
    tag = "reports",
    params(ReportQuery),
    responses((status = 200, content_type = "text/csv", body = String), Problem)
)]
pub(crate) async fn table(
    State(app): State<App>,
    Path(month): Path<String>,
    Query(query): Query<ReportQuery>,
) -> Result<Response, Problem> {
    as_table(&Report::of(&app, Period::month(&month)?, &query).await?)
}

/// The review of a quarter, such as `2026-Q4`, as a page that needs nothing else: each figure over eight
/// quarters, and the corrective actions that were under way, with what the surveys say of their effect.
#[utoipa::path(
    get,
    path = "/api/v1/quarterly-reviews/{quarter}/review.html",
    operation_id = "read_quarterly_review",
    tag = "reports",
    params(ReportQuery),
    responses((status = 200, content_type = "text/html", body = String), Problem)
)]
pub(crate) async fn review(
    By(who): By,
    State(app): State<App>,
    Path(quarter): Path<String>,
    Query(query): Query<ReportQuery>,
) -> Result<Response, Problem> {
    let report = Report::of(&app, Period::quarter(&quarter)?, &query).await?;
    let actions = surveys::actions_within(&app, report.span()).await?;
    page::of(&report, query.zone(), (&who, app.clock.now_us()), Some(actions))
}

/// The figures of a review as a table (RFC 4180): a line for each figure, part and quarter.
#[utoipa::path(
    get,
    path = "/api/v1/quarterly-reviews/{quarter}/review.csv",
    operation_id = "read_quarterly_table",
    tag = "reports",
    params(ReportQuery),
    responses((status = 200, content_type = "text/csv", body = String), Problem)
)]
pub(crate) async fn review_table(
    State(app): State<App>,
    Path(quarter): Path<String>,
    Query(query): Query<ReportQuery>,
) -> Result<Response, Problem> {
    as_table(&Report::of(&app, Period::quarter(&quarter)?, &query).await?)
}

fn as_table(report: &Report) -> Result<Response, Problem> {
    let text = csv(report).map_err(|e| Problem::Internal(Box::new(e)))?;
    let name = format!("attachment; filename=\"report-{}.csv\"", report.period);
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, name),
        (header::CACHE_CONTROL, "private, no-store".to_owned()),
    ];
    Ok((headers, text).into_response())
}

fn csv(report: &Report) -> Result<Vec<u8>, csv::Error> {
    let mut table = csv::Writer::from_writer(Vec::new());
    let word = report.period.word();
    table.write_record(["figure", "part", word, "value", "unit", "deviation", "rows"])?;
    let text = |value: Option<f64>| value.map(|v| v.to_string()).unwrap_or_default();
    for line in &report.lines {
        for ((period, _), figure) in report.spans.iter().zip(&line.figures) {
            table.write_record([
                line.kpi.name,
                &line.part,
                &period.to_string(),
                &text(figure.value),
                line.kpi.unit,
                &text(figure.deviation),
                &figure.rows.to_string(),
            ])?;
        }
    }
    table.into_inner().map_err(|e| csv::Error::from(e.into_error()))
}
