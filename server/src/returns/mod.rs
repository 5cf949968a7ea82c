//! Returns and exchanges: what customers send back, who has to do what about it and until when.
//!
//! The policy says why something may come back and for how long after it was bought, and how long each
//! step may take ([`policy`]). Whoever asked follows it by a link ([`following`]); what came back goes
//! into stock, and what goes out instead is a [shipment](crate::shipments).

mod changing;
mod following;
mod moving;
mod policy;
mod promises;
mod requesting;
mod rma;
mod state;
mod steps;
mod telling;
#[cfg(test)]
mod tests;

pub use changing::ReturnChange;
pub(crate) use changing::{__path_change, change};
pub(crate) use following::{__path_follow, follow};
pub use following::{FollowedReturn, FollowedReturnStep};
pub(crate) use moving::{__path_transition, transition};
pub use moving::{ReturnTransition, ToStock};
pub(crate) use policy::{
    __path_change as __path_change_policy, __path_versions, change as change_policy, versions,
};
pub use policy::{ReasonWords, ReturnPolicy, ReturnReason, StepHours};
pub use requesting::NewReturn;
pub(crate) use requesting::{__path_create, create};
pub use rma::Return;
pub(crate) use rma::{__path_list, __path_show, find, list, show};
pub use state::{ReturnKind, ReturnMethod, ReturnState};
pub use steps::ReturnStep;

/// What people call a return.
fn number(number: i64) -> String {
    format!("RMA-{number}")
}

/// Where whoever asked follows a return, on this server.
fn link(secret: &str) -> String {
    format!("/api/v1/public/returns/{secret}")
}
