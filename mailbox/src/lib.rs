//! Reads e-mail of strangers.
//!
//! [`Letter::read`] makes a letter out of bytes (RFC 5322, MIME), whatever they are; [`Mailbox`] is a
//! folder of a mail server (IMAP, RFC 3501). Neither decides what becomes of a letter.

mod automatic;
mod imap;
mod letter;
pub mod limits;
mod quoted;
mod text;

#[cfg(test)]
mod tests;

pub use imap::{Account, Mailbox, MailboxError};
pub use letter::{File, Letter, Sender, Unreadable};
pub use quoted::without_history;
