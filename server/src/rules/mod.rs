//! The rules that assets are watched by: presets by kind of machine, versions of them and of single
//! assets, and trials on the recorded past.
//!
//! What holds for an asset is its own newest version; without one the newest version of its kind;
//! without that the preset of its kind, or the general one. A learning window that was given when the
//! asset was adopted takes the place of the preset's, but not of its own version's.

mod presets;
mod trial;
mod versions;

use detection::{Preset, Rules};
use serde_json::Value;

use crate::app::App;
use crate::database::from_json;
use crate::http::Problem;

pub(crate) use presets::{
    __path_change as __path_change_preset, __path_list as __path_list_presets,
    __path_show as __path_show_preset, change as change_preset, list as list_presets,
    show as show_preset,
};
pub(crate) use trial::{__path_run as __path_try_rules, run as try_rules};
pub(crate) use versions::{__path_change, __path_show, change, show};

/// Whose rules.
#[derive(Debug, Clone, Copy)]
enum Scope<'a> {
    Kind(&'a str),
    Asset(&'a str),
}

impl Scope<'_> {
    fn as_str(&self) -> &'static str {
        match self {
            Self::Kind(_) => "kind",
            Self::Asset(_) => "asset",
        }
    }

    fn subject(&self) -> &str {
        match self {
            Self::Kind(subject) | Self::Asset(subject) => subject,
        }
    }
}

/// The newest version of a scope.
async fn newest(app: &App, scope: Scope<'_>) -> Result<Option<(i64, Rules)>, Problem> {
    let row: Option<(i64, String)> = sqlx::query_as(
        "SELECT version, rules FROM rules WHERE scope = $1 AND subject = $2 \
         ORDER BY version DESC LIMIT 1",
    )
    .bind(scope.as_str())
    .bind(scope.subject())
    .fetch_optional(&app.database)
    .await?;
    row.map(|(version, json)| Ok((version, kept(&json)?))).transpose()
}

/// Reads rules as they are kept. Each version holds every field, so that another program's defaults do
/// not change what it says.
fn kept(json: &str) -> Result<Rules, Problem> {
    from_json(json)
}

/// Reads rules of a request; the problem names the field.
fn read(json: Value) -> Result<Rules, Problem> {
    let rules: Rules = serde_path_to_error::deserialize(json).map_err(|error| {
        let path = error.path().to_string();
        let field = if path == "." { "rules".to_owned() } else { format!("rules.{path}") };
        Problem::Invalid(format!("`{field}`: {}", error.inner()))
    })?;
    rules.check().map_err(|error| Problem::Invalid(format!("in `rules`: {error}")))?;
    Ok(rules)
}

/// Where the rules of an asset come from.
#[derive(Debug)]
struct InForce {
    kind: String,
    /// Of the asset itself.
    version: Option<i64>,
    rules: Rules,
}

async fn in_force(app: &App, asset_id: &str) -> Result<InForce, Problem> {
    let row: Option<(String, f64)> =
        sqlx::query_as("SELECT kind, learning_s FROM assets WHERE id = $1")
            .bind(asset_id)
            .fetch_optional(&app.database)
            .await?;
    let (kind, learning_s) = row.ok_or(Problem::NotFound("asset"))?;
    if let Some((version, rules)) = newest(app, Scope::Asset(asset_id)).await? {
        return Ok(InForce { kind, version: Some(version), rules });
    }
    let mut rules = match newest(app, Scope::Kind(&kind)).await? {
        Some((_, rules)) => rules,
        None => Preset::of_kind(&kind).rules,
    };
    if learning_s > 0.0 {
        rules.deviation.learning_s = learning_s;
    }
    Ok(InForce { kind, version: None, rules })
}

/// The rules that hold for an asset.
pub(crate) async fn of_asset(app: &App, asset_id: &str) -> Result<Rules, Problem> {
    Ok(in_force(app, asset_id).await?.rules)
}
