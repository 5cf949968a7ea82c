//! What every route shares: the one error type, and who is asking.

mod access;
pub(crate) mod idempotency;
mod language;
mod page;
mod problem;
pub(crate) mod refused;
#[cfg(test)]
mod tests;

pub use access::{By, Caller, IfMatch, etag};
pub use language::Language;
pub(crate) use page::show as page;
pub(crate) use problem::Body as ProblemBody;
pub use problem::Problem;

use axum::http::{HeaderName, header};
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

/// Of an answer whose address is a secret: it is not to stay in caches, nor to travel on to other
/// sites.
pub(crate) const KEPT_QUIET: [(HeaderName, &str); 2] =
    [(header::CACHE_CONTROL, "no-store"), (header::REFERRER_POLICY, "no-referrer")];

/// Reads a cursor that is a number.
pub(crate) fn cursor(text: Option<&str>) -> Result<Option<i64>, Problem> {
    let number = text.map(str::parse).transpose();
    number.map_err(|_| Problem::Invalid("`cursor` is not one of ours".into()))
}

/// Checks a text of a person: something in it, and not more characters than allowed. The problem names
/// the field.
pub(crate) fn check_text(name: &str, text: &str, most: usize) -> Result<(), Problem> {
    if text.trim().is_empty() || text.chars().count() > most {
        return Err(Problem::Invalid(format!("`{name}` has to have 1 to {most} characters")));
    }
    Ok(())
}

/// Checks a text that may be empty.
pub(crate) fn check_length(name: &str, text: &str, most: usize) -> Result<(), Problem> {
    if text.chars().count() > most {
        return Err(Problem::Invalid(format!("`{name}` may have {most} characters")));
    }
    Ok(())
}

/// Reads a field of a change that null takes away: what is left out and what is null are kept apart.
pub(crate) fn said<'de, D, T>(deserializer: D) -> Result<Option<Option<T>>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    Option::deserialize(deserializer).map(Some)
}

/// What finds a text anywhere in a column with `lower(column) LIKE lower($n) ESCAPE '!'`; nothing
/// finds everything.
pub(crate) fn anywhere(text: Option<&str>) -> String {
    let text = text.unwrap_or_default().trim();
    format!("%{}%", text.replace('!', "!!").replace('%', "!%").replace('_', "!_"))
}

/// Says in the domain's words that a name is taken, where a constraint of the database says so.
pub(crate) fn taken(error: sqlx::Error, says: impl FnOnce() -> String) -> Problem {
    match error.as_database_error() {
        Some(cause) if cause.is_unique_violation() => Problem::Conflict(says()),
        _ => error.into(),
    }
}

/// A page of a list.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct Page<T> {
    /// The rows.
    pub items: Vec<T>,
    /// Pass as `cursor` to get the next page; null on the last one.
    #[schema(required)]
    pub next_cursor: Option<String>,
}

impl<T> Page<T> {
    /// Cuts rows that were read one more than wanted, and names where to go on.
    pub fn cut(mut items: Vec<T>, limit: usize, cursor: impl Fn(&T) -> String) -> Self {
        let more = items.len() > limit;
        items.truncate(limit);
        let next_cursor = if more { items.last().map(cursor) } else { None };
        Self { items, next_cursor }
    }
}
