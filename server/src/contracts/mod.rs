//! Contracts: what was agreed with a customer, for which machines and for how long.
//!
//! What is promised about a ticket begins under the contract that covers its machine then
//! ([`covering`]); a contract that is changed later leaves what was promised as it is.

mod contract;
mod covering;
mod terms;
#[cfg(test)]
mod tests;
mod writing;

pub use contract::Contract;
pub(crate) use contract::{__path_list, __path_show, list, show};
pub(crate) use covering::{Cover, Covered, covering};
pub(crate) use writing::{__path_change, __path_create, change, create};
pub use writing::{ContractChange, NewContract};
