//! Deleting readings of a point: what was measured in error, or has to be forgotten.

use axum::Json;
use axum::extract::{Query, State};
use serde::{Deserialize, Serialize};
use store::Range;
use utoipa::{IntoParams, ToSchema};

use super::view;
use crate::app::App;
use crate::database::new_id;
use crate::http::{By, Problem, check_text};
use crate::limits::TEXT_CHARS;
use crate::time::{self, Time};
use crate::watch;

/// Query of a deletion.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct DeletionQuery {
    /// Id of the point.
    point: String,
    /// First moment, RFC 3339.
    #[param(format = DateTime)]
    from: String,
    /// First moment after it, RFC 3339.
    #[param(format = DateTime)]
    to: String,
    /// Why; kept for good.
    why: String,
}

/// What was deleted.
#[derive(Debug, Serialize, ToSchema)]
pub struct Deletion {
    point_id: String,
    from: Time,
    to: Time,
    why: String,
    by: String,
    at: Time,
}

/// Deletes readings of a point in a stretch of time; they cannot be brought back.
///
/// Who did it and why is kept. What was learnt of the machine is learnt again.
#[utoipa::path(
    delete,
    path = "/api/v1/readings",
    operation_id = "delete_readings",
    tag = "readings",
    params(DeletionQuery),
    responses((status = 200, body = Deletion), Problem)
)]
pub(crate) async fn delete(
    By(who): By,
    State(app): State<App>,
    Query(query): Query<DeletionQuery>,
) -> Result<Json<Deletion>, Problem> {
    let range = Range {
        from_us: time::needed("from", &query.from)?,
        to_us: time::needed("to", &query.to)?,
    };
    if range.is_empty() {
        return Err(Problem::Invalid("`from` has to lie before `to`".into()));
    }
    check_text("why", &query.why, TEXT_CHARS)?;
    let asset_id: Option<String> = sqlx::query_scalar("SELECT asset_id FROM points WHERE id = $1")
        .bind(&query.point)
        .fetch_optional(&app.database)
        .await?;
    let asset_id = asset_id.ok_or(Problem::NotFound("point"))?;
    let at = app.clock.now_us();
    // Noted first: a deletion that was cut short is known and can be repeated.
    sqlx::query(
        "INSERT INTO reading_deletions (id, point_id, from_us, to_us, why, who, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(new_id())
    .bind(&query.point)
    .bind(range.from_us)
    .bind(range.to_us)
    .bind(&query.why)
    .bind(&who)
    .bind(at)
    .execute(&app.database)
    .await?;
    view::of(&app, &query.point).await.delete(&app, range).await?;
    watch::start_over(&app, &asset_id).await?;
    Ok(Json(Deletion {
        point_id: query.point,
        from: Time(range.from_us),
        to: Time(range.to_us),
        why: query.why,
        by: who,
        at: Time(at),
    }))
}
