//! Records: who was assessed when, by whom, and with what result; what they prove.

use std::collections::{BTreeSet, HashMap};

use axum::Json;
use axum::extract::{Query, State};
use serde::{Deserialize, Serialize};
use sqlx::FromRow;
use utoipa::{IntoParams, ToSchema};

use crate::app::App;
use crate::database::from_json;
use crate::http::{Caller, Page, Problem};
use crate::limits::LIST_ROWS;
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

pub(super) async fn find(app: &App, id: &str) -> Result<TrainingRecord, Problem> {
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
