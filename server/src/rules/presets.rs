//! Presets by kind of machine over HTTP.

use axum::Json;
use axum::extract::{Path, Query, State};
use detection::{Preset, Rules, presets};
use serde::Serialize;
use utoipa::ToSchema;

use super::versions::{self, NewRules, RuleVersion, VersionsQuery};
use super::{Scope, newest, read};
use crate::app::App;
use crate::http::{By, Page, Problem};
use crate::limits::TEXT_CHARS;
use crate::watch;

/// A preset that comes with the program.
#[derive(Debug, Serialize, ToSchema)]
pub struct RulePreset {
    name: String,
    /// Kinds of machines that it is for; the general one is for all others.
    kinds: Vec<String>,
    /// Why it is as it is.
    why: String,
    #[schema(value_type = Object)]
    rules: Rules,
}

/// The rules for a kind of machine.
#[derive(Debug, Serialize, ToSchema)]
pub struct KindRules {
    kind: String,
    /// The version of this installation; null: the preset that comes with the program holds.
    #[schema(required)]
    version: Option<i64>,
    /// Name of that preset.
    preset: String,
    #[schema(value_type = Object)]
    rules: Rules,
    /// The versions of this installation, the newest first.
    versions: Page<RuleVersion>,
}

/// The presets that come with the program, the general one first.
#[utoipa::path(
    get,
    path = "/api/v1/rule-presets",
    operation_id = "list_rule_presets",
    tag = "rules",
    responses((status = 200, body = Page<RulePreset>), Problem)
)]
pub(crate) async fn list() -> Json<Page<RulePreset>> {
    let preset = |preset: Preset| RulePreset {
        name: preset.name.to_owned(),
        kinds: preset.kinds.iter().map(|kind| (*kind).to_owned()).collect(),
        why: preset.why.to_owned(),
        rules: preset.rules,
    };
    let items = presets().into_iter().map(preset).collect();
    Json(Page { items, next_cursor: None })
}

/// The rules for a kind of machine, and the versions of this installation.
#[utoipa::path(
    get,
    path = "/api/v1/rule-presets/{kind}",
    operation_id = "show_rule_preset",
    tag = "rules",
    params(VersionsQuery),
    responses((status = 200, body = KindRules), Problem)
)]
pub(crate) async fn show(
    State(app): State<App>,
    Path(kind): Path<String>,
    Query(query): Query<VersionsQuery>,
) -> Result<Json<KindRules>, Problem> {
    of(&app, kind, query.cursor.as_deref()).await
}

async fn of(app: &App, kind: String, cursor: Option<&str>) -> Result<Json<KindRules>, Problem> {
    let preset = Preset::of_kind(&kind);
    let (version, rules) = match newest(app, Scope::Kind(&kind)).await? {
        Some((version, rules)) => (Some(version), rules),
        None => (None, preset.rules),
    };
    let versions = versions::page(app, Scope::Kind(&kind), cursor).await?;
    Ok(Json(KindRules { kind, version, preset: preset.name.to_owned(), rules, versions }))
}

/// Changes the rules for a kind of machine; they hold for all its assets without a version of their
/// own, as if each had been changed.
#[utoipa::path(
    put,
    path = "/api/v1/rule-presets/{kind}",
    operation_id = "change_rule_preset",
    tag = "rules",
    responses((status = 200, body = KindRules), Problem)
)]
pub(crate) async fn change(
    By(who): By,
    State(app): State<App>,
    Path(kind): Path<String>,
    Json(new): Json<NewRules>,
) -> Result<Json<KindRules>, Problem> {
    if kind.chars().count() > TEXT_CHARS {
        return Err(Problem::Invalid("a kind has 1 to 500 characters".into()));
    }
    let rules = read(new.rules)?;
    versions::keep(&app, Scope::Kind(&kind), &rules, &who, &new.why).await?;
    let assets: Vec<String> = sqlx::query_scalar(
        "SELECT a.id FROM assets a WHERE a.kind = $1 AND NOT EXISTS (SELECT 1 FROM rules r \
         WHERE r.scope = 'asset' AND r.subject = a.id)",
    )
    .bind(&kind)
    .fetch_all(&app.database)
    .await?;
    for asset_id in assets {
        watch::rules_changed(&app, &asset_id).await?;
    }
    of(&app, kind, None).await
}
