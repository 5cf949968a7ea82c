//! Verdicts: made by the crate `verdict` from stored readings, kept in versions.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::{Path, Query, State};
use serde::{Deserialize, Serialize};
use sqlx::FromRow;
use utoipa::{IntoParams, ToSchema};

use super::acceptance::Selector;
use super::content::Act;
use super::entries::{self, Writing};
use super::judging::{self, PointTolerance};
use super::points::{self, Point, Thinned};
use super::session::{self, RepairSession};
use super::state::SessionState;
use super::windows::{self, Adjusted, Windows};
use super::{from_json, text, to_json};
use crate::app::App;
use crate::database::new_id;
use crate::http::{By, Page, Problem, cursor};
use crate::limits::{TEXT_CHARS, VERDICT_ROWS};
use crate::time::Time;

/// What a repair did to a point, or to a machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// As the healthy machine within the tolerance, and not as before the repair.
    Fixed,
    /// Nearer to the healthy machine than before, and not shown to be the same.
    Improved,
    /// As before the repair.
    Unchanged,
    /// Further from the healthy machine than before.
    Worse,
    /// The readings do not say.
    NotEnoughData,
}

impl Verdict {
    fn as_str(self) -> &'static str {
        match self {
            Self::Fixed => "fixed",
            Self::Improved => "improved",
            Self::Unchanged => "unchanged",
            Self::Worse => "worse",
            Self::NotEnoughData => "not_enough_data",
        }
    }

    pub(super) fn words(self) -> String {
        self.as_str().replace('_', " ")
    }
}

impl From<verdict::Verdict> for Verdict {
    fn from(verdict: verdict::Verdict) -> Self {
        match verdict {
            verdict::Verdict::Fixed => Self::Fixed,
            verdict::Verdict::Improved => Self::Improved,
            verdict::Verdict::Unchanged => Self::Unchanged,
            verdict::Verdict::Worse => Self::Worse,
            verdict::Verdict::NotEnoughData => Self::NotEnoughData,
        }
    }
}

/// The verdict on one point.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PointVerdict {
    pub(super) point_id: String,
    pub(super) point_name: String,
    pub(super) quantity: String,
    pub(super) unit: String,
    pub(super) verdict: Verdict,
    /// Whether the point is now as on the healthy machine; null: open.
    #[schema(required)]
    pub(super) healthy_now: Option<bool>,
    /// Whether it was so before the repair; null: open.
    #[schema(required)]
    pub(super) healthy_before: Option<bool>,
    /// Why, in the order of weight.
    pub(super) reasons: Vec<String>,
    /// Windows of which not all readings were judged.
    pub(super) thinned: BTreeMap<String, Thinned>,
    /// Everything that it rests on: effects with intervals, coverage by load, sample counts,
    /// tolerances, and the method (docs/verdict.md).
    #[schema(value_type = Object)]
    pub(super) judgement: serde_json::Value,
}

/// Which point is the load of the machine.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LoadChoice {
    /// The first point of quantity `current`, where there is one.
    #[default]
    Usual,
    /// The first point that matches.
    Points(Selector),
    /// No load: windows are chosen by time, and every point is judged.
    None,
}

/// The terms of a verdict.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct Terms {
    pub(super) load: LoadChoice,
    /// The fault changes the load itself, as a clogged pump draws less current: the window before
    /// the repair may then lie at another load.
    pub(super) load_is_symptom: bool,
    /// Tolerances of points; others have one robust standard deviation of the healthy readings.
    pub(super) tolerances: Vec<PointTolerance>,
}

impl Terms {
    fn load<'a>(&self, points: &'a [Point]) -> Result<Option<&'a Point>, Problem> {
        let first =
            |s: &Selector| points.iter().find(|p| s.matches(&p.quantity, &p.position, &p.name));
        match &self.load {
            LoadChoice::Usual => Ok(first(&Selector::load())),
            LoadChoice::None => Ok(None),
            LoadChoice::Points(selector) => match first(selector) {
                Some(point) => Ok(Some(point)),
                None => Err(Problem::Invalid("this machine has no such load point".into())),
            },
        }
    }
}

/// The point that was taken for the load. It is not judged: at equal load it is always the same.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct LoadPoint {
    point_id: String,
    point_name: String,
}

/// What a version of a verdict holds.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[schema(as = VerdictContent)]
pub struct Content {
    pub(super) windows: Windows,
    /// Null: no load was taken into account.
    #[schema(required)]
    pub(super) load: Option<LoadPoint>,
    pub(super) terms: Terms,
    pub(super) points: Vec<PointVerdict>,
}

/// A version of a session's verdict.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RepairVerdict {
    session_id: String,
    pub(super) version: i64,
    /// The most cautious one that the verdicts on the points allow.
    pub(super) overall: Verdict,
    pub(super) made_at: Time,
    pub(super) by: String,
    pub(super) why: String,
    #[serde(flatten)]
    pub(super) content: Content,
}

impl RepairVerdict {
    /// What it says of a point.
    pub(super) fn of(&self, point_id: &str) -> Option<&PointVerdict> {
        self.content.points.iter().find(|p| p.point_id == point_id)
    }
}

#[derive(FromRow)]
struct Row {
    session_id: String,
    version: i64,
    overall: String,
    content: String,
    made_at: i64,
    who: String,
    why: String,
}

impl TryFrom<Row> for RepairVerdict {
    type Error = Problem;
    fn try_from(r: Row) -> Result<Self, Problem> {
        Ok(Self {
            session_id: r.session_id,
            version: r.version,
            overall: from_json(&format!("\"{}\"", r.overall))?,
            made_at: Time(r.made_at),
            by: r.who,
            why: r.why,
            content: from_json(&r.content)?,
        })
    }
}

const SELECT: &str = "SELECT session_id, version, overall, content, made_at, who, why \
     FROM repair_verdicts WHERE session_id = $1";

/// The newest verdict since the acceptance test began.
pub(super) async fn newest(
    app: &App,
    session: &RepairSession,
) -> Result<Option<RepairVerdict>, Problem> {
    let sql = format!("{SELECT} AND phase = $2 ORDER BY version DESC LIMIT 1");
    let row: Option<Row> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(&session.id)
        .bind(session.phase)
        .fetch_optional(&app.database)
        .await?;
    row.map(RepairVerdict::try_from).transpose()
}

/// What the newest verdict on the repairs of a ticket says in all.
pub(crate) async fn of_ticket(app: &App, ticket_id: &str) -> Result<Option<Verdict>, Problem> {
    let overall: Option<String> = sqlx::query_scalar(
        "SELECT v.overall FROM repair_verdicts v JOIN repair_sessions s ON s.id = v.session_id \
         AND s.phase = v.phase WHERE s.ticket_id = $1 ORDER BY v.made_at DESC, v.id DESC LIMIT 1",
    )
    .bind(ticket_id)
    .fetch_optional(&app.database)
    .await?;
    overall.map(|overall| from_json(&format!("\"{overall}\""))).transpose()
}

/// Every version, the oldest first.
pub(super) async fn all(app: &App, session: &RepairSession) -> Result<Vec<RepairVerdict>, Problem> {
    let sql = format!("{SELECT} ORDER BY version");
    let rows: Vec<Row> =
        sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(&session.id).fetch_all(&app.database).await?;
    rows.into_iter().map(RepairVerdict::try_from).collect()
}

/// Query of the verdicts.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct VerdictsQuery {
    cursor: Option<String>,
}

/// The verdicts of a session, the newest version first.
#[utoipa::path(
    get,
    path = "/api/v1/repair-sessions/{id}/verdict",
    operation_id = "list_verdicts",
    tag = "repair sessions",
    params(VerdictsQuery),
    responses((status = 200, body = Page<RepairVerdict>), Problem)
)]
pub(crate) async fn show(
    State(app): State<App>,
    Path(id): Path<String>,
    Query(query): Query<VerdictsQuery>,
) -> Result<Json<Page<RepairVerdict>>, Problem> {
    session::find(&app, &id).await?;
    let before = cursor(query.cursor.as_deref())?.unwrap_or(i64::MAX);
    let sql = format!("{SELECT} AND version < $2 ORDER BY version DESC LIMIT $3");
    let rows: Vec<Row> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(&id)
        .bind(before)
        .bind(VERDICT_ROWS + 1)
        .fetch_all(&app.database)
        .await?;
    let items = rows.into_iter().map(RepairVerdict::try_from).collect::<Result<Vec<_>, _>>()?;
    Ok(Json(Page::cut(items, VERDICT_ROWS as usize, |v| v.version.to_string())))
}

/// Body of a verdict.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewVerdict {
    #[serde(default)]
    terms: Terms,
    /// Why it is made, or made anew.
    #[serde(default)]
    why: String,
}

/// Makes the verdict from windows that are chosen now; earlier versions stay.
#[utoipa::path(
    post,
    path = "/api/v1/repair-sessions/{id}/verdict",
    operation_id = "make_verdict",
    tag = "repair sessions",
    responses((status = 200, body = RepairVerdict), Problem)
)]
pub(crate) async fn make(
    By(who): By,
    State(app): State<App>,
    Path(id): Path<String>,
    Json(new): Json<NewVerdict>,
) -> Result<Json<RepairVerdict>, Problem> {
    let why = new.why.trim();
    if why.chars().count() > TEXT_CHARS {
        return Err(Problem::Invalid(format!("`why` may have at most {TEXT_CHARS} characters")));
    }
    for tolerance in &new.terms.tolerances {
        tolerance.check()?;
    }
    let session = decidable(&app, &id).await?;
    let points = points::of_asset(&app, &session.asset_id).await?;
    let load = new.terms.load(&points)?;
    let windows = windows::choose(&app, &session, &points, load).await?;
    let making = Making { session: &session, windows, terms: new.terms, who: &who, why };
    Ok(Json(make_of(&app, &points, making).await?))
}

/// Body of an adjustment.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Adjustment {
    #[serde(flatten)]
    windows: Adjusted,
    why: String,
}

/// Adjusts windows, with a reason; the verdict is made anew, in the terms of the newest version.
#[utoipa::path(
    patch,
    path = "/api/v1/repair-sessions/{id}/windows",
    operation_id = "adjust_windows",
    tag = "repair sessions",
    responses((status = 200, body = RepairVerdict), Problem)
)]
pub(crate) async fn adjust(
    By(who): By,
    State(app): State<App>,
    Path(id): Path<String>,
    Json(adjustment): Json<Adjustment>,
) -> Result<Json<RepairVerdict>, Problem> {
    let why = text("why", &adjustment.why)?;
    let Adjusted { healthy, before, after } = adjustment.windows;
    if healthy.is_none() && before.is_none() && after.is_none() {
        return Err(Problem::Invalid("give `healthy`, `before` or `after`".into()));
    }
    let session = decidable(&app, &id).await?;
    let points = points::of_asset(&app, &session.asset_id).await?;
    let (windows, terms) = match newest(&app, &session).await? {
        Some(last) => (last.content.windows, last.content.terms),
        None => {
            let terms = Terms::default();
            let load = terms.load(&points)?;
            (windows::choose(&app, &session, &points, load).await?, terms)
        }
    };
    let windows = windows.adjusted(&adjustment.windows)?;
    let making = Making { session: &session, windows, terms, who: &who, why };
    Ok(Json(make_of(&app, &points, making).await?))
}

/// A session with readings after its work.
async fn decidable(app: &App, id: &str) -> Result<RepairSession, Problem> {
    let session = session::find(app, id).await?;
    match session.state {
        SessionState::AcceptanceTest | SessionState::Verified | SessionState::Rejected => {
            Ok(session)
        }
        SessionState::Draft | SessionState::Running | SessionState::Abandoned => {
            Err(Problem::Conflict(
                "a verdict needs readings after the work: begin the acceptance test first".into(),
            ))
        }
    }
}

struct Making<'a> {
    session: &'a RepairSession,
    windows: Windows,
    terms: Terms,
    who: &'a str,
    why: &'a str,
}

async fn make_of(
    app: &App,
    points: &[Point],
    making: Making<'_>,
) -> Result<RepairVerdict, Problem> {
    let Making { session, windows, terms, who, why } = making;
    let load = terms.load(points)?;
    let (judged, overall) = judging::judge(app, points, load, &windows, &terms).await?;
    let load = load.map(|p| LoadPoint { point_id: p.id.clone(), point_name: p.name.clone() });
    let content = Content { windows, load, terms, points: judged };
    let now = app.clock.now_us();
    let mut tx = app.database.begin().await?;
    let version: Option<i64> = sqlx::query_scalar(
        "INSERT INTO repair_verdicts (id, session_id, phase, version, overall, content, made_at, \
         who, why) SELECT $1, $2, $3, coalesce(max(version), 0) + 1, $4, $5, $6, $7, $8 \
         FROM repair_verdicts WHERE session_id = $2 \
         ON CONFLICT (session_id, version) DO NOTHING RETURNING version",
    )
    .bind(new_id())
    .bind(&session.id)
    .bind(session.phase)
    .bind(overall.as_str())
    .bind(to_json(&content)?)
    .bind(now)
    .bind(who)
    .bind(why)
    .fetch_optional(&mut *tx)
    .await?;
    let version = version.ok_or_else(|| {
        Problem::Conflict("somebody else has just made a verdict of this session".into())
    })?;
    let said = overall.as_str().to_owned();
    let act = Act::VerdictMade { version, overall: said, why: why.to_owned() };
    entries::write(&mut tx, session, &Writing::act(act, who), now).await?;
    tx.commit().await?;
    session::announce(app, &session.id).await?;
    let session_id = session.id.clone();
    let (by, why) = (who.to_owned(), why.to_owned());
    Ok(RepairVerdict { session_id, version, overall, made_at: Time(now), by, why, content })
}
