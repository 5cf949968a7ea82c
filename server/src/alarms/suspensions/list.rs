//! Suspensions over HTTP: looking at them and at what they hid.

use axum::Json;
use axum::extract::{Path, Query, State};
use serde::{Deserialize, Serialize};
use sqlx::FromRow;
use utoipa::{IntoParams, ToSchema};

use crate::access::Reach;
use crate::alarms::{Alarm, SuspensionKind, hidden_by};
use crate::app::App;
use crate::http::{Page, Problem};
use crate::limits::LIST_ROWS;
use crate::time::Time;

/// How far a suspension is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SuspensionState {
    /// It begins later.
    Planned,
    /// It hides alarms.
    Running,
    /// It hid alarms.
    Ended,
    /// It was ended before it began.
    Cancelled,
}

#[derive(Debug, FromRow)]
struct Row {
    id: String,
    asset_id: String,
    asset_name: String,
    tag: Option<String>,
    kind: String,
    keep_safety: i64,
    from_at: i64,
    until_at: Option<i64>,
    reason: String,
    who: String,
    created_at: i64,
    began_at: Option<i64>,
    ended_at: Option<i64>,
    ended_by: Option<String>,
    ended_why: Option<String>,
    hidden: i64,
}

/// What hides alarms of an asset for a while.
#[derive(Debug, Serialize, ToSchema)]
pub struct Suspension {
    id: String,
    asset_id: String,
    asset_name: String,
    /// One alarm of the asset; null: all of them.
    #[schema(required)]
    tag: Option<String>,
    kind: SuspensionKind,
    state: SuspensionState,
    /// Alarms of the class safety stay visible.
    keeps_safety: bool,
    from: Time,
    /// Null: until somebody ends it.
    #[schema(required)]
    until: Option<Time>,
    reason: String,
    by: String,
    created_at: Time,
    #[schema(required)]
    ended_at: Option<Time>,
    #[schema(required)]
    ended_by: Option<String>,
    #[schema(required)]
    ended_why: Option<String>,
    /// How many alarms it hid so far.
    hidden_count: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    hidden: Option<Vec<Alarm>>,
}

impl TryFrom<Row> for Suspension {
    type Error = Problem;
    fn try_from(r: Row) -> Result<Self, Problem> {
        let kind = SuspensionKind::parse(&r.kind)?;
        let safety = crate::alarms::Class::Safety;
        Ok(Self {
            kind,
            state: match (r.began_at, r.ended_at) {
                (None, None) => SuspensionState::Planned,
                (None, Some(_)) => SuspensionState::Cancelled,
                (Some(_), None) => SuspensionState::Running,
                (Some(_), Some(_)) => SuspensionState::Ended,
            },
            keeps_safety: !kind.hides(safety, r.tag.is_some(), r.keep_safety != 0),
            id: r.id,
            asset_id: r.asset_id,
            asset_name: r.asset_name,
            tag: r.tag,
            from: Time(r.from_at),
            until: r.until_at.map(Time),
            reason: r.reason,
            by: r.who,
            created_at: Time(r.created_at),
            ended_at: r.ended_at.map(Time),
            ended_by: r.ended_by,
            ended_why: r.ended_why,
            hidden_count: r.hidden,
            hidden: None,
        })
    }
}

const SELECT: &str = "SELECT s.id, s.asset_id, a.name AS asset_name, s.tag, s.kind, \
     s.keep_safety, s.from_at, s.until_at, s.reason, s.who, s.created_at, s.began_at, s.ended_at, \
     s.ended_by, s.ended_why, (SELECT count(*) FROM alarm_hides h WHERE h.suspension_id = s.id) \
     AS hidden FROM alarm_suspensions s JOIN assets a ON a.id = s.asset_id";

/// One suspension with what it hid.
pub(super) async fn find(app: &App, id: &str) -> Result<Json<Suspension>, Problem> {
    let sql = format!("{SELECT} WHERE s.id = $1");
    let row: Option<Row> =
        sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(id).fetch_optional(&app.database).await?;
    let mut suspension: Suspension = row.ok_or(Problem::NotFound("suspension"))?.try_into()?;
    suspension.hidden = Some(hidden_by(app, id).await?);
    Ok(Json(suspension))
}

/// Query of the list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct SuspensionsQuery {
    asset: Option<String>,
    kind: Option<SuspensionKind>,
    /// `true`: only planned and running ones.
    open: Option<bool>,
    cursor: Option<String>,
}

/// What hides alarms, or did, or will; the newest first.
#[utoipa::path(
    get,
    path = "/api/v1/suspensions",
    operation_id = "list_suspensions",
    tag = "alarms",
    params(SuspensionsQuery),
    responses((status = 200, body = Page<Suspension>), Problem)
)]
pub(crate) async fn list(
    reach: Reach,
    State(app): State<App>,
    Query(query): Query<SuspensionsQuery>,
) -> Result<Json<Page<Suspension>>, Problem> {
    let mine = reach.assets("s.asset_id", "$5");
    let sql = format!(
        "{SELECT} WHERE ($1 = '' OR s.asset_id = $1) AND ($2 = '' OR s.kind = $2) AND ($3 = 0 \
         OR ($3 = 1 AND s.ended_at IS NULL) OR ($3 = 2 AND s.ended_at IS NOT NULL)) \
         AND s.id < $4 AND {mine} ORDER BY s.id DESC LIMIT $6"
    );
    let open: i64 = query.open.map_or(0, |open| if open { 1 } else { 2 });
    let rows: Vec<Row> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(query.asset.unwrap_or_default())
        .bind(query.kind.map_or("", SuspensionKind::as_str))
        .bind(open)
        .bind(query.cursor.unwrap_or_else(|| "~".to_owned()))
        .bind(reach.bind())
        .bind(LIST_ROWS + 1)
        .fetch_all(&app.database)
        .await?;
    let items = rows.into_iter().map(Suspension::try_from).collect::<Result<Vec<_>, _>>()?;
    Ok(Json(Page::cut(items, LIST_ROWS as usize, |s| s.id.clone())))
}

/// A suspension and what it hid, also after it has ended.
#[utoipa::path(
    get,
    path = "/api/v1/suspensions/{id}",
    operation_id = "show_suspension",
    tag = "alarms",
    responses((status = 200, body = Suspension), Problem)
)]
pub(crate) async fn show(
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Json<Suspension>, Problem> {
    find(&app, &id).await
}
