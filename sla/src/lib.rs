//! When is a promise due? Business hours with holidays in the time zone of a site, targets that count
//! those hours or all of them, and holds that stop the clock. No I/O, no clock, no async.
//!
//! **What is open.** A site is open at an instant when the clock on its wall then shows a time inside
//! an opening of that day. So an hour that daylight saving skips is nobody's working hour, and an hour
//! that it repeats is worked twice; nothing has to be said about either.
//!
//! **What is due.** A promise is due at the first instant by which its target was worked in full, so
//! one that is used up when the site closes is due then, and not when it opens again.
//!
//! Instants are microseconds since the Unix epoch, UTC.

mod calendar;
mod clock;
pub mod limits;
mod schedule;

pub use calendar::Calendar;
pub use clock::{Counts, Hold, OutOfReach, Target, due, worked};
pub use schedule::{Holiday, Opening, Schedule, ScheduleError, TimeOfDay, Week};
