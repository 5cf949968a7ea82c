//! Courses are made and changed.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::Deserialize;
use sqlx::{Any, Transaction};
use utoipa::ToSchema;

use super::course::{Course, CourseContent, Shown, find, shown};
use crate::access::Role;
use crate::app::App;
use crate::changes::{self, NewChange};
use crate::database::{new_id, to_json};
use crate::http::{By, IfMatch, Problem, check_text, taken};
use crate::limits::TEXT_CHARS;
use crate::work_orders::words;

async fn check_article(
    tx: &mut Transaction<'_, Any>,
    content: &CourseContent,
) -> Result<(), Problem> {
    let Some(article_id) = &content.article_id else { return Ok(()) };
    let known: Option<String> = sqlx::query_scalar("SELECT id FROM articles WHERE id = $1")
        .bind(article_id)
        .fetch_optional(&mut **tx)
        .await?;
    known.map(drop).ok_or_else(|| Problem::Invalid("`article_id` is no article".into()))
}

async fn keep_roles(
    tx: &mut Transaction<'_, Any>,
    id: &str,
    roles: &[Role],
) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM course_roles WHERE course_id = $1")
        .bind(id)
        .execute(&mut **tx)
        .await?;
    for role in roles {
        sqlx::query(
            "INSERT INTO course_roles (course_id, role) VALUES ($1, $2) ON CONFLICT DO NOTHING",
        )
        .bind(id)
        .bind(role.as_str())
        .execute(&mut **tx)
        .await?;
    }
    Ok(())
}

/// A course as it is from now on.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewCourse {
    #[serde(flatten)]
    content: CourseContent,
    #[schema(min_length = 1)]
    why: String,
}

fn name_taken(name: &str) -> String {
    format!("there is a course {:?} already", name.trim())
}

/// Makes a course.
#[utoipa::path(
    post,
    path = "/api/v1/courses",
    operation_id = "make_course",
    tag = "training",
    responses((status = 201, body = Course), Problem)
)]
pub(crate) async fn create(
    By(who): By,
    State(app): State<App>,
    Json(new): Json<NewCourse>,
) -> Result<(StatusCode, Shown), Problem> {
    let (content, id) = (&new.content, new_id());
    check_text("why", &new.why, TEXT_CHARS)?;
    content.check()?;
    let mut tx = app.begin().await?;
    check_article(&mut tx, content).await?;
    sqlx::query(
        "INSERT INTO courses (id, name, skills, models, valid_months, pass_from, article_id, active, \
         version, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1, $9)",
    )
    .bind(&id)
    .bind(content.name.trim())
    .bind(words(&content.skills)?)
    .bind(words(&content.models)?)
    .bind(content.valid_months)
    .bind(content.pass_from)
    .bind(content.article_id.as_deref())
    .bind(i64::from(content.active))
    .bind(app.clock.now_us())
    .execute(&mut *tx)
    .await
    .map_err(|e| taken(e, || name_taken(&content.name)))?;
    keep_roles(&mut tx, &id, &content.roles).await?;
    record(&mut tx, &app, (&id, 1), None, &new, &who).await?;
    tx.commit().await?;
    Ok((StatusCode::CREATED, shown(&app, &id).await?))
}

async fn record(
    tx: &mut Transaction<'_, Any>,
    app: &App,
    (id, version): (&str, i64),
    before: Option<&CourseContent>,
    new: &NewCourse,
    who: &str,
) -> Result<(), Problem> {
    let (from, to) = (before.map(to_json).transpose()?, to_json(&new.content)?);
    let change = NewChange {
        kind: "course",
        id,
        who,
        field: "content",
        from: from.as_deref(),
        to: Some(&to),
        why: new.why.trim(),
        version: Some(version),
        ..NewChange::default()
    };
    changes::record(tx, app.clock.now_us(), change).await?;
    Ok(())
}

/// Changes a course. Passes keep the date until which they are good.
#[utoipa::path(
    put,
    path = "/api/v1/courses/{id}",
    operation_id = "change_course",
    tag = "training",
    responses((status = 200, body = Course), Problem)
)]
pub(crate) async fn change(
    By(who): By,
    if_match: IfMatch,
    State(app): State<App>,
    Path(id): Path<String>,
    Json(new): Json<NewCourse>,
) -> Result<Shown, Problem> {
    let content = &new.content;
    check_text("why", &new.why, TEXT_CHARS)?;
    content.check()?;
    let mut tx = app.begin().await?;
    let before = find(&mut *tx, &id).await?;
    if_match.check(before.version)?;
    check_article(&mut tx, content).await?;
    let changed = sqlx::query(
        "UPDATE courses SET name = $3, skills = $4, models = $5, valid_months = $6, pass_from = $7, \
         article_id = $8, active = $9, version = version + 1 WHERE id = $1 AND version = $2",
    )
    .bind(&id)
    .bind(before.version)
    .bind(content.name.trim())
    .bind(words(&content.skills)?)
    .bind(words(&content.models)?)
    .bind(content.valid_months)
    .bind(content.pass_from)
    .bind(content.article_id.as_deref())
    .bind(i64::from(content.active))
    .execute(&mut *tx)
    .await
    .map_err(|e| taken(e, || name_taken(&content.name)))?;
    if changed.rows_affected() == 0 {
        return Err(Problem::Stale { version: before.version + 1 });
    }
    keep_roles(&mut tx, &id, &content.roles).await?;
    record(&mut tx, &app, (&id, before.version + 1), Some(&before.content), &new, &who).await?;
    tx.commit().await?;
    shown(&app, &id).await
}
