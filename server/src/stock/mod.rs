//! Stock: how much of which part lies where, for which work it is kept, and every piece that came or
//! went.
//!
//! A **level** is what a depot has of a part; the **ledger** has a line for every change of it, with
//! the balance afterwards, and is never changed ([`ledger`]). **Reservations** keep parts for work
//! orders ([`reservations`]). Whoever changes stock takes the row of the part first ([`ledger::hold`]);
//! of two who want the last piece, one gets it and the other is told where more are.

pub(crate) mod depots;
mod ledger;
mod levels;
mod low;
mod moves;
mod moving;
mod reason;
mod reservations;
mod shortage;
#[cfg(test)]
mod tests;

pub use depots::{Depot, DepotChange, DepotKind, NewDepot};
pub use levels::NewMinimum;
pub use levels::StockLevel;
pub(crate) use levels::{__path_list, __path_set_minimum, list, set_minimum};
pub use moves::StockMove;
pub(crate) use moves::{__path_list as __path_list_moves, list as list_moves};
pub(crate) use moving::{
    __path_count, __path_receive, __path_scrap, __path_transfer, count, receive, scrap, transfer,
};
pub use moving::{NewCount, NewReceipt, NewScrap, NewTransfer};
pub use reason::Reason;
pub(crate) use reservations::{
    __path_list as __path_list_reservations, __path_reserve, __path_transition,
    list as list_reservations, missing, release_all, reserve, transition, use_for_visit,
};
pub use reservations::{
    NewReservation, PartsCost, Reservation, ReservationState, ReservationTransition, WorkOrderParts,
};
