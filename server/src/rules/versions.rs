//! The rules of an asset over HTTP, and how a version is made.

use axum::Json;
use axum::extract::{Path, Query, State};
use detection::{Point, Rules, Select};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sqlx::FromRow;
use utoipa::{IntoParams, ToSchema};

use super::{Scope, in_force, kept, read};
use crate::app::App;
use crate::database::{new_id, to_json};
use crate::http::{By, Page, Problem, check_text, cursor};
use crate::limits::{LIST_ROWS, TEXT_CHARS};
use crate::time::Time;
use crate::watch;

/// A version of rules. It is never changed.
#[derive(Debug, Serialize, ToSchema)]
pub struct RuleVersion {
    version: i64,
    at: Time,
    by: String,
    why: String,
    #[schema(value_type = Object)]
    rules: Rules,
}

#[derive(FromRow)]
struct Row {
    version: i64,
    created_at: i64,
    who: String,
    why: String,
    rules: String,
}

impl TryFrom<Row> for RuleVersion {
    type Error = Problem;
    fn try_from(r: Row) -> Result<Self, Problem> {
        let rules = kept(&r.rules)?;
        Ok(Self { version: r.version, at: Time(r.created_at), by: r.who, why: r.why, rules })
    }
}

/// The rules that an asset is watched by.
#[derive(Debug, Serialize, ToSchema)]
pub struct AssetRules {
    asset_id: String,
    /// The asset's own version; null: those of its kind hold.
    #[schema(required)]
    version: Option<i64>,
    /// Kind of the machine.
    kind: String,
    #[schema(value_type = Object)]
    rules: Rules,
    /// The asset's own versions, the newest first.
    versions: Page<RuleVersion>,
}

/// New rules, as a whole: a field that is missing has its default.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewRules {
    #[schema(value_type = Object)]
    pub(super) rules: Value,
    pub(super) why: String,
}

/// Query of the versions.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct VersionsQuery {
    pub(super) cursor: Option<String>,
}

/// The rules that an asset is watched by, and its own versions.
#[utoipa::path(
    get,
    path = "/api/v1/assets/{id}/rules",
    operation_id = "show_rules",
    tag = "rules",
    params(VersionsQuery),
    responses((status = 200, body = AssetRules), Problem)
)]
pub(crate) async fn show(
    State(app): State<App>,
    Path(id): Path<String>,
    Query(query): Query<VersionsQuery>,
) -> Result<Json<AssetRules>, Problem> {
    of(&app, id, query.cursor.as_deref()).await
}

async fn of(app: &App, id: String, cursor: Option<&str>) -> Result<Json<AssetRules>, Problem> {
    let now = in_force(app, &id).await?;
    let versions = page(app, Scope::Asset(&id), cursor).await?;
    let (version, kind, rules) = (now.version, now.kind, now.rules);
    Ok(Json(AssetRules { asset_id: id, version, kind, rules, versions }))
}

pub(super) async fn page(
    app: &App,
    scope: Scope<'_>,
    below: Option<&str>,
) -> Result<Page<RuleVersion>, Problem> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT version, created_at, who, why, rules FROM rules WHERE scope = $1 \
         AND subject = $2 AND version < $3 ORDER BY version DESC LIMIT $4",
    )
    .bind(scope.as_str())
    .bind(scope.subject())
    .bind(cursor(below)?.unwrap_or(i64::MAX))
    .bind(LIST_ROWS + 1)
    .fetch_all(&app.database)
    .await?;
    let items = rows.into_iter().map(RuleVersion::try_from).collect::<Result<Vec<_>, _>>()?;
    Ok(Page::cut(items, LIST_ROWS as usize, |v| v.version.to_string()))
}

/// Changes the rules of an asset.
///
/// They hold from the next reading on. Where they learn differently, the watch learns anew from the
/// stored readings; what it finds in the past raises nothing, and what still holds at its end is an
/// alarm. A field that is wrong or unknown is a 400 that names it; nothing is changed then.
#[utoipa::path(
    put,
    path = "/api/v1/assets/{id}/rules",
    operation_id = "change_rules",
    tag = "rules",
    responses((status = 200, body = AssetRules), Problem)
)]
pub(crate) async fn change(
    By(who): By,
    State(app): State<App>,
    Path(id): Path<String>,
    Json(new): Json<NewRules>,
) -> Result<Json<AssetRules>, Problem> {
    in_force(&app, &id).await?;
    let rules = read(new.rules)?;
    check_names(&rules, &watch::points(&app, &id).await?)?;
    keep(&app, Scope::Asset(&id), &rules, &who, &new.why).await?;
    watch::rules_changed(&app, &id).await?;
    of(&app, id, None).await
}

/// Keeps a new version.
pub(super) async fn keep(
    app: &App,
    scope: Scope<'_>,
    rules: &Rules,
    who: &str,
    why: &str,
) -> Result<(), Problem> {
    let why = why.trim();
    check_text("why", why, TEXT_CHARS)?;
    let json = to_json(rules)?;
    let kept = sqlx::query(
        "INSERT INTO rules (id, scope, subject, version, rules, who, why, created_at) \
         SELECT $1, $2, $3, coalesce(max(version), 0) + 1, $4, $5, $6, $7 FROM rules \
         WHERE scope = $2 AND subject = $3 ON CONFLICT (scope, subject, version) DO NOTHING",
    )
    .bind(new_id())
    .bind(scope.as_str())
    .bind(scope.subject())
    .bind(json)
    .bind(who)
    .bind(why)
    .bind(app.clock.now_us())
    .execute(&app.database)
    .await?;
    if kept.rows_affected() == 0 {
        return Err(Problem::Conflict("somebody else has just changed these rules".into()));
    }
    Ok(())
}

/// A point that a rule names has to be there: a limit that holds for nothing is a mistake.
pub(super) fn check_names(rules: &Rules, points: &[Point]) -> Result<(), Problem> {
    let known = |name: &str| points.iter().any(|point| point.name == name);
    let select = |field: String, select: &Select| match &select.name {
        Some(name) if !known(name) => {
            Err(Problem::Invalid(format!("`rules.{field}.name`: the asset has no point {name:?}")))
        }
        _ => Ok(()),
    };
    for (i, limit) in rules.limits.iter().enumerate() {
        select(format!("limits[{i}].points"), &limit.points)?;
        if let Some(only_at) = &limit.only_at {
            select(format!("limits[{i}].only_at.points"), &only_at.points)?;
        }
    }
    for (i, range) in rules.sensors.range.sensors.iter().enumerate() {
        select(format!("sensors.range.sensors[{i}].points"), &range.points)?;
    }
    for (i, pair) in rules.sensors.redundancy.pairs.iter().enumerate() {
        if let Some(name) = pair.iter().find(|name| !known(name)) {
            return Err(Problem::Invalid(format!(
                "`rules.sensors.redundancy.pairs[{i}]`: the asset has no point {name:?}"
            )));
        }
    }
    Ok(())
}
