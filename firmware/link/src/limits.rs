//! Caps and times of the link, in one place. Memory is fixed: what does not fit is not sent or not
//! received, and MQTT tells the broker so.

/// Largest payload that a board publishes, bytes.
pub const MAX_PAYLOAD_BYTES: usize = 512;

/// Longest topic, bytes: `aftercare/`, the board's id, `/commands`.
pub const MAX_TOPIC_BYTES: usize = 19 + telemetry::limits::MAX_NAME_BYTES;

/// Largest MQTT packet that is taken in, bytes: a command, its topic, and what a broker adds.
pub const RECEIVE_BYTES: usize = telemetry::limits::MAX_COMMAND_BYTES + MAX_TOPIC_BYTES + 64;

/// Memory for MQTT packets on their way out, bytes: one message with its topic, and beside it the
/// CONNECT with its will and login.
pub const SEND_BYTES: usize = MAX_PAYLOAD_BYTES + MAX_TOPIC_BYTES + CONNECT_BYTES;

/// A CONNECT: client id, user name and password of 64 bytes each, the will's topic, and 48 around
/// them.
const CONNECT_BYTES: usize = 3 * 64 + MAX_TOPIC_BYTES + 48;

/// Keep-alive that the broker is told, seconds. A ping goes out after ten quiet seconds, and five
/// without an answer end the connection: a broker that hangs is noticed although its machine still
/// acknowledges TCP. The broker sends the last will after one and a half times this.
pub const KEEP_ALIVE_SECONDS: u16 = 15;

/// Longest wait for an address, a connection or the broker's CONNACK, each, milliseconds.
pub const CONNECT_MS: u64 = 10_000;

/// Longest wait until the broker has acknowledged a message, milliseconds.
pub const ACKNOWLEDGE_MS: u64 = 10_000;

/// Pause after the first failure in a row, milliseconds.
pub const FIRST_PAUSE_MS: u32 = 500;

/// Longest pause between two attempts, milliseconds.
pub const LONGEST_PAUSE_MS: u32 = 30_000;
