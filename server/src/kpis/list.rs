//! All figures of a time.

use axum::Json;
use axum::extract::{Query, State};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::counting::{Figure, trends};
use super::definition::{ALL, Terms};
use crate::app::App;
use crate::http::Problem;
use crate::limits::KPI_DAYS;
use crate::policies;
use crate::time::{DAY_US, Time, bound, rfc3339};

/// Query of the figures.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct KpisQuery {
    /// First moment, RFC 3339; without it 30 days before the end.
    #[param(format = DateTime)]
    from: Option<String>,
    /// First moment after it, RFC 3339; without it now.
    #[param(format = DateTime)]
    to: Option<String>,
}

impl KpisQuery {
    /// The time that is asked for, as far as it has passed: what is to come is not counted by.
    pub(super) fn span(
        from: Option<&str>,
        to: Option<&str>,
        now: i64,
    ) -> Result<(i64, i64), Problem> {
        let passed = now.saturating_add(1);
        let to = bound("to", to, passed)?;
        let from = bound("from", from, to.saturating_sub(30 * DAY_US))?;
        let longest = KPI_DAYS * DAY_US;
        if from >= to || to.saturating_sub(from) > longest {
            let says = format!("`from` has to be before `to`, and at most {KPI_DAYS} days");
            return Err(Problem::Invalid(says));
        }
        Ok((from, to.min(passed)))
    }
}

/// One part of a figure, such as one state or one kind of promise.
#[derive(Debug, Serialize, ToSchema)]
pub struct KpiPart {
    part: String,
    figure: Figure,
}

/// A figure, with what it says.
#[derive(Debug, Serialize, ToSchema)]
pub struct MeasuredKpi {
    name: &'static str,
    title: &'static str,
    /// `h`, `days`, `share` (0 to 1), `score` (1 to 5), or `a machine and day`.
    unit: &'static str,
    /// What it counts, and when.
    definition: String,
    /// The statement whose rows it is counted over; `$1` and `$2` are `from` and `to`, in microseconds since
    /// the Unix epoch.
    sql: String,
    /// What the rows are counted by, where the figure is no mean.
    #[schema(required)]
    base_sql: Option<String>,
    figure: Figure,
    parts: Vec<KpiPart>,
    /// Where its rows are.
    rows: String,
}

/// The figures of a time.
#[derive(Debug, Serialize, ToSchema)]
pub struct KpiFigures {
    from: Time,
    to: Time,
    items: Vec<MeasuredKpi>,
}

/// What definitions take from the policies that hold.
pub(super) async fn terms(app: &App) -> Result<Terms, Problem> {
    let (_, reporting) = policies::newest(&app.database).await?;
    let (_, surveys) = policies::newest(&app.database).await?;
    Ok(Terms { reporting, surveys })
}

/// Where the rows of a figure are.
pub(super) fn rows_path(name: &str, (from, to): (i64, i64), part: &str) -> String {
    let part = if part.is_empty() { String::new() } else { format!("&part={part}") };
    format!("/api/v1/kpis/{name}/rows?from={}&to={}{part}", rfc3339(from), rfc3339(to))
}

/// The figures of a time, each with its definition and where its rows are.
#[utoipa::path(
    get,
    path = "/api/v1/kpis",
    operation_id = "list_kpis",
    tag = "reports",
    params(KpisQuery),
    responses((status = 200, body = KpiFigures), Problem)
)]
pub(crate) async fn list(
    State(app): State<App>,
    Query(query): Query<KpisQuery>,
) -> Result<Json<KpiFigures>, Problem> {
    let span = KpisQuery::span(query.from.as_deref(), query.to.as_deref(), app.clock.now_us())?;
    let terms = terms(&app).await?;
    let mut items = Vec::with_capacity(ALL.len());
    for (kpi, mut trend) in ALL.iter().zip(trends(&app.database, &terms, &[span]).await?) {
        let whole = trend.remove("").and_then(|figures| figures.first().copied());
        let part = |(part, figures): (String, Vec<Figure>)| KpiPart {
            part,
            figure: figures.first().copied().unwrap_or_default(),
        };
        items.push(MeasuredKpi {
            name: kpi.name,
            title: kpi.title,
            unit: kpi.unit,
            definition: kpi.says(&terms),
            sql: kpi.rows(&terms),
            base_sql: terms.base(kpi),
            figure: whole.unwrap_or_default(),
            parts: trend.into_iter().map(part).collect(),
            rows: rows_path(kpi.name, span, ""),
        });
    }
    Ok(Json(KpiFigures { from: Time(span.0), to: Time(span.1), items }))
}
