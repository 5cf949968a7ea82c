//! The chain: the hash of an item covers it and everything before it.

use sha2::{Digest as _, Sha256};

use crate::hex;

const BEGIN: &[u8] = b"aftercare evidence 1\n";
const HEAD: &[u8] = b"aftercare evidence 1 head\n";
const PAGE: &[u8] = b"aftercare evidence 1 page\n";

/// Where a chain stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chain([u8; 32]);

impl Chain {
    pub fn begin() -> Self {
        Self(Sha256::digest(BEGIN).into())
    }

    #[must_use]
    pub fn then(self, item: &[u8]) -> Self {
        Self(Sha256::new().chain_update(self.0).chain_update(item).finalize().into())
    }

    /// The first 16 digits stand beside every item, so that the first altered one is found.
    pub fn mark(self) -> String {
        hex::write(&self.0[..8])
    }

    pub fn to_hex(self) -> String {
        hex::write(&self.0)
    }

    pub fn from_hex(text: &[u8]) -> Option<Self> {
        hex::read(text).map(Self)
    }

    /// What is signed for a document.
    pub fn head(self) -> Vec<u8> {
        [HEAD, &self.0].concat()
    }
}

/// What is signed for a page: the hash of everything before its seal.
pub fn page_message(hash: &[u8; 32]) -> Vec<u8> {
    [PAGE, hash].concat()
}

pub fn page_hash(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}
