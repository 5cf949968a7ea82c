//! Searching over HTTP.

use std::collections::HashSet;

use axum::Json;
use axum::extract::{Query, State};
use serde::{Deserialize, Serialize};
use sqlx::FromRow;
use utoipa::{IntoParams, ToSchema};

use super::finding::{How, Wanted};
use super::kind::SearchKind;
use crate::access::{self, Reach};
use crate::app::App;
use crate::http::{Caller, Problem};
use crate::limits::SEARCH_HITS;

/// Query of a search.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct SearchQuery {
    /// Words in any order, in any of the languages; a word may be only begun or mistyped. Nothing is
    /// found without one.
    q: Option<String>,
    /// Only these.
    kind: Option<SearchKind>,
}

/// Something that was found.
#[derive(Debug, Serialize, ToSchema)]
pub struct Hit {
    kind: SearchKind,
    id: String,
    title: String,
    /// What tells it from others of the same title.
    detail: String,
    how: How,
}

/// What was found.
#[derive(Debug, Serialize, ToSchema)]
pub struct Found {
    /// The nearest first, of those the newest first.
    items: Vec<Hit>,
}

#[derive(FromRow)]
struct Row {
    id: String,
    title: String,
    detail: String,
}

/// What has these words: the nearest of each kind first, at most 20 of each.
#[utoipa::path(
    get,
    path = "/api/v1/search",
    operation_id = "search",
    tag = "search",
    params(SearchQuery),
    responses((status = 200, body = Found), Problem)
)]
pub(crate) async fn search(
    caller: Caller,
    State(app): State<App>,
    Query(query): Query<SearchQuery>,
) -> Result<Json<Found>, Problem> {
    let mut items = Vec::new();
    if let Some(wanted) = Wanted::read(&app, query.q.as_deref()).await? {
        let asked = |kind: &SearchKind| {
            query.kind.is_none_or(|only| only == *kind)
                && access::may(caller.role, kind.list_operation())
        };
        for kind in SearchKind::ALL.into_iter().filter(asked) {
            of_kind(&app, &caller, &wanted, kind, &mut items).await?;
        }
        if items.is_empty() {
            for kind in SearchKind::ALL.into_iter().filter(asked) {
                let ids = wanted.some(&app.database, kind).await?;
                let rows = named(&app, &caller, kind, &ids).await?;
                items.extend(rows.into_iter().map(|row| hit(kind, row, How::Partly)));
            }
        }
    }
    items.sort_by_key(|hit| hit.how);
    Ok(Json(Found { items }))
}

async fn of_kind(
    app: &App,
    caller: &Caller,
    wanted: &Wanted,
    kind: SearchKind,
    items: &mut Vec<Hit>,
) -> Result<(), Problem> {
    let nearest = wanted.nearest();
    let mut seen = HashSet::new();
    for (level, how) in [(How::Exact, nearest), (How::Begun, nearest.max(How::Begun))] {
        let again = level == How::Begun && !wanted.is_begun();
        if again || seen.len() as i64 >= SEARCH_HITS {
            break;
        }
        for row in found(app, caller, wanted, kind, level).await? {
            if seen.insert(row.id.clone()) {
                items.push(hit(kind, row, how));
            }
        }
    }
    Ok(())
}

/// What has all words. For whoever sees everything the index says which are the newest; for others what is
/// theirs is looked through, which is little.
async fn found(
    app: &App,
    caller: &Caller,
    wanted: &Wanted,
    kind: SearchKind,
    level: How,
) -> Result<Vec<Row>, Problem> {
    if caller.reach == Reach::Everything {
        let ids = wanted.newest(&app.database, kind, level).await?;
        return named(app, caller, kind, &ids).await;
    }
    let sql = format!(
        "{} WHERE {} AND {} ORDER BY x.id DESC LIMIT $2",
        kind.shown(),
        wanted.in_few(kind, "x.id", level),
        kind.within(&caller.reach, "$1")
    );
    let rows = sqlx::query_as(sqlx::AssertSqlSafe(sql));
    Ok(rows.bind(caller.reach.bind()).bind(SEARCH_HITS).fetch_all(&app.database).await?)
}

/// Those of some ids that are within reach, in their order.
async fn named(
    app: &App,
    caller: &Caller,
    kind: SearchKind,
    ids: &[String],
) -> Result<Vec<Row>, Problem> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let places: Vec<String> = (2..ids.len() + 2).map(|at| format!("${at}")).collect();
    let sql = format!(
        "{} WHERE x.id IN ({}) AND {}",
        kind.shown(),
        places.join(", "),
        kind.within(&caller.reach, "$1")
    );
    let mut rows = sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(caller.reach.bind());
    for id in ids {
        rows = rows.bind(id);
    }
    let mut rows: Vec<Row> = rows.fetch_all(&app.database).await?;
    rows.sort_by_key(|row| ids.iter().position(|id| *id == row.id));
    Ok(rows)
}

fn hit(kind: SearchKind, row: Row, how: How) -> Hit {
    let detail = row.detail.split_whitespace().collect::<Vec<_>>().join(" ");
    Hit { kind, id: row.id, title: row.title, detail, how }
}
