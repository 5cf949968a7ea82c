//! Assets: the machines. A board's adoption finds a machine by its name or makes it; people register
//! machines without a board, and say what the name plate says and where a machine stands.

mod asset;
mod registering;
#[cfg(test)]
mod tests;

pub(crate) use asset::{__path_list, __path_show, list, show};
pub use asset::{Asset, OpenTicket};
pub(crate) use registering::{__path_change, __path_register, change, register};
pub use registering::{AssetChange, NewAsset};
