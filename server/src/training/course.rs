//! Courses: what people have to learn, for which roles, and for how long a pass is good.

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::HeaderName;
use serde::{Deserialize, Serialize};
use sqlx::{Any, Executor, FromRow};
use utoipa::{IntoParams, ToSchema};

use crate::access::Role;
use crate::app::App;
use crate::database::from_json;
use crate::http::{Page, Problem, check_text, etag};
use crate::limits::{COURSE_MONTHS, LIST_ROWS, SKILLS, TEXT_CHARS, WORD_CHARS};
use crate::time::Time;

/// What a course is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct CourseContent {
    pub(super) name: String,
    /// Who has to have passed it.
    pub(super) roles: Vec<Role>,
    /// What a pass proves, such as `refrigeration`; the words of planning.
    #[serde(default)]
    pub(super) skills: Vec<String>,
    /// Models of machines that it is about.
    #[serde(default)]
    pub(super) models: Vec<String>,
    /// A pass is good for so many months; without it for good.
    pub(super) valid_months: Option<i64>,
    /// Score of 100 from which it is passed; without it the assessor says so.
    pub(super) pass_from: Option<i64>,
    /// The article that is learnt from.
    pub(super) article_id: Option<String>,
    /// `false`: nobody has to pass it any more.
    #[serde(default = "yes")]
    pub(super) active: bool,
}

fn yes() -> bool {
    true
}

impl CourseContent {
    pub(super) fn check(&self) -> Result<(), Problem> {
        let invalid = |text: String| Err(Problem::Invalid(text));
        check_text("name", &self.name, TEXT_CHARS)?;
        if self.roles.iter().any(|role| matches!(role, Role::Customer | Role::Gateway)) {
            return invalid("`roles` are those of the service".into());
        }
        let lists = [("skills", &self.skills, WORD_CHARS), ("models", &self.models, TEXT_CHARS)];
        for (name, words, most) in lists {
            if words.len() > SKILLS {
                return invalid(format!("`{name}` may have {SKILLS} words"));
            }
            for word in words {
                check_text(name, word, most)?;
            }
        }
        if self.valid_months.is_some_and(|months| !(1..=COURSE_MONTHS).contains(&months)) {
            return invalid(format!("`valid_months` has to be 1 to {COURSE_MONTHS}"));
        }
        if self.pass_from.is_some_and(|score| !(0..=100).contains(&score)) {
            return invalid("`pass_from` has to be 0 to 100".into());
        }
        Ok(())
    }
}

/// A course.
#[derive(Debug, Serialize, ToSchema)]
pub struct Course {
    id: String,
    #[serde(flatten)]
    pub(super) content: CourseContent,
    created_at: Time,
    /// Also the `ETag`: send it as `If-Match` with a change.
    pub(super) version: i64,
}

#[derive(FromRow)]
struct Row {
    id: String,
    name: String,
    roles: String,
    skills: String,
    models: String,
    valid_months: Option<i64>,
    pass_from: Option<i64>,
    article_id: Option<String>,
    active: i64,
    version: i64,
    created_at: i64,
}

impl TryFrom<Row> for Course {
    type Error = Problem;
    fn try_from(r: Row) -> Result<Self, Problem> {
        let roles = r.roles.split(' ').filter(|role| !role.is_empty());
        let content = CourseContent {
            name: r.name,
            roles: roles.map(Role::parse).collect::<Result<_, _>>()?,
            skills: from_json(&r.skills)?,
            models: from_json(&r.models)?,
            valid_months: r.valid_months,
            pass_from: r.pass_from,
            article_id: r.article_id,
            active: r.active == 1,
        };
        Ok(Self { id: r.id, content, created_at: Time(r.created_at), version: r.version })
    }
}

// Both databases have string_agg (SQLite since 3.44).
const SELECT: &str = "SELECT c.id, c.name, coalesce((SELECT string_agg(r.role, ' ') FROM course_roles r \
     WHERE r.course_id = c.id), '') AS roles, c.skills, c.models, c.valid_months, c.pass_from, \
     c.article_id, c.active, c.version, c.created_at FROM courses c";

pub(super) async fn find<'e>(
    db: impl Executor<'e, Database = Any>,
    id: &str,
) -> Result<Course, Problem> {
    let row: Option<Row> = sqlx::query_as(sqlx::AssertSqlSafe(format!("{SELECT} WHERE c.id = $1")))
        .bind(id)
        .fetch_optional(db)
        .await?;
    row.ok_or(Problem::NotFound("course"))?.try_into()
}

/// How a handler shows a course.
pub(super) type Shown = ([(HeaderName, String); 1], Json<Course>);

pub(super) async fn shown(app: &App, id: &str) -> Result<Shown, Problem> {
    let course = find(&app.database, id).await?;
    Ok((etag(course.version), Json(course)))
}

/// Query of the list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct CoursesQuery {
    /// `true`: those that nobody has to pass any more as well.
    inactive: Option<bool>,
    cursor: Option<String>,
}

/// Courses by name.
#[utoipa::path(
    get,
    path = "/api/v1/courses",
    operation_id = "list_courses",
    tag = "training",
    params(CoursesQuery),
    responses((status = 200, body = Page<Course>), Problem)
)]
pub(crate) async fn list(
    State(app): State<App>,
    Query(query): Query<CoursesQuery>,
) -> Result<Json<Page<Course>>, Problem> {
    let sql =
        format!("{SELECT} WHERE ($1 = 1 OR c.active = 1) AND c.name > $2 ORDER BY c.name LIMIT $3");
    let rows: Vec<Row> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(i64::from(query.inactive == Some(true)))
        .bind(query.cursor.unwrap_or_default())
        .bind(LIST_ROWS + 1)
        .fetch_all(&app.database)
        .await?;
    let items = rows.into_iter().map(Course::try_from).collect::<Result<Vec<_>, _>>()?;
    Ok(Json(Page::cut(items, LIST_ROWS as usize, |c| c.content.name.clone())))
}

/// One course.
#[utoipa::path(
    get,
    path = "/api/v1/courses/{id}",
    operation_id = "show_course",
    tag = "training",
    responses((status = 200, body = Course), Problem)
)]
pub(crate) async fn show(State(app): State<App>, Path(id): Path<String>) -> Result<Shown, Problem> {
    shown(&app, &id).await
}
