//! A version of an article goes from its author to a reviewer, and from there to readers.

use axum::Json;
use axum::extract::{Path, State};
use serde::Deserialize;
use sqlx::{Any, Transaction};
use utoipa::ToSchema;

use super::article::{Article, Shown, Which, find, shown};
use super::state::ArticleState;
use crate::app::App;
use crate::changes::{self, NewChange};
use crate::http::{By, Caller, Problem, check_text};
use crate::limits::TEXT_CHARS;

/// A step of a version, by whom and why.
pub(super) struct Step<'a> {
    pub to: ArticleState,
    pub who: &'a str,
    pub why: &'a str,
}

/// Takes a step with a version.
pub(super) async fn take(
    tx: &mut Transaction<'_, Any>,
    article: &Article,
    step: Step<'_>,
    now: i64,
) -> Result<(), Problem> {
    let to = article.state.step(step.to)?;
    let published = to == ArticleState::Published;
    let reviewed = article.state == ArticleState::InReview && to != ArticleState::Retired;
    let changed = sqlx::query(
        "UPDATE article_versions SET state = $4, published_at = CASE WHEN $5 = 1 THEN $6 \
         ELSE published_at END, reviewed_by = CASE WHEN $7 = 1 THEN $8 ELSE reviewed_by END \
         WHERE article_id = $1 AND version = $2 AND state = $3",
    )
    .bind(&article.id)
    .bind(article.version)
    .bind(article.state.as_str())
    .bind(to.as_str())
    .bind(i64::from(published))
    .bind(now)
    .bind(i64::from(reviewed))
    .bind(step.who)
    .execute(&mut **tx)
    .await?;
    if changed.rows_affected() == 0 {
        return Err(Problem::Conflict("somebody else has just moved this article".into()));
    }
    let change = NewChange {
        kind: "article",
        id: &article.id,
        who: step.who,
        field: "state",
        from: Some(article.state.as_str()),
        to: Some(to.as_str()),
        why: step.why,
        version: Some(article.version),
        ..NewChange::default()
    };
    changes::record(tx, now, change).await?;
    Ok(())
}

/// Lets readers see a version, or nothing of the article any more.
async fn let_read(
    tx: &mut Transaction<'_, Any>,
    article: &Article,
    version: Option<i64>,
) -> Result<(), Problem> {
    sqlx::query("UPDATE articles SET published_version = $2 WHERE id = $1")
        .bind(&article.id)
        .bind(version)
        .execute(&mut **tx)
        .await?;
    sqlx::query("DELETE FROM article_links WHERE article_id = $1")
        .bind(&article.id)
        .execute(&mut **tx)
        .await?;
    if version.is_none() {
        return Ok(());
    }
    for (kind, values) in article.content.about.links() {
        for value in values {
            sqlx::query(
                "INSERT INTO article_links (article_id, kind, value) VALUES ($1, $2, $3) \
                 ON CONFLICT DO NOTHING",
            )
            .bind(&article.id)
            .bind(kind)
            .bind(value.trim())
            .execute(&mut **tx)
            .await?;
        }
    }
    Ok(())
}

/// Why a draft is ready.
#[derive(Debug, Deserialize, ToSchema)]
pub struct ArticleSubmission {
    why: String,
}

/// Hands the newest version over to review.
#[utoipa::path(
    post,
    path = "/api/v1/articles/{id}/submit",
    operation_id = "submit_article",
    tag = "knowledge",
    responses((status = 200, body = Article), Problem)
)]
pub(crate) async fn submit(
    By(who): By,
    State(app): State<App>,
    Path(id): Path<String>,
    Json(wanted): Json<ArticleSubmission>,
) -> Result<Shown, Problem> {
    let why = wanted.why.trim();
    check_text("why", why, TEXT_CHARS)?;
    let mut tx = app.begin().await?;
    let article = find(&mut *tx, &id, Which::Newest).await?;
    let step = Step { to: ArticleState::InReview, who: &who, why };
    take(&mut tx, &article, step, app.clock.now_us()).await?;
    tx.commit().await?;
    shown(&app, &id, Which::Newest).await
}

/// What a reviewer says to a version.
#[derive(Debug, Deserialize, ToSchema)]
pub struct ArticleReview {
    /// The version that was looked at.
    version: i64,
    /// `published`, `draft` (sent back: `why` says what is to be changed), or `retired`.
    to: ArticleState,
    why: String,
}

/// Publishes a version, sends it back to its author, or retires it. Nobody publishes what they wrote
/// themselves. The version that was published before is retired; it stays readable.
#[utoipa::path(
    post,
    path = "/api/v1/articles/{id}/review",
    operation_id = "review_article",
    tag = "knowledge",
    responses((status = 200, body = Article), Problem)
)]
pub(crate) async fn review(
    caller: Caller,
    State(app): State<App>,
    Path(id): Path<String>,
    Json(wanted): Json<ArticleReview>,
) -> Result<Shown, Problem> {
    let (why, who) = (wanted.why.trim(), caller.name.as_str());
    check_text("why", why, TEXT_CHARS)?;
    let now = app.clock.now_us();
    let mut tx = app.begin().await?;
    // Reviews of one article take turns: one version at a time is what readers see.
    sqlx::query("UPDATE articles SET version = version WHERE id = $1")
        .bind(&id)
        .execute(&mut *tx)
        .await?;
    let article = find(&mut *tx, &id, Which::Numbered(wanted.version)).await?;
    let to = article.state.step(wanted.to)?;
    if to == ArticleState::InReview {
        return Err(Problem::Conflict("hand it over with submit".into()));
    }
    if to == ArticleState::Published {
        let own = match (&caller.account_id, &article.author_account) {
            (Some(caller), Some(author)) => caller == author,
            _ => caller.name == article.author,
        };
        if own {
            return Err(Problem::Conflict("nobody publishes what they wrote themselves".into()));
        }
        if let Some(before) = article.published_version {
            let before = find(&mut *tx, &id, Which::Numbered(before)).await?;
            let replaced = format!("version {} takes its place", article.version);
            take(&mut tx, &before, Step { to: ArticleState::Retired, who, why: &replaced }, now)
                .await?;
        }
        let_read(&mut tx, &article, Some(article.version)).await?;
    }
    if to == ArticleState::Retired && article.state == ArticleState::Published {
        let_read(&mut tx, &article, None).await?;
    }
    take(&mut tx, &article, Step { to, who, why }, now).await?;
    tx.commit().await?;
    shown(&app, &id, Which::Numbered(wanted.version)).await
}
