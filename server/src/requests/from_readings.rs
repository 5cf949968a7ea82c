//! What the readings of a machine say is a request too: the alarm that opens a ticket makes it, and the
//! customer of the machine follows it.

use sqlx::{Any, Transaction};

use super::channel::RequestChannel;
use super::classifying::{Classification, Classifier, classify_held};
use super::intake::IntakePolicy;
use super::linking::Links;
use super::moving::Advance;
use super::priority::{RequestKind, RequestPriority, Scope, Urgency};
use super::receiving::{Came, Incoming, Told, write_down};
use super::request::hold;
use super::state::RequestState;
use super::telling::{News, tell};
use super::ticketing::become_ticket;
use crate::alarms::{DETECTION, Priority};
use crate::customers::Addressee;
use crate::http::{Language, Problem};
use crate::limits::SUBJECT_CHARS;
use crate::policies;

/// What was seen at a machine, and the ticket that it has just opened.
pub(crate) struct Seen<'a> {
    pub asset_id: &'a str,
    pub ticket_id: &'a str,
    /// In the words of the alarm, which are the title of the ticket.
    pub what: &'a str,
    pub priority: Priority,
}

/// Makes the request of a ticket that an alarm has opened, where the policy wants one and the machine is a
/// customer's. Called once a ticket, when it is new: a recurrence finds the request that is there.
///
/// It has no clock of its own: nobody asked, and what is promised runs on the ticket from its opening.
pub(crate) async fn from_readings(
    tx: &mut Transaction<'_, Any>,
    seen: Seen<'_>,
    now: i64,
) -> Result<Option<String>, Problem> {
    let (_, policy) = policies::newest::<IntakePolicy>(&mut **tx).await?;
    if !policy.requests_from_readings {
        return Ok(None);
    }
    let machine: Option<(String, String, String, String)> = sqlx::query_as(
        "SELECT a.name, s.id, c.id, c.language FROM assets a JOIN sites s ON s.id = a.site_id \
         JOIN customers c ON c.id = s.customer_id WHERE a.id = $1",
    )
    .bind(seen.asset_id)
    .fetch_optional(&mut **tx)
    .await?;
    let Some((machine, site_id, customer_id, language)) = machine else { return Ok(None) };
    let contact = Addressee::of(tx, &customer_id, (None, Some(&site_id))).await?;
    let language = match &contact {
        Some(contact) => contact.language,
        None => Language::parse(&language)?,
    };
    let told = Told {
        text: format!("{machine}: {}", seen.what),
        subject: seen.what.chars().take(SUBJECT_CHARS).collect(),
        name: machine,
        email: None,
        phone: None,
        machine: None,
        language,
    };
    let links = Links {
        customer_id: Some(customer_id),
        contact_id: contact.map(|contact| contact.id),
        site_id: Some(site_id),
        asset_id: Some(seen.asset_id.to_owned()),
    };
    let channel = RequestChannel::Readings;
    let incoming = Incoming { channel, told: &told, links, came: Came::Alone, by: DETECTION };
    let id = write_down(tx, &incoming, now).await?.id;
    let rule = channel.rule();
    let (said, why) = (classification(seen.priority), "as urgent as its alarm");
    let request = hold(tx, &id).await?;
    classify_held(tx, &request, &said, Classifier { who: DETECTION, why, rule, at: now }).await?;
    let request = hold(tx, &id).await?;
    let (to, why) = (RequestState::Ticketed, "an alarm opened the ticket");
    become_ticket(tx, &request, seen.ticket_id, now, Advance { to, who: DETECTION, why, rule })
        .await?;
    if policy.tell_customers {
        tell(tx, &id, News::Received, "readings made a request", now).await?;
    }
    Ok(Some(id))
}

/// The priority is that of the alarm, whatever the table says: request and ticket come first or last
/// together.
fn classification(priority: Priority) -> Classification {
    let (urgency, priority) = match priority {
        Priority::Critical => (Urgency::Urgent, RequestPriority::Urgent),
        Priority::High => (Urgency::General, RequestPriority::High),
        Priority::Medium => (Urgency::General, RequestPriority::Normal),
        Priority::Low => (Urgency::Minor, RequestPriority::Low),
    };
    Classification {
        urgency,
        scope: Scope::Individual,
        kind: RequestKind::ProductQuality,
        priority: Some(priority),
        why: String::new(),
    }
}
