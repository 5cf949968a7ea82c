//! What people write without an account: a request, and more about it through its link.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use sqlx::{Any, Transaction};
use utoipa::ToSchema;

use super::channel::RequestChannel;
use super::following::{self, FollowedRequest, received};
use super::linking::Links;
use super::messages::{self, MessageKind};
use super::moving::{Advance, advance};
use super::receiving::{Came, Incoming, Unread, receive};
use super::request::{Request, announce, hold, of_secret};
use super::{link, number, throttle};
use crate::access::Reach;
use crate::app::App;
use crate::http::{Language, Problem, check_text};
use crate::limits::{MESSAGE_CHARS, PUBLIC_MESSAGES, PUBLIC_REQUESTS, PUBLIC_REQUESTS_EACH};

/// A request of somebody without an account.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewPublicRequest {
    name: String,
    /// This or `phone` is needed.
    email: Option<String>,
    phone: Option<String>,
    /// The code on its label, the serial number, or what they call the machine.
    machine: Option<String>,
    /// Without one, the beginning of the text.
    subject: Option<String>,
    #[schema(min_length = 1)]
    text: String,
    #[serde(default)]
    language: Language,
}

/// Says that a request has been received.
#[derive(Debug, Serialize, ToSchema)]
pub struct Receipt {
    pub(super) number: String,
    /// Where it can be followed. Whoever has it reads and writes in this request.
    pub(super) link: String,
    /// What we say to the person, in their language.
    pub(super) text: &'static str,
}

/// Takes a request from the web form.
///
/// So many an hour of one address or number, and so many of all together; then 429.
#[utoipa::path(
    post,
    path = "/api/v1/public/requests",
    operation_id = "ask",
    tag = "requests",
    security(()),
    responses((status = 201, body = Receipt), Problem)
)]
pub(crate) async fn ask(
    State(app): State<App>,
    Json(new): Json<NewPublicRequest>,
) -> Result<(StatusCode, Json<Receipt>), Problem> {
    let unread = Unread {
        name: &new.name,
        email: new.email.as_deref(),
        phone: new.phone.as_deref(),
        machine: new.machine.as_deref(),
        subject: new.subject.as_deref(),
        text: &new.text,
        language: new.language,
    };
    let told = unread.read()?;
    check_text("name", &told.name, crate::limits::TEXT_CHARS)?;
    let writer = told.email.as_deref().or(told.phone.as_deref());
    let unknown = || Problem::Invalid("`email` or `phone` is needed, to answer you".into());
    let writer = format!("request of {}", writer.ok_or_else(unknown)?);
    let now = app.clock.now_us();
    let mut tx = app.begin().await?;
    throttle::count(&mut tx, &writer, PUBLIC_REQUESTS_EACH, now).await?;
    throttle::count(&mut tx, "requests", PUBLIC_REQUESTS, now).await?;
    let (channel, links) = (RequestChannel::WebForm, Links::default());
    let incoming = Incoming { channel, told: &told, links, came: Came::Alone, by: "" };
    let request = receive(&mut tx, incoming, &Reach::Everything, now).await?;
    tx.commit().await?;
    announce(&app, &request.id).await?;
    let receipt = Receipt {
        number: number(request.number),
        link: link(&request.secret),
        text: received(told.language),
    };
    Ok((StatusCode::CREATED, Json(receipt)))
}

/// What a person writes about their request.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewPublicMessage {
    #[schema(min_length = 1)]
    text: String,
}

/// Adds what the person writes. A request that was answered, closed or rejected, or whose work is
/// done, is opened again.
#[utoipa::path(
    post,
    path = "/api/v1/public/requests/{secret}/messages",
    operation_id = "write_again",
    tag = "requests",
    security(()),
    responses((status = 201, body = FollowedRequest), Problem)
)]
pub(crate) async fn write_again(
    State(app): State<App>,
    Path(secret): Path<String>,
    Json(new): Json<NewPublicMessage>,
) -> Result<(StatusCode, Json<FollowedRequest>), Problem> {
    check_text("text", &new.text, MESSAGE_CHARS)?;
    let known = of_secret(&app, &secret).await?;
    let now = app.clock.now_us();
    let mut tx = app.begin().await?;
    throttle::count(&mut tx, &format!("message of {}", known.id), PUBLIC_MESSAGES, now).await?;
    let request = bring_back(&mut tx, &known.id, now, "they wrote again").await?;
    let author = request.given_name();
    messages::add(&mut tx, &known.id, now, MessageKind::Received, (author, &new.text)).await?;
    tx.commit().await?;
    announce(&app, &known.id).await?;
    Ok((StatusCode::CREATED, Json(following::followed(&app, &secret).await?)))
}

/// Holds a request that its person comes back to. Where it was over, it is before somebody again.
pub(super) async fn bring_back(
    tx: &mut Transaction<'_, Any>,
    id: &str,
    now: i64,
    why: &str,
) -> Result<Request, Problem> {
    let request = hold(tx, id).await?;
    let work_over = match &request.ticket_id {
        Some(ticket_id) => following::work_over(&mut **tx, ticket_id).await?,
        None => false,
    };
    if let Some(to) = request.state.when_they_write(work_over) {
        let (who, rule) = ("the person", Some("requests.they_wrote"));
        advance(tx, &request, now, Advance { to, who, why, rule }).await?;
    }
    Ok(request)
}
