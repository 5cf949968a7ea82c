//! Acceptance tests as data: one for a model, or for a kind of machine, with versions.

use axum::Json;
use axum::extract::{Path, Query, State};
use serde::{Deserialize, Serialize};
use sqlx::{Any, FromRow, Transaction};
use utoipa::{IntoParams, ToSchema};

use super::checks::{Check, check_all};
use crate::app::App;
use crate::database::new_id;
use crate::http::{By, Page, Problem};
use crate::limits::LIST_ROWS;
use crate::repair_sessions::{from_json, text, to_json};
use crate::time::Time;

/// For which machines a test is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AppliesTo {
    /// Machines of exactly this model.
    Model(String),
    /// Machines of this kind whose model has no test of its own.
    Kind(String),
}

#[derive(Debug, FromRow)]
struct Row {
    id: String,
    name: String,
    model: Option<String>,
    kind: Option<String>,
    version_id: String,
    version: i64,
    checks: String,
    created_at: i64,
    who: String,
    why: String,
}

/// A version of an acceptance test.
#[derive(Debug, Serialize, ToSchema)]
pub struct TestVersion {
    version: i64,
    checks: Vec<Check>,
    by: String,
    at: Time,
    why: String,
}

/// An acceptance test in its newest version.
#[derive(Debug, Serialize, ToSchema)]
pub struct AcceptanceTest {
    pub id: String,
    pub name: String,
    pub applies_to: AppliesTo,
    pub version: i64,
    pub checks: Vec<Check>,
    by: String,
    at: Time,
    why: String,
    /// Every version, the newest first; where one test is asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    versions: Option<Vec<TestVersion>>,
    #[serde(skip)]
    pub version_id: String,
}

impl TryFrom<Row> for AcceptanceTest {
    type Error = Problem;
    fn try_from(r: Row) -> Result<Self, Problem> {
        let applies_to = match (r.model, r.kind) {
            (Some(model), _) => AppliesTo::Model(model),
            (None, kind) => AppliesTo::Kind(kind.unwrap_or_default()),
        };
        Ok(Self {
            applies_to,
            checks: from_json(&r.checks)?,
            id: r.id,
            name: r.name,
            version: r.version,
            by: r.who,
            at: Time(r.created_at),
            why: r.why,
            versions: None,
            version_id: r.version_id,
        })
    }
}

const SELECT: &str = "SELECT t.id, t.name, t.model, t.kind, v.id AS version_id, v.version, \
     v.checks, v.created_at, v.who, v.why FROM acceptance_tests t \
     JOIN acceptance_test_versions v ON v.test_id = t.id";
const NEWEST: &str = "v.version = (SELECT max(n.version) FROM acceptance_test_versions n \
     WHERE n.test_id = t.id)";

/// The test of an asset: the one that was pinned when its test began, or else the newest version of
/// the test of its model, or of its kind.
pub async fn applying_to(
    app: &App,
    asset_id: &str,
    pinned: Option<&str>,
) -> Result<Option<AcceptanceTest>, Problem> {
    let row: Option<Row> = match pinned {
        Some(version) => {
            sqlx::query_as(sqlx::AssertSqlSafe(format!("{SELECT} WHERE v.id = $1")))
                .bind(version)
                .fetch_optional(&app.database)
                .await?
        }
        None => {
            let sql = format!(
                "{SELECT} JOIN assets a ON (a.model = t.model OR a.kind = t.kind) \
                 WHERE a.id = $1 AND {NEWEST} ORDER BY CASE WHEN t.model IS NULL THEN 1 ELSE 0 END \
                 LIMIT 1"
            );
            sqlx::query_as(sqlx::AssertSqlSafe(sql))
                .bind(asset_id)
                .fetch_optional(&app.database)
                .await?
        }
    };
    row.map(AcceptanceTest::try_from).transpose()
}

/// Body of a new acceptance test.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewTest {
    name: String,
    applies_to: AppliesTo,
    checks: Vec<Check>,
    /// Why it is so; kept with the version.
    why: String,
}

/// Makes an acceptance test for a model, or for a kind of machine.
#[utoipa::path(
    post,
    path = "/api/v1/acceptance-tests",
    operation_id = "make_acceptance_test",
    tag = "acceptance tests",
    responses((status = 200, body = AcceptanceTest), Problem)
)]
pub(crate) async fn create(
    By(who): By,
    State(app): State<App>,
    Json(new): Json<NewTest>,
) -> Result<Json<AcceptanceTest>, Problem> {
    let (name, why) = (text("name", &new.name)?, text("why", &new.why)?);
    check_all(&new.checks)?;
    let (model, kind) = match &new.applies_to {
        AppliesTo::Model(model) => (Some(text("model", model)?), None),
        AppliesTo::Kind(kind) => (None, Some(text("kind", kind)?)),
    };
    let (id, now) = (new_id(), app.clock.now_us());
    let mut tx = app.database.begin().await?;
    sqlx::query(
        "INSERT INTO acceptance_tests (id, name, model, kind, created_at) \
         VALUES ($1, $2, $3, $4, $5)",
    )
    .bind(&id)
    .bind(name)
    .bind(model)
    .bind(kind)
    .bind(now)
    .execute(&mut *tx)
    .await
    .map_err(|e| taken(e, &new.applies_to))?;
    let version = Version { number: 1, checks: &new.checks, who: &who, why, now };
    add_version(&mut tx, &id, version).await?;
    tx.commit().await?;
    Ok(Json(find(&app, &id).await?))
}

fn taken(error: sqlx::Error, applies_to: &AppliesTo) -> Problem {
    if !error.as_database_error().is_some_and(|e| e.is_unique_violation()) {
        return error.into();
    }
    Problem::Conflict(match applies_to {
        AppliesTo::Model(model) => {
            format!("this name is taken, or model {model:?} has an acceptance test already")
        }
        AppliesTo::Kind(kind) => {
            format!("this name is taken, or kind {kind:?} has an acceptance test already")
        }
    })
}

struct Version<'a> {
    number: i64,
    checks: &'a [Check],
    who: &'a str,
    why: &'a str,
    now: i64,
}

async fn add_version(
    tx: &mut Transaction<'_, Any>,
    test_id: &str,
    version: Version<'_>,
) -> Result<(), Problem> {
    let added = sqlx::query(
        "INSERT INTO acceptance_test_versions (id, test_id, version, checks, created_at, who, why) \
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (test_id, version) DO NOTHING",
    )
    .bind(new_id())
    .bind(test_id)
    .bind(version.number)
    .bind(to_json(&version.checks)?)
    .bind(version.now)
    .bind(version.who)
    .bind(version.why)
    .execute(&mut **tx)
    .await?;
    if added.rows_affected() == 0 {
        return Err(Problem::Conflict("somebody else has just changed this test".into()));
    }
    Ok(())
}

async fn find(app: &App, id: &str) -> Result<AcceptanceTest, Problem> {
    let sql = format!("{SELECT} WHERE t.id = $1 ORDER BY v.version DESC");
    let rows: Vec<Row> =
        sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(id).fetch_all(&app.database).await?;
    let version = |r: &Row| {
        Ok(TestVersion {
            version: r.version,
            checks: from_json(&r.checks)?,
            by: r.who.clone(),
            at: Time(r.created_at),
            why: r.why.clone(),
        })
    };
    let versions = rows.iter().map(version).collect::<Result<_, Problem>>()?;
    let newest = rows.into_iter().next().ok_or(Problem::NotFound("acceptance test"))?;
    let mut test = AcceptanceTest::try_from(newest)?;
    test.versions = Some(versions);
    Ok(test)
}

/// One acceptance test with all its versions.
#[utoipa::path(
    get,
    path = "/api/v1/acceptance-tests/{id}",
    operation_id = "show_acceptance_test",
    tag = "acceptance tests",
    responses((status = 200, body = AcceptanceTest), Problem)
)]
pub(crate) async fn show(
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Json<AcceptanceTest>, Problem> {
    Ok(Json(find(&app, &id).await?))
}

/// Body of a new version.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Revision {
    checks: Vec<Check>,
    /// Why it changes; kept with the version.
    why: String,
}

/// Changes what an acceptance test asks for. Tests that have begun keep their version.
#[utoipa::path(
    put,
    path = "/api/v1/acceptance-tests/{id}",
    operation_id = "revise_acceptance_test",
    tag = "acceptance tests",
    responses((status = 200, body = AcceptanceTest), Problem)
)]
pub(crate) async fn revise(
    By(who): By,
    State(app): State<App>,
    Path(id): Path<String>,
    Json(new): Json<Revision>,
) -> Result<Json<AcceptanceTest>, Problem> {
    let why = text("why", &new.why)?;
    check_all(&new.checks)?;
    let number = find(&app, &id).await?.version + 1;
    let now = app.clock.now_us();
    let mut tx = app.database.begin().await?;
    let version = Version { number, checks: &new.checks, who: &who, why, now };
    add_version(&mut tx, &id, version).await?;
    tx.commit().await?;
    Ok(Json(find(&app, &id).await?))
}

/// Query of the list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct TestsQuery {
    cursor: Option<String>,
}

/// Acceptance tests in their newest versions, by name.
#[utoipa::path(
    get,
    path = "/api/v1/acceptance-tests",
    operation_id = "list_acceptance_tests",
    tag = "acceptance tests",
    params(TestsQuery),
    responses((status = 200, body = Page<AcceptanceTest>), Problem)
)]
pub(crate) async fn list(
    State(app): State<App>,
    Query(query): Query<TestsQuery>,
) -> Result<Json<Page<AcceptanceTest>>, Problem> {
    let sql = format!("{SELECT} WHERE {NEWEST} AND t.name > $1 ORDER BY t.name LIMIT $2");
    let rows: Vec<Row> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(query.cursor.unwrap_or_default())
        .bind(LIST_ROWS + 1)
        .fetch_all(&app.database)
        .await?;
    let items = rows.into_iter().map(AcceptanceTest::try_from).collect::<Result<Vec<_>, _>>()?;
    Ok(Json(Page::cut(items, LIST_ROWS as usize, |t| t.name.clone())))
}
