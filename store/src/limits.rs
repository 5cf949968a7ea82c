//! Every limit of the telemetry store, in one place.

use std::time::Duration;

use crate::Range;

/// Most buckets in one chart query.
pub const BUCKETS: u32 = 10_000;

/// Times that every store can hold: InfluxDB counts nanoseconds in 64 bits, from 1677 to 2262.
pub const TIMES: Range = Range { from_us: -9_000_000_000_000_000, to_us: 9_000_000_000_000_000 };

/// Readings in one compressed chunk.
pub const CHUNK_READINGS: usize = 1024;

/// Readings in the embedded store's journal, and in memory, before they move into chunks.
pub const JOURNAL_READINGS: usize = 1 << 20;

/// Connections to month files that the embedded store keeps open while nobody uses them.
pub const IDLE_CONNECTIONS: usize = 64;

/// Queries that the embedded store answers at a time; each uses one connection.
pub const QUERIES: usize = 16;

/// Series of one month whose rollups the embedded store builds in one go, while writes wait.
pub const ROLLUPS_AT_ONCE: usize = 8;

/// Windows of a rollup in one month that a chart answers from readings, because some of their
/// readings are not sealed yet, before it takes all of the month from readings.
pub const UNSEALED_WINDOWS: usize = 64;

/// Lines of one request to InfluxDB; its documentation recommends 5000.
pub const INFLUX_LINES: usize = 5000;

/// Readings of one answer of InfluxDB.
pub const INFLUX_PAGE: usize = 50_000;

/// Readings that are copied from one store to another in one go.
pub const COPIED_READINGS: usize = 50_000;

/// Longest that a request to InfluxDB may take, and to reach it.
pub const INFLUX_TIMEOUT: Duration = Duration::from_secs(30);
/// See [`INFLUX_TIMEOUT`].
pub const INFLUX_CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// Pause after InfluxDB failed: doubled from the first to the second.
pub const INFLUX_BACKOFF: (Duration, Duration) =
    (Duration::from_millis(500), Duration::from_secs(30));

/// How often rollups are made in InfluxDB. Until then readings answer.
pub const INFLUX_ROLLUP_EVERY: Duration = Duration::from_secs(30);

/// So many series may be named in one statement; beyond it all are asked for.
pub const INFLUX_NAMED_SERIES: usize = 50;
