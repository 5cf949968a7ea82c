//! The monthly report: every figure with its trend over twelve months, as a page and as a table.

mod month;
mod sparkline;

use axum::extract::{Path, Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use minijinja::value::Serde;
use minijinja::{Environment, context};
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;

pub(super) use month::Month;

use super::counting::{Figure, Span, trends};
use super::definition::{ALL, Kpi, SHARE, Terms};
use super::list::{rows_path, terms};
use crate::app::App;
use crate::http::{By, Problem};
use crate::service_levels::GoalSide;
use crate::time::rfc3339;

const MONTHS: usize = 12;
const PAGE: &str = include_str!("page.html");

/// Query of a report.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ReportQuery {
    /// IANA name of the zone whose midnights begin the months; `UTC` without it.
    time_zone: Option<String>,
}

/// A figure, or a part of one, over the months.
struct Line {
    kpi: &'static Kpi,
    part: String,
    figures: Vec<Figure>,
}

struct Report {
    months: Vec<(Month, Span)>,
    lines: Vec<Line>,
    terms: Terms,
}

impl Report {
    async fn of(app: &App, month: &str, query: &ReportQuery) -> Result<Self, Problem> {
        let zone = query.time_zone.as_deref().unwrap_or("UTC");
        let months = Month::parse(month)?.last(MONTHS)?;
        let passed = app.clock.now_us().saturating_add(1);
        let span = |month: &Month| month.span(zone).map(|(from, to)| (from, to.min(passed)));
        let spans = months.iter().map(span).collect::<Result<Vec<_>, _>>()?;
        let terms = terms(app).await?;
        let counted = trends(&app.database, &terms, &spans).await?;
        let line = |(kpi, trend): (&'static Kpi, super::counting::Trend)| {
            trend.into_iter().map(move |(part, figures)| Line { kpi, part, figures })
        };
        let lines = ALL.iter().zip(counted).flat_map(line).collect();
        Ok(Self { months: months.into_iter().zip(spans).collect(), lines, terms })
    }

    fn span(&self) -> Span {
        self.months.last().map_or((0, 0), |(_, span)| *span)
    }
}

/// A line as the page shows it.
#[derive(Serialize)]
struct Shown {
    title: String,
    is_part: bool,
    value: String,
    before: String,
    deviation: String,
    rows: i64,
    link: String,
    goal: String,
    met: Option<bool>,
    trend: String,
    says: String,
}

/// To the minute.
fn made_at(us: i64) -> String {
    rfc3339(us - us.rem_euclid(60_000_000)).replace('T', " ").replace(":00Z", " UTC")
}

fn number(value: f64, unit: &str) -> String {
    match unit {
        SHARE => format!("{:.1} %", value * 100.0),
        "a machine and day" => format!("{value:.4}"),
        "score" => format!("{value:.2}"),
        unit => format!("{value:.1} {unit}"),
    }
}

fn shown_number(value: Option<f64>, unit: &str) -> String {
    value.map_or_else(|| "–".to_owned(), |value| number(value, unit))
}

fn shown(report: &Report, line: &Line) -> Shown {
    let last = line.figures.last().copied().unwrap_or_default();
    let before = line.figures.iter().rev().nth(1).copied().unwrap_or_default();
    let unit = line.kpi.unit;
    let goals = &report.terms.reporting.goals;
    let goal = goals.iter().find(|g| line.part.is_empty() && g.kpi == line.kpi.name);
    let side = |side| match side {
        GoalSide::AtLeast => "at least",
        GoalSide::AtMost => "at most",
    };
    Shown {
        title: match line.part.as_str() {
            "" => line.kpi.title.to_owned(),
            part => part.replace('_', " "),
        },
        is_part: !line.part.is_empty(),
        value: shown_number(last.value, unit),
        before: shown_number(before.value, unit),
        deviation: last.deviation.map(|d| format!("± {}", number(d, unit))).unwrap_or_default(),
        rows: last.rows,
        link: rows_path(line.kpi.name, report.span(), &line.part),
        goal: goal
            .map(|g| format!("{} {}", side(g.is), number(g.figure, unit)))
            .unwrap_or_default(),
        met: goal.zip(last.value).map(|(goal, value)| goal.is_met_by(value)),
        trend: sparkline::of(line.figures.iter().map(|f| f.value)),
        says: if line.part.is_empty() { line.kpi.says(&report.terms) } else { String::new() },
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
    let report = Report::of(&app, &month, &query).await?;
    let lines: Vec<Shown> = report.lines.iter().map(|line| shown(&report, line)).collect();
    let mut environment = Environment::new();
    let made = environment.add_template("report.html", PAGE).and_then(|()| {
        environment.get_template("report.html")?.render(context! {
            month,
            zone => query.time_zone.as_deref().unwrap_or("UTC"),
            first => report.months.first().map(|(month, _)| month.to_string()),
            made => made_at(app.clock.now_us()),
            who,
            lines => Serde(lines),
        })
    });
    let page = made.map_err(|e| Problem::Internal(Box::new(e)))?;
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        // What people wrote is text in it; should that ever fail, it runs nowhere.
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'unsafe-inline'; sandbox allow-popups \
             allow-top-navigation-by-user-activation",
        ),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CACHE_CONTROL, "private, no-store"),
    ];
    Ok((headers, page).into_response())
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
    let report = Report::of(&app, &month, &query).await?;
    let text = csv(&report).map_err(|e| Problem::Internal(Box::new(e)))?;
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"report-{month}.csv\"")),
        (header::CACHE_CONTROL, "private, no-store".to_owned()),
    ];
    Ok((headers, text).into_response())
}

fn csv(report: &Report) -> Result<Vec<u8>, csv::Error> {
    let mut table = csv::Writer::from_writer(Vec::new());
    table.write_record(["figure", "part", "month", "value", "unit", "deviation", "rows"])?;
    let text = |value: Option<f64>| value.map(|v| v.to_string()).unwrap_or_default();
    for line in &report.lines {
        for ((month, _), figure) in report.months.iter().zip(&line.figures) {
            table.write_record([
                line.kpi.name,
                &line.part,
                &month.to_string(),
                &text(figure.value),
                line.kpi.unit,
                &text(figure.deviation),
                &figure.rows.to_string(),
            ])?;
        }
    }
    table.into_inner().map_err(|e| csv::Error::from(e.into_error()))
}
