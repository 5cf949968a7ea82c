//! An article as people see it: one in one of its versions, and lists of them.

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::HeaderName;
use serde::{Deserialize, Serialize};
use sqlx::{Any, Executor, FromRow};
use utoipa::{IntoParams, ToSchema};

use super::content::ArticleContent;
use super::state::{ArticleKind, ArticleState};
use crate::app::App;
use crate::database::from_json;
use crate::http::{Language, Page, Problem, etag};
use crate::limits::LIST_ROWS;
use crate::search::{SearchKind, Wanted};
use crate::time::Time;

/// An article of the knowledge base, in one of its versions.
#[derive(Debug, Serialize, ToSchema)]
pub struct Article {
    pub(super) id: String,
    /// Such as `K-12`.
    pub(super) number: String,
    kind: ArticleKind,
    language: Language,
    /// Of a case: the ticket that it was made from.
    #[schema(required)]
    ticket_id: Option<String>,
    /// The version that is shown.
    pub(super) version: i64,
    pub(super) state: ArticleState,
    #[schema(value_type = Vec<ArticleState>)]
    next_states: &'static [ArticleState],
    /// The newest version; also the `ETag`: send it as `If-Match` with a revision.
    pub(super) newest_version: i64,
    /// What readers see; null: nothing is published.
    #[schema(required)]
    pub(super) published_version: Option<i64>,
    pub(super) content: ArticleContent,
    /// Who wrote this version, and why.
    pub(super) author: String,
    #[serde(skip)]
    pub(super) author_account: Option<String>,
    why: String,
    at: Time,
    #[schema(required)]
    reviewed_by: Option<String>,
    #[schema(required)]
    published_at: Option<Time>,
    /// Readers whom this version helped.
    helpful: i64,
    /// Readers whom it did not.
    unhelpful: i64,
}

#[derive(FromRow)]
pub(super) struct Row {
    id: String,
    number: i64,
    kind: String,
    language: String,
    ticket_id: Option<String>,
    newest_version: i64,
    published_version: Option<i64>,
    version: i64,
    state: String,
    title: String,
    text: String,
    about: String,
    who: String,
    account_id: Option<String>,
    why: String,
    at: i64,
    reviewed_by: Option<String>,
    published_at: Option<i64>,
    helpful: i64,
    unhelpful: i64,
}

impl TryFrom<Row> for Article {
    type Error = Problem;
    fn try_from(r: Row) -> Result<Self, Problem> {
        let state = ArticleState::parse(&r.state)?;
        Ok(Self {
            number: format!("K-{}", r.number),
            kind: ArticleKind::parse(&r.kind)?,
            language: Language::parse(&r.language)?,
            state,
            next_states: state.next(),
            content: ArticleContent { title: r.title, text: r.text, about: from_json(&r.about)? },
            id: r.id,
            ticket_id: r.ticket_id,
            version: r.version,
            newest_version: r.newest_version,
            published_version: r.published_version,
            author: r.who,
            author_account: r.account_id,
            why: r.why,
            at: Time(r.at),
            reviewed_by: r.reviewed_by,
            published_at: r.published_at.map(Time),
            helpful: r.helpful,
            unhelpful: r.unhelpful,
        })
    }
}

pub(super) const SELECT: &str = "SELECT a.id, a.number, a.kind, a.language, a.ticket_id, \
     a.version AS newest_version, a.published_version, v.version, v.state, v.title, v.text, v.about, v.who, \
     v.account_id, v.why, v.at, v.reviewed_by, v.published_at, \
     (SELECT count(*) FROM article_votes x WHERE x.article_id = a.id AND x.version = v.version \
     AND x.helpful = 1) AS helpful, \
     (SELECT count(*) FROM article_votes x WHERE x.article_id = a.id AND x.version = v.version \
     AND x.helpful = 0) AS unhelpful \
     FROM articles a JOIN article_versions v ON v.article_id = a.id";

/// Which version of an article is looked at.
#[derive(Debug, Clone, Copy)]
pub(super) enum Which {
    /// What readers see, or the newest where nothing is published.
    Read,
    Newest,
    Numbered(i64),
}

/// An article in one of its versions.
pub(super) async fn find<'e>(
    db: impl Executor<'e, Database = Any>,
    id: &str,
    which: Which,
) -> Result<Article, Problem> {
    let (version, number) = match which {
        Which::Read => ("coalesce(a.published_version, a.version)", 0),
        Which::Newest => ("a.version", 0),
        Which::Numbered(number) => ("$2", number),
    };
    let sql = format!(
        "{SELECT} AND v.version = {version} WHERE a.id = $1 AND ($2 = 0 OR v.version = $2)"
    );
    let row: Option<Row> =
        sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(id).bind(number).fetch_optional(db).await?;
    row.ok_or(Problem::NotFound("article"))?.try_into()
}

/// How a handler shows an article.
pub(super) type Shown = ([(HeaderName, String); 1], Json<Article>);

pub(super) async fn shown(app: &App, id: &str, which: Which) -> Result<Shown, Problem> {
    let article = find(&app.database, id, which).await?;
    Ok((etag(article.newest_version), Json(article)))
}

/// Query of one article.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ArticleQuery {
    /// Without it, what readers see.
    version: Option<i64>,
}

/// One article: what readers see of it, or another of its versions.
#[utoipa::path(
    get,
    path = "/api/v1/articles/{id}",
    operation_id = "show_article",
    tag = "knowledge",
    params(ArticleQuery),
    responses((status = 200, body = Article), Problem)
)]
pub(crate) async fn show(
    State(app): State<App>,
    Path(id): Path<String>,
    Query(query): Query<ArticleQuery>,
) -> Result<Shown, Problem> {
    shown(&app, &id, query.version.map_or(Which::Read, Which::Numbered)).await
}

/// All versions of an article, the newest first.
#[utoipa::path(
    get,
    path = "/api/v1/articles/{id}/versions",
    operation_id = "list_article_versions",
    tag = "knowledge",
    responses((status = 200, body = Page<Article>), Problem)
)]
pub(crate) async fn versions(
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Json<Page<Article>>, Problem> {
    let sql = format!("{SELECT} WHERE a.id = $1 ORDER BY v.version DESC LIMIT $2");
    let rows: Vec<Row> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(&id)
        .bind(LIST_ROWS)
        .fetch_all(&app.database)
        .await?;
    if rows.is_empty() {
        return Err(Problem::NotFound("article"));
    }
    let items = rows.into_iter().map(Article::try_from).collect::<Result<Vec<_>, _>>()?;
    Ok(Json(Page { items, next_cursor: None }))
}

/// Query of the list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ArticlesQuery {
    kind: Option<ArticleKind>,
    language: Option<Language>,
    tag: Option<String>,
    /// A model that it is about.
    model: Option<String>,
    /// Words of what is published, in any order; a word may be only begun or mistyped.
    q: Option<String>,
    /// A code of a cause that it is about.
    cause: Option<String>,
    /// Those whose newest version is in this state. Without it, what is published.
    state: Option<ArticleState>,
    cursor: Option<String>,
}

/// Articles, the newest first: what is published, or the newest versions in a state.
#[utoipa::path(
    get,
    path = "/api/v1/articles",
    operation_id = "list_articles",
    tag = "knowledge",
    params(ArticlesQuery),
    responses((status = 200, body = Page<Article>), Problem)
)]
pub(crate) async fn list(
    State(app): State<App>,
    Query(query): Query<ArticlesQuery>,
) -> Result<Json<Page<Article>>, Problem> {
    let linked = |kind: &str, bind: &str| {
        format!(
            "({bind} = '' OR EXISTS (SELECT 1 FROM article_links l WHERE l.article_id = a.id \
             AND l.kind = '{kind}' AND l.value = {bind}))"
        )
    };
    let wanted = Wanted::read(&app, query.q.as_deref()).await?;
    let found =
        Wanted::condition(wanted.as_ref(), &app.database, SearchKind::Article, "a.id", None)
            .await?;
    let version = match query.state {
        None => "a.published_version",
        Some(_) => "a.version",
    };
    let sql = format!(
        "{SELECT} AND v.version = {version} WHERE ($1 = '' OR a.kind = $1) \
         AND ($2 = '' OR a.language = $2) AND ($3 = '' OR v.state = $3) AND {} AND {} AND {} \
         AND {found} AND a.id < $7 ORDER BY a.id DESC LIMIT $8",
        linked("tag", "$4"),
        linked("model", "$5"),
        linked("cause", "$6"),
    );
    let rows: Vec<Row> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(query.kind.map_or("", ArticleKind::as_str))
        .bind(query.language.map_or("", Language::as_str))
        .bind(query.state.map_or("", ArticleState::as_str))
        .bind(query.tag.unwrap_or_default())
        .bind(query.model.unwrap_or_default())
        .bind(query.cause.unwrap_or_default())
        .bind(query.cursor.unwrap_or_else(|| "~".to_owned()))
        .bind(LIST_ROWS + 1)
        .fetch_all(&app.database)
        .await?;
    let items = rows.into_iter().map(Article::try_from).collect::<Result<Vec<_>, _>>()?;
    Ok(Json(Page::cut(items, LIST_ROWS as usize, |a| a.id.clone())))
}
