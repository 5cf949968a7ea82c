//! All remarks on a stretch of time of a machine, whatever they come from.

use axum::Json;
use axum::extract::{Path, Query, State};
use serde::{Deserialize, Serialize};
use sqlx::FromRow;
use utoipa::{IntoParams, ToSchema};

use crate::app::App;
use crate::http::{Page, Problem};
use crate::limits::LIST_ROWS;
use crate::time::{self, Time};

/// What a remark says.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum RemarkAbout {
    /// Somebody noted it.
    Annotation {
        /// Its id.
        id: String,
        /// What to know.
        note: String,
        /// Who noted it.
        by: String,
        /// When.
        at: Time,
    },
    /// Readings came more than a minute after they were measured.
    Late {
        /// When the first of them came.
        arrived_from: Time,
        /// When the last of them came.
        arrived_to: Time,
    },
    /// The readings are shown by a calibration that was entered after they were measured.
    Corrected {
        /// Corrected = reported × scale + offset.
        scale: f64,
        /// In the unit of the readings.
        offset: f64,
        /// Certificate, reference.
        note: String,
        /// Who entered it.
        by: String,
        /// When.
        at: Time,
    },
    /// Readings were deleted.
    Deleted {
        /// Why.
        why: String,
        /// Who deleted them.
        by: String,
        /// When.
        at: Time,
    },
}

/// A remark on a stretch of time.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct ReadingRemark {
    /// First moment.
    from: Time,
    /// Last moment.
    to: Time,
    /// The point it is about; null for the whole machine.
    #[schema(required)]
    point_id: Option<String>,
    /// What it says.
    about: RemarkAbout,
}

/// Query of the list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct RemarksQuery {
    /// First moment, RFC 3339; from the beginning unless given.
    #[param(format = DateTime)]
    from: Option<String>,
    /// Last moment; until now unless given.
    #[param(format = DateTime)]
    to: Option<String>,
}

/// A stretch of time of a machine.
struct Stretch<'a> {
    asset_id: &'a str,
    from: i64,
    to: i64,
}

/// What has to be known about the readings of a machine in a stretch of time: notes of people, and
/// what came late, was corrected or deleted afterwards. In order of time; of each kind the newest
/// 200.
#[utoipa::path(
    get,
    path = "/api/v1/assets/{id}/remarks",
    operation_id = "list_remarks",
    tag = "readings",
    params(RemarksQuery),
    responses((status = 200, body = Page<ReadingRemark>), Problem)
)]
pub(crate) async fn list(
    State(app): State<App>,
    Path(asset_id): Path<String>,
    Query(query): Query<RemarksQuery>,
) -> Result<Json<Page<ReadingRemark>>, Problem> {
    let from = time::bound("from", query.from.as_deref(), i64::MIN)?;
    let to = time::bound("to", query.to.as_deref(), i64::MAX)?;
    let stretch = Stretch { asset_id: &asset_id, from, to };
    let mut items = annotated(&app, &stretch).await?;
    items.extend(late(&app, &stretch).await?);
    items.extend(corrected(&app, &stretch).await?);
    items.extend(deleted(&app, &stretch).await?);
    items.sort_by_key(|r| (r.from.0, r.to.0));
    Ok(Json(Page { items, next_cursor: None }))
}

#[derive(FromRow)]
struct Noted {
    id: String,
    point_id: Option<String>,
    from_us: i64,
    to_us: i64,
    note: String,
    who: String,
    created_at: i64,
}

async fn annotated(app: &App, stretch: &Stretch<'_>) -> Result<Vec<ReadingRemark>, sqlx::Error> {
    let rows: Vec<Noted> = sqlx::query_as(
        "SELECT id, point_id, from_us, to_us, note, who, created_at FROM annotations \
         WHERE asset_id = $1 AND withdrawn_at IS NULL AND from_us <= $3 AND to_us >= $2 \
         ORDER BY from_us DESC LIMIT $4",
    )
    .bind(stretch.asset_id)
    .bind(stretch.from)
    .bind(stretch.to)
    .bind(LIST_ROWS)
    .fetch_all(&app.database)
    .await?;
    let remark = |r: Noted| ReadingRemark {
        from: Time(r.from_us),
        to: Time(r.to_us),
        point_id: r.point_id,
        about: RemarkAbout::Annotation {
            id: r.id,
            note: r.note,
            by: r.who,
            at: Time(r.created_at),
        },
    };
    Ok(rows.into_iter().map(remark).collect())
}

#[derive(FromRow)]
struct Late {
    point_id: String,
    from_us: i64,
    to_us: i64,
    valid_from: i64,
    valid_to: i64,
    arrived_from: i64,
    arrived_to: i64,
}

async fn late(app: &App, stretch: &Stretch<'_>) -> Result<Vec<ReadingRemark>, sqlx::Error> {
    let rows: Vec<Late> = sqlx::query_as(
        "SELECT b.point_id, l.from_us, l.to_us, b.valid_from, b.valid_to, l.arrived_from, \
         l.arrived_to FROM late_arrivals l JOIN bindings b ON b.series = l.series \
         JOIN points p ON p.id = b.point_id WHERE p.asset_id = $1 \
         AND l.from_us <= $3 AND l.to_us >= $2 \
         AND l.from_us < b.valid_to AND l.to_us >= b.valid_from \
         ORDER BY l.from_us DESC LIMIT $4",
    )
    .bind(stretch.asset_id)
    .bind(stretch.from)
    .bind(stretch.to)
    .bind(LIST_ROWS)
    .fetch_all(&app.database)
    .await?;
    let remark = |r: Late| ReadingRemark {
        from: Time(r.from_us.max(r.valid_from)),
        to: Time(r.to_us.min(r.valid_to)),
        point_id: Some(r.point_id),
        about: RemarkAbout::Late {
            arrived_from: Time(r.arrived_from),
            arrived_to: Time(r.arrived_to),
        },
    };
    Ok(rows.into_iter().map(remark).collect())
}

#[derive(FromRow)]
struct Corrected {
    point_id: String,
    from_us: i64,
    to_us: i64,
    scale: f64,
    offset_by: f64,
    note: String,
    who: String,
    created_at: i64,
}

/// From the date of a calibration to when it was entered, or to the next one's date.
async fn corrected(app: &App, stretch: &Stretch<'_>) -> Result<Vec<ReadingRemark>, sqlx::Error> {
    let rows: Vec<Corrected> = sqlx::query_as(
        "SELECT * FROM (SELECT b.point_id, \
         CASE WHEN k.valid_from > b.valid_from THEN k.valid_from ELSE b.valid_from END AS from_us, \
         CASE WHEN coalesce(min(n.valid_from), k.created_at) < k.created_at THEN min(n.valid_from) \
         ELSE k.created_at END AS to_us, k.scale, k.offset_by, k.note, k.who, k.created_at \
         FROM calibrations k JOIN bindings b ON b.series = k.series \
         JOIN points p ON p.id = b.point_id \
         LEFT JOIN calibrations n ON n.series = k.series AND n.valid_from > k.valid_from \
         WHERE p.asset_id = $1 AND k.valid_from < b.valid_to AND k.created_at > b.valid_from \
         GROUP BY k.id, k.valid_from, k.scale, k.offset_by, k.note, k.who, k.created_at, \
         b.point_id, b.valid_from) c WHERE from_us < to_us AND from_us <= $3 AND to_us >= $2 \
         ORDER BY from_us DESC LIMIT $4",
    )
    .bind(stretch.asset_id)
    .bind(stretch.from)
    .bind(stretch.to)
    .bind(LIST_ROWS)
    .fetch_all(&app.database)
    .await?;
    let remark = |r: Corrected| ReadingRemark {
        from: Time(r.from_us),
        to: Time(r.to_us),
        point_id: Some(r.point_id),
        about: RemarkAbout::Corrected {
            scale: r.scale,
            offset: r.offset_by,
            note: r.note,
            by: r.who,
            at: Time(r.created_at),
        },
    };
    Ok(rows.into_iter().map(remark).collect())
}

#[derive(FromRow)]
struct Deleted {
    point_id: String,
    from_us: i64,
    to_us: i64,
    why: String,
    who: String,
    created_at: i64,
}

async fn deleted(app: &App, stretch: &Stretch<'_>) -> Result<Vec<ReadingRemark>, sqlx::Error> {
    let rows: Vec<Deleted> = sqlx::query_as(
        "SELECT d.point_id, d.from_us, d.to_us, d.why, d.who, d.created_at \
         FROM reading_deletions d JOIN points p ON p.id = d.point_id \
         WHERE p.asset_id = $1 AND d.from_us <= $3 AND d.to_us >= $2 \
         ORDER BY d.from_us DESC LIMIT $4",
    )
    .bind(stretch.asset_id)
    .bind(stretch.from)
    .bind(stretch.to)
    .bind(LIST_ROWS)
    .fetch_all(&app.database)
    .await?;
    let remark = |r: Deleted| ReadingRemark {
        from: Time(r.from_us),
        to: Time(r.to_us),
        point_id: Some(r.point_id),
        about: RemarkAbout::Deleted { why: r.why, by: r.who, at: Time(r.created_at) },
    };
    Ok(rows.into_iter().map(remark).collect())
}
