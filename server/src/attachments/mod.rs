//! Photos, recordings and documents, from the request to the report.
//!
//! A file is kept once, by the digest of its content ([`store`]), and attached to what people talk
//! about ([`link`]). It is not copied from one to the next: a ticket shows what its requests have, a
//! work order what its ticket has, a repair session all of it ([`holder`]).

mod holder;
mod link;
mod media;
mod people;
mod reading;
mod store;
#[cfg(test)]
mod tests;

pub use holder::Holder;
pub use link::{AttachedTo, Attachment};
pub(crate) use link::{NewLink, carried, link, own};
pub(crate) use media::body;
pub(crate) use people::{
    __path_attach_to_article, __path_attach_to_request, __path_attach_to_return,
    __path_attach_to_ticket, __path_attach_to_work_order, __path_of_article,
    __path_of_repair_session, __path_of_request, __path_of_return, __path_of_ticket,
    __path_of_work_order, attach_to_article, attach_to_request, attach_to_return, attach_to_ticket,
    attach_to_work_order, of_article, of_repair_session, of_request, of_return, of_ticket,
    of_work_order,
};
pub(crate) use reading::{__path_read, answer, read};
pub(crate) use store::{Attachments, Kept, keep};
