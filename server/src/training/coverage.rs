//! Coverage: of those who have to have passed a course, how many have.

use axum::Json;
use axum::extract::{Query, State};
use serde::{Deserialize, Serialize};
use sqlx::FromRow;
use utoipa::{IntoParams, ToSchema};

use super::policy::TrainingPolicy;
use crate::access::Role;
use crate::app::App;
use crate::http::Problem;
use crate::time::{Time, bound};
use crate::{policies, service_levels};

/// Query of the coverage.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct CoverageQuery {
    /// End of the period, RFC 3339; without it now. A pass counts that was good then.
    at: Option<String>,
    /// Begin of the period, RFC 3339: how many were assessed in it is told as well; without it 91 days
    /// before its end.
    from: Option<String>,
    role: Option<Role>,
    course: Option<String>,
}

/// Coverage of courses.
#[derive(Debug, Serialize, ToSchema)]
pub struct TrainingCoverage {
    from: Time,
    at: Time,
    /// What is aimed at, percent: a goal of the default service level policy, or else of the training
    /// policy.
    goal_percent: f64,
    /// Which policy says so.
    goal_of: String,
    /// Of all courses and roles together; null when nobody has to pass anything.
    #[schema(required)]
    percent: Option<f64>,
    courses: Vec<CourseCoverage>,
}

/// Coverage of a course in a role.
#[derive(Debug, Serialize, ToSchema)]
pub struct CourseCoverage {
    course_id: String,
    course_name: String,
    role: Role,
    /// Active accounts of the role.
    people: i64,
    /// Those with a pass that was good at the end of the period.
    covered: i64,
    /// Those who were assessed in the period.
    assessed: i64,
    percent: f64,
    meets_goal: bool,
    /// The others.
    missing: Vec<MissingTraining>,
}

/// Somebody who has to pass a course.
#[derive(Debug, Serialize, ToSchema)]
pub struct MissingTraining {
    account_id: String,
    account_name: String,
    /// Their last pass that is not good any more.
    #[schema(required)]
    expired_at: Option<Time>,
}

#[derive(FromRow)]
struct Row {
    course_id: String,
    course_name: String,
    role: String,
    account_id: String,
    account_name: String,
    covered: i64,
    assessed: i64,
    expired_at: Option<i64>,
}

/// Which share of those who have to have passed a course has, by course and role, with those who have
/// not.
#[utoipa::path(
    get,
    path = "/api/v1/training-coverage",
    operation_id = "show_training_coverage",
    tag = "training",
    params(CoverageQuery),
    responses((status = 200, body = TrainingCoverage), Problem)
)]
pub(crate) async fn show(
    State(app): State<App>,
    Query(query): Query<CoverageQuery>,
) -> Result<Json<TrainingCoverage>, Problem> {
    let at = bound("at", query.at.as_deref(), app.clock.now_us())?;
    let from = bound("from", query.from.as_deref(), at - QUARTER_US)?;
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT c.id AS course_id, c.name AS course_name, r.role, a.id AS account_id, \
         a.name AS account_name, \
         (SELECT count(*) FROM training_records t WHERE t.course_id = c.id AND t.account_id = a.id \
         AND t.passed = 1 AND t.withdrawn_at IS NULL AND t.at <= $1 \
         AND (t.expires_at IS NULL OR t.expires_at > $1)) AS covered, \
         (SELECT count(*) FROM training_records t WHERE t.course_id = c.id AND t.account_id = a.id \
         AND t.withdrawn_at IS NULL AND t.at >= $2 AND t.at <= $1) AS assessed, \
         (SELECT max(t.expires_at) FROM training_records t WHERE t.course_id = c.id \
         AND t.account_id = a.id AND t.passed = 1 AND t.withdrawn_at IS NULL AND t.at <= $1) \
         AS expired_at \
         FROM courses c JOIN course_roles r ON r.course_id = c.id \
         JOIN accounts a ON a.role = r.role WHERE c.active = 1 AND a.state = 'active' \
         AND ($3 = '' OR r.role = $3) AND ($4 = '' OR c.id = $4) \
         ORDER BY c.name, c.id, r.role, a.name, a.id",
    )
    .bind(at)
    .bind(from)
    .bind(query.role.map_or("", Role::as_str))
    .bind(query.course.unwrap_or_default())
    .fetch_all(&app.database)
    .await?;
    let (goal_percent, goal_of) = goal(&app).await?;
    let mut courses: Vec<CourseCoverage> = Vec::new();
    for row in rows {
        let role = Role::parse(&row.role)?;
        let same = courses.last().is_some_and(|c| c.course_id == row.course_id && c.role == role);
        if !same {
            courses.push(CourseCoverage {
                course_id: row.course_id,
                course_name: row.course_name,
                role,
                people: 0,
                covered: 0,
                assessed: 0,
                percent: 0.0,
                meets_goal: false,
                missing: Vec::new(),
            });
        }
        let Some(course) = courses.last_mut() else { continue };
        course.people += 1;
        course.covered += i64::from(row.covered > 0);
        course.assessed += i64::from(row.assessed > 0);
        if row.covered == 0 {
            course.missing.push(MissingTraining {
                account_id: row.account_id,
                account_name: row.account_name,
                expired_at: row.expired_at.map(Time),
            });
        }
    }
    for course in &mut courses {
        course.percent = percent(course.covered, course.people).unwrap_or_default();
        course.meets_goal = course.percent >= goal_percent;
    }
    let (covered, people) = courses
        .iter()
        .fold((0, 0), |(covered, people), c| (covered + c.covered, people + c.people));
    Ok(Json(TrainingCoverage {
        from: Time(from),
        at: Time(at),
        goal_percent,
        goal_of,
        percent: percent(covered, people),
        courses,
    }))
}

const QUARTER_US: i64 = 91 * 86_400 * 1_000_000;

#[expect(clippy::cast_precision_loss, reason = "counts of people")]
fn percent(covered: i64, people: i64) -> Option<f64> {
    (people > 0).then(|| 100.0 * covered as f64 / people as f64)
}

/// What is aimed at, and by which policy.
async fn goal(app: &App) -> Result<(f64, String), Problem> {
    if let Some((policy, figure)) = service_levels::goal(&app.database, "training coverage").await?
    {
        return Ok((figure, format!("service level policy {policy}")));
    }
    let (version, policy): (i64, TrainingPolicy) = policies::newest(&app.database).await?;
    Ok((policy.coverage_percent, format!("training policy version {version}")))
}
