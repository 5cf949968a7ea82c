//! The wire contract shared by boards, gateway and server.
//!
//! A board publishes SenML ([`senml`]) on a topic ([`topic`]); the gateway decodes it into a
//! [`pack::Pack`] with canonical units ([`quantity`]), spools it and hands it on to the server as a
//! [`delivery::Delivery`]. `no_std`, no I/O, no clock: times come in as arguments, always in
//! microseconds since the Unix epoch, UTC.
#![no_std]

extern crate alloc;

pub mod clock;
pub mod delivery;
pub mod limits;
pub mod name;
pub mod pack;
pub mod quantity;
pub mod senml;
pub mod topic;
