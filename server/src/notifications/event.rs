//! An event, as another slice tells it.

use super::kind::What;
use crate::http::Language;

/// What an event is about, for lists and for the link in a message.
#[derive(Debug, Clone, Copy)]
pub(crate) struct About<'a> {
    /// Such as `ticket`.
    pub kind: &'a str,
    pub id: &'a str,
    /// Where it can be seen, below the public address: `/tickets/…`, `/survey/…`.
    pub path: &'a str,
}

/// As what somebody hears of an event; the rules go by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    /// A contact of the customer.
    Customer,
    /// The technician of the ticket or visit.
    Technician,
    /// The one person whom it concerns: who has to approve, whose password it is.
    Addressee,
}

impl Part {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Customer => "customer",
            Self::Technician => "technician",
            Self::Addressee => "addressee",
        }
    }
}

/// Who it is.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Person<'a> {
    /// Id of an account.
    Account(&'a str),
    /// Id of a contact.
    Contact(&'a str),
    /// Whoever writes through the inbox with this id.
    Inbox(&'a str),
    /// Nobody whom we know, such as the sender of an e-mail.
    Stranger,
}

/// A mailbox that the caller knows of; used where the person has no address of their own here. That of
/// an account is on file: nobody has to say it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Mailbox<'a> {
    pub address: &'a str,
    pub language: Language,
    /// IANA name; times are written in it.
    pub time_zone: &'a str,
}

/// Somebody who may hear of an event.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Recipient<'a> {
    pub part: Part,
    pub person: Person<'a>,
    pub mailbox: Option<Mailbox<'a>>,
}

/// An e-mail that a message answers.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Thread<'a> {
    /// Its Message-ID, with angle brackets, or the id of an earlier message of ours.
    pub in_reply_to: &'a str,
    /// The same of the conversation so far, the oldest first, separated by spaces.
    pub references: &'a str,
}

/// Something that people are told about.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Event<'a> {
    /// Names this one event, such as `sla-breached:<clock>`: nobody hears of it twice.
    pub key: &'a str,
    pub what: What<'a>,
    pub about: About<'a>,
    /// Quiet hours do not hold it back, whatever the rules say.
    pub urgent: bool,
    /// Who may hear of it; roles and channels come from the rules.
    pub audience: &'a [Recipient<'a>],
    /// Which rule or person caused it, for the record.
    pub rule: &'a str,
    pub thread: Option<Thread<'a>>,
}

impl<'a> Event<'a> {
    /// An event that is not urgent and belongs to no conversation.
    pub fn new(key: &'a str, what: What<'a>, about: About<'a>, rule: &'a str) -> Self {
        Self { key, what, about, urgent: false, audience: &[], rule, thread: None }
    }
}
