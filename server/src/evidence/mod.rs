//! The key that this server signs reports with, and what others check them by.

mod keys;
mod signing_key;

pub use keys::EvidenceKeys;
pub(crate) use keys::{__path_rotate, __path_show, rotate, show};
pub(crate) use signing_key::SigningKey;
