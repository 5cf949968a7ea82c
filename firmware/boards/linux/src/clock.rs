//! The operating system's time, when it is right.
#![allow(unsafe_code)]

use std::time::SystemTime;

/// `TIME_ERROR` of adjtimex(2): the clock is not synchronised.
const NOT_SYNCHRONISED: libc::c_int = 5;

/// Milliseconds since 1970, when the kernel says that something keeps its clock. A Raspberry Pi has
/// no clock of its own and begins with the time of its last shutdown: until NTP has answered, the
/// server tells the time better (`telemetry::command::Command::Time`).
pub fn synchronised() -> Option<i64> {
    // SAFETY: all of its fields are numbers, for which zero is a value; zero `modes` change nothing.
    let state = unsafe { libc::adjtimex(&mut std::mem::zeroed::<libc::timex>()) };
    if state < 0 || state == NOT_SYNCHRONISED {
        return None;
    }
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).ok()?;
    i64::try_from(since.as_millis()).ok()
}

/// A number that differs between boards and runs.
pub fn seed() -> u32 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    since.subsec_nanos() ^ std::process::id().rotate_left(16)
}
