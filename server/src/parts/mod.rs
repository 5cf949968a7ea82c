//! The catalogue of spare parts: what there is, which machines it fits, and what it costs. How much of
//! it lies where is [`stock`](crate::stock).

mod changing;
mod part;
#[cfg(test)]
mod tests;

pub(crate) use changing::{__path_change, __path_create, change, create};
pub use changing::{NewPart, PartChange};
pub use part::SparePart;
pub(crate) use part::{__path_list, __path_show, list, price, show};
