//! Readers say whether an article helped.

use axum::Json;
use axum::extract::{Path, Query, State};
use serde::{Deserialize, Serialize};
use sqlx::FromRow;
use utoipa::{IntoParams, ToSchema};

use super::article::{Article, Shown, Which, find, shown};
use crate::app::App;
use crate::database::new_id;
use crate::http::{Caller, Page, Problem, check_length};
use crate::limits::{LIST_ROWS, TEXT_CHARS};
use crate::time::Time;

/// Whether an article helped.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewArticleVote {
    helpful: bool,
    /// What was missing, or what helped.
    #[serde(default)]
    note: String,
}

/// Says whether the published version helped. Who says so again changes their mind.
#[utoipa::path(
    put,
    path = "/api/v1/articles/{id}/vote",
    operation_id = "vote_article",
    tag = "knowledge",
    responses((status = 200, body = Article), Problem)
)]
pub(crate) async fn vote(
    caller: Caller,
    State(app): State<App>,
    Path(id): Path<String>,
    Json(new): Json<NewArticleVote>,
) -> Result<Shown, Problem> {
    check_length("note", &new.note, TEXT_CHARS)?;
    let mut tx = app.begin().await?;
    let article = find(&mut *tx, &id, Which::Read).await?;
    let unpublished = || Problem::Conflict("nothing of this article is published".into());
    let version = article.published_version.ok_or_else(unpublished)?;
    sqlx::query(
        "INSERT INTO article_votes (id, article_id, version, voter, who, helpful, note, at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (article_id, version, voter) \
         DO UPDATE SET helpful = $6, note = $7, at = $8",
    )
    .bind(new_id())
    .bind(&id)
    .bind(version)
    .bind(caller.account_id.as_deref().unwrap_or(&caller.name))
    .bind(&caller.name)
    .bind(i64::from(new.helpful))
    .bind(new.note.trim())
    .bind(app.clock.now_us())
    .execute(&mut *tx)
    .await?;
    tx.commit().await?;
    shown(&app, &id, Which::Read).await
}

/// What a reader said.
#[derive(Debug, Serialize, ToSchema)]
pub struct ArticleVote {
    #[serde(skip)]
    id: String,
    /// Of the article.
    version: i64,
    helpful: bool,
    note: String,
    by: String,
    at: Time,
}

#[derive(FromRow)]
struct Row {
    id: String,
    version: i64,
    helpful: i64,
    note: String,
    who: String,
    at: i64,
}

impl From<Row> for ArticleVote {
    fn from(r: Row) -> Self {
        Self {
            id: r.id,
            version: r.version,
            helpful: r.helpful == 1,
            note: r.note,
            by: r.who,
            at: Time(r.at),
        }
    }
}

/// Query of the list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct VotesQuery {
    cursor: Option<String>,
}

/// What readers said about an article in all its versions, the newest first.
#[utoipa::path(
    get,
    path = "/api/v1/articles/{id}/votes",
    operation_id = "list_article_votes",
    tag = "knowledge",
    params(VotesQuery),
    responses((status = 200, body = Page<ArticleVote>), Problem)
)]
pub(crate) async fn list(
    State(app): State<App>,
    Path(id): Path<String>,
    Query(query): Query<VotesQuery>,
) -> Result<Json<Page<ArticleVote>>, Problem> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT id, version, helpful, note, who, at FROM article_votes WHERE article_id = $1 \
         AND id < $2 ORDER BY id DESC LIMIT $3",
    )
    .bind(&id)
    .bind(query.cursor.unwrap_or_else(|| "~".to_owned()))
    .bind(LIST_ROWS + 1)
    .fetch_all(&app.database)
    .await?;
    let items = rows.into_iter().map(ArticleVote::from).collect();
    Ok(Json(Page::cut(items, LIST_ROWS as usize, |v: &ArticleVote| v.id.clone())))
}
