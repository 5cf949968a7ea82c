//! A customer answers by a link, without an account.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::{Path, State};
use serde::{Deserialize, Serialize};
use sqlx::{Any, FromRow, Transaction};
use utoipa::ToSchema;

use super::policy::Criterion;
use super::state::SurveyState;
use crate::app::App;
use crate::database::from_json;
use crate::http::Problem;
use crate::limits::INSTRUCTIONS_CHARS;
use crate::loyalty::{self, Earned};
use crate::tickets;
use crate::time::Time;

#[derive(FromRow)]
struct Row {
    id: String,
    customer_id: Option<String>,
    number: Option<i64>,
    machine: Option<String>,
    criteria: String,
    state: String,
    expires_at: i64,
}

async fn find(tx: &mut Transaction<'_, Any>, secret: &str) -> Result<Row, Problem> {
    let row: Option<Row> = sqlx::query_as(
        "SELECT s.id, s.customer_id, t.number, a.name AS machine, s.criteria, s.state, s.expires_at \
         FROM surveys s LEFT JOIN tickets t ON t.id = s.ticket_id LEFT JOIN assets a ON a.id = s.asset_id \
         WHERE s.secret = $1",
    )
    .bind(secret)
    .fetch_optional(&mut **tx)
    .await?;
    row.ok_or(Problem::NotFound("survey"))
}

impl Row {
    fn criteria(&self) -> Result<Vec<Criterion>, Problem> {
        from_json(&self.criteria)
    }

    /// A survey that nobody answered in time is over before the worker says so.
    fn state(&self, now: i64) -> Result<SurveyState, Problem> {
        match SurveyState::parse(&self.state)? {
            SurveyState::Open if self.expires_at <= now => Ok(SurveyState::Expired),
            state => Ok(state),
        }
    }
}

/// A survey as its customer sees it.
#[derive(Debug, Serialize, ToSchema)]
pub struct PublicSurvey {
    /// Number of the ticket; null, as the machine: it is about the whole service.
    #[schema(required)]
    number: Option<String>,
    #[schema(required)]
    machine: Option<String>,
    state: SurveyState,
    /// What is asked, from 1 (bad) to 5 (good).
    criteria: Vec<Criterion>,
    expires_at: Time,
}

/// A survey by its link.
#[utoipa::path(
    get,
    path = "/api/v1/public/surveys/{secret}",
    operation_id = "show_public_survey",
    tag = "satisfaction",
    security(()),
    responses((status = 200, body = PublicSurvey), Problem)
)]
pub(crate) async fn show(
    State(app): State<App>,
    Path(secret): Path<String>,
) -> Result<Json<PublicSurvey>, Problem> {
    let mut tx = app.database.begin().await?;
    let row = find(&mut tx, &secret).await?;
    Ok(Json(PublicSurvey {
        number: row.number.map(tickets::number),
        state: row.state(app.clock.now_us())?,
        criteria: row.criteria()?,
        expires_at: Time(row.expires_at),
        machine: row.machine,
    }))
}

/// An answer to one criterion.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Answer {
    criterion: String,
    /// 1 (bad) to 5 (good).
    value: i64,
}

/// What a customer says.
#[derive(Debug, Deserialize, ToSchema)]
pub struct SurveyAnswers {
    /// One for each criterion; those that are left out do not count.
    answers: Vec<Answer>,
    #[serde(default)]
    comment: String,
}

impl SurveyAnswers {
    /// Each criterion's value, and the weighted mean.
    fn weigh(&self, criteria: &[Criterion]) -> Result<(BTreeMap<&str, i64>, f64), Problem> {
        let invalid = |text: String| Err(Problem::Invalid(text));
        if self.comment.chars().count() > INSTRUCTIONS_CHARS {
            return invalid(format!("`comment` may have {INSTRUCTIONS_CHARS} characters"));
        }
        let mut values = BTreeMap::new();
        let (mut sum, mut weights) = (0.0, 0.0);
        for Answer { criterion, value } in &self.answers {
            let Some(known) = criteria.iter().find(|c| c.key == *criterion) else {
                return invalid(format!("`answers`: {criterion} is not asked"));
            };
            if !(1..=5).contains(value) {
                return invalid("`value` has to be from 1 to 5".into());
            }
            if values.insert(criterion.as_str(), *value).is_some() {
                return invalid(format!("`answers`: {criterion} is there twice"));
            }
            sum += known.weight * *value as f64;
            weights += known.weight;
        }
        if values.is_empty() {
            return invalid("`answers` has to have one line at least".into());
        }
        Ok((values, sum / weights))
    }
}

/// Answers a survey, once.
#[utoipa::path(
    post,
    path = "/api/v1/public/surveys/{secret}",
    operation_id = "answer_survey",
    tag = "satisfaction",
    security(()),
    responses((status = 200, body = PublicSurvey), Problem)
)]
pub(crate) async fn answer(
    State(app): State<App>,
    Path(secret): Path<String>,
    Json(given): Json<SurveyAnswers>,
) -> Result<Json<PublicSurvey>, Problem> {
    let now = app.clock.now_us();
    let mut tx = app.begin().await?;
    let row = find(&mut tx, &secret).await?;
    row.state(now)?.step(SurveyState::Answered)?;
    let criteria = row.criteria()?;
    let (values, score) = given.weigh(&criteria)?;
    let answered = sqlx::query(
        "UPDATE surveys SET state = 'answered', answered_at = $2, score = $3, comment = $4 \
         WHERE id = $1 AND state = 'open'",
    )
    .bind(&row.id)
    .bind(now)
    .bind(score)
    .bind(given.comment.trim())
    .execute(&mut *tx)
    .await?;
    if answered.rows_affected() == 0 {
        return Err(Problem::Conflict("this survey was answered just now".into()));
    }
    for (criterion, value) in values {
        sqlx::query("INSERT INTO survey_answers (survey_id, criterion, value) VALUES ($1, $2, $3)")
            .bind(&row.id)
            .bind(criterion)
            .bind(value)
            .execute(&mut *tx)
            .await?;
    }
    if let Some(customer_id) = &row.customer_id {
        loyalty::earn(&mut tx, (Earned::SurveyAnswered, &row.id), customer_id, now).await?;
    }
    tx.commit().await?;
    show(State(app), Path(secret)).await
}
