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

/// Longest command, with its tag, in bytes.
pub const MAX_COMMAND_BYTES: usize = 256;

/// Longest serial of a calibration, in bytes.
pub const MAX_SERIAL_BYTES: usize = 32;

/// Milliseconds between two readings that a board may be told.
pub const INTERVAL_MS: core::ops::RangeInclusive<u32> = 10..=24 * 3600 * 1000;

/// How long a burst may last, in seconds; 0 ends it. A working day and no more: a forgotten burst
/// fills the stores.
pub const BURST_SECONDS: core::ops::RangeInclusive<u32> = 0..=12 * 3600;

/// How long a board may show itself, in seconds.
pub const IDENTIFY_SECONDS: core::ops::RangeInclusive<u16> = 1..=600;

/// Longest text in a board's report, in bytes.
pub const MAX_REPORT_TEXT_BYTES: usize = 256;
