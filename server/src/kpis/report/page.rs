//! A report as a page.

use axum::http::header;
use axum::response::{IntoResponse, Response};
use minijinja::value::Serde;
use minijinja::{Environment, context};
use serde::Serialize;

use super::sparkline;
use super::{Line, Report};
use crate::http::Problem;
use crate::kpis::definition::SHARE;
use crate::kpis::list::rows_path;
use crate::service_levels::GoalSide;
use crate::surveys::CorrectiveAction;
use crate::time::{Time, rfc3339};

const PAGE: &str = include_str!("page.html");

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

/// A page that needs nothing else; of a review with the actions that were under way.
pub(super) fn of(
    report: &Report,
    zone: &str,
    (who, now): (&str, i64),
    actions: Option<Vec<CorrectiveAction>>,
) -> Result<Response, Problem> {
    let lines: Vec<Shown> = report.lines.iter().map(|line| shown(report, line)).collect();
    let mut environment = Environment::new();
    let made = environment.add_template("report.html", PAGE).and_then(|()| {
        environment.get_template("report.html")?.render(context! {
            period => report.period.to_string(),
            word => report.period.word(),
            periods => report.spans.len(),
            zone,
            first => report.spans.first().map(|(period, _)| period.to_string()),
            made => made_at(now),
            now => Serde(Time(now)),
            who,
            lines => Serde(lines),
            actions => actions.map(Serde),
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
