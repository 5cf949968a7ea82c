//! Assets: the machines. A board's adoption finds a machine by its name or makes it; people register
//! machines without a board, and say what the name plate says and where a machine stands.

mod asset;
mod code;
mod components;
mod documents;
mod label;
mod registering;
#[cfg(test)]
mod tests;

pub(crate) use asset::{__path_list, __path_show, list, show};
pub use asset::{Asset, OpenTicket};
pub(crate) use code::{free as free_code, give_to_older as give_codes_to_older, read as read_code};
pub(crate) use components::{
    __path_install_component, __path_list_components, __path_remove_component, install_component,
    list_components, remove_component,
};
pub use components::{Component, NewComponent, Removal};
pub(crate) use documents::{
    __path_add_document, __path_list_documents, add_document, list_documents,
};
pub use documents::{AssetDocument, DocumentKind};
pub(crate) use label::{__path_find_by_code, __path_show_label, find_by_code, show_label};
pub(crate) use registering::{__path_change, __path_register, change, register};
pub use registering::{AssetChange, NewAsset};
pub(crate) use registering::{add, apply};
