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
use crate::limits::{
    LIST_ROWS, SEARCH_COUNTED, SEARCH_HITS, SEARCH_LOOKED_AT, SEARCH_NEAR, SEARCH_QUERY_WORDS,
    SEARCH_RARE, SEARCH_SAMPLE, TEXT_CHARS,
};

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

    /// The condition of a list on a column with ids of `kind`; everything when nothing was asked for. Of the
    /// list of all machines, which goes by name, `after` is the name after which the page begins.
    pub(crate) async fn condition(
        wanted: Option<&Self>,
        db: &AnyPool,
        kind: SearchKind,
        column: &str,
        after: Option<&str>,
    ) -> Result<String, Problem> {
        match wanted {
            None => Ok("1 = 1".to_owned()),
            Some(wanted) => wanted.all(db, kind, column, after).await,
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

    /// Has a word for each. The texts that have them all are looked up, unless so many have that the first
    /// page is found sooner row by row, the newest first.
    async fn all(
        &self,
        db: &AnyPool,
        kind: SearchKind,
        column: &str,
        after: Option<&str>,
    ) -> Result<String, Problem> {
        let Some(groups) = self.counted(db, kind, How::Similar).await? else {
            return Ok("1 = 0".to_owned());
        };
        let texts = groups.first().map_or(0, |(texts, _)| *texts);
        let often =
            texts > kind.rare() && (groups.len() == 1 || often_together(db, kind, &groups).await?);
        let near = match after {
            Some(after) if !often && texts > SEARCH_RARE => {
                near_by_name(db, &groups, after).await?
            }
            _ => false,
        };
        match often || near {
            true => Ok(by_row(kind, column, groups.iter().map(|(_, group)| group))),
            false => Ok(format!("{column} IN ({})", with_all(kind, &groups, None))),
        }
    }

    /// Has a word for each, looked up row by row: for few rows.
    pub(super) fn in_few(&self, kind: SearchKind, column: &str, how: How) -> String {
        let groups = self.groups(how);
        match groups.is_empty() || groups.iter().any(Vec::is_empty) {
            true => "1 = 0".to_owned(),
            false => by_row(kind, column, groups.iter()),
        }
    }

    /// Whether words that are begun may be meant as well.
    pub(super) fn is_begun(&self) -> bool {
        self.words.iter().any(|meant| meant.exact.is_some() && !meant.begun.is_empty())
    }

    /// The newest ids that have a word for each, of the newest [`SEARCH_LOOKED_AT`] with the rarest.
    pub(super) async fn newest(
        &self,
        db: &AnyPool,
        kind: SearchKind,
        how: How,
    ) -> Result<Vec<String>, Problem> {
        let Some(groups) = self.counted(db, kind, how).await? else { return Ok(Vec::new()) };
        let sql = format!(
            "{} ORDER BY p.subject_id DESC LIMIT $1",
            with_all(kind, &groups, Some(SEARCH_LOOKED_AT))
        );
        let ids = sqlx::query_scalar(sqlx::AssertSqlSafe(sql));
        Ok(ids.bind(SEARCH_HITS).fetch_all(db).await?)
    }

    /// The words for each, with how many texts have one, the fewest first; none where no text can have
    /// them all.
    async fn counted(
        &self,
        db: &AnyPool,
        kind: SearchKind,
        how: How,
    ) -> Result<Option<Vec<(i64, Vec<i64>)>>, Problem> {
        let mut counted = Vec::new();
        for group in self.groups(how) {
            let texts = if group.is_empty() { 0 } else { count(db, kind, &group).await? };
            if texts == 0 {
                return Ok(None);
            }
            counted.push((texts, group));
        }
        counted.sort_unstable();
        Ok((!counted.is_empty()).then_some(counted))
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
            if !group.is_empty() && count(db, kind, &group).await? <= kind.rare() {
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
        Ok(ids.bind(SEARCH_HITS).fetch_all(db).await?)
    }
}

fn with_word(name: &str, kind: SearchKind, group: &[i64]) -> String {
    let (kind, group) = (kind.as_str(), numbers(group));
    format!("FROM search_postings {name} WHERE {name}.kind = '{kind}' AND {name}.word IN ({group})")
}

/// The condition that a row has a word of each group.
fn by_row<'a>(
    kind: SearchKind,
    column: &str,
    groups: impl Iterator<Item = &'a Vec<i64>>,
) -> String {
    let has = groups.map(|group| {
        format!("EXISTS (SELECT 1 {} AND o.subject_id = {column})", with_word("o", kind, group))
    });
    has.collect::<Vec<_>>().join(" AND ")
}

/// Selects the ids of the texts that have a word of each group: those with the rarest (all, or so many of
/// the newest), if they have the others as well.
fn with_all(kind: SearchKind, groups: &[(i64, Vec<i64>)], newest: Option<i64>) -> String {
    let Some(((_, rarest), others)) = groups.split_first() else { return String::new() };
    let once = if rarest.len() > 1 { "DISTINCT " } else { "" };
    let some = newest.map(|most| format!(" ORDER BY n.subject_id DESC LIMIT {most}"));
    let rarest = with_word("n", kind, rarest);
    let from = format!(
        "SELECT p.subject_id FROM (SELECT {once}n.subject_id {rarest}{}) p",
        some.unwrap_or_default()
    );
    match others.is_empty() {
        true => from,
        false => {
            let others = others.iter().map(|(_, group)| group);
            format!("{from} WHERE {}", by_row(kind, "p.subject_id", others))
        }
    }
}

/// Whether of the newest texts with the rarest word a fifth has the others as well.
async fn often_together(
    db: &AnyPool,
    kind: SearchKind,
    groups: &[(i64, Vec<i64>)],
) -> Result<bool, Problem> {
    let sql = format!("SELECT count(*) FROM ({}) s", with_all(kind, groups, Some(SEARCH_SAMPLE)));
    let together: i64 = sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).fetch_one(db).await?;
    Ok(together * 5 >= SEARCH_SAMPLE)
}

/// Whether the next [`SEARCH_NEAR`] machines by name fill a page.
async fn near_by_name(
    db: &AnyPool,
    groups: &[(i64, Vec<i64>)],
    after: &str,
) -> Result<bool, Problem> {
    let has = by_row(SearchKind::Asset, "n.id", groups.iter().map(|(_, group)| group));
    let sql = format!(
        "SELECT count(*) FROM (SELECT a.id FROM assets a WHERE a.name > $1 ORDER BY a.name LIMIT $2) n \
         WHERE {has}"
    );
    let have: i64 = sqlx::query_scalar(sqlx::AssertSqlSafe(sql))
        .bind(after)
        .bind(SEARCH_NEAR)
        .fetch_one(db)
        .await?;
    Ok(have > LIST_ROWS)
}

/// How many texts have one of these words; beyond [`SEARCH_COUNTED`] it is not counted on.
async fn count(db: &AnyPool, kind: SearchKind, group: &[i64]) -> Result<i64, Problem> {
    let of = with_word("p", kind, group);
    let sql = format!("SELECT count(*) FROM (SELECT 1 {of} LIMIT $1) c");
    Ok(sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).bind(SEARCH_COUNTED).fetch_one(db).await?)
}
