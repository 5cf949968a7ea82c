//! The rows behind a figure.

use axum::Json;
use axum::extract::{Path, Query, State};
use serde::{Deserialize, Serialize};
use sqlx::FromRow;
use utoipa::{IntoParams, ToSchema};

use super::definition::named;
use super::list::{KpisQuery, terms};
use crate::app::App;
use crate::http::{Page, Problem};
use crate::limits::LIST_ROWS;
use crate::time::Time;

/// Query of the rows.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct RowsQuery {
    /// As for the figures.
    #[param(format = DateTime)]
    from: Option<String>,
    /// As for the figures.
    #[param(format = DateTime)]
    to: Option<String>,
    /// Only of this part.
    part: Option<String>,
    cursor: Option<String>,
}

/// Something that a figure counts.
#[derive(Debug, Serialize, ToSchema)]
pub struct KpiRow {
    /// What it is: `ticket`, `work_order`, `visit`, `alarm`, `survey`, `return`, or what a promise is about.
    subject_kind: String,
    subject_id: String,
    label: String,
    /// The part of the figure it belongs to, of a figure made of others with the name of that one or of its
    /// part (`timeliness:resolution`); empty where there are none.
    part: String,
    at: Time,
    /// In the unit of the figure; 1 or 0 of shares.
    #[schema(required)]
    value: Option<f64>,
}

#[derive(FromRow)]
struct Row {
    subject_kind: String,
    subject_id: String,
    label: String,
    part: String,
    at: i64,
    value: Option<f64>,
}

impl From<Row> for KpiRow {
    fn from(r: Row) -> Self {
        Self {
            subject_kind: r.subject_kind,
            subject_id: r.subject_id,
            label: r.label,
            part: r.part,
            at: Time(r.at),
            value: r.value,
        }
    }
}

/// Where a page ended: time, subject, part.
fn place(cursor: Option<&str>) -> Result<(i64, String, String), Problem> {
    let Some(cursor) = cursor else { return Ok((i64::MIN, String::new(), String::new())) };
    let mut parts = cursor.splitn(3, '~');
    let place = (|| {
        let at = parts.next()?.parse().ok()?;
        Some((at, parts.next()?.to_owned(), parts.next()?.to_owned()))
    })();
    place.ok_or_else(|| Problem::Invalid("`cursor` is not one of ours".into()))
}

/// The rows that a figure is counted over, the oldest first.
#[utoipa::path(
    get,
    path = "/api/v1/kpis/{name}/rows",
    operation_id = "list_kpi_rows",
    tag = "reports",
    params(RowsQuery),
    responses((status = 200, body = Page<KpiRow>), Problem)
)]
pub(crate) async fn show_rows(
    State(app): State<App>,
    Path(name): Path<String>,
    Query(query): Query<RowsQuery>,
) -> Result<Json<Page<KpiRow>>, Problem> {
    let kpi = named(&name).ok_or(Problem::NotFound("figure"))?;
    let (from, to) =
        KpisQuery::span(query.from.as_deref(), query.to.as_deref(), app.clock.now_us())?;
    let (at, subject, part) = place(query.cursor.as_deref())?;
    let sql = format!(
        "SELECT r.subject_kind, r.subject_id, r.label, r.part, r.at, \
         CAST(r.value AS DOUBLE PRECISION) AS value FROM ({}) r \
         WHERE (r.at > $3 OR (r.at = $3 AND (r.subject_id > $4 OR (r.subject_id = $4 AND r.part > $5)))) \
         AND ($6 = '' OR r.part = $6 OR substr(r.part, 1, length($6) + 1) = $6 || ':') \
         ORDER BY r.at, r.subject_id, r.part LIMIT $7",
        kpi.rows(&terms(&app).await?)
    );
    let rows: Vec<Row> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(from)
        .bind(to)
        .bind(at)
        .bind(subject)
        .bind(part)
        .bind(query.part.unwrap_or_default())
        .bind(LIST_ROWS + 1)
        .fetch_all(&app.database)
        .await?;
    let items = rows.into_iter().map(KpiRow::from).collect();
    let next = |r: &KpiRow| format!("{}~{}~{}", r.at.0, r.subject_id, r.part);
    Ok(Json(Page::cut(items, LIST_ROWS as usize, next)))
}
