//! Requests by e-mail.
//!
//! A letter is taken ([`taking`]): it belongs to a conversation ([`conversation`]) or begins a request.
//! A worker looks after the mailbox ([`attending`]).

mod attending;
mod conversation;
mod taking;
#[cfg(test)]
mod tests;

pub(super) use conversation::{Conversation, belongs, conversation};
