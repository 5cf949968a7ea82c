//! SenML (RFC 8428) in JSON and CBOR.
//!
//! `decode` checks and resolves a whole pack: base fields are applied, relative times become
//! absolute, units become canonical. A pack that cannot be read is refused whole; a record that
//! can be read but not used (a text value, a value that is not finite, a clock in the future) is
//! refused by itself, so that one broken sensor does not cost the readings of its neighbours.

mod board;
#[cfg(feature = "alloc")]
mod cbor;
#[cfg(feature = "alloc")]
mod decode;
#[cfg(feature = "alloc")]
mod encode;
#[cfg(feature = "alloc")]
mod json;
#[cfg(feature = "alloc")]
mod record;
#[cfg(feature = "alloc")]
mod resolve;

pub use board::{BoardReading, TimeBase, encode_board_pack};
#[cfg(feature = "alloc")]
pub use decode::{Decoded, RecordError, Refused, SenmlError, decode};
#[cfg(feature = "alloc")]
pub use encode::{Measurement, encode_cbor, encode_json};

#[cfg(all(test, feature = "alloc"))]
mod tests;
