//! Customers are called back after a closure; what they suggest is written down and decided.

use axum::Json;
use axum::extract::{Path, Query, State};
use serde::{Deserialize, Serialize};
use sqlx::FromRow;
use utoipa::{IntoParams, ToSchema};

use super::attending;
use super::state::CallBackState;
use crate::access::Reach;
use crate::app::App;
use crate::changes::{self, NewChange};
use crate::http::{By, Page, Problem, check_text};
use crate::limits::{INSTRUCTIONS_CHARS, LIST_ROWS};
use crate::loyalty::{self, Earned};
use crate::service_levels::{self, About, Act, SubjectKind, TargetKind};
use crate::time::Time;
use crate::{notifications, tickets};

/// A customer who is to be called back.
#[derive(Debug, Serialize, ToSchema)]
pub struct CallBack {
    id: String,
    ticket_id: String,
    ticket_number: String,
    asset_name: String,
    #[schema(required)]
    customer_name: Option<String>,
    state: CallBackState,
    #[schema(value_type = Vec<CallBackState>)]
    next_states: &'static [CallBackState],
    due_at: Time,
    /// Which rule asked for it.
    rule: String,
    /// What the customer said.
    #[schema(required)]
    outcome: Option<String>,
    /// What they suggested.
    #[schema(required)]
    suggestion: Option<String>,
    /// Whether the suggestion is adopted; null: not decided.
    #[schema(required)]
    adopted: Option<bool>,
    #[schema(required)]
    by: Option<String>,
    #[schema(required)]
    at: Option<Time>,
}

#[derive(FromRow)]
struct Row {
    id: String,
    ticket_id: String,
    number: i64,
    asset_name: String,
    customer_name: Option<String>,
    state: String,
    due_at: i64,
    rule: String,
    outcome: Option<String>,
    suggestion: Option<String>,
    adopted: Option<i64>,
    who: Option<String>,
    at: Option<i64>,
}

impl TryFrom<Row> for CallBack {
    type Error = Problem;
    fn try_from(r: Row) -> Result<Self, Problem> {
        let state = CallBackState::parse(&r.state)?;
        Ok(Self {
            ticket_number: tickets::number(r.number),
            state,
            next_states: state.next(),
            id: r.id,
            ticket_id: r.ticket_id,
            asset_name: r.asset_name,
            customer_name: r.customer_name,
            due_at: Time(r.due_at),
            rule: r.rule,
            outcome: r.outcome,
            suggestion: r.suggestion,
            adopted: r.adopted.map(|adopted| adopted == 1),
            by: r.who,
            at: r.at.map(Time),
        })
    }
}

const SELECT: &str = "SELECT b.id, b.ticket_id, t.number, a.name AS asset_name, \
     c.name AS customer_name, b.state, b.due_at, b.rule, b.outcome, b.suggestion, b.adopted, b.who, \
     b.at FROM call_backs b JOIN tickets t ON t.id = b.ticket_id JOIN assets a ON a.id = b.asset_id \
     LEFT JOIN sites s ON s.id = a.site_id LEFT JOIN customers c ON c.id = s.customer_id";

/// Query of the list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct CallBacksQuery {
    state: Option<CallBackState>,
    cursor: Option<String>,
}

/// Call-backs, the newest first.
#[utoipa::path(
    get,
    path = "/api/v1/call-backs",
    operation_id = "list_call_backs",
    tag = "satisfaction",
    params(CallBacksQuery),
    responses((status = 200, body = Page<CallBack>), Problem)
)]
pub(crate) async fn list(
    reach: Reach,
    State(app): State<App>,
    Query(query): Query<CallBacksQuery>,
) -> Result<Json<Page<CallBack>>, Problem> {
    let mine = reach.sites("a.site_id", "$2");
    let sql = format!(
        "{SELECT} WHERE ($1 = '' OR b.state = $1) AND {mine} AND b.id < $3 ORDER BY b.id DESC LIMIT $4"
    );
    let rows: Vec<Row> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(query.state.map_or("", CallBackState::as_str))
        .bind(reach.bind())
        .bind(query.cursor.unwrap_or_else(|| "~".to_owned()))
        .bind(LIST_ROWS + 1)
        .fetch_all(&app.database)
        .await?;
    let items = rows.into_iter().map(CallBack::try_from).collect::<Result<Vec<_>, _>>()?;
    Ok(Json(Page::cut(items, LIST_ROWS as usize, |b| b.id.clone())))
}

/// What came of a call.
#[derive(Debug, Deserialize, ToSchema)]
pub struct CallBackResult {
    to: CallBackState,
    /// What the customer said, or why nobody was reached.
    #[schema(min_length = 1)]
    outcome: String,
    /// What they suggested.
    suggestion: Option<String>,
    /// Whether the suggestion is adopted, when that is decided.
    adopted: Option<bool>,
}

/// Writes down what came of a call.
#[utoipa::path(
    put,
    path = "/api/v1/call-backs/{id}",
    operation_id = "record_call_back",
    tag = "satisfaction",
    responses((status = 200, body = CallBack), Problem)
)]
pub(crate) async fn record(
    By(who): By,
    State(app): State<App>,
    Path(id): Path<String>,
    Json(wanted): Json<CallBackResult>,
) -> Result<Json<CallBack>, Problem> {
    check_text("outcome", &wanted.outcome, INSTRUCTIONS_CHARS)?;
    if let Some(suggestion) = &wanted.suggestion {
        check_text("suggestion", suggestion, INSTRUCTIONS_CHARS)?;
    }
    let now = app.clock.now_us();
    let mut tx = app.begin().await?;
    let found: Option<(String, Option<String>)> = sqlx::query_as(
        "SELECT b.state, s.customer_id FROM call_backs b JOIN assets a ON a.id = b.asset_id \
         LEFT JOIN sites s ON s.id = a.site_id WHERE b.id = $1",
    )
    .bind(&id)
    .fetch_optional(&mut *tx)
    .await?;
    let (state, customer_id) = found.ok_or(Problem::NotFound("call-back"))?;
    let from = CallBackState::parse(&state)?;
    let to = from.step(wanted.to)?;
    sqlx::query(
        "UPDATE call_backs SET state = $2, outcome = $3, suggestion = $4, adopted = $5, who = $6, \
         at = $7 WHERE id = $1",
    )
    .bind(&id)
    .bind(to.as_str())
    .bind(wanted.outcome.trim())
    .bind(wanted.suggestion.as_deref().map(str::trim))
    .bind(wanted.adopted.map(i64::from))
    .bind(&who)
    .bind(now)
    .execute(&mut *tx)
    .await?;
    let change = NewChange {
        kind: "call_back",
        id: &id,
        who: &who,
        field: "state",
        from: Some(from.as_str()),
        to: Some(to.as_str()),
        why: wanted.outcome.trim(),
        ..NewChange::default()
    };
    changes::record(&mut tx, now, change).await?;
    let key = attending::event_key(&id);
    notifications::take_back(&mut tx, &key, (&who, change.why), now).await?;
    let about = About { kind: SubjectKind::CallBack, id: &id };
    let act = Act { who: &who, why: change.why, at: now };
    match to {
        CallBackState::Withdrawn => service_levels::cancel(&mut tx, about, act).await?,
        _ => service_levels::meet(&mut tx, about, TargetKind::CallBack, act).await?,
    }
    let adopted = wanted.suggestion.is_some() && wanted.adopted == Some(true);
    if let Some(customer_id) = customer_id.filter(|_| adopted) {
        loyalty::earn(&mut tx, (Earned::SuggestionAdopted, &id), &customer_id, now).await?;
    }
    tx.commit().await?;
    let row: Row = sqlx::query_as(sqlx::AssertSqlSafe(format!("{SELECT} WHERE b.id = $1")))
        .bind(&id)
        .fetch_one(&app.database)
        .await?;
    Ok(Json(row.try_into()?))
}
