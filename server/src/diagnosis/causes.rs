//! Candidate causes, ruled out one by one.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;

use super::state::CauseState;
use super::view::{Diagnosis, begin, find};
use crate::app::App;
use crate::changes::{self, NewChange};
use crate::database::new_id;
use crate::fault_signatures::check_cause;
use crate::http::{By, Problem, check_text};
use crate::limits::{CANDIDATE_CAUSES, TEXT_CHARS};

/// A cause that is thought of.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewCause {
    /// Code of the cause: lower-case letters, digits and `_`, such as `clogged_strainer`.
    cause: String,
    /// What speaks for it.
    #[schema(min_length = 1)]
    evidence: String,
}

/// Thinks of a cause.
#[utoipa::path(
    post,
    path = "/api/v1/tickets/{id}/candidate-causes",
    operation_id = "suspect_cause",
    tag = "diagnosis",
    responses((status = 201, body = Diagnosis), Problem)
)]
pub(crate) async fn suspect(
    By(who): By,
    State(app): State<App>,
    Path(id): Path<String>,
    Json(new): Json<NewCause>,
) -> Result<(StatusCode, Json<Diagnosis>), Problem> {
    check_cause(&new.cause)?;
    check_text("evidence", &new.evidence, TEXT_CHARS)?;
    find(&app, &id).await?;
    let now = app.clock.now_us();
    let mut tx = app.begin().await?;
    begin(&mut tx, &id).await?;
    let many: i64 =
        sqlx::query_scalar("SELECT count(*) FROM candidate_causes WHERE ticket_id = $1")
            .bind(&id)
            .fetch_one(&mut *tx)
            .await?;
    if many >= CANDIDATE_CAUSES {
        return Err(Problem::Conflict(format!("a ticket has {CANDIDATE_CAUSES} causes at most")));
    }
    let made = sqlx::query(
        "INSERT INTO candidate_causes (id, ticket_id, cause, state, evidence, who, at) \
         VALUES ($1, $2, $3, 'open', $4, $5, $6) ON CONFLICT DO NOTHING",
    )
    .bind(new_id())
    .bind(&id)
    .bind(&new.cause)
    .bind(new.evidence.trim())
    .bind(&who)
    .bind(now)
    .execute(&mut *tx)
    .await?;
    if made.rows_affected() == 0 {
        return Err(Problem::Conflict(format!("{} is there already", new.cause)));
    }
    let change = NewChange {
        kind: "diagnosis",
        id: &id,
        who: &who,
        field: &new.cause,
        to: Some("open"),
        why: new.evidence.trim(),
        ..NewChange::default()
    };
    changes::record(&mut tx, now, change).await?;
    tx.commit().await?;
    Ok((StatusCode::CREATED, Json(find(&app, &id).await?)))
}

/// What became of a cause.
#[derive(Debug, Deserialize, ToSchema)]
pub struct CauseJudgement {
    to: CauseState,
    /// What speaks for it or against it.
    #[schema(min_length = 1)]
    evidence: String,
}

/// Rules a cause out, confirms it, or opens it again. The one that is confirmed first is kept as the
/// ticket's first cause, also when it turns out to be wrong.
#[utoipa::path(
    put,
    path = "/api/v1/tickets/{id}/candidate-causes/{cause}",
    operation_id = "judge_cause",
    tag = "diagnosis",
    responses((status = 200, body = Diagnosis), Problem)
)]
pub(crate) async fn judge(
    By(who): By,
    State(app): State<App>,
    Path((id, cause)): Path<(String, String)>,
    Json(wanted): Json<CauseJudgement>,
) -> Result<Json<Diagnosis>, Problem> {
    check_text("evidence", &wanted.evidence, TEXT_CHARS)?;
    let now = app.clock.now_us();
    let mut tx = app.begin().await?;
    let state: Option<String> = sqlx::query_scalar(
        "SELECT state FROM candidate_causes WHERE ticket_id = $1 AND cause = $2",
    )
    .bind(&id)
    .bind(&cause)
    .fetch_optional(&mut *tx)
    .await?;
    let from = CauseState::parse(&state.ok_or(Problem::NotFound("cause"))?)?;
    let to = from.step(wanted.to)?;
    let changed = sqlx::query(
        "UPDATE candidate_causes SET state = $4, evidence = $5, who = $6, at = $7 \
         WHERE ticket_id = $1 AND cause = $2 AND state = $3",
    )
    .bind(&id)
    .bind(&cause)
    .bind(from.as_str())
    .bind(to.as_str())
    .bind(wanted.evidence.trim())
    .bind(&who)
    .bind(now)
    .execute(&mut *tx)
    .await?;
    if changed.rows_affected() == 0 {
        return Err(Problem::Conflict("somebody else has just judged this cause".into()));
    }
    if to == CauseState::Confirmed {
        sqlx::query(
            "UPDATE diagnoses SET first_cause = $2, first_cause_at = $3 WHERE ticket_id = $1 \
             AND first_cause IS NULL",
        )
        .bind(&id)
        .bind(&cause)
        .bind(now)
        .execute(&mut *tx)
        .await?;
    }
    let change = NewChange {
        kind: "diagnosis",
        id: &id,
        who: &who,
        field: &cause,
        from: Some(from.as_str()),
        to: Some(to.as_str()),
        why: wanted.evidence.trim(),
        ..NewChange::default()
    };
    changes::record(&mut tx, now, change).await?;
    tx.commit().await?;
    Ok(Json(find(&app, &id).await?))
}
