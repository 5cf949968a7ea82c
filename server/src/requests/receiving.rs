//! A request is received: from somebody of ours who writes it down or a customer with an account
//! ([`writing_down`]), from the person ([`public`]), in a letter ([`mail`]), or through a program
//! ([`inboxes`]).
//!
//! [`inboxes`]: super::inboxes
//! [`writing_down`]: super::writing_down
//! [`public`]: super::public

use sqlx::{Any, Transaction};

use super::channel::RequestChannel;
use super::linking::Links;
use super::mail;
use super::messages::{self, MessageKind};
use super::promises;
use super::state::RequestState;
use super::telling::{News, tell};
use crate::access::Reach;
use crate::assets;
use crate::changes::{self, NewChange};
use crate::customers::{email, phone};
use crate::database::{new_id, take_turn};
use crate::http::{Language, Problem, check_length, check_text};
use crate::limits::{MESSAGE_CHARS, SUBJECT_CHARS, TEXT_CHARS};
use crate::service_levels::Act;
use crate::tokens::new_secret;

/// What a person tells of themselves and their machine.
pub(super) struct Told {
    pub name: String,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub machine: Option<String>,
    pub subject: String,
    pub text: String,
    pub language: Language,
}

/// What a person tells, unread.
pub(super) struct Unread<'a> {
    pub name: &'a str,
    pub email: Option<&'a str>,
    pub phone: Option<&'a str>,
    pub machine: Option<&'a str>,
    /// Without one, the beginning of the text.
    pub subject: Option<&'a str>,
    pub text: &'a str,
    pub language: Language,
}

impl Unread<'_> {
    /// Checks it, and brings addresses and numbers into one spelling.
    pub fn read(&self) -> Result<Told, Problem> {
        check_length("name", self.name, TEXT_CHARS)?;
        check_text("text", self.text, MESSAGE_CHARS)?;
        let machine = self.machine.unwrap_or_default().trim();
        check_length("machine", machine, TEXT_CHARS)?;
        let subject = self.subject.unwrap_or_default().trim();
        check_length("subject", subject, TEXT_CHARS)?;
        let first_line = self.text.trim().lines().next().unwrap_or_default();
        let beginning: String = first_line.chars().take(SUBJECT_CHARS).collect();
        Ok(Told {
            name: self.name.trim().to_owned(),
            email: email(self.email)?,
            phone: phone(self.phone)?,
            machine: Some(machine.to_owned()).filter(|machine| !machine.is_empty()),
            subject: if subject.is_empty() { beginning } else { subject.to_owned() },
            text: self.text.trim().to_owned(),
            language: self.language,
        })
    }
}

/// What a request came in.
#[derive(Clone, Copy)]
pub(super) enum Came<'a> {
    /// Nothing that goes on: a form, a call, a visit.
    Alone,
    /// A letter, as `request_mails` names it.
    InLetter(&'a str),
    /// Something posted to an inbox, in a conversation or in none (empty).
    Through { inbox: &'a str, conversation: &'a str },
}

impl<'a> Came<'a> {
    fn inbox(self) -> (Option<&'a str>, Option<&'a str>) {
        match self {
            Self::Through { inbox, conversation } => (Some(inbox), Some(conversation)),
            Self::Alone | Self::InLetter(_) => (None, None),
        }
    }
}

/// A request on its way in.
pub(super) struct Incoming<'a> {
    pub channel: RequestChannel,
    pub told: &'a Told,
    /// As somebody of ours says.
    pub links: Links,
    pub came: Came<'a>,
    /// Who writes it down; empty when the person does.
    pub by: &'a str,
}

impl Incoming<'_> {
    fn who(&self) -> &str {
        if self.by.is_empty() { "the person" } else { self.by }
    }
}

/// What a received request is called.
pub(super) struct ReceivedAs {
    pub id: String,
    pub number: i64,
    pub secret: String,
}

/// Receives a request: gives it its number and its link, and finds out whose it is as far as what was
/// told says so without doubt.
pub(super) async fn receive(
    tx: &mut Transaction<'_, Any>,
    mut incoming: Incoming<'_>,
    reach: &Reach,
    now: i64,
) -> Result<ReceivedAs, Problem> {
    let links = incoming.links.settle(tx).await?;
    incoming.links = recognise(tx, incoming.told, links, reach).await?;
    let received = write_down(tx, &incoming, now).await?;
    let who = incoming.who();
    let act = Act { who, why: "it was received", at: now };
    promises::begin(tx, &received.id, &incoming.links, act).await?;
    if let Came::InLetter(letter) = incoming.came {
        mail::belongs(tx, letter, &received.id).await?;
    }
    tell(tx, &received.id, News::Received, "a request is received", now).await?;
    Ok(received)
}

/// Writes a request down, with its number, its link and its first message. Nothing is promised and
/// nobody is told by that.
pub(super) async fn write_down(
    tx: &mut Transaction<'_, Any>,
    incoming: &Incoming<'_>,
    now: i64,
) -> Result<ReceivedAs, Problem> {
    take_turn(tx, "request numbers").await?;
    let (told, links) = (incoming.told, &incoming.links);
    let (id, secret) = (new_id(), new_secret());
    let (inbox, conversation) = incoming.came.inbox();
    let number: i64 = sqlx::query_scalar(
        "INSERT INTO requests (id, number, channel, state, subject, language, given_name, \
         given_email, given_phone, given_machine, customer_id, contact_id, site_id, asset_id, \
         secret, received_at, received_by, inbox_id, conversation, version) \
         SELECT $1, coalesce(max(number), 0) + 1, $2, 'received', $3, $4, $5, $6, $7, $8, $9, $10, \
         $11, $12, $13, $14, $15, $16, $17, 1 FROM requests WHERE true RETURNING number",
    )
    .bind(&id)
    .bind(incoming.channel.as_str())
    .bind(&told.subject)
    .bind(told.language.as_str())
    .bind(&told.name)
    .bind(told.email.as_deref())
    .bind(told.phone.as_deref())
    .bind(told.machine.as_deref())
    .bind(links.customer_id.as_deref())
    .bind(links.contact_id.as_deref())
    .bind(links.site_id.as_deref())
    .bind(links.asset_id.as_deref())
    .bind(&secret)
    .bind(now)
    .bind(incoming.by)
    .bind(inbox)
    .bind(conversation)
    .fetch_one(&mut **tx)
    .await?;
    messages::add(tx, &id, now, MessageKind::Received, (&told.name, &told.text)).await?;
    let first = NewChange {
        kind: "request",
        id: &id,
        who: incoming.who(),
        rule: incoming.channel.rule(),
        field: "state",
        to: Some(RequestState::Received.as_str()),
        why: incoming.channel.as_str(),
        version: Some(1),
        ..NewChange::default()
    };
    changes::record(tx, now, first).await?;
    Ok(ReceivedAs { id, number, secret })
}

/// Links what is not linked yet: the one contact with the address or number, the machine whose label
/// was read, and the one machine of the customer with the serial number. Where there are two, a person
/// has to say.
async fn recognise(
    tx: &mut Transaction<'_, Any>,
    told: &Told,
    mut links: Links,
    reach: &Reach,
) -> Result<Links, Problem> {
    if links.contact_id.is_none() {
        let mine = reach.customers("p.customer_id", "$4");
        let sql = format!(
            "SELECT p.id FROM contacts p WHERE (p.email = $1 OR p.phone = $2) \
             AND ($3 = '' OR p.customer_id = $3) AND {mine} LIMIT 2"
        );
        let found: Vec<String> = sqlx::query_scalar(sqlx::AssertSqlSafe(sql))
            .bind(told.email.as_deref())
            .bind(told.phone.as_deref())
            .bind(links.customer_id.as_deref().unwrap_or_default())
            .bind(reach.bind())
            .fetch_all(&mut **tx)
            .await?;
        if let [one] = found.as_slice() {
            links.contact_id = Some(one.clone());
            links = links.settle(tx).await?;
        }
    }
    if let (None, Some(machine)) = (&links.asset_id, &told.machine) {
        links = by_label(tx, machine, links, reach).await?;
    }
    if let (None, Some(customer), Some(serial)) =
        (&links.asset_id, &links.customer_id, &told.machine)
    {
        let mine = reach.sites("s.id", "$4");
        let sql = format!(
            "SELECT a.id FROM assets a JOIN sites s ON s.id = a.site_id WHERE a.serial = $1 \
             AND s.customer_id = $2 AND ($3 = '' OR s.id = $3) AND {mine} LIMIT 2"
        );
        let found: Vec<String> = sqlx::query_scalar(sqlx::AssertSqlSafe(sql))
            .bind(serial)
            .bind(customer)
            .bind(links.site_id.as_deref().unwrap_or_default())
            .bind(reach.bind())
            .fetch_all(&mut **tx)
            .await?;
        if let [one] = found.as_slice() {
            links.asset_id = Some(one.clone());
            links = links.settle(tx).await?;
        }
    }
    Ok(links)
}

/// Links the machine whose label was read, unless it is another customer's or stands at another site.
async fn by_label(
    tx: &mut Transaction<'_, Any>,
    machine: &str,
    links: Links,
    reach: &Reach,
) -> Result<Links, Problem> {
    let Some(code) = assets::read_code(machine) else { return Ok(links) };
    let mine = reach.sites("a.site_id", "$4");
    let sql = format!(
        "SELECT a.id FROM assets a LEFT JOIN sites s ON s.id = a.site_id WHERE a.code = $1 \
         AND ($2 = '' OR s.customer_id = $2) AND ($3 = '' OR s.id = $3) AND {mine}"
    );
    let found: Option<String> = sqlx::query_scalar(sqlx::AssertSqlSafe(sql))
        .bind(code)
        .bind(links.customer_id.as_deref().unwrap_or_default())
        .bind(links.site_id.as_deref().unwrap_or_default())
        .bind(reach.bind())
        .fetch_optional(&mut **tx)
        .await?;
    match found {
        Some(asset_id) => Links { asset_id: Some(asset_id), ..links }.settle(tx).await,
        None => Ok(links),
    }
}
