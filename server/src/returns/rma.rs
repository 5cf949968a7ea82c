//! A return as people see it: one, and lists of them.

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::HeaderName;
use serde::{Deserialize, Serialize};
use sqlx::{Any, Executor, FromRow, Transaction};
use utoipa::{IntoParams, ToSchema};

use super::policy::ReasonWords;
use super::state::{ReturnKind, ReturnMethod, ReturnState};
use super::steps::{self, ReturnStep};
use super::{link, number};
use crate::access::Reach;
use crate::app::App;
use crate::database::from_json;
use crate::http::{Page, Problem, etag};
use crate::limits::LIST_ROWS;
use crate::parts::price;
use crate::proposals::Money;
use crate::time::Time;

/// Something that a customer sends back.
#[derive(Debug, Serialize, ToSchema)]
pub struct Return {
    pub(crate) id: String,
    pub(crate) number: String,
    pub(super) kind: ReturnKind,
    pub(super) state: ReturnState,
    pub(crate) customer_id: String,
    customer_name: String,
    #[schema(required)]
    pub(crate) site_id: Option<String>,
    #[schema(required)]
    site_name: Option<String>,
    #[schema(required)]
    pub(crate) contact_id: Option<String>,
    /// What comes back: a machine …
    #[schema(required)]
    asset_id: Option<String>,
    /// … or so many of a part.
    #[schema(required)]
    pub(crate) part_id: Option<String>,
    /// What people call it.
    pub(crate) item: String,
    pub(crate) quantity: i64,
    #[schema(required)]
    request_id: Option<String>,
    #[schema(required)]
    ticket_id: Option<String>,
    /// A code of the policy, with the words that it had then.
    reason: String,
    pub(super) reason_words: ReasonWords,
    /// What the customer says.
    pub(super) note: String,
    pub(super) method: ReturnMethod,
    /// Where it is picked up or dropped off.
    pub(super) place: String,
    /// Bought or delivered.
    #[schema(required)]
    pub(super) bought_at: Option<Time>,
    /// So long the policy allows it to come back; null: nobody knows since when the customer has it.
    #[schema(required)]
    pub(super) allowed_until: Option<Time>,
    /// It was asked for later than that.
    pub(super) too_late: bool,
    policy_version: i64,
    /// Of a customer whose returns go first.
    pub(super) priority_lane: bool,
    /// Who has to take the next step.
    #[schema(required)]
    pub(super) owner_id: Option<String>,
    #[schema(required)]
    owner_name: Option<String>,
    /// Until when.
    #[schema(required)]
    pub(super) due_at: Option<Time>,
    /// That is over.
    overdue: bool,
    #[schema(required)]
    pub(super) refund: Option<Money>,
    /// So many went into a depot.
    pub(super) stocked: i64,
    #[schema(required)]
    depot_id: Option<String>,
    pub(super) created_at: Time,
    created_by: String,
    #[schema(required)]
    closed_at: Option<Time>,
    /// Also the `ETag`: send it as `If-Match` with a change.
    pub(super) version: i64,
    #[schema(value_type = Vec<ReturnState>)]
    next_states: &'static [ReturnState],
    /// Where whoever asked follows it without an account; tell it to nobody else.
    #[serde(skip_serializing_if = "Option::is_none")]
    link: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    steps: Option<Vec<ReturnStep>>,
    #[serde(skip)]
    pub(super) secret: String,
}

#[derive(FromRow)]
struct Row {
    id: String,
    number: i64,
    kind: String,
    state: String,
    customer_id: String,
    customer_name: String,
    site_id: Option<String>,
    site_name: Option<String>,
    contact_id: Option<String>,
    asset_id: Option<String>,
    asset_name: Option<String>,
    part_id: Option<String>,
    part_name: Option<String>,
    part_number: Option<String>,
    quantity: i64,
    request_id: Option<String>,
    ticket_id: Option<String>,
    reason: String,
    reason_words: String,
    note: String,
    method: String,
    place: String,
    bought_at: Option<i64>,
    allowed_until: Option<i64>,
    policy_version: i64,
    priority_lane: i64,
    owner_id: Option<String>,
    owner_name: Option<String>,
    due_at: Option<i64>,
    refund_minor: Option<i64>,
    refund_currency: Option<String>,
    stocked: i64,
    depot_id: Option<String>,
    secret: String,
    created_at: i64,
    created_by: String,
    closed_at: Option<i64>,
    version: i64,
}

const SELECT: &str = "SELECT r.id, r.number, r.kind, r.state, r.customer_id, \
     c.name AS customer_name, r.site_id, s.name AS site_name, r.contact_id, r.asset_id, \
     a.name AS asset_name, r.part_id, p.name AS part_name, p.part_number, r.quantity, r.request_id, \
     r.ticket_id, r.reason, r.reason_words, r.note, r.method, r.place, r.bought_at, r.allowed_until, \
     r.policy_version, r.priority_lane, n.owner_id, o.name AS owner_name, n.due_at, r.refund_minor, \
     r.refund_currency, r.stocked, r.depot_id, r.secret, r.created_at, r.created_by, r.closed_at, \
     r.version FROM returns r JOIN customers c ON c.id = r.customer_id \
     LEFT JOIN sites s ON s.id = r.site_id LEFT JOIN assets a ON a.id = r.asset_id \
     LEFT JOIN parts p ON p.id = r.part_id \
     LEFT JOIN return_steps n ON n.return_id = r.id AND n.left_at IS NULL \
     LEFT JOIN accounts o ON o.id = n.owner_id";

impl Return {
    fn of(r: Row, now: i64) -> Result<Self, Problem> {
        let state = ReturnState::parse(&r.state)?;
        let part = r.part_name.zip(r.part_number);
        let part = part.map(|(name, number)| format!("{} × {name} ({number})", r.quantity));
        Ok(Self {
            number: number(r.number),
            kind: ReturnKind::parse(&r.kind)?,
            state,
            next_states: state.next(),
            item: r.asset_name.or(part).unwrap_or_default(),
            reason_words: from_json(&r.reason_words)?,
            method: ReturnMethod::parse(&r.method)?,
            bought_at: r.bought_at.map(Time),
            allowed_until: r.allowed_until.map(Time),
            too_late: r.allowed_until.is_some_and(|until| until < r.created_at),
            priority_lane: r.priority_lane == 1,
            due_at: r.due_at.map(Time),
            overdue: r.due_at.is_some_and(|due| due < now),
            refund: price(r.refund_minor, r.refund_currency),
            created_at: Time(r.created_at),
            closed_at: r.closed_at.map(Time),
            link: None,
            steps: None,
            id: r.id,
            customer_id: r.customer_id,
            customer_name: r.customer_name,
            site_id: r.site_id,
            site_name: r.site_name,
            contact_id: r.contact_id,
            asset_id: r.asset_id,
            part_id: r.part_id,
            quantity: r.quantity,
            request_id: r.request_id,
            ticket_id: r.ticket_id,
            reason: r.reason,
            note: r.note,
            place: r.place,
            policy_version: r.policy_version,
            owner_id: r.owner_id,
            owner_name: r.owner_name,
            stocked: r.stocked,
            depot_id: r.depot_id,
            created_by: r.created_by,
            version: r.version,
            secret: r.secret,
        })
    }
}

/// One return, without its steps.
pub(crate) async fn find<'e>(
    db: impl Executor<'e, Database = Any>,
    id: &str,
    now: i64,
) -> Result<Return, Problem> {
    let row: Option<Row> = sqlx::query_as(sqlx::AssertSqlSafe(format!("{SELECT} WHERE r.id = $1")))
        .bind(id)
        .fetch_optional(db)
        .await?;
    Return::of(row.ok_or(Problem::NotFound("return"))?, now)
}

/// The return that a link opens.
pub(super) async fn of_secret(app: &App, secret: &str) -> Result<Return, Problem> {
    let sql = format!("{SELECT} WHERE r.secret = $1");
    let row: Option<Row> =
        sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(secret).fetch_optional(&app.database).await?;
    Return::of(row.ok_or(Problem::NotFound("return"))?, app.clock.now_us())
}

/// A return that is about to change: until the transaction ends nobody else changes it.
pub(super) async fn hold(
    tx: &mut Transaction<'_, Any>,
    id: &str,
    now: i64,
) -> Result<Return, Problem> {
    sqlx::query("UPDATE returns SET version = version WHERE id = $1")
        .bind(id)
        .execute(&mut **tx)
        .await?;
    find(&mut **tx, id, now).await
}

/// How a handler shows a return.
pub(super) type Shown = ([(HeaderName, String); 1], Json<Return>);

pub(super) async fn shown(app: &App, id: &str) -> Result<Shown, Problem> {
    let mut rma = find(&app.database, id, app.clock.now_us()).await?;
    rma.link = Some(link(&rma.secret));
    rma.steps = Some(steps::of(&app.database, id).await?);
    Ok((etag(rma.version), Json(rma)))
}

/// Tells watchers how a return stands.
pub(super) async fn announce(app: &App, id: &str) -> Result<(), Problem> {
    app.announce("return", &find(&app.database, id, app.clock.now_us()).await?);
    Ok(())
}

/// Query of the list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ReturnsQuery {
    state: Option<ReturnState>,
    customer: Option<String>,
    asset: Option<String>,
    /// Account of whoever has to take the next step.
    owner: Option<String>,
    /// `true`: only those that are neither closed nor cancelled.
    open: Option<bool>,
    /// `true`: only those whose next step is overdue.
    overdue: Option<bool>,
    cursor: Option<String>,
}

/// Returns, the newest first.
#[utoipa::path(
    get,
    path = "/api/v1/returns",
    operation_id = "list_returns",
    tag = "returns",
    params(ReturnsQuery),
    responses((status = 200, body = Page<Return>), Problem)
)]
pub(crate) async fn list(
    reach: Reach,
    State(app): State<App>,
    Query(query): Query<ReturnsQuery>,
) -> Result<Json<Page<Return>>, Problem> {
    let now = app.clock.now_us();
    let mine = reach.returns("r.id", "$8");
    let sql = format!(
        "{SELECT} WHERE ($1 = '' OR r.state = $1) AND ($2 = '' OR r.customer_id = $2) \
         AND ($3 = '' OR r.asset_id = $3) AND ($4 = '' OR n.owner_id = $4) \
         AND ($5 = 0 OR r.state NOT IN ('closed', 'cancelled')) AND ($6 = 0 OR n.due_at < $7) \
         AND {mine} AND r.id < $9 ORDER BY r.id DESC LIMIT $10"
    );
    let rows: Vec<Row> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(query.state.map_or("", ReturnState::as_str))
        .bind(query.customer.unwrap_or_default())
        .bind(query.asset.unwrap_or_default())
        .bind(query.owner.unwrap_or_default())
        .bind(i64::from(query.open == Some(true)))
        .bind(i64::from(query.overdue == Some(true)))
        .bind(now)
        .bind(reach.bind())
        .bind(query.cursor.unwrap_or_else(|| "~".to_owned()))
        .bind(LIST_ROWS + 1)
        .fetch_all(&app.database)
        .await?;
    let items = rows.into_iter().map(|r| Return::of(r, now)).collect::<Result<Vec<_>, _>>()?;
    Ok(Json(Page::cut(items, LIST_ROWS as usize, |r| r.id.clone())))
}

/// One return with its steps.
#[utoipa::path(
    get,
    path = "/api/v1/returns/{id}",
    operation_id = "show_return",
    tag = "returns",
    responses((status = 200, body = Return), Problem)
)]
pub(crate) async fn show(State(app): State<App>, Path(id): Path<String>) -> Result<Shown, Problem> {
    shown(&app, &id).await
}
