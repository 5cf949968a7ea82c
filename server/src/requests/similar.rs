//! Requests that may be about the same.

use serde::Serialize;
use utoipa::ToSchema;

use super::number;
use super::request::Request;
use super::state::RequestState;
use crate::access::Reach;
use crate::app::App;
use crate::http::Problem;
use crate::limits::{SAME_REQUEST_US, SAME_REQUESTS};
use crate::time::Time;

/// A request that may be about the same.
#[derive(Debug, Serialize, ToSchema)]
pub struct SameRequest {
    id: String,
    number: String,
    state: RequestState,
    subject: String,
    received_at: Time,
}

/// Those under way of the last days with the same machine, contact, address or number.
pub(super) async fn to(
    app: &App,
    reach: &Reach,
    request: &Request,
) -> Result<Vec<SameRequest>, Problem> {
    let mine = reach.requests("r.id", "$8");
    let rows: Vec<(String, i64, String, String, i64)> =
        sqlx::query_as(sqlx::AssertSqlSafe(format!(
            "SELECT r.id, r.number, r.state, r.subject, r.received_at FROM requests r \
         WHERE r.id <> $1 AND r.state NOT IN ('closed', 'rejected') \
         AND r.received_at > $2 AND r.received_at < $3 AND (r.asset_id = $4 OR r.contact_id = $5 \
         OR r.given_email = $6 OR r.given_phone = $7) AND {mine} ORDER BY r.id DESC LIMIT $9"
        )))
        .bind(&request.id)
        .bind(request.received_at.0 - SAME_REQUEST_US)
        .bind(request.received_at.0 + SAME_REQUEST_US)
        .bind(request.asset_id.as_deref())
        .bind(request.contact_id.as_deref())
        .bind(request.given_email.as_deref())
        .bind(request.given_phone.as_deref())
        .bind(reach.bind())
        .bind(SAME_REQUESTS)
        .fetch_all(&app.database)
        .await?;
    let same = rows.into_iter().map(|(id, n, state, subject, received_at)| {
        let (number, state) = (number(n), RequestState::parse(&state)?);
        Ok(SameRequest { id, number, state, subject, received_at: Time(received_at) })
    });
    same.collect()
}
