//! A document as it is read back: its lines, each with its number and mark, and its seal. Nothing
//! here is believed yet.

use crate::chain::Chain;
use crate::document::{CLOSING, END, TO_HEAD, TO_SIGNATURE};
use crate::hex;
use crate::key::PublicKey;

/// A line as it stands in the file.
pub struct Sealed<'a> {
    pub number: u64,
    pub mark: &'a [u8],
    pub item: &'a [u8],
    /// Whether a comma follows, as it has to after every line but the last.
    pub comma: bool,
}

impl<'a> Sealed<'a> {
    /// Reads `[17,"0123456789abcdef",ITEM]`; `None` when a byte of that shape is another.
    pub fn read(line: &'a [u8]) -> Option<Self> {
        let rest = line.strip_prefix(b"[")?;
        let digits = rest.iter().take_while(|b| b.is_ascii_digit()).count();
        let (number, rest) = rest.split_at(digits);
        if number.first() == Some(&b'0') {
            return None;
        }
        let number = std::str::from_utf8(number).ok()?.parse().ok()?;
        let rest = rest.strip_prefix(b",\"")?;
        let (mark, rest) = rest.split_at_checked(16)?;
        let rest = rest.strip_prefix(b"\",")?;
        let (rest, comma) = match rest.strip_suffix(b",") {
            Some(rest) => (rest, true),
            None => (rest, false),
        };
        let item = rest.strip_suffix(b"]")?;
        Some(Self { number, mark, item, comma })
    }
}

fn holds(line: &[u8], part: &[u8]) -> bool {
    line.windows(part.len()).any(|w| w == part)
}

/// What ends a document.
pub struct Seal {
    pub key: PublicKey,
    pub head: Chain,
    pub signature: [u8; 64],
}

impl Seal {
    /// Whether a line is a seal, or was one before some byte of it changed.
    pub fn resembles(line: &[u8]) -> bool {
        line.starts_with(CLOSING) || (!line.starts_with(b"[") && holds(line, TO_SIGNATURE))
    }

    pub fn read(line: &[u8]) -> Option<Self> {
        let rest = line.strip_prefix(CLOSING)?;
        let (key, rest) = rest.split_at_checked(64)?;
        let rest = rest.strip_prefix(TO_HEAD)?;
        let (head, rest) = rest.split_at_checked(64)?;
        let rest = rest.strip_prefix(TO_SIGNATURE)?;
        let (signature, rest) = rest.split_at_checked(128)?;
        if rest != END {
            return None;
        }
        Some(Self {
            key: PublicKey::from_hex(key)?,
            head: Chain::from_hex(head)?,
            signature: hex::read(signature)?,
        })
    }

    /// Whether the key signed a chain that ends so.
    pub fn signs(&self, head: Chain) -> bool {
        self.key.signed(&head.head(), &self.signature)
    }
}
