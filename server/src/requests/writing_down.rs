//! A request is written down: by somebody of ours, or by a customer with an account.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;

use super::channel::RequestChannel;
use super::linking::{Links, keep_in_reach};
use super::receiving::{Came, Incoming, Unread, receive};
use super::request::{Request, Shown, announce, shown_to};
use super::{portal, throttle};
use crate::app::App;
use crate::http::{Caller, Language, Problem};
use crate::limits::PUBLIC_REQUESTS_EACH;

/// A request that somebody of ours writes down.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewRequest {
    /// `phone`, `visit` or `suggestion_box`. Customers leave it out: what they write comes through the
    /// portal, and name, address and language are those of their account.
    channel: Option<RequestChannel>,
    /// Of the person; may be left out.
    #[serde(default)]
    name: String,
    email: Option<String>,
    phone: Option<String>,
    /// The code on its label, a serial number, or what they call the machine.
    machine: Option<String>,
    /// Without one, the beginning of the text.
    subject: Option<String>,
    text: String,
    #[serde(default)]
    language: Language,
    customer_id: Option<String>,
    contact_id: Option<String>,
    site_id: Option<String>,
    asset_id: Option<String>,
}

/// Writes a request down, while the person is on the telephone or afterwards. Customers ask for
/// themselves, about a site or a machine of theirs.
///
/// The answer has the number and the link to tell the person, and what may be about the same.
#[utoipa::path(
    post,
    path = "/api/v1/requests",
    operation_id = "add_request",
    tag = "requests",
    responses((status = 201, body = Request), Problem)
)]
pub(crate) async fn create(
    caller: Caller,
    State(app): State<App>,
    Json(new): Json<NewRequest>,
) -> Result<(StatusCode, Shown), Problem> {
    let asker = portal::asker(&app, &caller).await?;
    let channel = match (&asker, new.channel) {
        (Some(_), None | Some(RequestChannel::Portal)) => RequestChannel::Portal,
        (None, Some(channel)) if channel.is_written_down() => channel,
        (Some(_), _) => return Err(Problem::Invalid("`channel` has to be left out".into())),
        (None, _) => {
            let text = "`channel` has to be phone, visit or suggestion_box";
            return Err(Problem::Invalid(text.into()));
        }
    };
    let unread = Unread {
        name: asker.as_ref().map_or(&new.name, |asker| &asker.name),
        email: asker.as_ref().map_or(new.email.as_deref(), |asker| Some(&asker.email)),
        phone: new.phone.as_deref(),
        machine: new.machine.as_deref(),
        subject: new.subject.as_deref(),
        text: &new.text,
        language: asker.as_ref().map_or(new.language, |asker| asker.language),
    };
    let told = unread.read()?;
    let links = Links {
        customer_id: new.customer_id,
        contact_id: new.contact_id,
        site_id: new.site_id,
        asset_id: new.asset_id,
    };
    let now = app.clock.now_us();
    let mut tx = app.begin().await?;
    links.check(&mut tx, &caller.reach).await?;
    if let Some(asker) = &asker {
        let writer = format!("request of {}", asker.email);
        throttle::count(&mut tx, &writer, PUBLIC_REQUESTS_EACH, now).await?;
    }
    let by = if asker.is_some() { "" } else { caller.name.as_str() };
    let incoming = Incoming { channel, told: &told, links, came: Came::Alone, by };
    let received = receive(&mut tx, incoming, &caller.reach, now).await?;
    keep_in_reach(&mut tx, &caller.reach, &received.id).await?;
    tx.commit().await?;
    announce(&app, &received.id).await?;
    Ok((StatusCode::CREATED, shown_to(&app, &caller, &received.id).await?))
}
