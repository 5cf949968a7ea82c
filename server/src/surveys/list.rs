//! Surveys for those who read them: the rows behind the figures, with tags.

use axum::Json;
use axum::extract::{Path, Query, State};
use serde::{Deserialize, Serialize};
use sqlx::FromRow;
use utoipa::{IntoParams, ToSchema};

use super::state::SurveyState;
use crate::access::Reach;
use crate::app::App;
use crate::changes::{self, NewChange};
use crate::database::from_json;
use crate::http::{By, Page, Problem, check_text};
use crate::limits::{LIST_ROWS, SKILLS, TEXT_CHARS, WORD_CHARS};
use crate::tickets;
use crate::time::{Time, bound};
use crate::work_orders::words;

/// A survey and what was answered.
#[derive(Debug, Serialize, ToSchema)]
pub struct Survey {
    id: String,
    /// Who was asked; null where the machine was nobody's when this began to be kept.
    #[schema(required)]
    customer_id: Option<String>,
    #[schema(required)]
    customer_name: Option<String>,
    /// Null, as the machine: it is about the whole service.
    #[schema(required)]
    ticket_id: Option<String>,
    #[schema(required)]
    ticket_number: Option<String>,
    #[schema(required)]
    asset_id: Option<String>,
    #[schema(required)]
    asset_name: Option<String>,
    state: SurveyState,
    /// Which rule asked.
    rule: String,
    created_at: Time,
    #[schema(required)]
    answered_at: Option<Time>,
    /// Weighted mean of the answers, 1 to 5.
    #[schema(required)]
    score: Option<f64>,
    comment: String,
    tags: Vec<String>,
}

#[derive(FromRow)]
struct Row {
    id: String,
    customer_id: Option<String>,
    customer_name: Option<String>,
    ticket_id: Option<String>,
    number: Option<i64>,
    asset_id: Option<String>,
    asset_name: Option<String>,
    state: String,
    rule: String,
    created_at: i64,
    answered_at: Option<i64>,
    score: Option<f64>,
    comment: String,
    tags: String,
}

impl TryFrom<Row> for Survey {
    type Error = Problem;
    fn try_from(r: Row) -> Result<Self, Problem> {
        Ok(Self {
            ticket_number: r.number.map(tickets::number),
            state: SurveyState::parse(&r.state)?,
            tags: from_json(&r.tags)?,
            id: r.id,
            customer_id: r.customer_id,
            customer_name: r.customer_name,
            ticket_id: r.ticket_id,
            asset_id: r.asset_id,
            asset_name: r.asset_name,
            rule: r.rule,
            created_at: Time(r.created_at),
            answered_at: r.answered_at.map(Time),
            score: r.score,
            comment: r.comment,
        })
    }
}

const SELECT: &str = "SELECT s.id, s.customer_id, c.name AS customer_name, s.ticket_id, t.number, \
     s.asset_id, a.name AS asset_name, s.state, s.rule, s.created_at, s.answered_at, s.score, s.comment, \
     s.tags FROM surveys s LEFT JOIN customers c ON c.id = s.customer_id \
     LEFT JOIN tickets t ON t.id = s.ticket_id LEFT JOIN assets a ON a.id = s.asset_id";

/// Query of the list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct SurveysQuery {
    state: Option<SurveyState>,
    customer: Option<String>,
    ticket: Option<String>,
    /// Answered at this time or later, RFC 3339.
    #[param(format = DateTime)]
    from: Option<String>,
    /// Answered before this time, RFC 3339.
    #[param(format = DateTime)]
    to: Option<String>,
    cursor: Option<String>,
}

/// Surveys, the newest first.
#[utoipa::path(
    get,
    path = "/api/v1/surveys",
    operation_id = "list_surveys",
    tag = "satisfaction",
    params(SurveysQuery),
    responses((status = 200, body = Page<Survey>), Problem)
)]
pub(crate) async fn list(
    reach: Reach,
    State(app): State<App>,
    Query(query): Query<SurveysQuery>,
) -> Result<Json<Page<Survey>>, Problem> {
    let mine = reach.surveys("s.id", "$5");
    let sql = format!(
        "{SELECT} WHERE ($1 = '' OR s.state = $1) AND ($2 = '' OR s.ticket_id = $2) \
         AND coalesce(s.answered_at, s.created_at) >= $3 AND coalesce(s.answered_at, s.created_at) < $4 \
         AND {mine} AND s.id < $6 AND ($7 = '' OR s.customer_id = $7) ORDER BY s.id DESC LIMIT $8"
    );
    let rows: Vec<Row> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(query.state.map_or("", SurveyState::as_str))
        .bind(query.ticket.unwrap_or_default())
        .bind(bound("from", query.from.as_deref(), i64::MIN)?)
        .bind(bound("to", query.to.as_deref(), i64::MAX)?)
        .bind(reach.bind())
        .bind(query.cursor.unwrap_or_else(|| "~".to_owned()))
        .bind(query.customer.unwrap_or_default())
        .bind(LIST_ROWS + 1)
        .fetch_all(&app.database)
        .await?;
    let items = rows.into_iter().map(Survey::try_from).collect::<Result<Vec<_>, _>>()?;
    Ok(Json(Page::cut(items, LIST_ROWS as usize, |s| s.id.clone())))
}

async fn find(app: &App, id: &str) -> Result<Survey, Problem> {
    let row: Option<Row> = sqlx::query_as(sqlx::AssertSqlSafe(format!("{SELECT} WHERE s.id = $1")))
        .bind(id)
        .fetch_optional(&app.database)
        .await?;
    row.ok_or(Problem::NotFound("survey"))?.try_into()
}

/// Words that sort comments.
#[derive(Debug, Deserialize, ToSchema)]
pub struct SurveyTags {
    tags: Vec<String>,
}

/// Tags a survey's comment, so that what is said often is seen.
#[utoipa::path(
    put,
    path = "/api/v1/surveys/{id}/tags",
    operation_id = "tag_survey",
    tag = "satisfaction",
    responses((status = 200, body = Survey), Problem)
)]
pub(crate) async fn tag(
    By(who): By,
    State(app): State<App>,
    Path(id): Path<String>,
    Json(wanted): Json<SurveyTags>,
) -> Result<Json<Survey>, Problem> {
    if wanted.tags.len() > SKILLS {
        return Err(Problem::Invalid(format!("`tags` may have {SKILLS} words")));
    }
    for tag in &wanted.tags {
        check_text("tags", tag, WORD_CHARS)?;
    }
    let before = words(&find(&app, &id).await?.tags)?;
    let after = words(&wanted.tags)?;
    let mut tx = app.begin().await?;
    sqlx::query("UPDATE surveys SET tags = $2 WHERE id = $1")
        .bind(&id)
        .bind(&after)
        .execute(&mut *tx)
        .await?;
    let change = NewChange {
        kind: "survey",
        id: &id,
        who: &who,
        field: "tags",
        from: Some(&before),
        to: Some(&after),
        ..NewChange::default()
    };
    changes::record(&mut tx, app.clock.now_us(), change).await?;
    tx.commit().await?;
    Ok(Json(find(&app, &id).await?))
}

/// Why a survey is taken back.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Withdrawal {
    #[schema(min_length = 1)]
    why: String,
}

/// Takes back a survey that nobody has answered.
#[utoipa::path(
    post,
    path = "/api/v1/surveys/{id}/withdraw",
    operation_id = "withdraw_survey",
    tag = "satisfaction",
    responses((status = 200, body = Survey), Problem)
)]
pub(crate) async fn withdraw(
    By(who): By,
    State(app): State<App>,
    Path(id): Path<String>,
    Json(wanted): Json<Withdrawal>,
) -> Result<Json<Survey>, Problem> {
    check_text("why", &wanted.why, TEXT_CHARS)?;
    let now = app.clock.now_us();
    let from = find(&app, &id).await?.state;
    let to = from.step(SurveyState::Withdrawn)?;
    let mut tx = app.begin().await?;
    let changed = sqlx::query("UPDATE surveys SET state = $3 WHERE id = $1 AND state = $2")
        .bind(&id)
        .bind(from.as_str())
        .bind(to.as_str())
        .execute(&mut *tx)
        .await?;
    if changed.rows_affected() == 0 {
        return Err(Problem::Conflict("this survey was answered just now".into()));
    }
    let change = NewChange {
        kind: "survey",
        id: &id,
        who: &who,
        field: "state",
        from: Some(from.as_str()),
        to: Some(to.as_str()),
        why: wanted.why.trim(),
        ..NewChange::default()
    };
    changes::record(&mut tx, now, change).await?;
    let key = format!("survey:{id}");
    crate::notifications::take_back(&mut tx, &key, (&who, wanted.why.trim()), now).await?;
    tx.commit().await?;
    Ok(Json(find(&app, &id).await?))
}
