//! Notifications: what happened reaches the people who have to know.
//!
//! A slice tells an event with [`notify`] inside its own transaction; the rules ([`rules`]) say who
//! hears of it, and a message for each goes into the outbox in the same transaction. A worker
//! ([`attending`]) sends what is due. Delivery is at least once: a message carries the same id in every
//! attempt. Nobody gets two messages for one event: the database refuses the second.

mod addresses;
mod attending;
mod delivering;
mod event;
mod kind;
mod lease;
mod outbox;
mod push_key;
mod queue;
mod quiet;
mod retry;
mod rules;
mod settings;
mod state;
mod templates;

#[cfg(test)]
mod tests;

pub(crate) use addresses::{
    __path_add as __path_add_address, __path_change as __path_change_address,
    __path_delete as __path_delete_address, __path_list as __path_list_addresses,
    __path_try_out as __path_try_address, add as add_address, change as change_address,
    check_webhook_secret, delete as delete_address, list as list_addresses, try_out as try_address,
};
pub(crate) use outbox::{
    __path_list as __path_list_outbox, __path_retry as __path_retry_message,
    __path_show as __path_show_message, __path_withdraw as __path_withdraw_message,
    list as list_outbox, retry as retry_message, show as show_message,
    withdraw as withdraw_message,
};
pub(crate) use push_key::{__path_show as __path_show_push_key, show as show_push_key};
pub(crate) use rules::{
    __path_change as __path_change_rules, __path_versions as __path_list_rules,
    change as change_rules, versions as list_rules,
};
pub(crate) use settings::Notifications;
pub use settings::{Mail, NotificationSettings};

// What other slices tell events with.
// The intake of e-mail, which is to come, finds a conversation by these.
#[cfg(test)]
pub(crate) use queue::Notified;
pub(crate) use {event::Thread, outbox::told_by};
pub(crate) use {
    event::{About, Event, Mailbox, Part, Person, Recipient},
    kind::{Kind, What},
    outbox::{take_back, take_back_news},
    queue::notify,
};
