//! What people noted on the time axis of a machine.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::App;
use crate::database::new_id;
use crate::http::{By, Problem, check_text};
use crate::limits::TEXT_CHARS;
use crate::time::{self, Time};

/// Body of an annotation.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewAnnotation {
    /// One point of the machine; all when it is left out.
    #[serde(default)]
    point_id: Option<String>,
    /// First moment, RFC 3339.
    #[schema(format = DateTime)]
    from: String,
    /// Last moment; left out, it is about one moment.
    #[serde(default)]
    #[schema(format = DateTime)]
    to: Option<String>,
    /// What to know, up to 500 characters.
    note: String,
}

/// An annotation.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct Annotation {
    id: String,
    asset_id: String,
    #[schema(required)]
    point_id: Option<String>,
    from: Time,
    to: Time,
    note: String,
    by: String,
    at: Time,
}

/// Notes something on the time axis of a machine.
#[utoipa::path(
    post,
    path = "/api/v1/assets/{id}/annotations",
    operation_id = "annotate_asset",
    tag = "readings",
    responses((status = 201, body = Annotation), Problem)
)]
pub(crate) async fn annotate(
    By(who): By,
    State(app): State<App>,
    Path(asset_id): Path<String>,
    Json(new): Json<NewAnnotation>,
) -> Result<(StatusCode, Json<Annotation>), Problem> {
    let from = time::needed("from", &new.from)?;
    let to = time::bound("to", new.to.as_deref(), from)?;
    if to < from {
        return Err(Problem::Invalid("`from` has to lie before `to`".into()));
    }
    check_text("note", &new.note, TEXT_CHARS)?;
    let known: Option<i64> =
        sqlx::query_scalar("SELECT CAST(1 AS BIGINT) FROM assets WHERE id = $1")
            .bind(&asset_id)
            .fetch_optional(&app.database)
            .await?;
    known.ok_or(Problem::NotFound("asset"))?;
    if let Some(point) = &new.point_id {
        let of_it: Option<i64> = sqlx::query_scalar(
            "SELECT CAST(1 AS BIGINT) FROM points WHERE id = $1 AND asset_id = $2",
        )
        .bind(point)
        .bind(&asset_id)
        .fetch_optional(&app.database)
        .await?;
        of_it.ok_or_else(|| Problem::Invalid("`point_id` is no point of this machine".into()))?;
    }
    let (id, at) = (new_id(), app.clock.now_us());
    sqlx::query(
        "INSERT INTO annotations (id, asset_id, point_id, from_us, to_us, note, who, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(&id)
    .bind(&asset_id)
    .bind(&new.point_id)
    .bind(from)
    .bind(to)
    .bind(&new.note)
    .bind(&who)
    .bind(at)
    .execute(&app.database)
    .await?;
    let annotation = Annotation {
        id,
        asset_id,
        point_id: new.point_id,
        from: Time(from),
        to: Time(to),
        note: new.note,
        by: who,
        at: Time(at),
    };
    Ok((StatusCode::CREATED, Json(annotation)))
}

/// Takes an annotation back. It is kept with who did it, and no longer shown; taking it back again
/// changes nothing.
#[utoipa::path(
    delete,
    path = "/api/v1/assets/{id}/annotations/{annotation}",
    operation_id = "withdraw_annotation",
    tag = "readings",
    responses((status = 204), Problem)
)]
pub(crate) async fn withdraw(
    By(who): By,
    State(app): State<App>,
    Path((asset_id, id)): Path<(String, String)>,
) -> Result<StatusCode, Problem> {
    let known: Option<i64> = sqlx::query_scalar(
        "SELECT CAST(1 AS BIGINT) FROM annotations WHERE id = $1 AND asset_id = $2",
    )
    .bind(&id)
    .bind(&asset_id)
    .fetch_optional(&app.database)
    .await?;
    known.ok_or(Problem::NotFound("annotation"))?;
    sqlx::query(
        "UPDATE annotations SET withdrawn_at = $2, withdrawn_by = $3 \
         WHERE id = $1 AND withdrawn_at IS NULL",
    )
    .bind(&id)
    .bind(app.clock.now_us())
    .bind(who)
    .execute(&app.database)
    .await?;
    Ok(StatusCode::NO_CONTENT)
}
