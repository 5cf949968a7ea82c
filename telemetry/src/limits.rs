//! Every cap on what a board may send, in one place. What exceeds a cap is refused with a reason
//! that names the cap; nothing is cut short in silence.

/// Largest MQTT payload that is decoded, in bytes.
pub const MAX_PAYLOAD_BYTES: usize = 256 * 1024;

/// Most SenML records in one message.
pub const MAX_RECORDS: usize = 10_000;

/// Most different channels (name and unit) in one message.
pub const MAX_CHANNELS: usize = 512;

/// Longest board id and longest channel name, in bytes.
pub const MAX_NAME_BYTES: usize = 64;

/// Longest unit text, in bytes.
pub const MAX_UNIT_BYTES: usize = 32;

/// How far a measured time may lie ahead of the time of receipt, in microseconds (one day). Beyond
/// it the board's clock is wrong, and a chart that trusted it would look into the future.
pub const MAX_AHEAD_US: i64 = 24 * 3600 * 1_000_000;

/// Most bytes of a refused message that are kept as a sample.
pub const MAX_SAMPLE_BYTES: usize = 512;

/// Deepest nesting of a CBOR or JSON value inside a record that is skipped before giving up.
pub const MAX_DEPTH: usize = 16;
