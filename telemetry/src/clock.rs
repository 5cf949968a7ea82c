//! The time of receipt comes from a clock that is passed in, so that tests can hold it still.

/// Says what time it is.
pub trait Clock: Send + Sync {
    /// Microseconds since the Unix epoch, UTC.
    fn now_us(&self) -> i64;
}
