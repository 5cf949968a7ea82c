//! How people, roles and channels are reached.

mod change;
mod kind;
mod list;
mod trying;
mod wanted;

pub(super) use change::switch_off;
pub(crate) use change::{__path_add, __path_change, __path_delete, add, change, delete};
pub use kind::{AddressKind, OwnerKind};
pub(crate) use list::{__path_list, list};
pub(super) use list::{Address, found, reachable_at};
pub(crate) use trying::{__path_try_out, try_out};
pub(crate) use wanted::check_webhook_secret;
