//! Refused messages: counted by reason, the newest kept with sample and cause.

use ::telemetry::delivery::Rejection;
use axum::Json;
use axum::extract::{Query, State};
use serde::{Deserialize, Serialize};
use sqlx::{Any, FromRow, Transaction};
use utoipa::{IntoParams, ToSchema};

use crate::app::App;
use crate::database::new_id;
use crate::http::Problem;
use crate::limits::{LIST_ROWS, REJECTED_KEPT};
use crate::time::Time;

/// A refused message.
#[derive(Debug, Serialize, FromRow, ToSchema)]
pub struct Rejected {
    id: String,
    topic: String,
    reason: String,
    cause: String,
    sample: String,
    records: i64,
    #[sqlx(try_from = "i64")]
    received_at: Time,
}

/// How many records were refused for a reason.
#[derive(Debug, Serialize, FromRow, ToSchema)]
pub struct Count {
    reason: String,
    records: i64,
}

/// `GET /api/v1/rejected`.
#[derive(Debug, Serialize, ToSchema)]
pub struct RejectedPage {
    items: Vec<Rejected>,
    counts: Vec<Count>,
    #[schema(required)]
    next_cursor: Option<String>,
}

/// Keeps one rejection and forgets the oldest beyond the limit.
pub(crate) async fn keep(
    tx: &mut Transaction<'_, Any>,
    rejection: &Rejection,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO rejected (id, topic, reason, cause, sample, records, received_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(new_id())
    .bind(&rejection.topic)
    .bind(&rejection.reason)
    .bind(&rejection.cause)
    .bind(readable(&rejection.sample))
    .bind(i64::from(rejection.count))
    .bind(rejection.received_at_us)
    .execute(&mut **tx)
    .await?;
    sqlx::query(
        "INSERT INTO rejected_counts (reason, records) VALUES ($1, $2) \
         ON CONFLICT (reason) DO UPDATE SET records = rejected_counts.records + excluded.records",
    )
    .bind(&rejection.reason)
    .bind(i64::from(rejection.count))
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Forgets the oldest beyond the limit; the counts stay.
pub(crate) async fn forget_oldest(tx: &mut Transaction<'_, Any>) -> Result<(), sqlx::Error> {
    sqlx::query(
        "DELETE FROM rejected WHERE id <= \
         (SELECT id FROM rejected ORDER BY id DESC LIMIT 1 OFFSET $1)",
    )
    .bind(REJECTED_KEPT)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Text where it is text, else hexadecimal.
fn readable(sample: &[u8]) -> String {
    match std::str::from_utf8(sample) {
        Ok(text) if !text.contains('\0') => text.to_owned(),
        _ => sample.iter().map(|b| format!("{b:02x}")).collect(),
    }
}

/// Query of the list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct RejectedQuery {
    cursor: Option<String>,
}

/// Refused messages, the newest first, and how many there were by reason.
#[utoipa::path(
    get,
    path = "/api/v1/rejected",
    operation_id = "list_rejected",
    tag = "intake",
    params(RejectedQuery),
    responses((status = 200, body = RejectedPage), Problem)
)]
pub(crate) async fn list(
    State(app): State<App>,
    Query(query): Query<RejectedQuery>,
) -> Result<Json<RejectedPage>, Problem> {
    let items: Vec<Rejected> = sqlx::query_as(
        "SELECT id, topic, reason, cause, sample, records, received_at FROM rejected \
         WHERE id < $1 ORDER BY id DESC LIMIT $2",
    )
    .bind(query.cursor.unwrap_or_else(|| "~".to_owned()))
    .bind(LIST_ROWS + 1)
    .fetch_all(&app.database)
    .await?;
    let page = crate::http::Page::cut(items, LIST_ROWS as usize, |r| r.id.clone());
    let counts = sqlx::query_as("SELECT reason, records FROM rejected_counts ORDER BY reason")
        .fetch_all(&app.database)
        .await?;
    Ok(Json(RejectedPage { items: page.items, counts, next_cursor: page.next_cursor }))
}
