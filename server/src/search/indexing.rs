//! The index follows what is written.

use std::collections::BTreeSet;

use sha2::{Digest as _, Sha256};
use sqlx::{Any, Transaction};
use tokio::sync::watch;

use super::SearchKind;
use super::words;
use crate::app::App;
use crate::database::{from_json, new_id, take_turn, to_json};
use crate::http::Problem;
use crate::limits::{SEARCH_BATCH, SEARCH_EVERY, SEARCH_WORDS};

/// Says that a text of something was written, in the transaction that writes it. What names it in its
/// own texts is indexed anew as well.
pub(crate) async fn changed(
    tx: &mut Transaction<'_, Any>,
    kind: SearchKind,
    id: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query("INSERT INTO search_changes (id, kind, subject_id) VALUES ($1, $2, $3)")
        .bind(new_id())
        .bind(kind.as_str())
        .bind(id)
        .execute(&mut **tx)
        .await?;
    for (other, ids) in kind.named_by() {
        let sql = format!(
            "INSERT INTO search_changes (id, kind, subject_id) \
             SELECT $2 || n.id, '{}', n.id FROM ({ids}) n",
            other.as_str()
        );
        sqlx::query(sqlx::AssertSqlSafe(sql)).bind(id).bind(new_id()).execute(&mut **tx).await?;
    }
    Ok(())
}

impl App {
    /// Keeps the index up to date, until `stop` becomes true.
    pub async fn attend_search(self, mut stop: watch::Receiver<bool>) {
        loop {
            match catch_up(&self).await {
                Ok(true) if !*stop.borrow() => continue,
                Ok(_) => {}
                Err(error) => tracing::warn!(%error, "The search index is behind"),
            }
            tokio::select! {
                _ = stop.wait_for(|stop| *stop) => return,
                () = tokio::time::sleep(SEARCH_EVERY) => {}
            }
        }
    }
}

/// Takes the oldest changes into the index, [`SEARCH_BATCH`] at the most, and says whether there may
/// be more. Servers on the same database take turns.
pub(super) async fn catch_up(app: &App) -> Result<bool, Problem> {
    let waiting: Option<String> = sqlx::query_scalar("SELECT id FROM search_changes LIMIT 1")
        .fetch_optional(&app.database)
        .await?;
    if waiting.is_none() {
        return Ok(false);
    }
    let mut tx = app.begin().await?;
    take_turn(&mut tx, "search index").await?;
    let changes: Vec<(String, String, String)> =
        sqlx::query_as("SELECT id, kind, subject_id FROM search_changes ORDER BY id LIMIT $1")
            .bind(SEARCH_BATCH)
            .fetch_all(&mut *tx)
            .await?;
    let subjects: BTreeSet<(&str, &str)> =
        changes.iter().map(|(_, kind, id)| (kind.as_str(), id.as_str())).collect();
    for (kind, id) in subjects {
        if let Some(kind) = SearchKind::parse(kind) {
            renew(&mut tx, kind, id).await?;
        }
    }
    for (change, _, _) in &changes {
        sqlx::query("DELETE FROM search_changes WHERE id = $1")
            .bind(change)
            .execute(&mut *tx)
            .await?;
    }
    tx.commit().await?;
    Ok(changes.len() as i64 == SEARCH_BATCH)
}

/// Takes one text's words into the index, in place of those it had.
async fn renew(tx: &mut Transaction<'_, Any>, kind: SearchKind, id: &str) -> Result<(), Problem> {
    let texts: Vec<String> = sqlx::query_scalar(kind.texts()).bind(id).fetch_all(&mut **tx).await?;
    let words: Vec<(i64, String)> = texts
        .iter()
        .flat_map(|text| words::of_text(text))
        .collect::<BTreeSet<_>>()
        .into_iter()
        .take(SEARCH_WORDS)
        .map(|word| (number(&word), word))
        .collect();
    let had: Option<String> = sqlx::query_scalar(
        "SELECT words FROM search_documents WHERE kind = $1 AND subject_id = $2",
    )
    .bind(kind.as_str())
    .bind(id)
    .fetch_optional(&mut **tx)
    .await?;
    let had: BTreeSet<i64> = had.map_or(Ok(BTreeSet::new()), |had| from_json(&had))?;
    let has: BTreeSet<i64> = words.iter().map(|(number, _)| *number).collect();
    let (gone, new) = (numbers(had.difference(&has)), has.difference(&had).count() > 0);
    if !gone.is_empty() {
        let sql = format!(
            "DELETE FROM search_postings WHERE kind = $1 AND subject_id = $2 AND word IN ({gone})"
        );
        let delete = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(kind.as_str()).bind(id);
        delete.execute(&mut **tx).await?;
    }
    if new {
        learn(tx, &words).await?;
        let rows = rows(has.difference(&had), |number| format!("({number}, $1, $2)"));
        let sql = format!("INSERT INTO search_postings (word, kind, subject_id) VALUES {rows}");
        let insert = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(kind.as_str()).bind(id);
        insert.execute(&mut **tx).await?;
    }
    sqlx::query(
        "INSERT INTO search_documents (kind, subject_id, words) VALUES ($1, $2, $3) \
         ON CONFLICT (kind, subject_id) DO UPDATE SET words = excluded.words",
    )
    .bind(kind.as_str())
    .bind(id)
    .bind(to_json(&has)?)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Takes words into the vocabulary that are not there yet.
async fn learn(tx: &mut Transaction<'_, Any>, words: &[(i64, String)]) -> Result<(), Problem> {
    let all = numbers(words.iter().map(|(number, _)| number));
    let sql = format!("SELECT id FROM search_words WHERE id IN ({all})");
    let known: Vec<i64> = sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).fetch_all(&mut **tx).await?;
    for (number, word) in words.iter().filter(|(number, _)| !known.contains(number)) {
        sqlx::query("INSERT INTO search_words (id, word) VALUES ($1, $2)")
            .bind(number)
            .bind(word)
            .execute(&mut **tx)
            .await?;
        let grams = words::grams(word);
        if grams.is_empty() {
            continue;
        }
        let places = rows(0..grams.len(), |at| format!("(${}, {number})", at + 1));
        let sql = format!("INSERT INTO search_grams (gram, word) VALUES {places}");
        let mut insert = sqlx::query(sqlx::AssertSqlSafe(sql));
        for gram in &grams {
            insert = insert.bind(gram);
        }
        insert.execute(&mut **tx).await?;
    }
    Ok(())
}

fn rows<T>(of: impl IntoIterator<Item = T>, row: impl Fn(T) -> String) -> String {
    of.into_iter().map(row).collect::<Vec<_>>().join(", ")
}

/// Ids of words, as a list in SQL.
pub(super) fn numbers<'a>(of: impl IntoIterator<Item = &'a i64>) -> String {
    rows(of, ToString::to_string)
}

/// The id of a word.
pub(super) fn number(word: &str) -> i64 {
    let digest = Sha256::digest(word.as_bytes());
    i64::from_be_bytes(std::array::from_fn(|i| digest[i]))
}
