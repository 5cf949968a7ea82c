//! Shipments: what is sent to customers, from the order to its delivery.
//!
//! A customer confirms over any channel ([`confirming`]), shipping takes parts out of stock
//! ([`moving`]), and news of the way is added and never changed ([`tracking`]). When a promise passes
//! and nothing is there, that is noticed once ([`lateness`]), and somebody has to say what is done
//! about it and promise anew ([`promises`]). The customer follows it by a link ([`following`]).

mod changing;
mod confirming;
mod following;
mod lateness;
mod moving;
mod news;
mod ordering;
mod parcels;
mod promises;
mod shipment;
mod state;
mod telling;
#[cfg(test)]
mod tests;
mod tracking;

pub use changing::ShipmentChange;
pub(crate) use changing::{__path_change, change};
pub(crate) use confirming::{__path_confirm, confirm};
pub use confirming::{ConfirmationChannel, NewConfirmation, ShipmentConfirmation};
pub(crate) use following::{__path_follow, follow, links_of_return};
pub use following::{FollowedLine, FollowedShipment, FollowedUpdate};
pub use moving::ShipmentTransition;
pub(crate) use moving::{__path_transition, transition};
pub(crate) use ordering::{__path_create, create};
pub use ordering::{NewShipment, NewShipmentLine};
pub use parcels::ShipmentLine;
pub(crate) use promises::{__path_plan, plan};
pub use promises::{NewShipmentPlan, ShipmentPromise};
pub use shipment::Shipment;
pub(crate) use shipment::{__path_list, __path_show, list, show};
pub use state::ShipmentState;
pub(crate) use tracking::{__path_add, add};
pub use tracking::{NewShipmentUpdate, ShipmentUpdate};

/// What people call a shipment.
fn number(number: i64) -> String {
    format!("S-{number}")
}

/// Where a customer follows a shipment, on this server.
fn link(secret: &str) -> String {
    format!("/api/v1/public/shipments/{secret}")
}
