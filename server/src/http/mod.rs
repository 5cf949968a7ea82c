//! What every route shares: the one error type, and who is asking.

mod access;
pub(crate) mod idempotency;
mod language;
mod page;
mod problem;
#[cfg(test)]
mod tests;

pub use access::{By, Caller, IfMatch, etag};
pub use language::Language;
pub(crate) use page::show as page;
pub(crate) use problem::Body as ProblemBody;
pub use problem::Problem;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

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
