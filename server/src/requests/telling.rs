//! Whoever asks hears at once that we have it, and hears what we write.

use sqlx::{Any, FromRow, Transaction};

use super::mail::{Conversation, conversation};
use super::number;
use crate::http::{Language, Problem};
use crate::notifications::{About, Event, Mailbox, Part, Person, Recipient, What, notify};

/// What a person is told about a request.
#[derive(Clone, Copy)]
pub(super) enum News<'a> {
    /// It was received: the automatic reply.
    Received,
    /// We have written to them.
    Written {
        /// Names the message.
        message_id: &'a str,
        text: &'a str,
    },
}

#[derive(FromRow)]
struct Row {
    number: i64,
    subject: String,
    language: String,
    secret: String,
    contact_id: Option<String>,
    inbox_id: Option<String>,
    email: Option<String>,
    time_zone: Option<String>,
}

/// Tells the person of a request: where the inbox through which they wrote has an address for answers,
/// or where they left an address or are a contact with one.
pub(super) async fn tell(
    tx: &mut Transaction<'_, Any>,
    request_id: &str,
    news: News<'_>,
    rule: &str,
    now: i64,
) -> Result<(), Problem> {
    let request: Row = sqlx::query_as(
        "SELECT r.number, r.subject, r.language, r.secret, r.contact_id, \
         (SELECT min(n.owner) FROM notification_addresses n WHERE n.owner_kind = 'inbox' \
         AND n.owner = r.inbox_id AND n.active = 1 AND n.deleted_at IS NULL) AS inbox_id, \
         coalesce(r.given_email, c.email) AS email, s.time_zone FROM requests r \
         LEFT JOIN contacts c ON c.id = r.contact_id LEFT JOIN sites s ON s.id = r.site_id \
         WHERE r.id = $1",
    )
    .bind(request_id)
    .fetch_one(&mut **tx)
    .await?;
    let language = Language::parse(&request.language)?;
    let time_zone = request.time_zone.as_deref().unwrap_or("UTC");
    let mailbox = request.email.as_deref().map(|address| Mailbox { address, language, time_zone });
    let person = match (&news, request.inbox_id.as_deref(), request.contact_id.as_deref()) {
        // That we have it was said when it was posted.
        (News::Written { .. }, Some(inbox), _) => Person::Inbox(inbox),
        (_, _, Some(contact)) => Person::Contact(contact),
        _ => Person::Stranger,
    };
    let audience = [Recipient { part: Part::Customer, person, mailbox }];
    let (number, summary) = (number(request.number), request.subject.as_str());
    let (key, what) = match news {
        News::Received => (
            format!("request-received:{request_id}"),
            What::RequestReceived { number: &number, summary },
        ),
        News::Written { message_id, text } => (
            format!("request-message:{message_id}"),
            What::RequestAnswered { number: &number, summary, answer: text },
        ),
    };
    let path = format!("/follow/{}", request.secret);
    let about = About { kind: "request", id: request_id, path: &path };
    let conversation = conversation(tx, request_id).await?;
    let thread = conversation.as_ref().map(Conversation::thread);
    let event = Event { audience: &audience, thread, ..Event::new(&key, what, about, rule) };
    notify(tx, event, now).await?;
    Ok(())
}
