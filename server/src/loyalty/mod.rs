//! Loyalty points: a ledger for each customer. Points are earned by the policy, given and redeemed by
//! hand, and never negative.

mod earning;
mod ledger;
mod policy;
#[cfg(test)]
mod tests;

pub(crate) use earning::{Earned, earn};
pub(crate) use ledger::{__path_add, __path_list, __path_show, add, list, show};
pub use ledger::{LoyaltyBalance, LoyaltyEntry, LoyaltyPoints, NewLoyaltyEntry};
pub use policy::LoyaltyPolicy;
pub(crate) use policy::{__path_change, __path_versions, change, versions};
