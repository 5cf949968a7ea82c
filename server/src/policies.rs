//! Policies: rules of the house that people change, as data with versions. The newest version holds;
//! version 0 is what comes with the system.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sqlx::{Any, Executor};
use utoipa::{IntoParams, ToSchema};

use crate::app::App;
use crate::database::{from_json, to_json};
use crate::http::{Page, Problem, check_text, cursor};
use crate::limits::{LIST_ROWS, TEXT_CHARS};
use crate::time::Time;

/// A kind of policy. Its default is version 0.
pub(crate) trait Policy: Serialize + DeserializeOwned + Default {
    /// What it is kept under.
    const KIND: &'static str;

    /// Refuses what cannot hold.
    fn check(&self) -> Result<(), Problem>;
}

/// A version of a policy.
#[derive(Debug, Serialize, ToSchema)]
pub struct PolicyVersion<T> {
    version: i64,
    policy: T,
    by: String,
    why: String,
    at: Time,
}

/// A new version of a policy.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewPolicy<T> {
    policy: T,
    #[schema(min_length = 1)]
    why: String,
}

/// Query of the list of versions.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct VersionsQuery {
    cursor: Option<String>,
}

/// The policy that holds, with its version.
pub(crate) async fn newest<'e, T: Policy>(
    db: impl Executor<'e, Database = Any>,
) -> Result<(i64, T), Problem> {
    let newest: Option<(i64, String)> = sqlx::query_as(
        "SELECT version, content FROM policies WHERE kind = $1 ORDER BY version DESC LIMIT 1",
    )
    .bind(T::KIND)
    .fetch_optional(db)
    .await?;
    newest.map_or(Ok((0, T::default())), |(version, content)| Ok((version, from_json(&content)?)))
}

/// All versions, the one that holds first.
pub(crate) async fn versions<T: Policy>(
    app: &App,
    query: &VersionsQuery,
) -> Result<Page<PolicyVersion<T>>, Problem> {
    let below = cursor(query.cursor.as_deref())?.unwrap_or(i64::MAX);
    let rows: Vec<(i64, String, String, String, i64)> = sqlx::query_as(
        "SELECT version, content, who, why, at FROM policies WHERE kind = $1 AND version < $2 \
         ORDER BY version DESC LIMIT $3",
    )
    .bind(T::KIND)
    .bind(below)
    .bind(LIST_ROWS + 1)
    .fetch_all(&app.database)
    .await?;
    let mut items = Vec::with_capacity(rows.len() + 1);
    for (version, content, by, why, at) in rows {
        items.push(PolicyVersion { version, policy: from_json(&content)?, by, why, at: Time(at) });
    }
    if items.len() <= LIST_ROWS as usize && below > 0 {
        items.push(PolicyVersion {
            version: 0,
            policy: T::default(),
            by: "Aftercare".to_owned(),
            why: "comes with the system".to_owned(),
            at: Time(0),
        });
    }
    Ok(Page::cut(items, LIST_ROWS as usize, |v| v.version.to_string()))
}

/// Makes a new version, which holds from now on.
pub(crate) async fn change<T: Policy>(
    app: &App,
    by: String,
    new: NewPolicy<T>,
) -> Result<PolicyVersion<T>, Problem> {
    check_text("why", &new.why, TEXT_CHARS)?;
    new.policy.check()?;
    let content = to_json(&new.policy)?;
    let (at, why) = (app.clock.now_us(), new.why.trim().to_owned());
    let version: Option<i64> = sqlx::query_scalar(
        "INSERT INTO policies (kind, version, content, who, why, at) \
         SELECT $1, coalesce(max(version), 0) + 1, $2, $3, $4, $5 FROM policies WHERE kind = $1 \
         ON CONFLICT DO NOTHING RETURNING version",
    )
    .bind(T::KIND)
    .bind(content)
    .bind(&by)
    .bind(&why)
    .bind(at)
    .fetch_optional(&app.database)
    .await?;
    let taken = || Problem::Conflict("somebody else has just changed the policy".into());
    let version = version.ok_or_else(taken)?;
    Ok(PolicyVersion { version, policy: new.policy, by, why, at: Time(at) })
}
