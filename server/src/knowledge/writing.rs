//! Writing an article, revising it, and making a case of a closed ticket.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::Deserialize;
use sqlx::{Any, Transaction};
use utoipa::ToSchema;

use super::article::{Article, Shown, Which, find, shown};
use super::content::{ArticleAbout, ArticleContent};
use super::reviewing::{Step, take};
use super::state::{ArticleKind, ArticleState};
use crate::app::App;
use crate::changes::{self, NewChange};
use crate::database::{new_id, take_turn, to_json};
use crate::fault_signatures;
use crate::http::{Caller, IfMatch, Language, Problem, check_text};
use crate::limits::TEXT_CHARS;

/// An article to be.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewArticle {
    kind: ArticleKind,
    #[serde(default)]
    language: Language,
    content: ArticleContent,
}

/// What an article is, whatever its versions say.
struct Head<'a> {
    kind: ArticleKind,
    language: Language,
    ticket_id: Option<&'a str>,
}

async fn keep_version(
    tx: &mut Transaction<'_, Any>,
    (id, version): (&str, i64),
    content: &ArticleContent,
    (author, why): (&Caller, &str),
    now: i64,
) -> Result<(), Problem> {
    let about = to_json(&content.about)?;
    sqlx::query(
        "INSERT INTO article_versions (article_id, version, state, title, text, about, who, account_id, \
         why, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(id)
    .bind(version)
    .bind(ArticleState::Draft.as_str())
    .bind(content.title.trim())
    .bind(&content.text)
    .bind(about)
    .bind(&author.name)
    .bind(author.account_id.as_deref())
    .bind(why)
    .bind(now)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

async fn make(
    tx: &mut Transaction<'_, Any>,
    head: Head<'_>,
    content: &ArticleContent,
    (author, why): (&Caller, &str),
    now: i64,
) -> Result<String, Problem> {
    let id = new_id();
    take_turn(tx, "article numbers").await?;
    sqlx::query(
        "INSERT INTO articles (id, number, kind, language, ticket_id, version, created_at) \
         SELECT $1, coalesce(max(number), 0) + 1, $2, $3, $4, 1, $5 FROM articles",
    )
    .bind(&id)
    .bind(head.kind.as_str())
    .bind(head.language.as_str())
    .bind(head.ticket_id)
    .bind(now)
    .execute(&mut **tx)
    .await?;
    keep_version(tx, (&id, 1), content, (author, why), now).await?;
    changes::made(
        tx,
        now,
        ("article", &id, "state", ArticleState::Draft.as_str()),
        (&author.name, why),
    )
    .await?;
    Ok(id)
}

/// Writes an article: a draft.
#[utoipa::path(
    post,
    path = "/api/v1/articles",
    operation_id = "write_article",
    tag = "knowledge",
    responses((status = 201, body = Article), Problem)
)]
pub(crate) async fn create(
    caller: Caller,
    State(app): State<App>,
    Json(new): Json<NewArticle>,
) -> Result<(StatusCode, Shown), Problem> {
    new.content.check()?;
    let mut tx = app.begin().await?;
    let head = Head { kind: new.kind, language: new.language, ticket_id: None };
    let now = app.clock.now_us();
    let id = make(&mut tx, head, &new.content, (&caller, "written"), now).await?;
    tx.commit().await?;
    Ok((StatusCode::CREATED, shown(&app, &id, Which::Newest).await?))
}

/// A new version of an article.
#[derive(Debug, Deserialize, ToSchema)]
pub struct ArticleRevision {
    content: ArticleContent,
    why: String,
}

/// Writes a new version, a draft. It takes the place of an earlier one that is not published; readers
/// see the published one until this one is.
#[utoipa::path(
    put,
    path = "/api/v1/articles/{id}",
    operation_id = "revise_article",
    tag = "knowledge",
    responses((status = 200, body = Article), Problem)
)]
pub(crate) async fn revise(
    caller: Caller,
    if_match: IfMatch,
    State(app): State<App>,
    Path(id): Path<String>,
    Json(new): Json<ArticleRevision>,
) -> Result<Shown, Problem> {
    let why = new.why.trim();
    check_text("why", why, TEXT_CHARS)?;
    new.content.check()?;
    let now = app.clock.now_us();
    let mut tx = app.begin().await?;
    let newest = find(&mut *tx, &id, Which::Newest).await?;
    if_match.check(newest.version)?;
    let version = newest.version + 1;
    let revised = sqlx::query("UPDATE articles SET version = $3 WHERE id = $1 AND version = $2")
        .bind(&id)
        .bind(newest.version)
        .bind(version)
        .execute(&mut *tx)
        .await?;
    if revised.rows_affected() == 0 {
        return Err(Problem::Stale { version });
    }
    if matches!(newest.state, ArticleState::Draft | ArticleState::InReview) {
        let replaced = format!("version {version} takes its place");
        let step = Step { to: ArticleState::Retired, who: &caller.name, why: &replaced };
        take(&mut tx, &newest, step, now).await?;
    }
    keep_version(&mut tx, (&id, version), &new.content, (&caller, why), now).await?;
    let (from, to) = (newest.version.to_string(), version.to_string());
    let change = NewChange {
        kind: "article",
        id: &id,
        who: &caller.name,
        field: "version",
        from: Some(&from),
        to: Some(&to),
        why,
        version: Some(version),
        ..NewChange::default()
    };
    changes::record(&mut tx, now, change).await?;
    tx.commit().await?;
    shown(&app, &id, Which::Newest).await
}

/// The case that a ticket becomes; what is left out is taken from the ticket.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewCase {
    #[serde(default)]
    language: Language,
    title: Option<String>,
    #[serde(default)]
    tags: Vec<String>,
}

/// Makes a draft of a case from a closed ticket with a finding: cause, remedy and parts are filled in.
/// The customer and the machine are not named in it, since everybody reads it.
#[utoipa::path(
    post,
    path = "/api/v1/tickets/{id}/case",
    operation_id = "make_case",
    tag = "knowledge",
    responses((status = 201, body = Article), Problem)
)]
pub(crate) async fn of_ticket(
    caller: Caller,
    State(app): State<App>,
    Path(ticket_id): Path<String>,
    Json(new): Json<NewCase>,
) -> Result<(StatusCode, Shown), Problem> {
    let ticket: Option<(String, String, i64, String, Option<String>)> = sqlx::query_as(
        "SELECT t.state, t.signature, t.number, a.kind, a.model FROM tickets t \
         JOIN assets a ON a.id = t.asset_id WHERE t.id = $1",
    )
    .bind(&ticket_id)
    .fetch_optional(&app.database)
    .await?;
    let (state, signature, number, kind, model) = ticket.ok_or(Problem::NotFound("ticket"))?;
    let number = crate::tickets::number(number);
    if state != "closed" {
        return Err(Problem::Conflict(format!("{number} is {state}: close it first")));
    }
    let findings = fault_signatures::findings(&app, &ticket_id).await?;
    let Some(finding) = findings.into_iter().next() else {
        return Err(Problem::Conflict(format!(
            "{number} has no finding: say what was wrong first"
        )));
    };
    let machine = model.clone().unwrap_or(kind);
    let mut text = format!("# {}\n\n", finding.cause);
    for (heading, words) in [("Cause", &finding.note), ("Remedy", &finding.remedy)] {
        if !words.is_empty() {
            text += &format!("## {heading}\n\n{words}\n\n");
        }
    }
    if !finding.parts.is_empty() {
        let parts: Vec<_> = finding.parts.iter().map(|part| format!("- {part}")).collect();
        text += &format!("## Parts\n\n{}\n", parts.join("\n"));
    }
    let content = ArticleContent {
        title: new.title.unwrap_or_else(|| format!("{machine}: {}", finding.cause)),
        text: text.trim_end().to_owned(),
        about: ArticleAbout {
            tags: new.tags,
            models: model.into_iter().collect(),
            causes: vec![finding.cause],
            // What a request is named after says nothing about other tickets.
            signatures: Some(signature)
                .into_iter()
                .filter(|s| !s.starts_with("request:"))
                .collect(),
        },
    };
    content.check()?;
    let head =
        Head { kind: ArticleKind::Case, language: new.language, ticket_id: Some(&ticket_id) };
    let why = format!("made from {number}");
    let mut tx = app.begin().await?;
    let now = app.clock.now_us();
    let id = make(&mut tx, head, &content, (&caller, &why), now).await?;
    tx.commit().await?;
    Ok((StatusCode::CREATED, shown(&app, &id, Which::Newest).await?))
}
