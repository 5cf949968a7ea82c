//! Every limit of the telemetry store, in one place.

use crate::Range;

/// Most buckets in one chart query.
pub const BUCKETS: u32 = 10_000;

/// Times that every store can hold: InfluxDB counts nanoseconds in 64 bits, from 1677 to 2262.
pub const TIMES: Range = Range { from_us: -9_000_000_000_000_000, to_us: 9_000_000_000_000_000 };

/// Readings in one compressed chunk.
pub const CHUNK_READINGS: usize = 1024;

/// Bytes in the embedded store's journal before readings move into chunks.
pub const JOURNAL_BYTES: usize = 8 * 1024 * 1024;
