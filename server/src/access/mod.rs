//! Who may do what, and with whose data: one table ([`table`]), one guard in front of every route.
//!
//! The guard reads who is asking, looks the route up in the table, and lets a person through whose
//! role may do it. Where a route names something of a customer, it is also the guard that finds out
//! whether this person may see it; what they may not see is not there for them (404). Lists cut
//! themselves to the caller's [`Reach`].

mod guard;
mod reach;
mod role;
mod shown;
mod subject;
mod table;
#[cfg(test)]
pub(crate) mod tests;

pub(crate) use guard::{Guard, pass};
pub(crate) use reach::Reach;
pub use role::Role;
pub(crate) use shown::{__path_show, show};
pub use shown::{AccessRow, Allowed, AllowedRole};
pub(crate) use subject::Subject;

/// Whether a role may do an operation at all, with whatever data.
pub(crate) fn may(role: Role, operation: &str) -> bool {
    table::row_of(operation).is_some_and(|row| row.cell(role) != table::Cell::Nothing)
}

/// All that a role may do.
pub(crate) fn operations(role: Role) -> Vec<&'static str> {
    let allowed = table::TABLE.iter().filter(|row| row.cell(role) != table::Cell::Nothing);
    allowed.map(|row| row.operation).collect()
}
