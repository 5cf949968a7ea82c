//! Parts of a work order: wanted, reserved in a depot, picked, used, or released.

mod choosing;
mod moving;
mod reservation;
mod reserving;
mod state;
mod using;

pub use moving::ReservationTransition;
pub(super) use moving::give_back;
pub(crate) use moving::{__path_transition, release_all, transition};
pub(crate) use reservation::{__path_list, list, missing};
pub use reservation::{PartsCost, Reservation, WorkOrderParts};
pub use reserving::NewReservation;
pub(crate) use reserving::{__path_reserve, reserve};
pub use state::ReservationState;
pub(crate) use using::use_for_visit;
