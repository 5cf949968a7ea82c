//! What travels from gateway to server: spooled entries with their sequence numbers.
//!
//! An entry is a postcard record behind its length (`u32`, little endian). Entries stand one after
//! the other, so a spool row, several of them, and the body of an HTTP delivery are the same bytes
//! and nothing is encoded twice.

use alloc::string::String;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::name::BoardId;
use crate::pack::Pack;

/// One spooled entry.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Entry {
    /// Readings of one message.
    Readings(Pack),
    /// A message, or a record in it, that was refused.
    Rejected(Rejection),
    /// A board came or went.
    Status(Status),
    /// A board said something about itself.
    Report(BoardReport),
}

/// A refused message: kept and listed, never dropped in silence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rejection {
    /// Topic it came on, cut at 256 bytes.
    pub topic: String,
    /// When it was received, microseconds since the Unix epoch, UTC.
    pub received_at_us: i64,
    /// Stable code to count by, such as `not_senml`.
    pub reason: String,
    /// A sentence for a person.
    pub cause: String,
    /// The first bytes of the payload, see [`crate::limits::MAX_SAMPLE_BYTES`].
    pub sample: Vec<u8>,
    /// Records refused with this reason in that message.
    pub count: u32,
}

/// A board's own word that it is there, or the broker's that it is gone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Status {
    /// The board.
    pub board: BoardId,
    /// When it was received, microseconds since the Unix epoch, UTC.
    pub received_at_us: i64,
    /// Whether the link is up.
    pub online: bool,
}

/// A board's report, already known to read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BoardReport {
    /// The board.
    pub board: BoardId,
    /// When it was received, microseconds since the Unix epoch, UTC.
    pub received_at_us: i64,
    /// As it came, see [`crate::report::Report::decode`].
    pub bytes: Vec<u8>,
}

/// Which entries a delivery holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// The gateway's own id, made when its spool was.
    pub gateway: String,
    /// Sequence number of the first entry.
    pub first_seq: u64,
    /// Sequence number of the last entry.
    pub last_seq: u64,
}

/// A header and its entries, still as bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// Which entries these are.
    pub header: Header,
    /// The entries, length-prefixed, as in [`append_entry`].
    pub entries: Vec<u8>,
}

/// Bytes that are no delivery. The server answers 400 and the gateway sets the rows aside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DeliveryError {
    /// The bytes end inside an entry.
    #[error("the delivery ends inside an entry")]
    Incomplete,
    /// An entry or the header does not decode.
    #[error("the delivery holds an entry that does not decode")]
    Malformed,
}

/// Appends one entry behind its length.
///
/// # Panics
/// Never for entries within [`crate::limits`], whose encoding stays far below 4 GiB.
pub fn append_entry(bytes: &mut Vec<u8>, entry: &Entry) {
    let start = bytes.len();
    bytes.extend_from_slice(&[0; 4]);
    // Serialising into a growing vector has no way to fail.
    let mut taken = core::mem::take(bytes);
    taken = postcard::to_extend(entry, taken).expect("an entry encodes");
    *bytes = taken;
    let length = u32::try_from(bytes.len() - start - 4).expect("an entry is below 4 GiB");
    bytes[start..start + 4].copy_from_slice(&length.to_le_bytes());
}

/// Reads entries back, one by one.
///
/// After an error the iterator ends.
pub fn entries(mut bytes: &[u8]) -> impl Iterator<Item = Result<Entry, DeliveryError>> + '_ {
    core::iter::from_fn(move || {
        if bytes.is_empty() {
            return None;
        }
        let entry = take_entry(bytes);
        match entry {
            Ok((entry, rest)) => {
                bytes = rest;
                Some(Ok(entry))
            }
            Err(error) => {
                bytes = &[];
                Some(Err(error))
            }
        }
    })
}

fn take_entry(bytes: &[u8]) -> Result<(Entry, &[u8]), DeliveryError> {
    let (length, rest) = bytes.split_first_chunk::<4>().ok_or(DeliveryError::Incomplete)?;
    let length = u32::from_le_bytes(*length) as usize;
    let (body, rest) = rest.split_at_checked(length).ok_or(DeliveryError::Incomplete)?;
    let entry = postcard::from_bytes(body).map_err(|_| DeliveryError::Malformed)?;
    Ok((entry, rest))
}

impl Delivery {
    /// The bytes of an HTTP delivery: header, then entries.
    ///
    /// # Panics
    /// Never: a header always encodes.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = postcard::to_allocvec(&self.header).expect("a header encodes");
        bytes.extend_from_slice(&self.entries);
        bytes
    }

    /// Reads what [`Delivery::to_bytes`] wrote.
    ///
    /// # Errors
    /// When the header does not decode; entries are checked by [`entries`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, DeliveryError> {
        let (header, rest) =
            postcard::take_from_bytes(bytes).map_err(|_| DeliveryError::Malformed)?;
        Ok(Self { header, entries: rest.to_vec() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;

    fn status(online: bool) -> Entry {
        let board = BoardId::parse("b1").unwrap();
        Entry::Status(Status { board, received_at_us: 5, online })
    }

    #[test]
    fn a_delivery_reads_back_as_it_was_written() {
        let mut bytes = Vec::new();
        append_entry(&mut bytes, &status(true));
        append_entry(&mut bytes, &status(false));
        let header = Header { gateway: "g".into(), first_seq: 7, last_seq: 8 };
        let delivery = Delivery { header, entries: bytes };
        let back = Delivery::from_bytes(&delivery.to_bytes()).unwrap();
        assert_eq!(back, delivery);
        let read: Vec<_> = entries(&back.entries).collect();
        assert_eq!(read, vec![Ok(status(true)), Ok(status(false))]);
    }

    #[test]
    fn a_torn_delivery_is_an_error_and_ends_there() {
        let mut bytes = Vec::new();
        append_entry(&mut bytes, &status(true));
        append_entry(&mut bytes, &status(false));
        bytes.pop();
        let read: Vec<_> = entries(&bytes).collect();
        assert_eq!(read, vec![Ok(status(true)), Err(DeliveryError::Incomplete)]);
    }
}
