//! A query, and what it means in SQL.

use serde::Serialize;
use sqlx::AnyPool;
use utoipa::ToSchema;

use super::SearchKind;
use super::indexing::{catch_up, numbers};
use super::vocabulary::Meant;
use super::words;
use crate::app::App;
use crate::http::{Problem, check_length};
use crate::limits::{SEARCH_QUERY_WORDS, SEARCH_RARE, TEXT_CHARS};

/// How something was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// It has all the words.
    Exact,
    /// It has words that begin with them.
    Begun,
    /// It has words that are spelt alike.
    Similar,
    /// It has some of them.
    Partly,
}

/// What somebody searches for. Everything found has each of its words.
pub(crate) struct Wanted {
    words: Vec<Meant>,
}

impl Wanted {
    /// Reads a query; none when nothing was asked for. What was written before is in the index then.
    pub(crate) async fn read(app: &App, q: Option<&str>) -> Result<Option<Self>, Problem> {
        let q = q.unwrap_or_default();
        if q.trim().is_empty() {
            return Ok(None);
        }
        check_length("q", q, TEXT_CHARS)?;
        catch_up(app).await?;
        let mut words = Vec::new();
        for word in words::of_query(q).into_iter().take(SEARCH_QUERY_WORDS) {
            words.push(Meant::by(&app.database, &word).await?);
        }
        Ok(Some(Self { words }))
    }

    /// The condition of a list on a column with ids of `kind`; everything when nothing was asked for.
    pub(crate) async fn condition(
        wanted: Option<&Self>,
        db: &AnyPool,
        kind: SearchKind,
        column: &str,
    ) -> Result<String, Problem> {
        match wanted {
            None => Ok("1 = 1".to_owned()),
            Some(wanted) => wanted.all(db, kind, column, How::Similar).await,
        }
    }

    /// The words of the index that each word of the query may mean, no further off than `how`.
    fn groups(&self, how: How) -> Vec<Vec<i64>> {
        let group = |meant: &Meant| {
            let mut group: Vec<i64> = meant.exact.into_iter().collect();
            if how >= How::Begun || group.is_empty() {
                group.extend(&meant.begun);
            }
            group.extend(&meant.similar);
            group
        };
        self.words.iter().map(group).collect()
    }

    /// How near the nearest is.
    pub(super) fn nearest(&self) -> How {
        let of = |meant: &Meant| match meant {
            Meant { exact: Some(_), .. } => How::Exact,
            Meant { begun, .. } if !begun.is_empty() => How::Begun,
            _ => How::Similar,
        };
        self.words.iter().map(of).max().unwrap_or(How::Exact)
    }

    /// Has a word for each. The rarest leads where it is rare: its texts are looked up, and not every
    /// row of the list.
    pub(super) async fn all(
        &self,
        db: &AnyPool,
        kind: SearchKind,
        column: &str,
        how: How,
    ) -> Result<String, Problem> {
        let groups = self.groups(how);
        if groups.is_empty() || groups.iter().any(Vec::is_empty) {
            return Ok("1 = 0".to_owned());
        }
        let mut counted = Vec::with_capacity(groups.len());
        for group in groups {
            counted.push((count(db, kind, &group).await?, group));
        }
        counted.sort_unstable();
        let condition = |(at, (texts, group)): (usize, &(i64, Vec<i64>))| {
            let (kind, group) = (kind.as_str(), numbers(group));
            let of =
                format!("FROM search_postings p WHERE p.kind = '{kind}' AND p.word IN ({group})");
            match at == 0 && *texts <= SEARCH_RARE {
                true => format!("{column} IN (SELECT p.subject_id {of})"),
                false => format!("EXISTS (SELECT 1 {of} AND p.subject_id = {column})"),
            }
        };
        Ok(counted.iter().enumerate().map(condition).collect::<Vec<_>>().join(" AND "))
    }

    /// Ids that have some of the words, those with more of them first. Common words say little, and are
    /// left out.
    pub(super) async fn some(
        &self,
        db: &AnyPool,
        kind: SearchKind,
    ) -> Result<Vec<String>, Problem> {
        if self.words.len() < 2 {
            return Ok(Vec::new());
        }
        let mut rare = Vec::new();
        for group in self.groups(How::Exact) {
            if !group.is_empty() && count(db, kind, &group).await? <= SEARCH_RARE {
                rare.extend(group);
            }
        }
        if rare.is_empty() {
            return Ok(Vec::new());
        }
        let sql = format!(
            "SELECT subject_id FROM search_postings WHERE kind = '{}' AND word IN ({}) \
             GROUP BY subject_id ORDER BY count(*) DESC, subject_id DESC LIMIT $1",
            kind.as_str(),
            numbers(&rare)
        );
        let ids = sqlx::query_scalar(sqlx::AssertSqlSafe(sql));
        Ok(ids.bind(crate::limits::SEARCH_HITS).fetch_all(db).await?)
    }
}

/// How many texts have one of these words; beyond [`SEARCH_RARE`] it is not counted on.
async fn count(db: &AnyPool, kind: SearchKind, group: &[i64]) -> Result<i64, Problem> {
    let sql = format!(
        "SELECT count(*) FROM (SELECT 1 FROM search_postings WHERE kind = '{}' \
         AND word IN ({}) LIMIT $1) p",
        kind.as_str(),
        numbers(group)
    );
    Ok(sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).bind(SEARCH_RARE + 1).fetch_one(db).await?)
}
