//! Depots: warehouses, the vans of technicians, and shelves at the sites of customers. They are never
//! deleted: the ledger names them.

mod changing;
mod depot;

pub(crate) use changing::{__path_change, __path_create, change, create};
pub use changing::{DepotChange, NewDepot};
pub(crate) use depot::{__path_list, __path_show, list, show, within};
pub use depot::{Depot, DepotKind};
