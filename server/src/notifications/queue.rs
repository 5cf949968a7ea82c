//! From an event to messages in the outbox, inside the transaction of whoever tells it.

use serde_json::Value;
use sqlx::{Any, Transaction};

use super::addresses::{Address, AddressKind, OwnerKind, reachable_at};
use super::event::{Event, Mailbox, Person, Recipient};
use super::outbox::record;
use super::rules::{self, Audience, Holding};
use super::state::MessageState;
use crate::database::{from_json, new_id, to_json};
use crate::http::{Language, Problem};

/// What became of an event.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Notified {
    /// Messages that are in the outbox now.
    pub queued: u64,
    /// People who have heard of this event already.
    pub known: u64,
    /// People whom no channel of the rule reaches.
    pub unreachable: u64,
}

/// Whoever a rule leads to.
struct Receiver<'a> {
    owner: Option<(OwnerKind, &'a str)>,
    mailbox: Option<Mailbox<'a>>,
}

impl<'a> Receiver<'a> {
    fn of(recipient: &Recipient<'a>) -> Self {
        let owner = match recipient.person {
            Person::Account(id) => Some((OwnerKind::Account, id)),
            Person::Contact(id) => Some((OwnerKind::Contact, id)),
            Person::Inbox(id) => Some((OwnerKind::Inbox, id)),
            Person::Stranger => None,
        };
        Self { owner, mailbox: recipient.mailbox }
    }

    /// Names the person for `outbox_once`.
    fn key(&self, way: &Way<'_>) -> String {
        match self.owner {
            Some((kind, id)) => format!("{}:{id}", kind.as_str()),
            None => format!("email:{}", way.address().to_lowercase()),
        }
    }
}

/// How somebody is reached.
enum Way<'a> {
    Kept(Box<Address>),
    Mailbox(Mailbox<'a>),
    OnFile(OnFile),
}

/// The e-mail address of an account.
struct OnFile {
    address: String,
    language: Language,
    /// Of a technician's hours; times are written in it.
    time_zone: String,
}

impl OnFile {
    async fn of(tx: &mut Transaction<'_, Any>, account_id: &str) -> Result<Option<Self>, Problem> {
        let row: Option<(String, String, Option<String>)> = sqlx::query_as(
            "SELECT a.email, a.language, t.hours FROM accounts a \
             LEFT JOIN technicians t ON t.account_id = a.id WHERE a.id = $1",
        )
        .bind(account_id)
        .fetch_optional(&mut **tx)
        .await?;
        let Some((address, language, hours)) = row else { return Ok(None) };
        let hours: Value = hours.as_deref().map_or(Ok(Value::Null), from_json)?;
        let time_zone = hours["time_zone"].as_str().unwrap_or("UTC").to_owned();
        Ok(Some(Self { address, language: Language::parse(&language)?, time_zone }))
    }
}

impl Way<'_> {
    fn address(&self) -> &str {
        match self {
            Self::Kept(kept) => &kept.address,
            Self::Mailbox(mailbox) => mailbox.address,
            Self::OnFile(on_file) => &on_file.address,
        }
    }
}

/// Puts a message for everybody who hears of an event into the outbox. Telling the same event again
/// adds nobody twice. The caller's transaction has written, or was begun to write ([`App::begin`]).
///
/// [`App::begin`]: crate::app::App::begin
///
/// # Errors
/// When the database fails.
pub(crate) async fn notify(
    tx: &mut Transaction<'_, Any>,
    event: Event<'_>,
    now: i64,
) -> Result<Notified, Problem> {
    let mut notified = Notified::default();
    for rule in rules::holding(tx, event.what.kind()).await? {
        for receiver in receivers(&event, &rule.audience) {
            let Some(way) = way(tx, &receiver, &rule.channels).await? else {
                notified.unreachable += 1;
                continue;
            };
            if put(tx, &event, &rule, &receiver.key(&way), &way, now).await? {
                notified.queued += 1;
            } else {
                notified.known += 1;
            }
        }
    }
    Ok(notified)
}

fn receivers<'a>(event: &Event<'a>, audience: &'a Audience) -> Vec<Receiver<'a>> {
    let shared = |kind, name| vec![Receiver { owner: Some((kind, name)), mailbox: None }];
    match audience {
        Audience::Part(part) => {
            event.audience.iter().filter(|r| r.part == *part).map(Receiver::of).collect()
        }
        Audience::Role(name) => shared(OwnerKind::Role, name),
        Audience::Channel(name) => shared(OwnerKind::Channel, name),
    }
}

/// The preferred way that there is: an address of the person's own, or else the mailbox that the
/// caller knows of, or else the e-mail address of the account.
async fn way<'a>(
    tx: &mut Transaction<'_, Any>,
    receiver: &Receiver<'a>,
    channels: &[AddressKind],
) -> Result<Option<Way<'a>>, Problem> {
    if let Some((kind, id)) = receiver.owner {
        let addresses = reachable_at(tx, kind, id).await?;
        // People are answered where they wrote, whichever channels a rule prefers.
        let rank = |a: &Address| match kind {
            OwnerKind::Inbox => Some(0),
            _ => channels.iter().position(|kind| *kind == a.kind),
        };
        let kept = addresses.into_iter().filter(|a| rank(a).is_some()).min_by_key(|a| rank(a));
        if let Some(kept) = kept {
            return Ok(Some(Way::Kept(Box::new(kept))));
        }
    }
    if !channels.contains(&AddressKind::Email) {
        return Ok(None);
    }
    let way = match (receiver.mailbox, receiver.owner) {
        (Some(mailbox), _) => Some(Way::Mailbox(mailbox)),
        (None, Some((OwnerKind::Account, id))) => OnFile::of(tx, id).await?.map(Way::OnFile),
        (None, _) => None,
    };
    Ok(way.filter(|way| messenger::is_address(way.address())))
}

/// Whether there was no message for this person yet.
async fn put(
    tx: &mut Transaction<'_, Any>,
    event: &Event<'_>,
    rule: &Holding,
    recipient: &str,
    way: &Way<'_>,
    now: i64,
) -> Result<bool, Problem> {
    let (urgent, id) = (event.urgent || rule.urgent, new_id());
    let (kind, address_id, language, time_zone, not_before) = match way {
        Way::Kept(a) => {
            let release = a.quiet.as_ref().filter(|_| !urgent).map_or(now, |q| q.release(now));
            (a.kind, Some(a.id.as_str()), a.language, a.time_zone.as_str(), release)
        }
        Way::Mailbox(m) => (AddressKind::Email, None, m.language, m.time_zone, now),
        Way::OnFile(f) => (AddressKind::Email, None, f.language, f.time_zone.as_str(), now),
    };
    let facts = to_json(&event.what)?;
    let what = event.what.kind().as_str();
    let why = format!(
        "{}; notification rules, version {}: {what} to {}",
        event.rule, rule.version, rule.audience
    );
    let added = sqlx::query(
        "INSERT INTO outbox (id, event_key, recipient, event, about_kind, about_id, path, facts, \
         channel, address, address_id, language, time_zone, urgent, in_reply_to, thread, rule, \
         state, not_before, next_at, attempts, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, \
         $19, $19, 0, $20) ON CONFLICT (event_key, recipient) DO NOTHING",
    )
    .bind(&id)
    .bind(event.key)
    .bind(recipient)
    .bind(what)
    .bind(event.about.kind)
    .bind(event.about.id)
    .bind(event.about.path)
    .bind(facts)
    .bind(kind.as_str())
    .bind(kind.shown(way.address()))
    .bind(address_id)
    .bind(language.as_str())
    .bind(time_zone)
    .bind(i64::from(urgent))
    .bind(event.thread.map(|t| t.in_reply_to))
    .bind(event.thread.map(|t| t.references))
    .bind(&why)
    .bind(MessageState::Waiting.as_str())
    .bind(not_before)
    .bind(now)
    .execute(&mut **tx)
    .await?;
    if added.rows_affected() == 0 {
        return Ok(false);
    }
    record(tx, &id, now, (None, MessageState::Waiting), "rules", &why).await?;
    Ok(true)
}
