//! Planning: which technician goes to a work order, and when, with reasons that a dispatcher can read
//! and overrule.
//!
//! [`scoring`] is pure: from what is known about the order, the technicians and the policy it makes
//! suggestions, the best first, and says of everybody else why not.

mod attending;
mod auto;
mod dispatch;
mod policy;
mod scoring;
mod suggesting;
#[cfg(test)]
mod tests;

pub(crate) use dispatch::{__path_dispatch, dispatch};
pub use dispatch::{Dispatched, NewDispatch};
pub(crate) use policy::{__path_change, __path_versions, change, versions};
pub use policy::{AutoDispatch, PlanningPolicy};
pub(crate) use scoring::Place;
pub(crate) use suggesting::{__path_suggest, suggest};
pub use suggesting::{Refusal, Suggested, Suggestions};
