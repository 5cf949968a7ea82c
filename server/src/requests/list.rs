//! The queue of requests, and one of them.

use axum::Json;
use axum::extract::{Path, Query, State};
use serde::Deserialize;
use utoipa::IntoParams;

use super::portal::for_customer;
use super::priority::RequestPriority;
use super::request::{Request, Row, SELECT, Shown, shown_to};
use super::state::RequestState;
use crate::access::Role;
use crate::app::App;
use crate::http::{Caller, Page, Problem};
use crate::limits::LIST_ROWS;
use crate::search::{SearchKind, Wanted};

/// Query of the list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct RequestsQuery {
    state: Option<RequestState>,
    priority: Option<RequestPriority>,
    customer: Option<String>,
    asset: Option<String>,
    ticket: Option<String>,
    /// `true`: only those that are neither closed nor rejected.
    open: Option<bool>,
    /// The number, or words of what was said, begun or mistyped.
    q: Option<String>,
    cursor: Option<String>,
}

/// Requests, the newest first.
#[utoipa::path(
    get,
    path = "/api/v1/requests",
    operation_id = "list_requests",
    tag = "requests",
    params(RequestsQuery),
    responses((status = 200, body = Page<Request>), Problem)
)]
pub(crate) async fn list(
    caller: Caller,
    State(app): State<App>,
    Query(query): Query<RequestsQuery>,
) -> Result<Json<Page<Request>>, Problem> {
    let customer = caller.role == Role::Customer;
    if customer && query.q.is_some() {
        // The words between colleagues would be found with the others.
        return Err(Problem::Invalid("`q` is not for customers".into()));
    }
    let mine = caller.reach.requests("r.id", "$7");
    let wanted = Wanted::read(&app, query.q.as_deref()).await?;
    let found =
        Wanted::condition(wanted.as_ref(), &app.database, SearchKind::Request, "r.id", None)
            .await?;
    let sql = format!(
        "{SELECT} WHERE ($1 = '' OR r.state = $1) AND ($2 = '' OR r.priority = $2) \
         AND ($3 = '' OR r.customer_id = $3) AND ($4 = '' OR r.asset_id = $4) \
         AND ($5 = '' OR r.ticket_id = $5) AND ($6 = 0 OR r.state NOT IN ('closed', 'rejected')) \
         AND {found} AND {mine} AND r.id < $8 ORDER BY r.id DESC LIMIT $9"
    );
    let rows: Vec<Row> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(query.state.map_or("", RequestState::as_str))
        .bind(query.priority.map_or("", RequestPriority::as_str))
        .bind(query.customer.unwrap_or_default())
        .bind(query.asset.unwrap_or_default())
        .bind(query.ticket.unwrap_or_default())
        .bind(i64::from(query.open == Some(true)))
        .bind(caller.reach.bind())
        .bind(query.cursor.unwrap_or_else(|| "~".to_owned()))
        .bind(LIST_ROWS + 1)
        .fetch_all(&app.database)
        .await?;
    let seen = |request| if customer { for_customer(request) } else { request };
    let items = rows.into_iter().map(|row| Request::try_from(row).map(seen));
    let items = items.collect::<Result<Vec<_>, _>>()?;
    Ok(Json(Page::cut(items, LIST_ROWS as usize, |r| r.id.clone())))
}

/// One request with what was said, and those that may be about the same.
#[utoipa::path(
    get,
    path = "/api/v1/requests/{id}",
    operation_id = "show_request",
    tag = "requests",
    responses((status = 200, body = Request), Problem)
)]
pub(crate) async fn show(
    caller: Caller,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Shown, Problem> {
    shown_to(&app, &caller, &id).await
}
