//! Every limit of the gateway, in one place.

use std::time::Duration;

/// Most bytes that the spool may hold on disk before it stops taking messages. Nothing is dropped:
/// messages stay unacknowledged, so that boards and broker keep them.
pub const SPOOL_BYTES: u64 = 8 * 1024 * 1024 * 1024;

/// Most messages and bytes in one commit of the spool.
pub const COMMIT_MESSAGES: usize = 8192;
/// See [`COMMIT_MESSAGES`].
pub const COMMIT_BYTES: usize = 4 * 1024 * 1024;

/// A commit with so many messages shows that more are on their way: the next one first gathers for
/// [`GATHERING_COMMIT`], so that messages share the cost of a sync. Fewer are written at once.
pub const BUSY_MESSAGES: usize = 8;
/// See [`BUSY_MESSAGES`].
pub const GATHERING_COMMIT: Duration = Duration::from_millis(2);

/// How long the forwarder gathers what is committed, when the last delivery was smaller than
/// [`LARGE_DELIVERY_BYTES`]: every delivery costs the server a sync of its own.
pub const GATHERING_DELIVERY: Duration = Duration::from_millis(20);
/// See [`GATHERING_DELIVERY`].
pub const LARGE_DELIVERY_BYTES: usize = 256 * 1024;

/// Messages that may wait for the next commit; beyond it the network is read no further.
pub const WAITING_MESSAGES: usize = 16_384;

/// Bytes in one delivery to the server; one spool row is always delivered whole.
pub const DELIVERY_BYTES: usize = 512 * 1024;

/// Longest that one delivery may take before it is tried again.
pub const DELIVERY_TIMEOUT: Duration = Duration::from_secs(30);

/// Back-off after a failed delivery or connection: doubled from the first to the second.
pub const BACKOFF: (Duration, Duration) = (Duration::from_millis(200), Duration::from_secs(15));

/// Longest that the embedded broker may take to close its connections.
pub const STOPPING: Duration = Duration::from_secs(2);

/// Boards that may be connected to the embedded broker at once. The broker counts connections that
/// are being made a little late, so a burst may exceed it; each also needs a file descriptor.
pub const CLIENTS: usize = 10_000;

/// MQTT packets: the largest payload and room for topic and header.
pub const PACKET_BYTES: usize = telemetry::limits::MAX_PAYLOAD_BYTES + 1024;

/// Commands that may wait for the connection to the broker; those beyond come again later.
pub const WAITING_COMMANDS: usize = 256;
