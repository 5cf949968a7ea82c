//! Requests: what people ask for, through every channel, in one queue.
//!
//! A request is received ([`receiving`]; from letters by [`mail`], from programs by [`inboxes`], [`public`]
//! without an account, and [`from_readings`] where nobody asked),
//! classified by the priority table ([`priority`]), answered ([`messages`]) or made a ticket
//! ([`ticketing`]). The person follows it by a link ([`following`]); what they write opens it again.

mod channel;
mod classifying;
mod files;
mod following;
mod from_readings;
mod inboxes;
mod intake;
mod linking;
mod list;
mod mail;
mod messages;
mod moving;
mod portal;
mod priority;
mod promises;
mod public;
#[cfg(test)]
mod readings_tests;
mod receiving;
mod request;
mod similar;
mod state;
mod telling;
#[cfg(test)]
mod tests;
mod throttle;
mod ticketing;
mod writing_down;

pub use channel::RequestChannel;
pub use classifying::Classification;
pub(crate) use classifying::{__path_classify, classify};
pub(crate) use files::{__path_read_file, __path_send_file, read_file, send_file};
pub(crate) use following::{__path_follow, follow};
pub use following::{FollowedRequest, FollowedState};
pub(crate) use from_readings::{Seen, from_readings};
pub(crate) use inboxes::{
    __path_create as __path_make_inbox, __path_list as __path_list_inboxes, __path_prove,
    __path_receive, __path_withdraw as __path_withdraw_inbox, create as make_inbox,
    list as list_inboxes, prove, receive, withdraw as withdraw_inbox,
};
pub use inboxes::{Inbox, InboxKind, InboxMessage, InboxWithdrawal, NewInbox};
pub use intake::IntakePolicy;
pub(crate) use intake::{
    __path_change as __path_change_intake, __path_versions as __path_intake_versions,
    change as change_intake, versions as intake_versions,
};
pub(crate) use linking::Links;
pub use linking::RequestChange;
pub(crate) use linking::{__path_change, change};
pub(crate) use list::{__path_list, __path_show, list, show};
pub(crate) use messages::{__path_write, write};
pub use messages::{MessageKind, NewMessage, RequestMessage};
pub use moving::RequestTransition;
pub(crate) use moving::{__path_transition, transition};
pub(crate) use priority::{
    __path_change as __path_change_table, __path_versions, change as change_table, versions,
};
pub use priority::{PriorityTable, RequestKind, RequestPriority, Scope, Urgency};
pub(crate) use promises::asked_by;
pub(crate) use public::{__path_ask, __path_write_again, ask, write_again};
pub use public::{NewPublicMessage, NewPublicRequest, Receipt};
pub use request::Request;
pub(crate) use request::announce;
pub use state::RequestState;
pub use ticketing::NewRequestTicket;
pub(crate) use ticketing::{__path_open_ticket, open_ticket};
pub use writing_down::NewRequest;
pub(crate) use writing_down::{__path_create, create};

/// What people call a request.
fn number(number: i64) -> String {
    format!("R-{number}")
}

/// Where a person follows a request, on this server.
fn link(secret: &str) -> String {
    format!("/api/v1/public/requests/{secret}")
}
