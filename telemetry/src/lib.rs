//! The wire contract shared by boards, gateway and server.
//!
//! A board publishes SenML ([`senml`]) on a topic ([`topic`]); the gateway decodes it into a
//! [`pack::Pack`] with canonical units ([`quantity`]), spools it and hands it on to the server as a
//! [`delivery::Delivery`]. `no_std`, no I/O, no clock: times come in as arguments, always in
//! microseconds since the Unix epoch, UTC.
//!
//! What goes down to a board is a [`command`], what it says about itself a [`report`]. Without the
//! feature `alloc` only what a board needs is left, and nothing of it allocates.
#![no_std]

#[cfg(feature = "alloc")]
extern crate alloc;

pub mod clock;
pub mod command;
#[cfg(feature = "alloc")]
pub mod delivery;
pub mod limits;
pub mod name;
#[cfg(feature = "alloc")]
pub mod pack;
pub mod quantity;
pub mod report;
pub mod senml;
pub mod topic;
