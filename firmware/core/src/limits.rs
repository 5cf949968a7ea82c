//! Every cap of a board, in one place. Memory is fixed at build time, so that a board that runs for
//! an hour runs for years. What travels has its own caps in `telemetry::limits`.

/// Most channels of a board.
pub const MAX_CHANNELS: usize = 8;

/// Longest board id and longest channel name, in bytes; shorter than `telemetry` allows, since each
/// channel keeps room for it.
pub const MAX_NAME_BYTES: usize = 32;

/// Longest unit, in bytes.
pub const MAX_UNIT_BYTES: usize = 16;

/// Longest name of a board's own input, in bytes.
pub const MAX_SOURCE_BYTES: usize = 16;

/// Longest host name or address of a broker, in bytes.
pub const MAX_HOST_BYTES: usize = 64;

/// Longest user name and password at a broker, in bytes.
pub const MAX_CREDENTIAL_BYTES: usize = 64;

/// Longest serial of a calibration, in bytes.
pub const MAX_SERIAL_BYTES: usize = telemetry::limits::MAX_SERIAL_BYTES;

/// Most raw samples that one reading is made of.
pub const MAX_OVERSAMPLING: usize = 9;

/// Longest configuration as bytes, with its envelope.
pub const MAX_CONFIG_BYTES: usize = 2048;

/// Longest message of a panic that is kept, in bytes; longer ones are cut.
pub const MAX_PANIC_BYTES: usize = 96;

/// Longest name and version of a firmware, in bytes; longer ones are cut.
pub const MAX_FIRMWARE_BYTES: usize = 48;

/// Most reports that wait for the link. When more come, the oldest change of health goes: a newer
/// one says how the sensor is now.
pub const MAX_REPORTS: usize = 16;

/// Most readings in one message.
pub const MAX_READINGS_A_MESSAGE: usize = 32;

/// Smallest buffer into which every report and at least two readings fit, in bytes.
pub const MIN_MESSAGE_BYTES: usize = 256;

/// Commands whose outcome is remembered. A server has a few under way at once and repeats them until
/// it has their answers.
pub const REMEMBERED_COMMANDS: usize = 8;

/// Readings that are written to flash at a time.
pub const BLOCK_READINGS: usize = 16;

/// Longest wait before readings that nobody acknowledged are written to flash, unless the
/// configuration says otherwise, in milliseconds. On a link that answers sooner the flash is
/// not worn at all.
pub const KEEP_WITHIN_MS: u32 = 5_000;

/// Pause after the flash refused a write, in milliseconds.
pub const FLASH_PAUSE_MS: u64 = 60_000;

/// How long a reboot waits for its answer to be acknowledged, in milliseconds.
pub const REBOOT_GRACE_MS: u64 = 5_000;

/// Boots whose clock is remembered, to date readings that were stored before the time was known.
pub const REMEMBERED_CLOCKS: usize = 4;

/// Readings in a row that must agree before health changes; one bus error is no failure.
pub const HEALTH_DEBOUNCE: u8 = 3;

/// How long readings wait for somebody to tell the time after the link came up, in milliseconds.
/// Without it they go relative to now, which is worse: sent twice they have two times.
pub const CLOCK_GRACE_MS: u64 = 2_000;

/// A command to reboot that comes this soon after a reboot by command, at a board that could not
/// keep the command's counter, is the same one heard again, in milliseconds.
pub const REBOOT_ECHO_MS: u64 = 30_000;
