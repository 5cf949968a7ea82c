//! Inboxes: where programs post what people ask through them, signed. A program of the customer's, or a
//! chat.
//!
//! An inbox is kept with its secret ([`keeping`], [`list`]). What is posted to it is checked and read
//! ([`posted`]) and becomes a request or a message of one ([`taking`]), once.

mod keeping;
mod kind;
mod list;
mod posted;
mod taking;
#[cfg(test)]
mod tests;

pub(crate) use keeping::{__path_create, __path_withdraw, create, withdraw};
pub use keeping::{InboxWithdrawal, NewInbox};
pub use kind::InboxKind;
pub use list::Inbox;
pub(crate) use list::{__path_list, list};
pub use posted::InboxMessage;
pub(crate) use posted::{__path_prove, __path_receive, prove, receive};
