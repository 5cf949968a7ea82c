//! A document: items and readings in lines, and a seal.

use serde::Serialize;

use crate::chain::Chain;
use crate::hex;
use crate::item::Item;
use crate::key::Signer;
use crate::moment::Moment;

/// The first line of every document.
pub(crate) const OPENING: &[u8] = b"{\"aftercare_evidence\":1,\"items\":[";
/// What the last line begins with.
pub(crate) const CLOSING: &[u8] = b"],\"seal\":{\"key\":\"";
pub(crate) const TO_HEAD: &[u8] = b"\",\"head\":\"";
pub(crate) const TO_SIGNATURE: &[u8] = b"\",\"signature\":\"";
pub(crate) const END: &[u8] = b"\"}}";

/// A line of a document.
#[derive(Debug, Clone, PartialEq)]
pub enum Line {
    /// An item.
    Item(Box<Item>),
    /// A reading of the [`Item::Readings`] before it.
    Reading(Moment, f64),
}

impl From<Item> for Line {
    fn from(item: Item) -> Self {
        Self::Item(Box::new(item))
    }
}

impl Line {
    fn json(&self) -> Result<Vec<u8>, serde_json::Error> {
        match self {
            Self::Item(item) => json(item),
            Self::Reading(at, value) => json(&(at, value)),
        }
    }
}

/// JSON that can stand inside HTML as it is: these characters occur inside of strings only.
fn json<T: Serialize>(value: &T) -> Result<Vec<u8>, serde_json::Error> {
    let text = serde_json::to_string(value)?;
    let mut bytes = Vec::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'<' => bytes.extend_from_slice(b"\\u003c"),
            b'>' => bytes.extend_from_slice(b"\\u003e"),
            b'&' => bytes.extend_from_slice(b"\\u0026"),
            byte => bytes.push(byte),
        }
    }
    Ok(bytes)
}

/// A signed document.
#[derive(Debug, Clone)]
pub struct Document {
    pub(crate) bytes: Vec<u8>,
}

impl Document {
    /// Writes lines down, chains and signs them.
    ///
    /// # Errors
    /// When a line cannot be written as JSON.
    pub fn write(lines: &[Line], signer: &Signer) -> Result<Self, serde_json::Error> {
        let mut bytes = OPENING.to_vec();
        let mut chain = Chain::begin();
        for (number, line) in (1..).zip(lines) {
            let item = line.json()?;
            chain = chain.then(&item);
            if number > 1 {
                bytes.push(b',');
            }
            bytes.extend(format!("\n[{number},\"{}\",", chain.mark()).bytes());
            bytes.extend(item);
            bytes.push(b']');
        }
        bytes.push(b'\n');
        let signature = signer.sign(&chain.head());
        for part in [
            CLOSING,
            signer.public().to_hex().as_bytes(),
            TO_HEAD,
            chain.to_hex().as_bytes(),
            TO_SIGNATURE,
            hex::write(&signature).as_bytes(),
            END,
            b"\n",
        ] {
            bytes.extend_from_slice(part);
        }
        Ok(Self { bytes })
    }

    /// The file: `.aftercare.json`.
    #[must_use]
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }
}
