//! Support for whole-system tests: the real binary and a real mosquitto, each on free ports under
//! a temporary folder, ended by process id.

mod aftercare;
mod mosquitto;
mod publisher;
mod recordings;
mod wait;

pub use aftercare::{Aftercare, TOKEN, binary};
pub use mosquitto::Mosquitto;
pub use publisher::{Acknowledged, Publisher};
pub use recordings::{generated_run, shared_data};
pub use wait::until;
