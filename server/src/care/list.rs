//! Reminders ahead and past, and taking one back.

use axum::Json;
use axum::extract::{Path, Query, State};
use serde::{Deserialize, Serialize};
use sqlx::FromRow;
use utoipa::{IntoParams, ToSchema};

use super::sending::event_key;
use super::state::{CareKind, CareReminderState};
use crate::access::Reach;
use crate::app::App;
use crate::changes::{self, NewChange};
use crate::http::{By, Page, Problem, check_text};
use crate::limits::{LIST_ROWS, TEXT_CHARS};
use crate::notifications;
use crate::time::Time;

/// A reminder to a customer.
#[derive(Debug, Serialize, ToSchema)]
pub struct CareReminder {
    id: String,
    kind: CareKind,
    /// Key of the rule, and the version of the care policy that it was planned by.
    rule: String,
    policy_version: i64,
    asset_id: String,
    asset_name: String,
    customer_name: Option<String>,
    due_at: Time,
    state: CareReminderState,
    #[schema(value_type = Vec<CareReminderState>)]
    next_states: &'static [CareReminderState],
    /// Who got it.
    #[schema(required)]
    contact_name: Option<String>,
    /// What was said; empty before.
    advice: String,
    /// Why it was withdrawn or dropped; empty otherwise.
    why: String,
    #[schema(required)]
    sent_at: Option<Time>,
    /// State of its message in the outbox.
    #[schema(required)]
    message_state: Option<String>,
}

#[derive(FromRow)]
struct Row {
    id: String,
    kind: String,
    rule: String,
    policy_version: i64,
    asset_id: String,
    asset_name: String,
    customer_name: Option<String>,
    due_at: i64,
    state: String,
    contact_name: Option<String>,
    advice: String,
    why: String,
    sent_at: Option<i64>,
    message_state: Option<String>,
}

impl TryFrom<Row> for CareReminder {
    type Error = Problem;
    fn try_from(r: Row) -> Result<Self, Problem> {
        let state = CareReminderState::parse(&r.state)?;
        Ok(Self {
            kind: CareKind::parse(&r.kind)?,
            state,
            next_states: state.next(),
            id: r.id,
            rule: r.rule,
            policy_version: r.policy_version,
            asset_id: r.asset_id,
            asset_name: r.asset_name,
            customer_name: r.customer_name,
            due_at: Time(r.due_at),
            contact_name: r.contact_name,
            advice: r.advice,
            why: r.why,
            sent_at: r.sent_at.map(Time),
            message_state: r.message_state,
        })
    }
}

const SELECT: &str = "SELECT r.id, r.kind, r.rule, r.policy_version, r.asset_id, a.name AS asset_name, \
     c.name AS customer_name, r.due_at, r.state, p.name AS contact_name, r.advice, r.why, r.sent_at, \
     (SELECT min(o.state) FROM outbox o WHERE o.event_key = 'care:' || r.id) AS message_state \
     FROM care_reminders r JOIN assets a ON a.id = r.asset_id LEFT JOIN sites s ON s.id = a.site_id \
     LEFT JOIN customers c ON c.id = s.customer_id LEFT JOIN contacts p ON p.id = r.contact_id";

async fn find(app: &App, id: &str) -> Result<CareReminder, Problem> {
    let row: Option<Row> = sqlx::query_as(sqlx::AssertSqlSafe(format!("{SELECT} WHERE r.id = $1")))
        .bind(id)
        .fetch_optional(&app.database)
        .await?;
    row.ok_or(Problem::NotFound("care reminder"))?.try_into()
}

/// Query of the list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct CareRemindersQuery {
    state: Option<CareReminderState>,
    kind: Option<CareKind>,
    asset: Option<String>,
    customer: Option<String>,
    cursor: Option<String>,
}

/// Reminders to customers, the one that is due last at the top.
#[utoipa::path(
    get,
    path = "/api/v1/care-reminders",
    operation_id = "list_care_reminders",
    tag = "care",
    params(CareRemindersQuery),
    responses((status = 200, body = Page<CareReminder>), Problem)
)]
pub(crate) async fn list(
    reach: Reach,
    State(app): State<App>,
    Query(query): Query<CareRemindersQuery>,
) -> Result<Json<Page<CareReminder>>, Problem> {
    let mine = reach.assets("r.asset_id", "$5");
    let sql = format!(
        "{SELECT} WHERE ($1 = '' OR r.state = $1) AND ($2 = '' OR r.kind = $2) \
         AND ($3 = '' OR r.asset_id = $3) AND ($4 = '' OR s.customer_id = $4) AND {mine} \
         AND ($6 = '' OR (r.due_at, r.id) < (SELECT l.due_at, l.id FROM care_reminders l \
         WHERE l.id = $6)) ORDER BY r.due_at DESC, r.id DESC LIMIT $7"
    );
    let rows: Vec<Row> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(query.state.map_or("", CareReminderState::as_str))
        .bind(query.kind.map_or("", CareKind::as_str))
        .bind(query.asset.unwrap_or_default())
        .bind(query.customer.unwrap_or_default())
        .bind(reach.bind())
        .bind(query.cursor.unwrap_or_default())
        .bind(LIST_ROWS + 1)
        .fetch_all(&app.database)
        .await?;
    let items = rows.into_iter().map(CareReminder::try_from).collect::<Result<Vec<_>, _>>()?;
    Ok(Json(Page::cut(items, LIST_ROWS as usize, |r| r.id.clone())))
}

/// Why a reminder is taken back.
#[derive(Debug, Deserialize, ToSchema)]
pub struct CareReminderWithdrawal {
    why: String,
}

/// Takes a reminder back: one that is planned, or one whose message has not left yet. It is not planned
/// again.
#[utoipa::path(
    post,
    path = "/api/v1/care-reminders/{id}/withdraw",
    operation_id = "withdraw_care_reminder",
    tag = "care",
    responses((status = 200, body = CareReminder), Problem)
)]
pub(crate) async fn withdraw(
    By(who): By,
    State(app): State<App>,
    Path(id): Path<String>,
    Json(wanted): Json<CareReminderWithdrawal>,
) -> Result<Json<CareReminder>, Problem> {
    let why = wanted.why.trim();
    check_text("why", why, TEXT_CHARS)?;
    let now = app.clock.now_us();
    let from = find(&app, &id).await?.state;
    let to = from.step(CareReminderState::Withdrawn)?;
    let mut tx = app.begin().await?;
    let changed =
        sqlx::query("UPDATE care_reminders SET state = $3, why = $4 WHERE id = $1 AND state = $2")
            .bind(&id)
            .bind(from.as_str())
            .bind(to.as_str())
            .bind(why)
            .execute(&mut *tx)
            .await?;
    if changed.rows_affected() == 0 {
        return Err(Problem::Conflict("it was moved just now: read it again".into()));
    }
    let taken = notifications::take_back(&mut tx, &event_key(&id), (&who, why), now).await?;
    if from == CareReminderState::Sent && taken == 0 {
        return Err(Problem::Conflict("its message has left already".into()));
    }
    let change = NewChange {
        kind: "care_reminder",
        id: &id,
        who: &who,
        field: "state",
        from: Some(from.as_str()),
        to: Some(to.as_str()),
        why,
        ..NewChange::default()
    };
    changes::record(&mut tx, now, change).await?;
    tx.commit().await?;
    Ok(Json(find(&app, &id).await?))
}
