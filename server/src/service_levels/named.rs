//! Policies of which there are several, each with a name and versions. The newest version holds.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sqlx::{Any, FromRow, Transaction};
use utoipa::{IntoParams, ToSchema};

use crate::app::App;
use crate::database::{from_json, to_json};
use crate::http::{IfMatch, Page, Problem, check_text, cursor};
use crate::limits::{LIST_ROWS, TEXT_CHARS, WORD_CHARS};
use crate::time::Time;

/// A kind of them.
pub(super) trait Named: Serialize + DeserializeOwned {
    /// What one is called in a 404.
    const SUBJECT: &'static str;
    /// Table of names.
    const HEADS: &'static str;
    /// Table of versions.
    const VERSIONS: &'static str;

    /// Refuses what cannot hold.
    fn check(&self) -> Result<(), Problem>;
}

/// A version of something with a name.
#[derive(Debug, Serialize, ToSchema)]
pub struct NamedVersion<T> {
    name: String,
    version: i64,
    pub(super) content: T,
    by: String,
    why: String,
    at: Time,
}

/// A new version of something with a name.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewVersion<T> {
    pub(super) content: T,
    #[schema(min_length = 1)]
    pub(super) why: String,
}

/// Query of a list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct NamedQuery {
    cursor: Option<String>,
}

#[derive(FromRow)]
struct Row {
    name: String,
    version: i64,
    content: String,
    who: String,
    why: String,
    at: i64,
}

fn shown<T: Named>(r: Row) -> Result<NamedVersion<T>, Problem> {
    let content = from_json(&r.content)?;
    Ok(NamedVersion {
        name: r.name,
        version: r.version,
        content,
        by: r.who,
        why: r.why,
        at: Time(r.at),
    })
}

/// All of them by name, each as it holds now.
pub(super) async fn list<T: Named>(
    app: &App,
    query: &NamedQuery,
) -> Result<Page<NamedVersion<T>>, Problem> {
    let sql = format!(
        "SELECT v.name, v.version, v.content, v.who, v.why, v.at FROM {} h JOIN {} v \
         ON v.name = h.name AND v.version = h.version WHERE h.name > $1 ORDER BY h.name LIMIT $2",
        T::HEADS,
        T::VERSIONS
    );
    let rows: Vec<Row> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(query.cursor.as_deref().unwrap_or_default())
        .bind(LIST_ROWS + 1)
        .fetch_all(&app.database)
        .await?;
    let items = rows.into_iter().map(shown).collect::<Result<Vec<_>, _>>()?;
    Ok(Page::cut(items, LIST_ROWS as usize, |v| v.name.clone()))
}

/// All versions of one, the one that holds first.
pub(super) async fn versions<T: Named>(
    app: &App,
    name: &str,
    query: &NamedQuery,
) -> Result<Page<NamedVersion<T>>, Problem> {
    let below = cursor(query.cursor.as_deref())?;
    let sql = format!(
        "SELECT name, version, content, who, why, at FROM {} WHERE name = $1 AND version < $2 \
         ORDER BY version DESC LIMIT $3",
        T::VERSIONS
    );
    let rows: Vec<Row> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(name)
        .bind(below.unwrap_or(i64::MAX))
        .bind(LIST_ROWS + 1)
        .fetch_all(&app.database)
        .await?;
    if rows.is_empty() && below.is_none() {
        return Err(Problem::NotFound(T::SUBJECT));
    }
    let items = rows.into_iter().map(shown).collect::<Result<Vec<_>, _>>()?;
    Ok(Page::cut(items, LIST_ROWS as usize, |v| v.version.to_string()))
}

/// One of them: the version asked for, or the one that holds.
pub(super) async fn at<T: Named>(
    tx: &mut Transaction<'_, Any>,
    name: &str,
    version: Option<i64>,
) -> Result<NamedVersion<T>, Problem> {
    let sql = format!(
        "SELECT v.name, v.version, v.content, v.who, v.why, v.at FROM {} h JOIN {} v \
         ON v.name = h.name WHERE h.name = $1 AND v.version = coalesce($2, h.version)",
        T::HEADS,
        T::VERSIONS
    );
    let row: Option<Row> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(name)
        .bind(version)
        .fetch_optional(&mut **tx)
        .await?;
    row.map_or(Err(Problem::NotFound(T::SUBJECT)), shown)
}

impl<T> NamedVersion<T> {
    pub(super) fn version(&self) -> i64 {
        self.version
    }
}

/// Makes a new version, or the first one of a new name. Changes of one name take turns on its row.
pub(super) async fn change<T: Named>(
    tx: &mut Transaction<'_, Any>,
    name: &str,
    new: NewVersion<T>,
    if_match: IfMatch,
    (by, now): (String, i64),
) -> Result<NamedVersion<T>, Problem> {
    check_name(name)?;
    check_text("why", &new.why, TEXT_CHARS)?;
    new.content.check()?;
    let sql = format!(
        "INSERT INTO {heads} (name, version) VALUES ($1, 1) \
         ON CONFLICT (name) DO UPDATE SET version = {heads}.version + 1 RETURNING version",
        heads = T::HEADS
    );
    let version: i64 =
        sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).bind(name).fetch_one(&mut **tx).await?;
    if_match.check(version - 1)?;
    let why = new.why.trim().to_owned();
    let sql = format!(
        "INSERT INTO {} (name, version, content, who, why, at) VALUES ($1, $2, $3, $4, $5, $6)",
        T::VERSIONS
    );
    let content = to_json(&new.content)?;
    sqlx::query(sqlx::AssertSqlSafe(sql))
        .bind(name)
        .bind(version)
        .bind(content)
        .bind(&by)
        .bind(&why)
        .bind(now)
        .execute(&mut **tx)
        .await?;
    let (name, content) = (name.to_owned(), new.content);
    Ok(NamedVersion { name, version, content, by, why, at: Time(now) })
}

/// Names are parts of addresses.
fn check_name(name: &str) -> Result<(), Problem> {
    let fits = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if name.is_empty() || name.len() > WORD_CHARS || !name.chars().all(fits) {
        return Err(Problem::Invalid(format!(
            "a name has 1 to {WORD_CHARS} letters, digits, hyphens and underscores"
        )));
    }
    Ok(())
}
