//! Records: who was assessed when, by whom, and with what result.

use std::collections::{BTreeSet, HashMap};

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use serde::{Deserialize, Serialize};
use sqlx::FromRow;
use utoipa::{IntoParams, ToSchema};

use super::course;
use crate::app::App;
use crate::changes::{self, NewChange};
use crate::database::{from_json, new_id};
use crate::http::{By, Caller, Page, Problem, check_length, check_text};
use crate::limits::{LIST_ROWS, TEXT_CHARS};
use crate::time::Time;

/// What came of an assessment.
#[derive(Debug, Serialize, ToSchema)]
pub struct TrainingRecord {
    id: String,
    course_id: String,
    course_name: String,
    account_id: String,
    account_name: String,
    at: Time,
    assessor: String,
    /// Of 100.
    #[schema(required)]
    score: Option<i64>,
    passed: bool,
    /// Until when the pass is good; null: for good, or no pass.
    #[schema(required)]
    expires_at: Option<Time>,
    /// The version of the material that was learnt.
    #[schema(required)]
    article_version: Option<i64>,
    /// Where the evidence is.
    note: String,
    recorded_by: String,
    recorded_at: Time,
    /// Written down by mistake: it does not count.
    #[schema(required)]
    withdrawn_at: Option<Time>,
}

#[derive(FromRow)]
struct Row {
    id: String,
    course_id: String,
    course_name: String,
    account_id: String,
    account_name: String,
    at: i64,
    assessor: String,
    score: Option<i64>,
    passed: i64,
    expires_at: Option<i64>,
    article_version: Option<i64>,
    note: String,
    who: String,
    recorded_at: i64,
    withdrawn_at: Option<i64>,
}

impl From<Row> for TrainingRecord {
    fn from(r: Row) -> Self {
        Self {
            id: r.id,
            course_id: r.course_id,
            course_name: r.course_name,
            account_id: r.account_id,
            account_name: r.account_name,
            at: Time(r.at),
            assessor: r.assessor,
            score: r.score,
            passed: r.passed == 1,
            expires_at: r.expires_at.map(Time),
            article_version: r.article_version,
            note: r.note,
            recorded_by: r.who,
            recorded_at: Time(r.recorded_at),
            withdrawn_at: r.withdrawn_at.map(Time),
        }
    }
}

const SELECT: &str = "SELECT t.id, t.course_id, c.name AS course_name, t.account_id, \
     a.name AS account_name, t.at, t.assessor, t.score, t.passed, t.expires_at, t.article_version, \
     t.note, t.who, t.recorded_at, t.withdrawn_at FROM training_records t \
     JOIN courses c ON c.id = t.course_id JOIN accounts a ON a.id = t.account_id";

async fn find(app: &App, id: &str) -> Result<TrainingRecord, Problem> {
    let row: Option<Row> = sqlx::query_as(sqlx::AssertSqlSafe(format!("{SELECT} WHERE t.id = $1")))
        .bind(id)
        .fetch_optional(&app.database)
        .await?;
    Ok(row.ok_or(Problem::NotFound("training record"))?.into())
}

/// Query of the list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct TrainingRecordsQuery {
    course: Option<String>,
    account: Option<String>,
    cursor: Option<String>,
}

/// Training records, the newest first, with those that were withdrawn.
#[utoipa::path(
    get,
    path = "/api/v1/training-records",
    operation_id = "list_training_records",
    tag = "training",
    params(TrainingRecordsQuery),
    responses((status = 200, body = Page<TrainingRecord>), Problem)
)]
pub(crate) async fn list(
    State(app): State<App>,
    Query(query): Query<TrainingRecordsQuery>,
) -> Result<Json<Page<TrainingRecord>>, Problem> {
    page(&app, query).await
}

/// One's own training records, the newest first.
#[utoipa::path(
    get,
    path = "/api/v1/own-training-records",
    operation_id = "list_own_training_records",
    tag = "training",
    params(TrainingRecordsQuery),
    responses((status = 200, body = Page<TrainingRecord>), Problem)
)]
pub(crate) async fn own(
    caller: Caller,
    State(app): State<App>,
    Query(query): Query<TrainingRecordsQuery>,
) -> Result<Json<Page<TrainingRecord>>, Problem> {
    let Some(account) = caller.account_id else {
        return Ok(Json(Page { items: Vec::new(), next_cursor: None }));
    };
    page(&app, TrainingRecordsQuery { account: Some(account), ..query }).await
}

async fn page(
    app: &App,
    query: TrainingRecordsQuery,
) -> Result<Json<Page<TrainingRecord>>, Problem> {
    let sql = format!(
        "{SELECT} WHERE ($1 = '' OR t.course_id = $1) AND ($2 = '' OR t.account_id = $2) \
         AND t.id < $3 ORDER BY t.id DESC LIMIT $4"
    );
    let rows: Vec<Row> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(query.course.unwrap_or_default())
        .bind(query.account.unwrap_or_default())
        .bind(query.cursor.unwrap_or_else(|| "~".to_owned()))
        .bind(LIST_ROWS + 1)
        .fetch_all(&app.database)
        .await?;
    let items = rows.into_iter().map(TrainingRecord::from).collect();
    Ok(Json(Page::cut(items, LIST_ROWS as usize, |t: &TrainingRecord| t.id.clone())))
}

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
pub struct RecordWithdrawal {
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
    Json(wanted): Json<RecordWithdrawal>,
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

/// The skills that valid passes prove, by account.
pub(crate) async fn proven(app: &App) -> Result<HashMap<String, BTreeSet<String>>, Problem> {
    let rows: Vec<(String, String)> = sqlx::query_as(
        "SELECT DISTINCT t.account_id, c.skills FROM training_records t \
         JOIN courses c ON c.id = t.course_id WHERE t.passed = 1 AND t.withdrawn_at IS NULL \
         AND (t.expires_at IS NULL OR t.expires_at > $1)",
    )
    .bind(app.clock.now_us())
    .fetch_all(&app.database)
    .await?;
    let mut proven: HashMap<String, BTreeSet<String>> = HashMap::new();
    for (account_id, skills) in rows {
        let skills: Vec<String> = from_json(&skills)?;
        proven.entry(account_id).or_default().extend(skills);
    }
    Ok(proven)
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
