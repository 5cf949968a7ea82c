//! One index finds customers, sites, contacts, machines, tickets, requests: words in any order, words
//! that are only begun, words with a typing error, and Chinese text ([`words`]).
//!
//! Whoever writes a text says so in the same transaction ([`changed`]); the index follows at once when
//! somebody searches, and otherwise soon ([`indexing`]). It is made of tables, so that both databases
//! and several servers have the same one.

mod asking;
mod finding;
mod indexing;
mod kind;
#[cfg(test)]
mod tests;
mod vocabulary;
mod words;

pub(crate) use asking::{__path_search, search};
pub use asking::{Found, Hit, SearchQuery};
pub use finding::How;
pub(crate) use finding::Wanted;
pub(crate) use indexing::changed;
pub use kind::SearchKind;
