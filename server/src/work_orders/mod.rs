//! Work orders: what has to be done to a machine, and how far it is.
//!
//! A work order belongs to a ticket. People move it through its states ([`state`]); planning a visit
//! and working on it move it as well ([`advance`]). Two people who edit one work order do not
//! overwrite each other: their changes are merged by field ([`editing`]).

mod creating;
mod editing;
mod moving;
mod order;
mod state;
mod steps;
#[cfg(test)]
pub(crate) mod tests;

pub use creating::NewWorkOrder;
pub(crate) use creating::{__path_create, create, words};
pub use editing::WorkOrderEdit;
pub(crate) use editing::{__path_edit, edit};
pub use moving::WorkOrderTransition;
pub(crate) use moving::{__path_transition, Advance, advance, transition};
pub use order::WorkOrder;
pub(crate) use order::{__path_list, __path_show, announce, find, list, show};
pub use state::WorkOrderState;
pub(crate) use steps::{__path_tick, tick};
pub use steps::{StepDone, WorkOrderStep};
