//! Which words of the index somebody may have meant by one of theirs.

use std::collections::HashMap;

use sqlx::AnyPool;
use strsim::osa_distance;

use super::indexing::{number, numbers};
use super::words::{BEGINNING, beginning, has_grams, trigrams};
use crate::http::Problem;
use crate::limits::{SEARCH_BEGUN, SEARCH_GRAM_WORDS, SEARCH_SIMILAR};

/// What one word of a query may mean, the nearer the better.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Meant {
    /// The word itself, where it is in the index.
    pub exact: Option<i64>,
    /// Words that begin with it.
    pub begun: Vec<i64>,
    /// Words that are spelt like it or have it inside: looked for when there is nothing nearer.
    pub similar: Vec<i64>,
}

impl Meant {
    pub(super) async fn by(db: &AnyPool, word: &str) -> Result<Self, Problem> {
        let found: Option<i64> = sqlx::query_scalar("SELECT id FROM search_words WHERE id = $1")
            .bind(number(word))
            .fetch_optional(db)
            .await?;
        // Whoever types a whole number means that number: T-12 is not T-120.
        let whole = found.is_some() && word.bytes().any(|b| b.is_ascii_digit());
        if whole || !has_grams(word) {
            return Ok(Self { exact: found, ..Self::default() });
        }
        let begun = begun(db, word).await?;
        let near = found.is_some() || !begun.is_empty();
        let similar = if near { Vec::new() } else { similar(db, word).await? };
        Ok(Self { exact: found, begun, similar })
    }
}

async fn begun(db: &AnyPool, word: &str) -> Result<Vec<i64>, Problem> {
    let rows: Vec<(i64, String)> = sqlx::query_as(
        "SELECT w.id, w.word FROM search_grams g JOIN search_words w ON w.id = g.word \
         WHERE g.gram = $1 LIMIT $2",
    )
    .bind(beginning(word))
    .bind(if word.chars().count() > BEGINNING { SEARCH_GRAM_WORDS } else { SEARCH_BEGUN })
    .fetch_all(db)
    .await?;
    let longer = |found: &str| found.starts_with(word) && found != word;
    Ok(rows.into_iter().filter(|(_, found)| longer(found)).map(|(id, _)| id).collect())
}

/// How many characters may be wrong, missing, too many or swapped.
fn errors_allowed(word: &str) -> usize {
    match word.chars().count() {
        0..=3 => 0,
        4..=6 => 1,
        _ => 2,
    }
}

async fn similar(db: &AnyPool, word: &str) -> Result<Vec<i64>, Problem> {
    let mut shared: HashMap<i64, usize> = HashMap::new();
    for gram in trigrams(word) {
        let words: Vec<i64> =
            sqlx::query_scalar("SELECT word FROM search_grams WHERE gram = $1 LIMIT $2")
                .bind(gram)
                .bind(SEARCH_GRAM_WORDS)
                .fetch_all(db)
                .await?;
        for id in words {
            *shared.entry(id).or_default() += 1;
        }
    }
    let mut likely: Vec<(i64, usize)> = shared.into_iter().collect();
    likely.sort_unstable_by_key(|(id, grams)| (std::cmp::Reverse(*grams), *id));
    likely.truncate(SEARCH_SIMILAR);
    if likely.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!(
        "SELECT id, word FROM search_words WHERE id IN ({})",
        numbers(likely.iter().map(|(id, _)| id))
    );
    let words: Vec<(i64, String)> = sqlx::query_as(sqlx::AssertSqlSafe(sql)).fetch_all(db).await?;
    let allowed = errors_allowed(word);
    let alike = |found: &str| found.contains(word) || osa_distance(found, word) <= allowed;
    Ok(words.into_iter().filter(|(_, found)| alike(found)).map(|(id, _)| id).collect())
}
