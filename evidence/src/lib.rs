//! Evidence reports: items chained by SHA-256 and signed with Ed25519, in two kinds of file.
//!
//! A document is lines of text: each line is an item or a reading, and what is hashed are its bytes,
//! so that nobody has to agree on a canonical form first. A page is a self-contained HTML file that
//! embeds a document and is signed as a whole. [`verify`] checks both without anything else, and
//! names the first thing that is not as it was signed. The format, byte for byte: `docs/evidence.md`.

mod altered;
mod chain;
mod check;
mod document;
mod hex;
pub mod item;
mod key;
mod moment;
mod naming;
mod page;
mod sealed;

pub use altered::Altered;
pub use check::{FileKind, Verified, verify};
pub use document::{Document, Line};
pub use item::Item;
pub use key::{KeyError, PublicKey, Signer};
pub use moment::Moment;
pub use page::{Photo, page};
