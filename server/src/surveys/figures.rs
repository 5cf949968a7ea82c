//! How satisfied customers are: mean, standard deviation and share, by criterion and in all.

use axum::Json;
use axum::extract::{Query, State};
use serde::{Deserialize, Serialize};
use sqlx::{Any, Executor};
use utoipa::{IntoParams, ToSchema};

use super::policy::SurveyPolicy;
use crate::app::App;
use crate::http::Problem;
use crate::policies;
use crate::time::{Time, bound};

/// Figures of one criterion, or of the score.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct CriterionFigures {
    /// `score` is the weighted mean of all criteria.
    criterion: String,
    answers: i64,
    /// 1 to 5; null without an answer.
    #[schema(required)]
    pub(super) mean: Option<f64>,
    /// Of the sample (n - 1); null with fewer than two answers.
    #[schema(required)]
    standard_deviation: Option<f64>,
    /// Share of answers of at least `satisfied_from`, 0 to 1.
    #[schema(required)]
    satisfied: Option<f64>,
}

impl CriterionFigures {
    /// Of a criterion that nobody has answered.
    pub(super) fn none(criterion: &str) -> Self {
        Self {
            criterion: criterion.to_owned(),
            answers: 0,
            mean: None,
            standard_deviation: None,
            satisfied: None,
        }
    }

    pub(super) fn is_of(&self, criterion: &str) -> bool {
        self.criterion == criterion
    }
}

/// Figures of a time.
#[derive(Debug, Serialize, ToSchema)]
pub struct SurveyFigures {
    from: Time,
    to: Time,
    /// Surveys that were sent then and not taken back.
    asked: i64,
    /// Of these, answered by now.
    answered: i64,
    satisfied_from: f64,
    /// The score first. The rows behind are `GET /api/v1/surveys` with the same `from` and `to`.
    criteria: Vec<CriterionFigures>,
}

#[derive(sqlx::FromRow)]
struct Sums {
    criterion: String,
    answers: i64,
    sum: f64,
    squares: f64,
    satisfied: i64,
}

impl From<Sums> for CriterionFigures {
    fn from(s: Sums) -> Self {
        let n = s.answers as f64;
        let mean = (s.answers > 0).then(|| s.sum / n);
        let deviation = (s.answers > 1).then(|| {
            // Never below zero by rounding.
            ((s.squares - s.sum * s.sum / n) / (n - 1.0)).max(0.0).sqrt()
        });
        Self {
            satisfied: (s.answers > 0).then(|| s.satisfied as f64 / n),
            criterion: s.criterion,
            answers: s.answers,
            mean,
            standard_deviation: deviation,
        }
    }
}

/// Figures of what was answered in a time, the score first.
pub(super) async fn of<'e>(
    db: impl Executor<'e, Database = Any>,
    (from, to): (i64, i64),
    satisfied_from: f64,
) -> Result<Vec<CriterionFigures>, Problem> {
    let sums: Vec<Sums> = sqlx::query_as(
        "SELECT 'score' AS criterion, count(*) AS answers, coalesce(sum(score), 0.0) AS sum, \
         coalesce(sum(score * score), 0.0) AS squares, \
         CAST(coalesce(sum(CASE WHEN score >= $3 THEN 1 ELSE 0 END), 0) AS BIGINT) AS satisfied, \
         0 AS place FROM surveys WHERE answered_at >= $1 AND answered_at < $2 UNION ALL \
         SELECT w.criterion, count(*), CAST(sum(w.value) AS DOUBLE PRECISION), \
         CAST(sum(w.value * w.value) AS DOUBLE PRECISION), \
         CAST(sum(CASE WHEN w.value >= $3 THEN 1 ELSE 0 END) AS BIGINT), 1 FROM survey_answers w \
         JOIN surveys s ON s.id = w.survey_id WHERE s.answered_at >= $1 AND s.answered_at < $2 \
         GROUP BY w.criterion ORDER BY place, criterion",
    )
    .bind(from)
    .bind(to)
    .bind(satisfied_from)
    .fetch_all(db)
    .await?;
    Ok(sums.into_iter().map(CriterionFigures::from).collect())
}

/// Query of the figures.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct FiguresQuery {
    /// First moment, RFC 3339; without it the beginning.
    #[param(format = DateTime)]
    from: Option<String>,
    /// First moment after it, RFC 3339; without it now.
    #[param(format = DateTime)]
    to: Option<String>,
}

/// Mean, standard deviation and share of satisfied customers, by criterion and in all.
#[utoipa::path(
    get,
    path = "/api/v1/survey-figures",
    operation_id = "show_survey_figures",
    tag = "satisfaction",
    params(FiguresQuery),
    responses((status = 200, body = SurveyFigures), Problem)
)]
pub(crate) async fn show(
    State(app): State<App>,
    Query(query): Query<FiguresQuery>,
) -> Result<Json<SurveyFigures>, Problem> {
    let from = bound("from", query.from.as_deref(), 0)?;
    // What was answered at this very moment counts.
    let to = bound("to", query.to.as_deref(), app.clock.now_us() + 1)?;
    let (_, policy): (i64, SurveyPolicy) = policies::newest(&app.database).await?;
    let (asked, answered): (i64, i64) = sqlx::query_as(
        "SELECT count(*), count(answered_at) FROM surveys WHERE created_at >= $1 AND created_at < $2 \
         AND state <> 'withdrawn'",
    )
    .bind(from)
    .bind(to)
    .fetch_one(&app.database)
    .await?;
    Ok(Json(SurveyFigures {
        from: Time(from),
        to: Time(to),
        asked,
        answered,
        satisfied_from: policy.satisfied_from,
        criteria: of(&app.database, (from, to), policy.satisfied_from).await?,
    }))
}
