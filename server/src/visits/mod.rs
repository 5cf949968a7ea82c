//! Visits: who is beside which machine, and when.
//!
//! A visit is planned for a work order and moves it: a planned visit makes it scheduled, being on site
//! puts it in progress. A technician is never in two places at once, however many people plan.

mod booking;
mod moving;
mod reminding;
mod state;
mod telling;
#[cfg(test)]
mod tests;
mod visit;
mod work;

pub(crate) use booking::{__path_plan, __path_replan, Booking, book, plan, replan};
pub use booking::{NewVisit, VisitChange};
pub use moving::VisitTransition;
pub(crate) use moving::{__path_transition, call_off, finish, transition};
pub(crate) use reminding::remind;
pub use state::VisitState;
pub(crate) use telling::tell_assigned;
pub use visit::Visit;
pub(crate) use visit::{__path_list, __path_show, ahead, announce, find, list, show};
pub(crate) use work::{announce_work, begin_work, end_work};
