//! A request as people of the service see it.

use axum::Json;
use axum::http::HeaderName;
use serde::Serialize;
use sqlx::{Any, Executor, FromRow, Transaction};
use utoipa::ToSchema;

use super::channel::RequestChannel;
use super::messages::{self, RequestMessage};
use super::portal::for_customer;
use super::priority::{RequestKind, RequestPriority, Scope, Urgency};
use super::similar::{self, SameRequest};
use super::state::RequestState;
use super::{link, number};
use crate::access::{Reach, Role};
use crate::app::App;
use crate::http::{Caller, Language, Problem, etag};
use crate::playbooks::{self, FittingPlaybook};
use crate::tickets;
use crate::time::Time;

/// What somebody asks for.
#[derive(Debug, Serialize, ToSchema)]
pub struct Request {
    pub(super) id: String,
    pub(super) number: String,
    channel: RequestChannel,
    pub(super) state: RequestState,
    pub(super) subject: String,
    pub(super) language: Language,
    /// As the person told it; empty when nobody said it.
    given_name: String,
    #[schema(required)]
    pub(super) given_email: Option<String>,
    #[schema(required)]
    pub(super) given_phone: Option<String>,
    /// The code on its label, a serial number, or what they call the machine.
    #[schema(required)]
    given_machine: Option<String>,
    #[schema(required)]
    pub(super) customer_id: Option<String>,
    #[schema(required)]
    customer_name: Option<String>,
    /// The customer is flagged.
    pub(super) high_risk: bool,
    #[schema(required)]
    pub(super) contact_id: Option<String>,
    #[schema(required)]
    contact_name: Option<String>,
    #[schema(required)]
    pub(super) site_id: Option<String>,
    #[schema(required)]
    site_name: Option<String>,
    #[schema(required)]
    pub(super) asset_id: Option<String>,
    #[schema(required)]
    asset_name: Option<String>,
    /// Null until it is classified, as `scope`, `kind` and `priority`.
    #[schema(required)]
    pub(super) urgency: Option<Urgency>,
    #[schema(required)]
    pub(super) scope: Option<Scope>,
    #[schema(required)]
    pub(super) kind: Option<RequestKind>,
    #[schema(required)]
    pub(super) priority: Option<RequestPriority>,
    /// Of the priority table that was asked.
    #[schema(required)]
    priority_version: Option<i64>,
    /// Why a person gave it another priority than the table says.
    #[schema(required)]
    pub(super) overruled_why: Option<String>,
    /// Urgent, or of a customer whose requests go first.
    fast_lane: bool,
    #[schema(required)]
    pub(super) ticket_id: Option<String>,
    #[schema(required)]
    ticket_number: Option<String>,
    /// The request that it is a duplicate of, when it was rejected as one.
    #[schema(required)]
    duplicate_of: Option<String>,
    pub(super) received_at: Time,
    /// Who wrote it down; null: the person.
    #[schema(required)]
    received_by: Option<String>,
    /// Our first word to the person.
    #[schema(required)]
    first_response_at: Option<Time>,
    #[schema(required)]
    closed_at: Option<Time>,
    /// Also the `ETag`: send it as `If-Match` with a change.
    pub(super) version: i64,
    #[schema(value_type = Vec<RequestState>)]
    next_states: &'static [RequestState],
    /// Where the person follows it without an account; tell it to nobody else.
    #[serde(skip_serializing_if = "Option::is_none")]
    link: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) messages: Option<Vec<RequestMessage>>,
    /// Requests of the last days that are under way, by the same person or about the same machine.
    /// Only a person says that two are the same.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) maybe_same_as: Option<Vec<SameRequest>>,
    /// Of an urgent request that is a ticket: the playbooks that fit it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) playbooks: Option<Vec<FittingPlaybook>>,
    #[serde(skip)]
    pub(super) secret: String,
    #[serde(skip)]
    pub(super) plain_number: i64,
}

#[derive(FromRow)]
pub(super) struct Row {
    id: String,
    number: i64,
    channel: String,
    state: String,
    subject: String,
    language: String,
    given_name: String,
    given_email: Option<String>,
    given_phone: Option<String>,
    given_machine: Option<String>,
    customer_id: Option<String>,
    customer_name: Option<String>,
    high_risk: Option<i64>,
    priority_lane: Option<i64>,
    contact_id: Option<String>,
    contact_name: Option<String>,
    site_id: Option<String>,
    site_name: Option<String>,
    asset_id: Option<String>,
    asset_name: Option<String>,
    urgency: Option<String>,
    scope: Option<String>,
    kind: Option<String>,
    priority: Option<String>,
    priority_version: Option<i64>,
    overruled_why: Option<String>,
    secret: String,
    ticket_id: Option<String>,
    ticket_number: Option<i64>,
    duplicate_of: Option<String>,
    received_at: i64,
    received_by: String,
    first_response_at: Option<i64>,
    closed_at: Option<i64>,
    version: i64,
}

pub(super) const SELECT: &str = "SELECT r.id, r.number, r.channel, r.state, r.subject, r.language, \
     r.given_name, r.given_email, r.given_phone, r.given_machine, r.customer_id, \
     c.name AS customer_name, c.high_risk, c.priority_lane, r.contact_id, p.name AS contact_name, \
     r.site_id, s.name AS site_name, r.asset_id, a.name AS asset_name, r.urgency, r.scope, r.kind, \
     r.priority, r.priority_version, r.overruled_why, r.secret, r.ticket_id, \
     t.number AS ticket_number, r.duplicate_of, r.received_at, r.received_by, \
     (SELECT min(m.at) FROM request_messages m WHERE m.request_id = r.id \
     AND m.kind IN ('answer', 'question')) AS first_response_at, r.closed_at, r.version \
     FROM requests r LEFT JOIN customers c ON c.id = r.customer_id \
     LEFT JOIN contacts p ON p.id = r.contact_id LEFT JOIN sites s ON s.id = r.site_id \
     LEFT JOIN assets a ON a.id = r.asset_id LEFT JOIN tickets t ON t.id = r.ticket_id";

impl TryFrom<Row> for Request {
    type Error = Problem;
    fn try_from(r: Row) -> Result<Self, Problem> {
        let state = RequestState::parse(&r.state)?;
        let priority = r.priority.as_deref().map(RequestPriority::parse).transpose()?;
        let first = r.priority_lane == Some(1);
        Ok(Self {
            number: number(r.number),
            plain_number: r.number,
            channel: RequestChannel::parse(&r.channel)?,
            state,
            next_states: state.next(),
            language: Language::parse(&r.language)?,
            urgency: r.urgency.as_deref().map(Urgency::parse).transpose()?,
            scope: r.scope.as_deref().map(Scope::parse).transpose()?,
            kind: r.kind.as_deref().map(RequestKind::parse).transpose()?,
            fast_lane: first || priority == Some(RequestPriority::Urgent),
            priority,
            high_risk: r.high_risk == Some(1),
            ticket_number: r.ticket_number.map(tickets::number),
            received_at: Time(r.received_at),
            received_by: Some(r.received_by).filter(|who| !who.is_empty()),
            first_response_at: r.first_response_at.map(Time),
            closed_at: r.closed_at.map(Time),
            id: r.id,
            subject: r.subject,
            given_name: r.given_name,
            given_email: r.given_email,
            given_phone: r.given_phone,
            given_machine: r.given_machine,
            customer_id: r.customer_id,
            customer_name: r.customer_name,
            contact_id: r.contact_id,
            contact_name: r.contact_name,
            site_id: r.site_id,
            site_name: r.site_name,
            asset_id: r.asset_id,
            asset_name: r.asset_name,
            priority_version: r.priority_version,
            overruled_why: r.overruled_why,
            ticket_id: r.ticket_id,
            duplicate_of: r.duplicate_of,
            version: r.version,
            link: None,
            messages: None,
            maybe_same_as: None,
            playbooks: None,
            secret: r.secret,
        })
    }
}

impl Request {
    pub(super) fn given_name(&self) -> &str {
        &self.given_name
    }

    fn is_urgent(&self) -> bool {
        self.urgency == Some(Urgency::Urgent) || self.priority == Some(RequestPriority::Urgent)
    }

    pub(super) fn is_duplicate(&self) -> bool {
        self.duplicate_of.is_some()
    }
}

async fn find<'e>(db: impl Executor<'e, Database = Any>, id: &str) -> Result<Request, Problem> {
    let row: Option<Row> = sqlx::query_as(sqlx::AssertSqlSafe(format!("{SELECT} WHERE r.id = $1")))
        .bind(id)
        .fetch_optional(db)
        .await?;
    row.ok_or(Problem::NotFound("request"))?.try_into()
}

/// The request that a link opens.
pub(super) async fn of_secret(app: &App, secret: &str) -> Result<Request, Problem> {
    let sql = format!("{SELECT} WHERE r.secret = $1");
    let row: Option<Row> =
        sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(secret).fetch_optional(&app.database).await?;
    row.ok_or(Problem::NotFound("request"))?.try_into()
}

/// A request that is about to change: until the transaction ends nobody else changes it.
pub(super) async fn hold(tx: &mut Transaction<'_, Any>, id: &str) -> Result<Request, Problem> {
    sqlx::query("UPDATE requests SET version = version WHERE id = $1")
        .bind(id)
        .execute(&mut **tx)
        .await?;
    find(&mut **tx, id).await
}

/// How a handler shows a request.
pub(super) type Shown = ([(HeaderName, String); 1], Json<Request>);

pub(super) async fn shown(app: &App, reach: &Reach, id: &str) -> Result<Shown, Problem> {
    let mut request = find(&app.database, id).await?;
    request.messages = Some(messages::of(app, id).await?);
    request.maybe_same_as = Some(similar::to(app, reach, &request).await?);
    if let Some(ticket_id) = request.ticket_id.as_deref().filter(|_| request.is_urgent()) {
        request.playbooks = Some(playbooks::fitting(app, ticket_id).await?);
    }
    request.link = Some(link(&request.secret));
    Ok((etag(request.version), Json(request)))
}

/// How it is shown to whoever asks: a customer sees what is meant for them.
pub(super) async fn shown_to(app: &App, caller: &Caller, id: &str) -> Result<Shown, Problem> {
    let (etag, Json(request)) = shown(app, &caller.reach, id).await?;
    match caller.role {
        Role::Customer => Ok((etag, Json(for_customer(request)))),
        _ => Ok((etag, Json(request))),
    }
}

/// Tells watchers how a request stands.
pub(crate) async fn announce(app: &App, id: &str) -> Result<(), Problem> {
    app.announce("request", &find(&app.database, id).await?);
    Ok(())
}
