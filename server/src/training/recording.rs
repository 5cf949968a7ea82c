//! An assessment is written down, and a record that is wrong taken back.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use serde::Deserialize;
use utoipa::ToSchema;

use super::course;
use super::records::{TrainingRecord, find};
use crate::app::App;
use crate::changes::{self, NewChange};
use crate::database::new_id;
use crate::http::{By, Problem, check_length, check_text};
use crate::limits::TEXT_CHARS;
use crate::time::Time;

/// An assessment.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewTrainingRecord {
    course_id: String,
    account_id: String,
    at: Time,
    /// Who assessed it; without it whoever writes it down.
    assessor: Option<String>,
    /// Of 100; a course with `pass_from` needs it.
    score: Option<i64>,
    /// Needed where the course has no `pass_from`; refused where it has.
    passed: Option<bool>,
    /// Where the evidence is.
    #[serde(default)]
    note: String,
}

impl NewTrainingRecord {
    fn is_passed(&self, pass_from: Option<i64>) -> Result<bool, Problem> {
        if self.score.is_some_and(|score| !(0..=100).contains(&score)) {
            return Err(Problem::Invalid("`score` has to be 0 to 100".into()));
        }
        match (pass_from, self.score, self.passed) {
            (Some(least), Some(score), None) => Ok(score >= least),
            (Some(_), _, _) => Err(Problem::Invalid(
                "the score of this course says whether it is passed: give \
                    `score`, and not `passed`"
                    .into(),
            )),
            (None, _, Some(passed)) => Ok(passed),
            (None, _, None) => Err(Problem::Invalid("`passed` has to be given".into())),
        }
    }
}

/// So many months later, by the calendar in UTC.
fn months_after(at: i64, months: i64) -> Result<i64, Problem> {
    let out_of_range = |_| Problem::Invalid("`at` is out of range".into());
    let at = Timestamp::from_microsecond(at).map_err(out_of_range)?.to_zoned(TimeZone::UTC);
    let expires = at.checked_add(months.months()).map_err(out_of_range)?;
    Ok(expires.timestamp().as_microsecond())
}

/// Writes down what came of an assessment.
#[utoipa::path(
    post,
    path = "/api/v1/training-records",
    operation_id = "record_training",
    tag = "training",
    responses((status = 201, body = TrainingRecord), Problem)
)]
pub(crate) async fn record(
    By(who): By,
    State(app): State<App>,
    Json(new): Json<NewTrainingRecord>,
) -> Result<(StatusCode, Json<TrainingRecord>), Problem> {
    let assessor = new.assessor.as_deref().unwrap_or(&who).trim();
    check_text("assessor", assessor, TEXT_CHARS)?;
    check_length("note", &new.note, TEXT_CHARS)?;
    let (id, now) = (new_id(), app.clock.now_us());
    if new.at.0 > now {
        return Err(Problem::Invalid("`at` is ahead".into()));
    }
    let mut tx = app.begin().await?;
    let course = course::find(&mut *tx, &new.course_id).await?.content;
    let passed = new.is_passed(course.pass_from)?;
    let expires = match course.valid_months.filter(|_| passed) {
        Some(months) => Some(months_after(new.at.0, months)?),
        None => None,
    };
    let known: Option<String> =
        sqlx::query_scalar("SELECT id FROM accounts WHERE id = $1 AND role <> 'customer'")
            .bind(&new.account_id)
            .fetch_optional(&mut *tx)
            .await?;
    if known.is_none() {
        return Err(Problem::Invalid("`account_id` is nobody of the service".into()));
    }
    sqlx::query(
        "INSERT INTO training_records (id, course_id, account_id, article_version, at, assessor, score, \
         passed, expires_at, note, who, recorded_at) VALUES ($1, $2, $3, (SELECT a.published_version \
         FROM articles a WHERE a.id = $4), $5, $6, $7, $8, $9, $10, $11, $12)",
    )
    .bind(&id)
    .bind(&new.course_id)
    .bind(&new.account_id)
    .bind(course.article_id.as_deref())
    .bind(new.at.0)
    .bind(assessor)
    .bind(new.score)
    .bind(i64::from(passed))
    .bind(expires)
    .bind(new.note.trim())
    .bind(&who)
    .bind(now)
    .execute(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok((StatusCode::CREATED, Json(find(&app, &id).await?)))
}

/// Why a record does not count.
#[derive(Debug, Deserialize, ToSchema)]
pub struct TrainingRecordWithdrawal {
    #[schema(min_length = 1)]
    why: String,
}

/// Takes back a record that was written down by mistake; it stays in the list and counts no more.
#[utoipa::path(
    post,
    path = "/api/v1/training-records/{id}/withdraw",
    operation_id = "withdraw_training_record",
    tag = "training",
    responses((status = 200, body = TrainingRecord), Problem)
)]
pub(crate) async fn withdraw(
    By(who): By,
    State(app): State<App>,
    Path(id): Path<String>,
    Json(wanted): Json<TrainingRecordWithdrawal>,
) -> Result<Json<TrainingRecord>, Problem> {
    check_text("why", &wanted.why, TEXT_CHARS)?;
    let now = app.clock.now_us();
    let mut tx = app.begin().await?;
    let withdrawn = sqlx::query(
        "UPDATE training_records SET withdrawn_at = $2 WHERE id = $1 AND withdrawn_at IS NULL",
    )
    .bind(&id)
    .bind(now)
    .execute(&mut *tx)
    .await?;
    if withdrawn.rows_affected() > 0 {
        let change = NewChange {
            kind: "training_record",
            id: &id,
            who: &who,
            field: "withdrawn",
            to: Some("true"),
            why: wanted.why.trim(),
            ..NewChange::default()
        };
        changes::record(&mut tx, now, change).await?;
    }
    tx.commit().await?;
    Ok(Json(find(&app, &id).await?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_ends_with_its_last_day() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap().as_microsecond();
        let expires = months_after(at("2026-01-31T10:00:00Z"), 1).unwrap();
        assert_eq!(expires, at("2026-02-28T10:00:00Z"));
    }
}
