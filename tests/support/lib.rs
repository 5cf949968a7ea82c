//! Support for whole-system tests: the real binary and a real mosquitto, each on free ports under
//! a temporary folder, ended by process id.

mod aftercare;
mod board;
mod cable;
mod database;
mod dovecot;
mod exchange;
mod hook;
mod influxd;
mod linux_board;
mod mail;
mod mosquitto;
mod part;
mod postgres;
mod publisher;
mod recordings;
mod said;
mod simulated;
mod unreliable;
mod wait;
mod years;

pub use aftercare::{Aftercare, TOKEN, binary};
pub use board::{Board, configuration as board_configuration};
pub use cable::Cable;
pub use database::Database;
pub use dovecot::Dovecot;
pub use exchange::sorted_lines;
pub use hook::{Hook, Hooked};
pub use influxd::{Influxd, ORG, Table};
pub use linux_board::LinuxBoard;
pub use mail::{Letter, MailReply, MailServer};
pub use mosquitto::Mosquitto;
pub use part::{built, cpu_seconds, free_ports, peak_memory};
pub use postgres::Postgres;
pub use publisher::{Acknowledged, Publisher};
pub use recordings::{awkward_recording, generated_run, labelled_collection, shared_data};
pub use said::Said;
pub use simulated::{Simulated, at};
pub use unreliable::{Refusal, Unreliable};
pub use wait::until;
pub use years::Years;
