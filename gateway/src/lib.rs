//! Takes readings in over MQTT without losing one.
//!
//! The way of a message is the list of steps in [`intake::Intake::take`]: received, decoded,
//! spooled, and only then acknowledged. [`broker`] has the two ways in, [`forward`] the way out:
//! an entry leaves the spool when the server has confirmed it. [`downlink`] is the way back, from
//! the server to a board.

pub mod broker;
pub mod downlink;
pub mod forward;
pub mod intake;
pub mod limits;
pub mod spool;
